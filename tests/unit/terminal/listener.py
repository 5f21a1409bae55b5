"""A bot that listens at a terminal and answers every line."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from pathlib import Path
from typing import TextIO

from bot.contracts.chat import Post
from bot.contracts.message import Commands, Line, Message
from bot.contracts.model import Actor, Incoming, Place
from integrations.terminal.client import Terminal

ME = Actor(platform="terminal", user="me", name="submitter")
PLACE = Place("terminal", "demo")
PATIENCE = 20


def post(*title: str, language: str = "en", commands: tuple[str, ...] = ()) -> Post:
    line: Line = title
    label = "下一步" if language == "zh" else "Next"
    message = Message(line, blocks=(Commands(label, commands),) if commands else ())
    return Post(place=PLACE, message=message, language=language, key="k")


class Bot:
    """Answers every line; as in the program, an answer is delivered after the line was taken."""

    def __init__(self) -> None:
        self.heard: list[Incoming] = []
        self.owed: list[Post] = []
        self.log: list[str] = []
        self.said = asyncio.Condition()
        self.terminal: Terminal | None = None

    async def receive(self, incoming: Incoming) -> None:
        async with self.said:
            self.heard.append(incoming)
            self.log.append(f"heard {incoming.text}")
            self.said.notify_all()
        self.owed.append(post(f"answer to {incoming.text}"))

    async def settle(self) -> None:
        assert self.terminal is not None
        for owed in self.owed:
            self.log.append("answered")
            await self.terminal.post(owed)
        self.owed.clear()


def terminal(
    bot: Bot,
    stdin: TextIO | None,
    stdout: TextIO,
    *,
    complete: Callable[[str], Awaitable[Sequence[str]]] | None = None,
    banner: Message | None = None,
    history: Path | None = None,
    language: str = "en",
) -> Terminal:
    numbers = count(1)
    made = bot.terminal = Terminal(
        conversation=PLACE.conversation,
        actor=ME,
        language=lambda: language,
        settle=bot.settle,
        new_origin=lambda: f"line-{next(numbers)}",
        stdin=stdin,
        stdout=stdout,
        **({} if complete is None else {"complete": complete}),
        banner=banner,
        history=history,
    )
    return made
