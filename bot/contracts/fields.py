"""Field declarations: what a submission is made of, declared once.

Every chat builds its form or dialogue from them, the check reads them, a vendor's wire module takes its codes from them. The
vocabulary is common; a vendor's folder narrows it with `dataclasses.replace`: choices and codes, limits, what it wants. Pure.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from bot.contracts import hushed, links
from bot.contracts.characters import SEPARATORS, called, cleaned, hidden, latin, look_alikes, plain_lines, seen
from bot.contracts.model import Words


class FieldType(StrEnum):
    """How a field is asked for."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    FLAG = "flag"
    LINK = "link"
    FILE = "file"
    REFERENCE = "reference"  # the id of something the vendor already has; `Reviewing.options` lists it
    FAMILY = "family"  # dotted keys, one for each placeholder of the text: `sample.code`


FILED = "file"
"""Stands for the value of a file field in a condition: a file was given, rather than the id of one."""


@dataclass(frozen=True, slots=True)
class When:
    """A condition on another field: holds when its value is one of `words` (or set at all, when there are none).

    Args:
        key: of the other field.
        words: its values.
        also: another condition that must hold too.
    """

    key: str
    words: tuple[str, ...] = ()
    also: "When | None" = None

    def holds(self, values: Mapping[str, str]) -> bool:
        """Whether it holds for what was filled in so far."""
        value = values.get(self.key, "")
        own = value in self.words if self.words else bool(value)
        return own and (self.also is None or self.also.holds(values))


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice.

    Args:
        word: what people type and the record keeps.
        code: what this vendor calls it on the wire.
        label: what a form shows.
        aliases: other words for it, Chinese ones among them.
        only: a default is this one only under this condition.
        offered: it can be chosen only under this condition.
        note: what a vendor says of this one, a clause without its stop; part of the hint where it is offered.
    """

    word: str
    label: Words
    aliases: tuple[str, ...] = ()
    code: int | str = ""
    only: When | None = None
    offered: When | None = None
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a submission may or must have.

    Args:
        key: the word people type, the same for every vendor.
        label: what a form calls it.
        hint: one sentence of help: limits, what passes more easily.
        type: how it is asked for.
        aliases: other spellings of the key, Chinese ones among them.
        required: always, never, or under a condition.
        shown: asked for only under this condition.
        choices: of a choice.
        min_length: characters, both ends included.
        max_length: characters, both ends included.
        wider: a condition under which it may have more, and how many then.
        pattern: a full match that the text must be, with `pattern_says` for people.
        pattern_says: the pattern in words.
        default: taken when nothing was said.
        options: of a reference: what `Reviewing.options` is asked for, e.g. `qualifications`.
        media_types: of a file, by its bytes.
        max_bytes: of a file.
        max_files: how many files.
        max_total: bytes of all of them together; 0 where only each is bounded.
        or_id: of a file: the vendor may have it already, then its id is taken instead.
        why: why this vendor asks for it, shown where others do not ask.
        private: personal data, which is asked for in private and never kept (`bot.contracts.personal`).
        sent_to: of a code: key of the phone number to which the vendor sends it (`bot.contracts.codes.Verifying`).
        source: where the limits were read.
    """

    key: str
    label: Words
    hint: Words
    type: FieldType = FieldType.TEXT
    aliases: tuple[str, ...] = ()
    required: bool | When = False
    shown: When | None = None
    choices: tuple[Choice, ...] = ()
    min_length: int = 0
    max_length: int = 2000
    wider: tuple[When, int] | None = None
    pattern: str = ""
    pattern_says: Words | None = None
    default: str = ""
    options: str = ""
    media_types: tuple[str, ...] = ()
    max_bytes: int = 0
    max_files: int = 1
    max_total: int = 0
    or_id: bool = False
    why: Words | None = None
    private: bool = False
    sent_to: str = ""
    source: str = ""

    def needed(self, values: Mapping[str, str]) -> bool:
        """Whether it must be filled in, given the other values."""
        if self.shown is not None and not self.shown.holds(values):
            return False
        return self.required.holds(values) if isinstance(self.required, When) else self.required

    @property
    def unasked(self) -> bool:
        """Whether it is there for those who say it, to be answered, and asked of nobody: shown under a condition on itself."""
        return self.shown is not None and self.shown.key == self.key

    def choice(self, word: str) -> Choice | None:
        """The choice that goes by this word, alias or label."""
        folded = fold(word)
        for choice in self.choices:
            if folded in _names((choice.word, *choice.aliases, choice.label.en, choice.label.zh)):
                return choice
        return None

    def code(self, word: str) -> int | str:
        """What this vendor calls a choice on the wire.

        Raises:
            KeyError: the word is no choice of this field.
        """
        for choice in self.choices:
            if choice.word == word:
                return choice.code
        raise KeyError(word)


def suited(field: Field, values: Mapping[str, str]) -> Field:
    """A field with the length that it may have, given the other values."""
    if field.wider is None or not field.wider[0].holds(values):
        return field
    return replace(field, max_length=field.wider[1], wider=None)


def offering(field: Field, values: Mapping[str, str]) -> Field:
    """A field with the choices that there are, given the other values."""
    field = suited(field, values)
    left = tuple(choice for choice in field.choices if choice.offered is None or choice.offered.holds(values))
    return field if len(left) == len(field.choices) else replace(field, choices=left)


def spoken(field: Field, choices: Iterable[Choice] | None = None) -> Words:
    """The hint of a field, with what is said of the choices it offers, or of these only."""
    notes = [choice.note for choice in (field.choices if choices is None else choices) if choice.note is not None]
    english = "".join(f" {note.en[:1].upper()}{note.en[1:]}." for note in notes)
    return Words(f"{field.hint.en}{english}".strip(), f"{field.hint.zh}{''.join(f'{note.zh}。' for note in notes)}")


class Fault(StrEnum):
    """What can be wrong with one field; `bot.wording` says it in words."""

    MISSING = "missing"
    UNKNOWN_KEY = "unknown_key"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_FLAG = "not_a_flag"
    NOT_A_LINK = "not_a_link"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    BAD_FORM = "bad_form"
    BAD_CHARACTERS = "bad_characters"
    LOOK_ALIKE = "look_alike"
    OF_A_PERSON = "of_a_person"
    NO_SUCH_PLACEHOLDER = "no_such_placeholder"
    TOO_MANY_FILES = "too_many_files"
    FILE_TYPED = "file_typed"
    FILE_MISSING = "file_missing"
    FILE_IS_FOLDER = "file_is_folder"
    FILE_UNREADABLE = "file_unreadable"
    FILE_TOO_LARGE = "file_too_large"
    FILES_TOO_LARGE = "files_too_large"
    FILE_EMPTY = "file_empty"
    FILE_WRONG_TYPE = "file_wrong_type"
    FILE_DAMAGED = "file_damaged"
    FILE_LOCKED = "file_locked"
    FILE_TOO_MANY_PIXELS = "file_too_many_pixels"
    FILE_NOT_PLACED = "file_not_placed"
    NOT_FILED = "not_filed"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, apart from its wording.

    Args:
        key: the field's key as typed.
        fault: what is wrong.
        value: what was typed, shortened; never the content of a file.
        field: the declaration at hand, when there is one.
        nearest: a known word that was probably meant.
        found: of a file: the media type of what it is, where its bytes were seen; of a text: a
            character that should not be there, by number and name.
        position: where that character stands, from 1.
        instead: the whole value as it could be used; empty where that is not known.
    """

    key: str
    fault: Fault
    value: str = ""
    field: Field | None = None
    nearest: str = ""
    found: str = ""
    position: int = 0
    instead: str = ""


_TRUE = ("true", "yes", "y", "1", "是", "对")
_FALSE = ("false", "no", "n", "0", "否", "不")
_OWN_KEY = re.compile(r"\s*(?P<key>[^\W\d][\w.．-]{0,80})\s*(?P<mark>[=＝﹦]|[:：﹕](?!//))(?P<value>.*)", re.DOTALL)
_QUOTED = (('"', '"'), ("“", "”"), ("「", "」"), ("'", "'"))

_FREE = (FieldType.TEXT, FieldType.LONG_TEXT)


def fold(word: str) -> str:
    """A word as it is compared: NFKC, lower case, no outer spaces (spec 3), without what nobody sees."""
    return (word if word.isascii() else unicodedata.normalize("NFKC", seen(word))).strip().casefold()


def is_true(value: str) -> bool:
    """Whether a typed value says yes."""
    return fold(value) in _TRUE


_names = cache(lambda words: frozenset(map(fold, words)))  # of what is declared, so there are few


def field_for(key: str, fields: Iterable[Field]) -> Field | None:
    """The field that goes by this key or alias; a dotted key finds its family."""
    folded = fold(key)
    head = folded.split(".", 1)[0]
    for field in fields:
        names = _names((field.key, *field.aliases))
        if folded in names or (field.type is FieldType.FAMILY and "." in folded and head in names):
            return field
    return None


def canonical_key(key: str, field: Field) -> str:
    """The key as the record keeps it: aliases resolved, the part behind the dot as typed."""
    if field.type is FieldType.FAMILY and "." in key:
        return f"{field.key}.{key.split('.', 1)[1].strip()}"
    return field.key


def check_value(field: Field, key: str, value: str) -> tuple[str, Problem | None]:
    """One value against its declaration.

    Args:
        field: the declaration.
        key: the key as typed, for the problem.
        value: what was typed.

    Returns:
        The value as the record keeps it, and what is wrong with it, if anything; of a private one the problem shows nothing.
    """
    value, problem = _checked(field, key, value)
    if field.private:
        return value, problem and replace(problem, value="…", instead="")
    kept = Problem(key, Fault.OF_A_PERSON, hushed.hushed(value)[:60], field)
    return value, kept if hushed.of_a_person(field.key, value) else problem


def _checked(field: Field, key: str, value: str) -> tuple[str, Problem | None]:
    value = _alone(field, without_its_key(field, key, plain_lines(value)))
    shown = value[:60]
    match field.type:
        case FieldType.CHOICE | FieldType.FAMILY if field.choices:
            found = field.choice(value)
            if found is None and field.choice(latin(value)):
                return value, replace(foreign_letter(key, value), field=field, instead=latin(value))
            return (found.word, None) if found else (value, Problem(key, Fault.NOT_A_CHOICE, shown, field))
        case FieldType.FLAG:
            folded = fold(value)
            if folded in _TRUE or folded in _FALSE:
                said = "true" if folded in _TRUE else "false"
                barred = field.pattern and not re.fullmatch(field.pattern, said)
                return said, Problem(key, Fault.BAD_FORM, shown, field) if barred else None
            return value, Problem(key, Fault.NOT_A_FLAG, shown, field)
        case FieldType.LINK:
            if not links.is_link(value):
                return value, Problem(key, Fault.NOT_A_LINK, shown, field, instead=links.narrowed(value))
        case _:
            value = value.strip()
    return value, _text_problem(field, key, value)


def without_its_key(field: Field, key: str, value: str) -> str:
    """A value without its own key, typed along into the place that is only for the value: `sample.name=张三`, `来源：企业`.

    With a colon only where the value is no long text, for people begin sentences so.

    Args:
        field: the declaration.
        key: whose value it is; of a family with the placeholder.
        value: as typed.
    """
    found = _OWN_KEY.fullmatch(value)
    if found is None or (found["mark"] not in "=＝﹦" and field.type is FieldType.LONG_TEXT):
        return value
    names = {fold(name) for name in (field.key, *field.aliases)}
    if field.type is FieldType.FAMILY:
        own = fold(key.partition(".")[2])
        names = {own, *(f"{name}.{own}" for name in names)}
    if fold(found["key"]) not in names:
        return value
    inner = found["value"].strip()
    for start, end in _QUOTED:
        if len(inner) > 1 and inner.startswith(start) and inner.endswith(end):
            return inner[1:-1]
    return inner


def _alone(field: Field, value: str) -> str:
    """A value without the punctuation behind it, where it is no text that people wrote; a link in its own way."""
    if field.type in _FREE:
        return value
    if field.type is FieldType.LINK:
        return links.alone(value)
    ends = f"{SEPARATORS}。" if field.type not in (FieldType.CHOICE, FieldType.FLAG) else f"{SEPARATORS}。.！!"
    return value.strip().rstrip(ends).rstrip() or value


def strange_characters(key: str, value: str, field: Field | None = None) -> Problem | None:
    """What of a text cannot be seen, or only looks like something else; the first of it, and the text without.

    Args:
        key: whose value it is.
        value: as typed.
        field: its declaration, where there is one.
    """
    shown = value[:60]
    for position, character in hidden(value):
        return Problem(key, Fault.BAD_CHARACTERS, shown, field, "", called(character), position, cleaned(value))
    for one in look_alikes(value):
        instead = cleaned(value)
        return Problem(key, Fault.LOOK_ALIKE, shown, field, one.proper, called(one.character), one.position, instead)
    return None


def foreign_letter(key: str, word: str) -> Problem:
    """The first letter of another script in a word of ours that has one (`сompany`)."""
    at, letter = next((at, one) for at, one in enumerate(word, 1) if latin(one) != one)
    return Problem(key, Fault.LOOK_ALIKE, word[:60], None, latin(letter), called(letter), at, latin(word))


def _text_problem(field: Field, key: str, value: str) -> Problem | None:
    shown = value[:60]
    if field.type is not FieldType.LONG_TEXT and "\n" in value:
        position = value.index("\n") + 1
        return Problem(key, Fault.BAD_CHARACTERS, shown, field, found=called("\n"), position=position)
    if strange := strange_characters(key, value, field):
        return strange
    if len(value) > field.max_length:
        return Problem(key, Fault.TOO_LONG, shown, field)
    if len(value) < field.min_length:
        return Problem(key, Fault.TOO_SHORT, shown, field)
    if field.pattern and not re.fullmatch(field.pattern, value):
        narrow = unicodedata.normalize("NFKC", value)  # full-width letters, where the vendor minds them
        instead = narrow if narrow != value and re.fullmatch(field.pattern, narrow) else ""
        return Problem(key, Fault.BAD_FORM, shown, field, instead=instead)
    return None
