"""`signpost run`: a bot on the machine's own time."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import structlog

from bot.contracts.clock import SystemClock
from bot.contracts.errors import SignpostError
from bot.running.app import Bot, running
from bot.running.chats import configured
from bot.running.config import Configuration, unused
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
    if not chats:
        log.warning("neither [slack] nor [dingtalk] is configured: nobody can speak to this bot")
    record = settings.bot.data_dir / FILE
    async with running(settings, clock=clock, chats=lambda _: chats) as bot, _listening(settings, bot):
        spare_the_collector()
        where = settings.bot.http_listen or "off"
        log.info("serving", config=str(config), record=str(record), http_listen=where)
        await stop.wait()
        log.info("stopping", record=str(record))
    log.info("stopped")
    return 0


def spare_the_collector() -> None:
    """Leave out of every collection what stays until the end: else each full one stops the program for 30 ms.

    Until then nothing is collected (`bot.running.cli.run`): all that a start makes stays.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


@contextlib.asynccontextmanager
async def _listening(settings: Configuration, bot: Bot) -> AsyncIterator[None]:
    """The health checks' web server, where one is wanted.

    Raises:
        CannotListen: the address is taken or not ours.
    """
    if settings.bot.listen is None:
        yield
        return
    from integrations.web import Web  # only where it is wanted: aiohttp's server costs start-up time

    host, port = settings.bot.listen
    web = Web(host, port, lambda: {one.name: one.why.en for one in bot.services.status.failing()})
    try:
        await web.start()
    except OSError as error:
        raise CannotListen(f"bot.http_listen: cannot listen on {host}:{port} ({error.strerror})") from error
    try:
        yield
    finally:
        await web.stop()
