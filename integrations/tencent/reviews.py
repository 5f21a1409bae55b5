"""Submissions and their reviews at Tencent Cloud: calls what `wire` builds and hands back what it reads."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from bot.contracts.errors import Refused, Trouble, VendorError
from bot.contracts.fields import Field
from bot.contracts.model import Kind, Submission
from bot.contracts.vendor import Accepted, KindAbility, Listed, Looked, Looks, Missing, Option, Seen, Tracked, every
from integrations.tencent import declared, wire
from integrations.tencent.answers import Signature, Template, new_id, request_id, rows
from integrations.tencent.calls import Calls, pages
from integrations.tencent.config import Account
from integrations.tencent.errors import NO_SIGNATURES, NO_TEMPLATES


class Reviews:
    """The signatures and templates of an account; a `bot.contracts.vendor.Reviewing`.

    Args:
        account: the configuration.
        calls: of the account.
        kinds: what can be done with each kind.
    """

    lists = frozenset({Kind.SIGNATURE, Kind.TEMPLATE})

    def __init__(self, account: Account, calls: Calls, kinds: Mapping[Kind, KindAbility]) -> None:
        self._site = account.site
        self._calls = calls
        self._kinds = kinds
        self._fields = {
            Kind.SIGNATURE: declared.signature_fields(account.site, image_bytes=account.unconfirmed.image_bytes),
            Kind.TEMPLATE: declared.template_fields(),
        }

    def fields(self, kind: Kind) -> tuple[Field, ...]:
        """The fields of a submission; none for qualifications, which have no API."""
        return self._fields.get(kind, ())

    async def options(self, source: str) -> tuple[Option, ...]:
        """Signatures, or the qualifications that signatures name; there is no list of qualifications (facts 2)."""
        if source == "signatures":
            return wire.signature_options([*await self._all_signs(0), *await self._all_signs(1)])
        if source == "qualifications" and self._site == "domestic":
            return wire.qualification_options(await self._all_signs(0))
        return ()

    async def create(self, submission: Submission) -> Accepted:
        """AddSmsSign or AddSmsTemplate."""
        form = self._form(submission.kind)
        match submission.kind:
            case Kind.SIGNATURE:
                answer = await self._calls.write("AddSmsSign", wire.add_sign(submission, form))
                return _accepted(answer, "AddSignStatus", "SignId")
            case Kind.TEMPLATE:
                answer = await self._calls.write("AddSmsTemplate", wire.add_template(submission, form))
                return _accepted(answer, "AddTemplateStatus", "TemplateId")
            case Kind.QUALIFICATION:
                raise self._no_qualifications()

    async def update(self, ref: str, submission: Submission) -> Accepted:
        """ModifySmsSign or ModifySmsTemplate; the vendor takes only pending and rejected ones (facts 2.3, 3)."""
        form = self._form(submission.kind)
        match submission.kind:
            case Kind.SIGNATURE:
                answer = await self._calls.write("ModifySmsSign", wire.modify_sign(ref, submission, form))
                return _accepted(answer, "ModifySignStatus", "SignId")
            case Kind.TEMPLATE:
                answer = await self._calls.write("ModifySmsTemplate", wire.modify_template(ref, submission, form))
                return _accepted(answer, "ModifyTemplateStatus", "TemplateId")
            case Kind.QUALIFICATION:
                raise self._no_qualifications()

    async def delete(self, kind: Kind, ref: str, *, international: bool = False, digital_name: str = "") -> None:
        """DeleteSmsSign or DeleteSmsTemplate."""
        del international, digital_name  # the id alone is enough (facts 2.4, 3)
        match kind:
            case Kind.SIGNATURE:
                await self._calls.write("DeleteSmsSign", wire.delete_sign(ref))
            case Kind.TEMPLATE:
                await self._calls.write("DeleteSmsTemplate", wire.delete_template(ref))
            case Kind.QUALIFICATION:
                raise self._no_qualifications()

    async def look(self, tracked: Sequence[Tracked]) -> tuple[Seen | Missing, ...]:
        """What became of these, all at once."""
        return await every(tracked, self.looks(tracked))

    async def looks(self, tracked: Sequence[Tracked]) -> Looks:
        """The lists, a hundred ids at a time, mainland and international apart (facts 2.5, 3)."""
        odd: list[Looked] = []
        of_console: list[Tracked] = []
        groups: dict[tuple[Kind, bool], dict[int, list[Tracked]]] = {}
        for item in tracked:
            if item.kind is Kind.QUALIFICATION:
                of_console.append(item)
            elif (number := _number(item.ref)) is None:
                odd.append(Looked(item, Missing(item.ref)))
            else:
                groups.setdefault((item.kind, item.international), {}).setdefault(number, []).append(item)
        if odd:
            yield tuple(odd)
        if of_console:
            yield await self._look_qualifications(of_console)
        for (kind, international), asked in groups.items():
            numbers = list(asked)
            for start in range(0, len(numbers), wire.PAGE):
                page = numbers[start : start + wire.PAGE]
                items = [item for number in page for item in asked[number]]
                try:
                    seen = {int(one.ref): one for one in await self._look(kind, int(international), page)}
                except VendorError as error:
                    yield tuple(Looked(item, error) for item in items)
                else:
                    yield tuple(Looked(item, seen.get(int(item.ref), Missing(item.ref))) for item in items)

    async def _look_qualifications(self, tracked: Sequence[Tracked]) -> tuple[Looked, ...]:
        """As the signatures that name them show them; one that none names is not known to be missing (facts 2.5)."""
        if self._site != "domestic":
            return tuple(Looked(item, self._no_qualifications()) for item in tracked)
        try:
            seen = {one.ref: one for one in wire.seen_qualifications(await self._all_signs(0))}
        except VendorError as error:
            return tuple(Looked(item, error) for item in tracked)
        return tuple(Looked(item, seen.get(item.ref, wire.not_named(item.ref, item.name))) for item in tracked)

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

    async def listed(self, kind: Kind) -> AsyncGenerator[tuple[Listed, ...], None]:
        """DescribeSmsSignList, DescribeSmsTemplateList: of the mainland, then of abroad."""
        for international in (0, 1):
            match kind:
                case Kind.SIGNATURE:
                    yield tuple(wire.listed_sign(row) for row in await self._all_signs(international))
                case Kind.TEMPLATE:
                    yield tuple(Listed(wire.seen_template(row)) for row in await self._all_templates(international))
                case Kind.QUALIFICATION:
                    raise self._no_qualifications()

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
        return await pages(lambda offset: self._signs(wire.list_signs(international, offset=offset)))

    async def _all_templates(self, international: int) -> tuple[Template, ...]:
        return await pages(lambda offset: self._templates(wire.list_templates(international, offset=offset)))

    async def _signs(self, body: wire.Body) -> tuple[Signature, ...]:
        answer = await self._calls.read("DescribeSmsSignList", body, none=NO_SIGNATURES)
        return rows(answer, "DescribeSignListStatusSet", Signature)

    async def _templates(self, body: wire.Body) -> tuple[Template, ...]:
        answer = await self._calls.read("DescribeSmsTemplateList", body, none=NO_TEMPLATES)
        return rows(answer, "DescribeTemplateStatusSet", Template)

    def _form(self, kind: Kind) -> wire.Form:
        return wire.Form(self._site, {field.key: field for field in self.fields(kind)})

    def _no_qualifications(self) -> Refused:
        """The capability says so; whoever asks nevertheless is told, not answered with nothing."""
        advice = self._kinds[Kind.QUALIFICATION].instead
        return Refused("QualificationId", trouble=Trouble.STATE, advice=advice)


def _accepted(answer: dict[str, Any], status: str, key: str) -> Accepted:
    return Accepted(ref=new_id(answer, status, key), request_id=request_id(answer))


def _number(ref: str) -> int | None:
    return int(ref) if ref.isascii() and ref.isdigit() else None
