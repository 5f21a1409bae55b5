"""Numbers of persons that were typed where none belongs: left out before anything is done, asked or kept. Pure."""

from dataclasses import replace
from typing import Any

from bot.commands.command import Command, Mistake, Router, Vocabulary
from bot.commands.parsing import parse
from bot.contracts.hushed import hushed, of_a_person
from bot.contracts.identifiers import KEYS
from bot.contracts.model import Incoming
from bot.desk.context import SUBMITS

_LOOKED_FOR = frozenset({("send",), ("trace",)})
"""Commands about a number."""

_OF_FIELDS = frozenset({*SUBMITS, ("edit",), ("resubmit",), ("check", "sign"), ("check", "template")})
"""Commands whose values go to a vendor as they are: there a field refuses such a number, for nothing of it may change silently."""


def without_numbers(incoming: Incoming, router: Router[Any, Any], vocabulary: Vocabulary) -> Incoming:
    """What was said without numbers of persons, as a note or a name that is looked for; unless the command is about one."""
    if hushed(incoming.text) == incoming.text:
        return incoming
    parsed = parse(incoming.text, router, vocabulary)
    declaration = parsed.declaration if isinstance(parsed, Command | Mistake) else None
    if declaration is None or declaration.words in _LOOKED_FOR | _OF_FIELDS:
        return incoming
    values = parsed.values if isinstance(parsed, Command) else ()
    ids = [value for key, value in values if key in KEYS and not of_a_person(key, value)]
    quiet = hushed(incoming.text, exact=ids)
    return incoming if quiet == incoming.text else replace(incoming, text=quiet, styled=())
