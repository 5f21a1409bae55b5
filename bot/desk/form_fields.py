"""The fields of a form, made from the declarations of the accounts it is for. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.contracts import placeholders
from bot.contracts.fields import Fault, Field, FieldType, Problem, field_for
from bot.contracts.model import Words
from bot.contracts.papers import shown, surely_not
from bot.requests.merging import one_field
from bot.requests.prepare import Prepared
from bot.wording.problems import size as readable
from bot.wording.problems import type_names

ACCOUNTS = "accounts"
"""Key of the accounts in the step that asks for them; no vendor has a field of this name."""

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
            if field.unasked:
                continue
            key = form_key(field, account, declared)
            if key != field.key:
                label = Words(f"{field.label.en} ({account})", f"{field.label.zh}（{account}）")
                shared.setdefault(key, {})[account] = replace(field, key=key, label=label)
            else:
                shared.setdefault(key, {})[account] = field
    return tuple(one_field(found, alone=len(found) < len(declared) and OF not in key) for key, found in shared.items())


def form_key(field: Field, account: str, declared: Mapping[str, Sequence[Field]]) -> str:
    """The key of an account's field in the form of several: `qualification@aliyun` where each has its own answer."""
    if field.type is not FieldType.REFERENCE:
        return field.key
    others = (one.key for whose, fields in declared.items() if whose != account for one in fields)
    return f"{field.key}{OF}{account}" if field.key in others else field.key


def values_of(account: str, values: Mapping[str, str]) -> dict[str, str]:
    """An account's share of what a form of several was filled in with."""
    parted = ((key.partition(OF), value) for key, value in values.items() if key != ACCOUNTS)
    return {key: value for (key, of, whose), value in parted if not of or whose == account}


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
            for condition in (field.shown, field.required, *(choice.offered for choice in field.choices)):
                if condition is not None and not isinstance(condition, bool):
                    found.add(condition.key)
    return frozenset(found)


def expanded(field: Field, known: Mapping[str, str]) -> tuple[Field, ...]:
    """A family is one field for each placeholder of the text: a menu where it has choices, else with an example."""
    if field.type is not FieldType.FAMILY:
        return (field,)
    content = known.get("content", "")
    return tuple(
        replace(
            field,
            key=f"{field.key}.{name}",
            label=Words(f"{field.label.en}: {name}", f"{field.label.zh}：{name}"),
            hint=field.hint if field.choices else _example(name),
            type=FieldType.CHOICE if field.choices else FieldType.TEXT,
        )
        for name in placeholders.names(content)
        if name not in placeholders.bad_names(content)
    )


def _example(name: str) -> Words:
    """The very thing to type for a placeholder."""
    value = placeholders.example(name)
    return Words(f"For example {value}", f"例如 {value}")


def with_limits(field: Field) -> Field:
    """A file's field that says what is checked: the types and the size that fit all accounts, before anything else."""
    if field.type is not FieldType.FILE or not field.media_types:
        return field
    names = type_names(field)
    most = readable(field.max_bytes)
    english = f"{', '.join(names)}, up to {most}."
    chinese = f"{'、'.join(names)}，不超过 {most}。"
    return replace(field, hint=Words(f"{english} {field.hint.en}".strip(), f"{chinese}{field.hint.zh}"))
