"""A long form in steps: what is asked now, and what was filled in so far. Pure.

A modal with more than about six inputs is hard to fill in (https://docs.slack.dev/surfaces/modals). Which fields a step
asks for follows from the form and from the steps before it, so what a choice brings later is never passed over.
"""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from bot.contracts.chat import Form
from bot.contracts.fields import Field
from bot.contracts.hushed import hushed, of_a_file, of_a_person
from bot.contracts.personal import private

STEP_INPUTS = 6
"""Inputs in one step (https://docs.slack.dev/surfaces/modals, "designing modals")."""

_FILE_KEYS = ("id", "name", "size")
"""What is kept of a file that somebody chose: enough to check it and to fetch it later, never its address."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody filled in.

    Args:
        values: key → text, choice word, `true` or `false`; a comma list where several may be chosen.
        files: key → Slack's file objects.
    """

    values: Mapping[str, str]
    files: Mapping[str, tuple[Mapping[str, Any], ...]]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody has come with a form; kept under the view's id.

    Args:
        values: what was filled in, valid or not.
        files: key → id, name and size of each file that was chosen.
        steps: the keys that each step asked for, of those that were handed in.
        command: what was said, for a form whose first step asks where to submit.
        numbers: the requests that this first step began.
        told: what was said of it, so that what may be minded is said once.
    """

    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    files: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=lambda: MappingProxyType({}))
    steps: tuple[tuple[str, ...], ...] = ()
    command: str = ""
    numbers: tuple[int, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def sizes(self) -> dict[str, list[tuple[str, int]]]:
        """Key → name and size of each file."""
        return {
            key: [(str(file.get("name") or ""), int(file.get("size") or 0)) for file in files]
            for key, files in self.files.items()
        }

    def at(self, step: int) -> "Progress":
        """At a step, counted from 0, with nothing of it and of those after it handed in."""
        return replace(self, steps=self.steps[: max(0, step)])

    def filled(self, filled: Filled) -> "Progress":
        """With more filled in; files stay chosen until others are, for an input of files cannot be shown filled in."""
        given = {key: tuple(_kept(key, file) for file in files) for key, files in filled.files.items()}
        return replace(self, values={**self.values, **filled.values}, files={**self.files, **given})

    def handed_in(self, keys: Sequence[str]) -> "Progress":
        """With one more step handed in."""
        return replace(self, steps=(*self.steps, tuple(keys)))

    def without_files(self, keys: Collection[str]) -> "Progress":
        """With other files to be chosen for these keys."""
        return replace(self, files={key: files for key, files in self.files.items() if key not in keys})

    def told_of(self, found: Mapping[str, str]) -> "Progress":
        """With this said of it."""
        return replace(self, told=tuple(dict.fromkeys((*self.told, *found.values()))))

    def back_to(self, keys: Collection[str]) -> "Progress":
        """At the first step that asked for one of these keys; at the last one when none did."""
        asked = (position for position, step in enumerate(self.steps) if any(key in keys for key in step))
        return self.at(next(asked, len(self.steps) - 1))

    def apart(self) -> tuple["Progress", Mapping[str, str]]:
        """Without what is personal, which is kept nowhere; and that."""
        personal = {key: value for key, value in self.values.items() if private(key) or of_a_person(key, value)}
        public = {key: value for key, value in self.values.items() if key not in personal}
        return replace(self, values=public), personal

    def packed(self) -> str:
        """As a short text."""
        data = {
            "values": dict(self.values),
            "files": {key: [dict(file) for file in files] for key, files in self.files.items()},
            "steps": self.steps,
            "command": hushed(self.command),
            "numbers": self.numbers,
            "told": self.told,
        }
        return json.dumps(data, ensure_ascii=False)

    @classmethod
    def unpacked(cls, text: str) -> "Progress":
        """From what `packed` made."""
        data = json.loads(text)
        return cls(
            values=data["values"],
            files={key: tuple(files) for key, files in data["files"].items()},
            steps=tuple(tuple(step) for step in data["steps"]),
            command=data["command"],
            numbers=tuple(data.get("numbers", ())),
            told=tuple(data.get("told", ())),
        )


def _kept(key: str, file: Mapping[str, Any]) -> dict[str, Any]:
    """A file as it is kept; a picture of a person is often named after them, so of its name only the ending is."""
    kept = {name: file[name] for name in _FILE_KEYS if name in file}
    if private(key) and "name" in kept:
        kept["name"] = f"{key}.{str(kept['name']).rpartition('.')[2][:5]}"
    elif "name" in kept:
        kept["name"] = of_a_file(str(kept["name"]))
    return kept


@dataclass(frozen=True, slots=True)
class Step:
    """What is asked at once.

    Args:
        fields: in order; at most `STEP_INPUTS`.
        number: which step it is, from 1.
        count: how many there are, as far as can be told now.
    """

    fields: tuple[Field, ...]
    number: int
    count: int

    @property
    def last(self) -> bool:
        """Whether nothing is asked after it, as far as can be told now."""
        return self.number == self.count


def next_step(form: Form, progress: Progress) -> Step | None:
    """What is asked now; none when everything was."""
    asked = {key for step in progress.steps for key in step}
    left = [one for one in form.fields if one.key not in asked]
    if not left:
        return None
    more = math.ceil(len(left) / STEP_INPUTS)
    size = math.ceil(len(left) / more)  # equal steps, instead of a full one and one with a single input
    return Step(tuple(left[:size]), len(progress.steps) + 1, len(progress.steps) + more)
