"""Submissions and their reviews at Alibaba Cloud: calls what the wire modules wrote and hands back what they read."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from bot.contracts.errors import AnswerLost, NoAnswer, Refused, Trouble, Unavailable, VendorError
from bot.contracts.fields import Field
from bot.contracts.model import Kind, State, Submission
from bot.contracts.vendor import Accepted, Listed, Looked, Looks, Missing, Option, Seen, Tracked, every
from integrations.alibaba import digital, digital_errors, leading, papers, qualifications, signatures, templates, wire
from integrations.alibaba.calls import PAGES, Calls, complete
from integrations.alibaba.config import Account
from integrations.alibaba.declared import OWN_COMPANIES, declared
from integrations.alibaba.proofs import APP_RECORD, TRADEMARK, Proofs

FEW = 3  # up to so many things are looked up one by one, more by the list

_MEDIA = {"BizType": "fcMediaSms"}  # of GetOSSInfoForUploadFile (facts 2.7)
_QUALIFICATION = {"BizType": "dysms"}  # of GetQualificationOssInfo (facts 2.7)
_FILING = {"TaskType": "ICP_DOMAIN"}  # of GetSmsOcrOssInfo (facts 2.7)


class Reviews:
    """The signatures, templates and qualifications of an account, see `bot.contracts.vendor.Reviewing`.

    Args:
        account: how we read what is not documented.
        calls: of the account.
    """

    lists = frozenset(Kind)

    def __init__(self, account: Account, calls: Calls) -> None:
        self._unconfirmed = account.unconfirmed
        self._calls = calls
        self.proofs = Proofs(calls, account.unconfirmed)

    # --- What it is ---

    def fields(self, kind: Kind) -> tuple[Field, ...]:
        """What a submission is made of."""
        return declared(kind, self._unconfirmed.kind_names.values())

    async def options(self, source: str) -> tuple[Option, ...]:
        """`qualifications`, `letters`, `trademarks`, `icp_records`, `signatures` and companies of the account."""
        match source:
            case "qualifications":
                return tuple([signatures.qualification_option(record) async for record in self._records()])
            case "letters":
                letters = await self._calls.read("QuerySmsAuthorizationLetter", {}, signatures.LetterList)
                return tuple(signatures.letter_option(one) for one in letters.Data if one.AuthorizationLetterId)
            case _ if source == OWN_COMPANIES:
                own = [one.CompanyName async for one in self._records() if one.UseBySelf == "true" and one.passed]
                return tuple(Option(name, name) for name in dict.fromkeys(filter(None, own)))
            case "trademarks" | "icp_records":
                return await self.proofs.options(source, self._signatures())
            case "signatures":
                return tuple([signatures.signature_option(item) async for item in self._signatures()])
            case _:
                return ()

    # --- Changing something ---

    async def create(self, submission: Submission) -> Accepted:
        """Upload the papers, then submit: CreateSmsSign, CreateSmsTemplate or SubmitSmsQualification."""
        match submission.kind:
            case Kind.SIGNATURE if submission.digital:
                return await self._order_sign(submission)
            case Kind.SIGNATURE if not submission.international:
                return await self._put_signature("CreateSmsSign", submission)
            case Kind.TEMPLATE if submission.digital:
                return await self._put_digital(submission)
            case Kind.TEMPLATE:
                return await self._put_template("CreateSmsTemplate", submission)
            case Kind.QUALIFICATION:
                files = await self._pictures(submission)
                parameters = qualifications.submit(submission, files, self._unconfirmed)
                made = await self._calls.write("SubmitSmsQualification", parameters, qualifications.Submitted)
                if not made.Data:  # the list knows it, and calling again would make a second one
                    raise AnswerLost(NoAnswer.GARBAGE, "the answer names no qualification", request_id=made.RequestId)
                return Accepted(ref=made.Data, request_id=made.RequestId)
            case _:
                raise wire.refused("NotOffered")

    async def update(self, ref: str, submission: Submission) -> Accepted:
        """UpdateSmsSign (not the name), UpdateSmsTemplate or UpdateSmsQualification; each begins a new review."""
        match submission.kind:
            case Kind.SIGNATURE if submission.digital:
                return await self._order_sign(submission, ref)
            case Kind.SIGNATURE if not submission.international:
                if submission.name != ref:
                    raise wire.refused("NotRenamed")
                return await self._put_signature("UpdateSmsSign", submission)
            case Kind.TEMPLATE if not submission.digital:
                return await self._put_template("UpdateSmsTemplate", submission, code=ref)
            case Kind.QUALIFICATION:
                record = await self._record(ref)
                if record.QualificationGroupName not in ("", submission.name):
                    raise wire.refused("NotRenamedQualification")
                files = await self._pictures(submission)
                parameters = qualifications.update(submission, ref, record.WorkOrderId, files, self._unconfirmed)
                made = await self._calls.write("UpdateSmsQualification", parameters, qualifications.Submitted)
                return Accepted(ref=made.Data or ref, request_id=made.RequestId)
            case _:
                raise wire.refused("NotOffered")

    async def delete(self, kind: Kind, ref: str, *, international: bool = False, digital_name: str = "") -> None:
        """DeleteSmsSign, DeleteSmsTemplate or DeleteSmsQualification; international templates as the others."""
        match kind:
            case Kind.SIGNATURE if digital_name:
                removal = digital.sign_removal(ref, digital_name)
                await self._calls.write("CreateDigitalSignOrder", removal, wire.Answer)
            case Kind.SIGNATURE if not international:
                await self._calls.write("DeleteSmsSign", {"SignName": ref}, wire.Answer)
            case Kind.TEMPLATE:
                await self._calls.write("DeleteSmsTemplate", {"TemplateCode": ref}, wire.Answer)
            case Kind.QUALIFICATION:
                order = (await self._record(ref)).WorkOrderId
                told = {"QualificationGroupId": ref, "OrderId": order}
                await self._calls.write("DeleteSmsQualification", told, wire.Answer)
            case _:
                raise wire.refused("NotOffered")

    async def _put_signature(self, action: str, submission: Submission) -> Accepted:
        letter = await self._letter(submission) if submission.values.get("purpose") == "other" else ""
        proofs = {
            proof.key: await self.proofs.ref(proof, submission, lambda: self._company(submission))
            for source, proof in (("trademark", TRADEMARK), ("app", APP_RECORD))
            if submission.values.get("source") == source
        }
        keys = await self._uploaded(submission)
        parameters = signatures.create_signature(
            submission, papers=keys, letter=letter, unconfirmed=self._unconfirmed, proofs=proofs
        )
        made = await self._calls.write(action, parameters, signatures.Created)
        return Accepted(ref=made.SignName or submission.name, order=made.OrderId, request_id=made.RequestId)

    async def _put_template(self, action: str, submission: Submission, code: str = "") -> Accepted:
        if why := leading.problem(submission):
            raise wire.refused(why)
        keys = await self._uploaded(submission)
        filing = [
            await self._calls.upload("GetSmsOcrOssInfo", _FILING, papers.MediaTicket, file)
            for file in submission.papers.get("link_paper", ())[:1]
        ]
        parameters = templates.create_template(
            submission,
            papers=keys,
            unconfirmed=self._unconfirmed,
            code=code,
            leads=leading.items(submission, "".join(filing)),
        )
        made = await self._calls.write(action, parameters, templates.Created)
        ref = made.TemplateCode or code
        if not ref:
            # Accepted without a code: the list knows it, and calling again would make a second one.
            raise AnswerLost(NoAnswer.GARBAGE, "the answer names no template", request_id=made.RequestId)
        return Accepted(ref=ref, order=made.OrderId, request_id=made.RequestId)

    async def _order_sign(self, submission: Submission, ref: str = "") -> Accepted:
        told = digital.sign_order(submission, self._unconfirmed, ref)
        made = await self._calls.write("CreateDigitalSignOrder", told, digital.Ordered)
        if not (made.Data.signId or ref):
            raise AnswerLost(NoAnswer.GARBAGE, "the answer names no signature", request_id=made.RequestId)
        return Accepted(made.Data.signId or ref, made.Data.signOrderId, made.RequestId)

    async def _put_digital(self, submission: Submission) -> Accepted:
        # Two megabytes take a while to be written, in which everybody else is served.
        told, form = await asyncio.to_thread(self._written, submission)
        made = await self._calls.write("CreateDigitalSmsTemplate", told, digital.Created, form=form)
        if not made.TemplateCode:
            raise AnswerLost(NoAnswer.GARBAGE, "the answer names no template", request_id=made.RequestId)
        return Accepted(ref=made.TemplateCode, request_id=made.RequestId)

    def _written(self, submission: Submission) -> tuple[wire.Parameters, bytes]:
        """The address and the form of a digital template."""
        told, files = digital.create_template(submission, self._unconfirmed)
        if self._unconfirmed.digital_files == "query":
            if sum(len(value) for value in files.values()) > digital_errors.ADDRESS_BYTES * 4 // 3:
                raise wire.refused("FilesForAddress")
            return {**told, **files}, b""
        return told, digital.form(files)

    # --- Papers ---

    async def _uploaded(self, submission: Submission) -> list[str]:
        """MoreData: the keys of the further proofs in the vendor's store."""
        files = submission.papers.get("paper", ())
        return [await self._calls.upload("GetOSSInfoForUploadFile", _MEDIA, papers.MediaTicket, file) for file in files]

    async def _pictures(self, submission: Submission) -> dict[str, list[str]]:
        """The files of a qualification: key → their keys in the vendor's store, under names that tell nothing."""
        return {
            key: [
                await self._calls.upload("GetQualificationOssInfo", _QUALIFICATION, papers.PaperTicket, file)
                for file in files
            ]
            for key, files in submission.papers.items()
            if key in qualifications.PICTURES
        }

    async def _record(self, ref: str) -> signatures.Record:
        """A qualification as it stands; its ticket changes with every review (WorkOrderIdExpired, facts 3.6)."""
        async with aclosing(self._records()) as records:
            async for record in records:
                if record.GroupId == ref:
                    return record
        raise wire.refused("QualificationNotExist")

    async def _company(self, submission: Submission) -> str:
        """The company on a signature's qualification."""
        return (await self._record(submission.values.get("qualification", ""))).CompanyName

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
        """What became of these, all at once."""
        return await every(tracked, self.looks(tracked))

    async def looks(self, tracked: Sequence[Tracked]) -> Looks:
        """By the list when there are more than a few, page by page; one by one what it does not tell.

        The carriers are shown by GetSmsSign only: it is asked of what passed, of few, and of what the list lacks. A list
        moves while its pages are read, so that nothing is called missing on its word alone.
        """
        variants = [one for one in tracked if one.digital]
        tracked = [one for one in tracked if not one.digital]
        for one in variants:  # what the carriers say of each is told by itself only
            said: Seen | Missing | VendorError
            try:
                said = await self._look_digital(one)
            except VendorError as error:
                said = error
            yield (Looked(one, said),)
        for kind, pages, look in (
            (Kind.SIGNATURE, self._seen_signatures, self._look_signature),
            (Kind.TEMPLATE, self._seen_templates, self._look_template),
        ):
            wanted: dict[str, list[Tracked]] = {}
            for one in tracked:
                if one.kind is kind:
                    wanted.setdefault(one.ref, []).append(one)
            in_list = {
                ref for ref, same in wanted.items() if kind is Kind.TEMPLATE or not all(t.approved for t in same)
            }
            if len(in_list) > FEW:
                async with aclosing(_listed(pages(), in_list, wanted)) as slices:
                    async for told in slices:
                        yield told
            for ref, same in wanted.items():
                answer: Seen | Missing | VendorError
                try:
                    answer = await look(ref)
                except VendorError as error:
                    answer = error
                yield tuple(Looked(one, answer) for one in same)
        if qualifications := tuple(one for one in tracked if one.kind is Kind.QUALIFICATION):
            yield await self._look_qualifications(qualifications)

    async def _look_signature(self, name: str) -> Seen | Missing:
        try:
            answer = await self._calls.read("GetSmsSign", {"SignName": name}, signatures.Signature)
        except Refused as refused:
            return _odd_one(refused, name, signatures.NOT_FOUND)
        return signatures.seen_signature(answer, name, self._unconfirmed)

    async def _look_template(self, code: str) -> Seen | Missing:
        try:
            answer = await self._calls.read("GetSmsTemplate", {"TemplateCode": code}, templates.Template)
        except Refused as refused:
            return _odd_one(refused, code, templates.NOT_FOUND)
        return digital.seen_template(templates.seen_template(answer, code, self._unconfirmed), answer)

    async def _look_digital(self, tracked: Tracked) -> Seen | Missing:
        """A digital signature is asked for by its name, a template by its code."""
        if tracked.kind is not Kind.SIGNATURE:
            return await self._look_template(tracked.ref)
        found = (await self._calls.read("QueryDigitalSignByName", {"SignName": tracked.name}, digital.Found)).Data
        return digital.seen_signature(found, tracked.name) if found.signId else Missing(tracked.ref)

    async def _look_qualifications(self, tracked: Sequence[Tracked]) -> tuple[Looked, ...]:
        """From the record list; QuerySingleSmsQualification would answer with ID numbers and photos (facts 0, no. 7)."""
        try:
            seen = {
                record.GroupId: signatures.seen_record(record, self._unconfirmed) async for record in self._records()
            }
        except VendorError as error:
            return tuple(Looked(one, error) for one in tracked)
        return tuple(Looked(one, seen.get(one.ref, Missing(one.ref))) for one in tracked)

    async def find(self, submission: Submission) -> tuple[Seen, ...]:
        """Signature by its name, template by name and text, qualification by name."""
        match submission.kind:
            case Kind.SIGNATURE:
                sign = Tracked(0, Kind.SIGNATURE, submission.name, submission.name, digital=True)
                seen = await (self._look_digital(sign) if submission.digital else self._look_signature(submission.name))
                return (seen,) if isinstance(seen, Seen) else ()
            case Kind.TEMPLATE if submission.digital:
                return tuple(
                    [
                        templates.seen_listed(item, self._unconfirmed)
                        async for item in self._templates()
                        if item.TemplateName == submission.name.strip() and digital.is_one(item)
                    ]
                )
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

    async def listed(self, kind: Kind) -> AsyncGenerator[tuple[Listed, ...], None]:
        """QuerySmsSignList, QuerySmsTemplateList, QuerySmsQualificationRecord; digital signatures are in none of them."""
        match kind:
            case Kind.SIGNATURE:
                async with aclosing(self._seen_signatures()) as signs:
                    async for page in signs:
                        yield tuple(Listed(seen) for seen in page)
            case Kind.TEMPLATE:
                async with aclosing(self._template_pages()) as pages:
                    async for items in pages:
                        yield tuple(
                            templates.listed(item, self._unconfirmed, digital=digital.is_one(item)) for item in items
                        )
            case Kind.QUALIFICATION:
                yield tuple([Listed(signatures.seen_record(one, self._unconfirmed)) async for one in self._records()])

    async def _seen_signatures(self) -> AsyncGenerator[list[Seen], None]:
        async with aclosing(self._signature_pages()) as pages:
            async for page in pages:
                yield [signatures.seen_listed(item, self._unconfirmed) for item in page]

    async def _seen_templates(self) -> AsyncGenerator[list[Seen], None]:
        async with aclosing(self._template_pages()) as pages:
            async for page in pages:
                yield [templates.seen_listed(item, self._unconfirmed) for item in page]

    async def _signatures(self) -> AsyncGenerator[signatures.ListedSignature, None]:
        async for page in self._signature_pages():
            for item in page:
                yield item

    async def _templates(self) -> AsyncGenerator[templates.ListedTemplate, None]:
        async for page in self._template_pages():
            for item in page:
                yield item

    async def _signature_pages(self) -> AsyncGenerator[Sequence[signatures.ListedSignature], None]:
        seen = 0
        for page in range(1, PAGES + 1):
            answer = await self._calls.read("QuerySmsSignList", _page("PageIndex", page), signatures.SignatureList)
            yield answer.SmsSignList
            seen += len(answer.SmsSignList)
            if complete(seen, len(answer.SmsSignList), answer.TotalCount, wire.PAGE_SIZE):
                return

    async def _template_pages(self) -> AsyncGenerator[Sequence[templates.ListedTemplate], None]:
        seen = 0
        for page in range(1, PAGES + 1):
            answer = await self._calls.read("QuerySmsTemplateList", _page("PageIndex", page), templates.TemplateList)
            yield answer.SmsTemplateList
            seen += len(answer.SmsTemplateList)
            if complete(seen, len(answer.SmsTemplateList), answer.TotalCount, wire.PAGE_SIZE):
                return

    async def _records(self) -> AsyncGenerator[signatures.Record, None]:
        seen = 0
        for page in range(1, PAGES + 1):
            answer = await self._calls.read("QuerySmsQualificationRecord", _page("PageNo", page), signatures.RecordList)
            for record in answer.Data.List:
                yield record
            seen += len(answer.Data.List)
            if complete(seen, len(answer.Data.List), answer.Data.Total, wire.PAGE_SIZE):
                return


async def _listed(pages: AsyncGenerator[list[Seen], None], unseen: set[str], wanted: dict[str, list[Tracked]]) -> Looks:
    """What a list tells, page by page: taken out of what is wanted, so that what is left is asked by itself.

    Args:
        pages: of the list.
        unseen: the ids to find in it; it is read no further than to the last of them.
        wanted: id → what is asked about.
    """
    async with aclosing(pages):
        try:
            async for page in pages:
                here = [seen for seen in page if seen.ref in unseen]
                unseen.difference_update(seen.ref for seen in here)
                told = [seen for seen in here if not _tells_too_little(seen, wanted[seen.ref])]
                if told:
                    yield tuple(Looked(one, seen) for seen in told for one in wanted.pop(seen.ref, ()))
                if not unseen:
                    return
        except Unavailable:
            return  # one page may be in trouble: the rest is asked by itself
        except VendorError as error:
            yield tuple(Looked(one, error) for ref in sorted(unseen) for one in wanted.pop(ref))


def _tells_too_little(listed: Seen, asked: Sequence[Tracked]) -> bool:
    """Of an approved signature, the list does not tell what the carriers say."""
    return listed.state is State.APPROVED and asked[0].kind is Kind.SIGNATURE


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
