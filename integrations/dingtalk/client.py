"""DingTalk as a chat: what is said to the robot goes to the bot, what the bot says goes to groups and people.

Inbound through the stream (`stream`), outbound through our own HTTP client. There are two ways to speak in a group: the
session webhook that comes with a message, for 90 minutes and with real mentions, and `groupMessages/send` at any time
and without them; whoever should have been mentioned then gets a line of their own, one to one (facts, DingTalk 0, 3).
"""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from json import dumps
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import structlog

from bot.errors import DeliveryError, DeliveryFailed, DeliveryRetry, VendorError
from bot.model import Attachment, Incoming, Words
from bot.papers import NAMES, media_type
from bot.ports import ChatAbilities, Post, Receive
from integrations import http
from integrations.dingtalk.errors import RATE_SECONDS, code_of, refusal, token_is_bad, too_fast
from integrations.dingtalk.inbound import DIRECT, Heard, Heeded, Remote, Webhook, hear, is_loopback, may_answer_at
from integrations.dingtalk.limits import Minute
from integrations.dingtalk.render import literal, render
from integrations.dingtalk.stream import Patience, Stream, StreamRefused
from integrations.dingtalk.tokens import Tokens

log = structlog.get_logger(__name__)

V = TypeVar("V")

START_SECONDS = 3.0
"""How long a start waits for the first connection; after that the program runs on and keeps trying."""

READ_SECONDS = 15.0
"""DingTalk gives up after about 3 s itself (facts, DingTalk 5.2); the outbox waits 30 for a message."""

STOP_SECONDS = 1.0
"""How long what was heard may still be worked on at the end; with the socket's close it stays within two seconds."""

AT_ONCE = 20
"""Messages worked on side by side."""

FETCHES_AT_ONCE = 4
"""Files fetched side by side; connections must be left for answers."""

WAITING = 500
"""Messages that may wait for it; more than that is a fault or an attack, not a conversation."""

FILE_BYTES = 12 * 1024 * 1024
"""The most that is fetched of a file; every vendor takes less, and a file cut here is refused as too large."""

ANSWER_SECONDS = 75.0
"""How long an answer waits for its turn: a little more than a full minute takes. Nobody would send it again, where a
notice stays owed."""

WEBHOOK_EARLY = timedelta(minutes=1)
"""A webhook is not used in its last moments."""

REMEMBERED = 2_000
"""Conversations whose webhooks and titles are known, and messages that are half sent."""

MENTIONED = Words("You are mentioned in {group}.", "{group} 里提到了你。")
CONNECTED = Words("connected", "已连接")
A_GROUP = Words("a group", "群聊")


class WebhookGone(Exception):
    """The session webhook does not take this message; there is another way."""


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
        self._client_id = client_id
        self._client_secret = client_secret
        self._api_base = api_base
        self._hosts = tuple(allowed_webhook_hosts)
        self._now = now
        self._http = http.client(read_seconds=READ_SECONDS)
        self._tokens = Tokens(self._http, api_base, client_id, client_secret, now)
        self._stream = Stream(
            client_id=client_id,
            client_secret=client_secret,
            api_base=api_base,
            http=self._http,
            on_message=self._hear,
            patience=patience or Patience(),
        )
        self._minute = minute or Minute()
        self._sleep = sleep
        self._heeded = Heeded()
        self._receive: Receive | None = None
        self._stopped = False
        self._room = asyncio.Semaphore(AT_ONCE)
        self._fetches = asyncio.Semaphore(FETCHES_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._last: dict[str, asyncio.Task[None]] = {}  # who says two things means them in this order
        self._webhooks: OrderedDict[str, Webhook] = OrderedDict()
        self._titles: OrderedDict[str, str] = OrderedDict()
        self._half_sent: OrderedDict[str, int] = OrderedDict()

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
        await self._tokens.get()
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
                _remember(self._webhooks, where, heard.webhook)
            else:
                host = urlsplit(heard.webhook.url).hostname
                log.warning("a session webhook outside allowed_webhook_hosts is not used", host=host)
        if heard.title:
            _remember(self._titles, where, heard.title)
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
        return tuple([await self._file(remote, position) for position, remote in enumerate(heard.files, start=1)])

    async def _file(self, remote: Remote, position: int) -> Attachment:
        """Fetch a file; one that cannot be fetched comes as an empty one, which is refused where it is used."""
        try:
            async with self._fetches:
                content = await self._fetch(remote)
        except DeliveryError as error:
            log.warning("a file could not be fetched from DingTalk", error=str(error))
            content = b""
        if remote.name:
            return Attachment(remote.name, content)
        found = NAMES.get(media_type(Attachment("", content)))  # a picture comes without name or type
        return Attachment(f"picture-{position}.{found}" if found else f"picture-{position}", content)

    async def _fetch(self, remote: Remote) -> bytes:
        """Facts, DingTalk 2.4: first an address that is good for a moment, then a plain download without a token."""
        found = await self._call(
            "/v1.0/robot/messageFiles/download", {"downloadCode": remote.code, "robotCode": self._client_id}
        )
        address = found.get("downloadUrl")
        parts = urlsplit(address if isinstance(address, str) else "")
        local = urlsplit(self._api_base)  # a service on this machine keeps its files on this machine
        both_here = is_loopback(local.hostname or "") and is_loopback(parts.hostname or "")
        if parts.scheme != "https" and not (parts.scheme == "http" and both_here):
            raise DeliveryFailed("DingTalk named no protected address for a file")
        content = bytearray()
        try:
            async with self._http.stream("GET", str(address)) as response:
                if response.status_code != 200:
                    raise DeliveryFailed(f"the storage answered HTTP {response.status_code}")
                async for chunk in response.aiter_bytes():
                    content += chunk
                    if len(content) > FILE_BYTES:
                        break
        except httpx.HTTPError as error:
            raise DeliveryRetry(f"the file did not arrive ({type(error).__name__})") from None
        return bytes(content[: FILE_BYTES + 1])

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
        try:
            return await self._deliver(post)
        except DeliveryRetry as full:
            if not _is_answer(post) or full.retry_after is None or full.retry_after > ANSWER_SECONDS:
                raise
            await self._sleep(full.retry_after)
        return await self._deliver(post)

    async def _deliver(self, post: Post) -> str:
        where = post.place.conversation
        webhook = self._webhooks.get(where)
        if webhook is not None and self._now() < webhook.until - WEBHOOK_EARLY:
            try:
                return await self._post(post, webhook)
            except WebhookGone as gone:
                log.info("a session webhook is over", why=str(gone))
        self._webhooks.pop(where, None)
        return await self._post(post, None)

    async def edit(self, message_id: str, post: Post) -> None:
        """What was posted stays as it is.

        Raises:
            DeliveryFailed: always; `abilities.edits` says so.
        """
        raise DeliveryFailed(f"a message in DingTalk cannot be changed: {message_id} for {post.key}")

    async def _post(self, post: Post, webhook: Webhook | None) -> str:
        where = post.place.conversation
        direct = where.startswith(DIRECT)
        rendered = render(post.message, language=post.language, mentions=webhook is not None and not direct)
        pings = () if direct or webhook is not None else rendered.mentioned
        done = self._half_sent.get(post.key, 0)
        parts = rendered.parts[done:]
        self._book(where, len(parts), pings, answer=_is_answer(post))
        key = post.key
        for part in parts:
            try:
                if webhook is not None:
                    await self._by_webhook(webhook, rendered.title, part, () if direct else rendered.mentioned)
                elif direct:
                    key = await self._to_user(where.removeprefix(DIRECT), rendered.title, part)
                else:
                    key = await self._to_group(where, rendered.title, part)
            except _TooFast as error:
                until = self._now() + timedelta(seconds=error.retry_after or RATE_SECONDS)
                self._minute.shut(where, until)
                raise
            done += 1
            _remember(self._half_sent, post.key, done)
        self._half_sent.pop(post.key, None)
        for user in pings:
            await self._ping(user, post, rendered.title)
        return key

    def _book(self, where: str, count: int, pings: Sequence[str], *, answer: bool) -> None:
        """Count what is about to be sent, or raise `DeliveryRetry` when any of it must wait."""
        now = self._now()
        places = [(where, count), *((f"{DIRECT}{user}", 1) for user in pings)]
        longest = max(self._minute.wait(place, now, count=number, answer=answer) for place, number in places)
        if longest > timedelta(0):
            raise DeliveryRetry("this conversation's minute is full", longest.total_seconds())
        for place, number in places:
            for _ in range(number):
                self._minute.sent(place, now)

    async def _by_webhook(self, webhook: Webhook, title: str, text: str, mentioned: Sequence[str]) -> None:
        """Facts, DingTalk 3.2: HTTP 200 means nothing, the body's code does; who is mentioned stands in the text too."""
        body: dict[str, Any] = {"msgtype": "markdown", "markdown": {"title": title, "text": text}}
        if here := [user for user in mentioned if f"@{user}" in text]:
            body["at"] = {"atUserIds": here, "isAtAll": False}
        response = await self._exchange(self._http.build_request("POST", webhook.url, json=body))
        answer = _json(response)
        if response.status_code == 200 and isinstance(answer, dict) and answer.get("errcode") == 0:
            return
        if too_fast(answer) or response.status_code == 429:
            raise _TooFast(str(refusal(response.status_code, answer)), RATE_SECONDS)
        # What an expired one answers is not published: whatever it is, the other way is tried (facts, DingTalk 11).
        raise WebhookGone(code_of(answer) or f"HTTP {response.status_code}")

    async def _to_group(self, group: str, title: str, text: str) -> str:
        found = await self._call(
            "/v1.0/robot/groupMessages/send", {"openConversationId": group, **self._markdown(title, text)}
        )
        return str(found.get("processQueryKey", ""))

    async def _to_user(self, user: str, title: str, text: str) -> str:
        """Facts, DingTalk 3.4: an answer of 200 does not mean that they were reached."""
        found = await self._call(
            "/v1.0/robot/oToMessages/batchSend", {"userIds": [user], **self._markdown(title, text)}
        )
        if found.get("invalidStaffIdList") or found.get("filteredStaffIdList"):
            raise DeliveryFailed("DingTalk knows no such user, or the app's 可见范围 does not hold them")
        if found.get("flowControlledStaffIdList"):
            raise _TooFast("DingTalk takes no more for this person for a while", RATE_SECONDS)
        return str(found.get("processQueryKey", ""))

    def _markdown(self, title: str, text: str) -> dict[str, str]:
        param = dumps({"title": title, "text": text}, ensure_ascii=False)
        return {"robotCode": self._client_id, "msgKey": "sampleMarkdown", "msgParam": param}

    async def _ping(self, user: str, post: Post, title: str) -> None:
        """Tell somebody that a group has something for them; the message itself is there already."""
        chinese = post.language == "zh"
        group = self._titles.get(post.place.conversation) or (A_GROUP.zh if chinese else A_GROUP.en)
        words = (MENTIONED.zh if chinese else MENTIONED.en).format(group=literal(group))
        try:
            await self._to_user(user, title, f"{literal(title)}\n\n{words}")
        except DeliveryError as error:  # repeating the whole would repeat it in the group
            log.warning("somebody could not be told one to one", user=user, error=str(error))

    # --- Calls -------------------------------------------------------------------------------------------------------

    async def _call(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Call the OpenAPI; with a new token where the old one is refused, once."""
        token = await self._tokens.get()
        for last in (False, True):
            response = await self._exchange(
                self._http.build_request(
                    "POST", f"{self._api_base}{path}", json=body, headers={"x-acs-dingtalk-access-token": token}
                )
            )
            answer = _json(response)
            if response.status_code == 200 and isinstance(answer, dict) and not code_of(answer):
                return answer
            if last or not token_is_bad(response.status_code, answer):
                error = refusal(response.status_code, answer)
                if isinstance(error, DeliveryRetry) and (too_fast(answer) or response.status_code == 429):
                    raise _TooFast(str(error), error.retry_after)
                raise error
            token = await self._tokens.get(instead_of=token)
        raise AssertionError("unreachable: the second answer returns or raises")

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        if self._stopped:
            raise DeliveryRetry("the program is ending")
        try:
            return await http.exchange(self._http, request)
        except VendorError as error:
            raise DeliveryRetry(error.message) from None


class _TooFast(DeliveryRetry):
    """DingTalk says that the robot wrote too much."""


def _is_answer(post: Post) -> bool:
    """Whether somebody waits for it: a reply of the reception, not a notice of the outbox."""
    return post.key.startswith("reply:")


def _json(response: httpx.Response) -> Any:
    with contextlib.suppress(ValueError):
        return response.json()
    return None


def _remember(known: OrderedDict[str, V], key: str, value: V) -> None:
    known.pop(key, None)
    known[key] = value
    while len(known) > REMEMBERED:
        known.popitem(last=False)
