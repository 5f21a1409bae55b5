"""`approve`, `deny`, `withdraw`: what waits for a second person."""

from collections.abc import Sequence

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.message import Block, Line, Mark, Message, Text
from bot.contracts.model import Role, State, Words
from bot.desk.context import Context, Reply
from bot.desk.ordered import on_its_way
from bot.requests.approval_cards import headed
from bot.requests.four_eyes import APPROVES, CODE, Said, Verdict
from bot.requests.lifecycle import Outcome
from bot.requests.not_taken import not_possible
from bot.wording.view import next_commands
from bot.wording.words import ROLES, STATES

ROUTER: Router[Context, Reply] = Router()

_NUMBERS = Argument(ArgumentKind.NUMBER, required=True, many=True)

_REASON = Argument(ArgumentKind.TEXT, required=True, label=Words("the reason", "理由"))

LONGEST_REASON = 500
"""Characters of a reason that are kept; it is said in chats."""


@ROUTER.command(
    ("approve",),
    ("同意",),
    role=Role.APPROVER,
    summary=Words(
        "agree to what waits for a second person; never one's own", "同意等待第二个人批准的申请，不能批准自己的"
    ),
    usage="approve #ID …",
    examples=(Words("approve #17", "同意 #17"),),
    arguments=(_NUMBERS, Argument(ArgumentKind.WORD, pattern=CODE)),
    topic="submit",
)
async def approve(command: Command, context: Context) -> Reply:
    """Agree to all of these, or to none; a button says with a code what was read."""
    await context.several(command.numbers)
    incoming = context.incoming
    here = None if context.abilities.threads else incoming.place
    said = await context.services.requests.approvals.approve(
        command.numbers,
        incoming.actor,
        context.role,
        code=command.words[0] if command.words else "",
        said_in=here,
    )
    if refused := _refused(context, said):
        return refused
    language = context.language
    one = said[0]
    numbers = language.joined([f"#{each.request.number}" for each in said])
    waiting = [each for each in said if each.verdict is Verdict.COUNTED]
    if waiting:
        order = waiting[0].order
        left = context.services.settings.policy.quorum - len(order.agreements) if order else 1
        title = language.line("**{numbers}: you approved it.**", numbers=numbers)
        more = language.plural_line("{n} more person has to.", "{n} more people have to.", max(left, 1))
        return Message(title=title, mark=Mark.WAITING, blocks=(Text(more), *_ask(context, waiting[0], asked=True)))
    if any(each.request.state is not State.QUEUED for each in said):
        if here is None:
            return None  # it is told in the thread, with what is missing
        text = language.line("Its files are no longer at hand; whoever ordered it is asked to attach them again.")
        return Message(title=_approved(context, said), mark=Mark.WARNING, blocks=(Text(text),))
    answer = await on_its_way(context, [each.request for each in said])
    if answer is not None:
        return answer
    ahead = next_commands(context.view, f"status #{one.request.number}")
    return Message(title=_approved(context, said), mark=Mark.GOOD, blocks=(ahead,), shared=True)


def _approved(context: Context, said: Sequence[Said]) -> Line:
    language = context.language
    if len(said) > 1:
        numbers = language.joined([f"#{each.request.number}" for each in said])
        return language.line("**{numbers}: approved**", numbers=numbers)
    return language.line("**{what}: approved**", what=headed(context.view, said[0].request))


@ROUTER.command(
    ("deny",),
    ("拒绝",),
    role=Role.APPROVER,
    summary=Words("say no to what waits for a second person, and why", "拒绝等待批准的申请，并说明理由"),
    usage="deny #ID … REASON",
    examples=(Words("deny #17 not before the holiday", "拒绝 #17 节后再发"),),
    arguments=(_NUMBERS, _REASON),
    topic="submit",
)
async def deny(command: Command, context: Context) -> Reply:
    """Say no to all of these, or to none; whoever ordered them reads the reason."""
    await context.several(command.numbers)
    reason = " ".join(command.text.split())[:LONGEST_REASON]
    actor = context.incoming.actor
    said = await context.services.requests.approvals.deny(command.numbers, actor, context.role, reason)
    if refused := _refused(context, said):
        return refused
    return _told(context, said, context.language.line("**{numbers}: denied.**", numbers=_numbers(context, said)))


@ROUTER.command(
    ("withdraw",),
    ("撤回",),
    role=Role.SUBMITTER,
    summary=Words("take back one's own before a second person agreed", "在别人批准之前撤回自己的申请"),
    usage="withdraw #ID …",
    examples=(Words("withdraw #17", "撤回 #17"),),
    arguments=(_NUMBERS,),
    topic="submit",
)
async def withdraw(command: Command, context: Context) -> Reply:
    """Take back what waits: a submission is a draft again, what the vendor has stays as it is."""
    await context.several(command.numbers)
    said = await context.services.requests.approvals.withdraw(command.numbers, context.incoming.actor)
    if any(not one.taken for one in said):
        return _not_withdrawn(context, said)
    return _told(context, said, context.language.line("**{numbers}: taken back.**", numbers=_numbers(context, said)))


def _told(context: Context, said: Sequence[Said], title: Line) -> Reply:
    """Nothing where everybody reads what came of it anyway, in a message of its own."""
    here = context.incoming.place
    told = {place.key for one in said if one.order for place in (one.request.place, one.order.place)}
    if not context.abilities.threads and here.key in told:
        return None
    return Message(title=title)


# --- What does not count ----------------------------------------------------------------------------------------------


def _refused(context: Context, said: Sequence[Said]) -> Message | None:
    """Why nothing was approved or denied, and who may; none where it was."""
    refused = [one for one in said if not one.taken]
    if not refused:
        return None
    messages = [_why_not(context, one) for one in refused]
    if len(messages) == 1:
        return messages[0]
    return Message(
        title=context.language.line("**Nothing was done: not all of them can be.**"),
        mark=Mark.BAD,
        blocks=tuple(block for one in messages for block in (Text(one.title), *one.blocks)),
    )


def _why_not(context: Context, one: Said) -> Message:
    language, number = context.language, one.request.number
    if one.problem:
        return not_possible(context.view, Outcome(one.request, one.problem), approving=True)
    match one.verdict:
        case Verdict.OWN:
            title = language.line(
                "**You wrote or ordered #{number} yourself: somebody else must decide.**", number=number
            )
            return _bad(title, (*_ask(context, one), next_commands(context.view, f"withdraw #{number}")))
        case Verdict.CHANGED:
            title = language.line("**#{number} is not what you read any more: it was changed since.**", number=number)
            text = Text(language.line("Nothing was approved. Look at it again first."))
            return _bad(title, (text, next_commands(context.view, f"show #{number}", f"approve #{number}")))
        case Verdict.EXPIRED:
            title = language.line("**#{number} waited too long: nobody agreed in time.**", number=number)
            return _bad(title, (next_commands(context.view, f"show #{number}"),))
        case Verdict.AGAIN:
            title = language.line("**You approved #{number} already.**", number=number)
            return _bad(title, _ask(context, one, asked=True))
        case Verdict.MAY_NOT:
            role = language.pick(ROLES[APPROVES])
            title = language.line("You may not decide on #{number}: that needs **{role}**.", number=number, role=role)
            return _bad(title, _ask(context, one))
        case _:
            return _nothing_waits(context, one)


def _nothing_waits(context: Context, one: Said) -> Message:
    language = context.language
    title = language.line(
        "**#{number} is {state}; it waits for nobody.**",
        number=one.request.number,
        state=language.pick(STATES[one.request.state]),
    )
    return _bad(title, (next_commands(context.view, f"show #{one.request.number}"),))


def _not_withdrawn(context: Context, said: Sequence[Said]) -> Message:
    language = context.language
    one = next(each for each in said if not each.taken)
    if one.verdict is Verdict.NOTHING:
        return _nothing_waits(context, one)
    who = context.view.named(one.order.ordered_by, one.order.ordered_by_name) if one.order else ""
    title = language.line("**#{number} was not taken back: {who} ordered it.**", number=one.request.number, who=who)
    text = Text(
        language.line("Only whoever ordered it can take it back; somebody with the right to approve can deny it.")
    )
    return _bad(title, (text, next_commands(context.view, f"deny #{one.request.number} …")))


def _bad(title: Line, blocks: tuple[Block, ...]) -> Message:
    return Message(title=title, mark=Mark.BAD, blocks=blocks)


def _ask(context: Context, one: Said, *, asked: bool = False) -> tuple[Block, ...]:
    """Who may decide instead of this person.

    Args:
        asked: whether those who agreed already are left out.
    """
    language = context.language
    order = one.order
    if order is None:
        return ()
    out = (*order.authors, *(each.who for each in order.agreements)) if asked else order.authors
    people = context.services.requests.approvals.may(out)
    if people:
        return (Text(language.line("Ask {people}.", people=language.either(list(people)))),)
    role = language.pick(ROLES[APPROVES])
    return (
        Text(
            language.line(
                "Nobody else is named who may: an operator can give the role **{role}** in the configuration.",
                role=role,
            )
        ),
    )


def _numbers(context: Context, said: Sequence[Said]) -> str:
    return context.language.joined([f"#{one.request.number}" for one in said])
