"""One person on several platforms: whom `[[person]]` links is the same in both chats (spec 11)."""

import sqlite_utils

from bot.contracts.settings import Person, Settings
from bot.store import events


def all_of(db: sqlite_utils.Database, key: str, settings: Settings) -> tuple[str, ...]:
    """Every identity (`Actor.key`) under which a person did anything in the record, and the given one."""
    known = (other for other in events.actors(db) if other != key and settings.same_person(key, other))
    return (key, *known)


def a_key_of(person: Person) -> str:
    """One identity of a configured person; which one does not matter to `all_of`."""
    return next(f"{platform}:{user}" for platform in ("slack", "dingtalk") if (user := person.id_on(platform)))
