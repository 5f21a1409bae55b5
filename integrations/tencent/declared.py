"""What Tencent Cloud SMS can do, and what its submissions are made of.

The two sites are separate services with different lists (facts, "Two sites"), so everything here takes the site.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Literal

from bot.contracts.fields import Choice, Field, FieldType, When
from bot.contracts.guide import Guide
from bot.contracts.hours import Hours
from bot.contracts.model import Kind, State, Words
from bot.contracts.vendor import Capabilities, FilingView, KindAbility, LookUp
from bot.contracts.vocabulary import (
    CONTENT,
    INTERNATIONAL,
    LETTER,
    LINK,
    NAME,
    PAPER,
    PURPOSE,
    PURPOSES,
    QUALIFICATION,
    REMARK,
    SAMPLE,
    SOURCE,
    SOURCES,
    TYPE,
    TYPES,
)

WORDS = ("tencent", "qcloud", "腾讯云", "腾讯")
"""What people call the vendor."""

Site = Literal["domestic", "international"]

IMAGE_BYTES = 5_000_000
"""≤ 5 MB a picture on the review page (facts 7.2); the API's own limit is not stated (facts 10), so decimal megabytes."""

_PAPER_SOURCE = "facts 7.2; cloud.tencent.com/document/product/382/39022"

CONSOLE = MappingProxyType(
    {
        "domestic": "https://console.cloud.tencent.com/smsv2",
        "international": "https://console.tencentcloud.com/smsv2",
    }
)
PURCHASE = "https://buy.cloud.tencent.com/sms"
"""Domestic packages; named by the vendor's explanation of InsufficientBalanceInSmsPackage. Abroad there are none to buy."""
QUALIFICATION_CONSOLE = "https://console.cloud.tencent.com/smsv2/enterprise"
"""国内短信 → 实名资质管理 (facts 2)."""

PUBLISHED_HOURS = Hours(
    monday_to_friday=(9, 21),
    saturday_sunday=(9, 18),
    holidays=False,
    source="cloud.tencent.com/document/product/382/85832 (2023-04-24)",
)

ONLY_DOMESTIC = When("international", ("", "false"))
"""Holds for a mainland signature, also while nobody has said anything about `international`."""

# SignType, facts 2.2. The domestic site takes no app, website, official account or mini program for new mainland
# signatures (announcements 2256 and 116397); it still lists the app, for numbers outside the mainland.
_SIGN_TYPES: Mapping[str, int] = MappingProxyType(
    {"company": 0, "app": 1, "website": 2, "account": 3, "trademark": 4, "government": 5, "mini_program": 6}
)
_SITE_SOURCES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "domestic": ("company", "trademark", "government", "app"),
        "international": ("company", "trademark", "government", "app", "website", "account", "mini_program"),
    }
)
_OWN_SOURCES = {
    # One word of the vocabulary, two codes here: this vendor tells the two apart.
    "account": replace(SOURCES["account"], label=Words("official account", "公众号"), aliases=("公众号",)),
    "mini_program": Choice("mini_program", Words("mini program", "小程序"), ("小程序",)),
}

MAINLAND_SOURCES = MappingProxyType(
    {"domestic": frozenset({"company", "trademark", "government"}), "international": frozenset(_SIGN_TYPES)}
)
"""What may name a mainland signature, by site (facts 2.2)."""

DOCUMENTS_OF_SOURCE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "company": ("three_in_one", "licence"),
        "app": ("three_in_one", "licence", "organisation_code", "social_credit", "app_screenshot"),
        "website": ("three_in_one", "licence", "organisation_code", "social_credit", "icp_screenshot"),
        "account": ("three_in_one", "licence", "organisation_code", "social_credit", "account_screenshot"),
        "trademark": ("trademark_certificate",),
        "government": ("social_credit", "organisation_code"),
        "mini_program": ("three_in_one", "licence", "organisation_code", "social_credit", "mini_program_screenshot"),
    }
)
"""Which papers prove which source (facts 2.2); the first is taken when nothing was said."""

_DOCUMENTS = (
    Choice("three_in_one", Words("three-in-one licence", "三证合一"), ("三证合一证件",), 0),
    Choice("licence", Words("business licence", "企业营业执照"), ("营业执照", "license"), 1),
    Choice("organisation_code", Words("organisation code certificate", "组织机构代码证"), ("组织机构代码证书",), 2),
    Choice("social_credit", Words("social credit code certificate", "社会信用代码证"), ("社会信用代码证书",), 3),
    Choice("app_screenshot", Words("screenshot of the app store's backend", "应用后台管理截图"), (), 4),
    Choice("icp_screenshot", Words("screenshot of the ICP filing", "网站备案后台截图"), ("备案截图",), 5),
    Choice("mini_program_screenshot", Words("screenshot of the mini program's settings", "小程序设置截图"), (), 6),
    Choice("trademark_certificate", Words("trademark certificate", "商标注册证书"), ("商标注册证",), 7),
    Choice("account_screenshot", Words("screenshot of the account's settings", "公众号设置截图"), (), 8),
)
_SITE_DOCUMENTS: Mapping[str, frozenset[int]] = MappingProxyType(
    {"domestic": frozenset({0, 1, 2, 3, 4, 7}), "international": frozenset(range(9))}
)

QUALIFICATION_STEPS = Words(
    "Tencent Cloud has no API for qualifications. In the console open 国内短信 (Mainland China SMS) → 实名资质管理 "
    "(real-name qualifications), create one there, and use its id as qualification= once it is approved.",
    "腾讯云没有资质接口。请在控制台进入“国内短信 → 实名资质管理”新建资质，通过后把资质 ID 填入 资质=。",
)
QUALIFICATION_GUIDE = Guide(
    key="qualification",
    kind=Kind.QUALIFICATION,
    title=Words("qualification", "资质"),
    steps=(
        Words("Sign in with an account that may manage SMS.", "用有短信管理权限的账号登录控制台。"),
        Words(
            "Open 国内短信 (Mainland China SMS) → 实名资质管理 (real-name qualifications) → new.",
            "进入“国内短信 → 实名资质管理”，新建资质。",
        ),
        Words(
            "Fill in the company, its licence and who handles it, and submit.",
            "填写企业信息、营业执照与经办人信息后提交。",
        ),
        Words("Copy the qualification's id (a number) from the list.", "从列表中复制资质 ID（数字）。"),
    ),
    console=QUALIFICATION_CONSOLE,
    told=Words("the id it got", "资质 ID"),
    note=Words(
        "Its state is told by signatures that name it; until there is one, only the console shows it.",
        "资质状态只能通过引用它的签名得知；在此之前仅控制台可见。",
    ),
    shown=True,
    source="cloud.tencent.com/document/product/382/55967; facts 2, 2.5",
)

NO_QUALIFICATION_NEEDED = Words(
    "The international site has no qualifications; signatures there are submitted without one.",
    "国际站没有资质，提交签名时无需填写。",
)


def signature_fields(site: Site, *, image_bytes: int = IMAGE_BYTES) -> tuple[Field, ...]:
    """The fields of a signature (facts 2.1).

    Args:
        site: which site the account is at.
        image_bytes: the largest picture to send.
    """
    qualification = replace(
        QUALIFICATION,
        hint=Words(
            "The number or name of an approved qualification. The vendor cannot list them; shown are those of existing "
            "signatures. All of them: console, 国内短信 → 实名资质管理.",
            "已通过的资质 ID（数字）或名称。平台没有资质列表接口，这里只列出已有签名用过的资质；全部资质见控制台“国内短信 → 实名资质管理”。",
        ),
        required=ONLY_DOMESTIC,
        shown=ONLY_DOMESTIC,
        max_length=18,
        pattern=r"[0-9]{1,18}",
        pattern_says=Words(
            "its id, digits only, or its name as in the list", "填写资质 ID（数字，如 12345），或列表中的名称"
        ),
        source="facts 2.1; cloud.tencent.com/document/product/382/55967",
    )
    document = Field(
        key="document",
        label=Words("Kind of document", "证件类型"),
        hint=Words(
            "What the paper shows. Left out: of a company the three-in-one licence, of a trademark its certificate, of a "
            "government body the social credit code certificate.",
            "证明文件是哪一种证件。不填时：企业为三证合一，商标为商标注册证书，政府机关为社会信用代码证。",
        ),
        type=FieldType.CHOICE,
        aliases=("证件类型",),
        choices=tuple(
            replace(choice, only=When("source", _proved_by(choice.word)))
            for choice in _DOCUMENTS
            if choice.code in _SITE_DOCUMENTS[site]
        ),
        why=Words(
            "Tencent Cloud checks that the document fits the source of the name.",
            "腾讯云会核对证件类型与签名来源是否匹配。",
        ),
        source="facts 2.2",
    )
    fields = (
        replace(
            NAME,
            hint=Words(
                "2 to 12 characters, up to 15 for international; Chinese, letters and digits, no brackets.",
                "2–12 个字，国际签名最多 15 个字；只用中文、字母和数字，不带【】。",
            ),
            min_length=2,
            max_length=15,
            pattern=r"[A-Za-z0-9\u3400-\u4dbf\u4e00-\u9fff]+",
            pattern_says=Words("only Chinese characters, English letters and digits", "只能是中文、英文字母和数字"),
            source="facts 7.1; cloud.tencent.com/document/product/382/39022",
        ),
        replace(INTERNATIONAL, source="facts 2.1"),
        replace(
            SOURCE,
            choices=tuple(_source(word, site) for word in _SITE_SOURCES[site]),
            source="facts 2.2; announcements 2256 and 116397",
        ),
        replace(
            PURPOSE,
            choices=(replace(PURPOSES["self"], code=0), replace(PURPOSES["other"], code=1)),
            source="facts 2.1",
        ),
        qualification,
        document,
        replace(
            PAPER,
            hint=Words("One picture of the original, in colour.", "一张原件彩色图片。"),
            required=True,
            max_bytes=image_bytes,
            source=_PAPER_SOURCE,
        ),
        replace(
            LETTER,
            hint=Words(
                "The vendor's form, sealed; the authorised party is the account's company.",
                "使用平台模板并盖章，被授权方为账号主体。",
            ),
            max_bytes=image_bytes,
            source=_PAPER_SOURCE,
        ),
        replace(
            LINK,
            source="facts 7.1",
        ),
        REMARK,
    )
    return fields if site == "domestic" else tuple(field for field in fields if field is not qualification)


def _source(word: str, site: Site) -> Choice:
    """One source of a name, with its code; what names no mainland signature is offered for international ones only."""
    choice = replace(_OWN_SOURCES.get(word) or SOURCES[word], code=_SIGN_TYPES[word])
    return choice if word in MAINLAND_SOURCES[site] else replace(choice, offered=When("international", ("true",)))


def _proved_by(document: str) -> tuple[str, ...]:
    return tuple(source for source, documents in DOCUMENTS_OF_SOURCE.items() if document in documents)


def template_fields() -> tuple[Field, ...]:
    """The fields of a template (facts 3); the same at both sites."""
    return (
        replace(NAME, hint=Words("For your own lists.", "供自己辨认。")),
        replace(INTERNATIONAL, source="facts 3"),
        replace(
            TYPE,
            choices=(
                replace(TYPES["otp"], code=3),
                replace(TYPES["notice"], code=2),
                replace(TYPES["promo"], code=1),
            ),
            source="facts 3: SmsType since 2024-05-16",
        ),
        replace(
            CONTENT,
            max_length=500,
            source="facts 7.3; cloud.tencent.com/document/product/382/39023",
        ),
        SAMPLE,
        LINK,
        REMARK,
    )


def capabilities(site: Site, *, delete_in_review: bool = True) -> Capabilities:
    """What an account at this site can do.

    Args:
        site: which site the account is at.
        delete_in_review: whether something still under review may be deleted.
    """
    # Only pending and rejected ones may be changed (facts 2.3, 3); for deleting no state is named (facts 2.4, 3).
    update_in = frozenset({State.IN_REVIEW, State.REJECTED})
    delete_in = frozenset({State.APPROVED, State.READY, State.REJECTED})
    ability = KindAbility(
        look_up=LookUp.BY_LIST,
        update_in=update_in,
        delete_in=delete_in | {State.IN_REVIEW} if delete_in_review else delete_in,
        console=CONSOLE[site],
        usually=timedelta(hours=2),  # facts 7.4
        fixed=frozenset({"international"}),  # must equal the existing value (facts 2.3, 3)
        filing=FilingView.ONE_STATE,  # templates have the same states as signatures (facts 2.6, 3)
        # How long a signature stays "approved, not effective yet" is published nowhere (facts 7.2, 10).
        filing_usually=Words("Tencent publishes no time for it.", "腾讯云未公布报备时长，以运营商为准。"),
    )
    domestic = site == "domestic"
    return Capabilities(
        title=Words("Tencent Cloud SMS", "腾讯云短信"),
        credentials=("secret_id", "secret_key"),
        kinds=MappingProxyType(
            {
                Kind.QUALIFICATION: KindAbility(
                    create=False,
                    look_up=LookUp.NOT_AT_ALL,
                    instead=QUALIFICATION_STEPS if domestic else NO_QUALIFICATION_NEEDED,
                    console=QUALIFICATION_CONSOLE if domestic else CONSOLE[site],
                ),
                Kind.SIGNATURE: ability,
                Kind.TEMPLATE: ability,
            }
        ),
        hours=PUBLISHED_HOURS,
        purchase=PURCHASE if domestic else CONSOLE[site],
        guides=(QUALIFICATION_GUIDE,) if domestic else (),
    )
