"""The first step of a form for something new: to which accounts, and under which name.

What is wrong with either, or with what the command said beside them, is found here, before anything is stored or said
in the conversation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.commands.command import Command
from bot.contracts.chat import Form
from bot.contracts.fields import Choice, Field, FieldType
from bot.contracts.message import plain
from bot.contracts.model import Kind, Role, Words
from bot.contracts.vocabulary import NAME
from bot.desk.context import SUBMITS, Context
from bot.desk.form_fields import ACCOUNTS
from bot.desk.questions import wrong_lines
from bot.requests.merging import one_field
from bot.requests.prepare import Prepared, prepare, unknown_keys
from bot.wording.problems import problem_line
from bot.wording.view import capital
from bot.wording.words import KINDS


def form(context: Context, command: Command | None, values: Mapping[str, str]) -> Form | None:
    """The form that asks for accounts and name; none where this person may not, or nobody takes it.

    Args:
        context: who asks where.
        command: what was said.
        values: what was filled in since.
    """
    kind = _kind(command)
    if command is None or kind is None or context.role < Role.SUBMITTER or not (able := context.able(kind)):
        return None
    language = context.language
    accounts = Field(
        key=ACCOUNTS,
        label=Words("Accounts", "账号"),
        type=FieldType.CHOICE,
        hint=Words(
            "One or several; what only one of them wants is asked next.", "可多选；个别平台另需的内容稍后再问。"
        ),
        required=True,
        choices=tuple(Choice(account, Words.same(account)) for account in able),
    )
    return Form(
        title=capital(language.pick(KINDS[kind])),
        fields=(accounts, _name(context, kind, chosen(values), able)),
        needed=frozenset({ACCOUNTS, NAME.key}),
        watched=frozenset({ACCOUNTS}),
        values={NAME.key: command.value(NAME.key) or command.name, **values},
        options={},
        several=frozenset({ACCOUNTS}),
    )


def chosen(values: Mapping[str, str]) -> tuple[str, ...]:
    """The accounts that were chosen."""
    return tuple(part for part in values.get(ACCOUNTS, "").split(",") if part)


async def wrong(
    context: Context, command: Command | None, values: Mapping[str, str], born: Sequence[int] = ()
) -> Mapping[str, str]:
    """What is wrong with it: key of a field of this step → words.

    Args:
        context: who asks where.
        command: what was said.
        values: what was filled in.
        born: requests that this very form has begun, and that are no twins of it.
    """
    kind = _kind(command)
    if command is None or kind is None:
        return {}
    language = context.language
    able = set(context.able(kind))
    accounts = [account for account in chosen(values) if account in able]
    declared = context.services.requests.preparation.fields(kind, accounts, lambda _: command.typed)
    name = values.get(NAME.key, "").strip()
    typed = (*((key, value) for key, value in command.typed if key != NAME.key), (NAME.key, name))
    unknown = unknown_keys(typed, declared.values()) if accounts else ()
    if unknown:
        return {ACCOUNTS: plain(language.sentences(problem_line(language, problem) for problem in unknown))}
    prepared = [prepare(account, kind, declared[account], typed=typed, files={}, defaults={}) for account in accounts]
    twins = []
    for item in prepared:
        found = await context.services.requests.orders.twins(kind, item) if item.values.get(NAME.key) else ()
        standing = next((one for one in found if one.number not in born), None)
        twins.append(replace(item, problems=(), twin=standing))
    several = len(prepared) > 1
    of_name = [_only(item, named=True) for item in prepared]
    of_others = [_only(item, named=False) for item in prepared]
    under = {
        NAME.key: (
            *wrong_lines(language, of_name, several=several, missing=False, asked=True),
            *wrong_lines(language, [item for item in twins if item.twin], several=True, missing=False),
        ),
        ACCOUNTS: wrong_lines(language, of_others, several=several, missing=False, asked=True),
    }
    return {key: plain(language.sentences(lines)) for key, lines in under.items() if lines}


def _kind(command: Command | None) -> Kind | None:
    return SUBMITS.get(command.declaration.words) if command is not None else None


def _only(item: Prepared, *, named: bool) -> Prepared:
    """What is wrong with the name, or with everything else."""
    return replace(item, problems=tuple(one for one in item.problems if (one.key == NAME.key) is named))


def _name(context: Context, kind: Kind, accounts: Sequence[str], able: Sequence[str]) -> Field:
    """The name as the chosen accounts take it; while none is chosen, as long as any of them takes."""
    declared = context.services.requests.preparation.fields(kind, able)
    named = {account: next((one for one in declared[account] if one.key == NAME.key), NAME) for account in able}
    if wanted := {account: field for account, field in named.items() if account in accounts}:
        return one_field(wanted)
    return replace(one_field(named), min_length=0, max_length=max(field.max_length for field in named.values()))
