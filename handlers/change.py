"""`edit`, `delete`, `settle`: change what was submitted."""

import re
from collections.abc import Sequence
from typing import Any

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.errors import UserError, VendorError
from bot.contracts.message import Block, Items, Line, Mark, Message, Text
from bot.contracts.model import Kind, Question, Request, Role, State, Words
from bot.desk import changing, dialogue, questions
from bot.desk.answers import Said, yes_or_no
from bot.desk.asking import where_to_answer
from bot.desk.context import Context, Reply
from bot.requests.cards import ID, RESEND, buttons, called, console_link, not_possible, settling, single
from bot.requests.lifecycle import PAPERS_GONE, Outcome, delete_problem, edit_problem, never_arrived
from bot.requests.prepare import unknown_keys
from bot.store import dialogues, requests
from bot.wording.language import marked
from bot.wording.problems import problem_line, refused_input
from bot.wording.refusals import in_short
from bot.wording.view import next_commands
from bot.wording.words import KINDS, STATES

ROUTER: Router[Context, Reply] = Router()

_NUMBER = Argument(ArgumentKind.NUMBER, required=True)
_NUMBERS = Argument(ArgumentKind.NUMBER, required=True, many=True)
_VENDOR_ID = re.compile(r"[\w.:-]{1,100}")
"""What an id at a vendor can look like; at Alibaba a signature's is its text."""
_CONFIRM = Words("confirm", "确认")


@ROUTER.command(
    ("edit",),
    ("修改",),
    role=Role.SUBMITTER,
    summary=Words("fill in a draft, or change and send again what was submitted", "补全草稿，或修改后重新提交"),
    usage="edit #ID [key=value …]",
    examples=(Words("edit #17 paper=licence.png", "修改 #17 证明=licence.png"),),
    arguments=(_NUMBER,),
    keys=True,
    topic="submit",
)
async def edit(command: Command, context: Context) -> Reply:
    """Fill in a draft, send a failed request again, or change what the vendor has.

    A draft is opened, never sent by its number alone: nobody asked for that yet.
    """
    request = await context.request(command.number or 0)
    language = context.language
    fields = context.services.vendors[request.account].reviews.fields(request.kind)
    unknown = unknown_keys(command.values, (fields,))
    if unknown:
        title = language.line("**#{number} was not changed.**", number=request.number)
        return refused_input(language, title, tuple(problem_line(language, problem) for problem in unknown))
    problem = edit_problem(request, dict(command.values), context.ability(request))
    if problem:
        return not_possible(context.view, Outcome(request, problem))
    given = command.values or context.incoming.files or context.incoming.papers
    opens = not given and (request.state is not State.FAILED or request.reason == PAPERS_GONE)
    batch = await _drafts_with(context, request) if opens and request.state is State.DRAFT else (request,)
    if opens and await context.services.chats.ask(context.incoming, tuple(one.number for one in batch)):
        return None
    if not given and request.state not in (State.DRAFT, State.FAILED):
        return await changing.ask(context, request, changing.of(request))
    if context.incoming.files:
        context.services.dialogues.held.keep(
            questions.who(context), {"paper": context.incoming.files}, (request.number,)
        )
    if context.incoming.papers:
        context.services.dialogues.held.keep(questions.who(context), context.incoming.papers, (request.number,))
    if not given and request.state is State.DRAFT:
        return await dialogue.open_draft(context, changing.together_of(batch))
    return await dialogue.carry_on(context, changing.of(request).with_values(command.values))


async def _drafts_with(context: Context, draft: Request) -> tuple[Request, ...]:
    """A draft and the other drafts of the same command: they are filled in as one."""
    batch = await context.services.database.read(lambda db: requests.of_batch(db, draft.batch))
    drafts = tuple(one for one in batch if one.state is State.DRAFT and one.account in context.accounts)
    return drafts if context.incoming.can_ask else (draft,)


@ROUTER.command(
    ("delete",),
    ("删除",),
    role=Role.SUBMITTER,
    summary=Words("delete at the vendor, after asking once more", "在平台删除，删除前会再次确认"),
    usage="delete #ID … [confirm]",
    examples=(Words("delete #17", "删除 #17"),),
    arguments=(_NUMBERS, Argument(ArgumentKind.WORD, words=(_CONFIRM,))),
    topic="submit",
)
async def delete(command: Command, context: Context) -> Reply:
    """Ask whether it is meant, and say what it breaks; then do it. Several are asked for once, and go all or none."""
    wanted = await context.several(command.numbers)
    problems = [(request, delete_problem(request, context.ability(request))) for request in wanted]
    refused = [Outcome(request, problem) for request, problem in problems if problem]
    if refused:
        return _not_deleted(context, refused, several=len(wanted) > 1)
    if "confirm" in command.words:
        return await _delete(context, command.numbers)
    incoming = context.incoming
    now = context.services.clock.now()
    asked = Question(
        place=incoming.place,
        actor=incoming.actor,
        data={"do": "delete", "numbers": list(command.numbers)},
        asked_at=now,
        expires_at=now + context.services.dialogues.patience.forget,
    )
    await context.services.database.write(lambda db: dialogues.put(db, asked))
    language = context.language
    blocks: list[Block] = []
    for request in wanted:
        if len(wanted) > 1:
            blocks.append(Text(language.line("**#{number} {kind} {name} at {account}**", **_head(context, request))))
        blocks += [Text(line) for line in await _breaks(context, request)]
    blocks.append(
        next_commands(
            context.view,
            language.text("yes"),
            language.text("no"),
            f"delete {_typed(command.numbers)} {language.pick(_CONFIRM)}",
        )
    )
    blocks[-1:-1] = where_to_answer(language, incoming)
    title = (
        language.line("**Delete #{number} {kind} {name} at {account}?**", **_head(context, wanted[0]))
        if len(wanted) == 1
        else language.line("**Delete {numbers}, all of them?**", numbers=_named(context, command.numbers))
    )
    return Message(title=title, mark=Mark.WARNING, blocks=tuple(blocks))


def _head(context: Context, request: Request) -> dict[str, Any]:
    return {
        "number": request.number,
        "kind": context.language.pick(KINDS[request.kind]),
        "name": request.name,
        "account": request.account,
    }


def _named(context: Context, numbers: Sequence[int]) -> str:
    return context.language.joined([f"#{number}" for number in numbers])


def _typed(numbers: Sequence[int]) -> str:
    return " ".join(f"#{number}" for number in numbers)


def _not_deleted(context: Context, refused: Sequence[Outcome], *, several: bool) -> Message:
    """Why nothing was deleted; of several requests, which ones stand in the way."""
    messages = [not_possible(context.view, outcome, deleting=True) for outcome in refused]
    if not several:
        return messages[0]
    return Message(
        title=context.language.line("**Nothing was deleted: not all of them can be.**"),
        mark=Mark.BAD,
        blocks=tuple(block for one in messages for block in (Text(one.title), *one.blocks)),
    )


async def answer_delete(context: Context, asked: Question) -> Reply:
    """Yes or no to the question whether to delete."""
    said = yes_or_no(context.incoming.text)
    incoming = context.incoming
    language = context.language
    numbers = _asked(asked)
    if said is Said.NOTHING:
        title = language.line("Delete {numbers}? Please answer `yes` or `no`.", numbers=_named(context, numbers))
        return Message(title=title, mark=Mark.WARNING)
    await context.services.database.write(lambda db: dialogues.drop(db, incoming.place, incoming.actor))
    if said is Said.NO:
        return Message(title=language.line("Nothing was deleted."))
    await context.several(numbers)
    return await _delete(context, numbers)


def _asked(asked: Question) -> tuple[int, ...]:
    """The requests that a question is about; older questions have one."""
    numbers = asked.data.get("numbers") or [asked.data["number"]]
    return tuple(int(number) for number in numbers)


async def _delete(context: Context, numbers: Sequence[int]) -> Reply:
    outcomes = await context.services.requests.orders.delete(numbers, context.incoming.actor)
    if any(outcome.problem for outcome in outcomes):
        return _not_deleted(context, outcomes, several=len(numbers) > 1)
    language = context.language
    gone = tuple(
        language.line(
            "**#{number} {name} is cancelled**; {account} never had it.",
            number=outcome.request.number,
            name=outcome.request.name,
            account=outcome.request.account,
        )
        for outcome in outcomes
        if outcome.request.state is State.CANCELLED
    )
    if len(numbers) == 1:
        return Message(title=gone[0]) if gone else None
    sent = [outcome.request.number for outcome in outcomes if outcome.request.state is not State.CANCELLED]
    going = (language.line("Being deleted at the vendors: {numbers}.", numbers=_named(context, sent)),) if sent else ()
    lines = (*going, *gone)
    return Message(title=lines[0], blocks=(Items(lines[1:]),) if lines[1:] else ())


async def _breaks(context: Context, request: Request) -> list[tuple[Any, ...]]:
    """What a deletion breaks, as far as the record knows."""
    language = context.language
    if not request.vendor_ref:
        return [language.line("It was never sent; only the draft goes.")]
    lines = [
        language.line("It is {state} there now. This cannot be undone.", state=language.pick(STATES[request.state]))
    ]
    if request.kind is Kind.SIGNATURE:
        standing = (State.IN_REVIEW, State.APPROVED, State.READY)
        templates = await context.services.database.read(
            lambda db: requests.latest(db, accounts=(request.account,), kind=Kind.TEMPLATE, states=standing, limit=200)
        )
        using = [f"#{one.number} {one.name}" for one in templates if one.values.get("sign") == request.name]
        if using:
            lines.append(language.line("These templates name it: {templates}.", templates=language.joined(using)))
        if request.state is State.READY:
            lines.append(language.line("Messages signed with it stop at once."))
    elif request.kind is Kind.TEMPLATE and request.state is State.READY:
        lines.append(language.line("Messages sent with it stop at once."))
    return lines


@ROUTER.command(
    ("settle",),
    ("落实",),
    role=Role.SUBMITTER,
    summary=Words(
        "say what the vendor's console shows of a request whose answer was lost",
        "结果未知时，告诉我控制台里有没有这条申请",
    ),
    usage="settle #ID id=…  ·  settle #ID resend",
    examples=(Words("settle #21 id=UTA20260102ABC", "落实 #21 编号=UTA20260102ABC"),),
    arguments=(_NUMBER, Argument(ArgumentKind.WORD, words=(RESEND,))),
    keys=(ID,),
    topic="submit",
)
async def settle(command: Command, context: Context) -> Reply:
    """A person looked where the program cannot."""
    request = await context.request(command.number or 0)
    again = never_arrived(request) and RESEND.en in command.words
    if request.state is not State.UNKNOWN and not again:
        return _nothing_to_settle(context, request)
    ref = command.value(ID.en).strip()
    if bool(ref) == (RESEND.en in command.words):
        raise UserError(
            context.language.text("Is #{number} there? Say its id, or that it is not there.", number=request.number),
            commands=settling(context.language, request.number),
            begun=f"settle #{request.number}",
            ways=(f"{ID.en}=",),
        )
    if ref and not _VENDOR_ID.fullmatch(ref):
        raise UserError(
            context.language.text(
                "“{ref}” is no id; copy it from the console of {account}.", ref=ref[:40], account=request.account
            ),
            commands=settling(context.language, request.number),
        )
    try:
        outcome = await context.services.requests.settling.answer(request.number, ref or None, context.incoming.actor)
    except VendorError as error:
        return _still_asked(
            context,
            request,
            context.language.line(
                "**I cannot ask {account} now whether it has the id `{ref}`:** {why}.",
                account=request.account,
                ref=ref,
                why=in_short(context.language, request.account, error),
            ),
        )
    if outcome.problem in WRONG_IDS:
        return _still_asked(
            context,
            outcome.request,
            context.language.line(
                WRONG_IDS[outcome.problem],
                account=request.account,
                ref=ref,
                kind=context.language.pick(KINDS[request.kind]),
                name=called(context.language, request),
            ),
        )
    if outcome.problem in ("busy", "twin", "papers"):
        return not_possible(context.view, outcome, resent=request.number if RESEND.en in command.words else 0)
    return _nothing_to_settle(context, outcome.request) if outcome.problem else None


WRONG_IDS = {
    "not_there": marked("**{account} has no {kind} under the id `{ref}`.**"),
    "another": marked("**What {account} has under the id `{ref}` is not called {name}.**"),
    "known": marked("**The id `{ref}` at {account} belongs to another request already.**"),
}
"""Why an id that a person gave is not believed."""


def _still_asked(context: Context, request: Request, title: Line) -> Message:
    """An id was not taken; what is asked stands as it did, with its two answers."""
    return Message(
        title=title,
        mark=Mark.WARNING,
        blocks=(
            Text(
                context.language.line(
                    "#{number} stays unknown, nothing was done. Please copy the id from the console, or say that it is not there.",
                    number=request.number,
                )
            ),
            *console_link(context.view, request),
            next_commands(context.view, *settling(context.language, request.number)),
        ),
        buttons=buttons(context.view, request),
    )


def _nothing_to_settle(context: Context, request: Request) -> Message:
    language = context.language
    title = language.line(
        "**#{number} is {state}; there is nothing to settle.**",
        number=request.number,
        state=language.pick(STATES[request.state]),
    )
    return Message(title=title, mark=Mark.BAD, blocks=single(context.view, request).blocks)
