"""`delete`: at the vendor, after asking once more; what was never sent is given up."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.message import Block, Button, Items, Line, Mark, Message, Text
from bot.contracts.model import Action, Question, Request, Role, State, Words
from bot.desk.answers import Said, yes_or_no
from bot.desk.asking import where_to_answer
from bot.desk.context import Context, Reply
from bot.desk.ordered import on_its_way
from bot.requests import dependents, open_questions, usage
from bot.requests.cards import approvers, called
from bot.requests.guidance import kind_of
from bot.requests.lifecycle import Outcome, delete_problem
from bot.requests.not_taken import not_possible
from bot.store import dialogues, events
from bot.wording.view import next_commands

ROUTER: Router[Context, Reply] = Router()

_NUMBERS = Argument(ArgumentKind.NUMBER, required=True, many=True)
_CONFIRM = Words("confirm", "确认")
_KEEP = Words("keep", "保留")


@ROUTER.command(
    ("delete",),
    ("删除",),
    role=Role.SUBMITTER,
    summary=Words("delete at the vendor, after asking once more", "在平台删除，删除前会再次确认"),
    usage="delete #ID … [confirm, keep]",
    examples=(Words("delete #17", "删除 #17"),),
    arguments=(_NUMBERS, Argument(ArgumentKind.WORD, words=(_CONFIRM, _KEEP))),
    topic="submit",
)
async def delete(command: Command, context: Context) -> Reply:
    """Ask whether it is meant, and say what it breaks; then do it. Several are asked for once, and go all or none."""
    wanted = await context.several(command.numbers)
    if _KEEP.en in command.words:
        return await _keep(context, command.numbers)
    problems = [(request, delete_problem(request, context.ability(request))) for request in wanted]
    refused = [Outcome(request, problem) for request, problem in problems if problem]
    if refused:
        return await _not_deleted(context, refused, several=len(wanted) > 1)
    if _CONFIRM.en in command.words:
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
    question = await context.services.database.write(lambda db: open_questions.ask_to_delete(db, asked, wanted, now))
    language = context.language
    blocks: list[Block] = []
    for request in wanted:
        if len(wanted) > 1:
            blocks.append(Text(language.line("**#{number} {kind} {name} at {account}**", **_head(context, request))))
        blocks += [Text(line) for line in await _breaks(context, request)]
        if waits := _waits_for(context, request):
            blocks.append(Text(waits))
    blocks.append(
        context.whether(
            f"delete {_typed(command.numbers)} {language.pick(_CONFIRM)}",
            f"delete {_typed(command.numbers)} {language.pick(_KEEP)}",
        )
    )
    blocks[-1:-1] = where_to_answer(language, incoming, context.abilities)
    title = (
        language.line("**Delete #{number} {kind} {name} at {account}?**", **_head(context, wanted[0]))
        if len(wanted) == 1
        else language.line("**Delete {numbers}, all of them?**", numbers=_named(context, command.numbers))
    )
    target = ",".join(f"#{number}" for number in command.numbers)
    return Message(
        title=title,
        mark=Mark.WARNING,
        blocks=tuple(blocks),
        buttons=(
            Button("delete_now", target, language.text("Delete"), dangerous=True),
            Button("keep", target, language.text("Keep")),
        ),
        shared=True,
        question=question,
    )


async def _keep(context: Context, numbers: Sequence[int]) -> Reply:
    """Not to be deleted: nothing happens, and the question is closed where it stands."""
    if await context.services.requests.orders.spare(numbers, context.incoming.actor):
        return Message(title=context.language.line("Nothing was deleted."))
    title = context.language.line(
        "Whether to delete {numbers} is no open question; nothing was changed.", numbers=_named(context, numbers)
    )
    ahead = next_commands(context.view, *(f"show #{number}" for number in numbers))
    return Message(title=title, mark=Mark.BAD, blocks=(ahead,))


def _head(context: Context, request: Request) -> dict[str, Any]:
    return {
        "number": request.number,
        "kind": kind_of(context.view, request),
        "name": called(context.language, request),
        "account": request.account,
    }


def _named(context: Context, numbers: Sequence[int]) -> str:
    return context.language.joined([f"#{number}" for number in numbers])


def _typed(numbers: Sequence[int]) -> str:
    return " ".join(f"#{number}" for number in numbers)


async def _not_deleted(context: Context, refused: Sequence[Outcome], *, several: bool) -> Message:
    """Why nothing was deleted; of several requests, which ones stand in the way; and who was there before."""
    messages = []
    for outcome in refused:
        why = not_possible(context.view, outcome, deleting=True)
        messages.append(replace(why, blocks=(*await _by_whom(context, outcome.request), *why.blocks)))
    if not several:
        return messages[0]
    return Message(
        title=context.language.line("**Nothing was deleted: not all of them can be.**"),
        mark=Mark.BAD,
        blocks=tuple(block for one in messages for block in (Text(one.title), *one.blocks)),
    )


async def _by_whom(context: Context, request: Request) -> tuple[Text, ...]:
    """Who had it deleted, where somebody did."""
    told = await context.services.database.read(lambda db: events.of_request(db, request.number))
    people = (one for one in told if one.actor not in (events.SYSTEM, events.VENDOR))
    deleted = next((one for one in people if one.data.get("action") == Action.DELETE), None)
    if deleted is None:
        return ()
    view = context.view
    who = view.named(deleted.actor, request.submitter_name if deleted.actor == request.submitter else "")
    when = view.language.moment(deleted.at, None, view.now)
    return (Text(view.language.line("{who} had it deleted {when}.", who=who, when=when)),)


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
    await context.several(numbers)
    if said is Said.NO:
        return await _keep(context, numbers)
    return await _delete(context, numbers)


def _asked(asked: Question) -> tuple[int, ...]:
    """The requests that a question is about; older questions have one."""
    numbers = asked.data.get("numbers") or [asked.data["number"]]
    return tuple(int(number) for number in numbers)


async def _delete(context: Context, numbers: Sequence[int]) -> Reply:
    outcomes = await context.services.requests.orders.delete(numbers, context.incoming)
    if any(outcome.problem for outcome in outcomes):
        return await _not_deleted(context, outcomes, several=len(numbers) > 1)
    language = context.language
    gone = tuple(
        language.line(
            "**#{number} {name} is cancelled**; {account} never had it.",
            number=outcome.request.number,
            name=called(language, outcome.request),
            account=outcome.request.account,
        )
        for outcome in outcomes
        if outcome.request.state is State.CANCELLED
    )
    if len(numbers) == 1:
        return Message(title=gone[0]) if gone else await on_its_way(context, [outcomes[0].request])
    sent = [outcome.request.number for outcome in outcomes if outcome.request.state is not State.CANCELLED]
    going = (language.line("Being deleted at the vendors: {numbers}.", numbers=_named(context, sent)),) if sent else ()
    lines = (*going, *gone)
    return Message(title=lines[0], blocks=(Items(lines[1:]),) if lines[1:] else ())


async def _breaks(context: Context, request: Request) -> tuple[Line, ...]:
    """What a deletion breaks, as far as the record knows."""
    now = context.services.clock.now()
    found = await context.services.database.read(lambda db: usage.of(db, request, now))
    return dependents.lines(context.language, request, found)


def _waits_for(context: Context, request: Request) -> Line:
    """Who has to agree to it first; nothing where nobody has."""
    language = context.language
    if not request.vendor_ref or not context.services.requests.approvals.wanted(
        Action.DELETE, request.kind, request.values
    ):
        return ()
    ordered = replace(request, action=Action.DELETE, ordered_by=context.incoming.actor.key)
    who = language.either(list(approvers(context.view, ordered)))
    return language.line("It then waits for approval by {who}.", who=who or language.text("an approver"))
