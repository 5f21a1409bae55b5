"""Who people are: their names, their organisation, the members of user groups."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.contracts import mentions
from bot.contracts.model import Actor, Incoming
from integrations.slack.errors import code_of, delivery_error
from integrations.slack.inbound import Home
from integrations.slack.remembering import remember
from integrations.slack.web import Web

log = structlog.get_logger(__name__)

GROUPS_EVERY = 300.0
GROUPS_STALE = 3600.0
"""After so long without an answer a user group gives nobody a role any more."""
NAMES = 2000
MENTIONED = 10
"""People mentioned in one text whose names are asked for; nobody needs more in a command."""
NAME_SECONDS = 1.5
"""For so long a name may be asked for; then whoever said something is answered without it. A form that is handed in
waits for this, and must be answered within three seconds."""
_NO_GROUP = frozenset({"no_such_subteam", "subteam_not_found"})


@dataclass(frozen=True, slots=True)
class Person:
    """What Slack says of somebody.

    Args:
        team: the workspace they belong to; empty where Slack does not say.
        enterprise: the organisation, on Enterprise Grid.
        known: whether they have a name; otherwise the id stands in its place.
    """

    name: str
    team: str
    enterprise: str
    known: bool


class People:
    """What Slack tells of people.

    Args:
        web: to ask with.
        groups: ids of the user groups that give roles.
        now: seconds on a clock that never goes back.
    """

    def __init__(self, web: Web, groups: Sequence[str], now: Callable[[], float] = time.monotonic) -> None:
        self._web = web
        self._now = now
        self.group_ids = tuple(groups)
        self._members: dict[str, tuple[frozenset[str], float]] = {}
        self._names: OrderedDict[str, Person] = OrderedDict()
        self._titles: OrderedDict[str, str] = OrderedDict()

    @property
    def groups(self) -> Mapping[str, frozenset[str]]:
        """User group → members, as far as Slack told lately; a group that went stale has nobody."""
        now = self._now()
        return {group: found for group, (found, at) in self._members.items() if now - at < GROUPS_STALE}

    async def keep_groups(self, home: Home) -> None:
        """Ask again and again, for ever."""
        while True:
            await asyncio.sleep(GROUPS_EVERY)
            await self.refresh_groups(home)

    async def refresh_groups(self, home: Home) -> None:
        """Ask for the members of every group."""
        for group in self.group_ids:
            try:
                members = await self._asked(group, home)
            except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
                log.warning("a user group cannot be read", group=group, reason=str(delivery_error(error)))
                continue
            self._members[group] = (members, self._now())

    async def keep(self, group: str, members: Sequence[str], home: Home) -> None:
        """Have a user group have these members; needs the scope `usergroups:write`.

        Raises:
            DeliveryError: Slack refused it, or could not be reached.
        """
        for team in home.workspaces or (None,):
            try:
                await self._web.writer.usergroups_users_update(usergroup=group, users=list(members), team_id=team)
            except SlackApiError as error:
                if home.workspaces and code_of(error) in _NO_GROUP:
                    continue
                raise delivery_error(error) from None
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                raise delivery_error(error) from None

    async def _asked(self, group: str, home: Home) -> frozenset[str]:
        """Who is in a group now; an app of the whole organisation asks each of its workspaces."""
        members: set[str] = set()
        for team in home.workspaces or (None,):
            try:
                answer = await self._web.reader.usergroups_users_list(usergroup=group, team_id=team)
            except SlackApiError as error:
                if code_of(error) not in _NO_GROUP:
                    raise
                log.warning("there is no such user group", group=group, team=team)
                continue
            members.update(answer["users"])
        return frozenset(members)

    async def known(self, actor: Actor, home: Home | None) -> Actor:
        """With a name, and as one of ours or not by what Slack says of the person, where a delivery cannot tell.

        On Enterprise Grid a colleague from another workspace is one of ours; and not every delivery says whose people
        somebody belongs to.
        """
        found = await self._person(actor.user)
        if found is None:
            return actor if actor.name else replace(actor, name=actor.user)
        actor = replace(actor, name=found.name)
        if home is None or not found.team:
            return actor
        if found.team in home.teams or (home.enterprise and found.enterprise == home.enterprise):
            return replace(actor, outsider=False, team=home.team)
        return replace(actor, outsider=True, team=found.team)

    async def named(self, incoming: Incoming) -> Incoming:
        """The same with the names of the people it mentions, as far as Slack tells them in time."""
        texts = (incoming.text, *(value for _, value in incoming.values))
        keys = dict.fromkeys(one.key for text in texts for one in mentions.all_in(text) if one.sign == "@")
        asked = list(keys)[:MENTIONED]
        if not asked:
            return incoming
        found = await asyncio.gather(*(self._person(Actor.of(key).user) for key in asked))
        names = {
            key: person.name for key, person in zip(asked, found, strict=True) if person is not None and person.known
        }
        return mentions.named(incoming, names)

    async def title(self, channel: str) -> str:
        """What a conversation is called, as `#sms-ops`; of one with a person `@mei`. Empty where Slack does not tell."""
        if channel.startswith(("U", "W")):
            person = await self._person(channel)
            return f"@{person.name}" if person is not None and person.known else ""
        if channel not in self._titles:
            try:
                async with asyncio.timeout(NAME_SECONDS):
                    told = (await self._web.reader.conversations_info(channel=channel))["channel"]
            except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError):
                return ""
            if told.get("user"):
                return await self.title(str(told["user"]))
            remember(self._titles, channel, f"#{told['name']}" if told.get("name") else "", NAMES)
        return self._titles[channel]

    async def _person(self, user: str) -> Person | None:
        """Somebody by their id; none where Slack does not tell, or not in time."""
        if user not in self._names:
            try:
                async with asyncio.timeout(NAME_SECONDS):
                    told = (await self._web.reader.users_info(user=user))["user"]
            except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError):
                return None
            remember(self._names, user, _read(told, user), NAMES)
        return self._names[user]


def _read(user: Mapping[str, Any], identity: str) -> Person:
    profile = user.get("profile") or {}
    name = str(profile.get("display_name") or profile.get("real_name") or user.get("name") or "")
    return Person(
        name=name or identity,
        team=str(user.get("team_id") or ""),
        enterprise=str((user.get("enterprise_user") or {}).get("enterprise_id") or ""),
        known=bool(name),
    )
