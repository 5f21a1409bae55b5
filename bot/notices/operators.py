"""What only operators can mend, told once to the conversations with the topic `operator` (spec 9)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlite_utils

from bot.contracts.message import Block, Mark, Message, Strong, Text
from bot.contracts.model import Place, Refusal, Words
from bot.contracts.settings import PLATFORMS
from bot.notices.audience import Audience
from bot.notices.compose import Composed, Wording
from bot.store import notices
from bot.store.notices import Notice
from bot.wording.refusals import refusal_blocks
from bot.wording.view import View, next_commands


class Operators:
    """Owes the operators' notices. Every method is a step of the transaction that causes the notice.

    Args:
        audience: who hears of what.
    """

    def __init__(self, audience: Audience) -> None:
        self._audience = audience

    @property
    def wordings(self) -> Mapping[str, Wording]:
        """Kind of notice → what words it. `operator` is no longer owed: what an earlier version owed can still be told."""
        return {
            "operator": _refused,
            "undelivered": _undelivered,
            "not_served": _not_served,
            "caution": _caution,
        }

    def undelivered(self, db: sqlite_utils.Database, notice: Notice, reason: Words, now: datetime) -> None:
        """A notice ended undelivered: tell the operators, once until the conversation takes something again.

        What could not be told to the operators themselves is in the log and the record; telling it would be a loop.
        """
        if not notices.shut(db, notice.place) or notice.what == "undelivered":
            return
        data = {
            "platform": notice.place.platform,
            "conversation": notice.place.conversation,
            "reason": {"en": reason.en, "zh": reason.zh},
            "key": notice.key,
        }
        self.tell(db, f"undelivered:{notice.id}", "undelivered", notice.subject, data, now, but=notice.place)

    def not_served(self, db: sqlite_utils.Database, notice: Notice, reason: Words, now: datetime) -> None:
        """A chat takes nothing from this app: tell the operators in the others, once until it takes something again."""
        platform = notice.place.platform
        if not notices.shut(db, Place(platform, "")):
            return
        data = {"platform": platform, "reason": {"en": reason.en, "zh": reason.zh}}
        key = f"not-served:{notice.id}"
        self.tell(db, key, "not_served", "record", data, now, but=Place(platform, ""), urgency=notices.URGENT)

    def tell(
        self,
        db: sqlite_utils.Database,
        key: str,
        what: str,
        subject: str,
        data: Mapping[str, Any],
        now: datetime,
        *,
        but: Place | None = None,
        urgency: int = notices.USUALLY,
    ) -> bool:
        """Owe something to every conversation of the operators, once for its key.

        Args:
            db: the record.
            key: the same one is told once.
            what: kind of notice.
            subject: what it is about.
            data: what it will say, as of now.
            now: when.
            but: a conversation that cannot be told of it; without an id, a whole chat.
            urgency: how soon it is told.

        Returns:
            Whether it is new to any of them.
        """
        new = False
        for place in self._audience.places(db, "operator", ""):
            of_place = f"{key}:{place.key}"
            if (but is None or not _within(place, but)) and not notices.was_owed(db, of_place):
                notices.owe(
                    db, key=of_place, what=what, subject=subject, place=place, now=now, data=data, urgency=urgency
                )
                new = True
        return new


def _within(place: Place, wider: Place) -> bool:
    return place.same_conversation(wider) or (not wider.conversation and place.platform == wider.platform)


def _refused(_: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
    account = notice.subject.partition(":")[2]
    return Composed(operator_message(view, account, Refusal.from_json(notice.data)), final=True)


def _undelivered(_: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
    return Composed(undelivered_message(view, notice.data), final=True)


def _not_served(_: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
    return Composed(not_served_message(view, notice.data), final=True)


def _caution(_: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
    language = view.language
    title, text = (language.pick(Words(**notice.data[name])) for name in ("title", "text"))
    blocks: tuple[Block, ...] = (Text(language.with_markup(text)), next_commands(view, "health"))
    return Composed(Message(title=(Strong(title),), mark=Mark.WARNING, blocks=blocks), final=True)


def undelivered_message(view: View, data: Mapping[str, Any]) -> Message:
    """A conversation does not take what it is owed; only an operator can mend that."""
    language = view.language
    title = language.line(
        "**I cannot write to {conversation} ({platform})**",
        conversation=str(data["conversation"]),
        platform=str(data["platform"]),
    )
    blocks: tuple[Block, ...] = (
        Text(
            language.line(
                "{reason}. What it was owed is kept as failed in the record.",
                reason=language.pick(Words(**data["reason"])),
            )
        ),
        Text(language.line("This is said once, until that conversation takes something again.")),
        next_commands(view, "health"),
    )
    return Message(title=title, mark=Mark.WARNING, blocks=blocks)


def not_served_message(view: View, data: Mapping[str, Any]) -> Message:
    """A whole chat takes nothing from this app; only an operator can mend that."""
    language = view.language
    platform = language.pick(PLATFORMS.get(str(data["platform"]), Words.same(str(data["platform"]))))
    blocks: tuple[Block, ...] = (
        Text(
            language.line(
                "{reason}. What is owed there waits, for three days at most, and is told once that is mended.",
                reason=language.pick(Words(**data["reason"])),
            )
        ),
        Text(language.line("This is said once, until that chat takes something again.")),
        next_commands(view, "health"),
    )
    title = language.line("**{platform} takes nothing from me**", platform=platform)
    return Message(title=title, mark=Mark.ALERT, blocks=blocks)


def operator_message(view: View, account: str, refused: Refusal) -> Message:
    """Something that only an operator can mend."""
    language = view.language
    title = language.line("**{account} refuses my calls**", account=account)
    return Message(
        title=title,
        mark=Mark.ALERT,
        blocks=(*refusal_blocks(language, account, refused), next_commands(view, "health")),
    )
