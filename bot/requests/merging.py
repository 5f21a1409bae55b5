"""One field for several accounts that share it: what fits all of them, and whose each thing is that differs. Pure."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.contracts.fields import Field, FieldType, spoken
from bot.contracts.model import Words


def one_field(found: Mapping[str, Field], *, alone: bool = False) -> Field:
    """One field that every account takes the answer to.

    Its limits are the strictest of all, its choices and file types those that all have. What the vendors say of it
    is said once where they say the same, otherwise each with its accounts.

    Args:
        found: account → its declaration.
        alone: whether other accounts do not ask for it; then it says who does.
    """
    every = list(found.values())
    field = min(every, key=lambda one: (one.max_bytes or sys.maxsize, one.max_length))
    both = tuple(choice for choice in field.choices if all(one.choice(choice.word) for one in every))
    types = tuple(media for media in field.media_types if all(media in one.media_types for one in every))
    choices, types = both or field.choices, types or field.media_types
    words = {choice.word for choice in choices}
    hints = {
        account: spoken(one, (choice for choice in one.choices if choice.word in words))
        for account, one in found.items()
    }
    whys = {account: one.why for account, one in found.items() if one.why is not None}
    why = _each(whys, whole=len(set(whys.values())) < 2)
    forms = {account: _stopped(one.pattern_says) for account, one in found.items() if one.pattern_says is not None}
    if alone:
        names = list(found)
        only = Words(f"Only for {', '.join(names)}.", f"仅用于 {'、'.join(names)}。")
        why = only if why is None else Words(f"{only.en} {why.en}", f"{only.zh}{why.zh}")
    return replace(
        field,
        hint=_each(hints, whole=len(set(hints.values())) < 2) or field.hint,
        choices=tuple(choice if choice.note is None else replace(choice, note=None) for choice in choices),
        media_types=types,
        max_files=min(one.max_files for one in every),
        max_length=min(one.max_length for one in every),
        min_length=max(one.min_length for one in every),
        why=why,
        pattern_says=_each(forms, whole=len(set(forms.values())) < 2),
    )


def merged(declared: Sequence[tuple[str, Sequence[Field]]]) -> tuple[Field, ...]:
    """The fields of several accounts, shared ones as one, in the order to ask for them.

    Where some ask for it and others only know it, it is as the first ask for it.

    Args:
        declared: account and its fields.
    """
    shared: dict[str, dict[str, Field]] = {}
    for account, fields in declared:
        for field in fields:
            shared.setdefault(field.key, {})[account] = field
    asked = ({account: field for account, field in found.items() if not field.unasked} for found in shared.values())
    return tuple(one_field(wanted or found) for wanted, found in zip(asked, shared.values(), strict=True))


def _each(said: Mapping[str, Words], *, whole: bool) -> Words | None:
    """What is said, with the accounts that say it, unless it holds for the whole; none where nothing is."""
    if not said:
        return None
    if whole:
        return next(iter(said.values()))
    by: dict[Words, list[str]] = {}
    for account, words in said.items():
        by.setdefault(words, []).append(account)
    told = [(words, names) for words, names in by.items() if words.en or words.zh]
    return Words(
        " ".join(f"{', '.join(names)}: {words.en}" for words, names in told),
        "".join(f"{'、'.join(names)}：{words.zh}" for words, names in told),
    )


def _stopped(words: Words) -> Words:
    """As whole sentences, so that another one can follow."""
    return Words(words.en.rstrip(".") + ".", words.zh.rstrip("。") + "。")


def is_menu(field: Field) -> bool:
    """Whether one of a few words is wanted: a choice, or one of a family of choices."""
    return field.type is FieldType.CHOICE or (field.type is FieldType.FAMILY and bool(field.choices))
