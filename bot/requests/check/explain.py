"""A reviewer's reason → the rules it speaks of, and what to do. Pure.

The reason is looked through for phrases, the longest and most specific first; what lies within a longer match is not
looked at again, so that several reasons in one text are each found once. What nothing explains stays unexplained.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.contracts.model import Kind, Words
from bot.contracts.rules import Phrase
from bot.contracts.variants import DIGITAL
from bot.requests.check import topics
from bot.requests.check.phrases import PHRASES, TOPIC_WORDS
from bot.requests.check.reading import Folded, pattern
from bot.requests.check.shared import RULES
from bot.requests.check.unseen import UNSEEN

_TOPICS = frozenset(topic.rule for topic in topics.ALL)
_OF_NAMES = {
    "special-symbols": "signature-characters",
    "signature-in-text": "signature-brackets",
    "traditional-characters": "traditional-signature",
    "phone-in-text": "contact-in-signature",
    "mobile-number-in-text": "contact-in-signature",
    "social-account-in-text": "contact-in-signature",
    "unclear-subject": "non-identifiable-name",
}
_OF_TEXTS = {"banned-topic-name": "banned-topic", "traditional-signature": "traditional-characters"}

_OF_DIGITAL = {
    "promo-without-optout": "digital-without-optout",
    "promo-other-optout": "digital-without-optout",
    "square-brackets-at-edge": "digital-brackets",
}

_Match = tuple[int, int, tuple[str, ...]]
"""Where a phrase begins and ends, and its rules."""

REASONS_KEPT = 500
"""Reasons of which it is remembered what stands in them: reviewers write the same ones again and again."""

MOST = 6
"""More rules than this explain nothing."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What a reason speaks of.

    Args:
        rules: slugs, the likeliest first; empty where nothing explains it.
        title: of the first, in a few words.
        says: what it means and what usually passes.
    """

    rules: tuple[str, ...]
    title: Words | None = None
    says: Words | None = None


def explain(reason: str, own: Sequence[Phrase] = (), kind: Kind | None = None, template: str = "") -> Explained:
    """The rules that a reason speaks of.

    Args:
        reason: the reviewer's text, word for word, in Chinese or English.
        own: phrases of this vendor alone, which go before those of all.
        kind: what was rejected; rules about the other kind come last.
        template: its type; rules about other types come last.
    """
    text, phrases, words = _read(reason)
    found = [(2, *one) for one in _matches(text, own)] + [(1, *one) for one in phrases] + [(0, *one) for one in words]
    taken: list[tuple[int, int]] = []
    kept: list[tuple[int, int, tuple[str, ...]]] = []
    for rank, start, end, rules in sorted(found, key=lambda one: (-one[0], one[1] - one[2], one[1])):
        if not any(start < b and a < end for a, b in taken):
            taken.append((start, end))
            kept.append((-rank, start, rules))
    ordered = [rules for _, _, rules in sorted(kept, key=lambda one: (one[0], one[1]))]
    first = [rules[0] for rules in ordered]
    others = [rule for rules in ordered for rule in rules[1:]]
    said = [_for_kind(slug, kind, template) for slug in (*first, *others)]
    fitting = sorted(dict.fromkeys(said), key=lambda slug: not _fits(slug, kind, template))
    slugs = tuple(fitting)[:MOST]
    if not slugs:
        return Explained(())
    title, says = meaning(slugs[0])
    return Explained(slugs, title, says)


def _for_kind(slug: str, kind: Kind | None, template: str) -> str:
    """The rule of the kind and type at hand, where several have one."""
    about = RULES.get(slug)
    if template == DIGITAL:
        slug = _OF_DIGITAL.get(slug, slug)
    if kind is Kind.SIGNATURE and about is not None and about.kind is Kind.TEMPLATE:
        return _OF_NAMES.get(slug, "banned-topic-name" if slug in _TOPICS else slug)
    return _OF_TEXTS.get(slug, slug) if kind is Kind.TEMPLATE else slug


def _fits(slug: str, kind: Kind | None, template: str) -> bool:
    about = RULES.get(slug)
    if about is None:
        return True
    return (kind is None or about.kind is kind) and (
        not template or about.kind is Kind.SIGNATURE or template in about.types
    )


def meaning(slug: str) -> tuple[Words, Words]:
    """What a slug is about in a few words, and what it means.

    Raises:
        KeyError: there is none of this name.
    """
    if slug in UNSEEN:
        return UNSEEN[slug].title, UNSEEN[slug].says
    return RULES[slug].title, RULES[slug].says


@lru_cache(REASONS_KEPT)
def _read(reason: str) -> tuple[str, tuple[_Match, ...], tuple[_Match, ...]]:
    """A reason as it is compared, the phrases in it, and the words of topics."""
    text = Folded(reason).text
    return text, _matches(text, PHRASES), _matches(text, TOPIC_WORDS)


def _matches(text: str, phrases: Sequence[Phrase]) -> tuple[_Match, ...]:
    return tuple(
        (match.start(), match.end(), phrase.rules)
        for phrase in phrases
        for match in pattern(phrase.pattern).finditer(text)
        if match.end() > match.start()
    )
