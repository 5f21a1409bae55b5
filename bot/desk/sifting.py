"""What of an answer fits: it is kept, and only the rest is asked for again. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.contracts.fields import Field, FieldType, Problem, canonical_key, field_for
from bot.desk.filling import Filling
from bot.requests.prepare import Prepared, Typed


@dataclass(frozen=True, slots=True)
class Sifted:
    """What was said, apart.

    Args:
        right: the values that fit, in order.
        minded: the keys of those that do not, as the fields are called.
        guessed: what was probably meant instead of those.
    """

    right: Typed
    minded: frozenset[str]
    guessed: Typed


def sift(
    values: Typed, prepared: Sequence[Prepared], fields: Sequence[Field], unknown: Sequence[Problem] = ()
) -> Sifted:
    """Take apart what was said.

    Args:
        values: as typed.
        prepared: what each account would get with them, and what it minds.
        fields: of the submission.
        unknown: keys that no account knows.
    """
    problems = [problem for item in prepared for problem in item.problems]
    minded = {problem.key for problem in problems} | {one.hit.key for item in prepared for one in item.refusals}
    better = dict(next((item.better for item in prepared if item.refusals and item.better_passes), ()))
    strange = {problem.key: problem.nearest for problem in unknown}
    right: list[tuple[str, str]] = []
    guessed: list[tuple[str, str]] = []
    for key, value in values:
        if key in strange:
            field = field_for(strange[key], fields) if strange[key] else None
            guessed += [(field.key, value)] if field is not None and "." not in field.key else []
            continue
        field = field_for(key, fields)
        named = {key, *([field.key, canonical_key(key, field)] if field is not None else [])}
        if not named & minded:
            right.append((key, value))
            continue
        instead = next((problem.instead for problem in problems if problem.key in named and problem.instead), "")
        instead = instead or next((better[one] for one in sorted(named) if one in better), "")
        if instead and field is not None:
            guessed.append((canonical_key(key, field), instead))
    return Sifted(tuple(right), frozenset(minded | set(strange)), tuple(guessed))


def together(filling: Filling, having: dict[str, Typed]) -> Filling:
    """A submission to several accounts that is filled in as one: what they share is said once.

    Args:
        filling: with the requests.
        having: account → what it has.
    """
    said: dict[str, set[str]] = {}
    for values in having.values():
        for key, value in values:
            said.setdefault(key, set()).add(value)
    shared = {key for key, different in said.items() if len(different) == 1}
    typed = dict(pair for values in having.values() for pair in values if pair[0] in shared)
    own = {account: tuple(pair for pair in values if pair[0] not in shared) for account, values in having.items()}
    return replace(filling, typed=tuple(typed.items()), own={account: rest for account, rest in own.items() if rest})


def strange(values: Typed, missing: Sequence[Field], prepared: Sequence[Prepared]) -> bool:
    """Whether an answer without a key names nothing of what the vendors say there is to choose from."""
    if len(values) != 1 or not missing or missing[0].type is not FieldType.REFERENCE:
        return False
    (key, value), *_ = values
    usable = [option for item in prepared for option in item.usable(key)]
    return bool(usable) and not any(value in (option.value, option.label) for option in usable)
