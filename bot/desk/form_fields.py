"""The fields of a form, made from the declarations of the accounts it is for. Pure."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.contracts import placeholders
from bot.contracts.fields import Fault, Field, FieldType, Problem, field_for
from bot.contracts.model import Words
from bot.contracts.papers import shown, surely_not
from bot.requests.prepare import Prepared

OF = "@"
"""Stands in a form's key between the field's and the account's name; no field has it in its key."""


def merged_fields(declared: Mapping[str, Sequence[Field]]) -> tuple[Field, ...]:
    """The fields of several accounts as one form asks for them.

    Shared ones once, so that every account takes the answer; but an id names something that one account has, so each
    account that wants one is asked for its own.

    Args:
        declared: account → its fields.
    """
    shared: dict[str, dict[str, Field]] = {}
    for account, fields in declared.items():
        for field in fields:
            key = form_key(field, account, declared)
            if key != field.key:
                label = Words(f"{field.label.en} ({account})", f"{field.label.zh}（{account}）")
                shared.setdefault(key, {})[account] = replace(field, key=key, label=label)
            else:
                shared.setdefault(key, {})[account] = field
    return tuple(_strictest(found, alone=len(found) < len(declared) and OF not in key) for key, found in shared.items())


def form_key(field: Field, account: str, declared: Mapping[str, Sequence[Field]]) -> str:
    """The key of an account's field in the form of several: `qualification@aliyun` where each has its own answer."""
    if field.type is not FieldType.REFERENCE:
        return field.key
    others = (one.key for whose, fields in declared.items() if whose != account for one in fields)
    return f"{field.key}{OF}{account}" if field.key in others else field.key


def values_of(account: str, values: Mapping[str, str]) -> dict[str, str]:
    """An account's share of what a form of several was filled in with."""
    parted = ((key.partition(OF), value) for key, value in values.items())
    return {key: value for (key, of, whose), value in parted if not of or whose == account}


def _strictest(found: Mapping[str, Field], *, alone: bool) -> Field:
    """One field for the accounts that share it; where others do not ask for it, it says who does.

    Args:
        found: account → its declaration.
        alone: whether some accounts of the form do not ask for it.
    """
    every = list(found.values())
    field = min(every, key=lambda one: (one.max_bytes or sys.maxsize, one.max_length))
    both = [choice for choice in field.choices if all(one.choice(choice.word) for one in every)]
    types = [media for media in field.media_types if all(media in one.media_types for one in every)]
    why = field.why
    if alone:
        names = list(found)
        why = Words(
            f"Only for {', '.join(names)}." + (f" {why.en}" if why else ""),
            f"仅用于 {'、'.join(names)}。" + (why.zh if why else ""),
        )
    return replace(
        field,
        choices=tuple(both) or field.choices,
        media_types=tuple(types) or field.media_types,
        max_files=min(one.max_files for one in every),
        why=why,
    )


def file_problems(fields: Sequence[Field], files: Mapping[str, Sequence[tuple[str, int]]]) -> Iterator[Problem]:
    """What is wrong with files before they are there, by their number, sizes, and names that tell for certain."""
    for key, given in files.items():
        field = field_for(key, fields)
        if field is None:
            continue
        if len(given) > field.max_files:
            yield Problem(key, Fault.TOO_MANY_FILES, str(len(given)), field)
        for name, size in given:
            if surely_not(name, field):
                yield Problem(key, Fault.FILE_WRONG_TYPE, shown(name), field)
            elif field.max_bytes and size > field.max_bytes:
                yield Problem(key, Fault.FILE_TOO_LARGE, shown(name), field)


def merged(
    prepared: Sequence[Prepared], values: Mapping[str, str], declared: Mapping[str, Sequence[Field]]
) -> dict[str, str]:
    """What stands in a form of several: each account's values under the form's keys, and what was filled in since."""
    known: dict[str, str] = {}
    for item in prepared:
        for key, value in item.values.items():
            field = field_for(key, declared[item.account])
            known.setdefault(key if field is None or "." in key else form_key(field, item.account, declared), value)
    return {**known, **values}


def watched(declared: Mapping[str, Sequence[Field]]) -> frozenset[str]:
    """The keys whose value decides what else is asked for."""
    found = set()
    for fields in declared.values():
        for field in fields:
            for condition in (field.shown, field.required):
                if condition is not None and not isinstance(condition, bool):
                    found.add(condition.key)
    return frozenset(found)


def expanded(field: Field, known: Mapping[str, str]) -> tuple[Field, ...]:
    """A family is one field for each placeholder of the text."""
    if field.type is not FieldType.FAMILY:
        return (field,)
    content = known.get("content", "")
    return tuple(
        replace(
            field,
            key=f"{field.key}.{name}",
            label=Words(f"{field.label.en}: {name}", f"{field.label.zh}：{name}"),
            type=FieldType.TEXT,
        )
        for name in placeholders.names(content)
        if name not in placeholders.bad_names(content)
    )
