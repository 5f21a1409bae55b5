"""`signpost run`: a bot on the machine's own time."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.contracts.clock import SystemClock
from bot.contracts.errors import RecordUnavailable, SignpostError
from bot.running.app import running
from bot.running.bot import Bot
from bot.running.chats import configured, listed
from bot.running.config import Configuration, unused
from bot.running.push import Receivers
from bot.store.unusable import FILE

log = structlog.get_logger(__name__)


class CannotListen(SignpostError):
    """The configured address cannot be listened on."""


async def serve(settings: Configuration, config: Path) -> int:
    """Run until SIGTERM or Ctrl-C; returns the exit code.

    Args:
        settings: what was read.
        config: the file it was read from, to be named.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    clock = SystemClock()
    chats = configured(settings, clock.now)
    for note in unused(settings):
        log.warning("configured, not used yet", note=note)
    for text in unheard(settings):
        log.warning(text)
    record = settings.bot.data_dir / FILE
    where = settings.bot.http_listen or "off"
    health = Health()
    log.info("starting", config=str(config), record=str(record))
    listening = _listening(settings, health)
    async with running(settings, clock=clock, chats=lambda _: chats, listening=listening) as bot:
        health.bot = bot
        spare_the_collector()
        log.info("serving", config=str(config), record=str(record), http_listen=where)
        await stop.wait()
        log.info("stopping", record=str(record))
    log.info("stopped")
    return 0


def unheard(settings: Configuration) -> tuple[str, ...]:
    """Why nobody, or nobody of a chat, can say anything to this bot; empty where somebody can."""
    if settings.slack is None and settings.dingtalk is None:
        return ("neither [slack] nor [dingtalk] is configured: nobody can speak to this bot",)
    found = []
    for platform, table in (("slack", settings.slack), ("dingtalk", settings.dingtalk)):
        named = any(getattr(person, platform) for person in settings.people)
        if table is not None and not listed(settings, platform) and not named:
            found.append(
                f"no [[conversation]] and no [[person]] of {platform} is configured: nobody can speak to this bot there"
            )
    return tuple(found)


@dataclass(slots=True)
class Health:
    """What does not work now; before the bot is there, that it is not.

    Args:
        bot: once it runs.
    """

    bot: Bot | None = None

    def failing(self) -> dict[str, str]:
        """Name → why."""
        if self.bot is None:
            return {"start": "not ready yet"}
        return {one.name: one.why.en for one in self.bot.services.status.failing()}

    async def metrics(self) -> bytes | None:
        """Figures for a monitoring system; none before the bot is there, or while the record cannot be read."""
        if self.bot is None:
            return None
        try:
            return await self.bot.metrics.text()
        except RecordUnavailable:
            return None

    def receivers(self) -> Receivers | None:
        """What takes in pushes; none before the bot is there."""
        return None if self.bot is None else self.bot.receivers


def spare_the_collector() -> None:
    """Leave out of every collection what stays until the end: else each full one stops the program for 30 ms.

    Until then nothing is collected (`bot.running.cli.run`): all that a start makes stays.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


@contextlib.asynccontextmanager
async def _listening(settings: Configuration, health: Health) -> AsyncIterator[None]:
    """The health checks' web server, where one is wanted.

    Raises:
        CannotListen: the address is taken or not ours.
    """
    if settings.bot.listen is None:
        yield
        return
    from integrations.web import Web  # only where it is wanted: aiohttp's server costs start-up time

    host, port = settings.bot.listen
    web = Web(host, port, health.failing, health.receivers, health.metrics)
    try:
        await web.start()
    except OSError as error:
        raise CannotListen(f"bot.http_listen: cannot listen on {host}:{port} ({error.strerror})") from error
    try:
        yield
    finally:
        await web.stop()
