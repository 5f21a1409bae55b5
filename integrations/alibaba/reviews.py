"""Submissions and their reviews at Alibaba Cloud: calls what the wire modules wrote and hands back what they read."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from bot.contracts.errors import AnswerLost, NoAnswer, Refused, Trouble, Unavailable
from bot.contracts.fields import Field
from bot.contracts.model import Kind, State, Submission
from bot.contracts.vendor import Accepted, Missing, Option, Seen, Tracked
from integrations.alibaba import papers, signatures, templates, wire
from integrations.alibaba.calls import PAGES, Calls, complete
from integrations.alibaba.config import Account
from integrations.alibaba.declared import declared

FEW = 3  # up to so many things are looked up one by one, more by the list

_MEDIA = "fcMediaSms"  # BizType of GetOSSInfoForUploadFile (facts 2.7)
_QUALIFICATION = "dysms"  # BizType of GetQualificationOssInfo (facts 2.7)


class Reviews:
    """The signatures, templates and qualifications of an account, see `bot.contracts.vendor.Reviewing`.

    Args:
        account: how we read what is not documented.
        calls: of the account.
    """

    def __init__(self, account: Account, calls: Calls) -> None:
        self._unconfirmed = account.unconfirmed
        self._calls = calls

    # --- What it is ---

    def fields(self, kind: Kind) -> tuple[Field, ...]:
        """What a submission is made of."""
        return declared(kind)

    async def options(self, source: str) -> tuple[Option, ...]:
        """`qualifications` and `signatures` of the account."""
        match source:
            case "qualifications":
                return tuple([signatures.qualification_option(record) async for record in self._records()])
            case "signatures":
                return tuple([signatures.signature_option(item) async for item in self._signatures()])
            case _:
                return ()

    # --- Changing something ---

    async def create(self, submission: Submission) -> Accepted:
        """Upload the papers, then submit: CreateSmsSign or CreateSmsTemplate."""
        match submission.kind:
            case Kind.SIGNATURE if not submission.international:
                return await self._put_signature("CreateSmsSign", submission)
            case Kind.TEMPLATE:
                return await self._put_template("CreateSmsTemplate", submission)
            case _:
                raise wire.refused("NotOffered")

    async def update(self, ref: str, submission: Submission) -> Accepted:
        """UpdateSmsSign (not the name) or UpdateSmsTemplate; both begin a new review."""
        match submission.kind:
            case Kind.SIGNATURE if not submission.international:
                if submission.name != ref:
                    raise wire.refused("NotRenamed")
                return await self._put_signature("UpdateSmsSign", submission)
            case Kind.TEMPLATE:
                return await self._put_template("UpdateSmsTemplate", submission, code=ref)
            case _:
                raise wire.refused("NotOffered")

    async def delete(self, kind: Kind, ref: str, *, international: bool = False) -> None:
        """DeleteSmsSign or DeleteSmsTemplate; international templates are deleted in the same way."""
        match kind:
            case Kind.SIGNATURE if not international:
                await self._calls.write("DeleteSmsSign", {"SignName": ref}, wire.Answer)
            case Kind.TEMPLATE:
                await self._calls.write("DeleteSmsTemplate", {"TemplateCode": ref}, wire.Answer)
            case _:
                raise wire.refused("NotOffered")

    async def _put_signature(self, action: str, submission: Submission) -> Accepted:
        letter = await self._letter(submission) if submission.values.get("purpose") == "other" else ""
        keys = await self._uploaded(submission)
        parameters = signatures.create_signature(submission, papers=keys, letter=letter, unconfirmed=self._unconfirmed)
        made = await self._calls.write(action, parameters, signatures.Created)
        return Accepted(ref=made.SignName or submission.name, order=made.OrderId, request_id=made.RequestId)

    async def _put_template(self, action: str, submission: Submission, code: str = "") -> Accepted:
        keys = await self._uploaded(submission)
        parameters = templates.create_template(submission, papers=keys, unconfirmed=self._unconfirmed, code=code)
        made = await self._calls.write(action, parameters, templates.Created)
        ref = made.TemplateCode or code
        if not ref:
            # Accepted without a code: the list knows it, and calling again would make a second one.
            raise AnswerLost(NoAnswer.GARBAGE, "the answer names no template", request_id=made.RequestId)
        return Accepted(ref=ref, order=made.OrderId, request_id=made.RequestId)

    # --- Papers ---

    async def _uploaded(self, submission: Submission) -> list[str]:
        """MoreData: the keys of the further proofs in the vendor's store."""
        files = submission.papers.get("paper", ())
        return [await self._calls.upload("GetOSSInfoForUploadFile", _MEDIA, papers.MediaTicket, file) for file in files]

    async def _letter(self, submission: Submission) -> str:
        """The id of the authorisation letter: as given, or of the file, which is entered once under its own name."""
        files = submission.papers.get("letter", ())
        given = submission.values.get("letter", "")
        if not files:
            if not given.isdigit():
                raise wire.refused("LetterIncomplete")
            return given
        values = await self._letter_values(submission)
        name = signatures.letter_name(submission.name, files[0].sha256, values)
        known = await self._known_letter(name, submission.name)
        if known:
            return known
        picture = await self._calls.upload("GetQualificationOssInfo", _QUALIFICATION, papers.PaperTicket, files[0])
        parameters = signatures.create_letter(name, submission.name, values, picture, self._unconfirmed)
        try:
            made = await self._calls.write("CreateSmsAuthorizationLetter", parameters, signatures.LetterCreated)
        except AnswerLost as lost:
            # Not the signature: that was not asked for yet. The letter's name is unique, so it can be found by it now,
            # or on the next attempt.
            if known := await self._known_letter(name, submission.name):
                return known
            raise Unavailable(lost.code, lost.message, request_id=lost.request_id) from lost
        if letter := made.Data or await self._known_letter(name, submission.name):
            return letter
        raise Unavailable(NoAnswer.GARBAGE, "the answer names no letter", request_id=made.RequestId)

    async def _letter_values(self, submission: Submission) -> dict[str, str]:
        """What must be entered with a letter; the companies' names come from the qualifications where left out."""
        values = {key: submission.values.get(key, "") for key in signatures.LETTER_KEYS}
        if not (values["owner_code"] and values["letter_term"]):
            raise wire.refused("LetterIncomplete")
        if not (values["owner"] and values["applicant"]):
            async for record in self._records():
                if record.GroupId == submission.values.get("qualification"):
                    values["owner"] = values["owner"] or record.CompanyName
                elif record.UseBySelf == "true" and record.passed:
                    values["applicant"] = values["applicant"] or record.CompanyName
        if not all(values.values()):
            raise wire.refused("LetterIncomplete")
        return values

    async def _known_letter(self, name: str, sign: str) -> str:
        found = await self._calls.read("QuerySmsAuthorizationLetter", {"SignName": sign}, signatures.LetterList)
        return next((one.AuthorizationLetterId for one in found.Data if one.AuthorizationLetterName == name), "")

    # --- Looking ---

    async def look(self, tracked: Sequence[Tracked]) -> tuple[Seen | Missing, ...]:
        """What became of these, in their order; by the list when there are more than a few."""
        of = {kind: [one for one in tracked if one.kind is kind] for kind in Kind}
        seen = {
            Kind.SIGNATURE: await self._look_signatures(of[Kind.SIGNATURE]),
            Kind.TEMPLATE: await self._look_templates(of[Kind.TEMPLATE]),
            Kind.QUALIFICATION: await self._look_qualifications(of[Kind.QUALIFICATION]),
        }
        return tuple(seen[one.kind].get(one.ref) or Missing(one.ref) for one in tracked)

    async def _look_signatures(self, tracked: Sequence[Tracked]) -> dict[str, Seen | Missing]:
        """The carriers are shown by GetSmsSign only: it is asked of what passed, of few, and of what the list lacks.

        A list moves while its pages are read, so that nothing is called missing on its word alone.
        """
        reviewed = {one.ref for one in tracked if not one.approved}
        found: dict[str, Seen | Missing] = {}
        if len(reviewed) > FEW:
            async with aclosing(self._signatures()) as items:
                async for item in items:
                    seen = signatures.seen_listed(item, self._unconfirmed)
                    if seen.ref in reviewed and seen.state is not State.APPROVED:
                        found[seen.ref] = seen
                    reviewed.discard(seen.ref)
                    if not reviewed:
                        break
        for ref in dict.fromkeys(one.ref for one in tracked):
            if ref not in found:
                found[ref] = await self._look_signature(ref)
        return found

    async def _look_signature(self, name: str) -> Seen | Missing:
        try:
            answer = await self._calls.read("GetSmsSign", {"SignName": name}, signatures.Signature)
        except Refused as refused:
            return _odd_one(refused, name, signatures.NOT_FOUND)
        return signatures.seen_signature(answer, name, self._unconfirmed)

    async def _look_templates(self, tracked: Sequence[Tracked]) -> dict[str, Seen | Missing]:
        wanted = {one.ref for one in tracked}
        found: dict[str, Seen | Missing] = {}
        if len(wanted) > FEW:
            async with aclosing(self._templates()) as items:
                async for item in items:
                    if item.TemplateCode in wanted:
                        found[item.TemplateCode] = templates.seen_listed(item, self._unconfirmed)
                    if len(found) == len(wanted):
                        break
        for ref in dict.fromkeys(one.ref for one in tracked):
            if ref not in found:
                found[ref] = await self._look_template(ref)
        return found

    async def _look_template(self, code: str) -> Seen | Missing:
        try:
            answer = await self._calls.read("GetSmsTemplate", {"TemplateCode": code}, templates.Template)
        except Refused as refused:
            return _odd_one(refused, code, templates.NOT_FOUND)
        return templates.seen_template(answer, code, self._unconfirmed)

    async def _look_qualifications(self, tracked: Sequence[Tracked]) -> dict[str, Seen | Missing]:
        """From the record list; QuerySingleSmsQualification would answer with ID numbers and photos (facts 0, no. 7)."""
        if not tracked:
            return {}
        return {record.GroupId: signatures.seen_record(record, self._unconfirmed) async for record in self._records()}

    async def find(self, submission: Submission) -> tuple[Seen, ...]:
        """Signature by its name, template by name and text, qualification by name."""
        match submission.kind:
            case Kind.SIGNATURE:
                seen = await self._look_signature(submission.name)
                return (seen,) if isinstance(seen, Seen) else ()
            case Kind.TEMPLATE:
                return tuple(
                    [
                        templates.seen_listed(item, self._unconfirmed)
                        async for item in self._templates()
                        if templates.is_submission(item, submission)
                    ]
                )
            case Kind.QUALIFICATION:
                return tuple(
                    [
                        signatures.seen_record(record, self._unconfirmed)
                        async for record in self._records()
                        if record.QualificationGroupName == submission.name
                    ]
                )

    # --- Lists, page by page ---

    async def _signatures(self) -> AsyncGenerator[signatures.ListedSignature, None]:
        seen = 0
        for page in range(1, PAGES + 1):
            answer = await self._calls.read("QuerySmsSignList", _page("PageIndex", page), signatures.SignatureList)
            for item in answer.SmsSignList:
                yield item
            seen += len(answer.SmsSignList)
            if complete(seen, len(answer.SmsSignList), answer.TotalCount):
                return

    async def _templates(self) -> AsyncGenerator[templates.ListedTemplate, None]:
        seen = 0
        for page in range(1, PAGES + 1):
            answer = await self._calls.read("QuerySmsTemplateList", _page("PageIndex", page), templates.TemplateList)
            for item in answer.SmsTemplateList:
                yield item
            seen += len(answer.SmsTemplateList)
            if complete(seen, len(answer.SmsTemplateList), answer.TotalCount):
                return

    async def _records(self) -> AsyncGenerator[signatures.Record, None]:
        seen = 0
        for page in range(1, PAGES + 1):
            answer = await self._calls.read("QuerySmsQualificationRecord", _page("PageNo", page), signatures.RecordList)
            for record in answer.Data.List:
                yield record
            seen += len(answer.Data.List)
            if complete(seen, len(answer.Data.List), answer.Data.Total):
                return


def _page(name: str, number: int) -> dict[str, str]:
    return {name: str(number), "PageSize": str(wire.PAGE_SIZE)}


def _odd_one(refused: Refused, ref: str, not_found: tuple[str, ...]) -> Missing | Seen:
    """One thing that the vendor will not show: gone, or refused for a fault of its own.

    One name that the vendor does not take must not keep it from answering about all the others; what concerns the
    account, the key or the limits is raised.
    """
    if refused.code in not_found:
        return Missing(ref)
    if refused.trouble in (Trouble.INPUT, Trouble.STATE):
        return Seen(ref=ref, name=ref, state=None, word=refused.code, reason=refused.message)
    raise refused
