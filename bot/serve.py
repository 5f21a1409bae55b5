"""`signpost run` and `signpost say`: a bot on the machine's own time."""

import asyncio
import getpass
import signal
import sys
import uuid
from collections.abc import Callable, Sequence

from bot.app import Bot, running
from bot.clock import SystemClock
from bot.model import Actor, Incoming, Place
from bot.ports import Chat
from bot.settings import Settings
from integrations.terminal.client import Terminal

CONVERSATION = "terminal"


async def serve(settings: Settings) -> int:
    """Run until SIGTERM or Ctrl-C; returns the exit code."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(settings, clock=SystemClock(), chats=lambda _: ()):
        await stop.wait()
    return 0


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

    async with running(settings, clock=SystemClock(), chats=chats) as bot:
        incoming = Incoming(text=text, actor=actor, place=place, origin=uuid.uuid4().hex, can_ask=False, direct=True)
        await bot.reception.receive(incoming)
        await bot.settle(place)
    return 0


def operator() -> Actor:
    """Who sits at this terminal."""
    name = getpass.getuser()
    return Actor("terminal", name, name=name)
