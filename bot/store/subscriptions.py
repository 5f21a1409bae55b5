"""The table `subscriptions`: what conversations asked for on top of the configuration, or against it."""

from collections.abc import Iterable
from datetime import datetime

import sqlite_utils

from bot.contracts.model import Place
from bot.store.moments import to_text


def want(
    db: sqlite_utils.Database,
    place: Place,
    topics: Iterable[str],
    account: str,
    *,
    wanted: bool,
    by: str,
    now: datetime,
) -> None:
    """Subscribe to topics, or unsubscribe from them.

    Args:
        account: one account, or empty for every account of the conversation, whatever was said of single ones before.
    """
    for topic in topics:
        if not account:
            db.execute(
                "DELETE FROM subscriptions WHERE platform = ? AND conversation = ? AND topic = ?",
                (place.platform, place.conversation, topic),
            )
        db.execute(
            "INSERT OR REPLACE INTO subscriptions VALUES (?, ?, ?, ?, ?, ?, ?)",
            (place.platform, place.conversation, topic, account, int(wanted), by, to_text(now)),
        )


LANGUAGE = "language"
"""Beside the topics: what a conversation wants to be spoken to in; it stands where an account does."""


def speak(db: sqlite_utils.Database, place: Place, code: str, *, by: str, now: datetime) -> None:
    """Have a conversation spoken to in a language, `en` or `zh`, whatever the configuration says."""
    want(db, place, (LANGUAGE,), "", wanted=False, by=by, now=now)  # whatever was wanted before
    want(db, place, (LANGUAGE,), code, wanted=True, by=by, now=now)


def spoken(db: sqlite_utils.Database) -> tuple[tuple[Place, str], ...]:
    """Which conversation wants which language."""
    return tuple((place, code) for place, code, wanted in of(db, LANGUAGE) if wanted)


def of(db: sqlite_utils.Database, topic: str) -> tuple[tuple[Place, str, bool], ...]:
    """Who said what about a topic: conversation, account (or empty), wanted or not."""
    rows = db.query("SELECT platform, conversation, account, wanted FROM subscriptions WHERE topic = ?", (topic,))
    return tuple((Place(row["platform"], row["conversation"]), row["account"], bool(row["wanted"])) for row in rows)


def here(db: sqlite_utils.Database, place: Place) -> tuple[tuple[str, str, bool], ...]:
    """What one conversation said: topic, account (or empty), wanted or not."""
    rows = db.query(
        "SELECT topic, account, wanted FROM subscriptions WHERE platform = ? AND conversation = ? ORDER BY topic, account",
        (place.platform, place.conversation),
    )
    return tuple((row["topic"], row["account"], bool(row["wanted"])) for row in rows)
