"""`settle`: what a vendor's console shows of a request whose answer was lost."""

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.errors import UserError, VendorError
from bot.contracts.guide import guided_by
from bot.contracts.message import Exact, Line, Mark, Message, Text
from bot.contracts.model import Request, Role, State, Words
from bot.desk.context import Context, Reply
from bot.desk.ordered import on_its_way
from bot.desk.vendor_ids import is_id, said_id
from bot.requests.cards import RESEND, buttons, called, console_link, settling, single
from bot.requests.guidance import APPROVED, DELETED, ID, REASON, REJECTED, SUBMITTED, guidance, kind_of
from bot.requests.guided import Said
from bot.requests.lifecycle import never_arrived
from bot.requests.not_taken import not_possible
from bot.wording.language import marked
from bot.wording.refusals import in_short
from bot.wording.view import next_commands
from bot.wording.words import STATES

ROUTER: Router[Context, Reply] = Router()

_NUMBER = Argument(ArgumentKind.NUMBER, required=True)


@ROUTER.command(
    ("settle",),
    ("落实",),
    role=Role.SUBMITTER,
    summary=Words(
        "say what the vendor's console shows, of a request whose answer was lost or that is done there",
        "结果未知或须在控制台办理时，告诉我控制台显示的情况",
    ),
    usage="settle #ID id=…  ·  settle #ID resend  ·  settle #ID submitted/approved/rejected/deleted",
    examples=(
        Words("settle #21 id=UTA20260102ABC", "落实 #21 编号=UTA20260102ABC"),
        Words("settle #5 submitted id=8563", "落实 #5 已提交 编号=8563"),
        Words('settle #5 rejected reason="blurred licence"', "落实 #5 未通过 原因=“营业执照不清晰”"),
    ),
    arguments=(_NUMBER, Argument(ArgumentKind.WORD, words=(RESEND, SUBMITTED, APPROVED, REJECTED, DELETED))),
    keys=(ID, REASON),
    topic="submit",
)
async def settle(command: Command, context: Context) -> Reply:
    """A person looked where the program cannot."""
    request = await context.request(command.number or 0)
    if guided_by(request):
        return await _guided(command, context, request)
    again = never_arrived(request) and RESEND.en in command.words
    if request.state is not State.UNKNOWN and not again:
        return _nothing_to_settle(context, request)
    ref = said_id(command)
    if bool(ref) == (RESEND.en in command.words):
        raise UserError(
            context.language.text("Is #{number} there? Say its id, or that it is not there.", number=request.number),
            commands=settling(context.language, request.number),
            begun=f"settle #{request.number}",
            ways=(f"{ID.en}=",),
        )
    if ref and not is_id(ref):
        raise UserError(
            context.language.text(
                "“{ref}” is no id; copy it from the console of {account}.", ref=ref[:40], account=request.account
            ),
            commands=settling(context.language, request.number),
        )
    try:
        outcome = await context.services.requests.settling.answer(
            request.number, ref or None, context.incoming.actor, context.incoming.place
        )
    except VendorError as error:
        return _still_asked(
            context,
            request,
            context.language.line(
                "**I cannot ask {account} now whether it has the id `{ref}`:** {why}.",
                account=request.account,
                ref=Exact(ref),
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
                ref=Exact(ref),
                kind=kind_of(context.view, request),
                name=called(context.language, request),
            ),
        )
    if outcome.problem in ("busy", "twin", "papers"):
        return not_possible(context.view, outcome, resent=request.number if RESEND.en in command.words else 0)
    if outcome.problem:
        return _nothing_to_settle(context, outcome.request)
    return await on_its_way(context, [outcome.request])


async def _guided(command: Command, context: Context, request: Request) -> Reply:
    """Somebody says what they did or saw in the console of something that is done there."""
    language = context.language
    ref = said_id(command)
    said = next((one for one in Said if one in command.words), Said.SUBMITTED if ref else None)
    if ref and not is_id(ref):
        raise UserError(
            language.text(
                "“{ref}” is no id; copy it from the console of {account}.", ref=ref[:40], account=request.account
            )
        )
    if said is None:
        return single(context.view, request)
    reason = command.value(REASON.en).strip()[:_MOST_REASON]
    outcome = await context.services.requests.guided.say(
        request.number, said, context.incoming.actor, ref=ref, reason=reason
    )
    if outcome.problem == "known":
        title = language.line(WRONG_IDS["known"], account=request.account, ref=Exact(ref))
        return Message(title=title, mark=Mark.BAD, blocks=guidance(context.view, outcome.request))
    if outcome.problem:
        return _nothing_to_settle(context, outcome.request)
    return None


_MOST_REASON = 500
"""Characters of a reviewer's words as a person copies them."""

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
