"""An account's `defaults`: what a submission gets where nothing was typed, checked against the vendor's fields. Pure.

A key may begin with a kind (`template.remark`); such a one wins for that kind. Without, it counts for every kind that has
the field, a file for signatures only: a business licence does not prove that recipients agreed to marketing. What is private
has no default: it is kept nowhere.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.contracts.fields import Fault, Field, FieldType, Problem, check_value
from bot.contracts.model import Kind
from bot.contracts.vocabulary import CONTENT, NAME

_NEVER = (NAME.key, CONTENT.key)  # what names one thing only


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the defaults of an account hold for one kind.

    Args:
        values: canonical key → value, as the record keeps it.
        files: canonical key → path.
    """

    values: Mapping[str, str]
    files: Mapping[str, str]


def of_kind(configured: Mapping[str, str], kind: Kind, fields: Sequence[Field]) -> Defaults:
    """The defaults that hold for a kind; what does not fit its field is left out (`problems` has told).

    Args:
        configured: as the configuration has them.
        kind: what is submitted.
        fields: the vendor's declarations for it.
    """
    values: dict[str, str] = {}
    files: dict[str, str] = {}
    for field in fields:
        key = next((key for key in _keys(kind, field) if configured.get(key)), "")
        if not key:
            continue
        text = configured[key]
        if _is_path(field, text):
            files[field.key] = text
            continue
        value, problem = check_value(field, key, text)
        if problem is None:
            values[field.key] = value
    return Defaults(values, files)


def problems(configured: Mapping[str, str], declared: Mapping[Kind, Sequence[Field]]) -> Mapping[str, str]:
    """What is wrong with an account's defaults.

    Args:
        configured: as the configuration has them.
        declared: the vendor's declarations.

    Returns:
        Key → what is wrong with it; never what was written there.
    """
    meant: dict[str, list[tuple[Kind, Field]]] = {}
    for kind, fields in declared.items():
        for field in fields:
            for key in _keys(kind, field):
                meant.setdefault(key, []).append((kind, field))
    found: dict[str, str] = {}
    for key, text in configured.items():
        if key not in meant:
            found[key] = _unknown(key, meant)
            continue
        if not text.strip():
            found[key] = "is empty"
            continue
        for kind, field in meant[key]:
            own = f"{kind}.{field.key}"
            if _is_path(field, text) or (key != own and own in configured):
                continue
            problem = check_value(field, key, text)[1]
            if problem is not None:
                several = len(meant[key]) > 1
                found[key] = _words(problem, field) + (f" for a {kind}; {own} can say another" if several else "")
    return found


def _keys(kind: Kind, field: Field) -> Iterator[str]:
    """The keys by which a kind's field may be given, the stronger one first; none where no default makes sense."""
    if field.key in _NEVER or field.type is FieldType.FAMILY or field.private:
        return
    yield f"{kind}.{field.key}"
    if field.type is not FieldType.FILE or kind is Kind.SIGNATURE:
        yield field.key


def _unknown(key: str, known: Collection[str]) -> str:
    kind, _, bare = key.rpartition(".")
    names = {one.rpartition(".")[2] for one in known}
    if bare in names and kind in tuple(Kind):
        return f"unknown key; a {kind} has no {bare} at this vendor"
    near = get_close_matches(bare, names, n=1)
    if not near:
        return f"unknown key; known: {', '.join(sorted(names))}"
    own = f"{kind}.{near[0]}"
    return f"unknown key; did you mean {own if own in known else near[0]}?"


def _is_path(field: Field, text: str) -> bool:
    return field.type is FieldType.FILE and not (field.or_id and text.strip().isdigit())


def _words(problem: Problem, field: Field) -> str:
    match problem.fault:
        case Fault.NOT_A_CHOICE:
            return f"should be one of {', '.join(choice.word for choice in field.choices)}"
        case Fault.NOT_A_FLAG:
            return "should be true or false"
        case Fault.NOT_A_LINK:
            return "should be an address that begins with http:// or https://"
        case Fault.TOO_LONG:
            return f"should have {field.max_length} characters at most"
        case Fault.TOO_SHORT:
            return f"should have {field.min_length} characters at least"
        case Fault.BAD_FORM if field.pattern_says is not None:
            return f"does not fit: {field.pattern_says.en}"
        case _:
            return problem.fault.value.replace("_", " ")
