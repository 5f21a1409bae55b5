"""The guided dialogue: what is still missing is asked, answers are checked as they come. Pure, but for the hand.

A dialogue's state is a small JSON value in the record, so it survives a restart; files are only held in memory
(papers are never stored), so after a restart they are asked for again.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from bot.command import Mistake
from bot.fields import Field, FieldType, field_for, fold
from bot.intake import Typed
from bot.model import Attachment, Kind
from bot.parsing import parse_pairs

EXPIRES = timedelta(hours=24)
"""After this a question nobody answered is forgotten; the draft stays."""

HANDS = 50
"""Dialogues whose files are held at once; the oldest gives way."""

_CANCEL = frozenset(map(fold, ("cancel", "stop", "取消", "算了", "放弃")))
_BACK = frozenset(map(fold, ("back", "undo", "返回", "上一步")))
_SKIP = frozenset(map(fold, ("skip", "跳过")))
_YES = frozenset(map(fold, ("yes", "y", "ok", "confirm", "是", "确认", "好", "确定")))
_NO = frozenset(map(fold, ("no", "n", "否", "不", "不要")))


class Said(StrEnum):
    """What an answer is, beside values."""

    VALUES = "values"
    CANCEL = "cancel"
    BACK = "back"
    SKIP = "skip"
    YES = "yes"
    NO = "no"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Filling:
    """A submission that is being filled in.

    Args:
        kind: what it is.
        numbers: account → the draft (or the request that is edited).
        typed: everything said so far, in order; the name is the value of `name`.
        editing: whether it changes requests that were sent before.
    """

    kind: Kind
    numbers: Mapping[str, int]
    typed: Typed
    editing: bool = False

    @property
    def name(self) -> str:
        """The name, empty when it was not said yet."""
        return next((value for key, value in reversed(self.typed) if key == "name"), "")

    def to_json(self) -> dict[str, Any]:
        """As the record keeps it."""
        return {
            "do": "fill",
            "kind": self.kind,
            "numbers": dict(self.numbers),
            "typed": [list(pair) for pair in self.typed],
            "editing": self.editing,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Filling":
        """From the record."""
        return cls(
            kind=Kind(data["kind"]),
            numbers={str(account): int(number) for account, number in data["numbers"].items()},
            typed=tuple((str(key), str(value)) for key, value in data["typed"]),
            editing=bool(data["editing"]),
        )

    def with_values(self, values: Typed) -> "Filling":
        """With more said; a later value takes the place of an earlier one of the same key."""
        keys = {key for key, _ in values}
        return replace(self, typed=(*(pair for pair in self.typed if pair[0] not in keys), *values))

    def without_last(self) -> "Filling":
        """One answer taken back."""
        return replace(self, typed=self.typed[:-1])

    def only(self, accounts: Sequence[str]) -> "Filling":
        """The same for fewer accounts."""
        return replace(self, numbers={account: self.numbers[account] for account in accounts})


def understand(text: str, missing: Sequence[Field], known: Sequence[Field]) -> tuple[Said, Typed] | Mistake:
    """What somebody said in a dialogue.

    Args:
        text: as typed.
        missing: the fields asked for, the first one is meant when no key is said.
        known: all fields of the submission.

    Returns:
        What it is, and the values in it: a number stands for that choice of the field.
    """
    word = fold(text)
    for words, said in ((_CANCEL, Said.CANCEL), (_BACK, Said.BACK), (_SKIP, Said.SKIP)):
        if word in words:
            return said, ()
    keys = frozenset(name for field in known for name in (field.key, *field.aliases))
    pairs = parse_pairs(text, keys)
    if isinstance(pairs, Mistake):
        return pairs
    if pairs.values:
        return Said.VALUES, tuple((_canonical(key, known), _chosen(key, value, known)) for key, value in pairs.values)
    if not text.strip() or not missing:
        return Said.NOTHING, ()
    first = missing[0]
    value = _unquoted(text.strip())
    return Said.VALUES, ((first.key, _chosen(first.key, value, known)),)


def yes_or_no(text: str) -> Said:
    """An answer to a question that wants yes or no."""
    word = fold(text)
    if word in _YES:
        return Said.YES
    return Said.NO if word in _NO or word in _CANCEL else Said.NOTHING


def _canonical(key: str, known: Sequence[Field]) -> str:
    field = field_for(key, known)
    if field is None or field.type is FieldType.FAMILY:
        return key
    return field.key


def _chosen(key: str, value: str, known: Sequence[Field]) -> str:
    field = field_for(key, known)
    if field is None or field.type is not FieldType.CHOICE or not value.strip().isdigit():
        return value
    position = int(value)
    return field.choices[position - 1].word if 1 <= position <= len(field.choices) else value


def _unquoted(text: str) -> str:
    for start, end in (('"', '"'), ("“", "”"), ("「", "」")):
        if len(text) > 1 and text.startswith(start) and text.endswith(end):
            return text[1:-1]
    return text


class Hand:
    """The files of dialogues under way, in memory only, a bounded number."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, dict[str, tuple[Attachment, ...]]] = OrderedDict()

    def keep(self, who: str, files: Mapping[str, tuple[Attachment, ...]]) -> None:
        """Hold files for a dialogue, beside those held before."""
        held = self._files.pop(who, {})
        held.update(files)
        self._files[who] = held
        while len(self._files) > HANDS:
            self._files.popitem(last=False)

    def look(self, who: str) -> Mapping[str, tuple[Attachment, ...]]:
        """What is held for a dialogue."""
        return self._files.get(who, {})

    def drop(self, who: str) -> None:
        """The dialogue is over."""
        self._files.pop(who, None)
