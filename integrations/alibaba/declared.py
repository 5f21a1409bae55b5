"""What Alibaba Cloud can do and what a submission to it is made of.

Limits and codes: facts 2.1, 2.7, 4.1, 4.2, 10.1 and 10.2. The vocabulary is common to all vendors, see `bot.contracts.fields`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from bot.contracts.fields import FILED, Choice, Field, FieldType, When
from bot.contracts.hours import Hours
from bot.contracts.model import Kind, State, Words
from bot.contracts.vendor import Capabilities, FilingView, KindAbility, LookUp
from bot.contracts.vocabulary import (
    CONTENT,
    DIGITAL_FLAG,
    INTERNATIONAL,
    LETTER,
    LINK,
    NAME,
    PAPER,
    PURPOSE,
    QUALIFICATION,
    REMARK,
    SAMPLE,
    SIGN,
    SOURCE,
    SOURCES,
    TYPE,
    TYPES,
    USAGE,
    USAGES,
    VARIABLE_KIND,
)
from integrations.alibaba import digital_fields, leading
from integrations.alibaba.go_china import GUIDES, international_site
from integrations.alibaba.proof_fields import APP_FIELDS, TRADEMARK_FIELDS
from integrations.alibaba.qualifications import FIELDS as QUALIFICATION_FIELDS

WORDS = ("alibaba", "aliyun", "阿里云", "阿里")
"""What people call the vendor."""

# SEED "Getting started" (facts 10.4): 09:00-21:00 every day, public holidays postponed.
PUBLISHED_HOURS = Hours(
    monday_to_friday=(9, 21), saturday_sunday=(9, 21), holidays=False, source="help/44335 Getting started (facts 10.4)"
)

PURCHASE = "https://dysms.console.aliyun.com/overview"
"""Where the console begins, from which packages are bought; the page of the purchase itself is confirmed nowhere."""


def capabilities(site: str = "domestic") -> Capabilities:
    """What can be asked of this vendor.

    Args:
        site: which site the account is at; the international one has no operation for anything that is reviewed.
    """
    return _domestic() if site == "domestic" else international_site(PUBLISHED_HOURS)


def _domestic() -> Capabilities:
    return Capabilities(
        title=Words("Alibaba Cloud", "阿里云"),
        credentials=("access_key_id", "access_key_secret"),
        kinds=MappingProxyType(
            {
                Kind.SIGNATURE: KindAbility(
                    look_up=LookUp.BY_NAME,  # GetSmsSign; a name is unique in the account (SignName.Exists)
                    # Rejected and approved ones, and each update is a new review; pending ones cannot (facts 2.1).
                    update_in=frozenset({State.REJECTED, State.APPROVED, State.READY}),
                    # Withdrawn, rejected or approved, not while pending (facts 2.2).
                    delete_in=frozenset({State.WITHDRAWN, State.REJECTED, State.APPROVED, State.READY}),
                    console="https://dysms.console.aliyun.com/domestic/text/sign",
                    usually=timedelta(hours=2),  # SEED; government bodies up to two business days (facts 10.4)
                    renames=False,  # the name of an existing signature changes in the console only (facts 2.1)
                    filing=FilingView.PER_CARRIER,
                    filing_usually=Words(  # SEED (facts 2.4)
                        "The three carriers file it in 7 to 10 working days, sometimes 15.",
                        "三家运营商报备一般需 7～10 个工作日，最长约 15 个工作日。",
                    ),
                ),
                Kind.TEMPLATE: KindAbility(
                    look_up=LookUp.BY_CONTENT,  # QuerySmsTemplateList has names and texts
                    update_in=frozenset({State.REJECTED}),  # only rejected ones (facts 4.1)
                    delete_in=frozenset({State.WITHDRAWN, State.REJECTED, State.READY}),  # not pending (facts 4.1)
                    fixed=frozenset({"international"}),  # the two are not interchangeable (facts 4.1)
                    console="https://dysms.console.aliyun.com/domestic/text/template",
                    usually=timedelta(hours=2),
                ),
                Kind.QUALIFICATION: KindAbility(
                    look_up=LookUp.BY_LIST,  # QuerySmsQualificationRecord; a name is unique in the account (facts 3.2)
                    update_in=frozenset(
                        {State.REJECTED, State.READY, State.WITHDRAWN}
                    ),  # not while pending (facts 3.2)
                    delete_in=frozenset({State.REJECTED, State.READY, State.WITHDRAWN}),  # nor (facts 3.3)
                    console="https://dysms.console.aliyun.com/domestic/text/qualification",
                    usually=timedelta(hours=24),  # two business days of twelve open hours (facts 10.4)
                    renames=False,
                    # What UpdateSmsQualification does not take (facts 3.2).
                    fixed=frozenset({"purpose", "company_type", "credit_code", "share", "remark"}),
                ),
            }
        ),
        digital=digital_fields.ABILITIES,
        hours=PUBLISHED_HOURS,
        purchase=PURCHASE,
        dated=("letters", "trademarks"),
        listed=("letters", "trademarks", "icp_records"),
        guides=GUIDES,
    )


# --- Signatures ------------------------------------------------------------------------------------------------------

_LETTER_TYPES = ("image/jpeg", "image/png", "image/gif")  # facts 2.7: letters, up to 5 MB
_PAPER_TYPES = (  # facts 2.7: several papers are merged into one file of these types
    "image/png",
    "image/jpeg",
    "application/pdf",
    "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
_FILE_BYTES = 5 * 1024 * 1024
# MoreData is an array without a published end; five papers are more than reviewers ask for (our limit).
_PAPERS = 5

OWN_COMPANIES = "own_companies"
"""What `Reviewing.options` calls the companies of the account's approved own-use qualifications."""

_TEXT = digital_fields.TEXT_SIGN
_OTHER = When("purpose", ("other",))
_TEXT_APP = When("source", ("app",), also=_TEXT)

# Codes: SignSource (facts 2.1). Websites, official accounts and shops are no longer taken (notice of 2025-03-28).
SIGNATURE_SOURCE = replace(
    SOURCE,
    choices=(
        replace(SOURCES["company"], code=0),
        replace(SOURCES["government"], code=0),
        replace(SOURCES["trademark"], code=5, offered=_TEXT),
        replace(
            SOURCES["app"],
            code=2,
            note=Words("an app needs its filing (ICP) and is often refused", "应用须提供备案，且常被拒绝"),
        ),
    ),
    source="CreateSmsSign.SignSource (facts 2.1)",
)

# Codes: SignType (facts 2.1).
SIGNATURE_USAGE = replace(
    USAGE,
    shown=_TEXT,
    choices=(replace(USAGES["general"], code=1), replace(USAGES["otp"], code=0)),
    source="CreateSmsSign.SignType (facts 2.1)",
)

SIGNATURE_FIELDS: tuple[Field, ...] = (
    replace(
        NAME,
        hint=Words(
            "2 to 12 Chinese characters, letters or digits (16 for digital messages), not only digits; brackets are added "
            "by the vendor.",
            "2～12 个汉字、字母或数字（数字短信最多 16 个），不能全为数字；【】由平台自动添加。",
        ),
        min_length=2,
        max_length=12,
        wider=(digital_fields.SIGN, 16),  # facts 5.1
        pattern=r"(?![0-9]+$)[A-Za-z0-9\u3400-\u4dbf\u4e00-\u9fff]+",
        pattern_says=Words(
            "only Chinese characters, English letters and digits, and not only digits",
            "仅限汉字、英文字母和数字，且不能全为数字",
        ),
        source="CreateSmsSign.SignName; help/108076 (facts 10.1)",
    ),
    SIGNATURE_SOURCE,
    replace(PURPOSE, shown=_TEXT, source="CreateSmsSign.ThirdParty (facts 2.1)"),
    SIGNATURE_USAGE,
    replace(
        QUALIFICATION,
        hint=Words(
            "The id or name of an approved qualification of the same purpose (own use or for others).",
            "已通过且用途（自用/他用）一致的资质 ID 或名称。",
        ),
        pattern=r"[0-9]{1,18}",
        pattern_says=Words("its id, digits only, or its name as in the list", "填写资质 ID（数字），或列表中的名称"),
        source="CreateSmsSign.QualificationId (facts 2.1)",
    ),
    replace(
        LETTER,
        hint=Words(
            "The sealed letter as a picture, or the id of one that the vendor has; it must name this signature.",
            "盖章委托书的图片，或平台上已有委托书的 ID；须写明该签名。",
        ),
        or_id=True,
        options="letters",
        media_types=_LETTER_TYPES,
        max_bytes=_FILE_BYTES,
        source="help/56741, CreateSmsAuthorizationLetter (facts 2.7, 3.4)",
    ),
    Field(
        key="owner_code",
        label=Words("Owner's credit code", "授权方统一社会信用代码"),
        hint=Words(
            "Of the company that owns the name, equal to the qualification's; needed with a letter as a file.",
            "授权方的统一社会信用代码，须与资质一致；以文件提交委托书时需要。",
        ),
        aliases=("授权方信用代码", "信用代码", "授权方统一社会信用代码"),
        required=When("letter", (FILED,)),
        shown=_OTHER,
        max_length=150,
        pattern=r"[0-9A-Za-z-]+",
        pattern_says=Words("letters and digits", "字母和数字"),
        why=Words("Alibaba Cloud enters the letter under this code.", "阿里云按此代码登记委托书。"),
        source="CreateSmsAuthorizationLetter.OrganizationCode (facts 3.4)",
    ),
    Field(
        key="letter_term",
        label=Words("Term of the letter", "委托书有效期"),
        hint=Words(
            "As in the letter: 2026-01-01~2027-01-01; one to three years are advised.",
            "按委托书填写：2026-01-01~2027-01-01，建议 1～3 年。",
        ),
        aliases=("委托书有效期", "授权有效期", "有效期"),
        required=When("letter", (FILED,)),
        shown=_OTHER,
        max_length=21,
        pattern=r"\d{4}-\d{2}-\d{2}~\d{4}-\d{2}-\d{2}",
        pattern_says=Words("two dates such as 2026-01-01~2027-01-01", "两个日期，如 2026-01-01~2027-01-01"),
        why=Words("Alibaba Cloud enters the letter with its term.", "阿里云登记委托书时需要有效期。"),
        source="CreateSmsAuthorizationLetter.AuthorizationLetterExpDate (facts 3.4)",
    ),
    Field(
        key="owner",
        label=Words("Owner of the name", "授权方"),
        hint=Words(
            "The company that owns the name; left out, the qualification's company is taken.",
            "签名归属的公司；不填则取资质中的公司名称。",
        ),
        aliases=("授权方", "授权单位"),
        shown=_OTHER,
        max_length=150,
        why=Words("Alibaba Cloud enters both parties of the letter.", "阿里云登记委托书时需要双方名称。"),
        source="CreateSmsAuthorizationLetter.Authorization (facts 3.4)",
    ),
    Field(
        key="applicant",
        label=Words("Authorised company", "被授权方"),
        hint=Words(
            "The company that may use the name; that of the account's own-use qualification, where it has one.",
            "获得授权的公司；账号有自用资质时即其公司名称。",
        ),
        type=FieldType.REFERENCE,
        options=OWN_COMPANIES,
        aliases=("被授权方", "被授权单位"),
        required=When("letter", (FILED,)),
        shown=_OTHER,
        max_length=150,
        why=Words("Alibaba Cloud enters both parties of the letter.", "阿里云登记委托书时需要双方名称。"),
        source="CreateSmsAuthorizationLetter.ProxyAuthorization (facts 3.4)",
    ),
    *TRADEMARK_FIELDS,
    *APP_FIELDS,
    replace(
        PAPER,
        hint=Words(
            "Further proof, where the qualification alone does not show the right to the name.",
            "补充证明；当资质不足以证明签名归属时提供。",
        ),
        media_types=_PAPER_TYPES,
        max_bytes=_FILE_BYTES,
        max_files=_PAPERS,
        shown=_TEXT,
        source="CreateSmsSign.MoreData, help/2833114 (facts 2.7)",
    ),
    replace(
        LINK,
        required=_TEXT_APP,
        shown=_TEXT,
        source="CreateSmsSign.ApplySceneContent, needed for apps (facts 2.1)",
    ),
    replace(
        REMARK,
        hint=Words(
            "What is live and where, with one full sample message; government bodies add a landline number.",
            "写明业务、上线地址，并附一条完整短信示例；政府单位请附座机号码。",
        ),
        max_length=200,
        shown=_TEXT,
        source="CreateSmsSign.Remark (facts 2.1)",
    ),
    DIGITAL_FLAG,
    *digital_fields.SIGN_FIELDS,
    replace(
        INTERNATIONAL,
        default="",
        shown=When("international", ("false",)),  # nothing to ask about: it is here for those who say it
        pattern="false",
        pattern_says=Words(
            "Alibaba Cloud has no signatures of their own for numbers abroad; the same one goes with its international "
            "templates",
            "阿里云没有单独的国际签名，国际/港澳台模板使用同一签名",
        ),
        source="CreateSmsSign has no such parameter (facts 2.1)",
    ),
)

# --- Templates -------------------------------------------------------------------------------------------------------

_DOMESTIC = When("international", ("false", ""))
_WORDS_ALONE = When("type", ("otp", "notice", "promo", ""))

# Codes: TemplateType (facts 4.1, trap 3: create and get count so, the lists do not).
TEMPLATE_TYPE = replace(
    TYPE,
    choices=(
        replace(TYPES["otp"], code=0),
        replace(TYPES["notice"], code=1),
        replace(TYPES["promo"], code=2),
        replace(digital_fields.TYPE, offered=_DOMESTIC),
    ),
    hint=Words(
        "A verification code text has one placeholder and no link; marketing needs an enterprise account.",
        "验证码模板只有一个变量且不含链接；营销模板仅限企业账号。",
    ),
    source="CreateSmsTemplate.TemplateType (facts 4.1)",
)

# facts 4.2: the first seven are the vendor's documentation, the others a public integration guide; `unconfirmed.kind_names`
# of the account adds what is missing (facts 14, no. 11).
VARIABLE_KINDS = (
    Choice("numberCaptcha", Words("code of digits", "数字验证码")),
    Choice("characterWithNumber2", Words("code of letters and digits", "数字字母验证码"), ("characterWithNumber",)),
    Choice("phone_number2", Words("phone number", "电话号码")),
    Choice("time", Words("date or time", "日期时间"), ("时间", "日期")),
    Choice("money", Words("amount of money", "金额")),
    Choice("name", Words("name of a person", "个人姓名"), ("姓名",)),
    Choice("other_number2", Words("number, as of an order", "单号等号码"), ("号码", "单号")),
    Choice("verifyTime", Words("minutes of validity", "有效时间（分钟）"), ("有效时间",)),
    Choice("user_nick", Words("user's nickname", "用户昵称"), ("昵称",)),
    Choice("unit_name", Words("company or institution", "单位名称")),
    Choice("address", Words("address", "地址")),
    Choice("license_plate_number", Words("number plate", "车牌号")),
    Choice("tracking_number", Words("tracking number", "快递单号")),
    Choice("pick_up_code", Words("pick-up code", "取件码")),
    Choice("link_param", Words("tail of a link", "链接参数")),
    Choice("email_address", Words("e-mail address", "邮箱地址"), ("邮箱",)),
    Choice("others", Words("anything else", "其他")),
)

TEMPLATE_FIELDS: tuple[Field, ...] = (
    replace(
        NAME,
        hint=Words("For your own lists.", "供自己辨认。"),
        max_length=30,
        source="CreateSmsTemplate.TemplateName (facts 4.1)",
    ),
    TEMPLATE_TYPE,
    replace(
        CONTENT,
        max_length=500,
        source="CreateSmsTemplate.TemplateContent, help/463161 (facts 4.1, 10.2)",
    ),
    replace(
        SIGN,
        required=_DOMESTIC,
        shown=_DOMESTIC,
        hint=Words(
            "An approved signature; it speeds up the review and binds nothing.",
            "已通过的签名；用于加快审核，不限制发送时使用的签名。",
        ),
        why=Words("Alibaba Cloud asks which signature the text goes with.", "阿里云要求填写模板关联的签名。"),
        source="CreateSmsTemplate.RelatedSignName (facts 4.1)",
    ),
    SAMPLE,
    replace(
        VARIABLE_KIND,
        choices=VARIABLE_KINDS,
        shown=_WORDS_ALONE,
        source="help/2806243 TemplateRule (facts 4.2)",
    ),
    replace(
        PAPER,
        hint=Words(
            "For marketing: proof that the recipients agreed to get such messages.",
            "营销模板须提供用户同意接收的证明。",
        ),
        required=When("type", ("promo",)),
        shown=_WORDS_ALONE,
        media_types=_PAPER_TYPES,
        max_bytes=_FILE_BYTES,
        max_files=_PAPERS,
        source="CreateSmsTemplate.MoreData, help/312341 (facts 4.1)",
    ),
    digital_fields.FILES,
    replace(LINK, source="CreateSmsTemplate.ApplySceneContent (facts 4.1)"),
    *leading.FIELDS,
    replace(
        REMARK,
        max_length=200,
        required=digital_fields.ASKED,
        source="CreateSmsTemplate.Remark, 500 with our sample text (facts 4.1); needed of digital ones (facts 5.1)",
    ),
    replace(
        INTERNATIONAL,
        hint=Words(
            "A template for mainland numbers cannot be used abroad, nor the other way round; enterprise accounts only.",
            "国内与国际/港澳台模板不通用；仅限企业账号。",
        ),
        source="CreateSmsTemplate.TemplateType 3 (facts 4.1)",
    ),
)

# Codes: IntlType of an international template (facts 4.1).
INTERNATIONAL_TYPES: Mapping[str, int] = MappingProxyType({"notice": 0, "promo": 1, "otp": 2})


def declared(kind: Kind, kinds: Iterable[str] = ()) -> tuple[Field, ...]:
    """The fields of a kind, `NAME` first; none for what cannot be submitted.

    Args:
        kind: of submission.
        kinds: kinds of placeholders that are not among those known here.
    """
    match kind:
        case Kind.SIGNATURE:
            return SIGNATURE_FIELDS
        case Kind.TEMPLATE:
            return tuple(
                _with_kinds(field, kinds) if field.key == VARIABLE_KIND.key else field for field in TEMPLATE_FIELDS
            )
        case Kind.QUALIFICATION:
            return QUALIFICATION_FIELDS


def _with_kinds(field: Field, kinds: Iterable[str]) -> Field:
    known = {choice.word for choice in field.choices}
    further = tuple(Choice(word, Words.same(word)) for word in dict.fromkeys(kinds) if word not in known)
    return replace(field, choices=(*field.choices, *further)) if further else field
