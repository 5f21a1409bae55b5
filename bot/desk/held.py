"""What dialogues have in memory: files, whose turn it is, and how long a question waits.

Papers are never stored, so after a restart files are asked for again.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from weakref import WeakValueDictionary

from bot.contracts.model import Attachment
from bot.store.units import otherwise

REMIND_AFTER = timedelta(minutes=30)
"""After this a question nobody answered is reminded of, once."""

EXPIRES = timedelta(hours=24)
"""After this a question nobody answered is forgotten; the draft stays."""

HANDS = 50

HELD_BYTES = 64 * 1024 * 1024
"""Dialogues whose files are held at once, and bytes of all of them; the oldest gives way."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a question waits.

    Args:
        remind: until the person is reminded.
        forget: until the question is forgotten.
    """

    remind: timedelta = REMIND_AFTER
    forget: timedelta = EXPIRES

    def at_speed(self, speed: float) -> "Patience":
        """The same for a person, where the domain's time runs so much faster than the machine's (the demo)."""
        return Patience(self.remind * speed, self.forget * speed)


@dataclass(frozen=True, slots=True)
class _Held:
    about: frozenset[int]
    files: Mapping[str, tuple[Attachment, ...]]

    @property
    def size(self) -> int:
        return sum(len(file.content) for files in self.files.values() for file in files)


class HeldFiles:
    """The files of dialogues under way, in memory only, a bounded number."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, _Held] = OrderedDict()

    def keep(self, who: str, files: Mapping[str, tuple[Attachment, ...]], about: Sequence[int] = ()) -> None:
        """Hold files for a dialogue, beside those held before for the same requests.

        Args:
            who: whose.
            files: key → files.
            about: the numbers of the requests; files held for others give way.
        """
        held = self._held.get(who)
        if held is None or (held.about.isdisjoint(about) and (held.about or about)):
            held = _Held(frozenset(about), {})
        self._put(who, _Held(held.about, {**held.files, **files}))
        self._held.move_to_end(who)
        while len(self._held) > 1 and (
            len(self._held) > HANDS or sum(one.size for one in self._held.values()) > HELD_BYTES
        ):
            self._held.popitem(last=False)

    def look(self, who: str, about: Sequence[int] = ()) -> Mapping[str, tuple[Attachment, ...]]:
        """What is held for a dialogue.

        Args:
            who: whose.
            about: the numbers of its requests; whatever is held when left out.
        """
        held = self._held.get(who)
        return held.files if held is not None and not (about and held.about.isdisjoint(about)) else {}

    def bring(self, who: str, whose: str, about: Sequence[int]) -> None:
        """Take along what the same person handed in elsewhere for the same requests.

        Args:
            who: the dialogue that goes on.
            whose: the end of the names of that person's dialogues.
            about: the numbers of the requests.
        """
        others = [
            name for name, held in self._held.items() if name.endswith(whose) and not held.about.isdisjoint(about)
        ]
        for other in others:
            if other != who:
                self.keep(who, self._held[other].files, about)
                self._put(other, None)

    def give_back(self, who: str, keys: Sequence[str]) -> None:
        """Files that were taken back."""
        if held := self._held.get(who):
            self._put(who, _Held(held.about, {key: files for key, files in held.files.items() if key not in keys}))

    def drop(self, who: str, about: Sequence[int] = ()) -> None:
        """The dialogue is over, for these requests or (when left out) for all of them."""
        held = self._held.get(who)
        if held is None:
            return
        left = held.about.difference(about) if about else frozenset[int]()
        self._put(who, _Held(left, held.files) if left else None)

    def _put(self, who: str, held: _Held | None) -> None:
        """What is held for a dialogue now, nothing for none; as before should nothing of what was said be stored."""
        otherwise(partial(self._set, who, self._held.get(who)))
        self._set(who, held)

    def _set(self, who: str, held: _Held | None) -> None:
        if held is None:
            self._held.pop(who, None)
        else:
            self._held[who] = held


class Turns:
    """One answer at a time for each dialogue: a file handed in elsewhere can come while an answer is taken."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, who: str) -> asyncio.Lock:
        """The turn of one dialogue; lives as long as somebody has it or waits for it."""
        lock = self._locks.get(who)
        if lock is None:
            lock = self._locks[who] = asyncio.Lock()
        return lock


@dataclass(frozen=True, slots=True)
class Dialogues:
    """What dialogues under way have in memory.

    Args:
        held: their files.
        turns: whose turn it is.
        patience: how long a question waits.
    """

    held: HeldFiles = field(default_factory=HeldFiles)
    turns: Turns = field(default_factory=Turns)
    patience: Patience = field(default_factory=Patience)
