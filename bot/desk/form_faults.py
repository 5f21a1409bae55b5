"""What is wrong in a form that was handed in, under the field it is about, all of it at once. Pure."""

from collections.abc import Collection, Mapping, Sequence

from bot.contracts.fields import Field, field_for
from bot.contracts.message import Line, plain
from bot.desk.form_fields import file_problems, form_key
from bot.requests.check.shared import RULES
from bot.requests.prepare import Prepared
from bot.wording.language import Language
from bot.wording.problems import problem_line
from bot.wording.view import capital


def faults(
    language: Language,
    prepared: Sequence[Prepared],
    declared: Mapping[str, Sequence[Field]],
    files: Mapping[str, Sequence[tuple[str, int]]],
) -> dict[str, str]:
    """What is wrong: key of a field of the form → words.

    Args:
        language: the reader's.
        prepared: what each account would get.
        declared: account → its fields.
        files: name and size of those that were chosen, as far as the chat knows them, by key.
    """
    found: dict[str, dict[str, list[str]]] = {}  # key → words → whose

    def note(key: str, said: str, account: str) -> None:
        whose = found.setdefault(key, {}).setdefault(said, [])
        whose += [account] if account not in whose else []

    for item in prepared:
        fields = declared[item.account]
        for problem in (*item.problems, *file_problems(fields, files)):
            own = problem.field is not None and "." not in problem.key
            key = form_key(problem.field, item.account, declared) if problem.field and own else problem.key
            note(key, plain(problem_line(language, problem, asked=True)), item.account)
        for one in item.refusals:
            at_fault = field_for(one.hit.key, fields)
            whole = at_fault is not None and "." not in one.hit.key
            key = form_key(at_fault, item.account, declared) if at_fault and whole else one.hit.key
            rule = RULES[one.rule]
            note(key, f"{capital(language.pick(rule.title))}{_colon(language)}{language.pick(rule.says)}", item.account)
        for field in item.missing:
            if field.key not in files:
                said = language.sentences((language.line("This one is needed."), (language.pick(field.hint),)))
                note(form_key(field, item.account, declared), plain(said).strip(), item.account)
    asked = {
        key: sum(key in {form_key(one, item.account, declared) for one in declared[item.account]} for item in prepared)
        for key in found
    }
    return {
        key: plain(
            language.sentences(
                _whose(language, said, whose, asked[key])
                for said, whose in sorted(
                    texts.items(), key=lambda one: -len(one[1])
                )  # what all mind has no name before it
            )
        )
        for key, texts in found.items()
    }


def doubts(
    language: Language, prepared: Sequence[Prepared], declared: Mapping[str, Sequence[Field]], told: Collection[str]
) -> dict[str, str]:
    """What reviewers may mind and nobody was told yet: key of a field of the form → words.

    Args:
        language: the reader's.
        prepared: what each account would get.
        declared: account → its fields.
        told: the words that were said already.
    """
    found: dict[str, dict[str, None]] = {}
    for item in prepared:
        for one in item.warnings:
            at_fault = field_for(one.hit.key, declared[item.account])
            whole = at_fault is not None and "." not in one.hit.key
            key = form_key(at_fault, item.account, declared) if at_fault and whole else one.hit.key
            rule = RULES[one.rule]
            said = f"{capital(language.pick(rule.title))}{_colon(language)}{language.pick(rule.says)}"
            found.setdefault(key, {})[said] = None
    again = language.text("Reviewers may mind this; hand it in again and it goes as it is.")
    words = {key: plain(language.sentences([(one,) for one in (*said, again)])) for key, said in found.items()}
    return {key: said for key, said in words.items() if said not in told}


def _whose(language: Language, said: str, accounts: Sequence[str], asked: int) -> Line:
    """One sentence; with the accounts where not all of those mind that have the field."""
    if len(accounts) >= asked:
        return (said,)
    return (*language.line("{account}: ", account=language.joined(list(accounts))), said)


def _colon(language: Language) -> str:
    return "：" if language.code == "zh" else ": "
