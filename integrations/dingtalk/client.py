"""DingTalk as a chat: what is said to the robot goes to the bot, what the bot says goes to groups and people.

In: the stream (`stream`), which acknowledges when a message was taken in; the work is done in tasks of our own, a
bounded number at once. Out: `posting`, through our own HTTP client.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import structlog

from bot.errors import DeliveryFailed, DeliveryRetry
from bot.model import Attachment, Incoming, Words
from bot.ports import ChatAbilities, Post, Receive
from integrations import http
from integrations.dingtalk.inbound import Heard, Heeded, hear, may_answer_at
from integrations.dingtalk.limits import Minute
from integrations.dingtalk.media import Media
from integrations.dingtalk.openapi import OpenApi
from integrations.dingtalk.posting import Posting
from integrations.dingtalk.stream import Patience, Stream, StreamRefused

log = structlog.get_logger(__name__)

START_SECONDS = 3.0
"""How long a start waits for the first connection; after that the program runs on and keeps trying."""

READ_SECONDS = 15.0
"""DingTalk gives up after about 3 s itself (facts, DingTalk 5.2); the outbox waits 30 for a message."""

STOP_SECONDS = 1.0
"""How long what was heard may still be worked on at the end; with the socket's close it stays within two seconds."""

AT_ONCE = 20
"""Messages worked on side by side."""

WAITING = 500
"""Messages that may wait for it; more than that is a fault or an attack, not a conversation."""

CONNECTED = Words("connected", "已连接")


class DingTalk:
    """DingTalk as a chat platform; keeps `bot.ports.Chat`.

    A group is known by its `openConversationId`; a 1:1 conversation by `user:` and the user id, so that people can be
    written to when their webhook is over.

    Args:
        client_id: AppKey, which is the robot's code too.
        client_secret: AppSecret.
        api_base: of the OpenAPI.
        allowed_webhook_hosts: where answers may be posted.
        now: the time by which webhooks, tokens and minutes are measured.
        patience: of the stream.
        minute: counts what is sent to each conversation.
        sleep: waits so many seconds.
    """

    name: str = "dingtalk"
    abilities: ChatAbilities = ChatAbilities()

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        api_base: str,
        allowed_webhook_hosts: Sequence[str],
        now: Callable[[], datetime],
        patience: Patience | None = None,
        minute: Minute | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._hosts = tuple(allowed_webhook_hosts)
        self._now = now
        self._http = http.client(read_seconds=READ_SECONDS)
        self._api = OpenApi(self._http, base=api_base, client_id=client_id, client_secret=client_secret, now=now)
        self._media = Media(self._api)
        self._posting = Posting(self._api, now=now, minute=minute or Minute(), sleep=sleep)
        self._stream = Stream(
            client_id=client_id,
            client_secret=client_secret,
            api_base=api_base,
            http=self._http,
            on_message=self._hear,
            patience=patience or Patience(),
        )
        self._heeded = Heeded()
        self._receive: Receive | None = None
        self._stopped = False
        self._room = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._last: dict[str, asyncio.Task[None]] = {}  # who says two things means them in this order

    @property
    def failing(self) -> str:
        """Why nothing can be heard, in words; empty when all is well."""
        return self._stream.trouble

    @property
    def facts(self) -> tuple[Words, ...]:
        """What `health` tells: whether it listens."""
        return (CONNECTED,) if not self._stream.trouble else ()

    # --- Life --------------------------------------------------------------------------------------------------------

    async def start(self, receive: Receive) -> None:
        """Begin to listen; returns when connected, or when that takes long, for it is tried on."""
        self._receive = receive
        self._stream.start()
        try:
            await asyncio.wait_for(self._stream.connected.wait(), START_SECONDS)
        except TimeoutError:
            log.warning("DingTalk is not connected yet; trying on", why=self._stream.trouble)
        except asyncio.CancelledError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop listening, let what was heard be dealt with for a moment, and close; within two seconds."""
        await self._stream.stop()
        self._receive = None
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        self._stopped = True
        self._api.close()
        await self._http.aclose()

    async def idle(self) -> None:
        """Wait until everything that was heard has been dealt with."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def probe(self) -> str:
        """Ask for an access token and for a connection that is not used; returns what was seen.

        Raises:
            DeliveryError: what is wrong, in words for the operator.
        """
        await self._api.tokens.get()
        try:
            await self._stream.ticket()
        except StreamRefused as error:
            raise DeliveryFailed(str(error)) from None
        return "access token and stream connection given"

    # --- In ----------------------------------------------------------------------------------------------------------

    def _hear(self, data: Mapping[str, Any]) -> None:
        """Take in a message; called by the stream, which acknowledges when this returns."""
        heard = hear(data)
        if heard is None:
            log.warning("DingTalk pushed a message without a sender or an id")
            return
        if self._receive is None or not self._heeded.first(heard.origin, self._now()):
            log.info("heard before", origin=heard.origin)
            return
        if len(self._tasks) >= WAITING:
            log.error("too much is said at once; a message is left", origin=heard.origin)
            return
        where = heard.place.conversation
        if heard.webhook is not None:
            if may_answer_at(heard.webhook.url, self._hosts):
                self._posting.may_answer_at(where, heard.webhook)
            else:
                host = urlsplit(heard.webhook.url).hostname
                log.warning("a session webhook outside allowed_webhook_hosts is not used", host=host)
        if heard.title:
            self._posting.called(where, heard.title)
        who = f"{where} {heard.actor.key}"
        task = asyncio.create_task(self._serve(heard, self._last.get(who)), name="dingtalk-message")
        self._tasks.add(task)
        self._last[who] = task

        def done(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            if self._last.get(who) is task:
                del self._last[who]

        task.add_done_callback(done)

    async def _serve(self, heard: Heard, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        receive = self._receive
        if receive is None:
            return
        async with self._room:
            try:
                files = () if heard.actor.outsider else await self._files(heard)
                await receive(
                    Incoming(
                        text=heard.text,
                        actor=heard.actor,
                        place=heard.place,
                        origin=heard.origin,
                        files=files,
                        direct=heard.direct,
                    )
                )
            except Exception:  # the boundary of the task: one message that fails is not the end of the chat
                log.exception("a message from DingTalk could not be dealt with", origin=heard.origin)

    async def _files(self, heard: Heard) -> tuple[Attachment, ...]:
        return tuple([await self._media.fetched(remote, at) for at, remote in enumerate(heard.files, start=1)])

    # --- Out ---------------------------------------------------------------------------------------------------------

    async def post(self, post: Post) -> str:
        """Post a message, in as many parts as it takes.

        Returns:
            DingTalk's key of the last part; of a message through a webhook, which has none, the notice's own key.

        Raises:
            DeliveryRetry: the minute is full, or it may work later.
            DeliveryFailed: it never will; the text says what the operator must do.
        """
        if self._stopped:
            raise DeliveryRetry("the program is ending")
        return await self._posting.post(post)

    async def edit(self, message_id: str, post: Post) -> None:
        """What was posted stays as it is.

        Raises:
            DeliveryFailed: always; `abilities.edits` says so.
        """
        raise DeliveryFailed(f"a message in DingTalk cannot be changed: {message_id} for {post.key}")
