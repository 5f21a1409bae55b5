"""What stands between `<` and `>` in a text of Slack's: links, people, channels, groups, dates. Pure.

Slack makes links of what looks like one, and puts what was typed behind a bar; a label says what people see
(https://docs.slack.dev/messaging/formatting-message-text, "mentioning", "links", "dates", read 2026).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from bot.contracts import links
from bot.contracts.hours import CHINA
from bot.contracts.mentions import Mentioned, written
from bot.contracts.model import Actor

PLATFORM = "slack"

ENTITY = re.compile(r"<(?P<what>[@#!][^<>|]+|[a-zA-Z][a-zA-Z0-9+.-]*:[^<>|]+)(?:\|(?P<label>[^<>]*))?>")

_USER = re.compile(r"[UW][A-Z0-9]{1,30}")
_GROUP = re.compile(r"S[A-Z0-9]{1,30}")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,30}")
_ANY_ID = re.compile(r"[A-Z][A-Z0-9]{1,30}")
_EVERYONE = frozenset({"here", "channel", "everyone", "group"})


@dataclass(frozen=True, slots=True)
class Names:
    """Whose ids they are, and what is known of them.

    Args:
        team: our workspace, which is in the identity of its people.
        ourselves: the bot's user id; a mention of it is how it is spoken to, and no part of what is said.
        labels: id of a channel or group → its name, where the delivery tells it elsewhere.
    """

    team: str
    ourselves: str = ""
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def person(self, user: str, name: str = "") -> str:
        """Somebody who is mentioned."""
        if user == self.ourselves:
            return " "
        return written(Mentioned(Actor(PLATFORM, user, team=self.team).key, name.removeprefix("@")))

    def group(self, group: str, name: str = "") -> str:
        """A user group."""
        name = (name or self.labels.get(group, "")).removeprefix("@")
        return f"@{name}" if name else written(Mentioned(Actor(PLATFORM, group, team=self.team).key, sign="&"))

    def channel(self, channel: str, name: str = "") -> str:
        """A channel; of a private one Slack does not tell the name."""
        name = (name or self.labels.get(channel, "")).removeprefix("#")
        return f"#{name}" if name else written(Mentioned(Actor(PLATFORM, channel, team=self.team).key, sign="#"))

    def typed(self, what: str, label: str) -> str:
        """What was typed for an entity.

        Args:
            what: before the bar, with its sign.
            label: behind it; empty where there is none.
        """
        sign, meant = what[0], what[1:]
        if sign == "@" and _USER.fullmatch(meant):
            return self.person(meant, label)
        if sign == "@" and _GROUP.fullmatch(meant):
            return self.group(meant, label)
        if sign == "#" and _CHANNEL.fullmatch(meant):
            return self.channel(meant, label)
        if sign == "!":
            return self._special(meant, label)
        if sign in "@#":
            return label or (self.person(meant) if _ANY_ID.fullmatch(meant) else what)
        return links.typed(what, label)

    def _special(self, special: str, label: str) -> str:
        kind, *parts = special.split("^")
        if kind == "subteam" and parts:
            return self.group(parts[0], label)
        if kind == "date":
            return label or _day(parts[0] if parts else "")
        return f"@{kind}" if kind in _EVERYONE else label or f"@{kind}"


def _day(stamp: str) -> str:
    """A moment that came without words, as a day in China."""
    seconds = int(stamp) if stamp.isdecimal() and len(stamp) < 12 else 0
    return datetime.fromtimestamp(seconds, CHINA).date().isoformat() if seconds else stamp


def labels(text: str) -> Mapping[str, str]:
    """The names of channels and groups that a text tells beside their ids."""
    told = ((found["what"], found["label"] or "") for found in ENTITY.finditer(text))
    return {what.removeprefix("!subteam^").removeprefix("#"): unescaped(label) for what, label in told if label}


def unescaped(text: str) -> str:
    """The three characters that Slack escapes."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
