"""Use case: the code that a vendor sends to a person's phone, asked for once, and held against what the person says.

In memory only: a phone number is nobody's business but the vendor's. Another code is asked for after a minute at the earliest.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.contracts import personal
from bot.contracts.clock import Clock
from bot.contracts.due import over
from bot.contracts.errors import NoAnswer, Unavailable, VendorError
from bot.contracts.fields import Field, FieldType
from bot.contracts.hushed import hushed
from bot.contracts.vendor import Vendor
from bot.requests.prepare import Prepared

log = structlog.get_logger(__name__)

AGAIN_AFTER = timedelta(seconds=60)
"""A person who reads none asks for another after this; no shorter pause is published."""

FORGOTTEN_AFTER = timedelta(minutes=10)
"""After this a code is taken to be of no use any more, and another one is asked for; the vendor does not say how long it lasts."""

PATIENCE = 8.0
"""Seconds in which a vendor may send it; whoever waits is told then that it did not."""

KEPT = 50


@dataclass(frozen=True, slots=True)
class _Sent:
    at: datetime
    call: "asyncio.Task[VendorError | None]"


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of asking for a code.

    Args:
        account: at which.
        phone: masked.
        trouble: why none was sent; none when it was.
        fresh: whether it was asked for just now.
    """

    account: str
    phone: str
    trouble: VendorError | None
    fresh: bool


def awaited(item: Prepared) -> Field | None:
    """The field of a code that is still to be said."""
    return next((field for field in item.missing if field.sent_to), None)


def due(item: Prepared, *, in_form: bool = False) -> str:
    """The phone to which a code should go now; empty where something else is to be said before.

    Args:
        item: what an account has so far.
        in_form: whether files may be missing: the last step of a form asks for them beside the code.
    """
    field = awaited(item)
    others = [one for one in item.missing if one is not field and not (in_form and one.type is FieldType.FILE)]
    return personal.text_of(item.papers, field.sent_to) if field is not None and not others else ""


class Codes:
    """Has codes sent.

    Args:
        vendors: account name → vendor.
        clock: the domain's time.
        patience: seconds in which a vendor may send one.
    """

    def __init__(self, vendors: Mapping[str, Vendor], clock: Clock, patience: float = PATIENCE) -> None:
        self._vendors = vendors
        self._patience = patience
        self._clock = clock
        self._sent: OrderedDict[tuple[str, str], _Sent] = OrderedDict()

    async def ask(self, item: Prepared, *, again: bool = False, in_form: bool = False) -> Asked | None:
        """Have a code sent where one is due and none is on its way.

        Args:
            item: what an account has so far.
            again: another one is wanted, where that is possible already.
            in_form: whether it is asked for in a form.

        Returns:
            What became of it; none where no code is due.
        """
        phone = due(item, in_form=in_form)
        codes = self._vendors[item.account].codes
        if not phone or codes is None:
            return None
        return await self._sent_to(item.account, phone, AGAIN_AFTER if again else FORGOTTEN_AFTER)

    async def another(self, item: Prepared, field: Field) -> bool:
        """Have another code sent where the one that somebody said was wrong, if a minute is over; whether one was.

        Args:
            item: what was said, the wrong code among it.
            field: the code's.
        """
        phone = personal.text_of(item.papers, field.sent_to)
        asked = await self._sent_to(item.account, phone, AGAIN_AFTER)
        return asked.fresh and asked.trouble is None

    async def _sent_to(self, account: str, phone: str, lasts: timedelta) -> Asked:
        """Have one sent, unless one is on its way that was asked for less than this ago."""
        now, key = self._clock.now(), (account, phone)
        sent = self._sent.get(key)
        fresh = sent is None or over(sent.at, now, lasts) or (sent.call.done() and sent.call.result() is not None)
        if sent is None or fresh:
            sent = self._sent[key] = _Sent(now, asyncio.create_task(self._call(account, phone), name="code"))
            while len(self._sent) > KEPT:
                self._sent.popitem(last=False)[1].call.cancel()
        try:  # shielded: whoever waits may be gone before the vendor answers, and must not take the call back half-way
            trouble = await asyncio.wait_for(asyncio.shield(sent.call), self._patience)
        except TimeoutError:
            trouble = Unavailable(NoAnswer.TIMEOUT)
        return Asked(account, hushed(phone), trouble, fresh)

    async def wrong(self, item: Prepared) -> Field | None:
        """The field of a code that the vendor says is not the one it sent; none where it is, or cannot be asked."""
        for key in item.papers:
            field = personal.FIELDS.get(key)
            codes = self._vendors[item.account].codes
            if field is None or not field.sent_to or codes is None:
                continue
            phone, code = personal.text_of(item.papers, field.sent_to), personal.text_of(item.papers, key)
            try:
                if phone and not await codes.check(phone, code):
                    return field
            except VendorError as error:
                log.info("a code could not be checked", account=item.account, code=error.code)
        return None

    async def _call(self, account: str, phone: str) -> VendorError | None:
        codes = self._vendors[account].codes
        if codes is None:
            return None
        try:
            await codes.send(phone)
        except VendorError as error:
            log.warning("no code was sent", account=account, code=error.code)
            return error
        return None

    async def aclose(self) -> None:
        """End what is under way."""
        calls = [sent.call for sent in self._sent.values() if not sent.call.done()]
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
