"""One person on several platforms: whom `[[person]]` links is the same in both chats (spec 11)."""

import sqlite_utils

from bot.contracts import mentions
from bot.contracts.fields import fold
from bot.contracts.settings import Person, Settings
from bot.store import events, requests


def all_of(db: sqlite_utils.Database, key: str, settings: Settings) -> tuple[str, ...]:
    """Every identity (`Actor.key`) under which a person did anything in the record, and the given one."""
    known = (other for other in events.actors(db) if other != key and settings.same_person(key, other))
    return (key, *known)


def a_key_of(person: Person) -> str:
    """One identity of a configured person; which one does not matter to `all_of`."""
    return person.keys[0]


def meant(db: sqlite_utils.Database, word: str, settings: Settings) -> tuple[str, str] | None:
    """Whom a word means: somebody mentioned, a name in `[[person]]`, or what one person of the record is called.

    Names are compared without case; where two differ in it only, the one that was typed.

    Returns:
        An identity, and a word that means the same person whoever says it; none where nobody or several are meant.
    """
    if (mentioned := mentions.alone(word)) is not None:
        if mentioned.sign != "@":
            return None
        person = settings.person_of(mentioned.key)
        if person is not None:
            return mentioned.key, person.name
        alike = _called(db, mentioned.name) if mentioned.name else ()
        return mentioned.key, mentioned.name if alike == (mentioned.key,) else mentions.written(mentioned)
    name = word.strip().removeprefix("@")
    same = [one for one in settings.people if fold(one.name) == fold(name)]
    same = [one for one in same if one.name == name] or same
    if same:
        return (a_key_of(same[0]), same[0].name) if len(same) == 1 else None
    called = _called(db, name)
    return (called[0], name) if len(called) == 1 else None


def _called(db: sqlite_utils.Database, name: str) -> tuple[str, ...]:
    """Who of the record goes by a name."""
    return tuple(key for key in events.actors(db) if fold(name) and fold(requests.name_of(db, key)) == fold(name))
