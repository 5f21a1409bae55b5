"""Use case: papers that a vendor keeps run out; whoever hears of reviews is warned a month and a week before, and when it has.

What a vendor lists with an end (`Capabilities.dated`) is looked through once a day.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

import sqlite_utils
import structlog

from bot.contracts.clock import Clock
from bot.contracts.due import due
from bot.contracts.errors import VendorError
from bot.contracts.hours import CHINA
from bot.contracts.message import Exact, Mark, Message, Text
from bot.contracts.vendor import Option, Vendor
from bot.notices.audience import Audience
from bot.notices.compose import Composed, Wording
from bot.store import expiries, notices
from bot.store.database import Database
from bot.store.notices import Notice
from bot.wording.view import View, next_commands

log = structlog.get_logger(__name__)

WARNED = (0, 7, 30)
"""So many days before the end it is told, the fewest first; 0 when it is over. A letter takes days to be signed anew."""

DAILY = timedelta(days=1)

FIRST = timedelta(hours=6)
"""A new account is looked through after this, a failed look again."""


def warned(until: date, today: date) -> int | None:
    """Which warning an end is worth today; none where it is far off.

    Args:
        until: the last day on which it can be used.
        today: in China.
    """
    left = (until - today).days
    return next((days for days in WARNED if left < max(days, 0) or (days and left == days)), None)


LETTERS = "letters"


class Expiries:
    """Looks through what runs out.

    Args:
        database: the record.
        vendors: account name → vendor.
        audience: who hears of reviews.
        clock: the domain's time.
    """

    def __init__(self, database: Database, vendors: Mapping[str, Vendor], audience: Audience, clock: Clock) -> None:
        self._database = database
        self._vendors = vendors
        self._audience = audience
        self._clock = clock

    @property
    def wordings(self) -> Mapping[str, Wording]:
        """Kind of notice → what words it."""
        return {"expiry": self._said}

    async def work(self) -> bool:
        """Look through what is due; returns whether something was told."""
        told = False
        for account, vendor in self._vendors.items():
            if not vendor.capabilities.dated:
                continue
            now = self._clock.now()
            planned = await self._database.read(partial(expiries.next_look, account=account))
            if planned is None:  # a new account
                await self._database.write(partial(expiries.plan, account=account, at=now + FIRST))
            elif due(planned, now, DAILY):
                told = await self._look(account, vendor) or told
        return told

    async def _look(self, account: str, vendor: Vendor) -> bool:
        found: list[tuple[str, Option]] = []
        pause = DAILY
        for source in vendor.capabilities.dated:
            try:
                found += [(source, one) for one in await vendor.reviews.options(source)]
            except VendorError as error:
                log.info("what runs out could not be read", account=account, source=source, code=error.code)
                pause = FIRST
        now = self._clock.now()

        def store(db: sqlite_utils.Database) -> bool:
            expiries.plan(db, account, now + pause)
            told = [self._tell(db, account, source, option, now) for source, option in found]
            return any(told)

        return await self._database.store(store)  # or the vendor would be asked again with each tick

    def _tell(self, db: sqlite_utils.Database, account: str, source: str, option: Option, now: datetime) -> bool:
        if option.until is None:
            return False
        days = warned(option.until, now.astimezone(CHINA).date())
        ref = option.value if source == LETTERS else f"{source}:{option.value}"  # each sort counts by itself
        places = self._audience.places(db, "reviews", account) or self._audience.places(db, "operator", account)
        if days is None or not places or not expiries.tell_once(db, account, ref, option.until, days):
            return False
        until = option.until.isoformat()
        data = {"account": account, "source": source, "ref": option.value, "label": option.label, "until": until}
        for place in places:
            key = f"expiry:{account}:{ref}:{option.until}:{days}:{place.key}"
            notices.owe(db, key=key, what="expiry", subject=f"account:{account}", place=place, now=now, data=data)
        return True

    def _said(self, db: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
        del db
        return Composed(runs_out(view, notice.data))


def runs_out(view: View, data: Mapping[str, object]) -> Message:
    """That a letter or a trademark runs out, or has, and what to do."""
    language = view.language
    until = date.fromisoformat(str(data["until"]))
    left = (until - view.now.astimezone(CHINA).date()).days
    told = {
        "account": str(data["account"]),
        "ref": Exact(data["ref"]),
        "label": str(data["label"]),
        "until": until.isoformat(),
    }
    if data.get("source", LETTERS) != LETTERS:
        return _trademark(view, told, left)
    if left < 0:
        title = language.line("**Letter `{ref}` at {account} ran out on {until}**: {label}", **told)
    else:
        title = language.plural_line(
            "**Letter `{ref}` at {account} runs out in {n} day, on {until}**: {label}",
            "**Letter `{ref}` at {account} runs out in {n} days, on {until}**: {label}",
            left,
            **told,
        )
    meaning = language.line(
        "Signatures that are approved stay. New ones and changes need a letter in force: have it signed anew and sealed, and "
        "hand it in as `letter=` with the next signature."
    )
    return Message(
        title=title, mark=Mark.WARNING, blocks=(Text(meaning), next_commands(view, f"letter list {told['account']}"))
    )


def _trademark(view: View, told: Mapping[str, str], left: int) -> Message:
    language = view.language
    if left < 0:
        title = language.line("**Trademark `{ref}` at {account} ran out on {until}**: {label}", **told)
    else:
        title = language.plural_line(
            "**Trademark `{ref}` at {account} runs out in {n} day, on {until}**: {label}",
            "**Trademark `{ref}` at {account} runs out in {n} days, on {until}**: {label}",
            left,
            **told,
        )
    meaning = language.line(
        "Signatures that are approved stay. New ones and changes need a trademark in force: have it renewed, and hand its new "
        "term in as `trademark=` with the next signature."
    )
    return Message(
        title=title, mark=Mark.WARNING, blocks=(Text(meaning), next_commands(view, f"trademark list {told['account']}"))
    )


def standing(options: Sequence[Option], today: date) -> tuple[tuple[Option, int | None], ...]:
    """Papers with the warning that each is worth, those that end first."""
    return tuple(
        (one, warned(one.until, today) if one.until else None)
        for one in sorted(options, key=lambda one: one.until or date.max)
    )
