"""Posting and editing: a post is never blindly repeated.

Each carries its notice's key as metadata, and after a failure that may have worked all the same the channel is searched
for that key before it is posted again.
"""

import contextlib
import hashlib
from collections import OrderedDict
from dataclasses import replace
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.contracts.chat import Post, Together
from bot.contracts.errors import DeliveryError, DeliveryFailed, DeliveryRetry, NotEditable, NotServed
from bot.contracts.memory import Memory
from bot.contracts.message import Text
from bot.contracts.model import Words
from integrations.slack import words
from integrations.slack.errors import BLOCKS, SLOWER, Ambiguous, Slower, code_of, delivery_error, edit_error
from integrations.slack.inbound import is_direct
from integrations.slack.pace import Pace
from integrations.slack.pictures import Pictures
from integrations.slack.remembering import remember
from integrations.slack.render import MENTIONED, PREFIX, Rendered, render
from integrations.slack.web import Web
from integrations.slack.whispers import Whispers, text_alone

log = structlog.get_logger(__name__)

EVENT_TYPE = "signpost_message"
"""Of the metadata that carries a notice's key (https://docs.slack.dev/messaging/message-metadata)."""
SEARCHED = 200
"""Messages that are searched for a post that may have worked."""
PER_CHANNEL = 1.0
"""Seconds from message to message in one channel (https://docs.slack.dev/apis/web-api/rate-limits)."""
TOGETHER = Together(singly=20, room=9_000)
"""More would take longer than people wait, one a second; a message has 12,000 characters (`render.MAX_BLOCK_TEXT`)."""
DOUBTFUL = 20_000
PATIENCE = 10.0
"""Seconds for which a message may wait for its turn here; for longer it waits where it is owed."""
_NO_THREAD = frozenset(
    {
        "cannot_reply_to_message",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "thread_not_found",
    }
)
"""The card was deleted, or its thread locked: what belongs there is told beside it."""
ALONE = Words("what only one person sees cannot be changed any more", "仅一人可见的消息已无法修改")
_NOT_THERE = frozenset({"channel_not_found", "not_in_channel", "is_archived"})


class Posting:
    """What is said in channels and threads.

    Args:
        web: to call with.
        memory: what buttons will ask for.
        per_channel: seconds between messages in one channel.
    """

    def __init__(self, web: Web, memory: Memory, per_channel: float) -> None:
        self._web = web
        self.memory = memory
        self._pace = Pace(per_channel)
        self._edits = Pace(0.0)
        self._pictures = Pictures(web, self._pace)
        self._doubtful: OrderedDict[str, None] = OrderedDict()
        self._pictured: OrderedDict[str, None] = OrderedDict()
        self._whispered = Pace(0.0)
        self.whispers = Whispers(web)

    async def post(self, post: Post) -> str:
        """Post a message.

        An answer is shown to whoever asked alone. Its picture, which Slack can show to one person only where they are alone
        with us (node-slack-sdk#1790), goes there; unless everybody saw the question, and so may see figures and picture.

        Returns:
            Channel and time stamp, which are the message's identity, as `C0123:1700000000.000100`; empty where only whoever
            asked sees it, which cannot be changed.

        Raises:
            DeliveryRetry: it may work later; after a failure that may have worked, the next call looks before it posts.
            DeliveryFailed: not in the channel, archived, …
        """
        if post.asker and not is_direct(post.place.conversation):
            rendered = await self._rendered(post, thread=self.whispers.thread_of(post))
            if not rendered.pictures:
                await self._whisper(post, rendered)
                return ""
            if self.whispers.asked_unseen(post):
                await self._whisper_pictures(post, rendered)
                return ""
        rendered = await self._rendered(post)
        message_id, thread = await self._posted(post, rendered)
        if message_id and rendered.pictures and post.key not in self._pictured:
            remember(self._pictured, post.key, None, DOUBTFUL)  # whatever becomes of them: once
            hangs_on = thread or (_ts(message_id) if post.card is not None else "")
            await self._pictures.show(message_id.rpartition(":")[0], hangs_on, rendered.pictures)
        return message_id

    async def _whisper(self, post: Post, rendered: Rendered) -> None:
        await self._turn(self._whispered, post.place.conversation)
        try:
            await self.whispers.say(post, rendered)
        except DeliveryError as error:
            raise _resting(self._whispered, error) from None

    async def _whisper_pictures(self, post: Post, rendered: Rendered) -> None:
        """The figures to whoever asked, where they asked; the pictures one to one."""
        title = Rendered(rendered.text.partition("\n")[0], [])
        alone = "" if self._pictures.resting else await self.whispers.say_one_to_one(post.asker, title)
        if alone:
            beside = Text((words.PICTURE_IN_PRIVATE.said(post.language),))
            post = replace(post, message=replace(post.message, blocks=(*post.message.blocks, beside)))
            rendered = await self._rendered(post, thread=self.whispers.thread_of(post))
        await self._whisper(post, rendered)
        if alone:
            await self._pictures.show(alone, "", rendered.pictures)

    async def edit(self, message_id: str, post: Post) -> None:
        """Change a posted message.

        Raises:
            DeliveryRetry: it may work later; an edit may be repeated.
            DeliveryFailed: the message is gone, or not ours.
        """
        channel, _, ts = message_id.rpartition(":")
        if self.whispers.stands_alone(post):
            rendered = await self._rendered(post, thread=self.whispers.thread_of(post))
            if not await self.whispers.respond(post.answers, rendered, in_place=True):
                raise NotEditable(ALONE.en, ALONE)
            return
        rendered = await self._rendered(post, ts)
        await self._turn(self._edits, channel)
        try:
            await self._change(channel or post.place.conversation, ts, rendered)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _resting(self._edits, edit_error(error)) from None

    async def link(self, message_id: str) -> str:
        """An address that leads to a message (https://docs.slack.dev/reference/methods/chat.getPermalink)."""
        channel, _, ts = message_id.rpartition(":")
        try:
            return str((await self._web.reader.chat_getPermalink(channel=channel, message_ts=ts))["permalink"])
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a message has no address", reason=str(delivery_error(error)))
            return ""

    async def _change(self, channel: str, ts: str, rendered: Rendered) -> None:
        """Edit; once more without the blocks where Slack does not take them."""
        try:
            await self._web.writer.chat_update(channel=channel, ts=ts, text=rendered.text, blocks=rendered.blocks)
        except SlackApiError as error:
            if code_of(error) not in BLOCKS or not rendered.blocks:
                raise
            await self._change(channel, ts, text_alone(rendered, code_of(error), error.response.get("errors")))

    async def _posted(self, post: Post, rendered: Rendered) -> tuple[str, str]:
        """The message's id and the thread it is in; both empty where only whoever asked could be answered."""
        thread = post.place.thread or _ts(post.under)
        if post.again or post.key in self._doubtful:
            found = await self._find(post.place.conversation, thread, post.key)
            if found:
                if post.card is not None:  # what it is the card of may have changed since
                    with contextlib.suppress(NotEditable):
                        await self.edit(found, post)
                self._doubtful.pop(post.key, None)
                return found, thread
        await self._turn(self._pace, post.place.conversation)
        try:
            return await self._send(post, rendered, thread)
        except SlackApiError as error:
            if code_of(error) in _NOT_THERE and await self.whispers.respond(post.answers, rendered):
                return "", ""
            trouble = self._trouble(post, error)
            await self._show_alone(post, trouble)
            raise trouble from None
        except BaseException as error:
            if isinstance(error, Exception):
                raise self._trouble(post, error) from None
            remember(self._doubtful, post.key, None, DOUBTFUL)  # cancelled in the middle: nobody knows
            raise

    async def _send(self, post: Post, rendered: Rendered, thread: str) -> tuple[str, str]:
        """Post; once more without the thread, or without the blocks, where it is those that Slack does not take."""
        more: dict[str, Any] = {"thread_ts": thread} if thread else {}
        if thread and post.final:
            more["reply_broadcast"] = True
        if rendered.blocks:
            more["blocks"] = rendered.blocks
        try:
            answer = await self._web.writer.chat_postMessage(
                channel=post.place.conversation,
                text=rendered.text,
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": post.key}},
                **more,
            )
        except SlackApiError as error:
            code = code_of(error)
            if thread and code in _NO_THREAD:
                return await self._send(post, rendered, "")
            if rendered.blocks and code in BLOCKS:
                return await self._send(
                    post, text_alone(rendered, code_of(error), error.response.get("errors")), thread
                )
            raise
        if not (answer.get("channel") and answer.get("ts")):
            raise LookupError("an answer without the message's address")  # it may stand there
        self._doubtful.pop(post.key, None)
        return f"{answer['channel']}:{answer['ts']}", thread

    async def _show_alone(self, post: Post, trouble: DeliveryError) -> None:
        """Show a card that the channel does not take to whoever waits for it, with why."""
        asked = "" if post.again or post.card is None else post.card.asked
        if not self.whispers.waits_there(asked, post.place.conversation):
            return
        if not isinstance(trouble, DeliveryFailed | NotServed):  # it may stand there soon
            return
        why = Text((words.ONLY_YOU.said(post.language).format(why=trouble.words.said(post.language)),))
        post = replace(post, message=replace(post.message, blocks=(*post.message.blocks, why)))
        await self.whispers.respond(asked, await self._rendered(post))

    def _trouble(self, post: Post, error: Exception) -> DeliveryError:
        trouble = _resting(self._pace, delivery_error(error))
        if isinstance(trouble, Ambiguous):
            remember(self._doubtful, post.key, None, DOUBTFUL)
        return trouble

    @staticmethod
    async def _turn(pace: Pace, channel: str) -> None:
        left = pace.left(channel)
        if left > PATIENCE:
            raise Slower(SLOWER.en, left, SLOWER)
        await pace.turn(channel)

    async def _rendered(self, post: Post, ts: str = "", *, thread: str | None = None) -> Rendered:
        """As it will stand there.

        Args:
            post: what to show.
            ts: of the message that is edited, which may be what a thread hangs on.
            thread: where it will stand, if that is not what the post says.
        """
        key = hashlib.sha256(post.key.encode()).hexdigest()[:16]
        thread = (post.place.thread or _ts(post.under)) if thread is None else thread
        in_thread = thread not in ("", ts)
        prefix = MENTIONED if in_thread else PREFIX
        rendered = render(post.message, language=post.language, full_key=key, prefix=prefix)
        for name, text in rendered.kept.items():
            await self.memory.put(name, text)
        return rendered

    async def _find(self, channel: str, thread: str, key: str) -> str:
        """The message that carries a key, among the latest ones; empty when there is none, or when it cannot be asked.

        Raises:
            DeliveryRetry: Slack did not answer.
        """
        try:
            if thread:
                answer = await self._web.reader.conversations_replies(
                    channel=channel, ts=thread, limit=SEARCHED, include_all_metadata=True
                )
            else:
                answer = await self._web.reader.conversations_history(
                    channel=channel, limit=SEARCHED, include_all_metadata=True
                )
        except SlackApiError as error:
            trouble = delivery_error(error)
            if isinstance(trouble, DeliveryRetry):
                raise trouble from None
            # Without the right to look (a scope that admins may refuse), a message told twice beats one never told.
            log.warning("a post cannot be looked up", reason=code_of(error))
            return ""
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise DeliveryRetry(f"Slack cannot be asked: {type(error).__name__}") from None
        messages: list[dict[str, Any]] = answer.get("messages", [])
        for message in messages:
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("key") == key:
                return f"{channel}:{message['ts']}"
        return ""


def _resting(pace: Pace, trouble: DeliveryError) -> DeliveryError:
    """The same, after the pause that it asks for was noted."""
    if isinstance(trouble, Slower) and trouble.retry_after:
        pace.rest(trouble.retry_after)
    return trouble


def _ts(message_id: str) -> str:
    return message_id.rpartition(":")[2]
