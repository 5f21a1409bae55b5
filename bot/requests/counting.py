"""How many of a kind an account has: what the check is told before one more is submitted."""

from bot.contracts.clock import Clock
from bot.contracts.model import Kind
from bot.contracts.traffic import china_day, day_start
from bot.requests.check.accounts import Counts
from bot.requests.preparation import Counted
from bot.store import counts
from bot.store.database import Database


def counted(database: Database, clock: Clock) -> Counted:
    """Counts in the record."""

    async def count(account: str, kind: Kind, name: str) -> Counts:
        midnight = day_start(china_day(clock.now()))
        return await database.read(
            lambda db: Counts(counts.had(db, account, kind, name), counts.asked_since(db, account, kind, midnight))
        )

    return count
