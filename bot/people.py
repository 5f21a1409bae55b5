"""One person on several platforms: whom `[[person]]` links is the same in both chats (spec 11)."""

from dataclasses import replace

import sqlite_utils

from bot.access import person_of, same_person
from bot.message import Block, Items, Line, Mention, Message, Table, Text
from bot.settings import Person, Settings
from bot.store import events


def all_of(db: sqlite_utils.Database, key: str, settings: Settings) -> tuple[str, ...]:
    """Every identity (`Actor.key`) under which a person did anything in the record, and the given one."""
    known = (other for other in events.actors(db) if other != key and same_person(key, other, settings))
    return (key, *known)


def a_key_of(person: Person) -> str:
    """One identity of a configured person; which one does not matter to `all_of`."""
    return next(f"{platform}:{user}" for platform in ("slack", "dingtalk") if (user := person.id_on(platform)))


def as_known_on(message: Message, platform: str, settings: Settings) -> Message:
    """A message with its mentions meaning the same people on another platform, where they are linked."""
    return replace(
        message,
        title=_line(message.title, platform, settings),
        blocks=tuple(_block(block, platform, settings) for block in message.blocks),
    )


def _block(block: Block, platform: str, settings: Settings) -> Block:
    match block:
        case Text(line):
            return Text(_line(line, platform, settings))
        case Items(lines):
            return Items(tuple(_line(line, platform, settings) for line in lines))
        case Table(head, rows):
            return Table(head, tuple(tuple(_line(cell, platform, settings) for cell in row) for row in rows))
        case _:
            return block


def _line(line: Line, platform: str, settings: Settings) -> Line:
    return tuple(_mention(part, platform, settings) if isinstance(part, Mention) else part for part in line)


def _mention(mention: Mention, platform: str, settings: Settings) -> Mention:
    if mention.key.startswith(f"{platform}:"):
        return mention
    person = person_of(mention.key, settings)
    here = person.id_on(platform) if person is not None else ""
    return Mention(f"{platform}:{here}", mention.name) if here else mention
