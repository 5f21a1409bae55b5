"""Runs the rules: a draft in, what each vendor minds in it out. Pure; no configuration, no record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.contracts.rules import Draft, Finding, Hit, Minds, Rule, Severity, Standards
from bot.requests.check.reading import Reading
from bot.requests.check.shared import RULES

MOST_READ = 1500
"""Characters of a text that are looked at: three times what any vendor takes; what is longer is not mended either."""

MOST_FIXES = 24
"""A text is mended at most so many times; each fix is of another finding, so that none goes in circles."""


def minded(standards: Standards, rule: str) -> Minds | None:
    """A vendor's entry for a rule, where it has one."""
    return next((one for one in standards.minds if one.rule == rule), None)


def findings(draft: Draft, of: Iterable[Standards]) -> dict[str, tuple[Finding, ...]]:
    """What each vendor minds in a draft, errors first, in the order of the rules.

    Args:
        draft: what was said.
        of: the vendors' standards; a rule that several have with the same words and bounds is run once.
    """
    whole = len(draft.content) <= MOST_READ and len(draft.name) <= MOST_READ
    reading = Reading(
        draft if whole else replace(draft, content=draft.content[:MOST_READ], name=draft.name[:MOST_READ])
    )
    seen: dict[tuple[object, ...], tuple[Hit, ...]] = {}
    found: dict[str, tuple[Finding, ...]] = {}
    for standards in of:
        here: list[Finding] = []
        for minds in standards.minds:
            rule = RULES[minds.rule]
            if not _concerns(rule, minds, draft):
                continue
            key = (rule.id, minds.words, minds.least, minds.most, minds.abroad, minds.topics)
            hits = seen.get(key)
            if hits is None:
                hits = rule.find(reading, minds)
                hits = seen[key] = hits if whole else tuple(replace(hit, fix=None) for hit in hits)
            here += [Finding(rule.id, minds.severity, hit, minds) for hit in hits]
        found[standards.vendor] = tuple(sorted(here, key=lambda one: one.severity is not Severity.ERROR))
    return found


def _concerns(rule: Rule[Reading], minds: Minds, draft: Draft) -> bool:
    region = "international" if draft.international else "domestic"
    if rule.kind is not draft.kind or region not in (minds.regions or rule.regions):
        return False
    return draft.type in rule.types and (not minds.types or draft.type in minds.types)


@dataclass(frozen=True, slots=True)
class Mended:
    """A draft after its fixes.

    Args:
        draft: as it would be.
        left: vendor → what it still minds.
        fixed: the slugs that were mended.
    """

    draft: Draft
    left: Mapping[str, Sequence[Finding]]
    fixed: tuple[str, ...]

    @property
    def passes(self) -> bool:
        """Whether nothing is left that would be refused."""
        return not any(one.severity is Severity.ERROR for found in self.left.values() for one in found)


def changed(draft: Draft, hit: Hit) -> Draft:
    """A draft with a fix in it."""
    if hit.fix is None:
        return draft
    if hit.key == "name":
        return replace(draft, name=hit.fix)
    if hit.key == "content":
        return replace(draft, content=hit.fix)
    return replace(draft, values={**draft.values, hit.key: hit.fix})


def mend(draft: Draft, of: Sequence[Standards]) -> Mended:
    """One draft that passes at all of them, as far as fixes can be computed.

    A fix is taken when its finding is gone with it and no vendor minds anything new that would be refused.
    """
    fixed: list[str] = []
    refused: set[tuple[str, Hit]] = set()
    left = findings(draft, of)
    for _ in range(MOST_FIXES):
        one = next(
            (x for found in left.values() for x in found if x.hit.fix is not None and (x.rule, x.hit) not in refused),
            None,
        )
        if one is None:
            break
        better = changed(draft, one.hit)
        after = findings(better, of)
        new = _errors(after) - _errors(left) - {one.rule}
        gone = sum(x.rule == one.rule for found in after.values() for x in found) == 0 or better != draft
        if better == draft or new or not gone:
            refused.add((one.rule, one.hit))
            continue
        draft, left = better, after
        fixed.append(one.rule)
    return Mended(draft, left, tuple(dict.fromkeys(fixed)))


def _errors(found: Mapping[str, Sequence[Finding]]) -> set[str]:
    return {one.rule for here in found.values() for one in here if one.severity is Severity.ERROR}
