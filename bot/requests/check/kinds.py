"""The declared kinds of variables, and whether they fit what the variables carry. Pure."""

from bot.contracts.rules import Hit, Minds
from bot.requests.check.reading import Reading, pattern


def parts(name: str) -> tuple[str, ...]:
    """The words of a variable's name: `pickUpCode2` is pick, up, code."""
    return tuple(word.lower() for word in pattern(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])").findall(name))


# Kind → what a value of it looks like (facts: Alibaba 4.2; lengths that third parties report are left wide).
_VALUES = {
    "numberCaptcha": r"\d{4,6}",
    "characterWithNumber2": r"[A-Za-z0-9]{4,6}",
    "phone_number2": r"[\d-]{3,15}",
    "money": r"[\d,.]+",
    "verifyTime": r"\d{1,2}",
    "link_param": r"[A-Za-z0-9]{1,8}",
}


def carries(kind: str, value: str) -> bool:
    """Whether a variable of a declared kind can carry a value; one whose form nobody publishes can carry any."""
    return pattern(_VALUES.get(kind, ".*")).fullmatch(value) is not None


_NUMBERS = frozenset(
    {
        "numberCaptcha",
        "characterWithNumber2",
        "phone_number2",
        "money",
        "verifyTime",
        "other_number2",
        "time",
        "pick_up_code",
        "tracking_number",
        "license_plate_number",
        "link_param",
    }
)
_FREE = frozenset(
    [
        "content",
        "msg",
        "message",
        "text",
        "info",
        "remark",
        "reason",
        "title",
        "desc",
        "description",
        "detail",
        "details",
        "note",
        "body",
        "result",
        "status",
        "product",
        "goods",
        "name",
        "user",
        "username",
        "nickname",
        "address",
        "event",
        "project",
        "company",
        "shop",
        "store",
    ]
)
_OF_NUMBERS = frozenset(
    [
        "code",
        "captcha",
        "amount",
        "money",
        "price",
        "fee",
        "total",
        "balance",
        "count",
        "num",
        "number",
        "points",
        "phone",
        "tel",
        "date",
        "time",
        "day",
        "hour",
        "minute",
        "minutes",
        "year",
        "month",
    ]
)
_WORDS_ONLY = frozenset({"name", "unit_name", "address", "user_nick"})


def kind_of_variable(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
    """A variable whose declared kind does not fit its name, its sample or the type of the text."""
    otp = reading.draft.type == "otp"
    for one in reading.text.variables:
        kind = reading.value(f"kind.{one.name}")
        if not kind:
            continue
        words = set(parts(one.name))
        sample = reading.value(f"sample.{one.name}")
        fits = not sample or pattern(_VALUES.get(kind, ".*")).fullmatch(sample)
        code = kind in ("numberCaptcha", "characterWithNumber2")
        free = bool(words & _FREE) and not words & _OF_NUMBERS
        if (
            not fits
            or (code and not otp)
            or (otp and not code and words & {"code", "captcha"})
            or (free and kind in _NUMBERS)
            or (words & _OF_NUMBERS and not words & _FREE and kind in _WORDS_ONLY)
        ):
            return (Hit(f"kind.{one.name}", fix="others" if not otp else None, what=kind),)
    return ()
