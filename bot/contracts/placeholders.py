"""The placeholders of a template's text: one text with `${code}` becomes each vendor's own notation. Pure."""

import re
from collections.abc import Iterable

_PLACEHOLDER = re.compile(r"\$\{([^{}$]*)\}")

_WITHOUT_SIGN = re.compile(r"(?<!\$)\{[^{}$]*\}")

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def names(content: str) -> tuple[str, ...]:
    """The placeholders in order of first appearance, each once."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(content)))


def bad_names(content: str) -> tuple[str, ...]:
    """Placeholders that no vendor takes: a name begins with a letter and has letters, digits and `_` (facts, Alibaba 10.2)."""
    return tuple(name for name in names(content) if not _NAME.fullmatch(name))


def without_sign(content: str) -> tuple[str, ...]:
    """Braces without the sign before them, `{code}`: meant as a placeholder, and sent to every phone as they are."""
    return tuple(dict.fromkeys(_WITHOUT_SIGN.findall(content)))


def numbered(content: str) -> str:
    """The text with `{1}`, `{2}` … in order of first appearance, as Tencent and UCloud write it.

    A placeholder that stands twice gets the same number twice.
    """
    numbers = {name: index for index, name in enumerate(names(content), start=1)}
    return _PLACEHOLDER.sub(lambda match: "{" + str(numbers[match.group(1)]) + "}", content)


def filled(content: str, samples: dict[str, str]) -> str:
    """The text as a phone would show it, with sample values; a placeholder without one stays as it is."""
    return _PLACEHOLDER.sub(lambda match: samples.get(match.group(1)) or match.group(0), content)


def unknown(content: str, mentioned: Iterable[str]) -> tuple[str, ...]:
    """Names that were given a sample or a kind but do not stand in the text."""
    present = set(names(content))
    return tuple(name for name in mentioned if name not in present)
