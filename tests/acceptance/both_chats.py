"""One bot between Slack and DingTalk, both emulated."""

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from itertools import chain
from pathlib import Path

from bot.contracts.chat import Chat
from bot.notices.pictures import Draw
from bot.running.bot import Bot
from bot.running.chats import dingtalk as dingtalk_chat
from bot.running.config import parse
from bot.running.demo import sandbox_config
from bot.running.vendors import ACCOUNTS
from integrations.dingtalk.client import DingTalk
from integrations.sandbox import Sandbox
from integrations.slack.client import Slack as SlackChat
from tests.acceptance.slack_team import PING
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import APP_TOKEN, BOT_TOKEN
from tests.stage import StageClock, on_stage, rounds, undrawn, worked

CHANNEL, GROUP = "C0SMS", "cidGroupOne=="
ALICE, ZHANG = "U0ALICE", "manager4567"
TEMPLATE = "emulated-template.schema"
HOUR = timedelta(hours=1)

SLACK = f"""
[slack]
bot_token = "{BOT_TOKEN}"
app_token = "{APP_TOKEN}"
base_url = "SLACK_URL"
[[conversation]]
platform = "slack"
id = "{CHANNEL}"
language = "en"
topics = ["alerts"]
"""
DINGTALK = f"""
[dingtalk]
client_id = "{DingTalkEmulator.client_id}"
client_secret = "{DingTalkEmulator.client_secret}"
api_base = "DINGTALK_URL"
oapi_base = "DINGTALK_URL"
allowed_webhook_hosts = ["DINGTALK_HOST"]
card_template_id = "{TEMPLATE}"
[[conversation]]
platform = "dingtalk"
id = "{GROUP}"
language = "zh"
topics = ["alerts"]
"""
PERSON = f"""
[[person]]
name = "alice"
slack = "{ALICE}"
dingtalk = "{ZHANG}"
role = "admin"
"""


class Chats:
    """The bot between the emulated services."""

    def __init__(self, bot: Bot, chats: Sequence[Chat], sandbox: Sandbox, clock: StageClock) -> None:
        self.bot, self.sandbox, self.clock = bot, sandbox, clock
        self._chats = chats

    async def work(self) -> None:
        """Have everything done that was said and is due."""
        await worked(self.bot, self._heard, least=2)

    async def _heard(self) -> None:
        for chat in self._chats:
            if isinstance(chat, DingTalk):
                await chat.idle()
            elif isinstance(chat, SlackChat):
                await chat._work.idle()

    async def pass_time(self, span: timedelta) -> None:
        """Let time pass, in two steps: decided in the first, filed in the second."""
        for _ in range(2):
            self.clock.move(span / 2)
            await self.work()


@contextlib.asynccontextmanager
async def bot_in(
    folder: Path,
    slack: Slack | None,
    dingtalk: DingTalkEmulator | None,
    sandbox: Sandbox,
    clock: StageClock,
    people: str = PERSON,
    change: Callable[[str], str] = lambda text: text,
    draw: Draw = undrawn,
) -> AsyncIterator[Chats]:
    """One bot in these chats; quota is looked at every hour."""
    text = rounds(sandbox_config(sandbox), quota=3600)
    if slack is not None:
        text += SLACK.replace("SLACK_URL", slack.base_url)
    if dingtalk is not None:
        text += DINGTALK.replace("DINGTALK_URL", dingtalk.url).replace("DINGTALK_HOST", dingtalk.host)
    settings = parse(change(text + people), accounts=ACCOUNTS, environ={}, base=folder)
    made: list[Chat] = []
    if slack is not None and settings.slack is not None:
        languages = {CHANNEL: "en"}
        made.append(
            SlackChat(
                settings.slack, language=lambda one: languages.get(one, "en"), per_channel=0.0, ping_interval=PING
            )
        )
    if dingtalk is not None:
        made.append(dingtalk_chat(settings, clock.now))

    def chats(_: Callable[[], Bot]) -> Sequence[Chat]:
        return made

    there = [one for one in (slack, dingtalk) if one is not None]
    async with on_stage(
        settings,
        folder,
        sandbox,
        clock,
        chats,
        came=lambda: chain.from_iterable(one.came() for one in there),
        said=lambda: chain.from_iterable(one.given_out() for one in there),
        draw=draw,
    ) as bot:
        yield Chats(bot, made, sandbox, clock)
