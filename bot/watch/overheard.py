"""A vendor whose every call is heard of, whoever makes it: each group of its methods, and what came of each call."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from bot.contracts import personal
from bot.contracts.codes import Verifying
from bot.contracts.errors import VendorError
from bot.contracts.fields import Field
from bot.contracts.hushed import hushed
from bot.contracts.model import Kind, Submission
from bot.contracts.push import Receipt
from bot.contracts.sending import Handed, Outgoing, Sending
from bot.contracts.traffic import Counting, Split, Tally
from bot.contracts.trouble import Call
from bot.contracts.vendor import (
    Accepted,
    Listed,
    Looks,
    Metering,
    Missing,
    Option,
    Reading,
    Reviewing,
    Seen,
    Tracked,
    Vendor,
)

T = TypeVar("T")

Hears = Callable[[Call, VendorError | None], None]
"""Takes the kind of a call and what came of it; none where it was answered."""


def overhear(vendor: Vendor, hears: Hears) -> None:
    """Have every call of the vendor's groups heard of from now on."""
    vendor.reviews = OverheardReviews(vendor.reviews, hears)
    if vendor.codes is not None:
        vendor.codes = OverheardCodes(vendor.codes, hears)
    if vendor.quota is not None:
        vendor.quota = OverheardMetering(vendor.quota, hears)
    if vendor.traffic is not None:
        vendor.traffic = OverheardCounting(vendor.traffic, hears)
    if vendor.messages is not None:
        vendor.messages = OverheardSending(vendor.messages, hears)


async def told(hears: Hears, call: Call, doing: Awaitable[T]) -> T:
    """Make a call and tell what came of it. What ends in our own fault, or is given up, says nothing of the vendor."""
    try:
        answer = await doing
    except VendorError as error:
        clean = personal.without_in(error, {})
        hears(call, clean)
        raise clean from None
    hears(call, None)
    return answer


Said = TypeVar("Said", Seen, Seen | Missing, Seen | Missing | VendorError)


def _quiet(said: Said) -> Said:
    """What reviewers and carriers say, or why nobody did, without numbers of persons."""
    match said:
        case Seen():
            filings = tuple(replace(one, reason=hushed(one.reason)) for one in said.filings)
            return replace(said, reason=hushed(said.reason), filings=filings)
        case VendorError():
            return personal.without_in(said, {})
        case _:
            return said


async def _in_private(doing: Awaitable[T], submission: Submission) -> T:
    """Make a call of which nobody hears the personal data that it carried: some vendors say back what they mind."""
    try:
        return await doing
    except VendorError as error:
        raise personal.without_in(error, submission.papers) from None


class OverheardReviews:
    """Submissions and their reviews; keeps the contract `bot.contracts.vendor.Reviewing`.

    Args:
        group: the vendor's own.
        hears: told of every call.
    """

    def __init__(self, group: Reviewing, hears: Hears) -> None:
        self._group = group
        self._hears = hears
        self.lists = group.lists

    def fields(self, kind: Kind) -> tuple[Field, ...]:
        """The fields of a submission; no call."""
        return self._group.fields(kind)

    async def options(self, source: str) -> tuple[Option, ...]:
        """What a reference field may name."""
        return await told(self._hears, Call.READ, self._group.options(source))

    async def create(self, submission: Submission) -> Accepted:
        """Submit for review."""
        return await told(self._hears, Call.CHANGE, _in_private(self._group.create(submission), submission))

    async def update(self, ref: str, submission: Submission) -> Accepted:
        """Change what was submitted."""
        return await told(self._hears, Call.CHANGE, _in_private(self._group.update(ref, submission), submission))

    async def delete(self, kind: Kind, ref: str, *, international: bool = False, digital_name: str = "") -> None:
        """Delete at the vendor."""
        await told(
            self._hears,
            Call.CHANGE,
            self._group.delete(kind, ref, international=international, digital_name=digital_name),
        )

    async def look(self, tracked: Sequence[Tracked]) -> tuple[Seen | Missing, ...]:
        """What became of these things."""
        return tuple(_quiet(one) for one in await told(self._hears, Call.READ, self._group.look(tracked)))

    async def looks(self, tracked: Sequence[Tracked]) -> Looks:
        """The same in slices; each is a call of its own."""
        async with aclosing(self._group.looks(tracked)) as slices:
            async for part in slices:
                self._hears(Call.READ, next((one.answer for one in part if isinstance(one.answer, VendorError)), None))
                yield tuple(replace(one, answer=_quiet(one.answer)) for one in part)

    async def find(self, submission: Submission) -> tuple[Seen, ...]:
        """What the vendor has that could be this submission."""
        return tuple(_quiet(one) for one in await told(self._hears, Call.READ, self._group.find(submission)))

    async def listed(self, kind: Kind) -> AsyncGenerator[tuple[Listed, ...], None]:
        """All that the account has of a kind; each page is a call of its own."""
        async with aclosing(self._group.listed(kind)) as pages:
            while (page := await told(self._hears, Call.READ, anext(pages, None))) is not None:
                yield tuple(replace(one, seen=_quiet(one.seen)) for one in page)


class OverheardCodes:
    """Codes to phones; keeps the contract `bot.contracts.codes.Verifying`.

    Args:
        group: the vendor's own.
        hears: told of every call.
    """

    def __init__(self, group: Verifying, hears: Hears) -> None:
        self._group = group
        self._hears = hears

    async def send(self, phone: str) -> None:
        """Have a code sent."""
        await told(self._hears, Call.CHANGE, _about(phone, self._group.send(phone)))

    async def check(self, phone: str, code: str) -> bool:
        """Whether this is the code."""
        return await told(self._hears, Call.READ, _about(phone, self._group.check(phone, code)))


async def _about(phone: str, doing: Awaitable[T]) -> T:
    """Make a call of which nobody hears the phone number."""
    try:
        return await doing
    except VendorError as error:
        raise personal.without_in(error, personal.as_papers({"handler_phone": phone})[1]) from None


class OverheardMetering:
    """What is left to send with; keeps the contract `bot.contracts.vendor.Metering`.

    Args:
        group: the vendor's own.
        hears: told of every call.
    """

    def __init__(self, group: Metering, hears: Hears) -> None:
        self._group = group
        self._hears = hears

    async def readings(self) -> tuple[Reading, ...]:
        """Packages and balance as of now."""
        return await told(self._hears, Call.QUOTA, self._group.readings())


class OverheardCounting:
    """What was sent and what became of it; keeps the contract `bot.contracts.traffic.Counting`.

    Args:
        group: the vendor's own.
        hears: told of every call.
    """

    def __init__(self, group: Counting, hears: Hears) -> None:
        self._group = group
        self._hears = hears
        self.hourly = group.hourly
        self.at_once = group.at_once
        self.lag = group.lag
        self.splits = group.splits
        self.reasons = group.reasons

    async def days(self, days: Sequence[date]) -> tuple[Tally, ...]:
        """Whole days."""
        return await told(self._hears, Call.TRAFFIC, self._group.days(days))

    async def hours(self, hours: Sequence[datetime]) -> tuple[Tally, ...]:
        """Whole hours."""
        return await told(self._hears, Call.TRAFFIC, self._group.hours(hours))

    async def split(self, by: Split, days: Sequence[date]) -> tuple[Tally, ...]:
        """Days told apart."""
        return await told(self._hears, Call.TRAFFIC, self._group.split(by, days))


class OverheardSending:
    """Messages to single numbers; keeps the contract `bot.contracts.sending.Sending`.

    Args:
        group: the vendor's own.
        hears: told of every call.
    """

    def __init__(self, group: Sending, hears: Hears) -> None:
        self._group = group
        self._hears = hears
        self.settles = group.settles
        self.lag = group.lag
        self.kept = group.kept
        self.limits = group.limits
        self.promo_hours = group.promo_hours
        self.meanings = group.meanings
        self.unsigned_abroad = group.unsigned_abroad
        self.texts_abroad = group.texts_abroad

    async def send(self, message: Outgoing) -> Handed:
        """Hand one message over."""
        return await told(self._hears, Call.SEND, self._group.send(message))

    async def receipts(self, number: str, day: date, messages: Sequence[str]) -> tuple[Receipt, ...]:
        """What became of messages to a number."""
        return await told(self._hears, Call.CHANGE, self._group.receipts(number, day, messages))
