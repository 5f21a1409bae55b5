"""Which accounts a word means: an account's name, a vendor's, `all`, several with commas or `and` between. Pure."""

import re

from bot.commands.command import Vocabulary
from bot.commands.spelling import plain
from bot.commands.tokens import folded
from bot.contracts.characters import SEPARATORS
from bot.contracts.model import Words

EVERY = Words("all", "全部")

ALL_WORDS = (EVERY.en, EVERY.zh, "所有")
"""Every configured account."""

AND = frozenset({"and", "&", "+", "/", "和", "与", "及", "跟", "以及"})
"""What people put between two accounts, as a word of its own."""

_COMMA = re.compile(f"[{SEPARATORS}]")

_JOINED = re.compile(r"[+/&]|和|与|以及|及|跟")


def accounts_of(normal: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The accounts one word stands for; none when it is no account's, no vendor's and not `all`."""
    for name in vocabulary.accounts:
        if folded(name) == normal:
            return (name,)
    if normal in ALL_WORDS:
        return tuple(vocabulary.accounts)
    meant = vendor_of(normal, vocabulary)
    return tuple(name for name, vendor in vocabulary.accounts.items() if vendor == meant)


def account_words(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Everything that means an account here."""
    vendors = dict.fromkeys(vocabulary.accounts.values())
    return (*vocabulary.accounts, *(word for vendor in vendors for word in vocabulary.vendors.get(vendor, ())))


def vendor_of(normal: str, vocabulary: Vocabulary) -> str | None:
    """The vendor that people call by one word, with or without an account there."""
    return next((vendor for vendor, words in vocabulary.vendors.items() if normal in words), None)


def listed_accounts(text: str, vocabulary: Vocabulary) -> list[str]:
    """The words of a list without blanks, as they are compared; parted at `+` or `和` only where accounts stand on both sides."""
    found: list[str] = []
    for part in filter(None, map(plain, _COMMA.split(text[:400]))):
        finer = [plain(one) for one in _JOINED.split(part)]
        several = len(finer) > 1 and all(accounts_of(one, vocabulary) for one in finer)
        found += finer if several else [part]
    return found
