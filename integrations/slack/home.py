"""The home tab: a person's page as a view, shown to them when they look and after everything they did there."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.contracts.chat import Desk
from bot.contracts.errors import DeliveryRetry
from bot.contracts.memory import Forgetful, Memory
from bot.contracts.message import SIGNS, Mark, Message
from bot.contracts.model import Incoming
from integrations.slack import words
from integrations.slack.errors import delivery_error
from integrations.slack.inbound import Home
from integrations.slack.people import People
from integrations.slack.render import MAX_VIEW_BLOCKS, Block, literal, plain_part, render
from integrations.slack.web import Web

log = structlog.get_logger(__name__)

MAX_HEADER = 150
"""Of a header (https://docs.slack.dev/reference/block-kit/blocks/header-block)."""
MAX_VIEW_BYTES = 250_000
"""Of a view as JSON (https://docs.slack.dev/reference/methods/views.publish: `view_too_large`)."""
AGAIN = (0.5, 2.0)
"""Seconds before a page that Slack did not take is shown again; who does not see it then opens it anew."""
PATIENCE = 10.0


class HomeTabs:
    """The home tabs of one workspace.

    Args:
        web: to call with.
        people: who they are.
        language: what is spoken in a conversation, by its id.
    """

    def __init__(self, web: Web, people: People, language: Callable[[str], str]) -> None:
        self._web = web
        self._people = people
        self._language = language
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._waiting: set[str] = set()
        self.desk: Desk | None = None
        self.memory: Memory = Forgetful()

    async def show(self, incoming: Incoming, home: Home) -> None:
        """Show somebody their page as it is now; best effort.

        One after the other for each person, so that what is shown last was read last. Whoever comes while another one
        waits has nothing to add: that one has not read anything yet.

        Args:
            incoming: who looks, in which 1:1 conversation.
            home: who we are.
        """
        user = incoming.actor.user
        if self.desk is None or user in self._waiting:
            return
        turn = self._turns.setdefault(user, asyncio.Lock())
        self._waiting.add(user)
        try:
            await turn.acquire()
        finally:
            self._waiting.discard(user)
        try:
            incoming = replace(incoming, text="", actor=await self._people.known(incoming.actor, home))
            await self._publish(self.desk, incoming)
        finally:
            turn.release()

    async def _publish(self, desk: Desk, incoming: Incoming) -> None:
        channel = incoming.place.conversation
        for pause in (*AGAIN, None):
            shown, kept = view(await self._page(desk, incoming), channel, self._language(channel))
            for key, text in kept.items():
                await self.memory.put(key, text)
            try:
                await self._web.writer.views_publish(user_id=incoming.actor.user, view=shown)
            except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
                trouble = delivery_error(error)
                if pause is None or not isinstance(trouble, DeliveryRetry):
                    log.warning("a home tab was not shown", reason=str(trouble))
                    return
                await asyncio.sleep(min(max(pause, trouble.retry_after or 0.0), PATIENCE))
            else:
                return

    async def _page(self, desk: Desk, incoming: Incoming) -> Sequence[Message]:
        try:
            return await desk.home(incoming)
        except Exception:  # the boundary towards people: an empty tab would say nothing
            log.exception("a page could not be made", user=incoming.actor.user)
            return (Message((words.FAULT.said(self._language(incoming.place.conversation)),), mark=Mark.BAD),)


def view(page: Sequence[Message], channel: str, language: str) -> tuple[dict[str, Any], Mapping[str, str]]:
    """A page as a view, as much of it as Slack takes.

    Args:
        page: from top to bottom; a message without buttons begins a section.
        channel: the 1:1 conversation in which what is pressed here is answered.
        language: `en` or `zh`, for the few words of this chat's own.

    Returns:
        The view, and what its buttons will ask for, to be kept under these keys.
    """
    blocks: list[Block] = []
    kept: dict[str, str] = {}
    cut: Block = {
        "type": "context",
        "elements": [{"type": "plain_text", "text": words.CUT_PAGE.said(language), "emoji": False}],
    }
    room = MAX_VIEW_BYTES - len(json.dumps(_home([cut], channel)))
    for message in page:
        rendered = render(message, language=language, tables=False)
        piece = rendered.blocks
        if not message.buttons:
            piece = [*([{"type": "divider"}] if blocks else []), _header(message), *piece[1:]]
        size = len(json.dumps(piece))
        if len(blocks) + len(piece) >= MAX_VIEW_BLOCKS or size > room:
            return _home([*blocks, cut], channel), kept
        blocks += piece
        kept |= rendered.kept
        room -= size
    return _home(blocks or [cut], channel), kept


def _home(blocks: list[Block], channel: str) -> dict[str, Any]:
    return {"type": "home", "private_metadata": channel, "blocks": blocks}


def _header(message: Message) -> Block:
    text = "".join(plain_part(part) for part in message.title).replace("\n", " ")
    text = literal(f"{SIGNS[message.mark]} {text}".strip()) or "…"
    text = text if len(text) <= MAX_HEADER else text[: MAX_HEADER - 1] + "…"
    return {"type": "header", "text": {"type": "plain_text", "text": text, "emoji": False}}
