"""From an owed notice to its message: which wording, in which language. Reads the record as it stands now."""

from datetime import datetime
from typing import Any

import sqlite_utils

from bot import people
from bot.dialogue import Filling
from bot.language import Language
from bot.message import Message
from bot.model import Actor, Place, State
from bot.outbox import Composed
from bot.ports import Card, Post
from bot.reminders import FORGOTTEN
from bot.services import Services
from bot.store import alerts, dialogues, notices, requests
from bot.store.moments import to_text
from bot.store.notices import Notice
from bot.wording.alerts import QUIET, alert_card, alert_news, operator_message, undelivered_message
from bot.wording.asking import forgotten, reminder
from bot.wording.cards import card, most_pressing
from bot.wording.news import FINAL, news
from bot.wording.view import View


class Composer:
    """Words notices.

    Args:
        services: languages, vendors, settings.
    """

    def __init__(self, services: Services) -> None:
        self._services = services

    def compose(self, db: sqlite_utils.Database, notice: Notice, now: datetime) -> Composed:
        """What a notice says now; a notice that time has overtaken says nothing, and why."""
        view = self._view(notice.place, now)
        language = view.language.code
        subject, _, identity = notice.subject.partition(":")
        match notice.what:
            case "card":
                said, thing = self._card(db, view, notice.subject)
                return Composed(said, language, card=thing)
            case "news":
                request = requests.get(db, int(identity))
                what = str(notice.data["news"])
                if what == "unknown" and request.state is not State.UNKNOWN:
                    return Composed(None, language, why_not="it was settled before it was told")
                said = news(view, request, what, notice.data)
                if (notice.place.platform, notice.place.conversation) != (
                    request.place.platform,
                    request.place.conversation,
                ):
                    said = people.named_only(said)  # whoever waits is mentioned where they asked, once
                return Composed(said, language, under=f"batch:{request.batch}", final=what in FINAL)
            case "alert":
                alert = alerts.get(db, int(identity))
                final = str(notice.data.get("what")) not in QUIET
                return Composed(alert_news(view, alert, notice.data), language, under=notice.subject, final=final)
            case "question":
                return self._question(db, view, notice)
            case "undelivered":
                return Composed(undelivered_message(view, notice.data), language, final=True)
            case "operator":
                return Composed(operator_message(view, identity, notice.data), language, final=True)
            case other:
                return Composed(None, language, why_not=f"no words for {other} of {subject}")

    def _question(self, db: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
        """What is said of a question that nobody answered; nothing when it was answered meanwhile."""
        filling = dialogues.still_open(db, Filling.from_json(notice.data["filling"]))
        going = tuple(filling.going)
        if not going or not set(going) <= set(self._services.vendors):
            return Composed(None, why_not="what it asks about went on without it")
        fields = self._services.forms.union(filling.kind, going)
        actor = Actor.of(str(notice.data["actor"]), str(notice.data["name"]))
        if notice.data["news"] == FORGOTTEN:
            return Composed(forgotten(view, filling, actor), view.language.code)
        asked = dialogues.get(db, notice.place, actor)
        if asked is None or to_text(asked.asked_at) != notice.data["asked_at"]:
            return Composed(None, why_not="it was answered before it was told")
        in_form = notice.place.platform in self._services.forms_in
        return Composed(reminder(view, filling, asked, fields, in_form=in_form), view.language.code)

    def shown(self, db: sqlite_utils.Database, place: Place, message_id: str, now: datetime) -> Post | None:
        """What the card in a platform message says now; none where the message is no card."""
        subject = notices.shown_in(db, place, message_id)
        if subject is None:
            return None
        view = self._view(place, now)
        said, thing = self._card(db, view, subject)
        return Post(place, said, view.language.code, key=f"shown:{message_id}", card=thing)

    def _card(self, db: sqlite_utils.Database, view: View, subject: str) -> tuple[Message, Card]:
        kind, _, identity = subject.partition(":")
        if kind == "alert":
            alert = alerts.get(db, int(identity))
            return alert_card(view, alert, self._services.settings.alerts.ack_expires), Card(
                subject, f"A{alert.number}", alert.state
            )
        batch = requests.of_batch(db, int(identity))
        spoken_of = most_pressing(batch)
        return card(view, batch), Card(subject, f"#{spoken_of.number}", spoken_of.state)

    def _view(self, place: Place, now: datetime) -> View:
        return self._services.view(self._language(place), now)

    def _language(self, place: Place) -> Language:
        listed: Any = self._services.settings.conversation(place)
        code = listed.language if listed is not None else self._services.settings.bot.language
        return self._services.languages[code]
