"""The placeholders of a template's text: one text with `${code}` becomes each vendor's own notation. Pure."""

import re
from collections.abc import Iterable

_PLACEHOLDER = re.compile(r"\$\{([^{}$]*)\}")

_BRACES = re.compile(r"(?:[$＄﹩]\s?)?[{｛﹛][^{}｛｝﹛﹜$]*[}｝﹜]")

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

_EXAMPLES = (
    (("code", "captcha", "otp", "pin", "verify"), "1234"),
    (("minute", "minutes", "min", "mins", "expire", "ttl", "valid"), "5"),
    (("hour", "hours", "day", "days", "count", "num", "quantity", "times"), "3"),
    (("time", "datetime"), "11月28日 15:30"),
    (("date",), "2026年11月28日"),
    (("price", "money", "amount", "fee", "balance", "sum", "total"), "99.00"),
    (("phone", "tel", "mobile", "hotline"), "400-800-1234"),
    (("address", "addr", "location", "place"), "滨江区江南大道1号"),
    (("order", "no", "number", "id", "sn", "tracking"), "SD20261128001"),
    (("company", "shop", "store", "merchant", "brand"), "速达物流"),
    (("product", "goods", "item", "title", "course"), "蓝牙耳机"),
    (("plate", "car"), "浙A12345"),
    (("name", "customer", "user", "person", "contact", "nick", "student", "patient"), "张三"),
)
"""Words in the name of a placeholder → what it may stand for, in a text that people in China get."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


VALUE = "value."
"""In front of a variable that is called like a key of ours, where it is typed: `value.sign=…`."""


def typed(name: str) -> str:
    """A placeholder as the key of its value in a test message."""
    return f"{VALUE}{name}" if name == "sign" else name


def names(content: str) -> tuple[str, ...]:
    """The placeholders in order of first appearance, each once."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(content)))


def bad_names(content: str) -> tuple[str, ...]:
    """Placeholders that no vendor takes: a name begins with a letter and has letters, digits and `_` (facts, Alibaba 10.2)."""
    return tuple(name for name in names(content) if not _NAME.fullmatch(name))


def without_sign(content: str) -> tuple[str, ...]:
    """Braces without the sign before them, `{code}`, or of another width: meant as a placeholder, and sent to every phone as they are."""
    return tuple(dict.fromkeys(one for one in _BRACES.findall(content) if not _PLACEHOLDER.fullmatch(one)))


def numbered(content: str) -> str:
    """The text with `{1}`, `{2}` … in order of first appearance, as Tencent and UCloud write it.

    A placeholder that stands twice gets the same number twice.
    """
    numbers = {name: index for index, name in enumerate(names(content), start=1)}
    return _PLACEHOLDER.sub(lambda match: "{" + str(numbers[match.group(1)]) + "}", content)


def dollared(content: str) -> str:
    """A vendor's text as ours: `{1}` becomes `${v1}`, a name that can be typed as a key."""
    return re.sub(r"(?<!\$)\{([0-9]{1,3})\}", r"${v\1}", content)


def counted(content: str) -> tuple[str, ...]:
    """The placeholders of a vendor's text in the order in which it counts them, called as in `dollared`."""
    return tuple(
        f"v{number}" for number in sorted({int(one) for one in re.findall(r"(?<!\$)\{([0-9]{1,3})\}", content)})
    )


def ours(content: str) -> str:
    """A vendor's text as ours; empty where it counts its placeholders in another order than that in which they stand."""
    text, numbered = dollared(content), counted(content)
    return text if numbered in ((), names(text)) else ""


def filled(content: str, samples: dict[str, str]) -> str:
    """The text as a phone would show it, with sample values; a placeholder without one stays as it is."""
    return _PLACEHOLDER.sub(lambda match: samples.get(match.group(1)) or match.group(0), content)


def unknown(content: str, mentioned: Iterable[str]) -> tuple[str, ...]:
    """Names that were given a sample or a kind but do not stand in the text."""
    present = set(names(content))
    return tuple(name for name in mentioned if name not in present)


def example(name: str) -> str:
    """What a placeholder may stand for, guessed from its name, to show how a sample value is written."""
    found = {word.lower() for word in _WORD.findall(name)}
    return next((value for words, value in _EXAMPLES if found & set(words)), "示例")
