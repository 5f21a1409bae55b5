"""Why nothing is done at all, in words: somebody or a place is not served, or the record takes nothing."""

from dataclasses import replace

from bot.contracts.errors import RecordUnavailable
from bot.contracts.message import Exact, Mark, Message, Text
from bot.contracts.model import Incoming, Role, Words
from bot.desk.access import Access, Why
from bot.desk.context import Context
from bot.wording.language import Language, marked
from bot.wording.view import View, next_commands
from bot.wording.words import ROLES


def refused_here(incoming: Incoming, language: Language, allowed: Access) -> Message:
    """Why somebody is not served in a place, and what an operator needs to know to change that."""
    place = incoming.place
    match allowed.why:
        case Why.OUTSIDER:
            return Message(title=language.line("I only serve people of this organisation."), mark=Mark.BAD)
        case Why.NOT_LISTED:
            title = language.line("This conversation is not on my list.")
            text = language.line(
                'An operator can add it in `config.toml`, under `[[conversation]]`: `platform = "{platform}"`, '
                '`id = "{id}"`; then start me again.',
                platform=place.platform,
                id=Exact(place.conversation),
            )
        case _:
            title = language.line("You are not on my list.")
            text = language.line(
                'An operator can add you in `config.toml`, under `[[person]]`: `{platform} = "{user}"`; then start me '
                "again.",
                platform=incoming.actor.platform,
                user=incoming.actor.user,
            )
    return Message(title=title, mark=Mark.BAD, blocks=(Text(text),))


def may_not(context: Context, what: str, role: Role) -> Message:
    """Why somebody may not do something here, and who may.

    Args:
        context: who wanted it where.
        what: as it is typed.
        role: what it needs.
    """
    language = context.language
    title = language.line(
        "You may not `{what}` here: that needs **{role}**.", what=what, role=language.pick(ROLES[role])
    )
    who = context.services.settings.who_may(role)
    text = (
        language.line("Ask {people}.", people=language.joined(list(who)))
        if who
        else language.line("An operator can give the role in the configuration.")
    )
    return Message(title=title, mark=Mark.BAD, blocks=(Text(text),))


NOT_KEPT = marked("I am not waiting for a file here, so I did not keep it.")


def not_kept(context: Context, reply: Message) -> Message:
    """An answer to what came with a file for which there is no use; as it is where there was none."""
    if not context.incoming.files:
        return reply
    return replace(reply, blocks=(Text(context.language.line(NOT_KEPT)), *reply.blocks))


def rest_waits(view: View, why: Words) -> Message:
    """The record began to take nothing in the middle of what somebody said: that it is done nevertheless, and why not yet.

    Args:
        view: for whom.
        why: the cause, to stand within a sentence.
    """
    language = view.language
    return Message(
        title=language.line("**This is half stored: my record takes nothing now.**"),
        mark=Mark.WARNING,
        blocks=(
            Text(language.line("The cause: {cause}.", cause=language.pick(why))),
            Text(
                language.line(
                    "The other half, and my answer, come by themselves once the record takes them; it need not be said again."
                )
            ),
            next_commands(view, "health"),
        ),
    )


def nothing_taken(view: View, error: RecordUnavailable, *, partly: bool = False) -> Message:
    """The record takes nothing: that nothing was done, why, and what to do.

    Args:
        view: for whom.
        error: what the record said.
        partly: whether a part of it was stored nevertheless; whoever said it has to look before they say it again.
    """
    language = view.language
    if partly:
        return Message(
            title=language.line("**Only a part of this was stored: my record cannot be used now.**"),
            mark=Mark.BAD,
            blocks=(
                Text(language.line("The cause: {cause}.", cause=language.pick(error.words))),
                Text(language.line("Look at what is there before you say it again.")),
                next_commands(view, language.text("status mine"), "health"),
            ),
        )
    return Message(
        title=language.line("**Nothing was done: my record takes nothing now.**"),
        mark=Mark.BAD,
        blocks=(
            Text(language.line("The cause: {cause}. Say it again in a few minutes.", cause=language.pick(error.words))),
            Text(language.line("What I had sent before goes on; its answers are kept until the record takes them.")),
            next_commands(view, "health"),
        ),
    )
