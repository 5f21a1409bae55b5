"""Use case: each conversation that hears of it is told once a day what stands and what changed.

That a day's digest is owed is decided in the transaction that owes it, under a key of day and conversation; what it says is
read from the record when it is delivered. A conversation that began to hear of it after the hour waits for the next one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

import sqlite_utils

from bot.contracts.clock import Clock
from bot.contracts.due import set_back
from bot.contracts.message import Line, Message
from bot.contracts.model import Place, Words
from bot.desk.digest import reading
from bot.desk.digest.cards import comes, digest
from bot.desk.digest.facts import Facts
from bot.desk.digest.plan import Plan, awaited
from bot.desk.digest.reading import Lasts, Stretch
from bot.notices.audience import Audience
from bot.notices.compose import Composed, Wording
from bot.store import digests, events, fates, notices, samples, standing
from bot.store.database import Database
from bot.store.digests import Told
from bot.store.moments import from_text, maybe_text
from bot.store.notices import Notice
from bot.watch.duty import Duty
from bot.watch.quota import Quota
from bot.wording.view import View

DIGEST = "digest"
"""The topic, and the kind of notice."""

FIRST = timedelta(days=1)
"""Whoever asks for it where none was told yet reads what changed since this long ago."""

FARTHEST = timedelta(days=14)
"""What changed longer ago is not told, however long ago the last one was."""

NOTHING = Words("nothing waits, nothing changed, and enough is left", "没有等待或变化的事项，额度充足")

OVERTAKEN = Words("its day was over before it could be told; the next one tells of it", "当天未能送达，并入下一份日报")

OVERTAKEN_AFTER = timedelta(hours=1)
"""One that comes shortly before midnight may be told shortly after it."""

NO_LONGER = Words("this conversation hears of it no longer", "本会话已不再接收日报")


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done at a moment.

    Args:
        begun: conversations that hear of it from now on.
        ended: those that do no longer.
        owed: those that are told now.
        day: of the digest that they are told.
    """

    begun: tuple[Place, ...] = ()
    ended: tuple[Place, ...] = ()
    owed: tuple[Place, ...] = ()
    day: date | None = None


class Digests:
    """Owes the daily digest, and words it.

    Args:
        database: the record.
        audience: who hears of it.
        clock: the domain's time.
        plan: when it comes.
        quota: makes forecasts of what is left.
        duty: who is on call.
        metered: account → whether it tells what is left; every account, in the order of the configuration.
    """

    def __init__(
        self,
        database: Database,
        audience: Audience,
        clock: Clock,
        plan: Plan,
        quota: Quota,
        duty: Duty,
        metered: Mapping[str, bool],
    ) -> None:
        self._database = database
        self._audience = audience
        self._clock = clock
        self.plan = plan
        self._quota = quota
        self._duty = duty
        self._accounts = tuple(metered)
        self._metered = tuple(account for account, tells in metered.items() if tells)

    @property
    def wordings(self) -> Mapping[str, Wording]:
        """Kind of notice → what words it."""
        return {DIGEST: self._said}

    async def work(self) -> bool:
        """Owe what is due; returns whether something is."""
        now = self._clock.now()
        due = await self._database.read(lambda db: self.due(db, now))
        if due == Due():
            return False
        lasts = await self._lasts(self._metered) if due.owed else {}
        return await self._database.write(lambda db: self.take(db, now, lasts))

    async def shown(self, view: View, accounts: Sequence[str], place: Place) -> Message:
        """What a digest of some accounts would say now to whoever asks for it in a conversation."""
        lasts = await self._lasts([one for one in accounts if one in self._metered])

        def read(db: sqlite_utils.Database) -> Message:
            here = Place(place.platform, place.conversation)
            told, upto = digests.every(db).get(here), events.last_id(db)
            if told is None or told.day is None:
                stretch = self._stretch(db, view.now - FIRST, None, view.now, upto)
            else:
                stretch = self._since_told(db, here, told, view.now, upto)
            after: tuple[Line, ...] = (comes(view, self.plan.next(view.now)),) if told is not None else ()
            return digest(view, self._read(db, view, accounts, stretch, lasts), after=after)

        return await self._database.read(read)

    def last_key(self, db: sqlite_utils.Database, place: Place) -> str:
        """The key of the last digest that a conversation was owed; empty before the first."""
        told = digests.every(db).get(Place(place.platform, place.conversation))
        return key(told.day, place) if told is not None and told.day is not None else ""

    # --- What is due: each is a step of a transaction --------------------------------------------------------------------

    def due(self, db: sqlite_utils.Database, now: datetime) -> Due:
        """What is to be done at a moment."""
        hears = self.hearing(db)
        told = digests.every(db)
        begun = tuple(place for place in hears if place not in told)
        ended = tuple(place for place in told if place not in hears)
        come = self.plan.due(now)
        if come is None:
            return Due(begun, ended)
        day, at = come
        waiting = (place for place in hears if awaited(told[place].at if place in told else now, at, now))
        owed = tuple(place for place in waiting if not notices.was_owed(db, key(day, place)))
        return Due(begun, ended, owed, day if owed else None)

    def take(self, db: sqlite_utils.Database, now: datetime, lasts: Lasts) -> bool:
        """Owe what is due; returns whether something is."""
        due = self.due(db, now)
        upto = events.last_id(db)
        told = digests.every(db)
        for place in due.ended:
            digests.end(db, place)
        for place in due.begun:
            digests.put(db, place, Told(now, upto))
        for place in due.owed:
            assert due.day is not None  # noqa: S101 - whoever is owed one is owed that of a day
            stretch = self._since_told(db, place, told.get(place, Told(now - FIRST, upto)), now, upto)
            data = {
                "day": due.day.isoformat(),
                "since": maybe_text(stretch.since),
                "after": stretch.after,
                "upto": stretch.upto,
                "lasts": {account: maybe_text(at) for account, at in lasts.items()},
            }
            notices.owe(
                db,
                key=key(due.day, place),
                what=DIGEST,
                subject=f"{DIGEST}:{due.day.isoformat()}",
                place=place,
                now=now,
                data=data,
                urgency=notices.LAST,
            )
            digests.put(db, place, Told(now, upto, due.day))
        return bool(due.owed)

    def _since_told(self, db: sqlite_utils.Database, place: Place, last: Told, now: datetime, upto: int) -> Stretch:
        """What a conversation has not been told yet: since the last digest that reached it."""
        before = fates.of_key(db, key(last.day, place)) if last.day is not None else None
        if before is None or before.state == fates.SENT:
            return self._stretch(db, last.at, last.upto, now, upto)
        untold = _stretch_of(before.notice)
        return self._stretch(db, untold.since, untold.after, now, upto)

    def hearing(self, db: sqlite_utils.Database) -> Mapping[Place, tuple[str, ...]]:
        """The conversations that hear of it, and of which accounts."""
        return self._audience.hearing(db, DIGEST, self._accounts)

    @staticmethod
    def _stretch(db: sqlite_utils.Database, since: datetime, after: int | None, now: datetime, upto: int) -> Stretch:
        """What of the story is told: since the last one, but nothing that is too old to be news."""
        if set_back(since, now):  # by a clock that has been set since
            since = now
        if after is None:
            return Stretch(since, standing.last_before(db, since), upto)
        if now - since <= FARTHEST:
            return Stretch(since, after, upto)
        return Stretch(now - FARTHEST, max(after, standing.last_before(db, now - FARTHEST)), upto)

    # --- What it says ----------------------------------------------------------------------------------------------------

    def _said(self, db: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
        accounts = self.hearing(db).get(notice.place, ())
        if not accounts:
            return Composed(None, why_not=NO_LONGER)
        day = view.now.astimezone(self.plan.zone).date()
        if day.isoformat() != notice.data["day"] and view.now - notice.created_at > OVERTAKEN_AFTER:
            return Composed(None, why_not=OVERTAKEN)
        lasts = {account: from_text(at) if at else None for account, at in notice.data["lasts"].items()}
        facts = self._read(db, view, accounts, _stretch_of(notice), lasts)
        if not facts.worth_telling(view.now):
            return Composed(None, why_not=NOTHING)
        return Composed(digest(view, facts), final=True)

    def _read(
        self, db: sqlite_utils.Database, view: View, accounts: Sequence[str], stretch: Stretch, lasts: Lasts
    ) -> Facts:
        return reading.read(db, view, accounts, self._metered, stretch, lasts, self._duty)

    async def _lasts(self, accounts: Sequence[str]) -> Lasts:
        """Account → when it has used up everything that was read of it last, by forecast."""
        found: dict[str, datetime | None] = {}
        for account in accounts:
            last = await self._database.read(partial(samples.latest, account=account))
            outlook = await self._quota.outlook(account, [one.reading for one in last])
            if outlook is not None:
                found[account] = outlook.at
        return found


def _stretch_of(notice: Notice) -> Stretch:
    """What of the story a notice tells."""
    told = notice.data
    return Stretch(from_text(str(told["since"])), int(told["after"]), int(told["upto"]))


def key(day: date, place: Place) -> str:
    """Under which the digest of a day is owed to a conversation, once."""
    return f"{DIGEST}:{day.isoformat()}:{place.key}"
