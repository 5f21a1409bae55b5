"""A team on Slack: the real Bolt app against the emulator, the real vendor clients against the sandbox."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.contracts.chat import Chat
from bot.contracts.model import Place
from bot.running.bot import Bot
from bot.running.config import parse
from bot.running.demo import sandbox_config
from bot.running.vendors import ACCOUNTS
from integrations.sandbox import Sandbox
from integrations.slack.client import Slack as SlackChat
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import APP_TOKEN, BOT_TOKEN
from tests.stage import StageClock, on_stage, rounds, stride, worked

CONFIG = f"""
[slack]
bot_token = "{BOT_TOKEN}"
app_token = "{APP_TOKEN}"
base_url = "BASE_URL"

[[conversation]]
platform = "slack"
id = "C0SMS"
topics = ["reviews", "alerts", "operator"]

[[conversation]]
platform = "slack"
id = "C0OUT"
topics = []

[[person]]
name = "alice"
slack = "U0ALICE"
role = "approver"

[[group]]
slack = "S0SMS"
role = "submitter"
"""
SUBMIT = "sign submit aliyun 速达物流 source=company"
PING = 0.2
"""Seconds between pings: every bound of the connections' healing is a multiple of it."""


class Team:
    """The bot, the workspace and the vendors."""

    def __init__(self, bot: Bot, slack: Slack, chat: SlackChat, sandbox: Sandbox, clock: StageClock) -> None:
        self.bot, self.slack, self.chat, self.sandbox, self.clock = bot, slack, chat, sandbox, clock

    async def work(self) -> None:
        await worked(self.bot, least=2)

    async def pass_time(self, span: timedelta, *, step: timedelta | None = None) -> None:
        left = span
        step = step or stride(span)
        while left > timedelta(0):
            self.clock.move(min(step, left))
            left -= step
            await self.work()

    async def until(self, part: str, channel: str = "C0SMS") -> dict[str, object]:
        """Wait until a message with this part has been said."""
        found: dict[str, object] = await self.comes(lambda: self.slack.find(part, channel))
        return found

    async def comes(self, condition: Callable[[], Any]) -> Any:
        """Wait until something is so, working meanwhile; returns what it is."""

        async def working() -> None:
            for turn in itertools.count():
                await self.work()
                self.clock.move(timedelta(seconds=2))
                # What does not come soon takes a time of its own, as a pause of Slack does, and not our work.
                await asyncio.sleep(0 if turn < AT_ONCE else PAUSE)

        task = asyncio.create_task(working())
        try:
            return await self.slack.until(condition)
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def calls(self, action: str) -> int:
        return sum(1 for call in self.sandbox.calls if call.action == action)


AT_ONCE = 10
"""Turns in which usually all has come."""
PAUSE = 0.01
"""Seconds between two turns after these."""


@contextlib.asynccontextmanager
async def team(
    folder: Path,
    slack: Slack,
    sandbox: Sandbox,
    clock: StageClock,
    change: Callable[[str], str] = lambda text: text,
    **chat_arguments: Any,
) -> AsyncIterator[Team]:
    config = rounds(sandbox_config(sandbox, demo=False), quota=900).replace("http_listen", "# http_listen")
    text = change(config + CONFIG.replace("BASE_URL", slack.base_url))
    settings = parse(text, accounts=ACCOUNTS, environ={}, base=folder)
    assert settings.slack is not None

    def language(conversation: str) -> str:
        listed = settings.conversation(Place("slack", conversation))
        return listed.language if listed is not None else settings.bot.language

    how: dict[str, Any] = {"per_channel": 0.0, "ping_interval": PING, **chat_arguments}
    chat = SlackChat(settings.slack, language=language, groups=["S0SMS"], **how)

    def chats(_: Callable[[], Bot]) -> Sequence[Chat]:
        return [chat]

    async with on_stage(settings, folder, sandbox, clock, chats, came=slack.came, said=slack.given_out) as bot:
        yield Team(bot, slack, chat, sandbox, clock)


DEFAULTS = "defaults = {"


def without_defaults(text: str) -> str:
    """Accounts that fill in nothing by themselves, so that there is something to ask."""
    return "\n".join(line for line in text.splitlines() if not line.startswith(DEFAULTS))


def in_chinese(text: str) -> str:
    """Every conversation speaks Chinese."""
    return text.replace('language = "en"', 'language = "zh"')
