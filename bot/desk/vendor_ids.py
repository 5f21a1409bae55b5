"""An id of a vendor's, as people copy it out of its console."""

import re
import unicodedata

from bot.commands.command import Command
from bot.contracts.characters import latin, seen
from bot.requests.guidance import ID

_VENDOR_ID = re.compile(r"[\w.:-]{1,100}")
"""What an id at a vendor can look like; at Alibaba a signature's is its text."""


def said_id(command: Command) -> str:
    """The id that was said, in any width and without what nobody sees: ids are copied out of pages."""
    return unicodedata.normalize("NFKC", seen(command.value(ID.en))).strip()


def is_id(ref: str) -> bool:
    """Whether a text can be one."""
    return _VENDOR_ID.fullmatch(ref) is not None and latin(ref) == ref
