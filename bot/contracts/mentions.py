"""People in a typed text: the one form that a mention has in `Incoming.text`, whichever chat it came from. Pure.

A mention stands there as `<@slack:T1/U1|Mei%20Lin>`: one word for the parser, whatever the name is, for all but letters,
digits, `-`, `.` and `_` is percent-encoded. A channel whose name the chat does not tell stands there as
`<#slack:T1/C1>`, such a group as `<&slack:T1/S1>`. The id is for the program; people read the name (`shown`), and no
vendor is sent either.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from bot.contracts.model import Incoming, Styled

_FORM = re.compile(r"<(?P<sign>[@#&])(?P<key>[a-z]+:[^<>|\s]+)(?:\|(?P<name>[^<>|\s]*))?>")

_IN_FRONT = re.compile(r"\A(?:[\s,，、:：;；]*<[@#&][a-z]+:[^<>\s]+>)+")

_NOT_PLAIN = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Who or what is mentioned.

    Args:
        key: `Actor.key`; of a group or channel its id in the same form.
        name: empty where nobody told it.
        sign: `@`, `#` for a channel, `&` for a group.
    """

    key: str
    name: str = ""
    sign: str = "@"

    @property
    def shown(self) -> str:
        """As people read it; never the id."""
        return f"{'#' if self.sign == '#' else '@'}{self.name or '?'}"


def written(mentioned: Mentioned) -> str:
    """A mention as it stands in `Incoming.text`."""
    name = _NOT_PLAIN.sub(lambda found: quote(found[0], safe="", errors="replace"), mentioned.name.strip())
    return f"<{mentioned.sign}{mentioned.key}{'|' if name else ''}{name}>"


def all_in(text: str) -> tuple[Mentioned, ...]:
    """Who is mentioned in a text, in order."""
    return tuple(map(_read, _FORM.finditer(text)))


def alone(text: str) -> Mentioned | None:
    """Whom a text means that is a mention and nothing else."""
    found = _FORM.fullmatch(text.strip())
    return _read(found) if found else None


def shown(text: str) -> str:
    """A text as people read it: `@Mei Lin`."""
    return _FORM.sub(lambda found: _read(found).shown, text) if "<" in text else text


def after_mentions(text: str) -> str:
    """What stands behind the mentions in front of a text."""
    return _IN_FRONT.sub("", text)


def spelled(text: str) -> str:
    """A text with names in the place of mentions: `Mei Lin`."""
    return _FORM.sub(lambda found: _read(found).name, text)


def named(incoming: Incoming, names: Mapping[str, str]) -> Incoming:
    """What somebody said, with the names of whom it mentions.

    Args:
        incoming: what was said.
        names: key → name; whoever is not there keeps the name they came with.
    """
    text, styled = _named(incoming.text, [one for one in incoming.styled if not one.key], names)
    values = []
    for key, value in incoming.values:
        value, moved = _named(value, [one for one in incoming.styled if one.key == key], names)
        values.append((key, value))
        styled += moved
    return replace(incoming, text=text, values=tuple(values), styled=tuple(styled))


def _read(found: re.Match[str]) -> Mentioned:
    return Mentioned(found["key"], unquote(found["name"] or ""), found["sign"])


def _named(text: str, styled: list[Styled], names: Mapping[str, str]) -> tuple[str, list[Styled]]:
    """A text with names filled in, and what was styled in it where it stands now."""
    grown: list[tuple[int, int]] = []

    def fill(found: re.Match[str]) -> str:
        mentioned = _read(found)
        new = written(replace(mentioned, name=names.get(mentioned.key) or mentioned.name))
        grown.append((found.end(), len(new) - len(found[0])))
        return new

    text = _FORM.sub(fill, text)

    def moved(position: int) -> int:
        return position + sum(more for end, more in grown if end <= position)

    return text, [replace(one, start=moved(one.start), end=moved(one.end)) for one in styled]
