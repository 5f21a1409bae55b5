"""From what was typed to what each account gets: values checked, aliases resolved, files examined. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from bot.contracts import papers, personal, placeholders
from bot.contracts.characters import latin
from bot.contracts.fields import (
    FILED,
    Fault,
    Field,
    FieldType,
    Problem,
    canonical_key,
    check_value,
    field_for,
    foreign_letter,
    offering,
    suited,
)
from bot.contracts.model import Kind, Paper, Request
from bot.contracts.papers import Inspected
from bot.contracts.parts import misplaced
from bot.contracts.rules import Finding, Severity
from bot.contracts.variants import for_digital
from bot.contracts.vendor import Option
from bot.contracts.vocabulary import MEDIA, PAPER

Typed = tuple[tuple[str, str], ...]
"""Keys and values in the order they were typed; a repeatable key stands more than once."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What one account would get.

    Args:
        values: canonical keys and values, `name` among them.
        papers: canonical key → files.
        problems: what is wrong with what was said.
        missing: fields that must still be filled in, in the order to ask for them.
        defaulted: keys that were filled in for the submitter (from the account's defaults or the only option).
        options: key of a missing reference → what it could name, as far as the vendor tells.
        minded: what this account's reviewers mind in it.
        better: keys and values that all accounts of the batch would rather take, as far as that can be computed.
        better_passes: whether nobody would refuse it with those.
        twin: a request of the record that is this very thing and still stands.
    """

    account: str
    values: Mapping[str, str]
    papers: Mapping[str, tuple[Paper, ...]]
    problems: tuple[Problem, ...]
    missing: tuple[Field, ...]
    defaulted: tuple[str, ...] = ()
    twin: Request | None = None
    options: tuple[tuple[str, tuple[Option, ...]], ...] = ()
    minded: tuple[Finding, ...] = ()
    better: Typed = ()
    better_passes: bool = False

    def lacks(self, key: str) -> bool:
        """Whether this field must still be filled in."""
        return any(field.key == key for field in self.missing)

    def usable(self, key: str) -> tuple[Option, ...]:
        """What a missing reference could name."""
        return tuple(option for known, listed in self.options if known == key for option in listed if option.usable)

    @property
    def blocked(self) -> bool:
        """Whether it cannot be sent whatever else is said."""
        return bool(self.problems) or self.twin is not None or bool(self.refusals)

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """What its reviewers would refuse it for."""
        return tuple(one for one in self.minded if one.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What they may mind; asked about once."""
        return tuple(one for one in self.minded if one.severity is Severity.WARNING)

    @property
    def complete(self) -> bool:
        """Whether it can be sent."""
        return not self.blocked and not self.missing


def unknown_keys(typed: Typed, declared: Iterable[Sequence[Field]]) -> tuple[Problem, ...]:
    """Keys that no account of the batch knows, with the nearest one that some account does."""
    fields = [field for account in declared for field in account]
    words = {name for field in fields for name in (field.key, *field.aliases)}
    problems = []
    for key, value in typed:
        if field_for(key, fields) is None and field_for(latin(key), fields) is not None:
            problems.append(foreign_letter(key, key))
        elif field_for(key, fields) is None:
            near = get_close_matches(key, words, n=1, cutoff=0.6)
            problems.append(Problem(key[:40], Fault.UNKNOWN_KEY, value[:60], nearest=near[0] if near else ""))
    return tuple(problems)


def prepare(
    account: str,
    kind: Kind,
    fields: Sequence[Field],
    *,
    typed: Typed,
    files: Mapping[str, tuple[Inspected, ...]],
    defaults: Mapping[str, str],
) -> Prepared:
    """Check one account's share of what was typed.

    Args:
        account: the account's name.
        kind: what is submitted.
        fields: the vendor's declarations.
        typed: keys and values as typed, the name among them; keys that only other accounts know are passed over.
        files: canonical file key → what was attached, and what it is (read and inspected by the caller).
            Private texts are among what was typed; they come back among the papers.
        defaults: canonical key → value, taken where nothing was typed (`bot.contracts.defaults`).

    Returns:
        Values, papers, and everything that is wrong or missing, all at once.
    """
    values: dict[str, str] = {}
    problems: list[Problem] = []
    decided = _decided(fields, typed)
    fields = tuple(suited(field, decided) for field in fields)
    for key, value in typed:
        field = field_for(key, fields)
        if field is None:
            continue
        if field.type is FieldType.FILE and not (field.or_id and value.strip().isdigit()):
            continue
        if not value.strip():
            values.pop(canonical_key(key, field), None)  # an empty value clears what stood there
            continue
        kept, problem = check_value(field, key, value)
        if problem is not None:
            problems.append(problem)
        else:
            values[canonical_key(key, field)] = kept
    problems = [one if one.field is None else replace(one, field=offering(one.field, values)) for one in problems]
    problems += _not_offered(values, fields)
    files = _sorted(files, fields, values)
    defaulted = _fill(values, [field for field in fields if not files.get(field.key)], defaults)
    values, secret = personal.as_papers(values)
    accepted, file_problems = _examine(fields, files)
    accepted |= secret
    problems += file_problems
    if kind is Kind.TEMPLATE:
        problems += _placeholder_problems(values, fields)
    if kind is Kind.TEMPLATE and for_digital(values):
        problems += _place_problems(values, len(accepted.get(MEDIA.key, ())), fields)
    at_fault = {field.key for problem in problems if (field := problem.field) is not None}
    said = {**dict.fromkeys(accepted, FILED), **values}
    missing = tuple(
        offering(field, values)
        for field in fields
        if field.needed(said)
        and field.key not in at_fault
        and not values.get(field.key)
        and not accepted.get(field.key)
    )
    told = tuple(key for key in defaulted if key in values)
    return Prepared(account, values, accepted, tuple(problems), missing, told)


def _decided(fields: Sequence[Field], typed: Typed) -> dict[str, str]:
    """The choices among what was typed, which decide what else there is."""
    found = ((field_for(key, fields), key, value) for key, value in typed)
    return {
        field.key: check_value(field, key, value)[0]
        for field, key, value in found
        if field is not None and field.type in (FieldType.CHOICE, FieldType.FLAG)
    }


def _not_offered(values: dict[str, str], fields: Sequence[Field]) -> list[Problem]:
    """Choices that there are only under a condition which does not hold; they are taken out of the values."""
    problems = []
    for field in fields:
        word = values.get(field.key, "")
        if word and field.choice(word) and not (left := offering(field, values)).choice(word):
            del values[field.key]
            problems.append(Problem(field.key, Fault.NOT_A_CHOICE, word, left))
    return problems


def with_reference(prepared: Prepared, key: str, value: str) -> Prepared:
    """The same with a reference filled in because the vendor has only one that fits."""
    return replace(
        prepared,
        values={**prepared.values, key: value},
        missing=tuple(field for field in prepared.missing if field.key != key),
        defaulted=(*prepared.defaulted, key),
    )


def _fill(values: dict[str, str], fields: Sequence[Field], defaults: Mapping[str, str]) -> tuple[str, ...]:
    told = []
    for field in fields:
        if field.key in values or (field.shown is not None and not field.shown.holds(values)):
            continue
        value = defaults.get(field.key, "")
        choice = field.choice(value) if value else None
        if value and (choice is None or choice.only is None or choice.only.holds(values)):
            values[field.key] = value
            told.append(field.key)
        elif field.default:
            values[field.key] = field.default
    return tuple(told)


def _sorted(
    files: Mapping[str, tuple[Inspected, ...]], fields: Sequence[Field], values: Mapping[str, str]
) -> Mapping[str, tuple[Inspected, ...]]:
    """Files that came without a key count as papers: where there are none in this variant, they are for what is wanted."""
    shown = [
        field
        for field in fields
        if field.type is FieldType.FILE and not field.private and (field.shown is None or field.shown.holds(values))
    ]
    loose = files.get(PAPER.key, ())
    if not loose or not shown or any(field.key == PAPER.key for field in shown):
        return files
    wanted = shown[0].key
    others = {key: given for key, given in files.items() if key != PAPER.key}
    return {
        **others,
        wanted: (*loose, *others.get(wanted, ())),
    }  # they came with the command, before what was asked for


def _examine(
    fields: Sequence[Field], files: Mapping[str, tuple[Inspected, ...]]
) -> tuple[dict[str, tuple[Paper, ...]], list[Problem]]:
    accepted: dict[str, tuple[Paper, ...]] = {}
    problems: list[Problem] = []
    for key, given in files.items():
        field = field_for(key, fields)
        if field is None or field.type is not FieldType.FILE:
            continue
        if len(given) > field.max_files:
            problems.append(Problem(key, Fault.TOO_MANY_FILES, str(len(given)), field))
            continue
        if field.private:  # people name such a picture after whom it shows
            given = tuple(replace(file, attachment=replace(file.attachment, name=field.key)) for file in given)
        if field.max_total and sum(len(file.attachment.content) for file in given) > field.max_total:
            problems.append(Problem(key, Fault.FILES_TOO_LARGE, str(len(given)), field))
            continue
        examined = [papers.examine(file, field, key) for file in given]
        problems += [item for item in examined if isinstance(item, Problem)]
        accepted[field.key] = tuple(item for item in examined if isinstance(item, Paper))
    return accepted, problems


def _place_problems(values: Mapping[str, str], files: int, fields: Sequence[Field]) -> list[Problem]:
    """Places in the text that are of no file, or a file that has none although others have."""
    wrong = misplaced(values.get("content", ""), files) if files else ()
    content = field_for("content", fields)
    return [Problem("content", Fault.FILE_NOT_PLACED, f"({number})", content, position=files) for number in wrong]


def _placeholder_problems(values: Mapping[str, str], fields: Sequence[Field]) -> list[Problem]:
    content = values.get("content", "")
    if not content:
        return []
    wrong = (*("${" + name + "}" for name in placeholders.bad_names(content)), *placeholders.without_sign(content))
    problems = [Problem("content", Fault.BAD_FORM, shown[:60], field_for("content", fields)) for shown in wrong]
    for family in ("sample", "kind"):
        mentioned = [key.split(".", 1)[1] for key in values if key.startswith(family + ".")]
        problems += [
            Problem(f"{family}.{name}", Fault.NO_SUCH_PLACEHOLDER, name, field_for(family, fields))
            for name in placeholders.unknown(content, mentioned)
        ]
    return problems
