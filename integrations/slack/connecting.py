"""The first connection: wrong tokens end the start, Slack out of reach is tried on."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.contracts.errors import SetupError, Unreached
from integrations.slack.words import NOT_CONNECTED

log = structlog.get_logger(__name__)

START_SECONDS = 3.0
"""How long a start waits for the first connection; after that the program runs on and keeps trying."""

FIRST_PAUSE = 1.0

LONGEST_PAUSE = 60.0
"""Seconds before Slack is tried again: the first pause doubles up to this one."""


class Connecting:
    """Opens until it is open.

    Args:
        attempt: tries once; raises `Unreached`, or `SetupError` where Slack would not serve us.
    """

    def __init__(self, attempt: Callable[[], Awaitable[None]]) -> None:
        self.trouble = NOT_CONNECTED
        """Why there is no connection, for the operator."""
        self._attempt = attempt
        self._starting = True
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open; returns when that is done, and when it takes long, for it is tried on.

        Raises:
            SetupError: Slack would not serve us until the operator changes something.
        """
        self._task = asyncio.create_task(self._run(), name="slack-start")
        await asyncio.wait({self._task}, timeout=START_SECONDS)
        self._starting = False
        if self._task.done():
            self._task.result()
        else:
            log.warning("slack is not connected yet; trying on", why=self.trouble)

    async def stop(self) -> None:
        """Try no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._attempt()
            except SetupError as error:
                if self._starting and not isinstance(error, Unreached):
                    raise
                if self.trouble != str(error):
                    self.trouble = str(error)
                    log.warning("not connected to slack; trying on", why=self.trouble)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
