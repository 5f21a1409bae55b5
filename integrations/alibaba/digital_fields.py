"""What can be done with digital messages, and what a submission of one is made of beside what text messages have.

Limits and codes: facts 5, 5.1 and 5.2.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from bot.contracts import personal
from bot.contracts.fields import Choice, Field, FieldType, When
from bot.contracts.model import Kind, State, Words
from bot.contracts.variants import DIGITAL
from bot.contracts.vendor import FilingView, KindAbility, LookUp
from bot.contracts.vocabulary import COMPANY, CREDIT_CODE, DIGITAL_TYPE, MEDIA

CONSOLE = "https://dysms.console.aliyun.com/overview"
"""Where the console begins; the address of its pages on digital messages is confirmed nowhere."""

_FILING = Words(  # SEED (facts 5, 10.4)
    "The carriers take 5 to 7 working days; with the first of them it can be used there.",
    "运营商报备一般需 5～7 个工作日；任一运营商完成后即可在该网使用。",
)
_DAYS = timedelta(hours=7 * 12)  # seven days of twelve open hours, the carriers' own time (facts 5)

_SIGNATURE = KindAbility(
    look_up=LookUp.BY_NAME,  # QueryDigitalSignByName; a name is taken to be unique, as of text messages
    update_in=frozenset({State.REJECTED, State.APPROVED, State.READY}),  # nothing is published; as of text messages
    delete_in=frozenset({State.REJECTED, State.APPROVED, State.READY}),
    console=CONSOLE,
    usually=_DAYS,
    renames=False,
    filing=FilingView.PER_CARRIER,
    filing_usually=_FILING,
)
_TEMPLATE = KindAbility(
    # QuerySmsTemplateList shows them in a sample, which is no promise for all accounts (facts 4.5): what it does not
    # show is asked of a person.
    look_up=LookUp.WHERE_LISTED,
    console=CONSOLE,
    usually=_DAYS,
    filing=FilingView.PER_CARRIER,
    filing_usually=_FILING,
)
"""There is no operation to change or delete one (facts 5.1)."""

ABILITIES: Mapping[Kind, KindAbility] = MappingProxyType({Kind.SIGNATURE: _SIGNATURE, Kind.TEMPLATE: _TEMPLATE})
"""By kind."""

# --- Fields ----------------------------------------------------------------------------------------------------------

NAME_LENGTH = 20  # CreateDigitalSmsTemplate.TemplateName
FILE_BYTES = 1900 * 1024 - 2048  # of all files together, with room for the text; the guide says 2 MB (facts 5, 5.2)
FRAMES = 9  # facts 5.2

ASKED = When("type", (DIGITAL,))
"""What only digital templates have."""

SIGN = When(DIGITAL, ("true",))
"""What only digital signatures have."""

TEXT_SIGN = When(DIGITAL, ("false", ""))
"""What only signatures for text messages have."""

TYPE = replace(
    DIGITAL_TYPE,
    code=7,  # in a sample of the lists (facts 4.5)
    note=Words(
        "a digital one needs a signature that a carrier has filed for digital messages",
        "数字短信模板所用签名须先完成至少一家运营商的数字短信报备",
    ),
)

FILES: Field = replace(
    MEDIA,
    media_types=("image/jpeg", "image/png", "image/gif", "video/mp4", "audio/mpeg"),
    max_bytes=FILE_BYTES,
    max_total=FILE_BYTES,
    max_files=FRAMES - 1,  # the text is one of them
    source="CreateDigitalSmsTemplate.TemplateContents (facts 5.1, 5.2)",
)

# SignIndustry: needed to create and update (facts 5.1).
INDUSTRY = Field(
    key="industry",
    label=Words("Industry", "行业"),
    hint=Words("Shops and retail say so.", "电商零售类请选择对应行业。"),
    type=FieldType.CHOICE,
    aliases=("行业", "行业类型"),
    shown=SIGN,
    choices=(
        Choice("general", Words("general", "通用"), ("通用行业",), 0),
        Choice("retail", Words("e-commerce and retail", "电商零售"), ("电商", "零售"), 1),
    ),
    default="general",
    why=Words("Alibaba Cloud files digital signatures by industry.", "阿里云按行业报备数字短信签名。"),
    source="CreateDigitalSignOrder.SignIndustry (facts 5.1)",
)

_PERSONS: Mapping[str, str] = MappingProxyType(
    {
        "legal_name": "qualificationLegalPersonName",
        "legal_id": "qualificationLegalPersonIDCard",
        "handler_name": "qualificationAdminName",
        "handler_id": "qualificationAdminIDCard",
    }
)
_CARD = r"[1-9][0-9]{16}[0-9Xx]"
_CARD_SAYS = Words("the 18 characters of a mainland identity card", "18 位居民身份证号")


def _person(key: str) -> Field:
    field = replace(
        personal.FIELDS[key],
        required=SIGN,
        shown=SIGN,
        why=Words(
            "Alibaba Cloud files digital signatures with both persons.", "阿里云报备数字短信签名时需要两人的信息。"
        ),
        source=f"CreateDigitalSignOrder.OrderContext.{_PERSONS[key]} (facts 5.1)",
    )
    return replace(field, pattern=_CARD, pattern_says=_CARD_SAYS) if key.endswith("_id") else field


PERSONS = _PERSONS
"""Key of what is said of a person → what the vendor calls it."""

SIGN_FIELDS: tuple[Field, ...] = (
    INDUSTRY,
    replace(
        COMPANY,
        required=SIGN,
        shown=SIGN,
        max_length=150,
        hint=Words("The full name on the qualification.", "与资质一致的企业全称。"),
        source="CreateDigitalSignOrder.OrderContext.qualificationCompanyName (facts 5.1)",
    ),
    replace(
        CREDIT_CODE,
        aliases=("统一社会信用代码",),  # the shorter one is the owner's, of a letter
        required=SIGN,
        shown=SIGN,
        pattern=r"[0-9A-Za-z]{18}",
        pattern_says=Words("18 letters and digits", "18 位字母和数字"),
        source="CreateDigitalSignOrder.OrderContext.qualificationOrganizationCode (facts 5.1)",
    ),
    *(_person(key) for key in _PERSONS),
)
"""What a digital signature is made of beside name, source and qualification."""
