"""DingTalk as a chat: what is said to the robot goes to the bot, what the bot says goes to groups and people.

In: the stream (`stream`), which acknowledges when a message was taken in; the work is done in tasks of our own, a
bounded number at once. A press on a card is answered with what the card says after it. Out: `posting` and `cards`,
through our own HTTP client.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog

from bot.contracts.chat import Caution, ChatAbilities, Desk, Post, Receive
from bot.contracts.errors import DeliveryError, DeliveryFailed, DeliveryRetry, NotServed, SetupError
from bot.contracts.memory import Memory
from bot.contracts.message import Message
from bot.contracts.model import Actor, Incoming, Place, Words
from bot.contracts.probe import Finding
from integrations import http
from integrations.dingtalk import words
from integrations.dingtalk.allowance import MONTHLY_CALLS, Allowance
from integrations.dingtalk.cards import Cards
from integrations.dingtalk.inbound import DIRECT, PLATFORM, Heard, Heeded, Pressed, hear, may_answer_at, press
from integrations.dingtalk.limits import TOGETHER, Minute
from integrations.dingtalk.media import Media, lost_message
from integrations.dingtalk.mentions import Begins
from integrations.dingtalk.openapi import CALLS_A_SECOND, OpenApi
from integrations.dingtalk.people import People
from integrations.dingtalk.posting import Posting
from integrations.dingtalk.probe import probe
from integrations.dingtalk.said import unread_message
from integrations.dingtalk.stream import Patience, Stream

log = structlog.get_logger(__name__)

T = TypeVar("T")

START_SECONDS = 3.0
"""How long a start waits for the first connection; after that the program runs on and keeps trying."""

READ_SECONDS = 15.0
"""DingTalk gives up after about 3 s itself (facts, DingTalk 5.2); the outbox waits 30 for a message."""

STOP_SECONDS = 1.0
"""How long what was heard may still be worked on at the end; with the socket's close it stays within two seconds."""

HOSTS_SAID = 20
"""Hosts of webhooks that are named in the log; whoever sends more is not one who is to be listed."""

AT_ONCE = 20
"""Messages worked on side by side."""

WAITING = 500
"""Messages that may wait for it; more than that is a fault or an attack, not a conversation."""

ANSWER_SECONDS = 1.5
"""Within this a press is answered: the client shows a failure after 2 s (facts, DingTalk 4.4)."""

PRESS_SECONDS = 1.2
"""How long of that is waited for what the press causes; reading what the card then says takes a moment too."""


class DingTalk:
    """DingTalk as a chat platform; keeps `bot.contracts.chat.Chat`.

    A group is known by its `openConversationId`; a 1:1 conversation by `user:` and the user id, so that people can be
    written to when their webhook is over.

    Args:
        client_id: AppKey, which is the robot's code too.
        client_secret: AppSecret.
        api_base: of the OpenAPI.
        oapi_base: of the older API, where pictures are uploaded; the OpenAPI's when left out.
        allowed_webhook_hosts: where answers may be posted.
        card_template_id: how cards look; empty to have none.
        monthly_calls: about how many the edition allows.
        calls_a_second: how many are made at most, after the first few.
        language: what is spoken in a conversation, by its id.
        now: the time by which webhooks, tokens, minutes and months are measured.
        patience: of the stream.
        minute: counts what is sent to each conversation.
        sleep: waits so many seconds.
    """

    name: str = PLATFORM

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        api_base: str,
        oapi_base: str = "",
        allowed_webhook_hosts: Sequence[str],
        card_template_id: str = "",
        monthly_calls: int = MONTHLY_CALLS,
        calls_a_second: float = CALLS_A_SECOND,
        language: Callable[[str], str] = lambda _: "zh",
        now: Callable[[], datetime],
        patience: Patience | None = None,
        minute: Minute | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.abilities = ChatAbilities(
            edits=bool(card_template_id), pictures=True, pairs=True, direct=DIRECT, together=TOGETHER
        )
        self._hosts = tuple(allowed_webhook_hosts)
        self._not_listed: set[str] = set()
        self._language = language
        self._now = now
        self._http = http.client(read_seconds=READ_SECONDS)
        self._allowance = Allowance(monthly_calls, now)
        self._api = OpenApi(
            self._http,
            base=api_base,
            old_base=oapi_base or api_base,
            client_id=client_id,
            client_secret=client_secret,
            allowance=self._allowance,
            a_second=calls_a_second,
            now=now,
        )
        self._media = Media(self._api)
        self._cards = Cards(self._api, self._media, template=card_template_id, now=now)
        self._people = People(now)
        self._posting = Posting(
            self._api,
            self._cards,
            self._media,
            now=now,
            minute=minute or Minute(),
            title=self._people.title,
            sleep=sleep,
        )
        self._stream = Stream(
            client_id=client_id,
            client_secret=client_secret,
            api_base=api_base,
            http=self._http,
            on_message=self._hear,
            on_card=self._pressed if card_template_id else None,
            patience=patience or Patience(),
        )
        self._heeded = Heeded()
        self._begins: Begins = lambda _: False
        self._receive: Receive | None = None
        self._stopped = False
        self._sending: set[asyncio.Task[Any]] = set()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._last: dict[str, asyncio.Task[None]] = {}  # who says two things means them in this order

    def use(self, desk: Desk) -> None:
        """Where to ask what a card says now, where a mention ends, and what a link may say."""
        self._cards.desk = desk
        self._begins = desk.begins
        self._posting.ours = desk.wholly_ours

    def remember(self, memory: Memory) -> None:
        """Where to keep what must outlive a restart."""
        for one in (self._allowance, self._media, self._cards, self._people):
            one.memory = memory

    @property
    def failing(self) -> str:
        """What is wrong, in words for the operator: nothing can be heard, no cards are taken, few calls are left."""
        return "; ".join(filter(None, (self._stream.trouble, self._cards.trouble, self._allowance.trouble)))

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What operators should know before it hurts: how much of the month's calls is used."""
        return self._allowance.cautions

    @property
    def facts(self) -> tuple[Words, ...]:
        """What `health` tells: whether it listens, and what was used of the month's calls."""
        connected = () if self._stream.trouble else (words.CONNECTED,)
        return (*connected, *((words.NO_CARDS,) if self._cards.trouble else ()), *self._allowance.facts)

    # --- Life --------------------------------------------------------------------------------------------------------

    async def start(self, receive: Receive) -> None:
        """Begin to listen; returns when connected, or when that takes long, for it is tried on.

        Raises:
            SetupError: DingTalk refuses the app's credentials.
        """
        await self._allowance.load()
        self._receive = receive
        self._stream.start()
        ends = [asyncio.create_task(one.wait()) for one in (self._stream.connected, self._stream.refused)]
        try:
            await asyncio.wait(ends, timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if self._stream.refused.is_set():
                await self._prove()
            if not self._stream.connected.is_set():
                log.warning("DingTalk is not connected yet; trying on", why=self._stream.trouble)
        except BaseException:
            await self.stop()
            raise
        finally:
            for end in ends:
                end.cancel()
            await asyncio.wait(ends)

    async def _prove(self) -> None:
        """The gateway refuses the app: whether it is for the credentials, the call for a token tells.

        Raises:
            SetupError: it is.
        """
        try:
            await self._api.tokens.get()
        except (NotServed, DeliveryFailed) as error:
            raise SetupError(Words(f"[dingtalk] {error.words.en}", f"[dingtalk] {error.words.zh}")) from None
        except DeliveryRetry:  # nothing is known
            return

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
        await self._posting.waiting.stop()
        self._stopped = True
        for sending in self._sending:  # what opens a connection after the end would leave it open
            sending.cancel()
        if self._sending:
            await asyncio.wait(self._sending)
        self._api.close()
        await self._http.aclose()

    async def idle(self) -> None:
        """Wait until everything that was heard has been dealt with."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        await self._posting.waiting.idle()

    async def probe(self, conversations: Sequence[str], people: Sequence[str]) -> list[Finding]:
        """Ask DingTalk whether it would serve us; see `integrations.dingtalk.probe`."""
        cards = self._cards if self.abilities.edits else None
        return await probe(self._api, self._stream, cards, conversations, people)

    # --- In ----------------------------------------------------------------------------------------------------------

    def _hear(self, data: Mapping[str, Any]) -> None:
        """Take in a message; called by the stream, which acknowledges when this returns."""
        heard = hear(data, self._begins)
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
                self._strange(heard.webhook.url)
        self._spawn(f"{where} {heard.actor.key}", partial(self._serve, heard), heard.origin)

    def _strange(self, url: str) -> None:
        """Say once of each host what would have to be listed; a port other than the usual one belongs to it."""
        with contextlib.suppress(ValueError):
            parts = urlsplit(url)
            host = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
            if host not in self._not_listed and len(self._not_listed) < HOSTS_SAID:
                self._not_listed.add(host)
                log.warning(
                    "answers go without the session webhook: allowed_webhook_hosts under [dingtalk] lacks its host",
                    lacks=host,
                )

    async def _serve(self, heard: Heard) -> None:
        await self._people.met(heard.actor)
        if heard.title:
            await self._people.met_in(heard.place.conversation, heard.title)
        if heard.unread and not heard.actor.outsider:
            language = self._language(heard.place.conversation)
            await self._tell(heard.place, heard.origin, unread_message(language, heard.unread))
            return
        files, lost = await self._media.fetched(() if heard.actor.outsider else heard.files)
        if lost:
            await self._tell(heard.place, heard.origin, lost_message(self._language(heard.place.conversation), lost))
            if not files and not heard.text:
                return
        if self._receive is not None:
            await self._receive(
                Incoming(
                    text=heard.text,
                    actor=heard.actor,
                    place=heard.place,
                    origin=heard.origin,
                    files=files,
                    direct=heard.direct,
                )
            )

    async def _pressed(self, data: Mapping[str, Any], frame: str) -> Mapping[str, Any]:
        """Deal with a press and answer it; called by the stream, in a task of its own that ends with the answer."""
        pressed = press(data, frame)
        if pressed is None:
            log.warning("a press on a card names no action and id that is taken from cards")
            return {}
        clock = asyncio.get_running_loop().time
        until = clock() + ANSWER_SECONDS
        self._cards.answering(pressed.track)
        place = await self._cards.place_of(pressed.track, pressed.space)
        if place is None:
            log.warning("a press on a card that is nowhere", origin=pressed.origin)
            return {}
        if self._receive is not None and len(self._tasks) < WAITING:
            work = self._spawn(
                f"{pressed.track} {pressed.user}", partial(self._serve_press, pressed, place), pressed.origin
            )
            await asyncio.wait([work], timeout=PRESS_SECONDS)
        return await self._cards.answer(place, pressed.track, until - clock())

    async def _serve_press(self, pressed: Pressed, place: Place) -> None:
        # A press does not say which corporation is the robot's. Until somebody spoke to it, whoever presses is taken for
        # one of ours: an internal robot stands in internal groups only (facts, DingTalk 7).
        ours = await self._people.corporation() or pressed.corporation
        actor = Actor(
            PLATFORM,
            pressed.user,
            team=pressed.corporation,
            name=await self._people.name(pressed.user),
            outsider=pressed.corporation != ours,
        )
        if self._receive is not None:
            direct = place.conversation.startswith(DIRECT)
            await self._receive(Incoming(pressed.text, actor, place, pressed.origin, direct=direct, pressed=True))

    def _spawn(self, who: str, work: Callable[[], Awaitable[None]], origin: str) -> asyncio.Task[None]:
        """Work on something, after what the same person said or pressed before it."""
        task = asyncio.create_task(self._run(work, self._last.get(who), origin), name="dingtalk-work")
        self._tasks.add(task)
        self._last[who] = task

        def done(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            if self._last.get(who) is task:
                del self._last[who]

        task.add_done_callback(done)
        return task

    async def _run(self, work: Callable[[], Awaitable[None]], before: asyncio.Task[None] | None, origin: str) -> None:
        if before is not None:
            await asyncio.wait([before])
        async with self._room:
            try:
                await work()
            except Exception:  # the boundary of the task: one message that fails is not the end of the chat
                log.exception("something from DingTalk could not be dealt with", origin=origin)

    async def _tell(self, place: Place, origin: str, message: Message) -> None:
        """Say something of our own to whoever said or pressed something."""
        language = self._language(place.conversation)
        try:
            await self.post(Post(place, message, language, key=f"told:{origin}", answers=origin))
        except DeliveryError as error:
            log.warning("a hint was not shown", error=str(error))

    # --- Out ---------------------------------------------------------------------------------------------------------

    async def post(self, post: Post) -> str:
        """Post a message, in as many parts as it takes.

        Returns:
            DingTalk's key of the last part; of a message through a webhook, which has none, the notice's own key.

        Raises:
            DeliveryRetry: the minute is full, or it may work later.
            DeliveryFailed: it never will; the text says what the operator must do.
        """
        return await self._sent(partial(self._posting.post, post))

    async def edit(self, message_id: str, post: Post) -> None:
        """Change a card.

        Raises:
            DeliveryRetry: it may work later.
            NotEditable: it is no card, or cards cannot be had now.
            DeliveryFailed: it never will.
        """
        await self._sent(partial(self._cards.edit, message_id, post))

    def alone(self, conversation: str) -> bool:
        """See `bot.contracts.alone.Alone`."""
        return conversation.startswith(DIRECT)

    async def title(self, conversation: str) -> str:
        """What people call a conversation; see `bot.contracts.chat.Titles`."""
        if conversation.startswith(DIRECT):
            return await self._people.name(conversation.removeprefix(DIRECT))
        return await self._people.title(conversation)

    async def _sent(self, send: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Send something, unless the program is ending or ends meanwhile."""
        if self._stopped:
            raise DeliveryRetry(words.ENDING.en, words=words.ENDING)
        task = asyncio.create_task(send(), name="dingtalk-send")
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        try:
            return await task
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if self._stopped and caller is not None and not caller.cancelling():
                raise DeliveryRetry(words.ENDING.en, words=words.ENDING) from None
            raise
