"""Use case: follow every review and filing: ask about what is due, and plan the next look."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import timedelta
from functools import partial

import sqlite_utils
import structlog

from bot.contracts.clock import Clock
from bot.contracts.errors import Refused, Throttled, Trouble, VendorError
from bot.contracts.model import Kind, Request
from bot.contracts.vendor import Missing, Seen, Tracked, Vendor
from bot.requests.lifecycle import as_the_vendor_has_it
from bot.requests.reconcile import Reconciler
from bot.requests.reviews import push
from bot.requests.reviews.rhythm import TROUBLE_PAUSE, Rhythm, next_look
from bot.store import hints, requests
from bot.store.database import Database

log = structlog.get_logger(__name__)

SILENT = 3
"""So many calls in a row without an answer, each of which was tried again and again: the vendor is not there."""

NOT_ASKED = TROUBLE_PAUSE * 0.9
"""What was not asked about any more comes before what failed, which could otherwise keep it waiting for ever."""


class Reviews:
    """Ask vendors what became of things.

    Args:
        database: the record.
        vendors: account name → vendor.
        reconciler: takes in what they say.
        clock: the domain's time.
        rhythm: how often to look.
        told: called when notices are owed because of what a vendor said, while it is asked on.
    """

    def __init__(
        self,
        database: Database,
        vendors: Mapping[str, Vendor],
        reconciler: Reconciler,
        clock: Clock,
        rhythm: Rhythm,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._vendors = vendors
        self._reconciler = reconciler
        self._clock = clock
        self._rhythm = rhythm
        self._told = told
        self._logged: dict[str, str] = {}
        """Account → the code with which its poll failed last."""

    async def poll(self, account: str) -> None:
        """Ask about everything of an account whose time has come; nothing due, nothing called.

        Each slice of answers is stored and told as it comes. What failed is left alone for a while, and the rest is
        asked on, unless that is of no use: then the rest is left alone, too.
        """
        now = self._clock.now()
        widest = self._rhythm.widest(account, now)
        due = await self._database.read(lambda db: requests.due_looks(db, account, now, widest))
        if not due:
            return
        hinted = await self._database.read(lambda db: hints.kept(db, [request.number for request in due]))
        failed: VendorError | None = None
        useless = False
        for kind in Kind:
            waiting = {request.number: request for request in due if request.kind is kind}
            if waiting and not useless:
                error = await self._ask(account, waiting, hinted)
                failed = error or failed
                # The right to one kind says nothing about another; a vendor that is not there answers about none.
                useless = bool(waiting) and error is not None and error.trouble is not Trouble.PERMISSION
            if waiting and failed is not None:
                await self._database.store(partial(self._put_off, tuple(waiting.values()), NOT_ASKED))

    async def _ask(
        self, account: str, waiting: dict[int, Request], hinted: Mapping[int, tuple[str, ...]]
    ) -> VendorError | None:
        """Ask about things, and take in the answers; what there is no use in asking about stays in `waiting`.

        Returns:
            The last failure; none when there was none.
        """
        failed: VendorError | None = None
        silent = 0
        looks = self._vendors[account].reviews.looks([Tracked.of(request) for request in waiting.values()])
        async with aclosing(looks):
            async for part in looks:
                asked = [(waiting.pop(one.tracked.number), one.answer) for one in part]
                error = next((answer for _, answer in asked if isinstance(answer, VendorError)), None)
                await self._database.store(partial(self._take, account, asked, hinted))
                self._told()
                if error is not None:
                    failed = error
                    self._say(account, error)
                silent = 0 if error is None or isinstance(error, Refused) else silent + 1
                if silent == SILENT or (error is not None and _concerns_all(error)):
                    break
        if failed is None:
            self._logged.pop(account, None)
        return failed

    def _say(self, account: str, error: VendorError) -> None:
        """Log a failure once, until it is another one or there was none; what it means is said where trouble is told of."""
        if self._logged.get(account) != error.code:
            self._logged[account] = error.code
            log.warning("review poll failed", account=account, code=error.code, error=error.message)

    def _take(
        self,
        account: str,
        asked: Sequence[tuple[Request, Seen | Missing | VendorError]],
        hinted: Mapping[int, tuple[str, ...]],
        db: sqlite_utils.Database,
    ) -> None:
        """Take in one slice; a step of a transaction.

        Args:
            account: whose.
            asked: what was asked about, and what came of it.
            hinted: what had been pushed before it was asked; what was pushed since is newer than the answer.
            db: the record.
        """
        now = self._clock.now()
        pushed = hints.kept(db, [old.number for old, _ in asked])
        for old, answer in asked:
            if isinstance(answer, VendorError):
                self._put_off((old,), TROUBLE_PAUSE, db)
            elif (request := _as_asked(db, old)) is not None:
                # It stands as it did when it was asked about: the answer counts, even if the clock was set back since.
                after = self._reconciler.reconcile(db, request, answer, max(now, request.since))
                if pushed.get(request.number) != hinted.get(request.number) and after.state is request.state:
                    continue  # it was pushed meanwhile that it moved: this answer may be older, so it is asked again
                after = push.confirmed(db, self._reconciler, after, answer)
                self._plan(db, after, account)

    def _put_off(self, asked: Sequence[Request], pause: timedelta, db: sqlite_utils.Database) -> None:
        """Leave alone what there is no answer about; a step of a transaction."""
        now = self._clock.now()
        for old in asked:
            if (request := _as_asked(db, old)) is not None:
                requests.update(db, request, now=now, next_look_at=now + pause)

    def _plan(self, db: sqlite_utils.Database, request: Request, account: str) -> None:
        now = self._clock.now()
        ability = self._vendors[account].capabilities.of(request)
        when = next_look(
            as_the_vendor_has_it(request),
            now,
            hours=self._rhythm.hours[account],
            holidays=self._rhythm.holidays,
            densest=self._rhythm.densest,
            usually=ability.usually,
            filing=ability.filing,
        )
        requests.update(db, request, now=now, next_look_at=when, looks=request.looks + 1)


def _as_asked(db: sqlite_utils.Database, old: Request) -> Request | None:
    """The request, unless somebody edited or deleted it while the vendor was being asked."""
    request = requests.get(db, old.number)
    same = (request.standing, request.vendor_ref) == (old.standing, old.vendor_ref)
    return request if same else None


_OF_THE_ACCOUNT = frozenset({Trouble.CREDENTIALS, Trouble.CLOCK, Trouble.PERMISSION, Trouble.ACCOUNT, Trouble.EMPTY})


def _concerns_all(error: VendorError) -> bool:
    """Whether asking on is of no use, or makes it worse."""
    return isinstance(error, Throttled) or error.trouble in _OF_THE_ACCOUNT
