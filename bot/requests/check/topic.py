"""A topic that is not carried, as a value. Pure."""

from dataclasses import dataclass

from bot.contracts.model import Words

ALL_TYPES = frozenset({"notice", "promo", ""})
"""Where a topic is looked for unless it says otherwise; codes of most trades are taken."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic.

    Args:
        key: its own name; vendors' lists are made of these.
        rule: the slug under which it is found.
        title: what it is called in a sentence.
        patterns: what its texts say.
        bad: an example.
        good: a text beside it that is not meant.
        types: of the template; codes of most trades are taken.
    """

    key: str
    rule: str
    title: Words
    patterns: tuple[str, ...]
    bad: str
    good: str
    types: frozenset[str] = ALL_TYPES
