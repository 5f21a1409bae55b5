"""`check sign`, `check template`: what is wrong before anything is submitted; nothing is stored."""

from collections.abc import Mapping, Sequence

from bot.commands.command import Argument, ArgumentKind, Command, Pairs, Router
from bot.commands.parsing import parse_pairs
from bot.commands.tokens import quoted
from bot.contracts.errors import UserError
from bot.contracts.fields import Problem, field_for
from bot.contracts.message import SAY, Block, Button, Mark, Message, Text
from bot.contracts.model import Kind, Role, Words
from bot.contracts.vocabulary import CONTENT
from bot.desk.context import Context, Reply
from bot.requests.check.findings import of_fields, side_by_side, still_missing
from bot.requests.prepare import Prepared, Typed, unknown_keys
from bot.wording.problems import key_word
from bot.wording.view import capital, next_commands
from bot.wording.words import KIND_WORDS, KINDS

ROUTER: Router[Context, Reply] = Router()

_PLACES = (Argument(ArgumentKind.ACCOUNTS), Argument(ArgumentKind.NAME))


@ROUTER.command(
    ("check", "sign"),
    ("检查", "签名"),
    role=Role.NOBODY,
    summary=Words(
        "what is wrong with a signature, account by account; nothing is submitted", "逐个账号检查签名，不会提交"
    ),
    usage="check sign [ACCOUNTS] [NAME] [key=value …]",
    examples=(Words("check sign all 速达物流 source=company", "检查 签名 全部 速达物流 来源=企业"),),
    arguments=_PLACES,
    keys=True,
    topic="submit",
)
async def check_sign(command: Command, context: Context) -> Reply:
    """A signature at one account or several."""
    return await _check(Kind.SIGNATURE, command, context)


@ROUTER.command(
    ("check", "template"),
    ("检查", "模板"),
    role=Role.NOBODY,
    summary=Words(
        "what is wrong with a template, account by account; nothing is submitted", "逐个账号检查模板，不会提交"
    ),
    usage="check template [ACCOUNTS] [NAME] [key=value …]",
    examples=(
        Words(
            'check template all type=otp content="您的验证码是${code}，5分钟内有效，请勿泄露。"',
            "检查 模板 全部 类型=验证码 内容=“您的验证码是${code}，5分钟内有效，请勿泄露。”",
        ),
    ),
    arguments=_PLACES,
    keys=True,
    topic="submit",
)
async def check_template(command: Command, context: Context) -> Reply:
    """A template at one account or several."""
    return await _check(Kind.TEMPLATE, command, context)


async def _check(kind: Kind, command: Command, context: Context) -> Message:
    typed = command.typed
    if not any(value.strip() for _, value in typed):
        raise _nothing(kind, context)
    meant = command.accounts if command.accounts and not command.everything else context.accounts
    accounts = tuple(account for account in meant if account in context.able(kind))
    if not accounts:
        language = context.language
        raise UserError(
            language.text("A {kind} cannot be submitted through me there.", kind=language.pick(KINDS[kind]))
        )
    prepared = await context.services.requests.preparation.read(
        kind,
        accounts,
        typed=typed,
        attachments=context.incoming.files,
        files=context.incoming.papers,
        paths=context.paths,
    )
    unknown = unknown_keys(typed, context.services.requests.preparation.fields(kind, accounts).values())
    problems = {item.account: (*unknown, *item.problems) for item in prepared}
    return _answer(context, kind, typed, prepared, problems)


def _answer(
    context: Context,
    kind: Kind,
    said: Typed,
    prepared: Sequence[Prepared],
    problems: Mapping[str, Sequence[Problem]],
) -> Message:
    """What every account says to it, what is missing, and the command that comes next."""
    language = context.language
    found = {account: of_fields(language, minded) for account, minded in problems.items()}
    objecting = [account for account, findings in found.items() if any(one.mark is Mark.BAD for one in findings)]
    missing = still_missing(language, prepared)
    blocks: list[Block] = [side_by_side(language, found)] if any(found.values()) else []
    blocks += [Text(missing)] if missing else []
    blocks.append(
        Text(language.line("Checked: lengths, characters, placeholders, choices. Not checked: what reviewers mind."))
    )
    wrong = frozenset(problem.key for minded in problems.values() for problem in minded)
    fixes = {problem.key: problem.instead for minded in problems.values() for problem in minded if problem.instead}
    better = tuple((key, fixes.get(key, value)) for key, value in said)
    rest, whole = typed_again(context, kind, tuple(found), better, wrong - frozenset(fixes))
    word = KIND_WORDS[kind]
    thing = f"{capital(language.pick(KINDS[kind]))} {dict(said).get('name', '')}".strip()
    if objecting:
        title = language.line(
            "**{thing}: {accounts} would not take it.**", thing=thing, accounts=language.joined(objecting)
        )
        blocks.append(next_commands(context.view, f"check {word} {rest}"))
        return Message(title=title, mark=Mark.BAD, blocks=tuple(blocks))
    accounts = language.joined(tuple(found))
    title = (
        language.line("**{thing}: nothing wrong so far at {accounts}.**", thing=thing, accounts=accounts)
        if missing
        else language.line("**{thing}: {accounts} would take it.**", thing=thing, accounts=accounts)
    )
    submit = f"{word} submit {rest}"
    blocks.append(next_commands(context.view, submit))
    buttons = (Button(SAY, submit, language.text("Submit this")),) if whole else ()
    return Message(title=title, mark=Mark.GOOD, blocks=tuple(blocks), buttons=buttons)


def typed_again(
    context: Context, kind: Kind, accounts: Sequence[str], said: Typed, wrong: frozenset[str]
) -> tuple[str, bool]:
    """What was said as it can be typed behind a command, and whether all of it can.

    What is wrong stands there as `…`, and so does a value with every kind of quotation marks in it.
    """
    fields = context.services.requests.preparation.union(kind, accounts)
    words = [context.naming(kind, accounts)]
    whole = True
    for key, value in said:
        field = field_for(key, fields)
        if field is None:
            continue
        shown = key_word(context.language, field) if field.key == key else key
        pair = f"{key}={quoted(value)}"
        read = parse_pairs(pair, context.services.speech.vocabulary.keys)
        if key in wrong or not isinstance(read, Pairs) or read != Pairs(values=((key, value),)):
            whole = False
            words.append(f"{shown}=…")
        elif key == "name" and value.isalnum():
            words.insert(1, value)
        else:
            words.append(f"{shown}={quoted(value)}")
    return " ".join(words), whole


def _nothing(kind: Kind, context: Context) -> UserError:
    language = context.language
    if kind is Kind.TEMPLATE:
        title, example = language.text("There is no text to check."), f"check template {key_word(language, CONTENT)}=…"
    else:
        title, example = language.text("There is no name to check."), "check sign …"
    return UserError(title, commands=(context.view.typed(example),))
