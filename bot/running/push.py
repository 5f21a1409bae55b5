"""Takes in what vendors push: whose it is, whether it is what it says, and into the record before it is acknowledged.

A push that is not acknowledged comes again, after a second (UCloud) or minutes (Alibaba Cloud), a few times and then never.
So whatever can be read is kept even where the record cannot take it at once, and all of it may come twice.
"""

import asyncio
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import sqlite_utils
import structlog

from bot.contracts.clock import Clock
from bot.contracts.errors import RecordUnavailable
from bot.contracts.model import Words
from bot.contracts.push import Answer, NotAPush, Pushed, Pushes, PushKind
from bot.contracts.settings import Settings
from bot.contracts.vendor import Vendor
from bot.messages.replies import Replies
from bot.messages.sends import Sends
from bot.notices.audience import Audience
from bot.notices.compose import Wording
from bot.requests.reviews.push import hinted
from bot.running.worker import Worker
from bot.store.database import Database

log = structlog.get_logger(__name__)

STORED_WITHIN = 2.0
"""Seconds; after that the vendor is asked to come again, and what it said is kept when the record takes it."""

A_SECOND, AT_ONCE = 50.0, 200.0
"""Pushes of one account: so many a second for long, and so many in a row. Each may hold hundreds of receipts."""


@dataclass(slots=True)
class Bucket:
    """How many more may come now.

    Args:
        rate: a second.
        most: in a row.
    """

    rate: float
    most: float
    left: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.left = self.most

    def take(self, now: float) -> bool:
        """Whether one more may come; counted if so.

        Args:
            now: seconds of a clock that never goes back.
        """
        self.left = min(self.most, self.left + max(now - self.at, 0.0) * self.rate)
        self.at = now
        if self.left < 1.0:
            return False
        self.left -= 1.0
        return True


@dataclass(frozen=True, slots=True)
class Account:
    """A receiver's account.

    Args:
        name: as it stands in the address.
        token: the secret part of the address.
        pushes: reads and words for its vendor.
    """

    name: str
    token: str = field(repr=False)
    pushes: Pushes
    bucket: Bucket


class Receivers:
    """The receivers of every account that has a `push_token`; see `bot.contracts.push.Gate`.

    Args:
        settings: names and tokens.
        vendors: account name → vendor.
        database: the record.
        clock: the domain's time.
        replies: keeps what people answered.
        sends: test messages, which receipts speak of.
        wake: called with an account once something of it was stored.
    """

    def __init__(
        self,
        settings: Settings,
        vendors: Mapping[str, Vendor],
        database: Database,
        clock: Clock,
        replies: Replies,
        sends: Sends,
        wake: Callable[[str], None],
    ) -> None:
        self._accounts = {
            one.name: Account(one.name, one.push_token.get_secret_value(), pushes, Bucket(A_SECOND, AT_ONCE))
            for one in settings.accounts
            if one.push_token is not None and (pushes := vendors[one.name].pushes) is not None
        }
        self._nobody = secrets.token_urlsafe()  # compared with where there is no such account, so that it takes as long
        self._database = database
        self._clock = clock
        self._replies = replies
        self._sends = sends
        self._wake = wake

    @property
    def wordings(self) -> Mapping[str, Wording]:
        """Kind of notice → what words it."""
        return {**self._replies.wordings, **self._sends.wordings}

    def open(self, account: str, token: str, kind: str) -> "Entry | None":
        """The receiver behind an address; none where any part of it is wrong."""
        found = self._accounts.get(account)
        expected = self._nobody if found is None else found.token
        same = hmac.compare_digest(token.encode(errors="replace"), expected.encode())
        wanted = next((one for one in PushKind if one == kind), None)
        if not same or found is None or wanted is None or wanted not in found.pushes.kinds:
            return None
        return Entry(found, wanted, self)

    async def take(self, account: str, pushed: Pushed) -> None:
        """Keep what was pushed, and have looked at what it hints at.

        Raises:
            RecordUnavailable: the record does not take it, or not in time.
        """
        try:
            await self._database.store(partial(self._keep, account, pushed), within=STORED_WITHIN)
        except TimeoutError:
            raise RecordUnavailable(Words("it did not take it in time", "未能及时写入")) from None
        self._wake(account)

    def _keep(self, account: str, pushed: Pushed, db: sqlite_utils.Database) -> None:
        """All of one push; a step of a transaction."""
        now = self._clock.now()
        hinted(db, account, pushed.hints, now)
        self._sends.receive(db, account, pushed.receipts, now)
        self._replies.take(db, account, pushed.replies, now)


@dataclass(frozen=True, slots=True)
class Entry:
    """One receiver, see `bot.contracts.push.Entry`."""

    account: Account
    kind: PushKind
    receivers: Receivers

    def refuse(self, status: int, why: str) -> Answer:
        """That it was not taken, as the vendor reads it."""
        return Answer(status, self.account.pushes.answer(why))

    def admits(self) -> bool:
        """Whether it may be read now; counts it."""
        return self.account.bucket.take(asyncio.get_running_loop().time())

    async def take(self, body: bytes) -> Answer:
        """Read it, keep it, acknowledge it."""
        name, kind = self.account.name, str(self.kind)
        try:
            pushed = self.account.pushes.read(self.kind, body)
        except NotAPush as error:
            log.warning("a push was refused", account=name, kind=kind, why=str(error), bytes=len(body))
            return self.refuse(400, str(error))
        try:
            await self.receivers.take(name, pushed)
        except RecordUnavailable:
            return self.refuse(503, "not stored, send it again")
        count = len(pushed.hints) + len(pushed.receipts) + len(pushed.replies)
        if pushed.left_out:
            why = pushed.left_out[0]
            log.warning("part of a push was left out", account=name, kind=kind, items=len(pushed.left_out), why=why)
        log.info("pushed", account=name, kind=kind, items=count)
        return Answer(200, self.account.pushes.answer())


def receivers(
    settings: Settings,
    vendors: Mapping[str, Vendor],
    database: Database,
    clock: Clock,
    audience: Audience,
    sends: Sends,
    workers: Mapping[str, Worker],
) -> Receivers:
    """The receivers of a bot; what they keep wakes those who look at it and tell it."""

    def wake(account: str) -> None:
        workers[f"review:{account}"].wake()
        workers["outbox"].wake()

    return Receivers(settings, vendors, database, clock, Replies(audience), sends, wake)
