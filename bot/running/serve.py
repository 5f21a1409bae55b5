"""`signpost run` and `signpost say`: a bot on the machine's own time."""

import asyncio
import contextlib
import gc
import getpass
import signal
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Sequence

import structlog

from bot.contracts.chat import Chat
from bot.contracts.clock import SystemClock
from bot.contracts.errors import SignpostError
from bot.contracts.model import Actor, Incoming, Place
from bot.contracts.settings import Settings
from bot.running.app import Bot, running
from bot.running.chats import configured
from bot.running.config import unused
from integrations.terminal.client import Terminal

log = structlog.get_logger(__name__)

CONVERSATION = "terminal"


class CannotListen(SignpostError):
    """The configured address cannot be listened on."""


async def serve(settings: Settings) -> int:
    """Run until SIGTERM or Ctrl-C; returns the exit code."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    clock = SystemClock()
    chats = configured(settings, clock.now)
    for note in unused(settings):
        log.warning("configured, not used yet", note=note)
    async with running(settings, clock=clock, chats=lambda _: chats) as bot, _listening(settings, bot):
        spare_the_collector()
        await stop.wait()
    return 0


def spare_the_collector() -> None:
    """Leave out of every collection what stays until the end: else each full one stops the program for 30 ms."""
    gc.collect()
    gc.freeze()


@contextlib.asynccontextmanager
async def _listening(settings: Settings, bot: Bot) -> AsyncIterator[None]:
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


async def say_once(settings: Settings, text: str) -> int:
    """Say one command as the operator, print what comes back, and end when it has been answered."""
    place = Place("terminal", CONVERSATION)
    actor = operator()

    def chats(bot: Callable[[], Bot]) -> Sequence[Chat]:
        return (
            Terminal(
                conversation=CONVERSATION,
                actor=actor,
                language=lambda: settings.bot.language,
                settle=lambda: bot().settle(place),
                new_origin=lambda: uuid.uuid4().hex,
                stdin=None,
                stdout=sys.stdout,
            ),
        )

    for note in unused(settings):
        log.warning("configured, not used yet", note=note)
    async with running(settings, clock=SystemClock(), chats=chats) as bot:
        incoming = Incoming(text=text, actor=actor, place=place, origin=uuid.uuid4().hex, can_ask=False, direct=True)
        await bot.reception.receive(incoming)
        await bot.settle(place)
    return 0


def operator() -> Actor:
    """Who sits at this terminal."""
    name = getpass.getuser()
    return Actor("terminal", name, name=name)
