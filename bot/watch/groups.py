"""Use case: a user group of a chat has whoever is on call as its only member; tried again until the chat has it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.contracts.due import due
from bot.contracts.errors import DeliveryError, DeliveryRetry
from bot.contracts.model import Words
from bot.store.database import Database
from bot.watch.duty import Duty

log = structlog.get_logger(__name__)

KeepGroup = Callable[[str, str, Sequence[str]], Awaitable[None]]
"""Has a user group of a platform have these members: the platform, the group's id, the users' ids."""

FIRST_RETRY = timedelta(seconds=10)
"""A chat that is only being connected has it then."""

LONGEST_RETRY = timedelta(hours=1)
"""A scope that is missing is granted by a person, some time; a chat that asks for longer is asked again nevertheless."""


@dataclass(frozen=True, slots=True)
class _Failed:
    """A try that failed.

    Args:
        user: whom the group was to have.
        tries: how many failed in a row.
        again: when it is tried next.
        why: in words for the operator.
    """

    user: str
    tries: int
    again: datetime
    why: Words


class ShiftGroups:
    """The user groups of plans.

    Args:
        database: the record.
        duty: who is on call.
        keep: changes a group.
    """

    def __init__(self, database: Database, duty: Duty, keep: KeepGroup) -> None:
        self._database = database
        self._duty = duty
        self._keep = keep
        self._has: dict[str, str] = {}
        self._failed: dict[str, _Failed] = {}

    @property
    def failing(self) -> Mapping[str, Words]:
        """Plan → why its group is not kept up to date."""
        return {name: failed.why for name, failed in self._failed.items() if failed.tries > 1}

    async def work(self, now: datetime) -> None:
        """Have each plan's group be whoever is on call; what failed is tried again, ever less often."""
        for name, plan in self._duty.plans.items():
            if plan.group is None:
                continue
            platform, group = plan.group
            current = await self._database.read(lambda db, name=name: self._duty.current(db, name, now))  # type: ignore[misc]
            person = self._duty.person(current.person) if current else None
            user = person.id_on(platform) if person else ""
            if not user or self._has.get(name) == user:
                continue
            failed = self._failed.get(name)
            if failed is None or failed.user != user or due(failed.again, now, LONGEST_RETRY):
                await self._try(name, platform, group, user, now)

    async def _try(self, name: str, platform: str, group: str, user: str, now: datetime) -> None:
        before = self._failed.get(name)
        tries = before.tries if before is not None and before.user == user else 0
        # Before the call, for another one may look meanwhile; and what is lost on the way is not known to have worked.
        self._has.pop(name, None)
        pause = min(FIRST_RETRY * 2 ** min(tries, 10), LONGEST_RETRY)
        try:
            await self._keep(platform, group, (user,))
        except DeliveryError as error:
            if isinstance(error, DeliveryRetry) and error.retry_after is not None:
                pause = min(max(pause, timedelta(seconds=error.retry_after)), LONGEST_RETRY)
            why = Words(
                f"the user group {group} does not have who is on call: {error.words.en}",
                f"用户组 {group} 未更新为当前值班人：{error.words.zh}",
            )
            self._failed[name] = _Failed(user, tries + 1, now + pause, why)
            if tries == 1:  # the first one may come while the chat is being connected
                log.warning("a user group is not kept up to date", group=group, reason=str(error))
            return
        self._has[name] = user
        self._failed.pop(name, None)
        log.info("a user group has whoever is on call", group=group)
