"""`signpost say`: one command from this terminal, as the operator."""

import getpass
import sys
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog

from bot.contracts.chat import Chat, Post
from bot.contracts.clock import SystemClock
from bot.contracts.message import Mark
from bot.contracts.model import Actor, Incoming, Place, State
from bot.running.app import running
from bot.running.bot import Bot
from bot.running.config import Configuration, unused
from bot.running.printing import complain, not_printed
from bot.store import requests
from integrations.terminal.client import Terminal

log = structlog.get_logger(__name__)

CONVERSATION = "terminal"


class _Once(Terminal):
    """The terminal of one command: remembers whether the answer was a refusal."""

    abilities = replace(Terminal.abilities, once=True)
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
        if why := terminals[0].lost:
            complain(not_printed(why))
            return 1
        return 1 if await _went_wrong(bot, incoming, terminals[0].refused) else 0


async def _went_wrong(bot: Bot, incoming: Incoming, refused: bool) -> bool:
    """Whether what was said was not done: a submission by its requests, anything else by the answer."""
    command = bot.reception.understood(incoming)
    if refused and command is not None and command.declaration.words == ("show",):
        # The card of what was rejected is marked like a refusal, and is the answer that was asked for.
        number = command.number or 0
        found = await bot.services.database.read(lambda db: requests.find(db, number))
        refused = found is None or found.account not in bot.services.vendors
    origin = f"{incoming.place.platform}:{incoming.origin}"
    submitted = await bot.services.database.read(lambda db: requests.of_origin(db, origin))
    return refused or any(request.state is State.FAILED for request in submitted)


def operator() -> Actor:
    """Who sits at this terminal."""
    name = getpass.getuser()
    return Actor("terminal", name, name=name)
