"""Who is who: which corporation is ours, what people and groups are called. Kept over restarts.

A press on a card tells none of it (facts, DingTalk 4.4), so it is learned from what people say to the robot.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.contracts.due import over
from bot.contracts.memory import Forgetful, Memory
from bot.contracts.model import Actor
from integrations.dingtalk.remembering import remember

CORPORATION = "corporation"

KEPT_ANEW = timedelta(days=1)
"""A memory may forget what nobody kept for long."""


class People:
    """What is known of people.

    Args:
        now: the time.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.memory: Memory = Forgetful()
        self._now = now
        self._known: OrderedDict[str, tuple[str, datetime]] = OrderedDict()

    async def met(self, actor: Actor) -> None:
        """Somebody spoke to the robot."""
        if actor.outsider:
            return
        await self._keep(CORPORATION, actor.team)
        if actor.name:
            await self._keep(_name_of(actor.user), actor.name)

    async def met_in(self, group: str, title: str) -> None:
        """Somebody spoke to the robot in a group of this title."""
        await self._keep(f"title:{group}", title)

    async def title(self, group: str) -> str:
        """What a group is called; empty where nobody spoke to the robot there."""
        return await self._get(f"title:{group}")

    async def corporation(self) -> str:
        """Ours; empty as long as none of its people spoke to the robot."""
        return await self._get(CORPORATION)

    async def name(self, user: str) -> str:
        """What somebody is called, for display; empty where they never spoke to the robot."""
        return await self._get(_name_of(user))

    async def _keep(self, key: str, text: str) -> None:
        now = self._now()
        kept, at = self._known.get(key, ("", now))
        if kept == text and not over(at, now, KEPT_ANEW):
            return
        await self.memory.put(key, text)
        remember(self._known, key, (text, now))

    async def _get(self, key: str) -> str:
        if key in self._known:
            return self._known[key][0]
        return await self.memory.get(key) or ""


def _name_of(user: str) -> str:
    return f"name:{user}"
