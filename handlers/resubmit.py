"""`resubmit`: what a vendor rejected, opened with the reason and with what would pass filled in, to be sent again."""

from collections.abc import Mapping
from dataclasses import replace

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.fields import FieldType, canonical_key, field_for
from bot.contracts.message import Block, Items, Mark, Message, Text
from bot.contracts.model import Request, Role, State, Words
from bot.desk import changing, dialogue, questions
from bot.desk.context import Context, Reply
from bot.desk.filling import Filling
from bot.desk.reading import handed_in, read
from bot.requests.approval_cards import difference
from bot.requests.cards import called, reason_blocks
from bot.requests.lifecycle import Outcome, edit_problem
from bot.requests.not_taken import not_possible
from bot.requests.prepare import Typed, unknown_keys
from bot.store import requests, resubmissions
from bot.wording.problems import problem_line, refused_input
from bot.wording.view import next_commands
from bot.wording.words import STATES

ROUTER: Router[Context, Reply] = Router()

MUST_BE_NEW = frozenset({"no_rename", "fixed", "not_in_this_state"})
"""Problems of a change that a new request does not have."""

TAKEN_AWAY = frozenset({State.REJECTED, State.FAILED, State.WITHDRAWN, State.DISABLED})
"""What can be sent again."""


@ROUTER.command(
    ("resubmit",),
    ("重提",),
    role=Role.SUBMITTER,
    summary=Words(
        "open what was rejected with the reason and what would pass filled in, and send it again",
        "打开被拒的申请，附原因和可通过的改法，改好后重新提交",
    ),
    usage="resubmit #ID [key=value …]",
    examples=(Words("resubmit #12", "重提 #12"), Words("resubmit #12 name=速达物流", "重提 #12 名称=速达物流")),
    arguments=(Argument(ArgumentKind.NUMBER, required=True),),
    keys=True,
    topic="submit",
)
async def resubmit(command: Command, context: Context) -> Reply:
    """Open a rejected request again, as a change where its vendor takes one, otherwise as a new one in its place.

    Nothing is sent by its number alone: what would be sent is shown first, with what is different.
    """
    asked = await context.request(command.number or 0)
    request = await _latest(context, asked)
    language = context.language
    if request.state not in TAKEN_AWAY | {State.DRAFT}:
        return _nothing_to_send_again(context, asked, request)
    fields = context.services.vendors[request.account].reviews.fields(request.kind)
    unknown = unknown_keys(command.values, (fields,))
    if unknown:
        title = language.line("**#{number} was not changed.**", number=request.number)
        return refused_input(language, title, tuple(problem_line(language, problem) for problem in unknown))
    said = [(field, key, value) for key, value in command.typed if (field := field_for(key, fields)) is not None]
    typed = {canonical_key(key, field): value for field, key, value in said if field.type is not FieldType.FILE}
    files = tuple((key, value) for field, key, value in said if field.type is FieldType.FILE)  # paths, in the terminal
    changes = {**await _fixes(context, request), **typed}
    problem = edit_problem(request, {**request.values, **changes}, context.ability(request))
    if problem in MUST_BE_NEW:
        begun = await _in_its_place(context, request, changes)
        if isinstance(begun, Message):
            return begun
        request, changes = begun, {}
    elif problem:
        return not_possible(context.view, Outcome(request, problem))
    return await _open(context, request, changes, files)


async def _latest(context: Context, request: Request) -> Request:
    """The request that took its place, or that one's; itself where none did."""
    return await context.services.database.read(lambda db: resubmissions.latest(db, request))


def _nothing_to_send_again(context: Context, asked: Request, request: Request) -> Message:
    language = context.language
    told = {
        "number": request.number,
        "name": called(language, request),
        "account": request.account,
        "state": language.pick(STATES[request.state]),
        "asked": asked.number,
    }
    text = (
        language.line("#{number} {name} at {account} took the place of #{asked} and is {state}.", **told)
        if asked.number != request.number
        else language.line("#{number} {name} at {account} is {state}: there is nothing to send again.", **told)
    )
    title = language.line("**#{number} was not sent again.**", number=asked.number)
    ahead = next_commands(context.view, f"show #{request.number}")
    return Message(title=title, mark=Mark.BAD, blocks=(Text(text), ahead))


async def _fixes(context: Context, request: Request) -> Mapping[str, str]:
    """What would pass, of what a rule explains."""
    if request.state is not State.REJECTED or not request.reason:
        return {}
    return context.services.requests.preparation.check.fixes(request)


async def _in_its_place(context: Context, request: Request, changes: Mapping[str, str]) -> Request | Message:
    """A draft that takes the place of what its vendor does not change; why not, where that cannot be."""
    filling = Filling(kind=request.kind, numbers={}, typed=tuple({**request.values, **changes}.items()))
    (item,) = await read(context, filling, (request.account,))
    if item.problems:
        return questions.refused(context, filling, (item,))
    incoming = context.incoming
    here = request.place if request.place.same_conversation(incoming.place) else incoming.place
    _, (draft,) = await context.services.requests.orders.submit(
        replace(incoming, place=here),
        request.kind,
        item.values.get("name", ""),
        (item,),
        hold=True,
        earlier=request.number,
    )
    return draft


async def _open(context: Context, request: Request, changes: Mapping[str, str], files: Typed) -> Reply:
    """Show what would be sent, in a form where the chat has them; only whoever answers sends it."""
    handed_in(context, (request.number,))
    if await context.services.chats.ask(context.incoming, (request.number,), changes):
        return None
    stands = changing.of(request)
    given = changes or files or context.incoming.files or context.incoming.papers
    if not given and request.state is State.REJECTED:
        return await changing.ask(context, request, stands)
    reply = await dialogue.open_draft(context, stands.with_values((*changes.items(), *files)))
    if not isinstance(reply, Message):
        return reply
    before = await context.services.database.read(
        lambda db: requests.find(db, request.earlier) if request.earlier is not None else request
    )
    return replace(reply, blocks=(*_why_and_what(context, before or request, request, changes), *reply.blocks))


def _why_and_what(context: Context, before: Request, request: Request, changes: Mapping[str, str]) -> tuple[Block, ...]:
    """The reviewer's words, and each value that is another one now."""
    language = context.language
    values = {**request.values, **changes}
    lines = tuple(
        difference(language, key, before.values.get(key, ""), value)
        for key, value in values.items()
        if before.values.get(key, "") != value
    )
    why = reason_blocks(context.view, before) if before.state is State.REJECTED else ()
    return (*why, *((Items(lines),) if lines else ()))
