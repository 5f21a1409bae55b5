"""One UCloud account: builds the calls, sends them, reads the answers. What they mean is decided in `wire` and `answers`."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Final, TypeVar

import httpx
from aiolimiter import AsyncLimiter

from bot.contracts.errors import AnswerLost, Refused, Trouble
from bot.contracts.fields import Field
from bot.contracts.model import Kind, Submission, Words
from bot.contracts.vendor import Accepted, Capabilities, Measure, Missing, Option, Reading, Seen, Tracked
from integrations.http import repeat_read, repeat_refused, sent
from integrations.ucloud import answers, wire
from integrations.ucloud.auth import CONTENT_TYPE, UcloudAuth, form
from integrations.ucloud.config import Account, Package
from integrations.ucloud.declared import TEMPLATE_FIELDS, capabilities, signature_fields

CALLS_PER_SECOND: Final = 5
"""No limit is published, only the code for exceeding one (facts 1.1): a pace that a person at the console could keep."""

_MOST_PAGES: Final = 50  # of qualifications; ends a list whose total is not true
_CHINA: Final = timezone(timedelta(hours=8))  # the statistics' days and the package's

AnswerT = TypeVar("AnswerT", bound=answers.Answer)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Ucloud:
    """One account at UCloud USMS; keeps the contract `bot.contracts.vendor.Vendor`.

    Args:
        account: the configuration, secrets resolved.
        http: made by `integrations.http.client`; closed by `aclose`.
        pace: factor on waits and on the time between calls; below 1 where time runs faster.
        now: aware time of the domain, for the days of the usage.
    """

    vendor: str = "ucloud"

    def __init__(
        self,
        account: Account,
        *,
        http: httpx.AsyncClient,
        pace: float = 1.0,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.account: str = account.name
        self.capabilities: Capabilities = capabilities(edit_under_review=account.unconfirmed.edit_under_review)
        self._settings = account
        self._http = http
        self._pace = pace
        self._now = now
        self._auth = UcloudAuth(account.public_key, account.private_key, account.security_token)
        held = (account.private_key, account.security_token)
        self._secrets = tuple(one.get_secret_value() for one in held if one is not None and one.get_secret_value())
        self._limiter = AsyncLimiter(1, max(pace, 0.001) / CALLS_PER_SECOND)
        self._signature_fields = signature_fields(
            longest=account.unconfirmed.longest_signature,
            qualification_required=account.unconfirmed.qualification_required,
        )

    def fields(self, kind: Kind) -> tuple[Field, ...]:
        """The fields of a submission; none for a qualification, which the console takes."""
        match kind:
            case Kind.SIGNATURE:
                return self._signature_fields
            case Kind.TEMPLATE:
                return TEMPLATE_FIELDS
            case Kind.QUALIFICATION:
                return ()

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
        created, request_id = await self._change(wire.create(self._settings, submission))
        ref = created.signature if submission.kind is Kind.SIGNATURE else created.template
        if not ref:
            raise AnswerLost("no id", "accepted, but the answer has no id", request_id=request_id)
        return Accepted(ref, request_id=request_id)

    async def update(self, ref: str, submission: Submission) -> Accepted:
        """Change and have reviewed again; the id stays."""
        _, request_id = await self._change(wire.update(self._settings, ref, submission))
        return Accepted(ref, request_id=request_id)

    async def delete(self, kind: Kind, ref: str, *, international: bool = False) -> None:
        """Delete; final."""
        del international  # the id alone is enough (facts 2.4, 3.4)
        await self._change(wire.delete(self._settings, kind, ref))

    async def look(self, tracked: Sequence[Tracked]) -> tuple[Seen | Missing, ...]:
        """What became of these: one call for each, since no list exists (facts 2, 3); one list for all qualifications."""
        known: dict[tuple[Kind, str], Seen | Missing] = {}
        if any(one.kind is Kind.QUALIFICATION for one in tracked):
            for ref, row in (await self._qualifications()).items():
                known[Kind.QUALIFICATION, ref] = answers.seen_qualification(row)
        for one in tracked:
            if (one.kind, one.ref) not in known:
                known[one.kind, one.ref] = await self._look_at(one)
        return tuple(known[one.kind, one.ref] for one in tracked)

    async def find(self, submission: Submission) -> tuple[Seen, ...]:
        """A signature by its text.

        Raises:
            Refused: anything else, which cannot be found without its id; `look_up` says so beforehand.
        """
        if submission.kind is not Kind.SIGNATURE:
            raise Refused(
                "look-up",
                trouble=Trouble.STATE,
                advice=Words(
                    "UCloud shows a template only to those who know its id; look into the console.",
                    "UCloud 只能按 ID 查询模板；请在控制台查看。",
                ),
            )
        query = wire.signature_query(self._settings, content=submission.name)
        found = await self._ask(answers.Signatures, query, missing=answers.Signatures())
        return tuple(answers.seen_signature(one) for one in found.found if one.ref and one.name == submission.name)

    async def quota(self) -> tuple[Reading, ...]:
        """The money, and what is left of the configured package as far as the usage tells (facts 4.2)."""
        package = self._settings.package
        readings: list[Reading] = []
        try:
            readings.append((await self._ask(answers.Balance, wire.balance_query(self._settings))).reading())
        except Refused as error:
            # A key that may use USMS may have no right to read the account's money; the package is still worth telling.
            if package is None or error.trouble is not Trouble.PERMISSION:
                raise
        if package is not None:
            readings.append(await self._left_of(package))
        return tuple(readings)

    async def probe(self) -> str:
        """One row of the qualification list: proves address, keys, project and the right to USMS; no clock is signed."""
        first = self._settings.unconfirmed.qualification_first_page
        listed = await self._ask(answers.Qualifications, wire.qualifications_query(self._settings, first, size=1))
        count = len(listed.rows) if listed.total is None else int(listed.total)
        return f"project {self._settings.project_id}, qualifications: {count}"

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _look_at(self, one: Tracked) -> Seen | Missing:
        match one.kind:
            case Kind.SIGNATURE:
                query = wire.signature_query(self._settings, ref=one.ref)
                signatures = await self._ask(answers.Signatures, query, missing=answers.Signatures())
                return answers.only(one.ref, [answers.seen_signature(found) for found in signatures.found])
            case Kind.TEMPLATE:
                query = wire.template_query(self._settings, one.ref)
                templates = await self._ask(answers.Templates, query, missing=answers.Templates())
                return answers.only(one.ref, [answers.seen_template(found) for found in templates.found])
            case Kind.QUALIFICATION:
                return Missing(one.ref)  # it was not in the list

    async def _qualifications(self) -> dict[str, answers.Qualification]:
        found: dict[str, answers.Qualification] = {}
        first = self._settings.unconfirmed.qualification_first_page
        for page in range(first, first + _MOST_PAGES):
            listed = await self._ask(answers.Qualifications, wire.qualifications_query(self._settings, page))
            found |= {row.ref: row for row in listed.rows if row.ref}
            if not listed.rows or listed.total is None or len(found) >= listed.total:
                break
        return found

    async def _left_of(self, package: Package) -> Reading:
        today = self._now().astimezone(_CHINA).date()
        used = Decimal(0)
        for first, last in _spans(package.since, min(today, package.expires or today), self._settings):
            usage = await self._ask(answers.Usage, wire.usage_query(self._settings, first, last))
            used += usage.parts(submit_failed_billed=self._settings.unconfirmed.submit_failed_billed)
        lapsed = package.expires is not None and package.expires < today  # what is unused lapses (facts 8)
        end = None
        if package.expires is not None:
            midnight = datetime.combine(package.expires, datetime.min.time(), _CHINA) + timedelta(days=1)
            end = midnight.astimezone(UTC)
        return Reading(
            "package",
            Measure.PACKAGE,
            Decimal(0) if lapsed else max(Decimal(0), package.amount - used),
            total=Decimal(package.amount),
            expires_at=end,
            estimated=True,
        )

    async def _change(self, parameters: wire.Parameters) -> tuple[answers.Created, str]:
        return await repeat_refused(lambda: self._call(answers.Created, parameters, changes=True), pace=self._pace)

    async def _ask(
        self, answer: type[AnswerT], parameters: wire.Parameters, *, missing: AnswerT | None = None
    ) -> AnswerT:
        """Ask a question; a code that means "no such thing" is the answer `missing`, where there is one."""
        try:
            result, _ = await repeat_read(lambda: self._call(answer, parameters, changes=False), pace=self._pace)
        except Refused as error:
            # The one place that decides how an unknown id looks (facts 2.3, UNSURE).
            if missing is None or error.code not in map(str, self._settings.unconfirmed.missing_codes):
                raise
            return missing
        return result

    async def _call(self, answer: type[AnswerT], parameters: wire.Parameters, *, changes: bool) -> tuple[AnswerT, str]:
        url, body = f"{self._settings.endpoint}/", form(parameters)
        async with self._limiter:
            response = await sent(
                self._http,
                self._settings,
                url,
                auth=self._auth,
                content=body,
                headers={"content-type": CONTENT_TYPE},
            )
        values = answers.decoded(
            answer, response.status_code, response.headers, response.content, changes=changes, secrets=self._secrets
        )
        return values, response.headers.get(answers.REQUEST_ID_HEADER, "")


def _spans(first: date, last: date, account: Account) -> list[tuple[date, date]]:
    """The days cut into pieces that one query may span; none when the package begins in the future."""
    length = timedelta(days=account.unconfirmed.statistics_days)
    spans = []
    while first <= last:
        spans.append((first, min(first + length - timedelta(days=1), last)))
        first += length
    return spans
