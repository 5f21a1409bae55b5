"""What a text leads to, links and numbers of a company: told beforehand, whose they are (facts 4.3). Fields, wire, words. Pure.

Nobody is asked for it: most texts lead nowhere, and the check says where one does. Whoever says `link_owner` is asked for the rest.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.contracts.errors import Trouble
from bot.contracts.fields import Field, FieldType, When
from bot.contracts.model import Submission, Words

DOMAIN = "DOMAIN"

_TEXT = When("type", ("otp", "notice", "promo", ""))
_SAID = When("link_owner", also=_TEXT)
_PICTURES = ("image/jpeg", "image/png", "image/gif")
_BYTES = 5 * 1024 * 1024
_WHY = Words(
    "Alibaba Cloud wants to know whose a link or a number in the text is.", "阿里云要求登记内容中链接、号码的归属。"
)

FIELDS: tuple[Field, ...] = (
    Field(
        key="link_owner",
        label=Words("Whose the link or number is", "链接或号码归属单位"),
        hint=Words(
            "The company that has the link or the telephone number in the text, as on its licence.",
            "内容中链接或电话号码的归属企业全称。",
        ),
        aliases=("链接归属", "号码归属", "链接主体"),
        shown=_SAID,  # asked of nobody
        max_length=150,
        why=_WHY,
        source="CreateSmsTemplate.TrafficDriving companyName (facts 4.3)",
    ),
    Field(
        key="link_owner_code",
        label=Words("Its credit code", "归属单位统一社会信用代码"),
        hint=Words("18 characters, as on the licence.", "18 位统一社会信用代码。"),
        aliases=("归属单位信用代码", "链接归属信用代码"),
        required=_SAID,
        shown=_SAID,
        pattern=r"[0-9A-Z]{18}|[0-9A-Z-]{9,10}",
        pattern_says=Words("18 digits and capital letters", "18 位数字或大写字母"),
        why=_WHY,
        source="CreateSmsTemplate.TrafficDriving organizationCode (facts 4.3)",
    ),
    Field(
        key="link_icp",
        label=Words("ICP filing of the link", "链接的 ICP 备案号"),
        hint=Words("As 浙ICP备12345678号; of a link, not of a number.", "如 浙ICP备12345678号；链接必填，号码不填。"),
        aliases=("备案号", "icp备案号", "链接备案号"),
        shown=_SAID,
        max_length=40,
        why=_WHY,
        source="CreateSmsTemplate.TrafficDriving icpNo (facts 4.3)",
    ),
    Field(
        key="link_paper",
        label=Words("Picture of the ICP filing", "ICP 备案截图"),
        hint=Words(
            "The page that shows the filing; of a link, not of a number.", "备案查询结果截图；链接必填，号码不填。"
        ),
        type=FieldType.FILE,
        aliases=("备案截图", "icp备案截图"),
        shown=_SAID,
        media_types=_PICTURES,
        max_bytes=_BYTES,
        why=_WHY,
        source="CreateSmsTemplate.TrafficDriving icpPicOssKey, GetSmsOcrOssInfo (facts 2.7, 4.3)",
    ),
    Field(
        key="link_reason",
        label=Words("Why it is another company's", "归属单位与签名资质不一致的原因"),
        hint=Words("Where it is not the company of the signature's qualification.", "与签名资质企业不一致时填写。"),
        aliases=("归属不一致原因",),
        shown=_SAID,
        max_length=200,
        why=_WHY,
        source="CreateSmsTemplate.TrafficDriving companyDifferentFromSignQuaReason (facts 4.3)",
    ),
)

INCOMPLETE = "LinkIncomplete"

MEANINGS: Mapping[str, tuple[Trouble, Words | None]] = MappingProxyType(
    {
        INCOMPLETE: (
            Trouble.INPUT,
            Words(
                "The text has a link, so its ICP filing belongs with it: link_icp=… and a picture of it as link_paper=….",
                "内容中有链接，还须填写其 ICP 备案号 链接备案号=… 并附备案截图 备案截图=…。",
            ),
        ),
        "NothingLed": (
            Trouble.INPUT,
            Words(
                "Said is link_owner=…, but the text has neither a link nor a number of a company. Leave it out, or add the link.",
                "填写了 链接归属=…，但内容中没有链接或企业号码。请删去该项，或在内容中写明链接。",
            ),
        ),
        "InvalidTrafficDriving": (
            Trouble.INPUT,
            Words(
                "The vendor does not take what was said of the link or number. Check link_owner, link_owner_code, link_icp and "
                "link_paper.",
                "平台不接受链接或号码的登记信息。请检查 链接归属、归属单位信用代码、链接备案号 和 备案截图。",
            ),
        ),
    }
)

# --- In the text -----------------------------------------------------------------------------------------------------

_VARIABLE = r"\$\{(?P<variable>[A-Za-z_]\w*)\}"
_LINK = re.compile(
    r"(?<![\w@.])(?:https?://)?(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?::\d+)?(?:/(?:[\w\-./?=&%#~+]|\$\{\w+\})*)?", re.ASCII
)
# Type → what such a number looks like (facts 4.3); mobile numbers are not accepted there and are none of these.
_NUMBERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("400_PHONE", re.compile(r"(?<![\d-])400-?\d{3}-?\d{4}(?!\d)")),
    ("800_PHONE", re.compile(r"(?<![\d-])800-?\d{3}-?\d{4}(?!\d)")),
    ("FIXED_PHONE", re.compile(r"(?<![\d-])0\d{2,3}-?\d{7,8}(?!\d)")),
    ("95_PHONE", re.compile(r"(?<![\d-])95\d{3,6}(?![\d元%])")),
    ("96_PHONE", re.compile(r"(?<![\d-])96\d{3,6}(?![\d元%])")),
    # Three to eight digits that begin with 1 are most often no number to call: only behind a word that says so.
    ("1_PHONE", re.compile(r"(?<=[电话线打电询服：:])1\d{2,7}(?!\d)")),
)


@dataclass(frozen=True, slots=True)
class Led:
    """A link or a number in a text.

    Args:
        type: as the vendor spells it.
        content: as it stands there.
        variable: the name of the variable in it; empty for none.
    """

    type: str
    content: str
    variable: str = ""


def led(text: str) -> tuple[Led, ...]:
    """The links and numbers of companies in a text, each once, in order."""
    found = [(match.start(), _led(DOMAIN, match[0].rstrip(".,?"))) for match in _LINK.finditer(text)]
    rest = _LINK.sub(lambda match: " " * len(match[0]), text)
    found += [(match.start(), _led(kind, match[0])) for kind, number in _NUMBERS for match in number.finditer(rest)]
    return tuple(dict.fromkeys(one for _, one in sorted(found, key=lambda one: one[0])))


def _led(kind: str, content: str) -> Led:
    inside = re.search(_VARIABLE, content)
    return Led(kind, content, inside["variable"] if inside else "")


# --- On the wire -----------------------------------------------------------------------------------------------------


def problem(submission: Submission) -> str:
    """Why what was said of links and numbers cannot be sent; empty where it can, or nothing was said."""
    values = submission.values
    if not values.get("link_owner"):
        return ""
    found = led(values.get("content", ""))
    if not found:
        return "NothingLed"
    linked = any(one.type == DOMAIN for one in found)
    return INCOMPLETE if linked and not (values.get("link_icp") and submission.papers.get("link_paper")) else ""


def items(submission: Submission, picture: str) -> tuple[Mapping[str, str], ...]:
    """The items of the parameter TrafficDriving; none where nothing was said.

    Args:
        submission: what is asked for.
        picture: of the filing, its key in the vendor's store.
    """
    values = submission.values
    if not values.get("link_owner"):
        return ()
    return tuple(dict(_item(one, values, picture)) for one in led(values.get("content", "")))


def _item(one: Led, values: Mapping[str, str], picture: str) -> Iterator[tuple[str, str]]:
    yield "trafficDrivingType", one.type
    yield "trafficDrivingContent", one.content
    yield "companyName", values["link_owner"]
    yield "organizationCode", values.get("link_owner_code", "")
    if one.variable:
        yield "variableName", one.variable
    if one.type == DOMAIN:
        yield "icpNo", values.get("link_icp", "")
        yield "icpPicOssKey", picture
    if reason := values.get("link_reason", ""):
        yield "companyDifferentFromSignQuaReason", reason
