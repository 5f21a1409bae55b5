"""Use case: from what was typed to what each account would get, with files read and references looked up."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import structlog

from bot.contracts import personal
from bot.contracts.clock import Clock
from bot.contracts.defaults import Defaults, of_kind
from bot.contracts.due import over
from bot.contracts.errors import VendorError
from bot.contracts.fields import Fault, Field, FieldType, Problem, When, field_for
from bot.contracts.guide import guide_of
from bot.contracts.model import Attachment, Kind, Request, State, Submission
from bot.contracts.papers import Inspected
from bot.contracts.variants import for_digital
from bot.contracts.vendor import LookUp, Missing, Option, Seen, Tracked, Vendor
from bot.contracts.vocabulary import NAME, QUALIFICATION, SIGN
from bot.requests.check.accounts import Check, Counts
from bot.requests.codes import Codes
from bot.requests.inspection import Inspection
from bot.requests.merging import merged
from bot.requests.prepare import Prepared, Typed, prepare, with_reference

log = structlog.get_logger(__name__)

OPTIONS_KEPT = timedelta(minutes=1)
"""How long what a vendor listed is taken for what it has: a form asks for it at every step."""

FILINGS_KEPT = 100
"""So many signatures' filings are remembered that long."""

DECLARED_KEPT = 200
"""So many sets of accounts, with a kind, have what they share put together once; nobody has more."""

USABLE = frozenset({State.APPROVED, State.READY})
"""How a signature stands that templates may be made for."""

NAMED = " · "
"""What stands between the name of a qualification and the company it is of, where they are listed."""

FileReader = Callable[[str, int], Awaitable[Attachment | Fault]]
"""Reads a file by path, at most so many bytes; a fault when it cannot."""

OPTIONS_SECONDS = 8.0
"""How long a vendor may take to list what a reference could name; without it the person is simply asked."""


Counted = Callable[[str, Kind, str], Awaitable[Counts]]
"""How many of a kind an account has, given the name of what would be one more."""

Said = Callable[[str], Typed]
"""What was said to an account."""


def _nothing(account: str) -> Typed:
    del account
    return ()


class Preparation:
    """Prepares submissions.

    Args:
        vendors: account name → vendor.
        defaults: account name → key → value, from the configuration.
        read_file: reads a path; the terminal's files and the defaults' papers are named by paths.
        clock: the domain's time.
        check: what reviewers mind.
        counted: how many of a kind an account has, but for one of this name.
    """

    def __init__(
        self,
        vendors: Mapping[str, Vendor],
        defaults: Mapping[str, Mapping[str, str]],
        read_file: FileReader,
        clock: Clock,
        check: Check,
        counted: Counted,
    ) -> None:
        self._vendors = vendors
        self._defaults = defaults
        self._read_file = read_file
        self._clock = clock
        self.check = check
        self._counted = counted
        # What is declared never changes, so what is made of it alone is made once.
        self._shared = lru_cache(DECLARED_KEPT)(self._merged)
        self._defaulted = lru_cache(DECLARED_KEPT)(self._defaults_of)
        self.inspection = Inspection()
        self.codes = Codes(vendors, clock)
        # Account and name → when, and how a signature for digital messages stood.
        self._filed: dict[tuple[str, str], tuple[datetime, Seen | Missing]] = {}
        # As many as there are accounts and kinds of lists.
        self._listed: dict[tuple[str, str], tuple[datetime, tuple[Option, ...]]] = {}

    @property
    def accounts(self) -> frozenset[str]:
        """Those that are configured."""
        return frozenset(self._vendors)

    def fields(self, kind: Kind, accounts: Sequence[str], said: Said = _nothing) -> dict[str, tuple[Field, ...]]:
        """The declarations of each account.

        Args:
            kind: what is submitted.
            accounts: to whom.
            said: what was said to an account: it may ask for what the vendor's console takes, which has fields of its own.
        """
        return {
            account: self._declared(account, kind, self._guide(account, kind, said(account))) for account in accounts
        }

    def union(self, kind: Kind, accounts: Sequence[str], said: Said = _nothing) -> tuple[Field, ...]:
        """The fields of several accounts, shared ones once, as all of them take them, in the order to ask for them."""
        return self._shared(kind, tuple((account, self._guide(account, kind, said(account))) for account in accounts))

    def of(self, request: Request) -> tuple[Field, ...]:
        """The declarations of a request."""
        account, kind = request.account, request.kind
        return self._declared(account, kind, self._guide(account, kind, tuple(request.values.items())))

    def _guide(self, account: str, kind: Kind, said: Typed) -> str:
        """The key of the guide whose fields count; empty where they are those of the kind itself."""
        guide = guide_of(self._vendors[account].capabilities.guides, kind, said)
        return guide.key if guide is not None and guide.fields else ""

    def _declared(self, account: str, kind: Kind, guide: str) -> tuple[Field, ...]:
        vendor = self._vendors[account]
        guides = (one.fields for one in vendor.capabilities.guides if one.key == guide)
        return next(guides) if guide else vendor.reviews.fields(kind)

    def _merged(self, kind: Kind, asked: tuple[tuple[str, str], ...]) -> tuple[Field, ...]:
        return merged([(account, self._declared(account, kind, guide)) for account, guide in asked])

    def _defaults_of(self, account: str, kind: Kind, guide: str) -> Defaults:
        return of_kind(self._defaults.get(account, {}), kind, self._declared(account, kind, guide))

    async def read(
        self,
        kind: Kind,
        accounts: Sequence[str],
        *,
        typed: Typed,
        attachments: Sequence[Attachment] = (),
        files: Mapping[str, tuple[Attachment, ...]] | None = None,
        paths: bool = False,
    ) -> tuple[Prepared, ...]:
        """Prepare a submission for each account.

        Args:
            kind: what is submitted.
            accounts: to whom.
            typed: keys and values as typed, the name among them.
            attachments: files that came with the message; they are papers unless said otherwise.
            files: files that were given for a key before, e.g. earlier in a dialogue.
            paths: whether the value of a file field is a path (the terminal).
        """
        declared = self.fields(kind, accounts, lambda _: typed)
        every = self.union(kind, accounts, lambda _: typed)
        named, problems = await self._named_files(every, typed) if paths else ({}, [])
        given = {**(files or {}), **named}
        if not paths and not attachments:
            problems = [
                Problem(field.key, Fault.FILE_TYPED, value[-60:], field)
                for key, value in typed
                if (field := _file_field(key, value, every)) is not None and not given.get(field.key)
            ]
        if attachments:
            given = {**given, "paper": (*given.get("paper", ()), *attachments)}
        secret = personal.told(given)
        typed = (*typed, *secret)
        given = {key: held for key, held in given.items() if key not in dict(secret)}
        inspected = await self.inspection.of(given)
        prepared = [
            await self._account(account, kind, declared[account], typed=typed, files=inspected) for account in accounts
        ]
        whole = tuple(
            replace(item, problems=(*item.problems, *_concerning(problems, declared[item.account])))
            for item in prepared
        )
        counts = {one.account: await self._counts(kind, one) for one in whole if self.check.counts(one.account, kind)}
        return self.check.looked_at(kind, whole, typed, declared, counts)

    async def _counts(self, kind: Kind, item: Prepared) -> Counts:
        """How many an account has, as the record has it or, where that is more, as the vendor listed it last."""
        counts = await self._counted(item.account, kind, item.values.get(NAME.key, ""))
        listed = self.last_listed(item.account, "signatures") if kind is Kind.SIGNATURE else None
        return replace(counts, had=None if counts.had is None else max(counts.had, len(listed or ())))

    async def options(self, account: str, field: Field) -> tuple[Option, ...]:
        """What a reference could name at an account; empty when the vendor cannot say, or not in time."""
        return await self.listed(account, field.options) or ()

    async def listed(self, account: str, source: str) -> tuple[Option, ...] | None:
        """What an account has of something, as `Reviewing.options` names it; none when the vendor did not say in time."""
        now = self._clock.now()
        listed = self._listed.get((account, source))
        if listed is not None and not over(listed[0], now, OPTIONS_KEPT):
            return listed[1]
        try:
            found = await asyncio.wait_for(self._vendors[account].reviews.options(source), OPTIONS_SECONDS)
        except (VendorError, TimeoutError) as error:
            log.info("no options", account=account, field=source, error=str(error))
            return None
        self._listed[account, source] = (now, found)
        return found

    async def found(self, account: str, name: str) -> tuple[Option, ...] | None:
        """A signature of this name, where a vendor lists none and shows the one that is asked for; none when it did not say."""
        vendor = self._vendors[account]
        if vendor.capabilities.kinds[Kind.SIGNATURE].look_up is not LookUp.BY_CONTENT:
            return ()
        try:
            seen = await asyncio.wait_for(vendor.reviews.find(Submission(Kind.SIGNATURE, name)), OPTIONS_SECONDS)
        except (VendorError, TimeoutError) as error:
            log.info("not found", account=account, error=str(error))
            return None
        return tuple(Option(one.ref, one.name, usable=one.state in USABLE) for one in seen)

    def last_listed(self, account: str, source: str) -> tuple[Option, ...] | None:
        """What an account had of something when it was asked last, however long ago; none when nobody asked yet."""
        listed = self._listed.get((account, source))
        return None if listed is None else listed[1]

    async def _account(
        self,
        account: str,
        kind: Kind,
        fields: Sequence[Field],
        *,
        typed: Typed,
        files: Mapping[str, tuple[Inspected, ...]],
    ) -> Prepared:
        defaults = self._defaulted(account, kind, self._guide(account, kind, typed))
        typed = await self._by_id(account, fields, typed)
        item = prepare(account, kind, fields, typed=typed, files=files, defaults=defaults.values)
        unread: list[Problem] = []
        papers: dict[str, tuple[Attachment, ...]] = {}
        for field in fields:
            path = defaults.files.get(field.key)
            if not path or field.key in files or item.values.get(field.key) or not _goes_along(field, item.values):
                continue
            read = await self._read_file(path, field.max_bytes)
            if isinstance(read, Attachment):
                papers[field.key] = (read,)
                continue
            log.warning("a default's file cannot be used", account=account, field=field.key, path=path, fault=read)
            if not field.needed(item.values):  # one that is needed is asked for instead
                unread.append(Problem(field.key, read, Path(path).name, field))
        if papers:
            files = {**files, **await self.inspection.of(papers)}
            item = prepare(account, kind, fields, typed=typed, files=files, defaults=defaults.values)
        item = replace(item, problems=(*item.problems, *unread))
        for field in item.missing:
            if field.options and not item.problems:
                item = replace(item, options=(*item.options, (field.key, await self.options(account, field))))
                if field.type is FieldType.REFERENCE and len(usable := item.usable(field.key)) == 1:
                    item = with_reference(item, field.key, usable[0].value)
        if kind is Kind.TEMPLATE and for_digital(item.values):
            return await self._with_filing(item, fields)
        return item

    async def _by_id(self, account: str, fields: Sequence[Field], typed: Typed) -> Typed:
        """What was typed, with a qualification that was called by its name as the id that this account has of it.

        Ids differ from vendor to vendor, a name need not; and an id is never in Chinese, so nobody is asked about one.
        """
        field = field_for(QUALIFICATION.key, fields)
        if field is None or all(value.isascii() for key, value in typed if field_for(key, fields) is field):
            return typed
        ids: dict[str, set[str]] = {}
        for one in await self.options(account, field):
            for called in {one.label, one.label.partition(NAMED)[0]}:
                ids.setdefault(called, set()).add(one.value)

        def told(key: str, value: str) -> str:
            found = ids.get(value.strip(), set()) if field_for(key, fields) is field else set()
            return next(iter(found)) if len(found) == 1 else value

        return tuple((key, told(key, value)) for key, value in typed)

    async def _with_filing(self, item: Prepared, fields: Sequence[Field]) -> Prepared:
        """The same, with it said where no carrier has filed the signature of a digital template: that is refused."""
        name = item.values.get(SIGN.key, "")
        vendor = self._vendors[item.account]
        if not name or Kind.SIGNATURE not in vendor.capabilities.digital:
            return item
        now = self._clock.now()
        looked = self._filed.get((item.account, name))
        if looked is None or over(looked[0], now, OPTIONS_KEPT):
            tracked = Tracked(0, Kind.SIGNATURE, name, name, digital=True)
            try:
                async with asyncio.timeout(OPTIONS_SECONDS):
                    (seen,) = await vendor.reviews.look([tracked])
            except (VendorError, TimeoutError):
                return item  # the vendor says it itself when it is asked for the template
            while len(self._filed) >= FILINGS_KEPT:
                self._filed.pop(next(iter(self._filed)))
            looked = self._filed[item.account, name] = now, seen
        filings = looked[1].filings if isinstance(looked[1], Seen) else ()
        if any(one.status == "done" for one in filings):
            return item
        found = ",".join(f"{one.carrier}={one.status}" for one in filings)
        sign = field_for(SIGN.key, fields)
        problem = Problem(SIGN.key, Fault.NOT_FILED, name, sign, nearest=item.account, found=found)
        return replace(item, problems=(*item.problems, problem))

    async def _named_files(
        self, fields: Sequence[Field], typed: Typed
    ) -> tuple[dict[str, tuple[Attachment, ...]], list[Problem]]:
        named: dict[str, tuple[Attachment, ...]] = {}
        problems: list[Problem] = []
        for key, value in typed:
            field = _file_field(key, value, fields)
            if field is None:
                continue
            read = await self._read_file(value.strip(), field.max_bytes)
            if isinstance(read, Attachment):
                named[field.key] = (*named.get(field.key, ()), read)
            else:
                problems.append(Problem(field.key, read, value[-60:], field))
        return named, problems


def _file_field(key: str, value: str, fields: Sequence[Field]) -> Field | None:
    """The field for which a file is named here, rather than the id of one that the vendor has."""
    field = field_for(key, fields)
    named = field is not None and field.type is FieldType.FILE and value.strip()
    return field if field is not None and named and not (field.or_id and value.strip().isdigit()) else None


def _goes_along(field: Field, values: Mapping[str, str]) -> bool:
    """Whether a default's file is sent: a paper that is asked for on a condition only while that holds."""
    if isinstance(field.required, When):
        return field.needed(values)
    return field.shown is None or field.shown.holds(values)


def _concerning(problems: Sequence[Problem], fields: Sequence[Field]) -> tuple[Problem, ...]:
    keys = {field.key for field in fields}
    return tuple(problem for problem in problems if problem.key in keys)
