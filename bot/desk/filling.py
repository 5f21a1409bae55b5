"""A submission that is being filled in: what was said so far, answer by answer.

It is a small JSON value in the record, so it survives a restart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.contracts.model import Kind
from bot.requests.prepare import Typed


@dataclass(frozen=True, slots=True)
class Step:
    """One answer, which `back` takes back whole.

    Args:
        values: keys and values.
        papers: keys of the files that came with it.
        skipped: accounts that were left out.
    """

    values: Typed = ()
    papers: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filling:
    """A submission that is being filled in.

    Args:
        kind: what it is.
        numbers: account → the draft (or the request that is edited).
        typed: what the command said, in order; the name is the value of `name`.
        editing: whether it changes requests that exist, rather than submits new ones.
        steps: the answers since, in order.
        stood: account → `Request.standing` when this was begun; a request that moved on is no longer asked about.
        missing: the keys that were asked for last.
        own: account → what only it has, of drafts that are filled in together.
        guessed: values that may have been meant; whoever is asked says `yes` to them, or something else.
        warned: the rules that were asked about; none is asked about twice.
    """

    kind: Kind
    numbers: Mapping[str, int]
    typed: Typed
    editing: bool = False
    steps: tuple[Step, ...] = ()
    stood: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    own: Mapping[str, Typed] = field(default_factory=dict)
    guessed: Typed = ()
    warned: tuple[str, ...] = ()

    @property
    def said(self) -> Typed:
        """Everything said so far; a later value takes the place of an earlier one of the same key."""
        said = self.typed
        for step in self.steps:
            said = _with(said, step.values)
        return said

    def has_file(self, key: str) -> bool:
        """Whether a file came for this, whatever may still come."""
        return any(key in step.papers for step in self.steps)

    @property
    def name(self) -> str:
        """The name, empty when it was not said yet."""
        names = (value for key, value in reversed(self.said) if key == "name")
        return next(names, "") or next((value for own in self.own.values() for key, value in own if key == "name"), "")

    def said_to(self, account: str) -> Typed:
        """Everything said so far for one account; what is said for all of them goes before what it had of its own."""
        return _with(self.own.get(account, ()), self.said)

    @property
    def going(self) -> Mapping[str, int]:
        """The accounts that were not left out, with their requests."""
        out = {account for step in self.steps for account in step.skipped}
        return {account: number for account, number in self.numbers.items() if account not in out}

    def to_json(self) -> dict[str, Any]:
        """As the record keeps it."""
        return {
            "do": "fill",
            "kind": self.kind,
            "numbers": dict(self.numbers),
            "typed": [list(pair) for pair in self.typed],
            "editing": self.editing,
            "steps": [
                {
                    "values": [list(pair) for pair in step.values],
                    "papers": list(step.papers),
                    "skipped": list(step.skipped),
                }
                for step in self.steps
            ],
            "stood": dict(self.stood),
            "missing": list(self.missing),
            "own": {account: [list(pair) for pair in values] for account, values in self.own.items()},
            "guessed": [list(pair) for pair in self.guessed],
            "warned": list(self.warned),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Filling":
        """From the record; what an earlier version did not keep is empty."""
        return cls(
            kind=Kind(data["kind"]),
            numbers={str(account): int(number) for account, number in data["numbers"].items()},
            typed=_pairs(data["typed"]),
            editing=bool(data["editing"]),
            steps=tuple(
                Step(_pairs(step["values"]), tuple(step["papers"]), tuple(step["skipped"]))
                for step in data.get("steps", ())
            ),
            stood=dict(data.get("stood", {})),
            missing=tuple(data.get("missing", ())),
            own={str(account): _pairs(values) for account, values in data.get("own", {}).items()},
            guessed=_pairs(data.get("guessed", ())),
            warned=tuple(data.get("warned", ())),
        )

    def with_values(self, values: Typed) -> "Filling":
        """With more said from the start."""
        return replace(self, typed=_with(self.typed, values))

    def warned_of(self, rules: Sequence[str]) -> "Filling":
        """With these rules asked about."""
        return replace(self, warned=tuple(dict.fromkeys((*self.warned, *rules))))

    def answered(self, step: Step) -> "Filling":
        """With one more answer."""
        return replace(self, steps=(*self.steps, step))

    def without_last(self) -> "Filling":
        """One answer taken back."""
        return replace(self, steps=self.steps[:-1])

    def only(self, accounts: Sequence[str]) -> "Filling":
        """The same for fewer accounts, the others forgotten."""
        return replace(self, numbers={account: self.numbers[account] for account in accounts})


def _with(said: Typed, values: Typed) -> Typed:
    keys = {key for key, _ in values}
    return (*(pair for pair in said if pair[0] not in keys), *values)


def _pairs(data: Sequence[Sequence[Any]]) -> Typed:
    return tuple((str(key), str(value)) for key, value in data)
