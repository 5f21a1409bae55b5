"""`history`: how things came where they are."""

from dataclasses import replace
from datetime import datetime

from bot.commands.accounts import accounts_of
from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.commands.spans import read_span
from bot.commands.spelling import plain
from bot.contracts import mentions
from bot.contracts.errors import UserError
from bot.contracts.message import Items, Message
from bot.contracts.model import Role, Words
from bot.desk import people
from bot.desk.context import Context, Reply
from bot.desk.listing import PAGE_KEY, Listed, said_again
from bot.desk.paging import LOOKED_FOR
from bot.desk.story import story_line
from bot.store import alerts, events, requests
from bot.wording.view import named, user_key

ROUTER: Router[Context, Reply] = Router()

_SINCE = Words("since", "最近")

_BY = Words("by", "谁")

_ACCOUNT = Words("account", "账号")

_ME = "@me"


@ROUTER.command(
    ("history",),
    ("历史",),
    role=Role.VIEWER,
    summary=Words("what happened, newest first", "发生过的事，最新在前"),
    usage="history [#ID/A5] [since=7d] [by=@me] [account=…] [page=2]",
    examples=(
        Words("history #17", "历史 #17"),
        Words("history A5", "历史 A5"),
        Words("history since=7d by=@me", "历史 最近=7d 谁=@me"),
    ),
    arguments=(Argument(ArgumentKind.NUMBER), Argument(ArgumentKind.ALERT)),
    keys=(_SINCE, _BY, _ACCOUNT, PAGE_KEY),
    topic="look",
)
async def history(command: Command, context: Context) -> Reply:
    """The record, newest first."""
    language = context.language
    narrowed: tuple[Words, ...] = ()
    pressed = True
    if command.number is not None:
        request = await context.request(command.number)
        found = await context.services.database.read(
            lambda db: events.ids_of_request(db, request.number, limit=LOOKED_FOR)
        )
        narrowed = (Words(f"#{request.number}", f"#{request.number}"),)
        head = language.line(
            "**History of #{number} {name}**", number=request.number, name=named(language, request.name)
        )
    elif command.alert is not None:
        number = await _alert_here(context, command.alert)
        found = await context.services.database.read(lambda db: events.ids_of_alert(db, number, LOOKED_FOR))
        narrowed = (Words.same(f"A{number}"),)
        head = language.line("**History of A{number}**", number=number)
    else:
        since = _since(command.value("since"), context)
        by, who = await _by(command.value("by"), context)
        account = command.value("account")
        meant = accounts_of(plain(account), context.services.speech.vocabulary) if account else context.accounts
        accounts = tuple(one for one in meant if one in context.accounts)
        if not accounts:
            raise UserError(
                language.text("There is no account “{account}” here.", account=mentions.shown(account)[:40]),
                details=(language.joined(list(context.accounts)),),
            )
        found = await context.services.database.read(
            lambda db: events.recent_ids(
                db,
                since=since,
                actors=None if by is None else people.all_of(db, by, context.services.settings),
                accounts=accounts,
                limit=LOOKED_FOR,
            )
        )
        given = ((_SINCE, command.value("since").strip()), (_ACCOUNT, account), (_BY, who))
        narrowed = tuple(said_again(key, Words(value, value)) for key, value in given if value)
        mine_alone = context.incoming.direct or context.abilities.whispers
        pressed = not by or mine_alone or any(one.name == who for one in context.services.settings.people)
        head = language.line("**History**")
    if not found:
        return Message(title=language.line("Nothing happened in that time."))
    listed = Listed(context, command, found, narrowed, pressed=pressed)
    database = context.services.database
    shown = await database.read(lambda db: events.of_ids(db, listed.page.ids))
    again = [event for event in shown if event.what == events.REPEATED]
    repeats = await database.read(lambda db: {event.id: events.repeats(db, event) for event in again})
    # Whom nobody named in the configuration is called as when they submitted something.
    actors = {event.actor for event in shown}
    called = await database.read(lambda db: {user_key(one): requests.name_of(db, one) for one in actors})
    names = {key: name for key, name in called.items() if name}
    view = replace(context.view, names={**names, **context.view.names})
    return listed.message(head, Items(tuple(story_line(view, event, repeats.get(event.id)) for event in shown)))


async def _alert_here(context: Context, number: int) -> int:
    """The number of an alert that this conversation may speak of."""
    alert = await context.services.database.read(lambda db: alerts.find(db, number))
    if alert is None or alert.account not in context.accounts:
        said = context.language.text("There is no alert A{number} here.", number=number)
        raise UserError(said, commands=("alerts",))
    return number


def _since(text: str, context: Context) -> datetime | None:
    if not text:
        return None
    span = read_span(text)
    if span is None:
        raise UserError(
            context.language.text("“{text}” is no span of time; write 12h, 7d or 2w.", text=mentions.shown(text)[:20]),
            commands=(context.language.text("history since=7d"),),
        )
    return context.services.clock.now() - span


async def _by(text: str, context: Context) -> tuple[str | None, str]:
    """An identity of who is meant, and a word for them that means the same whoever says it, where there is one."""
    if not text:
        return None, ""
    actor = context.incoming.actor
    settings = context.services.settings
    if text.strip().removeprefix("@").casefold() in ("me", "我"):
        person = settings.person_of(actor.key)
        return actor.key, person.name if person is not None else _ME
    found = await context.services.database.read(lambda db: people.meant(db, text, settings))
    if found is not None:
        return found
    raise UserError(
        context.language.text("I know nobody called “{name}”.", name=mentions.shown(text).removeprefix("@")[:40]),
        commands=(context.language.text("history by=@me"),),
    )
