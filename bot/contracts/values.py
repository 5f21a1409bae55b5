"""How single values of the configuration are written and checked; `bot.contracts.settings` puts them into tables."""

import difflib
import ipaddress
import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
)

from bot.contracts.alert import Metric
from bot.contracts.characters import odd_in_text
from bot.contracts.daytimes import day_hour, day_hours, written
from bot.contracts.model import Kind, Role, Words
from bot.contracts.vocabulary import LETTER, PAPER

Language = Literal["en", "zh"]

Topic = Literal["reviews", "quota", "delivery", "alerts", "digest", "replies", "operator"]

TOPICS: Mapping[Topic, Words] = {
    "reviews": Words("reviews", "审核"),
    "quota": Words("quota", "额度"),
    "delivery": Words("delivery", "送达"),
    "alerts": Words("alerts", "告警"),
    "digest": Words("digest", "日报"),
    "replies": Words("replies", "回复"),
    "operator": Words("operator", "运维"),
}
"""What a conversation can be told about, and how people say it."""

NAME_FORM = re.compile(r"\w[\w.-]{0,39}")

PERSON_FORM = re.compile(r"[^\W_](?:[\w .'’·・\u0300-\u036f\u0900-\u0eff-]){0,39}")
"""A person's name: several words of any script, with what stands within names (O'Neil, 阿依古丽·买买提)."""

_DURATION_FORM = re.compile(r"([0-9]{1,5})([smhdw])")

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

_LONGEST = timedelta(days=3660)

_HOST_FORM = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\])")

_TARGET_FORM = re.compile(r"conversation|all|(?:oncall|next|person):.+")


def name_problem(value: str) -> str:
    """What is wrong with the name of an account, a rule, a rotation; empty when nothing is."""
    odd = odd_in_text(value)  # some letters have no shape
    if NAME_FORM.fullmatch(value) and not odd:
        return ""
    return "should be one word of up to 40 letters, digits, '-', '_' and '.'" + _also(odd)


def _name(value: str) -> str:
    if wrong := name_problem(value):
        raise ValueError(wrong)
    return value


def _person_name(value: str) -> str:
    odd = odd_in_text(value)
    if odd or not PERSON_FORM.fullmatch(value):
        wanted = "should be a name of up to 40 letters, digits, blanks, '-', '_', '.', '·' and apostrophes"
        raise ValueError(wanted + _also(odd))
    return " ".join(value.split())  # as it is typed: one blank between words


def _also(odd: str) -> str:
    return f"; this one {odd}" if odd else ""


def _duration(value: object) -> timedelta:
    found = _DURATION_FORM.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'should be a span of time such as "30m", "4h" or "7d"{_meant(_span_meant(value))}')
    span = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if span > _LONGEST:
        raise ValueError("should be ten years at most")
    return span


def _meant(near: str) -> str:
    return f"; did you mean {near}?" if near else ""


_SPAN_MEANT = re.compile(
    r"([0-9]{1,5})\s*(?:(s|sec|secs|seconds?|秒)|(m|min|mins|minutes?|分|分钟)|(h|hrs?|hours?|时|小时)|(d|days?|天|日)|(w|weeks?|周))"
)


def _span_meant(value: object) -> str:
    """How a span would be written here that people write otherwise; empty where nobody can tell."""
    text = unicodedata.normalize("NFKC", str(value)).strip().lower()
    found = _SPAN_MEANT.fullmatch(text)
    return f'"{found[1]}{"smhdw"[(found.lastindex or 2) - 2]}"' if found else ""


def _more_than_nothing(value: timedelta) -> timedelta:
    if not value:
        raise ValueError("should be more than nothing")
    return value


def _day_hours(value: str) -> str:
    day_hours(value)
    return value


def _day_hour(value: object) -> str:
    return written(day_hour(value))


def _zone(value: object) -> ZoneInfo:
    try:
        if isinstance(value, str) and value:
            return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    near = _zone_meant(value)
    raise ValueError(
        f"should be a time zone{_meant(near)}" if near else 'should be a time zone such as "Asia/Shanghai"'
    )


_CHINA = frozenset(
    {
        "beijing",
        "北京",
        "上海",
        "中国",
        "china",
        "cst",
        "prc",
        "utc+8",
        "utc+08:00",
        "gmt+8",
        "gmt+08:00",
        "+8",
        "+08:00",
    }
)


def _zone_meant(value: object) -> str:
    """The time zone that was meant; empty where nobody can tell."""
    text = unicodedata.normalize("NFKC", str(value)).replace(" ", "").replace("\\", "/").lower()
    if text in _CHINA or text.rpartition("/")[2] in _CHINA:
        return '"Asia/Shanghai"'
    known = {name.lower(): name for name in available_timezones()}
    near = difflib.get_close_matches(text, known, n=1, cutoff=0.8)
    return f'"{known[near[0]]}"' if near else ""


def _role(value: object) -> Role:
    for role in Role:
        if role is not Role.NOBODY and value == role.name.lower():
            return role
    raise ValueError("should be 'viewer', 'submitter', 'responder', 'approver' or 'admin'")


def address(value: str) -> str:
    """A web address without user, query or fragment; plain http only on this machine.

    Raises:
        ValueError: it is none; the text says what is wanted.
    """
    wanted = "should be an address such as https://host/path (plain http for loopback only)"
    if re.search(r"[\s\x00-\x1f]", value):
        raise ValueError(wanted)
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(wanted) from None
    if parts.scheme not in ("http", "https") or not host or (parts.scheme == "http" and not _loopback(host)):
        raise ValueError(wanted)
    if parts.username is not None or parts.password is not None or "?" in value or "#" in value:
        raise ValueError("should have no user, query or fragment")
    return value.rstrip("/")


def _address_or_nothing(value: str) -> str:
    return address(value) if value else value


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _host_and_port(value: str) -> tuple[str, int | None]:
    host, colon, port = value.rpartition(":") if re.search(r":[0-9]{1,5}$", value) else (value, "", "")
    if not _HOST_FORM.fullmatch(host) or (colon and int(port) > 65535):
        raise ValueError("should be host or host:port")
    return host, int(port) if colon else None


def _listen(value: str) -> str:
    wanted = 'should be host:port, or "" to switch it off'
    if value:
        try:
            _, port = _host_and_port(value)
        except ValueError:
            raise ValueError(wanted) from None
        if port is None:
            raise ValueError(wanted)
    return value


def _calendar_source(value: str, info: ValidationInfo) -> str:
    """An address, which carries its key in the query, or a file beside the configuration."""
    if value.startswith("webcal://"):
        value = f"https://{value.removeprefix('webcal://')}"
    if "://" in value:
        address(value.split("?", 1)[0])
        return value
    return str(_beside_the_file(Path(value), info)) if value else value


def _webhook_host(value: str) -> str:
    _host_and_port(value)
    return value.lower()


def _beside_the_file(value: Path, info: ValidationInfo) -> Path:
    base = info.context.get("base") if isinstance(info.context, dict) else None
    try:
        return base / value.expanduser() if isinstance(base, Path) else value
    except RuntimeError:
        raise ValueError(f"{value.parts[0]} is nobody's home here: write the whole path") from None


def _one_level(value: object) -> object:
    """`template.remark = "…"` is a table in TOML; here it is the key `template.remark`, as `"template.remark"` is."""
    if not isinstance(value, Mapping):
        return value
    flat: dict[object, object] = {}
    for key, inner in value.items():
        if key in tuple(Kind) and isinstance(inner, Mapping):
            flat |= {f"{key}.{rest}": text for rest, text in inner.items()}
        else:
            flat[key] = inner
    return flat


def _papers_beside_the_file(values: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    """Paths start from the file's folder; digits are the id of a letter, and `~` is left to whoever reads the file."""

    def path(value: str) -> str:
        return value if not value or value.isdigit() or value[0] == "~" else str(_beside_the_file(Path(value), info))

    files = (PAPER.key, LETTER.key)
    return {key: path(value) if key.rpartition(".")[2] in files else value for key, value in values.items()}


def _target(value: str) -> str:
    value = ":".join(part.strip() for part in value.split(":", 1))
    if not _TARGET_FORM.fullmatch(value):
        raise ValueError('should be "conversation", "oncall:NAME", "next:NAME", "person:NAME" or "all"')
    return value


def _metric(value: object) -> object:
    ruled = [metric for metric in Metric if not metric.of_calls]
    if value not in ruled:
        raise ValueError(f"is not measured; measured now: {', '.join(ruled)}")
    return value


def _amount(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("should be a number")  # noqa: TRY004 -- pydantic lists ValueErrors only
    return value


Name = Annotated[str, AfterValidator(_name)]

PersonName = Annotated[str, AfterValidator(_person_name)]
"""What people are called may have blanks in it; commands take it in quotes."""

Duration = Annotated[timedelta, BeforeValidator(_duration)]

Span = Annotated[timedelta, AfterValidator(_more_than_nothing), BeforeValidator(_duration)]

DayHours = Annotated[str, AfterValidator(_day_hours)]
"""From which hour of the day to which; `day_hours` reads it."""

DayHour = Annotated[str, BeforeValidator(_day_hour)]
"""One hour of the day, `09:00`, or empty for never; `day_hour` reads it."""

Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]

RoleName = Annotated[Role, BeforeValidator(_role)]

Address = Annotated[str, AfterValidator(address)]

Id = Annotated[str, Field(min_length=1, max_length=200)]

Secret = Annotated[SecretStr, Field(min_length=1)]

Seconds = Annotated[int, Field(strict=True, gt=0, le=86400)]

FilePath = Annotated[Path, AfterValidator(_beside_the_file)]

Listen = Annotated[str, AfterValidator(_listen)]

CalendarSource = Annotated[str, AfterValidator(_calendar_source)]
"""An iCalendar file or address; `webcal://` is https."""

OptionalAddress = Annotated[str, AfterValidator(_address_or_nothing)]

WebhookHost = Annotated[str, AfterValidator(_webhook_host)]

Target = Annotated[str, AfterValidator(_target)]

Amount = Annotated[Decimal, BeforeValidator(_amount)]

MetricName = Annotated[Metric, BeforeValidator(_metric)]

Defaults = Annotated[dict[str, str], AfterValidator(_papers_beside_the_file), BeforeValidator(_one_level)]
"""The `defaults` of an account of any vendor; `bot.contracts.defaults` says what they mean."""


class Table(BaseModel):
    """A table of the file: unknown keys are errors, nothing changes afterwards, errors never show what was typed."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, validate_by_name=True, arbitrary_types_allowed=True
    )


class AccountTable(Table):
    """What the table of an account has at every vendor; each vendor's model adds its own keys. Secrets arrive resolved."""

    name: str = Field(min_length=1, description="Short name, as people type it.")
    test_numbers: tuple[str, ...] = Field(
        default=(), max_length=5, description="The numbers that test messages may go to, at most five."
    )
    push_token: SecretStr | None = Field(
        default=None, description="The unguessable part of the address that the vendor pushes to; none: no push."
    )
    defaults: Defaults = Field(
        default_factory=dict,
        description=(
            "Values taken when a submission leaves a key out, e.g. source = 'company'; `template.remark` holds for "
            "templates only. `paper` and `letter` are paths of files; `letter` may be an id where the vendor keeps letters."
        ),
    )
    company: str = Field(
        default="",
        max_length=100,
        description=(
            "The company's name as on its licence, so that a name which is none of its own is minded before reviewers do."
        ),
    )
    review_hours: str = Field(
        default="",
        description=(
            "When the reviewers work, China time, if not as the vendor publishes: 'always' or "
            "'mon-fri 09-18; sat-sun 09-18; holidays'."
        ),
    )
