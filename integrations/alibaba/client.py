"""One Alibaba Cloud account: sends what the wire modules wrote and hands back what they read."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import TypeVar

import httpx
from aiolimiter import AsyncLimiter

from bot.contracts.errors import AnswerLost, Refused, Trouble, Unavailable
from bot.contracts.fields import Field
from bot.contracts.model import Kind, Paper, State, Submission
from bot.contracts.vendor import Accepted, Capabilities, Missing, Option, Reading, Seen, Tracked
from integrations.alibaba import billing, papers, signatures, templates, wire
from integrations.alibaba.auth import Acs3Auth, canonical_query, random_nonce, utc_now
from integrations.alibaba.config import Account
from integrations.alibaba.declared import capabilities, declared
from integrations.http import repeat_read, repeat_refused, sent

P = TypeVar("P", bound=wire.Part)

# Seconds between two calls of one operation, per account (facts 1.4; NODE remarks, help/44335).
TEMPLATE_CREATE_SECONDS = 30.0
SIGNATURE_GET_SECONDS = 1 / 150
TEMPLATE_CHANGE_SECONDS = 1 / 1000
UNPUBLISHED_SECONDS = 1 / 5  # nothing is published for the others: at most five a second
SECONDS_BETWEEN: Mapping[str, float] = {
    "CreateSmsTemplate": TEMPLATE_CREATE_SECONDS,
    "GetSmsSign": SIGNATURE_GET_SECONDS,
    "UpdateSmsTemplate": TEMPLATE_CHANGE_SECONDS,
    "DeleteSmsTemplate": TEMPLATE_CHANGE_SECONDS,
}

FEW = 3  # up to so many things are looked up one by one, more by the list
_PAGES = 400  # 20,000 things: more than any account has, and an end if a vendor repeats a page for ever

_MEDIA = "fcMediaSms"  # BizType of GetOSSInfoForUploadFile (facts 2.7)
_QUALIFICATION = "dysms"  # BizType of GetQualificationOssInfo (facts 2.7)


class Alibaba:
    """An account at Alibaba Cloud SMS, see `bot.contracts.vendor.Vendor`.

    Args:
        account: names, addresses, credentials.
        http: of `integrations.http.client`; closed with this.
        pace: factor on the limits' periods; below 1 where the vendor's time runs faster.
        now: the time the vendor lives in, for what has run out; real time when not given.
        wall: real time, for signatures.
        nonce: a new random text on each call.
    """

    vendor = "alibaba"

    def __init__(
        self,
        account: Account,
        *,
        http: httpx.AsyncClient,
        pace: float = 1.0,
        now: Callable[[], datetime] | None = None,
        wall: Callable[[], datetime] = utc_now,
        nonce: Callable[[], str] = random_nonce,
    ) -> None:
        self.account: str = account.name
        self.capabilities: Capabilities = capabilities()
        self._account = account
        self._unconfirmed = account.unconfirmed
        self._http = http
        self._pace = pace
        self._now = now or utc_now
        self._nonce = nonce
        self._auth = Acs3Auth(
            account.access_key_id, account.access_key_secret, account.security_token, wall=wall, nonce=nonce
        )
        held = (account.access_key_id, account.access_key_secret, account.security_token)
        self._secrets = tuple(secret.get_secret_value() for secret in held if secret is not None)
        self._limiters: dict[str, AsyncLimiter] = {}

    def __repr__(self) -> str:
        return f"Alibaba({self.account!r})"

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
                await self._write("DeleteSmsSign", {"SignName": ref}, wire.Answer)
            case Kind.TEMPLATE:
                await self._write("DeleteSmsTemplate", {"TemplateCode": ref}, wire.Answer)
            case _:
                raise wire.refused("NotOffered")

    async def _put_signature(self, action: str, submission: Submission) -> Accepted:
        letter = await self._letter(submission) if submission.values.get("purpose") == "other" else ""
        keys = await self._uploaded(submission)
        parameters = signatures.create_signature(submission, papers=keys, letter=letter, unconfirmed=self._unconfirmed)
        made = await self._write(action, parameters, signatures.Created)
        return Accepted(ref=made.SignName or submission.name, order=made.OrderId, request_id=made.RequestId)

    async def _put_template(self, action: str, submission: Submission, code: str = "") -> Accepted:
        keys = await self._uploaded(submission)
        parameters = templates.create_template(submission, papers=keys, unconfirmed=self._unconfirmed, code=code)
        made = await self._write(action, parameters, templates.Created)
        ref = made.TemplateCode or code
        if not ref:
            # Accepted without a code: the list knows it, and calling again would make a second one.
            raise AnswerLost("OK", "the answer names no template", request_id=made.RequestId)
        return Accepted(ref=ref, order=made.OrderId, request_id=made.RequestId)

    # --- Papers ---

    async def _uploaded(self, submission: Submission) -> list[str]:
        """MoreData: the keys of the further proofs in the vendor's store."""
        files = submission.papers.get("paper", ())
        return [await self._upload("GetOSSInfoForUploadFile", _MEDIA, papers.MediaTicket, file) for file in files]

    async def _upload(
        self, action: str, purpose: str, model: type[papers.MediaTicket | papers.PaperTicket], paper: Paper
    ) -> str:
        """Put one file into the vendor's store; repeated as a whole, each time with a new right and a new name."""

        async def attempt() -> str:
            answer = await self._once(action, {"BizType": purpose}, model, wire.Asked(False, secrets=self._secrets))
            form = papers.form(answer.ticket, paper, self._nonce(), endpoint=self._account.endpoint)
            files = {"file": (form.file_name, paper.content, paper.media_type)}
            response = await sent(self._http, self._account, form.url, data=form.fields, files=files)
            problem = papers.stored(response.status_code, response.content)
            if problem is not None:
                raise problem
            return form.key

        return await repeat_read(attempt, pace=self._pace)

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
        picture = await self._upload("GetQualificationOssInfo", _QUALIFICATION, papers.PaperTicket, files[0])
        parameters = signatures.create_letter(name, submission.name, values, picture, self._unconfirmed)
        try:
            made = await self._write("CreateSmsAuthorizationLetter", parameters, signatures.LetterCreated)
        except AnswerLost as lost:
            # Not the signature: that was not asked for yet. The letter's name is unique, so it can be found by it now,
            # or on the next attempt.
            if known := await self._known_letter(name, submission.name):
                return known
            raise Unavailable(lost.code, lost.message, request_id=lost.request_id) from lost
        if letter := made.Data or await self._known_letter(name, submission.name):
            return letter
        raise Unavailable("OK", "the answer names no letter", request_id=made.RequestId)

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
        found = await self._read("QuerySmsAuthorizationLetter", {"SignName": sign}, signatures.LetterList)
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
            answer = await self._read("GetSmsSign", {"SignName": name}, signatures.Signature)
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
            answer = await self._read("GetSmsTemplate", {"TemplateCode": code}, templates.Template)
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
        for page in range(1, _PAGES + 1):
            answer = await self._read("QuerySmsSignList", _page("PageIndex", page), signatures.SignatureList)
            for item in answer.SmsSignList:
                yield item
            seen += len(answer.SmsSignList)
            if _complete(seen, len(answer.SmsSignList), answer.TotalCount):
                return

    async def _templates(self) -> AsyncGenerator[templates.ListedTemplate, None]:
        seen = 0
        for page in range(1, _PAGES + 1):
            answer = await self._read("QuerySmsTemplateList", _page("PageIndex", page), templates.TemplateList)
            for item in answer.SmsTemplateList:
                yield item
            seen += len(answer.SmsTemplateList)
            if _complete(seen, len(answer.SmsTemplateList), answer.TotalCount):
                return

    async def _records(self) -> AsyncGenerator[signatures.Record, None]:
        seen = 0
        for page in range(1, _PAGES + 1):
            answer = await self._read("QuerySmsQualificationRecord", _page("PageNo", page), signatures.RecordList)
            for record in answer.Data.List:
                yield record
            seen += len(answer.Data.List)
            if _complete(seen, len(answer.Data.List), answer.Data.Total):
                return

    # --- Quota and health ---

    async def quota(self) -> tuple[Reading, ...]:
        """SMS packages and the balance, through the billing API."""
        readings: tuple[Reading, ...] = ()
        if "packages" in self._account.quota:
            readings += billing.package_readings(await self._packages(), self._unconfirmed, self._now())
        if "balance" in self._account.quota:
            answer = await self._read("QueryAccountBalance", {}, billing.BalanceAnswer, billing=True)
            readings += billing.balance_reading(answer.Data)
        return readings

    async def _packages(self) -> list[billing.Package]:
        found: list[billing.Package] = []
        product = self._unconfirmed.package_product
        for page in range(1, _PAGES + 1):
            parameters = {"PageNum": str(page), "PageSize": str(wire.BILLING_PAGE_SIZE)}
            if product:
                parameters["ProductCode"] = product
            answer = await self._read("QueryResourcePackageInstances", parameters, billing.PackageList, billing=True)
            instances = answer.Data.Instances.Instance
            found += instances
            if _complete(len(found), len(instances), answer.Data.TotalCount):
                break
        return found

    async def probe(self) -> str:
        """One page of one signature."""
        answer = await self._read("QuerySmsSignList", {"PageIndex": "1", "PageSize": "1"}, signatures.SignatureList)
        return f"QuerySmsSignList: OK, TotalCount {answer.TotalCount or '?'}"

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    # --- One call ---

    async def _read(self, action: str, parameters: Mapping[str, str], model: type[P], *, billing: bool = False) -> P:
        """Ask something, again where that can help."""
        asked = wire.Asked(changes=False, billing=billing, secrets=self._secrets)
        return await repeat_read(lambda: self._once(action, parameters, model, asked), pace=self._pace)

    async def _write(self, action: str, parameters: Mapping[str, str], model: type[P]) -> P:
        """Change something; again only after the vendor certainly refused before accepting."""
        asked = wire.Asked(changes=True, secrets=self._secrets)
        return await repeat_refused(lambda: self._once(action, parameters, model, asked), pace=self._pace)

    async def _once(self, action: str, parameters: Mapping[str, str], model: type[P], asked: wire.Asked) -> P:
        """Wait for the limit, sign, send, read."""
        endpoint = self._account.billing_endpoint if asked.billing else self._account.endpoint
        query = canonical_query(parameters)  # in the address, for POST too (facts 1.1)
        url = f"{endpoint}/?{query}" if query else f"{endpoint}/"
        headers = {
            "accept": "application/json",
            "x-acs-action": action,
            "x-acs-version": wire.BILLING_VERSION if asked.billing else wire.SMS_VERSION,
        }
        async with self._limiter(action):
            response = await sent(self._http, self._account, url, auth=self._auth, headers=headers)
        reply = wire.Reply(response.status_code, response.headers, response.content)
        return wire.read(reply, model, asked, self._unconfirmed)

    def _limiter(self, action: str) -> AsyncLimiter:
        if action not in self._limiters:
            seconds = SECONDS_BETWEEN.get(action, UNPUBLISHED_SECONDS) * self._pace
            self._limiters[action] = AsyncLimiter(1, max(seconds, 1e-6))
        return self._limiters[action]


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


def _complete(seen: int, on_page: int, total: str) -> bool:
    """Whether a list has been read to its end: by its own count; without one, when a page is not full."""
    if on_page == 0:
        return True
    return seen >= int(total) if total.isdecimal() else on_page < wire.PAGE_SIZE
