"""What can be done with digital messages, and what a submission of one is made of beside what text messages have.

Limits and codes: facts 5, 5.1 and 5.2.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from bot.contracts.fields import Field, When
from bot.contracts.model import Kind, Words
from bot.contracts.variants import DIGITAL
from bot.contracts.vendor import FilingView, KindAbility, LookUp
from bot.contracts.vocabulary import DIGITAL_TYPE, MEDIA

CONSOLE = "https://dysms.console.aliyun.com/overview"
"""Where the console begins; the address of its pages on digital messages is confirmed nowhere."""

_FILING = Words(  # SEED (facts 5, 10.4)
    "The carriers take 5 to 7 working days; with the first of them it can be used there.",
    "运营商报备一般需 5～7 个工作日；任一运营商完成后即可在该网使用。",
)
_DAYS = timedelta(hours=7 * 12)  # seven days of twelve open hours, the carriers' own time (facts 5)

_SIGNATURE = KindAbility(
    create=False,
    look_up=LookUp.BY_NAME,
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
FILE_BYTES = 1900 * 1024  # of all files together; the guide says 2 MB (facts 5, 5.2)
FRAMES = 9  # facts 5.2

ASKED = When("type", (DIGITAL,))
"""What only digital templates have."""

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
