"""`edit`: fill in a draft, or change what was submitted."""

from dataclasses import replace

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.model import Request, Role, State, Words
from bot.desk import changing, dialogue
from bot.desk.context import Context, Reply
from bot.desk.reading import handed_in
from bot.requests.lifecycle import PAPERS_GONE, Outcome, edit_problem
from bot.requests.not_taken import not_possible
from bot.requests.prepare import unknown_keys
from bot.store import requests
from bot.wording.problems import problem_line, refused_input

ROUTER: Router[Context, Reply] = Router()

_NUMBER = Argument(ArgumentKind.NUMBER, required=True)


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
    fields = context.services.requests.preparation.of(request)
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
    handed_in(context, tuple(one.number for one in batch))
    if opens and await context.services.chats.ask(context.incoming, tuple(one.number for one in batch)):
        return None
    if not given and request.state not in (State.DRAFT, State.FAILED):
        return await changing.ask(context, request, changing.of(request))
    if not given and request.state is State.DRAFT:
        return await dialogue.open_draft(context, changing.together_of(batch))
    filling = changing.of(request).with_values(command.values)
    if context.incoming.standing:
        filling = replace(filling, stood={request.account: context.incoming.standing})
    return await dialogue.carry_on(context, filling)


async def _drafts_with(context: Context, draft: Request) -> tuple[Request, ...]:
    """A draft and the other drafts of the same command: they are filled in as one."""
    batch = await context.services.database.read(lambda db: requests.of_batch(db, draft.batch))
    drafts = tuple(one for one in batch if one.state is State.DRAFT and one.account in context.accounts)
    return drafts if context.incoming.can_ask else (draft,)
