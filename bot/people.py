"""One person on several platforms: whom `[[person]]` links is the same in both chats (spec 11)."""

from dataclasses import replace

import sqlite_utils

from bot.access import same_person
from bot.contracts.message import Block, Items, Line, Mention, Message, Table, Text
from bot.contracts.settings import Person, Settings
from bot.store import events


def all_of(db: sqlite_utils.Database, key: str, settings: Settings) -> tuple[str, ...]:
    """Every identity (`Actor.key`) under which a person did anything in the record, and the given one."""
    known = (other for other in events.actors(db) if other != key and same_person(key, other, settings))
    return (key, *known)


def a_key_of(person: Person) -> str:
    """One identity of a configured person; which one does not matter to `all_of`."""
    return next(f"{platform}:{user}" for platform in ("slack", "dingtalk") if (user := person.id_on(platform)))


def named_only(message: Message) -> Message:
    """A message that names people without mentioning anybody: for a conversation in which nobody waits for it."""
    return replace(message, title=_line(message.title), blocks=tuple(_block(block) for block in message.blocks))


def _block(block: Block) -> Block:
    match block:
        case Text(line):
            return Text(_line(line))
        case Items(lines):
            return Items(tuple(_line(line) for line in lines))
        case Table(head, rows):
            return Table(head, tuple(tuple(_line(cell) for cell in row) for row in rows))
        case _:
            return block


def _line(line: Line) -> Line:
    return tuple(f"· {part.name}" if isinstance(part, Mention) else part for part in line)
