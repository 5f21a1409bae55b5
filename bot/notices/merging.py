"""Several notices in one message that names each of them: what is told where many come at once. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.contracts.message import SIGNS, Items, Line, Mark, Mention, Message, Part, Strong, plain
from bot.contracts.model import Words
from bot.notices.compose import Composed
from bot.store.notices import Notice
from bot.wording.language import Language

BULLET = 4
"""Characters that a line of a list takes beside its own, at most."""

HEADING = 200
"""The same of the first line."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What becomes of notices that were claimed together.

    Args:
        message: names what is told; none where fewer than two have something to say.
        told: in it, in its order.
        over: has nothing left to say, and why.
        left: finds no room, and goes with the next.
    """

    message: Message | None
    told: tuple[Notice, ...]
    over: tuple[tuple[Notice, Words], ...]
    left: tuple[Notice, ...]


def merge(language: Language, composed: Sequence[tuple[Notice, Composed]], room: int) -> Digest:
    """Put notices together, in their order, as far as there is room.

    Args:
        language: of the conversation.
        composed: what each of them says now.
        room: characters that surely stand in one message of that chat.
    """
    over = tuple((notice, one.why_not) for notice, one in composed if one.message is None)
    saying = [(notice, one) for notice, one in composed if one.message is not None and not _alone(one)]
    alone = tuple(notice for notice, one in composed if one.message is not None and _alone(one))
    lines: dict[str, Line] = {}  # by what they say: the same is said once
    marks: list[Mark] = []
    called: set[str] = set()
    told: list[Notice] = []
    left = room - HEADING
    for notice, one in saying:
        line, mentioned = _named(one, called)
        said = plain(line)
        if said not in lines:
            left -= len(said) + BULLET
            if left < 0 and told:
                break
            lines[said] = line
            called |= mentioned
            marks.append(one.message.mark if one.message is not None else Mark.NONE)
        told.append(notice)
    rest = tuple(notice for notice, _ in saying[len(told) :])
    if len(told) < 2:
        return Digest(None, (), over, tuple(notice for notice, one in composed if one.message is not None))
    return Digest(_message(language, tuple(lines.values()), marks), tuple(told), over, (*rest, *alone))


def _message(language: Language, lines: tuple[Line, ...], marks: Sequence[Mark]) -> Message:
    marked = [mark for mark in dict.fromkeys(marks) if SIGNS[mark]]
    counted = " · ".join(f"{SIGNS[mark]} {marks.count(mark)}" for mark in marked)
    title = language.plural_line(
        "**{n} thing at once** {marks}", "**{n} things at once** {marks}", len(lines), marks=counted
    )
    return Message(title=title, blocks=(Items(lines),))


def _alone(one: Composed) -> bool:
    """Whether it is a message that is found again later, or changes one that stands there."""
    return bool(one.shows or one.in_place)


def _named(one: Composed, called: set[str]) -> tuple[Line, set[str]]:
    """The line that names a notice, and whom it mentions who was not mentioned before."""
    assert one.message is not None  # noqa: S101 - only those that say something are put together
    line = one.brief or brief(one.message)
    sign = SIGNS[one.message.mark]
    new = {part.key for part in one.message.title if isinstance(part, Mention) and part.key not in called}
    wanted = [part for part in one.message.title if isinstance(part, Mention) and part.key in new]
    parts: list[Part] = [f"{sign} "] if sign else []
    parts += [part for part in line if not isinstance(part, Mention)]
    for part in wanted:
        parts += [" ", part]
    return tuple(parts), new


def brief(message: Message) -> Line:
    """The shortest of a message that still names what it is about: what stands out in its first line, or its beginning."""
    for part in message.title:
        if isinstance(part, Strong):
            return (part.text,)
    return (plain(message.title).partition(" · ")[0],)
