"""Submissions and their reviews at UCloud: calls what `wire` builds and hands back what `answers` reads."""

from collections.abc import AsyncGenerator, Sequence
from typing import Final

from bot.contracts.errors import AnswerLost, NoAnswer, Refused, Trouble, Unavailable, VendorError
from bot.contracts.fields import Field
from bot.contracts.model import Kind, Submission, Words
from bot.contracts.vendor import Accepted, Listed, Looked, Looks, Missing, Option, Seen, Tracked, every
from integrations.ucloud import answers, qualifications, wire
from integrations.ucloud.calls import Calls
from integrations.ucloud.config import Account
from integrations.ucloud.declared import TEMPLATE_FIELDS, signature_fields

_MOST_PAGES: Final = 50  # of qualifications; ends a list whose total is not true


class Reviews:
    """The signatures, templates and qualifications of an account; keeps the contract `bot.contracts.vendor.Reviewing`.

    Args:
        account: the configuration.
        calls: of the account.
    """

    lists = frozenset({Kind.QUALIFICATION})

    def __init__(self, account: Account, calls: Calls) -> None:
        self._account = account
        self._calls = calls
        self._signature_fields = signature_fields(
            longest=account.unconfirmed.longest_signature,
            qualification_required=account.unconfirmed.qualification_required,
        )
        self._qualification_fields = qualifications.fields(letter=account.unconfirmed.qualification_letter)

    def fields(self, kind: Kind) -> tuple[Field, ...]:
        """The fields of a submission."""
        match kind:
            case Kind.SIGNATURE:
                return self._signature_fields
            case Kind.TEMPLATE:
                return TEMPLATE_FIELDS
            case Kind.QUALIFICATION:
                return self._qualification_fields

    async def options(self, source: str) -> tuple[Option, ...]:
        """The qualifications, approved or not; signatures cannot be listed (facts 2)."""
        if source != "qualifications":
            return ()
        return tuple(answers.option(row) for row in (await self._qualifications()).values())

    async def create(self, submission: Submission) -> Accepted:
        """Submit for review.

        Raises:
            AnswerLost: also when the vendor says yes without telling the id.
        """
        files = await self._upload(submission)
        created, request_id = await self._calls.change(wire.create(self._account, submission, files))
        ref = _id_of(created, submission.kind)
        if not ref:
            raise AnswerLost(NoAnswer.GARBAGE, "accepted, but the answer has no id", request_id=request_id)
        return Accepted(ref, request_id=request_id)

    async def update(self, ref: str, submission: Submission) -> Accepted:
        """Change and have reviewed again; the id stays."""
        files = await self._upload(submission)
        _, request_id = await self._calls.change(wire.update(self._account, ref, submission, files))
        return Accepted(ref, request_id=request_id)

    async def delete(self, kind: Kind, ref: str, *, international: bool = False, digital_name: str = "") -> None:
        """Delete; final."""
        del international, digital_name  # the id alone is enough (facts 2.4, 3.4)
        await self._calls.change(wire.delete(self._account, kind, ref))

    async def look(self, tracked: Sequence[Tracked]) -> tuple[Seen | Missing, ...]:
        """What became of these, all at once."""
        return await every(tracked, self.looks(tracked))

    async def looks(self, tracked: Sequence[Tracked]) -> Looks:
        """One call for each, since no list exists (facts 2, 3); one list for all qualifications."""
        qualifications = tuple(one for one in tracked if one.kind is Kind.QUALIFICATION)
        if qualifications:
            try:
                listed = await self._qualifications()
            except VendorError as error:
                yield tuple(Looked(one, error) for one in qualifications)
            else:
                seen = {ref: answers.seen_qualification(row) for ref, row in listed.items()}
                yield tuple(Looked(one, seen.get(one.ref, Missing(one.ref))) for one in qualifications)
        others: dict[tuple[Kind, str], list[Tracked]] = {}
        for one in tracked:
            if one.kind is not Kind.QUALIFICATION:
                others.setdefault((one.kind, one.ref), []).append(one)
        for same in others.values():
            answer: Seen | Missing | VendorError
            try:
                answer = await self._look_at(same[0])
            except VendorError as error:
                answer = error
            yield tuple(Looked(one, answer) for one in same)

    async def find(self, submission: Submission) -> tuple[Seen, ...]:
        """A signature by its text, qualifications by their name.

        Raises:
            Refused: a template, which cannot be found without its id; `look_up` says so beforehand.
        """
        if submission.kind is Kind.QUALIFICATION:
            listed = (await self._qualifications()).values()
            return tuple(answers.seen_qualification(row) for row in listed if row.name == submission.name)
        if submission.kind is not Kind.SIGNATURE:
            raise Refused(
                "look-up",
                trouble=Trouble.STATE,
                advice=Words(
                    "UCloud shows a template only to those who know its id; look into the console.",
                    "UCloud 只能按 ID 查询模板；请在控制台查看。",
                ),
            )
        query = wire.signature_query(self._account, content=submission.name)
        found = await self._calls.ask(answers.Signatures, query, missing=answers.Signatures())
        return tuple(answers.seen_signature(one) for one in found.found if one.ref and one.name == submission.name)

    async def listed(self, kind: Kind) -> AsyncGenerator[tuple[Listed, ...], None]:
        """GetUSMSSignatureQualification; signatures and templates have no list (facts 2, 3)."""
        del kind
        yield tuple(Listed(answers.seen_qualification(row)) for row in (await self._qualifications()).values())

    async def _upload(self, submission: Submission) -> dict[str, str]:
        """Hand over the files of a qualification, key → id; an upload alone submits nothing, whatever becomes of it."""
        if submission.kind is not Kind.QUALIFICATION:
            return {}
        uploaded: dict[str, str] = {}
        for key, files in submission.papers.items():
            if key not in qualifications.FILES:
                continue
            try:
                answer, request_id = await self._calls.change(wire.upload(self._account, key, files[0]))
            except AnswerLost as error:
                raise Unavailable(error.code, error.message, request_id=error.request_id) from error
            if not answer.file:
                raise Unavailable(NoAnswer.GARBAGE, "a file was taken, but the answer has no id", request_id=request_id)
            uploaded[key] = answer.file
        return uploaded

    async def _look_at(self, one: Tracked) -> Seen | Missing:
        match one.kind:
            case Kind.SIGNATURE:
                query = wire.signature_query(self._account, ref=one.ref)
                signatures = await self._calls.ask(answers.Signatures, query, missing=answers.Signatures())
                return answers.only(one.ref, [answers.seen_signature(found) for found in signatures.found])
            case Kind.TEMPLATE:
                query = wire.template_query(self._account, one.ref)
                templates = await self._calls.ask(answers.Templates, query, missing=answers.Templates())
                return answers.only(one.ref, [answers.seen_template(found) for found in templates.found])
            case Kind.QUALIFICATION:
                return Missing(one.ref)  # it was not in the list

    async def _qualifications(self) -> dict[str, answers.Qualification]:
        found: dict[str, answers.Qualification] = {}
        first = self._account.unconfirmed.qualification_first_page
        for page in range(first, first + _MOST_PAGES):
            listed = await self._calls.ask(answers.Qualifications, wire.qualifications_query(self._account, page))
            before = len(found)
            found |= {row.ref: row for row in listed.rows if row.ref}
            # A list that does not tell its total goes on until a page is not full, or brings nothing new.
            full = len(listed.rows) >= self._account.unconfirmed.page_size and len(found) > before
            if not listed.rows or (not full if listed.total is None else len(found) >= listed.total):
                break
        return found


def _id_of(created: answers.Created, kind: Kind) -> str:
    match kind:
        case Kind.SIGNATURE:
            return created.signature
        case Kind.TEMPLATE:
            return created.template
        case Kind.QUALIFICATION:
            return created.qualification
