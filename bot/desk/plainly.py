"""What no text message can carry, found in what was typed for a vendor: formatting, people who are mentioned, emoji. Pure.

A chat shows such things in its own way, so nobody can tell what was meant to be sent. Nothing is dropped or sent in
silence: the person is told, and offered the same as plain text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.commands.command import Command
from bot.commands.quotes import QUOTES
from bot.commands.tokens import quoted
from bot.contracts import mentions
from bot.contracts.fields import FieldType, field_for
from bot.contracts.message import SAY, Block, Button, Commands, Items, Line, Mark, Message
from bot.contracts.model import Incoming, Styled
from bot.contracts.vocabulary import NAME, VOCABULARY
from bot.wording.language import Language
from bot.wording.problems import key_word
from bot.wording.view import View

_FREE = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.FAMILY)
"""What is sent as it was typed; marks around a choice, an id or an address say nothing."""

_EMOJI = ":"

_BEFORE_LINE = (">", "•")
"""Marks that stand before a line, not around it; so does the number of a list."""

_OPENING = re.escape("".join(QUOTES))

_SLASH = re.compile(r"\s*/\s*sms(?![a-z0-9_])\s*", re.IGNORECASE)


class What(StrEnum):
    """What no text message can carry."""

    FORMATTING = "formatting"
    MENTION = "mention"
    EMOJI = "emoji"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing in a value that has to be asked about.

    Args:
        key: of the value.
        what: what it is.
        shown: as people typed it.
        styled: where it stands, of formatting and emoji.
    """

    key: str
    what: What
    shown: str
    styled: Styled | None = None


def in_command(command: Command, incoming: Incoming) -> tuple[Doubt, ...]:
    """What of a command for a vendor has to be asked about; nothing for the other commands, where it does no harm."""
    if command.declaration.keys is not True:
        return ()
    beside = len(command.values) - len(incoming.values)
    named = ((NAME.key, command.name),) if command.name else ()
    return (*_doubts(named, incoming), *in_values(command.values[:beside], incoming), *_beside(incoming))


def in_values(values: Sequence[tuple[str, str]], incoming: Incoming) -> tuple[Doubt, ...]:
    """What of values that were typed has to be asked about.

    Args:
        values: as they were read from `incoming.text`, in order.
        incoming: what was said.
    """
    return tuple(_doubts(values, incoming))


def readable(command: Command) -> Command:
    """A command with people's names in its words and notes, in the place of mentions.

    A value that is a mention stays one: it says who is meant.
    """
    return replace(
        command,
        name=mentions.shown(command.name),
        text=mentions.shown(command.text),
        values=tuple((key, value if mentions.alone(value) else mentions.shown(value)) for key, value in command.values),
    )


def asked_back(
    view: View,
    doubts: Sequence[Doubt],
    command: Command,
    incoming: Incoming,
    read: Callable[[str], Command | None],
) -> Message:
    """Asks about a command: what cannot be sent, and the same as plain text, to say or to press.

    Args:
        view: the reader's.
        doubts: what has to be asked about; at least one.
        command: as it was understood.
        incoming: what was said.
        read: what a text says as a command.
    """
    language = view.language
    said = _as_plain_text(view, doubts, incoming)
    again = read(said) if said else None
    same = (
        again is not None
        and (again.declaration, again.accounts) == (command.declaration, command.accounts)
        and [key for key, _ in again.values] == [key for key, _ in command.values]
        and again.name == mentions.spelled(command.name)
    )
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    if same:
        blocks = (Commands(language.text("As plain text"), (said,)),)
        if not incoming.files:
            buttons = (Button(SAY, said, language.text("Go on as plain text")),)
    return _message(language, doubts, blocks, buttons)


def asked_again(language: Language, doubts: Sequence[Doubt]) -> Message:
    """Asks for an answer once more: what cannot be sent."""
    return _message(language, doubts)


# --- Finding -----------------------------------------------------------------------------------------------------------


def _doubts(values: Sequence[tuple[str, str]], incoming: Incoming) -> Iterator[Doubt]:
    """What has to be asked about in values that stand in the text."""
    text, position = incoming.text, 0
    styled = [one for one in incoming.styled if not one.key]
    for key, value in values:
        yield from _mentioned(key, value)
        if not styled or not value.strip():
            continue
        start = _place(text, value, position)
        if start < 0:
            continue
        position = start + len(value)
        for one in styled:
            if _within(text, one, start, position):
                yield from _styled(key, one, text, whole=(one.start, one.end) == (start, position))


def _beside(incoming: Incoming) -> Iterator[Doubt]:
    """What has to be asked about in values beside the text."""
    for key, value in incoming.values:
        yield from _mentioned(key, value)
        for one in incoming.styled:
            if one.key == key:
                yield from _styled(key, one, value, whole=False)


def _mentioned(key: str, value: str) -> Iterator[Doubt]:
    yield from (Doubt(key, What.MENTION, one.shown) for one in mentions.all_in(value))


def _styled(key: str, one: Styled, text: str, *, whole: bool) -> Iterator[Doubt]:
    field = field_for(key, VOCABULARY.values())
    if field is not None and (field.type not in _FREE or (field.key == NAME.key and whole)):
        return
    piece = text[one.start : one.end]
    if one.sign == _EMOJI:
        yield Doubt(key, What.EMOJI, piece, one)
        return
    before_line = one.sign in _BEFORE_LINE or one.sign[0].isdigit()
    shown = f"{one.sign} {piece}" if before_line else f"{one.sign}{piece}{one.sign}"
    yield Doubt(key, What.FORMATTING, shown, one)


def _place(text: str, value: str, position: int) -> int:
    """Where a value stands: behind its mark, perhaps in quotes; else anywhere. -1 where it is not said so."""
    found = re.compile(rf"[=＝﹦:：﹕]\s*[{_OPENING}]?(?={re.escape(value)})").search(text, position)
    return found.end() if found else text.find(value, position)


def _within(text: str, one: Styled, start: int, end: int) -> bool:
    """Whether formatting belongs to the value that stands here: what goes around the whole pair, or more, does not."""
    if one.end <= start or one.start >= end:
        return False
    around = one.start < start and one.end >= end
    return not around or not text[one.start : start].strip("".join(QUOTES) + " ")


# --- Saying ------------------------------------------------------------------------------------------------------------


def _message(
    language: Language, doubts: Sequence[Doubt], blocks: tuple[Block, ...] = (), buttons: tuple[Button, ...] = ()
) -> Message:
    groups = dict.fromkeys((one.key, one.what) for one in doubts)
    lines = tuple(
        _line(language, key, what, dict.fromkeys(one.shown for one in doubts if (one.key, one.what) == (key, what)))
        for key, what in groups
    )
    return Message(
        title=language.line("**Nothing was done yet: a text message cannot carry this.**"),
        mark=Mark.BAD,
        blocks=(Items(lines), *blocks),
        buttons=buttons,
    )


def _line(language: Language, key: str, what: What, pieces: dict[str, None]) -> Line:
    field = field_for(key, VOCABULARY.values())
    word = key_word(language, field) if field is not None and "." not in key else key
    shown = language.joined([f"“{piece if len(piece) <= 40 else piece[:39] + '…'}”" for piece in pieces])
    match what:
        case What.FORMATTING:
            return language.line(
                "`{key}`: {pieces} is formatted. A phone would show the signs, and vendors refuse most of them; "
                "say it without.",
                key=word,
                pieces=shown,
            )
        case What.MENTION:
            return language.line(
                "`{key}`: {pieces} is a mention. A text message cannot mention anybody; write the name.",
                key=word,
                pieces=shown,
            )
        case What.EMOJI:
            return language.line(
                "`{key}`: {pieces} is an emoji. Vendors refuse most of them; say it without.", key=word, pieces=shown
            )


def _as_plain_text(view: View, doubts: Sequence[Doubt], incoming: Incoming) -> str:
    """The same command as plain text; empty where somebody's name is not known."""
    emoji = [one.styled for one in doubts if one.what is What.EMOJI and one.styled is not None]
    texts = (incoming.text, *(value for _, value in incoming.values))
    if not all(one.name for text in texts for one in mentions.all_in(text)):
        return ""
    said = _plain(incoming.text, [one for one in emoji if not one.key])
    for key, value in incoming.values:
        said += f" {key}={quoted(_plain(value, [one for one in emoji if one.key == key]))}"
    said = said[found.end() :] if (found := _SLASH.match(said)) else said
    return view.typed(said) if incoming.values else said


def _plain(text: str, emoji: Sequence[Styled]) -> str:
    for one in sorted(emoji, key=lambda one: -one.start):
        before, after = text[: one.start], text[one.end :]
        text = before + (after[1:] if before.endswith(" ") and after.startswith(" ") else after)
    return mentions.spelled(text)
