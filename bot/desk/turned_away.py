"""Why nothing is done at all, in words: somebody or a place is not served, or the record takes nothing."""

from bot.contracts.errors import RecordUnavailable
from bot.contracts.message import Mark, Message, Text
from bot.contracts.model import Incoming
from bot.desk.access import Access, Why
from bot.wording.language import Language
from bot.wording.view import View, next_commands


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
                id=place.conversation,
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


def nothing_taken(view: View, error: RecordUnavailable) -> Message:
    """The record takes nothing: that nothing was done, why, and what to do."""
    language = view.language
    return Message(
        title=language.line("**Nothing was done: my record takes nothing now.**"),
        mark=Mark.BAD,
        blocks=(
            Text(language.line("The cause: {cause}. Say it again in a few minutes.", cause=language.pick(error.words))),
            Text(language.line("What I had sent before goes on; its answers are kept until the record takes them.")),
            next_commands(view, "health"),
        ),
    )
