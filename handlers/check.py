"""`check sign`, `check template`: what is wrong before anything is submitted; nothing is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.commands.command import Argument, ArgumentKind, Command, Pairs, Router
from bot.commands.parsing import parse_pairs
from bot.commands.tokens import quoted
from bot.contracts import placeholders
from bot.contracts.errors import UserError
from bot.contracts.fields import Field, Problem, canonical_key, field_for
from bot.contracts.message import SAY, Block, Button, Items, Line, Mark, Message, Text
from bot.contracts.model import Kind, Role, Words
from bot.contracts.rules import Severity
from bot.contracts.variants import DIGITAL
from bot.contracts.vocabulary import CONTENT, says_digital
from bot.desk.context import Context, Reply
from bot.desk.previewing import previewed
from bot.requests.check.accounts import draft_of
from bot.requests.check.findings import of_fields, side_by_side, still_missing
from bot.requests.check.segments import of_draft, price
from bot.requests.check.telling import lines, rows
from bot.requests.guidance import not_by_api
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
    digital = says_digital(kind, typed)
    accounts = tuple(account for account in meant if account in context.able(kind, digital=digital))
    if not accounts:
        return not_by_api(context.view, kind, meant, digital=digital)
    prepared = await context.services.requests.preparation.read(
        kind,
        accounts,
        typed=typed,
        attachments=context.incoming.files,
        files=context.incoming.papers,
        paths=context.paths,
    )
    declared = context.services.requests.preparation.fields(kind, accounts, lambda _: typed)
    unknown = unknown_keys(typed, declared.values())
    problems = {item.account: (*unknown, *item.problems) for item in prepared}
    fields = context.services.requests.preparation.union(kind, accounts, lambda _: typed)
    answer = _answer(context, kind, _canonical(typed, fields), prepared, problems)
    if not (shown := await previewed(context, prepared)):
        return answer
    title = Text(context.language.line("As a phone will show it:"))
    return replace(answer, blocks=(*answer.blocks[:-1], title, *shown, answer.blocks[-1]))


def _canonical(typed: Typed, fields: Sequence[Field]) -> Typed:
    """What was typed under the keys that problems and fixes go by, whatever language it was typed in."""
    found = ((key, value, field_for(key, fields)) for key, value in typed)
    return tuple((key if field is None else canonical_key(key, field), value) for key, value, field in found)


def _key(problem: Problem) -> str:
    """The key that a problem is about, under its own word: it may have been typed under another."""
    return problem.key if problem.field is None else canonical_key(problem.key, problem.field)


def _answer(
    context: Context,
    kind: Kind,
    said: Typed,
    prepared: Sequence[Prepared],
    problems: Mapping[str, Sequence[Problem]],
) -> Message:
    """What every account says to it, what that means, what would pass, and the command that comes next."""
    language = context.language
    found = {item.account: (*of_fields(language, problems[item.account]), *rows(language, item)) for item in prepared}
    refusing = [account for account, findings in found.items() if any(one.mark is Mark.BAD for one in findings)]
    doubting = [account for account, findings in found.items() if findings and account not in refusing]
    missing = still_missing(language, prepared)
    meanings = (*lines(language, prepared, Severity.ERROR), *lines(language, prepared, Severity.WARNING))
    blocks: list[Block] = [side_by_side(language, found)] if any(found.values()) else []
    blocks += [Items(meanings)] if meanings else []
    blocks += [Text(missing)] if missing else []
    mended = {_key(problem): problem.instead for minded in problems.values() for problem in minded}
    wrong = frozenset(mended)
    fixes = {key: instead for key, instead in mended.items() if instead}
    better = dict(prepared[0].better)
    passes = prepared[0].better_passes and not wrong - frozenset(fixes) - frozenset(better)
    fixes.update(better if passes else {})
    if passes and better:
        blocks.append(Text(_would_pass(context, kind, prepared, better)))
    elif "content" not in wrong and not refusing and kind is Kind.TEMPLATE and prepared[0].values.get("content"):
        blocks.append(Text(_cost(context, kind, prepared, {})))
    blocks.append(
        Text(
            language.line("Checked: what the fields take, and the published rules. Reviewers may mind more than that.")
        )
    )
    rest, whole = typed_again(context, kind, tuple(found), _mended(said, fixes), wrong - frozenset(fixes))
    # A command that is shown stands on one line, so a value of several cannot be copied from it.
    several = frozenset(key for key, value in said if "\n" in fixes.get(key, value))
    # Nor is what was refused offered once more as it was: what nobody can mend here is left to be said.
    refused = frozenset(
        one.hit.key for item in prepared for one in item.minded if one.severity is Severity.ERROR and not passes
    )
    left = wrong - frozenset(fixes) | several | refused
    shown, _ = typed_again(context, kind, tuple(found), _mended(said, fixes), left)
    word = KIND_WORDS[kind]
    thing = f"{capital(language.pick(KINDS[kind]))} {dict(said).get('name', '')}".strip()
    submit = f"{word} submit {rest}"
    whole_text, can_edit = typed_again(context, kind, tuple(found), _mended(said, fixes), frozenset())
    edit = (Button(SAY, f"{word} submit {whole_text} draft=true", language.text("Edit")),) if can_edit else ()
    buttons = ((Button(SAY, submit, language.text("Submit this")),) if whole else ()) + edit
    if refusing:
        title = language.line(
            "**{thing}: {accounts} would not take it.**", thing=thing, accounts=language.joined(refusing)
        )
        ahead = f"{word} submit {shown}" if passes and better else f"check {word} {shown}"
        blocks.append(next_commands(context.view, ahead))
        return Message(title, Mark.BAD, tuple(blocks), buttons if passes and better else edit)
    blocks.append(next_commands(context.view, f"{word} submit {shown}"))
    accounts = language.joined(tuple(found))
    if doubting:
        title = language.line("**{thing}: {accounts} may refuse it.**", thing=thing, accounts=language.joined(doubting))
        return Message(title, Mark.WARNING, tuple(blocks), buttons)
    title = (
        language.line("**{thing}: nothing wrong so far at {accounts}.**", thing=thing, accounts=accounts)
        if missing
        else language.line("**{thing}: {accounts} would take it.**", thing=thing, accounts=accounts)
    )
    return Message(title, Mark.GOOD, tuple(blocks), buttons)


def _mended(said: Typed, fixes: Mapping[str, str]) -> Typed:
    """What was said with its fixes; what speaks of a placeholder that is gone with one is left out."""
    mended = tuple((key, fixes.get(key, value)) for key, value in said)
    if "content" not in fixes:
        return mended
    there = placeholders.names(fixes["content"])
    families = ("sample.", "kind.")
    return tuple(pair for pair in mended if not pair[0].startswith(families) or pair[0].split(".", 1)[1] in there)


def _would_pass(context: Context, kind: Kind, prepared: Sequence[Prepared], better: Mapping[str, str]) -> Line:
    """The text or the name that nobody would refuse."""
    language = context.language
    instead = better.get("content") or better.get("name") or ""
    if not instead:
        pairs = language.joined([f"{key}={value}" for key, value in better.items()])
        return language.line("Would pass with `{pairs}`", pairs=pairs)
    line = language.line("Would pass: `{text}`", text=instead)
    if kind is not Kind.TEMPLATE:
        return line
    return (*line, " · ", *_cost(context, kind, prepared, better))


def _cost(context: Context, kind: Kind, prepared: Sequence[Prepared], better: Mapping[str, str]) -> Line:
    """How many parts a message has, and what that costs where prices are published."""
    language = context.language
    draft = draft_of(kind, {**prepared[0].values, **better})
    if draft.type == DIGITAL:
        return language.line("One digital message; what it costs stands in the console.")
    made = of_draft(draft)
    line = language.plural_line("{n} part", "{n} parts", made.count)
    standards = context.services.requests.preparation.check.standards
    for item in prepared:
        cost = price(draft, standards[item.account]) if item.account in standards else None
        if cost is not None:
            line = (
                *line,
                *language.line(
                    ", from {unit} {amount} at {account}", unit=cost[1].unit, amount=cost[0], account=item.account
                ),
            )
            break
    if made.unfilled:
        return (*line, *language.line("; longer with values"))
    return line


def typed_again(
    context: Context, kind: Kind, accounts: Sequence[str], said: Typed, wrong: frozenset[str]
) -> tuple[str, bool]:
    """What was said as it can be typed behind a command, and whether all of it can.

    What is wrong stands there as `…`, and so does a value with every kind of quotation marks in it.
    """
    fields = context.services.requests.preparation.union(kind, accounts, lambda _: said)
    words = [context.naming(kind, accounts)]
    whole = True
    for key, value in said:
        field = field_for(key, fields)
        if field is None:
            continue
        shown = key_word(context.language, field) + key[len(field.key) :] if key.startswith(field.key) else key
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
