"""One line of the record in words."""

from datetime import datetime

from bot.contracts.message import Line
from bot.contracts.model import Action, State
from bot.contracts.sent import SendState
from bot.messages.cards import STATES as SENT
from bot.requests.lifecycle import ABSENT, OWN_REASONS, PAPERS_GONE
from bot.store.events import SYSTEM, VENDOR, Event
from bot.wording.view import View, named
from bot.wording.words import STATES


def story_line(view: View, event: Event, repeats: tuple[int, datetime] | None = None) -> Line:
    """When, what, by whom.

    Args:
        view: the reader's.
        event: what happened.
        repeats: where it stands for several in a row: how many, and when the first was.
    """
    language = view.language
    what = happened(view, event)
    if repeats is not None and repeats[0] > 1:
        since = language.moment(repeats[1], None, view.now)
        what = language.text("{what} {count} times since {since}", what=what, count=repeats[0], since=since)
    number = (
        f"#{event.request} " if event.request is not None else f"A{event.alert} " if event.alert is not None else ""
    )
    return language.line(
        "{when} · {number}{what} · {who}",
        when=language.moment(event.at, None, view.now),
        number=number,
        what=what,
        who=done_by(view, event),
    )


def happened(view: View, event: Event) -> str:
    """What, in a few words."""
    language = view.language
    data = event.data
    match event.what:
        case "created":
            name = str(data.get("name", ""))
            if data.get("state") == State.DRAFT:
                return (
                    language.text("{name}: draft begun for {account}", name=name, account=event.account)
                    if name
                    else language.text("draft begun for {account}", account=event.account)
                )
            return language.text("{name} asked of {account}", name=named(language, name), account=event.account)
        case "adopted":
            state = language.pick(STATES[State(str(data["state"]))])
            name = named(language, str(data.get("name", "")))
            return language.text(
                "{name} adopted from {account}: {state}", name=name, account=event.account, state=state
            )
        case "moved":
            state = language.pick(STATES[State(str(data["to"]))])
            action = str(data.get("action", ""))
            if data.get("to") == State.QUEUED and action == Action.DELETE:
                return language.text("to be deleted")
            if refused := str(data.get("refused", "")):
                return (
                    language.text("not deleted, {state} as before: “{reason}”", state=state, reason=refused)
                    if action == Action.DELETE
                    else language.text("not changed, {state} as before: “{reason}”", state=state, reason=refused)
                )
            if data.get("to") == State.AWAITING_APPROVAL and action == Action.DELETE:
                return language.text("to be deleted, waits for approval")
            if data.get("to") == State.AWAITING_APPROVAL and action == Action.UPDATE:
                return language.text("to be changed, waits for approval")
            reason = str(data.get("reason", ""))
            if reason == ABSENT:
                return language.text("{state}: it never arrived", state=state)
            if reason == PAPERS_GONE:
                return language.text("{state}: papers are not kept over a restart", state=state)
            if reason in OWN_REASONS:
                return state
            return language.text("{state}: “{reason}”", state=state, reason=reason) if reason else state
        case "edited":
            return language.text("filled in") if data.get("draft") else language.text("content changed")
        case "delete-asked":
            return language.text("asked whether to delete it")
        case "delete-kept":
            return language.text("not to be deleted")
        case "approval-asked":
            return language.text("approval asked for")
        case "approval-given":
            return language.text("approval given")
        case "approval-denied":
            return language.text("approval denied: “{reason}”", reason=str(data.get("reason", "")))
        case "approval-withdrawn":
            return language.text("taken back before it was approved")
        case "approval-expired":
            return language.text("nobody approved it in time")
        case "asked":
            return language.text("several at the vendor could be it: a person is asked")
        case "reminded":
            return language.text("reminded of the console")
        case "filing":
            return language.text("news from the carriers")
        case "word":
            return language.text("the vendor says “{word}”", word=str(data.get("word", "")))
        case "alert-opened":
            return language.text("alert opened")
        case "alert-acknowledged":
            return language.text("alert acknowledged")
        case "alert-resolved":
            return language.text("alert resolved")
        case "alert-snoozed":
            return language.text("alert snoozed")
        case "alert-woken":
            return language.text("snooze over")
        case "alert-given-back":
            return language.text("alert given back")
        case "alert-repeated":
            return language.text("alert repeated")
        case "alert-worse":
            return language.text("alert became worse")
        case "alert-expired":
            return language.text("acknowledgement expired")
        case "alert-empty":
            return language.text("nothing left")
        case "alert-reopened":
            return language.text("alert is back")
        case "alert-morning":
            return language.text("alert told after the quiet hours")
        case "alert-escalated":
            called = language.joined([str(one) for one in data.get("called", ())])
            return language.text("escalated to {who}", who=called) if called else language.text("escalated")
        case "test-message":
            return language.text(
                "test message T{id} to {number}: {state}",
                id=data.get("send", ""),
                number=str(data.get("number", "")),
                state=language.pick(SENT[SendState(str(data["state"]))]),
            )
        case "oncall-changed" | "oncall-handed-over":
            who = str(data.get("person", "")) or language.text("nobody")
            return language.text("on call, {name}: {who}", name=str(data.get("oncall", "")), who=who)
        case other:
            return other


def done_by(view: View, event: Event) -> str:
    """Whose doing it was."""
    language = view.language
    if event.actor == SYSTEM:
        return language.text("by itself")
    if event.actor == VENDOR:
        return event.account
    return view.named(event.actor)
