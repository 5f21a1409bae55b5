"""The table `dialogues`: what the bot is asking whom, so that a dialogue survives a restart. Never holds a paper."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlite_utils

from bot.model import Actor, Place
from bot.store.moments import from_text, to_text


def put(db: sqlite_utils.Database, place: Place, actor: Actor, data: Mapping[str, Any], now: datetime) -> None:
    """Keep what one person is being asked in one conversation; a new question replaces the old one."""
    db.execute(
        "INSERT OR REPLACE INTO dialogues (platform, conversation, user, data, updated_at) VALUES (?, ?, ?, ?, ?)",
        (place.platform, place.conversation, actor.key, json.dumps(dict(data), ensure_ascii=False), to_text(now)),
    )


def get(db: sqlite_utils.Database, place: Place, actor: Actor) -> tuple[dict[str, Any], datetime] | None:
    """What this person is being asked here, and since when; none when nothing."""
    row = next(
        db.query(
            "SELECT data, updated_at FROM dialogues WHERE platform = ? AND conversation = ? AND user = ?",
            (place.platform, place.conversation, actor.key),
        ),
        None,
    )
    return None if row is None else (json.loads(row["data"]), from_text(row["updated_at"]))


def drop(db: sqlite_utils.Database, place: Place, actor: Actor) -> None:
    """The question is answered or given up."""
    db.execute(
        "DELETE FROM dialogues WHERE platform = ? AND conversation = ? AND user = ?",
        (place.platform, place.conversation, actor.key),
    )
