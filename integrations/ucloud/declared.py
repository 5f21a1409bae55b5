"""What UCloud can do and what a submission to it is made of.

Limits and codes: facts 2.1, 3.1, 7.1, 7.2 and 7.4. The vocabulary is common to all vendors, see `bot.contracts.fields`.
"""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from bot.contracts.fields import Field, When
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

WORDS = ("ucloud", "优刻得")
"""What people call the vendor."""

CONSOLE = "https://console.ucloud.cn/usms"

# docs.ucloud.cn/usms/introduction/2005/2107 (facts 7.5): workdays 09:00-18:00, public holidays postponed.
PUBLISHED_HOURS = Hours(
    monday_to_friday=(9, 18),
    saturday_sunday=None,
    holidays=False,
    source="docs.ucloud.cn/usms/introduction/2005/2107 (facts 7.5)",
)
# The same page: usually decided within one working day, which has nine open hours.
_USUALLY = timedelta(hours=9)
_FIXED = frozenset({"international"})
"""No update takes it (facts 2.2, 3.2)."""


def capabilities(*, edit_under_review: bool = False) -> Capabilities:
    """What can be asked of this vendor.

    Args:
        edit_under_review: whether a signature may be edited before it is decided (facts 2.2, UNSURE).
    """
    # Not while under review, and final (facts 2.4, 3.4).
    deletable = frozenset({State.READY, State.REJECTED, State.DISABLED})
    editable = frozenset({State.REJECTED})  # "failed review" (facts 2.2, 3.2); an approved one by no source
    return Capabilities(
        title=Words("UCloud", "UCloud 优刻得"),
        credentials=("public_key", "private_key"),
        kinds=MappingProxyType(
            {
                Kind.SIGNATURE: KindAbility(
                    look_up=LookUp.BY_CONTENT,  # QueryUSMSSignature with SigContent (facts 2.3)
                    update_in=editable | {State.IN_REVIEW} if edit_under_review else editable,
                    fixed=_FIXED,
                    filing=FilingView.HIDDEN,  # UCloud itself cannot see the result (notice of 2025-11-28, facts 7.4)
                    delete_in=deletable,
                    console=CONSOLE,
                    usually=_USUALLY,
                ),
                Kind.TEMPLATE: KindAbility(
                    look_up=LookUp.NOT_AT_ALL,  # no list, and a query needs the id (facts 3)
                    update_in=editable,
                    fixed=_FIXED,
                    anew_by=CONTENT.key,  # only a changed text goes back to the reviewers (facts 3.2)
                    delete_in=deletable,
                    console=CONSOLE,
                    usually=_USUALLY,
                ),
                Kind.QUALIFICATION: KindAbility(
                    look_up=LookUp.BY_LIST,  # GetUSMSSignatureQualification (facts 2.5)
                    update_in=editable | {State.WITHDRAWN},  # a draft of the console is such a one
                    delete_in=deletable | {State.WITHDRAWN},
                    console=CONSOLE,
                    usually=_USUALLY,
                ),
            }
        ),
        hours=PUBLISHED_HOURS,
        purchase=CONSOLE,  # the vendor's explanation of 18013 sends there to buy anew
    )


# The review standard counts every character as one and takes nothing else (facts 7.1, 7.4).
_NAME_PATTERN = r"[A-Za-z0-9_\u3007\u3400-\u4dbf\u4e00-\u9fff]+"
_NAME_SAYS = Words(
    "only Chinese characters, English letters, digits and underscores", "仅限汉字、英文字母、数字和下划线"
)
_STANDARD = "docs.ucloud.cn/usms/introduction/2005/2103 of 2026-05"
_PAPER_TYPES = ("image/jpeg", "image/png", "application/pdf")  # facts 7.2
PAPER_BYTES = 4 * 1024 * 1024  # of the original file (facts 2.1, 7.2)
_FOR_DOMESTIC = When("international", ("false", ""))

# --- Signatures ------------------------------------------------------------------------------------------------------

# Codes: SigType (facts 2.1). From 2026-05-01 app, website and official-account names are refused (facts 7.1).
SIGNATURE_SOURCE = replace(
    SOURCE,
    choices=(
        replace(SOURCES["company"], code=0),
        replace(SOURCES["trademark"], code=4),
        replace(SOURCES["government"], code=5),
    ),
    source=f"CreateUSMSSignature.SigType (facts 2.1); {_STANDARD} (facts 7.1)",
)

CERTIFICATE_TYPES = {0: 0, 4: 4, 5: 5}
"""SigType → CertificateType, which must agree (facts 2.1): licence, trademark certificate, organisation code."""

# Codes: SigPurpose (facts 2.1).
SIGNATURE_PURPOSE = replace(
    PURPOSE,
    choices=(replace(PURPOSES["self"], code=0), replace(PURPOSES["other"], code=1)),
    source="CreateUSMSSignature.SigPurpose (facts 2.1)",
)


def signature_fields(*, longest: int = 12, qualification_required: bool = False) -> tuple[Field, ...]:
    """The fields of a signature.

    Args:
        longest: characters of its text (facts 7.1, UNSURE for full company names).
        qualification_required: whether a domestic one must name a qualification (facts 2.1, UNSURE).
    """
    return (
        replace(
            NAME,
            hint=Words(
                "The company's full name, a piece of it longer than 3 characters, or the trademark; without brackets.",
                "企业全称、全称中连续且超过 3 个字的简称，或商标名称；不含【】。",
            ),
            min_length=2,
            max_length=longest,
            pattern=_NAME_PATTERN,
            pattern_says=_NAME_SAYS,
            source=f"{_STANDARD} (facts 7.1)",
        ),
        SIGNATURE_SOURCE,
        SIGNATURE_PURPOSE,
        replace(
            PAPER,
            hint=Words(
                "Business licence, trademark certificate or organisation code; a scan of the original.",
                "营业执照、商标注册证或组织机构代码证的原件扫描件。",
            ),
            required=True,  # every source that passes needs its paper (facts 7.2)
            media_types=_PAPER_TYPES,
            max_bytes=PAPER_BYTES,
            source=f"{_STANDARD} (facts 7.2); CreateUSMSSignature.File (facts 2.1)",
        ),
        replace(
            LETTER,
            media_types=_PAPER_TYPES,
            max_bytes=PAPER_BYTES,
            source="CreateUSMSSignature.ProxyFile (facts 2.1, 7.2)",
        ),
        replace(
            REMARK,
            required=True,
            source="CreateUSMSSignature.Description (facts 2.1)",  # no limit published; the common 200 stay
        ),
        replace(
            QUALIFICATION,
            hint=Words(
                "The id or name of an approved qualification; the carriers' filing needs what it holds.",
                "已通过的资质 ID 或名称；运营商实名报备需要资质中的信息。",
            ),
            pattern=r"[!-~]+",
            pattern_says=Words("its id, or its name as in the list", "填写资质 ID，或列表中的名称"),
            required=_FOR_DOMESTIC if qualification_required else False,
            shown=_FOR_DOMESTIC,
            source="CreateUSMSSignature.QualificationId (facts 2.1, 7.3)",
        ),
        replace(
            LINK,
            source="CreateUSMSSignature.SceneDesc (facts 2.1)",
        ),
        replace(INTERNATIONAL, source="CreateUSMSSignature.International (facts 2.1)"),
    )


# --- Templates -------------------------------------------------------------------------------------------------------

# Codes: Purpose (facts 3.1).
TEMPLATE_TYPE = replace(
    TYPE,
    hint=Words(
        "Verification code, notification or marketing; marketing is for enterprise accounts and goes out from 8:00 to 20:00.",
        "验证码、通知或营销；营销短信仅限企业账号，发送时间为 8:00～20:00。",
    ),
    choices=(
        replace(TYPES["otp"], code=1),
        replace(TYPES["notice"], code=2),
        replace(TYPES["promo"], code=3),
    ),
    source="CreateUSMSTemplate.Purpose (facts 3.1, 7.4)",
)

TEMPLATE_FIELDS: tuple[Field, ...] = (
    replace(
        NAME,
        hint=Words(
            "2 to 12 Chinese characters, letters, digits or underscores.", "2～12 个汉字、英文字母、数字或下划线。"
        ),
        min_length=2,
        max_length=12,  # the review standard; the API page says 32 (facts 3.1)
        pattern=_NAME_PATTERN,
        pattern_says=_NAME_SAYS,
        source="docs.ucloud.cn/usms/introduction/2005/2107 (facts 3.1, 7.4)",
    ),
    TEMPLATE_TYPE,
    replace(
        CONTENT,
        max_length=500,  # the Update page says 600, the review standard 500 (facts 3.1, 3.2)
        source="CreateUSMSTemplate.Template (facts 3.1)",
    ),
    replace(SAMPLE, source="CreateUSMSTemplate.Instruction (facts 3.1)"),
    replace(REMARK, max_length=128, source="CreateUSMSTemplate.Remark (facts 3.1)"),
    replace(INTERNATIONAL, source="CreateUSMSTemplate.International (facts 3.1)"),
)
