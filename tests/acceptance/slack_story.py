"""A story told in Slack: what people type, press and fill in, and what they read."""

import asyncio
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.acceptance.slack_team import Team
from tests.contract.rooms.slack import in_slack
from tests.given import left_at
from tests.stage import rounds

REVIEW = timedelta(hours=4)


def ucloud_asks(text: str) -> str:
    """One account without defaults, so that there is something to fill in; quota is looked at once a day."""
    text = rounds(text, quota=86400)
    head, mark, tail = text.partition('name = "ucloud"')
    return head + mark + "\n".join(line for line in tail.splitlines() if not line.startswith("defaults"))


class Story:
    """A team, and how far its channel has been read."""

    def __init__(self, here: Team) -> None:
        self.here = here
        self._read = 0

    async def settled(self) -> None:
        """Wait until what was said has been dealt with, at this very moment of the story."""
        work = self.here.chat._work
        for _ in range(3):
            await work.idle()
            await self.here.work()

    async def type(self, text: str, user: str = "U0BOB") -> list[str]:
        """Type a slash command, and read what comes back."""
        assert await self.here.slack.acked(await self.here.slack.slash(text, user)) == {}
        return await self.news()

    async def press(self, label: str, message: Mapping[str, Any], user: str = "U0BOB") -> list[str]:
        """Press a button, and read what comes back."""
        await self.here.slack.acked(await self.here.slack.press(label, message, user=user))
        return await self.news()

    async def later(self, span: timedelta, *, step: timedelta = timedelta(hours=1)) -> list[str]:
        """Let time pass, and read what came meanwhile."""
        await self.here.pass_time(span, step=step)
        return await self.news()

    async def news(self, *, until: str = "") -> list[str]:
        """What stands in the channel and was not read yet.

        Args:
            until: what it waits for: a form that was handed in is dealt with in its own time.
        """
        await self.settled()
        for _ in range(1000):
            if not until or self.here.slack.find(until) is not None:
                break
            await asyncio.sleep(0)
            await self.settled()
        else:
            raise AssertionError(f"{until} never came: {self.here.slack.transcript()}")
        fresh = self.here.slack.said()[self._read :]
        self._read += len(fresh)
        return [read(message) for message in fresh]

    def card(self, part: str) -> dict[str, Any]:
        """The message of its own with this part."""
        return next(one for one in self.here.slack.said() if part in one["text"] and "thread_ts" not in one)

    def message(self, part: str) -> dict[str, Any]:
        """The last message with this part."""
        found = self.here.slack.find(part)
        assert found is not None, self.here.slack.transcript()
        return found


def read(message: Mapping[str, Any]) -> str:
    """A message as people see it: ↳ in a thread, ↑ for the whole channel, ∘ by one person, the text, what can be pressed."""
    seen = in_slack(message)
    assert not seen.thread or message["thread_ts"] != message["ts"]
    where = ("∘ " if seen.only else "") + ("↳↑ " if seen.loud else "↳ " if seen.thread else "")
    buttons = "".join(f" [{label}]" for label in seen.buttons)
    first = re.sub(r"<@(\w+)>", r"@\1", str(message["text"]).split("\n")[0])
    assert seen.text.split("\n")[0] == first  # what a notification shows is what stands first
    return f"{where}{seen.text}{f'{chr(10)}{buttons.strip()}' if buttons else ''}"


def form(here: Team, view_id: str) -> list[str]:
    """A form as people see it: its title, then each field with what it says about it."""
    view = here.slack.views[view_id]
    lines = [view["title"]["text"]]
    for block in view["blocks"]:
        match block["type"]:
            case "input":
                optional = "?" if block.get("optional") else ""
                hint = block.get("hint", {}).get("text", "")
                lines.append(f"{block['label']['text']}{optional}: {hint}")
            case "section":
                lines.append(block["text"]["text"])
            case "context":
                lines += [element["text"] for element in block["elements"]]
            case _:
                pass
    return lines


async def drained(story: Story) -> list[str]:
    """A package runs low."""
    readings = [one.remaining for one in await left_at(story.here.bot.services.vendors["aliyun"]) if one.total]
    story.here.sandbox.drain("alibaba", int(sum(readings) * 95 // 100))
    return await story.later(timedelta(days=1), step=timedelta(hours=6))
