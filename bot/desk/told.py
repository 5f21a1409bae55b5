"""What a notice is about, whether it may be spoken of, and why its conversation is told of such things."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlite_utils

from bot.contracts.alert import Alert
from bot.contracts.message import Line
from bot.contracts.model import Request
from bot.contracts.values import TOPICS, Topic
from bot.desk.context import Context
from bot.store import alerts, events, requests
from bot.store.events import Event
from bot.store.fates import HELD, Fate


@dataclass(frozen=True, slots=True)
class Thing:
    """What a notice is about.

    Args:
        called: `#17`, `A5`, or the name of what is neither.
        accounts: whose it is; none where it is no account's.
        request: the request, or the first one of several.
        alert: the alert.
    """

    called: str
    accounts: tuple[str, ...] = ()
    request: Request | None = None
    alert: Alert | None = None


def thing_of(db: sqlite_utils.Database, fate: Fate) -> Thing:
    """What a notice is about."""
    kind, _, number = fate.notice.subject.partition(":")
    match kind:
        case "alert" if (alert := alerts.find(db, int(number))) is not None:
            return Thing(f"A{number}", (alert.account,), alert=alert)
        case "request" if (request := requests.find(db, int(number))) is not None:
            return Thing(f"#{number}", (request.account,), request=request)
        case "batch" if batch := requests.of_batch(db, int(number)):
            called = ", ".join(f"#{request.number}" for request in batch)
            return Thing(called, tuple(request.account for request in batch), request=batch[0])
        case _:
            return Thing(number or kind)


def spoken_of(db: sqlite_utils.Database, context: Context, found: Sequence[Fate]) -> tuple[Fate, ...]:
    """Those of some notices that may be spoken of here."""
    here = context.incoming.place
    allowed = []
    for fate in found:
        accounts = thing_of(db, fate).accounts
        if any(account in context.accounts for account in accounts) or (
            not accounts and fate.notice.place.same_conversation(here)
        ):
            allowed.append(fate)
    return tuple(allowed)


def happened_with(db: sqlite_utils.Database, thing: Thing, fate: Fate) -> tuple[Event, ...]:
    """What happened at the moment at which a notice was owed, to what it is about."""
    when = fate.notice.created_at
    if thing.alert is not None:
        return events.at(db, when, alert=thing.alert.number)
    return events.at(db, when, request=thing.request.number) if thing.request is not None else ()


def because_of(db: sqlite_utils.Database, context: Context, thing: Thing, fate: Fate) -> Line:
    """Why a conversation was told of something: it was asked there, it hears of such things, somebody watches it."""
    if fate.state == HELD:  # nothing was told
        return ()
    language = context.language
    place, audience = fate.notice.place, context.services.status.audience
    if thing.request is not None and place.same_conversation(thing.request.place):
        return language.line("Told because it was asked in that conversation.")
    account = thing.accounts[0] if thing.accounts else ""
    for topic in topics_of(thing, fate):
        accounts = context.accounts if topic == "digest" else (account,)  # of whichever it hears
        heard = [one for account in accounts for one in audience.places(db, topic, account)]
        if any(one.same_conversation(place) for one in heard):
            words = language.pick(TOPICS[topic])
            if account:
                return language.line(
                    "Told because that conversation hears of `{topic}` at {account}.",
                    topic=words,
                    account=account,
                )
            return language.line("Told because that conversation hears of `{topic}`.", topic=words)
    if any(one.same_conversation(place) for one in audience.watching(db, fate.notice.subject)):
        return language.line("Told because somebody in that conversation watches it.")
    if thing.alert is not None:
        return language.line("Told because whoever that is was called for it.")
    return ()


def topics_of(thing: Thing, fate: Fate) -> tuple[Topic, ...]:
    """The topics under which something is told."""
    if fate.notice.what == "digest":
        return ("digest",)
    if fate.notice.what in ("undelivered", "warning"):
        return ("operator",)
    if thing.alert is not None:
        return topics_of_alert(thing.alert)
    return ("reviews",) if thing.request is not None else ("alerts",)


def topics_of_alert(alert: Alert) -> tuple[Topic, ...]:
    """The topics under which an alert is told; the first one is what people ask for."""
    return ("alerts", alert.metric.topic)
