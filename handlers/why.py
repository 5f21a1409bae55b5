"""`why`: why something was told, held back, told with others or not told."""

from collections.abc import Sequence
from dataclasses import replace

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts import mentions
from bot.contracts.errors import UserError
from bot.contracts.fields import fold
from bot.contracts.message import Block, Items, Line, Message, Text, plain
from bot.contracts.model import Request, Role, State, Words
from bot.contracts.values import TOPICS, Topic
from bot.desk import story
from bot.desk.context import Context, Reply
from bot.desk.listing import PAGE_KEY, Listed
from bot.desk.places import named_places
from bot.desk.told import Thing, because_of, happened_with, spoken_of, thing_of, topics_of_alert
from bot.desk.topics import next_digest
from bot.notices.compose import CARD
from bot.notices.why import Happened, about, fate_in_words, first_shown, line_of, timeline, totals
from bot.requests.outcomes import head
from bot.store import alerts, events, fates
from bot.store.events import Event
from bot.store.fates import Fate
from bot.watch.headlines import alert_mark
from bot.watch.why_cards import happenings, opening
from bot.watch.withheld import withheld
from bot.wording.view import next_commands
from bot.wording.words import MARKS

ROUTER: Router[Context, Reply] = Router()

MOST = 1_000
"""Notices and happenings that are looked at, the latest; an alert that nobody takes for weeks has more."""

ON_THE_WAY = frozenset({State.DRAFT, State.QUEUED, State.SUBMITTING})
"""States that are over before anybody could be told of them."""


@ROUTER.command(
    ("why",),
    ("为何",),
    role=Role.VIEWER,
    summary=Words("why this was told, held back, told with others, or not told", "为何发出、未发或合并"),
    usage="why [#ID/A5/MESSAGE/digest] [page=2]",
    examples=(Words("why A5", "为何 A5"), Words("why #17", "为何 #17"), Words("why digest", "为何 日报")),
    arguments=(
        Argument(ArgumentKind.NUMBER),
        Argument(ArgumentKind.ALERT),
        Argument(ArgumentKind.WORD, label=Words("the address of a message", "消息的链接")),
    ),
    keys=(PAGE_KEY,),
    topic="bot",
)
async def why(command: Command, context: Context) -> Reply:
    """What the record has of the notices about a request, an alert, or in one message."""
    if command.number is not None:
        return await _of_request(command, context, await context.request(command.number))
    if command.alert is not None:
        return await _of_alert(command, context, command.alert)
    if command.words:
        return await _of_message(command, context, await _named(context, command.words[0]))
    return await _of_message(command, context, await _meant_here(context))


# --- Of a thing ----------------------------------------------------------------------------------------------------------


async def _of_request(command: Command, context: Context, request: Request) -> Message:
    language = context.language
    number = request.number
    subjects = (f"request:{number}", f"batch:{request.batch}")
    database = context.services.database
    found = await database.read(lambda db: fates.of_subjects(db, subjects, MOST))
    told = await database.read(lambda db: events.of_request(db, number, MOST))
    title = (*language.line("**#{number} {kind} {name} at {account}**", **head(context.view, request)), " · ")
    if not found:
        return Message(
            title=(*title, *language.line("nothing was owed to anybody yet")),
            mark=MARKS[request.state],
            blocks=(next_commands(context.view, f"status #{number}"),),
        )
    happened = [Happened(one.at, _line(context, one), _in_the_card(context, one)) for one in reversed(told)]
    heard = await _hears(context, ("reviews",), request.account, f"request:{number}", found)
    listed, lines = await _listed(command, context, happened, found, Words.same(f"#{number}"))
    said = listed.message((*title, *totals(language, found)), lines, f"status #{number}", f"history #{number}")
    return replace(said, mark=MARKS[request.state], blocks=(*heard, *said.blocks))


async def _of_alert(command: Command, context: Context, number: int) -> Message:
    language = context.language
    database = context.services.database
    alert = await database.read(lambda db: alerts.find(db, number))
    if alert is None or alert.account not in context.accounts:
        raise UserError(language.text("There is no alert A{number} here.", number=number), commands=("alerts",))
    found = await database.read(lambda db: fates.of_subjects(db, (f"alert:{number}",), MOST))
    told = await database.read(lambda db: events.of_alert(db, number, MOST))
    settings = context.services.settings
    quiet = context.services.watch.alerts.quiet
    held = withheld(told, settings.alerts.repeat, context.view.now, lambda at: quiet.holds(alert, at))
    happened = happenings(
        context.view, alert, told, held, lambda event: story.happened(context.view, event), told=bool(found)
    )
    configured = any(rule.name == alert.rule for rule in settings.rules)
    title = opening(context.view, alert, told, configured=configured)
    heard = await _hears(context, topics_of_alert(alert), alert.account, f"alert:{number}", found)
    listed, lines = await _listed(command, context, happened, found, Words.same(f"A{number}"))
    said = listed.message(title, lines, f"alerts A{number}")
    repeats = sum(one.count for one in held)
    counted = (Text(totals(language, found, repeats)),) if found else ()
    return replace(said, mark=alert_mark(alert), blocks=(*counted, *heard, *said.blocks))


async def _listed(
    command: Command, context: Context, happened: Sequence[Happened], found: Sequence[Fate], narrowed: Words
) -> tuple[Listed, Items]:
    """The page that was asked for, in the order in which things happened."""
    entries = timeline(happened, found)
    listed = Listed(context, command, tuple(range(len(entries))), (narrowed,))
    page = [entries[one] for one in listed.page.ids]
    named = await named_places(context, (fate.notice.place for entry in page for fate in entry.fates))
    shown, view = first_shown(found), context.view
    return listed, Items(tuple(line_of(view, entry, shown, named) for entry in page))


def _line(context: Context, event: Event) -> Line:
    """What happened to a request, and whose doing it was."""
    view = context.view
    return view.language.line("{what} · {who}", what=story.happened(view, event), who=story.done_by(view, event))


def _in_the_card(context: Context, event: Event) -> Line:
    """Why nothing was told of something that happened to a request: it stood in the card that was still to come."""
    if event.what != "moved" or State(str(event.data["to"])) in ON_THE_WAY:
        return ()
    return context.language.line("no message of its own, the card says it")


async def _hears(
    context: Context, topics: Sequence[Topic], account: str, subject: str, found: Sequence[Fate]
) -> tuple[Block, ...]:
    """That this conversation is not told of a thing, and what would change that; nothing where it is."""
    here = context.incoming.place
    if any(fate.notice.place.same_conversation(here) for fate in found):
        return ()
    language = context.language
    audience = context.services.status.audience
    hears = await context.services.database.read(
        lambda db: (
            any(one.same_conversation(here) for topic in topics for one in audience.places(db, topic, account))
            or any(one.same_conversation(here) for one in audience.watching(db, subject))
        )
    )
    if hears:
        return (Text(language.line("Nothing of it was told here so far.")),)
    topic = language.pick(TOPICS[topics[0]])
    said = language.line(
        "Nothing of it was told here, for this conversation does not hear of `{topic}` at {account}.",
        topic=topic,
        account=account,
    )
    return (Text(said), next_commands(context.view, f"subscribe {topic} {account}"))


# --- Of a message --------------------------------------------------------------------------------------------------------


async def _named(context: Context, text: str) -> tuple[Fate, ...]:
    """The notices in the message that a text names, as far as they may be spoken of here.

    Raises:
        UserError: there is no such message.
    """
    chats = context.services.chats
    if fold(text) in map(fold, (TOPICS["digest"].en, TOPICS["digest"].zh)):
        return await _last_digest(context)
    platform, message_id = chats.meant(text, context.incoming.place)

    found = await context.services.database.read(
        lambda db: spoken_of(db, context, fates.named(db, text, message_id, platform))
    )
    if found:
        return found
    language = context.language
    raise UserError(
        language.text(
            "I sent no message “{text}”, or none that may be spoken of here.", text=mentions.shown(text)[:80]
        ),
        details=(
            language.text(
                "Name a request, an alert, or the address of a message of mine. Alone it means the last one here."
            ),
        ),
        commands=("why A5", "why #17", "why"),
    )


async def _last_digest(context: Context) -> tuple[Fate, ...]:
    """The last daily digest that this conversation was owed, told or not.

    Raises:
        UserError: there was none yet.
    """
    place, digests = context.incoming.place, context.services.status.digests
    found = await context.services.database.read(lambda db: fates.of_key(db, digests.last_key(db, place)))
    if found is not None:
        return (found,)
    coming = await next_digest(context)
    raise UserError(
        context.language.text("No daily digest was due here yet."),
        details=tuple(plain(line) for line in coming),
        commands=("digest", "subscriptions"),
    )


async def _meant_here(context: Context) -> tuple[Fate, ...]:
    """The notices in the message under which this is said; otherwise in the last one in this conversation.

    Raises:
        UserError: nothing was told here.
    """
    place = context.incoming.place
    platform, under = context.services.chats.meant(place.thread, place) if place.thread else ("", "")

    found = await context.services.database.read(
        lambda db: spoken_of(
            db,
            context,
            fates.of_message(db, under, platform) or fates.of_message(db, fates.last_told(db, place), place.platform),
        )
    )
    if found:
        return found
    raise UserError(
        context.language.text("Nothing was told here yet but answers."), commands=("why A5", "why #17", "subscriptions")
    )


async def _of_message(command: Command, context: Context, found: Sequence[Fate]) -> Message:
    """What one message told, each with when it was owed and what became of it."""
    language = context.language
    said_again = command.words[0] if command.words else found[0].message_id
    listed = Listed(context, command, tuple(range(len(found))), (Words.same(said_again),), pressed=False)
    page = [found[one] for one in listed.page.ids]
    read = context.services.database.read
    things = await read(lambda db: [thing_of(db, fate) for fate in page])
    happened = await read(lambda db: [happened_with(db, thing, fate) for thing, fate in zip(things, page, strict=True)])
    because = await read(lambda db: because_of(db, context, things[0], page[0]))
    place = (await named_places(context, (page[0].notice.place,)))(page[0].notice.place)
    shown = first_shown(found)
    lines = [
        _owed(context, thing, told, fate, first=fate.notice.id in shown)
        for fate, thing, told in zip(page, things, happened, strict=True)
    ]
    why_so = (Text(because),) if because else ()
    further = [f"why {thing.called}" for thing in things[:1] if thing.alert or thing.request]
    if len(found) == 1:
        title = (*lines[0], *language.line(" · {place}", place=place))
        return Message(title=title, blocks=(*why_so, *((next_commands(context.view, *further),) if further else ())))
    if all(fate.notice.what == CARD for fate in found):
        title = language.plural_line(
            "**{thing}** in one message that was changed {n} time, {place}",
            "**{thing}** in one message that was changed {n} times, {place}",
            len(found) - 1,
            thing=things[0].called,
            place=place,
        )
    else:
        title = language.plural_line(
            "**{n} thing in one message**, {place}", "**{n} things in one message**, {place}", len(found), place=place
        )
    said = listed.message(title, Items(tuple(lines)), *further)
    return replace(said, blocks=(*why_so, *said.blocks))


def _owed(context: Context, thing: Thing, told: Sequence[Event], fate: Fate, *, first: bool) -> Line:
    """One notice: what it is about, what it told, when it was owed, what became of it."""
    language = context.language
    said = [story.happened(context.view, event) for event in told]
    return language.line(
        "**{thing}** {what} · owed {when}, {told}",
        thing=thing.called,
        what=language.joined(said) if said else about(language, fate.notice.what),
        when=language.moment(fate.notice.created_at, None, context.view.now),
        told=fate_in_words(context.view, fate, first=first),
    )
