"""A person's own page: what they wait for, what waits for them, how much is left (spec 4, App Home).

Everything comes from the record: nothing here asks a vendor, so the page is there at once and says how old its
figures are.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.contracts.alert import Alert, AlertState
from bot.contracts.message import Block, Items, Mark, Message, Text
from bot.contracts.model import Request, Role, State
from bot.desk import people, start
from bot.desk.context import Context
from bot.desk.health import report
from bot.desk.paths import known
from bot.requests.cards import buttons, reason_blocks
from bot.requests.path import Standing, path
from bot.requests.path_cards import path_section
from bot.requests.status import status_line
from bot.store import alerts, requests, samples
from bot.watch.cards import alert_card
from bot.watch.readings import reading_line
from bot.wording.language import Language
from bot.wording.view import View
from bot.wording.words import MARKS

MINE = 10
"""Requests of one's own that are shown; a page is to be taken in at a glance, the rest is a command away."""

OTHERS = 5
"""Of everything else that waits for somebody."""

LOOKED_AT = 50
"""Of what waits for an approval: one's own are among it and are not shown."""


async def page(context: Context) -> Sequence[Message]:
    """The page of whoever asks, from top to bottom: a message without buttons begins a section."""
    return (
        *_beginning(context),
        *await _requests(context),
        *await _approvals(context),
        *await _paths(context),
        *await _quota(context),
        *await _alerts(context),
        *([await report(context)] if context.role >= Role.ADMIN else []),
    )


def _beginning(context: Context) -> tuple[Message, ...]:
    """What one can begin with; nothing can be typed on a page."""
    offered = start.buttons(context)
    return (Message(context.language.line("**What shall be done?**"), buttons=offered),) if offered else ()


async def _requests(context: Context) -> tuple[Message, ...]:
    """What they asked for and nobody has brought to its end, newest first."""
    language = context.language
    view = context.view
    settings = context.services.settings
    found = await context.services.database.read(
        lambda db: requests.open_numbers(
            db,
            accounts=context.accounts,
            submitters=people.all_of(db, context.incoming.actor.key, settings),
            limit=MINE + 1,
        )
    )
    if not found:
        return (Message(language.line("**Nothing of yours is pending**"), mark=Mark.GOOD),)
    shown = await context.services.database.read(lambda db: requests.of_numbers(db, found[:MINE]))
    head = Message(
        language.line("**Your open requests**"),
        blocks=_rest(language, len(found), MINE),
    )
    return (head, *(_thing(view, one) for one in shown))


async def _approvals(context: Context) -> tuple[Message, ...]:
    """What others asked for and this person may agree to; nothing where that is nothing."""
    if context.role < Role.APPROVER:
        return ()
    language = context.language
    view = context.view
    found = await context.services.database.read(
        lambda db: requests.latest(db, accounts=context.accounts, states=(State.AWAITING_APPROVAL,), limit=LOOKED_AT)
    )
    others = [one for one in found if not _is_me(context, one.submitter)]
    if not others:
        return ()
    head = Message(
        language.line("**Waiting for your approval**"),
        blocks=_rest(language, len(others), OTHERS),
    )
    return (head, *(_thing(view, one) for one in others[:OTHERS]))


def _thing(view: View, request: Request) -> Message:
    """One request: where it stands, and why where that went wrong."""
    why = reason_blocks(view, request)[:1] if MARKS[request.state] is Mark.BAD else ()
    return Message(status_line(view, request), blocks=why, buttons=buttons(view, request))


async def _paths(context: Context) -> tuple[Message, ...]:
    """Whether messages can go out, account by account, as far as the record and what vendors listed last tell."""
    if context.role < Role.VIEWER:
        return ()
    every = [path(await known(context, account, "", asking=False)) for account in context.accounts]
    told = [one for one in every if not any(stage.standing is Standing.SILENT for stage in one.stages[:2])]
    return (path_section(context.view, told),) if told else ()


async def _quota(context: Context) -> tuple[Message, ...]:
    """What is left of each account, as it was read last."""
    language = context.language
    blocks: list[Block] = []
    for account in context.accounts:
        if context.services.vendors[account].quota is None:
            continue
        last = await context.services.database.read(partial(samples.latest, account=account))
        if not last:
            blocks.append(Text(language.line("**{account}** · not read yet", account=account)))
            continue
        when = language.moment(last[0].at, None, context.view.now)
        blocks.append(Text(language.line("**{account}** · read {when}", account=account, when=when)))
        blocks.append(Items(tuple(reading_line(language, sample.reading) for sample in last)))
    if not blocks:
        return ()
    return (Message(language.line("**Quota**"), blocks=tuple(blocks)),)


async def _alerts(context: Context) -> tuple[Message, ...]:
    """What is open, for those who can take it, then what this person took or snoozed."""
    language = context.language
    view = context.view
    responds = context.role >= Role.RESPONDER
    standing = await context.services.database.read(lambda db: alerts.standing(db, context.accounts))
    opened = [alert for alert in standing if responds and alert.state is AlertState.OPEN]
    taken = [alert for alert in standing if _is_taken_by_me(context, alert)]
    if not opened and not taken:
        if not responds:
            return ()
        return (Message(language.line("No alert is open."), mark=Mark.GOOD),)
    head = Message(
        language.line("**Alerts**"),
        blocks=_rest(language, max(len(opened), len(taken)), OTHERS),
    )
    settings = context.services.settings.alerts
    cards = [
        alert_card(view, alert, settings.ack_expires, settings.repeat) for alert in (*opened[:OTHERS], *taken[:OTHERS])
    ]
    return (head, *(replace(card, blocks=card.blocks[:1]) for card in cards))


def _is_taken_by_me(context: Context, alert: Alert) -> bool:
    match alert.state:
        case AlertState.ACKNOWLEDGED:
            return _is_me(context, alert.acked_by)
        case AlertState.SNOOZED:
            return _is_me(context, alert.snoozed_by)
        case _:
            return False


def _is_me(context: Context, key: str) -> bool:
    """Whether an `Actor.key` is the person who looks, on whichever platform."""
    return context.services.settings.same_person(key, context.incoming.actor.key)


def _rest(language: Language, count: int, shown: int) -> tuple[Block, ...]:
    """That there is more than is shown."""
    return (Text(language.line("There are more; the newest {count} are shown.", count=shown)),) if count > shown else ()
