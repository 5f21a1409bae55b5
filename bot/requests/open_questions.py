"""Questions about requests that stand in conversations: they are closed there once they are answered, wherever that was.

Two kinds: whether to delete (asked at once, by an answer), and what became of a call whose answer was lost (asked by
news). What stands there is changed to what came of it, without its buttons, once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlite_utils

from bot.contracts.message import Line, Mark, Message, Strong
from bot.contracts.model import Action, Actor, Place, Question, Request, State
from bot.notices.compose import Composed
from bot.requests.outcomes import head
from bot.store import dialogues, events, notices, requests
from bot.store.notices import Notice
from bot.wording.view import View
from bot.wording.words import MARKS, STATES

ASKED, KEPT = "delete-asked", "delete-kept"
"""In the record: somebody was asked whether to delete a request, and somebody said that it stays."""

CLOSED = "closed"
"""The kind of notice that changes what stands there."""

_LOST = "unknown_question"
"""The news that asks a person what became of a lost call."""


def ask_to_delete(db: sqlite_utils.Database, asked: Question, wanted: Sequence[Request], now: datetime) -> str:
    """Somebody is asked whether to delete; a step of a transaction.

    Returns:
        The name under which the question is remembered where it will stand.
    """
    where = {"platform": asked.place.platform, "conversation": asked.place.conversation, "thread": asked.place.thread}
    question = f"deletion:{events.last_id(db) + 1}"
    for request in wanted:
        events.append(
            db,
            at=now,
            what=ASKED,
            actor=asked.actor.key,
            account=request.account,
            request=request.number,
            data={"question": question, "numbers": [one.number for one in wanted], **where},
        )
    dialogues.put(db, asked)
    return question


def asked_to_delete(db: sqlite_utils.Database, number: int) -> bool:
    """Whether a question about deleting a request waits for its answer, wherever it stands."""
    asked = [event.data["question"] for event in events.of_request(db, number) if event.what == ASKED]
    return any(not notices.was_owed(db, f"{CLOSED}:{question}") for question in asked)


def keep(db: sqlite_utils.Database, request: Request, actor: Actor, now: datetime) -> None:
    """Somebody said that a request is not to be deleted; a step of a transaction."""
    events.append(db, at=now, what=KEPT, actor=actor.key, account=request.account, request=request.number)
    _close_deletions(db, request, now, {"kept": True, "by": actor.key, "name": actor.name or actor.user})


def close(db: sqlite_utils.Database, request: Request, now: datetime) -> None:
    """A request changed: what was asked about it and is answered by that is closed; a step of a transaction."""
    if request.state in (State.DELETED, State.CANCELLED) or request.action is Action.DELETE:
        _close_deletions(db, request, now, {"kept": False})
    if request.state is not State.UNKNOWN:
        for told in notices.of_subject(db, f"request:{request.number}", "news"):
            if told.data.get("news") == _LOST:
                owe(db, told.key, f"question:{told.key}", request, told.place, now, {"of": _LOST})


def _close_deletions(db: sqlite_utils.Database, request: Request, now: datetime, data: Mapping[str, Any]) -> None:
    for event in events.of_request(db, request.number):
        if event.what == ASKED:
            asked = event.data
            place = Place(asked["platform"], asked["conversation"], asked["thread"])
            actor = Actor.of(event.actor)
            still = dialogues.get(db, place, actor)
            if still is not None and still.data.get("do") == "delete":
                dialogues.drop(db, place, actor)
            owe(
                db,
                asked["question"],
                asked["question"],
                request,
                place,
                now,
                {"of": "deletion", "numbers": asked["numbers"], **data},
            )


def owe(
    db: sqlite_utils.Database,
    key: str,
    question: str,
    request: Request,
    place: Place,
    now: datetime,
    data: Mapping[str, Any],
) -> None:
    """Owe the closing of one question, once."""
    notices.owe(
        db,
        key=f"{CLOSED}:{key}",
        what=CLOSED,
        subject=f"request:{request.number}",
        place=place,
        now=now,
        data={"question": question, **data},
    )


def closed(db: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
    """What a question says once it is answered."""
    request = requests.get(db, int(notice.subject.partition(":")[2]))
    question = str(notice.data["question"])
    if notice.data["of"] == _LOST:
        return Composed(_settled(view, request), in_place=question, under=f"batch:{request.batch}")
    return Composed(_deletion(view, request, notice.data), in_place=question)


def _settled(view: View, request: Request) -> Message:
    title = view.language.line(
        "**#{number} {kind} {name} at {account}** · settled, it is {state} now",
        state=view.language.pick(STATES[request.state]),
        **head(view, request),
    )
    return Message(title=title, mark=MARKS[request.state])


def _deletion(view: View, request: Request, data: Mapping[str, Any]) -> Message:
    language = view.language
    numbers = data["numbers"]
    several = language.joined([f"#{number}" for number in numbers])
    what: Line = (
        (Strong(several),)
        if len(numbers) > 1
        else language.line("**#{number} {kind} {name} at {account}**", **head(view, request))
    )
    if data["kept"]:
        who = view.named(str(data["by"]), str(data["name"]))
        return Message(title=(*what, *language.line(" · kept, {who} decided", who=who)), mark=Mark.NONE, shared=True)
    return Message(title=(*what, *language.line(" · deletion confirmed")), mark=Mark.NONE, shared=True)
