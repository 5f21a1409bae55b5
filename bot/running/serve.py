"""`signpost run` and `signpost say`: a bot on the machine's own time."""

import asyncio
import contextlib
import gc
import getpass
import signal
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import structlog

from bot.contracts.chat import Chat, Post
from bot.contracts.clock import SystemClock
from bot.contracts.errors import SignpostError
from bot.contracts.message import Mark
from bot.contracts.model import Actor, Incoming, Place, State
from bot.running.app import Bot, running
from bot.running.chats import configured
from bot.running.config import Configuration, unused
from bot.store import requests
from bot.store.unusable import FILE
from integrations.terminal.client import Terminal

log = structlog.get_logger(__name__)

CONVERSATION = "terminal"


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
    """Leave out of every collection what stays until the end: else each full one stops the program for 30 ms."""
    gc.collect()
    gc.freeze()


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


class _Once(Terminal):
    """The terminal of one command: remembers whether the answer was a refusal."""

    refused: bool = False

    async def post(self, post: Post) -> str:
        """Print a message."""
        self.refused = self.refused or (bool(post.answers) and post.message.mark is Mark.BAD)
        return await super().post(post)


async def say_once(settings: Configuration, text: str) -> int:
    """Say one command as the operator, print what comes back, and end when it has been answered.

    Returns:
        The exit code: 1 where it was refused, here or by a vendor before the end.
    """
    place = Place("terminal", CONVERSATION)
    actor = operator()
    terminals: list[_Once] = []

    def chats(bot: Callable[[], Bot]) -> Sequence[Chat]:
        terminals.append(
            _Once(
                conversation=CONVERSATION,
                actor=actor,
                language=lambda: settings.bot.language,
                settle=lambda: bot().settle(place),
                new_origin=lambda: uuid.uuid4().hex,
                stdin=None,
                stdout=sys.stdout,
            )
        )
        return terminals

    for note in unused(settings):
        log.warning("configured, not used yet", note=note)
    async with running(settings, clock=SystemClock(), chats=chats) as bot:
        incoming = Incoming(text=text, actor=actor, place=place, origin=uuid.uuid4().hex, can_ask=False, direct=True)
        await bot.reception.receive(incoming)
        await bot.settle(place)
        return 1 if await _went_wrong(bot, incoming, terminals[0].refused) else 0


async def _went_wrong(bot: Bot, incoming: Incoming, refused: bool) -> bool:
    """Whether what was said was not done: a submission by its requests, anything else by the answer."""
    command = bot.reception.understood(incoming)
    if refused and command is not None and command.declaration.words == ("show",):
        # The card of what was rejected is marked like a refusal, and is the answer that was asked for.
        number = command.number or 0
        refused = await bot.services.database.read(lambda db: requests.find(db, number)) is None
    origin = f"{incoming.place.platform}:{incoming.origin}"
    submitted = await bot.services.database.read(lambda db: requests.of_origin(db, origin))
    return refused or any(request.state is State.FAILED for request in submitted)


def operator() -> Actor:
    """Who sits at this terminal."""
    name = getpass.getuser()
    return Actor("terminal", name, name=name)
