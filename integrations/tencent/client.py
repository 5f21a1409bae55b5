"""The account at the vendor: sends what `wire` builds, at the published pace, and repeats only what is safe."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import httpx
from aiolimiter import AsyncLimiter

from bot.contracts.errors import Refused, Trouble
from bot.contracts.fields import Field
from bot.contracts.model import Kind, Submission, Words
from bot.contracts.vendor import Accepted, Missing, Option, Reading, Seen, Tracked
from integrations.http import repeat_read, repeat_refused, sent
from integrations.tencent import declared, wire
from integrations.tencent.answers import Package, Row, Signature, Template, new_id, opened, request_id, rows
from integrations.tencent.auth import CONTENT_TYPE, Tc3Auth, utc_now
from integrations.tencent.config import Account
from integrations.tencent.errors import NO_SIGNATURES, NO_TEMPLATES

CALLS_PER_SECOND = MappingProxyType(
    {
        "AddSmsSign": 1,
        "ModifySmsSign": 1,
        "DeleteSmsSign": 1,
        "DescribeSmsSignList": 20,
        "AddSmsTemplate": 1,  # the newer page says 2, the older 1
        "ModifySmsTemplate": 20,
        "DeleteSmsTemplate": 1,
        "DescribeSmsTemplateList": 20,
        "SmsPackagesStatistics": 10,
    }
)
"""The published limits (facts 1.6; cloud.tencent.com/document/product/382/34689 and the action pages)."""

_SPACING = 1.05
"""Calls leave a little further apart than published, since they do not all travel equally long."""


class Tencent:
    """One account at Tencent Cloud SMS; a `bot.contracts.vendor.Vendor`.

    Args:
        account: the configuration.
        http: the account's own HTTP client; closed with this.
        pace: factor on waits and rates; below 1 where time runs faster.
        wall: the real time, for signing.
        now: the domain's time, in which packages expire; the real time when left out.
    """

    vendor = "tencent"

    def __init__(
        self,
        account: Account,
        *,
        http: httpx.AsyncClient,
        pace: float = 1.0,
        wall: Callable[[], datetime] = utc_now,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.account = account.name
        self.capabilities = declared.capabilities(
            account.site,
            delete_in_review=account.unconfirmed.delete_in_review,
        )
        self._config = account
        self._http = http
        self._pace = pace
        self._now = now or wall
        self._auth = Tc3Auth(account.secret_id, account.secret_key, account.token, now=wall)
        secrets = (account.secret_id, account.secret_key, account.token)
        self._secrets = tuple(secret.get_secret_value() for secret in secrets if secret is not None)
        self._fields = {
            Kind.SIGNATURE: declared.signature_fields(account.site, image_bytes=account.unconfirmed.image_bytes),
            Kind.TEMPLATE: declared.template_fields(),
        }
        share = account.unconfirmed.rate_share
        self._limits = {
            action: AsyncLimiter(1, pace * _SPACING / (rate * share)) for action, rate in CALLS_PER_SECOND.items()
        }

    def fields(self, kind: Kind) -> tuple[Field, ...]:
        """The fields of a submission; none for qualifications, which have no API."""
        return self._fields.get(kind, ())

    async def options(self, source: str) -> tuple[Option, ...]:
        """Signatures, or the qualifications that signatures name; there is no list of qualifications (facts 2)."""
        if source == "signatures":
            return wire.signature_options([*await self._all_signs(0), *await self._all_signs(1)])
        if source == "qualifications" and self._config.site == "domestic":
            return wire.qualification_options(await self._all_signs(0))
        return ()

    async def create(self, submission: Submission) -> Accepted:
        """AddSmsSign or AddSmsTemplate."""
        form = self._form(submission.kind)
        match submission.kind:
            case Kind.SIGNATURE:
                answer = await self._write("AddSmsSign", wire.add_sign(submission, form))
                return _accepted(answer, "AddSignStatus", "SignId")
            case Kind.TEMPLATE:
                answer = await self._write("AddSmsTemplate", wire.add_template(submission, form))
                return _accepted(answer, "AddTemplateStatus", "TemplateId")
            case Kind.QUALIFICATION:
                raise self._no_qualifications()

    async def update(self, ref: str, submission: Submission) -> Accepted:
        """ModifySmsSign or ModifySmsTemplate; the vendor takes only pending and rejected ones (facts 2.3, 3)."""
        form = self._form(submission.kind)
        match submission.kind:
            case Kind.SIGNATURE:
                answer = await self._write("ModifySmsSign", wire.modify_sign(ref, submission, form))
                return _accepted(answer, "ModifySignStatus", "SignId")
            case Kind.TEMPLATE:
                answer = await self._write("ModifySmsTemplate", wire.modify_template(ref, submission, form))
                return _accepted(answer, "ModifyTemplateStatus", "TemplateId")
            case Kind.QUALIFICATION:
                raise self._no_qualifications()

    async def delete(self, kind: Kind, ref: str, *, international: bool = False) -> None:
        """DeleteSmsSign or DeleteSmsTemplate."""
        del international  # the id alone is enough (facts 2.4, 3)
        match kind:
            case Kind.SIGNATURE:
                await self._write("DeleteSmsSign", wire.delete_sign(ref))
            case Kind.TEMPLATE:
                await self._write("DeleteSmsTemplate", wire.delete_template(ref))
            case Kind.QUALIFICATION:
                raise self._no_qualifications()

    async def look(self, tracked: Sequence[Tracked]) -> tuple[Seen | Missing, ...]:
        """The lists, a hundred ids at a time, mainland and international apart (facts 2.5, 3)."""
        found: dict[tuple[Kind, bool, int], Seen] = {}
        groups: dict[tuple[Kind, bool], list[int]] = {}
        for item in tracked:
            if item.kind is Kind.QUALIFICATION:
                raise self._no_qualifications()
            if (number := _number(item.ref)) is not None:
                groups.setdefault((item.kind, item.international), []).append(number)
        for (kind, international), numbers in groups.items():
            unique = list(dict.fromkeys(numbers))
            for start in range(0, len(unique), wire.PAGE):
                for seen in await self._look(kind, int(international), unique[start : start + wire.PAGE]):
                    found[kind, international, int(seen.ref)] = seen
        return tuple(
            Missing(item.ref)
            if (number := _number(item.ref)) is None
            else found.get((item.kind, item.international, number), Missing(item.ref))
            for item in tracked
        )

    async def find(self, submission: Submission) -> tuple[Seen, ...]:
        """All pages of the list, for the same name; templates for the same text, too."""
        international = self._form(submission.kind).flag(submission, "international")
        match submission.kind:
            case Kind.SIGNATURE:
                signs = await self._all_signs(international)
                return tuple(wire.seen_sign(row) for row in signs if wire.same_name(submission, row))
            case Kind.TEMPLATE:
                templates = await self._all_templates(international)
                return tuple(wire.seen_template(row) for row in templates if wire.same_text(submission, row))
            case Kind.QUALIFICATION:
                raise self._no_qualifications()

    async def quota(self) -> tuple[Reading, ...]:
        """Packages in force. Only the domestic site tells (facts, "Two sites"); see the capability."""
        if not self.capabilities.quota:
            raise Refused("SmsPackagesStatistics", trouble=Trouble.STATE, advice=_NO_QUOTA)
        now = self._now()
        unconfirmed = self._config.unconfirmed

        async def page(offset: int) -> tuple[Package, ...]:
            body = wire.packages(
                self._config.sdk_app_id,
                now,
                window_days=unconfirmed.package_window_days,
                utc_offset=unconfirmed.statistics_utc_offset,
                offset=offset,
            )
            return rows(await self._read("SmsPackagesStatistics", body), "SmsPackagesStatisticsSet", Package)

        return wire.readings(await _pages(page, wire.PACKAGE_PAGE), now)

    async def probe(self) -> str:
        """Ask for one signature: proves address, clock, key and the right to list."""
        signs = await self._signs({**wire.list_signs(0), "Limit": 1})
        return f"{self._config.region}: {'signatures listed' if signs else 'no signature yet'}"

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _look(self, kind: Kind, international: int, numbers: list[int]) -> tuple[Seen, ...]:
        """Some things by id.

        "None" for several ids may mean "one of them is none"; the facts do not say (2.5). Nothing is called missing on
        that word alone: then the whole list settles it.
        """
        if kind is Kind.SIGNATURE:
            signs = await self._signs(wire.list_signs(international, ids=numbers))
            if not signs and len(numbers) > 1:
                signs = await self._all_signs(international)
            return tuple(wire.seen_sign(row) for row in signs)
        templates = await self._templates(wire.list_templates(international, ids=numbers))
        if not templates and len(numbers) > 1:
            templates = await self._all_templates(international)
        return tuple(wire.seen_template(row) for row in templates)

    async def _all_signs(self, international: int) -> tuple[Signature, ...]:
        return await _pages(lambda offset: self._signs(wire.list_signs(international, offset=offset)))

    async def _all_templates(self, international: int) -> tuple[Template, ...]:
        return await _pages(lambda offset: self._templates(wire.list_templates(international, offset=offset)))

    async def _signs(self, body: wire.Body) -> tuple[Signature, ...]:
        answer = await self._read("DescribeSmsSignList", body, none=NO_SIGNATURES)
        return rows(answer, "DescribeSignListStatusSet", Signature)

    async def _templates(self, body: wire.Body) -> tuple[Template, ...]:
        answer = await self._read("DescribeSmsTemplateList", body, none=NO_TEMPLATES)
        return rows(answer, "DescribeTemplateStatusSet", Template)

    async def _read(self, action: str, body: wire.Body, *, none: str = "") -> dict[str, Any]:
        """A question, repeated where that can help; the error that means "none" is an empty answer."""
        content = wire.encode(body)
        try:
            return await repeat_read(lambda: self._call(action, content, write=False), pace=self._pace)
        except Refused as error:
            if none and error.code == none:
                return {}
            raise

    async def _write(self, action: str, body: wire.Body) -> dict[str, Any]:
        """A change, repeated only where it certainly was not accepted."""
        content = wire.encode(body)
        return await repeat_refused(lambda: self._call(action, content, write=True), pace=self._pace)

    async def _call(self, action: str, content: bytes, *, write: bool) -> dict[str, Any]:
        url = f"{self._config.endpoint}/"
        headers = {
            "Content-Type": CONTENT_TYPE,
            "X-TC-Action": action,
            "X-TC-Version": wire.VERSION,
            "X-TC-Region": self._config.region,
            "X-TC-Language": "zh-CN" if self._config.site == "domestic" else "en-US",
        }
        async with self._limits[action]:
            response = await sent(self._http, self._config, url, auth=self._auth, content=content, headers=headers)
        return opened(response, write=write, secrets=self._secrets)

    def _form(self, kind: Kind) -> wire.Form:
        return wire.Form(self._config.site, {field.key: field for field in self.fields(kind)})

    def _no_qualifications(self) -> Refused:
        """The capability says so; whoever asks nevertheless is told, not answered with nothing."""
        advice = self.capabilities.kinds[Kind.QUALIFICATION].instead
        return Refused("QualificationId", trouble=Trouble.STATE, advice=advice)


_NO_QUOTA = Words(
    "The international site tells nothing about packages; see its console.", "国际站不提供套餐包查询，请在控制台查看。"
)


def _accepted(answer: dict[str, Any], status: str, key: str) -> Accepted:
    return Accepted(ref=new_id(answer, status, key), request_id=request_id(answer))


def _number(ref: str) -> int | None:
    return int(ref) if ref.isascii() and ref.isdigit() else None


async def _pages(page: Callable[[int], Awaitable[tuple[Row, ...]]], size: int = wire.PAGE) -> tuple[Row, ...]:
    """All rows of a list that tells no total (facts 2.5): until a page is short, or brings nothing new."""
    found: dict[int, Row] = {}
    offset = 0
    while True:
        got = await page(offset)
        before = len(found)
        found.update((row.id, row) for row in got)
        if len(got) < size or len(found) == before:
            return tuple(found.values())
        offset += len(got)
