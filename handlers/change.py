"""`edit`, `delete`, `settle`: change what was submitted."""

import re
from collections.abc import Sequence
from typing import Any

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.errors import UserError
from bot.contracts.fields import Field
from bot.contracts.message import Block, Items, Mark, Message, Text
from bot.contracts.model import Kind, Question, Request, Role, State, Words
from bot.desk import dialogue, questions
from bot.desk.answers import Said, yes_or_no
from bot.desk.context import Context, Reply
from bot.desk.filling import Filling
from bot.requests.cards import ID, RESEND, called, not_possible, reason_blocks, settling, single
from bot.requests.lifecycle import PAPERS_GONE, Outcome, delete_problem, edit_problem, never_arrived
from bot.requests.prepare import unknown_keys
from bot.requests.summary import shown_value
from bot.store import dialogues, requests
from bot.wording.problems import key_word, problem_line, refused_input
from bot.wording.view import next_commands
from bot.wording.words import KINDS, STATES

ROUTER: Router[Context, Reply] = Router()

_NUMBER = Argument(ArgumentKind.NUMBER, required=True)
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
    """Fill in a draft, send a failed request again, or change what the vendor has."""
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
    if not given and request.state not in (State.DRAFT, State.FAILED):
        if await context.services.chats.ask(context.incoming, (request.number,), request.kind):
            return None
        return _what_can_change(context, request, fields)
    wants_papers = not given and request.reason == PAPERS_GONE
    if wants_papers and await context.services.chats.ask(context.incoming, (request.number,), request.kind):
        return None
    if context.incoming.files:
        context.services.dialogues.held.keep(
            questions.who(context), {"paper": context.incoming.files}, (request.number,)
        )
    if context.incoming.papers:
        context.services.dialogues.held.keep(questions.who(context), context.incoming.papers, (request.number,))
    begun = Filling(
        kind=request.kind,
        numbers={request.account: request.number},
        typed=tuple(request.values.items()),
        editing=True,
        stood={request.account: request.standing},
    )
    return await dialogue.carry_on(context, begun.with_values(command.values))


def _what_can_change(context: Context, request: Request, fields: Sequence[Field]) -> Message:
    language = context.language
    lines = tuple(
        language.line(
            "`{key}` = {value}",
            key=key_word(language, field),
            value=shown_value(language, field, request.values[field.key]),
        )
        for field in fields
        if field.key in request.values
    )
    title = language.line(
        "**What shall be changed in #{number} {name}?**", number=request.number, name=called(language, request)
    )
    ability = context.ability(request)
    wanted = "content" if request.kind is Kind.TEMPLATE else "name" if ability.renames else ""
    likely = next((field for field in fields if field.key == wanted), fields[-1])
    return Message(
        title=title,
        blocks=(
            *(reason_blocks(context.view, request) if request.state is State.REJECTED else ()),
            Items(lines),
            Text(language.line("What you change goes to {account} at once, for review.", account=request.account)),
            next_commands(context.view, f"edit #{request.number} {key_word(language, likely)}=…"),
        ),
    )


@ROUTER.command(
    ("delete",),
    ("删除",),
    role=Role.SUBMITTER,
    summary=Words("delete at the vendor, after asking once more", "在平台删除，删除前会再次确认"),
    usage="delete #ID [confirm]",
    examples=(Words("delete #17", "删除 #17"),),
    arguments=(_NUMBER, Argument(ArgumentKind.WORD, words=(_CONFIRM,))),
    topic="submit",
)
async def delete(command: Command, context: Context) -> Reply:
    """Ask whether it is meant, and say what it breaks; then do it."""
    request = await context.request(command.number or 0)
    problem = delete_problem(request, context.ability(request))
    if problem:
        return not_possible(context.view, Outcome(request, problem), deleting=True)
    if "confirm" in command.words:
        return await _delete(context, request.number)
    incoming = context.incoming
    now = context.services.clock.now()
    asked = Question(
        place=incoming.place,
        actor=incoming.actor,
        data={"do": "delete", "number": request.number},
        asked_at=now,
        expires_at=now + context.services.dialogues.patience.forget,
    )
    await context.services.database.write(lambda db: dialogues.put(db, asked))
    language = context.language
    blocks: list[Block] = [Text(line) for line in await _breaks(context, request)]
    blocks.append(
        next_commands(
            context.view,
            language.text("yes"),
            language.text("no"),
            f"delete #{request.number} {language.pick(_CONFIRM)}",
        )
    )
    title = language.line(
        "**Delete #{number} {kind} {name} at {account}?**",
        number=request.number,
        kind=language.pick(KINDS[request.kind]),
        name=called(language, request),
        account=request.account,
    )
    return Message(title=title, mark=Mark.WARNING, blocks=tuple(blocks))


async def answer_delete(context: Context, asked: Question) -> Reply:
    """Yes or no to the question whether to delete."""
    said = yes_or_no(context.incoming.text)
    incoming = context.incoming
    language = context.language
    number = int(asked.data["number"])
    if said is Said.NOTHING:
        title = language.line("Delete #{number}? Please answer `yes` or `no`.", number=number)
        return Message(title=title, mark=Mark.WARNING)
    await context.services.database.write(lambda db: dialogues.drop(db, incoming.place, incoming.actor))
    if said is Said.NO:
        return Message(title=language.line("Nothing was deleted."))
    await context.request(number)
    return await _delete(context, number)


async def _delete(context: Context, number: int) -> Reply:
    outcome = await context.services.requests.orders.delete(number, context.incoming.actor)
    if outcome.problem:
        return not_possible(context.view, outcome, deleting=True)
    if outcome.request.state is State.CANCELLED:
        return Message(
            title=context.language.line(
                "**#{number} {name} is cancelled**; {account} never had it.",
                number=number,
                name=called(context.language, outcome.request),
                account=outcome.request.account,
            )
        )
    return None


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
        "say what the vendor's console shows of a request whose answer was lost", "告知控制台中是否已有结果未知的申请"
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
        )
    if ref and not _VENDOR_ID.fullmatch(ref):
        raise UserError(
            context.language.text(
                "“{ref}” is no id; copy it from the console of {account}.", ref=ref[:40], account=request.account
            ),
            commands=settling(context.language, request.number),
        )
    outcome = await context.services.requests.settling.answer(request.number, ref or None, context.incoming.actor)
    if outcome.problem in ("busy", "twin", "papers"):
        return not_possible(context.view, outcome, resent=request.number if RESEND.en in command.words else 0)
    return _nothing_to_settle(context, outcome.request) if outcome.problem else None


def _nothing_to_settle(context: Context, request: Request) -> Message:
    language = context.language
    title = language.line(
        "**#{number} is {state}; there is nothing to settle.**",
        number=request.number,
        state=language.pick(STATES[request.state]),
    )
    return Message(title=title, mark=Mark.BAD, blocks=single(context.view, request).blocks)
