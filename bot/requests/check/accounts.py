"""The check of the accounts that are configured: what their vendors mind in a submission, and what a reason means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from bot.contracts.fields import Field, FieldType, canonical_key, field_for
from bot.contracts.model import Kind, Paper, Request
from bot.contracts.parts import MEDIA
from bot.contracts.rules import Draft, Phrase, Standards
from bot.contracts.variants import DIGITAL, GO_CHINA, for_digital
from bot.requests.check import counts as counting
from bot.requests.check.engine import Mended, findings, mend
from bot.requests.check.explain import Explained, explain
from bot.requests.check.shared import RULES
from bot.requests.prepare import Prepared, Typed

_WHOSE = frozenset(
    {
        "non-identifiable-name",
        "personal-name",
        "name-not-company-name",
        "short-form-too-short",
        "short-form-not-contiguous",
    }
)
"""Rules that all ask whose name it is: what mends one mends the others."""

_SAID_BY = {
    "link-in-text": "otp-with-link",
    "phone-in-text": "otp-with-contact",
    "mobile-number-in-text": "otp-with-contact",
}
"""A rule → the narrower one that says the same; people read it once."""


COUNTED = frozenset(rule.id for rule in counting.RULES)
"""Rules of how many there may be."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of a kind an account has, as far as it is known.

    Args:
        had: that the vendor has.
        today: that were asked for since midnight in China.
    """

    had: int | None = None
    today: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """What reviewers mind, by account.

    Args:
        standards: account → what its vendor publishes; an account that is not here minds nothing.
        reasons: account → how its vendor alone words its reasons.
        companies: account → the company's name as on its licence, where it is known.
    """

    standards: Mapping[str, Standards]
    reasons: Mapping[str, Sequence[Phrase]]
    companies: Mapping[str, str] = field(default_factory=dict)

    def looked_at(
        self,
        kind: Kind,
        prepared: Sequence[Prepared],
        typed: Typed,
        declared: Mapping[str, Sequence[Field]],
        counts: Mapping[str, Counts] = MappingProxyType({}),
    ) -> tuple[Prepared, ...]:
        """The same with what each account's reviewers mind, and with what all of them would take instead.

        Where the declaration of a field has spoken, a rule that says the same is silent.

        Args:
            kind: of the submission.
            prepared: what each account would get.
            typed: keys and values as typed; what is wrong by its declaration is looked at too.
            declared: account → its fields.
            counts: account → how many it has already; where it is not known, nobody minds.
        """
        drafts = {
            item.account: self._known(
                item.account,
                draft_of(
                    kind, _said(item, typed, declared[item.account]), item.papers.get(MEDIA) if item.papers else None
                ),
                counts.get(item.account, Counts()),
            )
            for item in prepared
        }
        looked = []
        for item in prepared:
            spoken = {problem.field.key for problem in item.problems if problem.field is not None}
            # What the console of another service takes follows rules that it publishes elsewhere.
            standards = None if item.values.get(GO_CHINA) == "true" else self.standards.get(item.account)
            found = findings(drafts[item.account], (standards,))[standards.vendor] if standards else ()
            spoken_of = {one.rule for one in found}
            minded = tuple(
                one
                for one in found
                if RULES[one.rule].declared not in spoken and _SAID_BY.get(one.rule, "") not in spoken_of
            )
            looked.append(replace(item, minded=minded))
        if not any(item.minded for item in looked):
            return tuple(looked)
        first = drafts[looked[0].account]
        mended = self.mended(first, [item.account for item in looked])
        better = tuple(_changes(first, mended.draft).items())
        return tuple(replace(item, better=better, better_passes=mended.passes) for item in looked)

    def mended(self, draft: Draft, accounts: Sequence[str]) -> Mended:
        """A draft as all of these accounts would take it, as far as that can be computed."""
        known = {standards.vendor: standards for one in accounts if (standards := self.standards.get(one))}
        return mend(draft, tuple(known.values()))

    def explained(self, request: Request, reason: str) -> Explained:
        """What a reviewer's reason for this request means."""
        return self.meant(reason, request.account, request.kind, request.values.get("type", ""))

    def meant(self, reason: str, account: str, kind: Kind, template: str) -> Explained:
        """What a reviewer's reason means, of something of this kind at an account, and of this type if it is a template."""
        return explain(reason, self.reasons.get(account, ()), kind, template)

    def fixes(self, request: Request) -> Mapping[str, str]:
        """What would pass of a request that was rejected: key → value, where it can be computed from what its reason means."""
        meant = self.explained(request, request.reason)
        mended = self.mended(
            self._known(request.account, draft_of(request.kind, request.values), Counts()), (request.account,)
        )
        about = set(meant.rules) | (_WHOSE if _WHOSE & set(meant.rules) else set())
        if not set(mended.fixed) & about:
            return {}
        better = {"content": mended.draft.content, "name": mended.draft.name}
        return {key: value for key, value in better.items() if value != request.values.get(key, "")}

    def counts(self, account: str, kind: Kind) -> bool:
        """Whether an account's vendor takes so many of a kind only."""
        minds = self.standards[account].minds if account in self.standards else ()
        return any(one.rule in COUNTED and RULES[one.rule].kind is kind for one in minds)

    def _known(self, account: str, draft: Draft, counts: Counts) -> Draft:
        """A draft with what is known of its account: how many it has, the company, but of a signature for another one."""
        draft = replace(draft, had=counts.had, today=counts.today)
        company = self.companies.get(account, "")
        return draft if not company or draft.values.get("purpose") == "other" else replace(draft, company=company)


def draft_of(kind: Kind, values: Mapping[str, str], media: Sequence[Paper] | None = None) -> Draft:
    """A submission as the rules see it; papers and references are the fields' business.

    Args:
        kind: of the submission.
        values: canonical keys and values.
        media: of a digital template, its files, where they are at hand.
    """
    return Draft(
        kind,
        values.get("type", "") if kind is Kind.TEMPLATE else DIGITAL if for_digital(values) else "",
        values.get("international") == "true",
        values.get("name", ""),
        values.get("content", ""),
        {key: value for key, value in values.items() if key not in ("name", "content")},
        media=None if media is None else tuple(one.media_type for one in media),
    )


def _said(item: Prepared, typed: Typed, fields: Sequence[Field]) -> dict[str, str]:
    """What was said, also what its declaration does not take."""
    values = dict(item.values)
    for key, value in typed:
        declared = field_for(key, fields)
        if declared is not None and declared.type is not FieldType.FILE and value.strip():
            values.setdefault(canonical_key(key, declared), value)
    return values


def _changes(before: Draft, after: Draft) -> dict[str, str]:
    """What is another value now, by key."""
    changed = {key: value for key, value in after.values.items() if before.values.get(key) != value}
    if after.name != before.name:
        changed["name"] = after.name
    if after.content != before.content:
        changed["content"] = after.content
    return changed
