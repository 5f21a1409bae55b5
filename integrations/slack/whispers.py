"""Answers that only whoever asked sees: typos, refusals, help and look-ups are nobody else's business.

What came with an address of its own (a slash command, a press, a shortcut) is answered there, wherever that was said; in
a thread, and for what came without one, Slack's ephemeral messages do. Both are best effort by Slack's own words: they
are gone when the client is loaded anew, so nothing that stands open is said this way.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.contracts.chat import Post
from bot.contracts.errors import DeliveryFailed
from bot.contracts.model import Actor, Incoming
from integrations.slack.errors import BLOCKS, code_of, delivery_error
from integrations.slack.remembering import remember
from integrations.slack.render import Rendered
from integrations.slack.web import Web

log = structlog.get_logger(__name__)

RESPONSES = 1000
RESPONSE_USES = 5
RESPONSE_SECONDS = 1800.0
"""A `response_url` takes 5 answers within 30 minutes (https://docs.slack.dev/interactivity/handling-user-interaction)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of something that came with an address to answer at.

    Args:
        url: the `response_url`; a secret.
        channel: where it was said or pressed.
        thread: the thread it was said or pressed in; empty where it stands in the conversation itself.
        alone: it was pressed on a message that only this person sees, and that can be changed at the address.
        at: when it came, in seconds.
        uses: how often the address was used.
    """

    url: str
    channel: str = ""
    thread: str = ""
    alone: bool = False
    at: float = 0.0
    uses: int = 0


class Whispers:
    """What is said to one person of a conversation.

    Args:
        web: to call with.
    """

    def __init__(self, web: Web) -> None:
        self._web = web
        self._asked: OrderedDict[str, Asked] = OrderedDict()

    def may_answer_at(self, said: Incoming, url: str, *, thread: str = "", alone: bool = False) -> None:
        """What was said or pressed came with an address; see `Asked`."""
        asked = Asked(url, said.place.conversation, thread, alone, time.monotonic())
        remember(self._asked, said.origin, asked, RESPONSES)

    def as_asked(self, origin: str, like: str) -> None:
        """What has this origin (a form) is answered as what it was opened with."""
        if (asked := self._asked.get(like)) is not None:
            remember(self._asked, origin, replace(asked, alone=False), RESPONSES)

    def _of(self, origin: str) -> tuple[str, Asked | None]:
        """What came with an address, and under which origin: what a form orders has an origin behind the form's own."""
        for name in (origin, origin.rpartition(":")[0]):
            if (asked := self._asked.get(name)) is not None:
                return name, asked
        return origin, None

    def thread_of(self, post: Post) -> str:
        """The thread in which an answer is shown to whoever asked; empty for the conversation itself."""
        _, asked = self._of(post.answers)
        return post.place.thread if asked is None else asked.thread

    def asked_unseen(self, post: Post) -> bool:
        """Whether nobody else saw that it was asked: it came with an address of its own."""
        _, asked = self._of(post.answers)
        return asked is not None and bool(asked.url)

    def waits_there(self, origin: str, channel: str) -> bool:
        """Whether whoever said something in a channel can be answered at an address of its own."""
        _, asked = self._of(origin)
        return bool(origin) and asked is not None and bool(asked.url) and asked.channel == channel

    def stands_alone(self, post: Post) -> bool:
        """Whether the message that a press was on is one that only this person sees."""
        _, asked = self._of(post.answers)
        return asked is not None and asked.alone

    async def hint(self, incoming: Incoming, text: str) -> None:
        """Say something that only one person needs to see; best effort."""
        more: dict[str, Any] = {"thread_ts": incoming.place.thread} if incoming.place.thread else {}
        try:
            await self._web.writer.chat_postEphemeral(
                channel=incoming.place.conversation, user=incoming.actor.user, text=text, **more
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a hint was not shown", reason=str(delivery_error(error)))

    async def say(self, post: Post, rendered: Rendered) -> None:
        """Show an answer to whoever asked.

        Raises:
            DeliveryRetry: it may work later.
            DeliveryFailed: it never will.
        """
        thread = self.thread_of(post)
        if not thread and await self.respond(post.answers, rendered):
            return
        user = Actor.of(post.asker).user
        more: dict[str, Any] = {"thread_ts": thread} if thread else {}
        if rendered.blocks:
            more["blocks"] = rendered.blocks
        try:
            await self._web.writer.chat_postEphemeral(
                channel=post.place.conversation, user=user, text=rendered.text, **more
            )
        except SlackApiError as error:
            if rendered.blocks and code_of(error) in BLOCKS:
                await self.say(post, text_alone(rendered, code_of(error), error.response.get("errors")))
                return
            trouble = delivery_error(error)
            if isinstance(trouble, DeliveryFailed) and await self.say_one_to_one(post.asker, rendered):
                return
            raise trouble from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise delivery_error(error) from None

    async def say_one_to_one(self, asker: str, rendered: Rendered) -> str:
        """Say something to somebody alone: what cannot be shown to one person, or answered, where they asked.

        Args:
            asker: `Actor.key`.
            rendered: what is said.

        Returns:
            The conversation with them; empty where it did not work.
        """
        user = Actor.of(asker).user
        try:
            told = await self._web.writer.chat_postMessage(
                channel=user, text=rendered.text, blocks=rendered.blocks or None
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("nothing can be said one to one", reason=str(delivery_error(error)))
            return ""
        return str(told.get("channel") or user)

    async def respond(self, origin: str, rendered: Rendered, *, in_place: bool = False) -> bool:
        """Answer at the address that what was said came with; works where the bot is no member, too.

        Args:
            origin: what is answered.
            rendered: the answer.
            in_place: it takes the place of the message that was pressed on.

        Returns:
            Whether Slack took it.
        """
        name, asked = self._of(origin)
        if (
            asked is None
            or not asked.url
            or asked.uses >= RESPONSE_USES
            or time.monotonic() - asked.at > RESPONSE_SECONDS
            or self._web.session is None
        ):
            return False
        self._asked[name] = replace(asked, uses=asked.uses + 1)
        body = {
            "response_type": "ephemeral",
            "replace_original": in_place,
            "text": rendered.text,
            "blocks": rendered.blocks,
        }
        try:
            async with self._web.session.post(asked.url, json=body) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("a response_url did not take an answer", reason=type(error).__name__)
            return False


def text_alone(rendered: Rendered, code: str, said: object) -> Rendered:
    """The text without the blocks that Slack does not take, which is our fault.

    Args:
        rendered: what was refused.
        code: Slack's word for why.
        said: what else it says of it, for the log.
    """
    log.warning("slack does not take these blocks", reason=code, said=said)
    return replace(rendered, blocks=[])
