"""The reviewers: pure decisions by the published rules, in the kind of Chinese the vendors' reviewers write.

Each function returns the reason of a refusal, or `None` for an approval. What the vendors' *API* refuses (lengths,
unknown ids, duplicates, ...) never gets here. Sources: Alibaba facts 10.1, 10.2 and 4.7; Tencent facts 7.1 and 7.3
(pages 39022, 39023, 100568); UCloud facts 7.1 and 7.4 (introduction/2005/2103.md, 2107.md). No vendor publishes its
reviewers' texts; these are worded after the gist of those seen.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TEST_WORD = re.compile(r"测试|test", re.IGNORECASE)
NEUTRAL_NAMES = frozenset(
    [
        "告警通知",
        "通知",
        "会议通知",
        "系统通知",
        "短信通知",
        "客服通知",
        "验证码",
        "短信验证码",
        "尊敬的客户",
        "尊敬的用户",
        "客户服务",
        "客服中心",
        "温馨提示",
        "会员中心",
        "官方客服",
        "notification",
        "verificationcode",
        "aabb",
    ]
)
"""Alibaba 10.1 "neutral or generic names"; Tencent 7.1 (page 39022); UCloud 7.1 names 告警通知 and 尊敬的客户."""
OTP_WORDS = ("验证码", "注册码", "校验码", "动态码", "动态密码")
"""Alibaba 10.2, UCloud 7.4."""
MARKETING_WORDS = ("优惠", "促销", "折扣", "抢购", "特价", "满减", "红包", "秒杀", "大礼包", "低至")
BANNED_TOPICS = ("贷款", "催收", "彩票", "股票", "博彩", "代开发票", "移民", "返利")
"""Tencent 7.3 and UCloud 7.4, the topics both lists share, with 返利 (rebates) and 移民 of Tencent's."""
UNSUBSCRIBE = "拒收请回复R"
LINK = re.compile(r"https?://|www\.|[a-z0-9-]+\.(?:com|cn|net|top|xyz)\b", re.IGNORECASE)
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
ALIBABA_VARIABLE = re.compile(r"\$\{[^{}]*\}")
NUMBERED_VARIABLE = re.compile(r"\{\d+\}")
ALIBABA_OTP_KINDS = frozenset({"numberCaptcha", "characterWithNumber2", "characterWithNumber"})
"""Alibaba 4.2."""


@dataclass(frozen=True, slots=True)
class Symbols:
    """Characters a vendor's template rule forbids, and how its reviewer says so."""

    characters: str
    reason: str


ALIBABA_SYMBOLS = Symbols("¥￥★☆※●^", "模板内容包含特殊符号“{}”，请删除后重新提交")
TENCENT_SYMBOLS = Symbols("¥￥★^_&☞✓※", "模板内容不能含有特殊符号“{}”，请修改后重新提交")
UCLOUD_SYMBOLS = Symbols("※●★￥", "模板内容不可包含特殊符号“{}”")


def alibaba_signature(name: str) -> str | None:
    """Review a signature at Alibaba (facts 10.1)."""
    if TEST_WORD.search(name):
        return "签名不可含有“测试”、“test”字样，请使用企业全称或简称重新申请"
    if _is_neutral(name):
        return "签名为中性词，无法识别所属主体，请使用能体现企业身份的名称"
    return None


def alibaba_qualification(credit_code: str, *, licence: bool) -> str | None:
    """Review a qualification at Alibaba (facts 3.2: the licence is advised strongly)."""
    if not licence:
        return "请上传营业执照彩色原件照片"
    if not re.fullmatch(r"[0-9A-Z]{18}", credit_code):
        return "统一社会信用代码与营业执照不一致"
    return None


def alibaba_template(
    content: str, template_type: int, rule: dict[str, str], *, traffic_declared: bool, more_data: bool
) -> str | None:
    """Review a template at Alibaba (facts 10.2 and 4.7); types as in facts 4.1."""
    if reason := _structure(
        content, ALIBABA_VARIABLE, "变量不可连续，请在变量之间增加文字说明", "模板内容不能只有变量，请补充固定文案"
    ):
        return reason
    if reason := _symbols(content, ALIBABA_SYMBOLS):
        return reason
    if re.search(r"https?://\$\{", content):
        return "不支持将整个链接设置为变量，请使用固定域名加变量路径"
    if MOBILE.search(content):
        return "模板内容不支持手机号码，请改用固定电话或400电话"
    linked = LINK.search(content) is not None
    match template_type:
        case 0:
            if not any(word in content for word in OTP_WORDS):
                return "验证码模板内容需包含“验证码”字样，并注明平台、有效期或用途"
            if linked:
                return "验证码模板中不允许出现链接"
            if any(kind not in ALIBABA_OTP_KINDS for kind in rule.values()):
                return "变量属性选择错误，验证码模板的变量请选择验证码类属性"
        case 1:
            if _sells(content):
                return "通知短信模板中含有营销内容，请选择推广短信类型"
        case 2:
            if not _ends_with_unsubscribe(content):
                return "推广短信结尾需添加退订方式：拒收请回复R"
        case _:
            return None  # International texts follow other rules, which the vendor publishes elsewhere.
    if linked and not traffic_declared:
        return "模板内容含有链接，请补充引流信息（域名备案信息）后重新提交"
    if template_type == 2 and not more_data:
        return "推广短信需提供用户同意接收的证明材料"
    return _banned(content)


DIGITAL_BYTES = 1900 * 1024
"""Alibaba 5.2."""


def alibaba_digital(content: str, parts: Sequence[str], size: int) -> str | None:
    """Review a digital template at Alibaba (facts 5.2).

    Args:
        content: all of its words.
        parts: `text`, `picture`, `sound` or `film`, in order.
        size: of all of it, in bytes.
    """
    if not {"picture", "film"} & set(parts):
        return "数字短信不支持纯文本，请添加图片或视频"
    if len(parts) > 9:
        return "数字短信最多支持9帧，请减少素材"
    if size > DIGITAL_BYTES:
        return "素材总大小超过1900KB，请压缩后重新提交"
    if "[" in content or "]" in content:
        return "文本中不能包含“[”“]”，请删除后重新提交"
    variables = ALIBABA_VARIABLE.findall(content)
    if len(set(variables)) > 3 or any(not 1 <= len(one) - 3 <= 20 for one in variables):
        return "变量不能超过3个，且变量名不超过20个字符"
    if _touch(ALIBABA_VARIABLE.finditer(content)):
        return "变量不可连续，请在变量之间增加文字说明"
    if not _ends_with_unsubscribe(content):
        return "文本结尾需添加退订方式：拒收请回复R"
    return _banned(content)


def tencent_signature(name: str, sign_type: int, document_type: int, *, international: bool) -> str | None:
    """Review a signature at Tencent (facts 2.2 and 7.1)."""
    if TEST_WORD.search(name):
        return "签名包含测试字样，请提交正式签名"
    # Two characters fit any number of companies: the standard refusal "signature cannot be identified" (page 39022).
    if _is_neutral(name) or name.isdigit() or len(name) <= 2:
        return "签名无法识别主体，请提交与资质一致的名称"
    if document_type not in TENCENT_PAPERS[sign_type]:
        return "证明类型与签名类型不符，请按要求上传对应资质"
    if not international and sign_type not in TENCENT_DOMESTIC_TYPES:
        return "该签名类型已停止受理国内短信签名申请，请使用公司、商标或政府机关事业单位类型"
    return None


TENCENT_PAPERS: dict[int, frozenset[int]] = {
    0: frozenset({0, 1}),
    1: frozenset({0, 1, 2, 3, 4}),
    2: frozenset({0, 1, 2, 3, 5}),
    3: frozenset({0, 1, 2, 3, 8}),
    4: frozenset({7}),
    5: frozenset({2, 3}),
    6: frozenset({0, 1, 2, 3, 6}),
}
"""DocumentTypes that fit a SignType (Tencent facts 2.2)."""
TENCENT_DOMESTIC_TYPES = frozenset({0, 4, 5})
"""SignTypes still taken for domestic signatures (announcements 2256 and 116397)."""


def tencent_template(content: str, sms_type: int, *, international: bool) -> str | None:
    """Review a template at Tencent (facts 7.3); SmsType 1 marketing, 2 notification, 3 verification code."""
    if reason := _structure(
        content,
        NUMBERED_VARIABLE,
        "模板变量不可相邻，请在变量间添加固定内容",
        "模板内容不能仅由变量组成，请补充固定内容",
    ):
        return reason
    if reason := _symbols(content, TENCENT_SYMBOLS):
        return reason
    if re.search(r"(?:https?://|www\.)[^\s，。；]*\{|\d\{\d+\}\d", content):
        return "变量不能作为链接、号码的一部分，请将链接或号码固定"
    if MOBILE.search(content):
        return "模板内容不能包含个人手机号码"
    if sms_type == 3:
        word = "code" if international else "验证码"
        if word not in content.lower():
            return f"验证码类模板需包含“{word}”字样"
        if LINK.search(content):
            return "验证码类模板不能包含链接"
    if sms_type == 2 and _sells(content):
        return "普通短信模板不能包含营销内容，请选择营销短信类型"
    return _banned(content)


def ucloud_signature(name: str, sig_type: int, company: str) -> str | None:
    """Review a signature at UCloud (facts 7.1): only company, trademark and government names pass."""
    if sig_type not in (0, 4, 5):
        return "自2026-05-01起不再支持网站、APP、公众号、小程序类签名，请使用公司、商标或政府机关事业单位名称"
    if TEST_WORD.search(name):
        return "签名不能包含测试字样"
    if _is_neutral(name) or name.isdigit():
        return "签名内容为中性签名，无法识别公司、产品或业务"
    if sig_type == 0 and name in company and len(name) <= 3:
        return "公司简称需为全称中连续且超过3个字的部分，当前签名不具有唯一性"
    if sig_type == 0 and name not in company and _is_scattered_in(name, company):
        return "公司简称需为全称中连续的部分，不可跳字、调序"
    return None


def ucloud_qualification(company: str, credit_code: str, *, licence: bool) -> str | None:
    """Return the reason why UCloud rejects a qualification.

    No standard is published (facts 2.5); the carriers file the company with its licence (facts 7.3), so that is looked at.
    """
    if not licence:
        return "请上传营业执照"
    if not re.fullmatch(r"[0-9A-Z]{18}", credit_code):
        return "统一社会信用代码与营业执照不一致"
    return None if company else "请填写企业名称"


def ucloud_template(content: str, name: str, purpose: int) -> str | None:
    """Review a domestic template at UCloud (facts 7.4); Purpose 1 verification, 2 notification, 3 marketing."""
    # The API takes names of up to 32 characters, the review standard 2-12 (2107.md).
    if not re.fullmatch(r"[\u4e00-\u9fffA-Za-z0-9_]{2,12}", name):
        return "模板名称需为2-12个字，仅支持中文、英文、数字及下划线"
    if reason := _structure(
        content, NUMBERED_VARIABLE, "变量不可连续出现，请在变量之间添加内容", "模板内容不能只包含变量"
    ):
        return reason
    if reason := _symbols(content, UCLOUD_SYMBOLS):
        return reason
    if purpose == 1:
        if not any(word in content for word in OTP_WORDS):
            return "验证码类模板内容需包含验证码、注册码、校验码或动态码"
        if LINK.search(content):
            return "验证码类模板不可包含链接"
    if purpose != 3 and _sells(content):
        return "验证码、通知类模板不可包含营销内容"
    if MOBILE.search(content):
        return "模板内容不可包含个人手机号码"
    return _banned(content)


def _is_neutral(name: str) -> bool:
    return name.lower().replace(" ", "") in NEUTRAL_NAMES


def _sells(content: str) -> bool:
    return any(word in content for word in MARKETING_WORDS)


def _ends_with_unsubscribe(content: str) -> bool:
    return content.rstrip(" 。.！!，,]】)）").endswith(UNSUBSCRIBE)


def _banned(content: str) -> str | None:
    found = next((topic for topic in BANNED_TOPICS if topic in content), None)
    return f"运营商不支持该类业务内容（{found}）" if found else None


def _structure(content: str, variable: re.Pattern[str], adjacent: str, only: str) -> str | None:
    text = variable.sub("", content)
    if variable.search(content) and not re.search(r"\w", text):
        return only
    if _touch(variable.finditer(content)):
        return adjacent
    return None


def _touch(found: Iterable[re.Match[str]]) -> bool:
    end = -1
    for one in found:
        if one.start() == end:
            return True
        end = one.end()
    return False


def _symbols(content: str, symbols: Symbols) -> str | None:
    # An underscore or caret inside a variable's name is no symbol of the text.
    text = ALIBABA_VARIABLE.sub("", content)
    found = next((character for character in text if character in symbols.characters), None)
    found = found or next((character for character in text if 0x1F300 <= ord(character) <= 0x1FAFF), None)
    return symbols.reason.format(found) if found else None


def _is_scattered_in(name: str, company: str) -> bool:
    rest = iter(company)
    return all(character in rest for character in name)
