"""The fields that submissions have in common (spec 3), in the order to ask for them; vendors take and narrow them."""

from collections.abc import Iterable
from dataclasses import replace

from bot.contracts import parts
from bot.contracts.fields import Choice, Field, FieldType, When, field_for, is_true
from bot.contracts.model import Kind, Words
from bot.contracts.variants import DIGITAL

# The vocabulary of spec 3. A vendor replaces choices (with its codes), limits and `required`.

NAME = Field(
    key="name",
    label=Words("Name", "名称"),
    hint=Words("What it is called.", "叫什么。"),
    aliases=("名称", "签名名称", "模板名称"),
    required=True,
    max_length=100,
)

SOURCES = {
    "company": Choice("company", Words("company name", "企业名称"), ("企业", "公司", "企业名称", "企事业单位")),
    "app": Choice("app", Words("app", "应用"), ("应用", "app名称")),
    "website": Choice("website", Words("website", "网站"), ("网站",)),
    "account": Choice(
        "account", Words("official account or mini program", "公众号或小程序"), ("公众号", "小程序", "公众号或小程序")
    ),
    "trademark": Choice("trademark", Words("trademark", "商标"), ("商标", "商标名称")),
    "government": Choice(
        "government", Words("government or institution", "政府机关或事业单位"), ("政府", "事业单位", "政府机关")
    ),
}

SOURCE = Field(
    key="source",
    label=Words("Source of the name", "签名来源"),
    hint=Words("The company's name, full or short, passes most easily.", "企业全称或简称最容易通过。"),
    type=FieldType.CHOICE,
    aliases=("来源", "签名来源"),
    required=True,
    choices=tuple(SOURCES.values()),
)

PURPOSES = {
    "self": Choice("self", Words("own use", "自用"), ("自用", "own")),
    "other": Choice("other", Words("for another company", "他用"), ("他用", "others", "third_party")),
}

PURPOSE = Field(
    key="purpose",
    label=Words("Own use or for others", "用途"),
    hint=Words("For another company an authorisation letter is needed.", "他用需要授权委托书。"),
    type=FieldType.CHOICE,
    aliases=("用途",),
    required=True,
    choices=tuple(PURPOSES.values()),
    default="self",
)

USAGES = {
    "general": Choice("general", Words("general", "通用"), ("通用",)),
    "otp": Choice("otp", Words("verification codes only", "仅验证码"), ("验证码", "仅验证码")),
}

USAGE = Field(
    key="usage",
    label=Words("Used for", "适用范围"),
    hint=Words("`general` fits every kind of text.", "通用签名可用于各类短信。"),
    type=FieldType.CHOICE,
    aliases=("范围", "适用", "适用范围"),
    choices=tuple(USAGES.values()),
    default="general",
)

QUALIFICATION = Field(
    key="qualification",
    label=Words("Qualification", "资质"),
    hint=Words("The id of an approved qualification.", "已通过的资质 ID。"),
    type=FieldType.REFERENCE,
    aliases=("资质", "资质id"),
    required=True,
    max_length=40,
    options="qualifications",
)

COMPANY = Field(
    key="company",
    label=Words("Company", "企业名称"),
    hint=Words("The full name on the business licence.", "与营业执照一致的企业全称。"),
    aliases=("企业全称", "公司全称", "单位名称"),
    required=True,
    max_length=100,
)

CREDIT_CODE = Field(
    key="credit_code",
    label=Words("Unified social credit code", "统一社会信用代码"),
    hint=Words("The 18 letters and digits on the business licence.", "营业执照上的 18 位代码。"),
    aliases=("统一社会信用代码", "信用代码"),
    required=True,
    max_length=18,
    pattern=r"[0-9A-Za-z]{15,18}",
    pattern_says=Words("15 to 18 letters and digits", "15～18 位字母和数字"),
)

WORKPLACE = Field(
    key="workplace",
    label=Words("Photo of the workplace", "办公场所照片"),
    hint=Words("The company's sign or office.", "企业门头或办公环境。"),
    type=FieldType.FILE,
    aliases=("办公场所照片", "场所照片"),
    media_types=("image/jpeg", "image/png"),
    max_bytes=4 * 1024 * 1024,
)

PAPER = Field(
    key="paper",
    label=Words("Papers", "证明文件"),
    hint=Words("The business licence or the certificate that proves the name.", "营业执照或可证明名称的证书。"),
    type=FieldType.FILE,
    aliases=("证明", "证件", "文件", "证明文件", "附件"),
    media_types=("image/jpeg", "image/png"),
    max_bytes=4 * 1024 * 1024,
)

LETTER = Field(
    key="letter",
    label=Words("Authorisation letter", "授权委托书"),
    hint=Words("Sealed, in force, naming this signature.", "须盖章、在有效期内，并写明该签名。"),
    type=FieldType.FILE,
    aliases=("授权书", "委托书", "授权委托书"),
    required=When("purpose", ("other",)),
    shown=When("purpose", ("other",)),
    media_types=("image/jpeg", "image/png"),
    max_bytes=4 * 1024 * 1024,
)

LINK = Field(
    key="link",
    label=Words("Link", "链接"),
    hint=Words("The page, shop or site where the name or text is used.", "使用该名称或内容的页面或商店链接。"),
    type=FieldType.LINK,
    aliases=("链接", "网址"),
    max_length=500,
)

REMARK = Field(
    key="remark",
    label=Words("Note to the reviewer", "说明"),
    hint=Words("What it is for and where it is live; a web address helps.", "用途与上线情况，附网址更容易通过。"),
    type=FieldType.LONG_TEXT,
    aliases=("说明", "备注", "申请说明"),
    max_length=200,
)

INTERNATIONAL = Field(
    key="international",
    label=Words("For numbers outside the mainland", "国际短信"),
    hint=Words("International, Hong Kong, Macao and Taiwan messages.", "用于国际/港澳台短信。"),
    type=FieldType.FLAG,
    aliases=("国际", "国际短信"),
    default="false",
)

TYPES = {
    "otp": Choice("otp", Words("verification code", "验证码"), ("验证码", "verification")),
    "notice": Choice("notice", Words("notification", "通知"), ("通知", "通知短信", "notification")),
    "promo": Choice("promo", Words("marketing", "营销"), ("营销", "推广", "推广短信", "marketing", "promotion")),
}

DIGITAL_TYPE = Choice(
    DIGITAL,
    Words("digital, with pictures or film", "数字短信"),
    ("数字", "数字短信", "富媒体", "富媒体短信", "rich", "rich media"),
)
"""A template for digital messages, where a vendor has them."""

TYPE = Field(
    key="type",
    label=Words("Kind of text", "模板类型"),
    hint=Words("Verification code, notification or marketing.", "验证码、通知或营销。"),
    type=FieldType.CHOICE,
    aliases=("类型", "模板类型"),
    required=True,
    choices=tuple(TYPES.values()),
)

CONTENT = Field(
    key="content",
    label=Words("Text", "内容"),
    hint=Words(
        "Placeholders are written ${code}; the signature is added by the vendor.",
        "变量写作 ${code}；签名由平台自动添加。",
    ),
    type=FieldType.LONG_TEXT,
    aliases=("内容", "模板内容", "正文"),
    required=True,
    max_length=500,
)

SIGN = Field(
    key="sign",
    label=Words("Signature", "签名"),
    hint=Words("An approved signature it will be sent with.", "与之配合发送的已通过签名。"),
    type=FieldType.REFERENCE,
    aliases=("签名", "关联签名"),
    max_length=20,
    options="signatures",
)

SAMPLE = Field(
    key="sample",
    label=Words("Sample value", "变量示例"),
    hint=Words(
        "A sample for each placeholder tells the reviewer what it holds.", "为每个变量提供示例，便于审核人员理解。"
    ),
    type=FieldType.FAMILY,
    aliases=("示例", "样例"),
    max_length=100,
)

VARIABLE_KIND = Field(
    key="kind",
    label=Words("Kind of placeholder", "变量属性"),
    hint=Words("Guessed from the name when left out.", "不填时按变量名推断。"),
    type=FieldType.FAMILY,
    aliases=("变量属性", "属性"),
    max_length=40,
)

DIGITAL_FLAG = Field(
    key=DIGITAL,
    label=Words("For digital messages", "数字短信"),
    hint=Words("Messages with pictures, sound or film.", "用于含图片、音频或视频的短信。"),
    type=FieldType.FLAG,
    aliases=("数字短信", "数字"),
)

MEDIA = Field(
    key=parts.MEDIA,
    label=Words("Pictures, film, sound", "图片、视频、音频"),
    hint=Words(
        "In the order to show them, before the text; a line `(1)` in the text is the place of the first.",
        "按显示顺序提供，默认在文字之前；正文中单独一行“(1)”表示第一个文件的位置。",
    ),
    type=FieldType.FILE,
    aliases=("素材", "图片", "视频", "音频", "媒体", "picture", "pictures", "film", "video", "sound", "audio"),
    required=When("type", (DIGITAL,)),
    shown=When("type", (DIGITAL,)),
)


def says_digital(kind: Kind, typed: Iterable[tuple[str, str]]) -> bool:
    """Whether what was typed asks for the digital variant of a kind, whatever the language."""
    if kind is Kind.SIGNATURE:
        return any(field_for(key, (DIGITAL_FLAG,)) is not None and is_true(value) for key, value in typed)
    if kind is not Kind.TEMPLATE:
        return False
    asked = replace(TYPE, choices=(DIGITAL_TYPE,))
    return any(field_for(key, (asked,)) is not None and asked.choice(value) is not None for key, value in typed)


VOCABULARY = {
    field.key: field
    for field in (
        NAME,
        SOURCE,
        PURPOSE,
        USAGE,
        QUALIFICATION,
        COMPANY,
        CREDIT_CODE,
        WORKPLACE,
        PAPER,
        LETTER,
        LINK,
        REMARK,
        INTERNATIONAL,
        TYPE,
        CONTENT,
        SIGN,
        SAMPLE,
        VARIABLE_KIND,
        MEDIA,
        DIGITAL_FLAG,
    )
}
"""The common fields by key, for what is said of them apart from a vendor."""
