"""Reasons that no check of a text can foresee: what they mean, what usually passes, and why they are no rules. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.contracts.model import Words


@dataclass(frozen=True, slots=True)
class Unseen:
    """A reason that cannot be seen from the text beforehand.

    Args:
        title: what is minded, in a few words.
        says: what it means and what usually passes.
        why: why no check of the text can find it.
    """

    title: Words
    says: Words
    why: Words


_PAPERS = Words("It stands in the papers, which are not read here.", "须看证明文件内容，机器人不读取文件内容。")
_OUTSIDE = Words(
    "It depends on a page or a register that the check does not open.", "取决于外部网页或登记信息，检查时不访问。"
)
_REVIEWER = Words("The reviewer gives no detail.", "审核方未给出细节。")
_SENDING = Words("It shows when values are filled in, on sending.", "发送时填入变量值才能看出。")


def _unseen(title_en: str, title_zh: str, says_en: str, says_zh: str, why: Words) -> Unseen:
    return Unseen(Words(title_en, title_zh), Words(says_en, says_zh), why)


UNSEEN: Mapping[str, Unseen] = MappingProxyType(
    {
        "wrong-type": _unseen(
            "type of the template",
            "模板类型不符",
            "The text does not fit the chosen type: submit it as verification, notification or marketing, as it is worded.",
            "内容与所选类型不符，请按内容改选验证码、通知或营销类型后重新提交。",
            Words(
                "What the text is about is judged by a person; its plain signs are checked.",
                "由人工判断内容归类；明显的情形已在检查中提示。",
            ),
        ),
        "paper-wrong": _unseen(
            "proof of the name",
            "证明文件不符",
            "The paper does not prove the name: send the one that shows it, with the same company.",
            "证明文件不能证明签名归属，请上传主体一致、能体现名称的文件。",
            _PAPERS,
        ),
        "paper-unclear": _unseen(
            "readable papers",
            "证明文件不清晰",
            "Scan it again: in colour, whole, readable.",
            "请重新上传完整、清晰的彩色扫描件。",
            _PAPERS,
        ),
        "paper-format": _unseen(
            "form of the papers",
            "证明文件格式不符",
            "Send the original in colour, with its seal, in force, as jpg or png.",
            "请上传在有效期内、加盖公章的彩色原件（jpg 或 png）。",
            _PAPERS,
        ),
        "paper-unrelated": _unseen(
            "relation to the name",
            "证明文件无关联",
            "Show how the applicant and the name belong together, e.g. a screenshot of the back end; explain it in the note.",
            "请提供能体现申请方与签名关系的材料（如后台截图），并在说明中写明。",
            _PAPERS,
        ),
        "company-paper-missing": _unseen(
            "business licence", "缺少营业执照", "Attach the company's licence.", "请上传企业营业执照。", _PAPERS
        ),
        "licence-of-wrong-party": _unseen(
            "whose licence",
            "营业执照主体有误",
            "For others' names send the licence of the owner, not the applicant's.",
            "他用签名须上传签名归属方（授权方）的营业执照。",
            _PAPERS,
        ),
        "letter-wrong": _unseen(
            "authorisation letter",
            "委托书填写有误",
            "Fill in the vendor's form again: both parties, this signature, a term that is in force.",
            "请使用平台模板重新填写：双方名称、签名内容与有效期须一致有效。",
            _PAPERS,
        ),
        "letter-not-signed": _unseen(
            "signature on the letter",
            "委托书未签字",
            "The owner's legal representative signs the letter.",
            "请由授权方法定代表人签字。",
            _PAPERS,
        ),
        "letter-wrong-seal": _unseen(
            "seal on the letter",
            "委托书盖章有误",
            "The owner's official seal stands at the lower right.",
            "请在右下角加盖授权方公章。",
            _PAPERS,
        ),
        "trademark-not-found": _unseen(
            "trademark in the register",
            "未查询到商标",
            "Give the registration number and the full name as the trademark office has it.",
            "请填写商标注册号及与商标局一致的完整名称。",
            _OUTSIDE,
        ),
        "shop-not-found": _unseen(
            "shop",
            "未查询到店铺",
            "Give the address of the shop, open to everybody.",
            "请提供可公开访问的店铺地址。",
            _OUTSIDE,
        ),
        "account-not-found": _unseen(
            "official account",
            "未查询到公众号或小程序",
            "Give the account's full name as it is verified.",
            "请填写已认证账号的完整名称。",
            _OUTSIDE,
        ),
        "app-not-listed": _unseen(
            "app in the store",
            "应用未上架",
            "Submit it when the app is in a store, or take the company's name.",
            "请在应用上架后再提交，或改用企业名称。",
            _OUTSIDE,
        ),
        "app-link-missing": _unseen(
            "store link",
            "缺少应用商店链接",
            "Add the link to the app store, which shows the developer.",
            "请补充能看到开发者信息的应用商店链接。",
            _OUTSIDE,
        ),
        "product-not-online": _unseen(
            "product that can be seen",
            "产品尚未上线",
            "Finish and publish the product first, or take the company's name.",
            "请在产品上线、内容完善后再提交，或改用企业名称。",
            _OUTSIDE,
        ),
        "link-dead": _unseen(
            "link that opens",
            "链接无法访问",
            "Give a link that opens from outside without logging in.",
            "请提供无需登录即可在外网访问的链接。",
            _OUTSIDE,
        ),
        "link-unrelated": _unseen(
            "link that shows the owner",
            "链接与签名无关联",
            "Give a page that names the company or the product, or submit the company's name.",
            "请提供能体现企业或产品名称的页面，或改用企业名称。",
            _OUTSIDE,
        ),
        "link-no-icp": _unseen(
            "filing of the site",
            "链接未备案",
            "File the site (ICP) first, under the same company; no IP addresses.",
            "请先完成同主体的 ICP 备案，且不使用 IP 地址。",
            _OUTSIDE,
        ),
        "link-invalid": _unseen(
            "link in the text",
            "短信内链接无效",
            "The link must open and fit the text; write it out as fixed text.",
            "链接须可访问且与内容一致，并写成固定文字。",
            _OUTSIDE,
        ),
        "link-redirects": _unseen(
            "link without redirects",
            "链接多次跳转",
            "Use the final address.",
            "请使用最终地址，不要多次跳转。",
            _OUTSIDE,
        ),
        "remark-too-short": _unseen(
            "note to the reviewer",
            "申请说明过于简略",
            "Say where and when it is used, and give one full message.",
            "请写明使用场景，并附一条完整短信示例。",
            Words("How much is enough is the reviewer's judgement.", "写到何种程度由审核人员判断。"),
        ),
        "third-party-rights": _unseen(
            "others' rights",
            "涉及他人权益",
            "Names and marks of others need the owner's letter.",
            "使用他人名称或商标须取得授权书。",
            _OUTSIDE,
        ),
        "carrier-does-not-carry": _unseen(
            "carriers",
            "运营商不支持",
            "The carriers do not carry this kind of business; ask the vendor's support which words are meant.",
            "运营商不承接此类业务，可咨询平台客服了解具体原因。",
            _REVIEWER,
        ),
        "text-out-of-date": _unseen(
            "date of the text",
            "内容已过期",
            "The occasion is over; submit before the next one.",
            "节日或活动已结束，请在下次活动前提交。",
            Words("Dates of occasions are not known to the check.", "检查时不掌握活动日期。"),
        ),
        "superlatives": _unseen(
            "superlatives",
            "绝对化用语",
            "Advertising law forbids superlatives such as 第一, 国家级, 最佳; leave them out.",
            "广告法禁止“第一”“国家级”“最佳”等用语，请删除。",
            Words(
                "Most uses are harmless; only advertising of one's own rank is meant.",
                "多数情况下并非自我宣传，无法可靠判断。",
            ),
        ),
        "variable-value-too-long": _unseen(
            "length of a value",
            "变量值过长",
            "Shorten the value, or ask the support for longer ones.",
            "请缩短变量值，或联系平台放宽长度。",
            _SENDING,
        ),
    }
)
"""Slug → what it means; each also says why it is no rule."""
