"""Every rule there is, by its slug: what several vendors mind stands here once, whoever minds it. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.contracts.model import Kind, Words
from bot.contracts.rules import Example, Hit, Minds, Rule
from bot.requests.check import codes, contacts, counts, digital, marketing, names, topics, variables, writing
from bot.requests.check.reading import Reading
from bot.requests.check.topic import Topic

_SAYS = Words(
    "The vendors and carriers do not carry this topic. Where the words are not meant so, say it in others.",
    "平台和运营商不承接此类内容。如并非此意，请换一种说法。",
)
_MORE = Words("a topic that is not carried", "禁发内容")


def _about(slug: str, meant: tuple[Topic, ...]) -> Rule[Reading]:
    """The rule of a topic, or of the list of those that have no slug of their own."""

    def find(reading: Reading, minds: Minds) -> tuple[Hit, ...]:
        for topic in meant:
            if reading.draft.type in topic.types and (not minds.topics or topic.key in minds.topics):
                found = reading.text.first(*topic.patterns)
                if found is not None:
                    return (Hit("content", found.start, found.end, what=found.text),)
        return ()

    first = meant[0]
    types = frozenset().union(*(topic.types for topic in meant))
    example = "promo" if "notice" not in first.types else "notice"
    return Rule(
        slug,
        Kind.TEMPLATE,
        first.title if len(meant) == 1 else _MORE,
        _SAYS,
        find,
        Example(first.bad, example),
        Example(first.good, example),
        types=types,
    )


def _topics() -> tuple[Rule[Reading], ...]:
    slugs = tuple(dict.fromkeys(topic.rule for topic in topics.ALL))
    return tuple(_about(slug, tuple(topic for topic in topics.ALL if topic.rule == slug)) for slug in slugs)


RULES: Mapping[str, Rule[Reading]] = MappingProxyType(
    {
        rule.id: rule
        for rule in (
            *names.RULES,
            *codes.RULES,
            *marketing.RULES,
            *variables.RULES,
            *writing.RULES,
            *contacts.RULES,
            *digital.RULES,
            *counts.RULES,
            *_topics(),
        )
    }
)
"""Slug → rule, in the order to tell them."""
