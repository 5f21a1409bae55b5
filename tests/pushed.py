"""A stage whose vendors push: accounts with tokens, the bot's own web server, the sandbox told where it is."""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.messages.replies import GATHER
from bot.running.bot import Bot
from integrations.sandbox import Sandbox
from integrations.web import Web
from tests.stage import Stage, stage

ACCOUNTS = {"aliyun": "alibaba", "tencent": "tencent", "ucloud": "ucloud"}
TOKEN = "an-unguessable-token"


def with_tokens(text: str) -> str:
    """The configuration with a token for each account, and replies told in its conversation."""
    for account in ACCOUNTS:
        text = text.replace(f'name = "{account}"\n', f'name = "{account}"\npush_token = "{TOKEN}-{account}"\n')
    return text.replace('topics = ["alerts"', 'topics = ["replies", "alerts"').replace(
        'http_listen = ""', 'http_listen = "127.0.0.1:8080"'
    )


@dataclass
class Pushing:
    """A stage and its receivers.

    Args:
        stage: the bot, the sandbox, the terminal.
        client: of the bot's own web server.
    """

    stage: Stage
    client: httpx.AsyncClient

    def path(self, account: str, kind: str) -> str:
        return f"/push/{account}/{TOKEN}-{account}/{kind}"

    async def push(self) -> str:
        """Have the vendors push what they have; returns what was said then. All of it must be acknowledged."""
        start = self.stage.written()
        for posted in await self.stage.sandbox.push():
            assert posted.acknowledged, posted
        await self.stage.pass_time(GATHER)
        return self.stage.read(start)


@contextlib.asynccontextmanager
async def pushing(
    folder: Path, *, language: str = "en", change: Callable[[str], str] = lambda text: text, auto_review: bool = False
) -> AsyncIterator[Pushing]:
    """Set a stage with receivers.

    Args:
        folder: where the record is.
        language: of the conversation.
        change: changes the configuration's text further.
        auto_review: whether reviewers decide by themselves.
    """
    async with (
        stage(folder, language=language, change=lambda text: change(with_tokens(text)), auto_review=auto_review) as s,
        receivers(s.bot, s.sandbox) as client,
    ):
        yield Pushing(s, client)


@contextlib.asynccontextmanager
async def receivers(bot: Bot, sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """The bot's own web server, which every vendor of the sandbox pushes to; and a client of it."""
    web = Web("127.0.0.1", 0, dict, lambda: bot.receivers)
    await web.start()
    try:
        base = f"http://127.0.0.1:{web.port}"
        for account, vendor in ACCOUNTS.items():
            sandbox.push_to(vendor, f"{base}/push/{account}/{TOKEN}-{account}")  # type: ignore[arg-type]
        async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
            yield client
    finally:
        await web.stop()
