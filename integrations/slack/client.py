"""Slack as a chat platform; keeps `bot.ports.Chat`.

In: Bolt acknowledges, then hands over; the work is done in tasks of our own, a bounded number at once. Out: a post is
never blindly repeated. Each carries its notice's key as metadata, and after a failure that may have worked all the same
the channel is searched for that key before it is posted again.
"""

import asyncio
import hashlib
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

import aiohttp
import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryFailed, DeliveryRetry, SetupError
from bot.model import Actor, Attachment, Incoming
from bot.ports import ChatAbilities, Desk, Post, Receive
from bot.settings import Slack as Settings
from integrations.slack import forms, inbound, words
from integrations.slack.errors import Ambiguous, code_of, delivery_error
from integrations.slack.files import FileTrouble, fetch
from integrations.slack.forms import About
from integrations.slack.inbound import Home, Pressed
from integrations.slack.pace import Pace
from integrations.slack.probe import probe
from integrations.slack.render import FULL_TEXT, Rendered, modal, pick, render
from integrations.slack.setup import require, socket_address, who_we_are
from integrations.slack.sockets import Sockets

log = structlog.get_logger(__name__)

EVENT_TYPE = "signpost_message"
"""Of the metadata that carries a notice's key (https://docs.slack.dev/messaging/message-metadata)."""
SEARCHED = 200
"""Messages that are searched for a post that may have worked."""
AT_ONCE = 6  # pieces of work in one conversation; more would only make acknowledgements wait for the loop
WAITING = 2000  # more than that is a fault, not a load; who comes later is told
CALL_SECONDS = 15.0
STOP_SECONDS = 5.0
PER_CHANNEL = 1.0
"""Seconds from message to message in one channel (https://docs.slack.dev/apis/web-api/rate-limits)."""
GROUPS_EVERY = 300.0
GROUPS_STALE = 3600.0
"""After so long without an answer a user group gives nobody a role any more."""
NAMES = 2000
FULL_TEXTS = 200
RESPONSES = 1000
RESPONSE_USES = 5
RESPONSE_SECONDS = 1800.0
SEEN = 20_000
_NO_PARENT = frozenset({"cannot_reply_to_message", "thread_not_found"})
_NOT_THERE = frozenset({"channel_not_found", "not_in_channel", "is_archived"})


class Slack:
    """One workspace.

    Args:
        settings: tokens, address, number of connections.
        language: what is spoken in a conversation, by its id.
        groups: ids of user groups that give roles.
        per_channel: seconds between messages in one channel.
        ping_interval: of the connections; every bound of their healing is a multiple of it.
    """

    name: str = "slack"
    abilities: ChatAbilities = ChatAbilities(edits=True, threads=True, forms=True)

    def __init__(
        self,
        settings: Settings,
        *,
        language: Callable[[str], str],
        groups: Sequence[str] = (),
        per_channel: float = PER_CHANNEL,
        ping_interval: float = 10.0,
    ) -> None:
        self._settings = settings
        self._language = language
        self._token = settings.bot_token.get_secret_value()
        self._group_ids = tuple(groups)
        self._ping_interval = ping_interval
        self._pace = Pace(per_channel)
        self._members: dict[str, tuple[frozenset[str], float]] = {}
        self._names: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._full: OrderedDict[str, str] = OrderedDict()
        self._responses: OrderedDict[str, tuple[str, float, int]] = OrderedDict()
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._doubtful: OrderedDict[str, None] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        # One for each conversation, while it has work: one that is flooded does not hold up the others.
        self._rooms: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._logger = logging.getLogger("slack_app")
        self._logger.setLevel(logging.WARNING)  # below, whole payloads are logged
        self._receive: Receive | None = None
        self._desk: Desk | None = None
        self._session: aiohttp.ClientSession | None = None
        self._writing: AsyncWebClient | None = None
        self._reading: AsyncWebClient | None = None
        self._sockets: Sockets | None = None
        self._home: Home | None = None
        self._ready = asyncio.Event()
        self._groups_task: asyncio.Task[None] | None = None

    def use(self, desk: Desk) -> None:
        """Where forms are had and handed in."""
        self._desk = desk

    # --- Starting and stopping ---------------------------------------------------------------------------------------

    async def start(self, receive: Receive) -> None:
        """Prove the tokens, open the connections, begin to listen.

        Raises:
            SetupError: a token is wrong or a scope is missing, in words for the operator.
        """
        self._receive = receive
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS))
        self._writing = self._reading = None  # the doctor may have asked without a session
        try:
            self._home, granted = await who_we_are(self._reader)
            require(granted)
            address = await socket_address(self._reader, self._settings.app_token.get_secret_value())
            await self._refresh_groups()
            self._sockets = Sockets(
                self._app(self._home),
                self._settings.app_token.get_secret_value(),
                count=self._settings.sockets,
                ping_interval=self._ping_interval,
                direct=_loopback(self._settings.base_url),
            )
            try:
                await self._sockets.start(address)
            except TimeoutError:
                raise SetupError("[slack] the tokens are right, but no connection could be opened") from None
        except BaseException:
            await self.stop()
            raise
        if self._group_ids:
            self._groups_task = asyncio.create_task(self._keep_groups(), name="slack-groups")
        self._ready.set()
        log.info("slack connected", team=self._home.team, sockets=self._settings.sockets)

    async def stop(self) -> None:
        """Close the connections, then let what was begun end, within bounds."""
        if self._sockets is not None:
            await self._sockets.stop()
            self._sockets = None
        if self._groups_task is not None:
            self._groups_task.cancel()
            await asyncio.wait([self._groups_task])
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        if self._session is not None:
            await self._session.close()
            self._session = self._writing = self._reading = None

    async def probe(self, conversations: Sequence[str]) -> tuple[list[str], list[str]]:
        """Ask Slack whether it would serve us; see `integrations.slack.probe`."""
        return await probe(self._reader, self._settings, conversations)

    @property
    def failing(self) -> str:
        """What is wrong with the connections; empty when all is well."""
        return self._sockets.failing if self._sockets is not None else "not connected to Slack"

    @property
    def groups(self) -> Mapping[str, frozenset[str]]:
        """User group → members, as far as Slack told lately; a group that went stale has nobody."""
        now = time.monotonic()
        return {group: found for group, (found, at) in self._members.items() if now - at < GROUPS_STALE}

    # --- Out ---------------------------------------------------------------------------------------------------------

    async def post(self, post: Post) -> str:
        """Post a message.

        Returns:
            Channel and time stamp, which are the message's identity, as `C0123:1700000000.000100`.

        Raises:
            DeliveryRetry: it may work later; after a failure that may have worked, the next call looks before it posts.
            DeliveryFailed: not in the channel, archived, …
        """
        await self._started()
        thread = post.place.thread or _ts(post.under)
        rendered = self._rendered(post)
        if post.again or post.key in self._doubtful:
            found = await self._find(post.place.conversation, thread, post.key)
            if found:
                self._doubtful.pop(post.key, None)
                return found
        await self._pace.turn(post.place.conversation)
        try:
            return await self._send(post, rendered, thread)
        except SlackApiError as error:
            code = code_of(error)
            if thread and code in _NO_PARENT:  # the card was deleted: the news is told all the same
                return await self._guarded_send(post, rendered, "")
            if code in _NOT_THERE and await self._respond(post.key, rendered):
                return ""
            raise self._trouble(post, error) from None
        except BaseException as error:
            if isinstance(error, Exception):
                raise self._trouble(post, error) from None
            _remember(self._doubtful, post.key, None, SEEN)  # cancelled in the middle: nobody knows
            raise

    async def edit(self, message_id: str, post: Post) -> None:
        """Change a posted message.

        Raises:
            DeliveryRetry: it may work later; an edit may be repeated.
            DeliveryFailed: the message is gone, or not ours.
        """
        await self._started()
        channel, _, ts = message_id.rpartition(":")
        rendered = self._rendered(post)
        try:
            await self._writer.chat_update(
                channel=channel or post.place.conversation, ts=ts, text=rendered.text, blocks=rendered.blocks
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise delivery_error(error) from None

    async def _started(self) -> None:
        """What is owed from before a restart may be due while the tokens are still being proved."""
        try:
            await asyncio.wait_for(self._ready.wait(), CALL_SECONDS)
        except TimeoutError:
            raise DeliveryRetry("not connected to Slack yet") from None

    async def _guarded_send(self, post: Post, rendered: Rendered, thread: str) -> str:
        try:
            return await self._send(post, rendered, thread)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._trouble(post, error) from None

    async def _send(self, post: Post, rendered: Rendered, thread: str) -> str:
        more: dict[str, Any] = {"thread_ts": thread} if thread else {}
        if thread and post.final:
            more["reply_broadcast"] = True
        answer = await self._writer.chat_postMessage(
            channel=post.place.conversation,
            text=rendered.text,
            blocks=rendered.blocks,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": post.key}},
            **more,
        )
        self._doubtful.pop(post.key, None)
        return f"{answer['channel']}:{answer['ts']}"

    def _trouble(self, post: Post, error: Exception) -> DeliveryRetry | DeliveryFailed | Exception:
        trouble = delivery_error(error)
        if isinstance(trouble, Ambiguous):
            _remember(self._doubtful, post.key, None, SEEN)
        if isinstance(trouble, DeliveryRetry) and trouble.retry_after:
            self._pace.rest(post.place.conversation, trouble.retry_after)
        return trouble

    def _rendered(self, post: Post) -> Rendered:
        key = hashlib.sha256(post.key.encode()).hexdigest()[:16]
        rendered = render(post.message, language=post.language, full_key=key)
        if rendered.full:
            _remember(self._full, key, rendered.full, FULL_TEXTS)
        return rendered

    async def _find(self, channel: str, thread: str, key: str) -> str:
        """The message that carries a key, among the latest ones; empty when there is none, or when it cannot be asked.

        Raises:
            DeliveryRetry: Slack did not answer.
        """
        try:
            if thread:
                answer = await self._reader.conversations_replies(
                    channel=channel, ts=thread, limit=SEARCHED, include_all_metadata=True
                )
            else:
                answer = await self._reader.conversations_history(
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

    async def _respond(self, key: str, rendered: Rendered) -> bool:
        """Answer a slash command where the bot is no member: only whoever typed it sees it."""
        origin = key.removeprefix("reply:")
        url, at, uses = self._responses.get(origin, ("", 0.0, 0))
        if not url or uses >= RESPONSE_USES or time.monotonic() - at > RESPONSE_SECONDS or self._session is None:
            return False
        self._responses[origin] = (url, at, uses + 1)
        body = {"response_type": "ephemeral", "text": rendered.text, "blocks": rendered.blocks}
        try:
            async with self._session.post(url, json=body) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("a response_url did not take an answer", reason=type(error).__name__)
            return False

    # --- In ----------------------------------------------------------------------------------------------------------

    def _app(self, home: Home) -> AsyncApp:
        """Bolt, with listeners that acknowledge and hand over; nothing is left without one."""

        async def authorize(**_: Any) -> AuthorizeResult:
            # Given, so that neither environment variables nor a call per start decide which token is used.
            return AuthorizeResult(
                enterprise_id=home.enterprise or None,
                team_id=home.team,
                bot_user_id=home.user,
                bot_token=self._token,
            )

        app = AsyncApp(client=self._client([], token=None), authorize=authorize, name="signpost", logger=self._logger)
        every = re.compile(".*")

        @app.command(every)
        async def command(ack: Any, body: dict[str, Any]) -> None:
            if len(self._tasks) >= WAITING:
                await ack(pick(words.BUSY, self._language(str(body.get("channel_id", "")))))
                return
            await ack()
            incoming = inbound.command(body, home)
            if incoming is not None:
                url = str(body.get("response_url", ""))
                _remember(self._responses, incoming.origin, (url, time.monotonic(), 0), RESPONSES)
                self._spawn(incoming.place.conversation, partial(self._heard, incoming))

        @app.event(every)
        async def event(body: dict[str, Any]) -> None:
            incoming = inbound.mention(body, home)
            if incoming is not None:
                self._spawn(incoming.place.conversation, partial(self._heard, incoming, inbound.files(body)))
            elif body.get("event", {}).get("type") in ("subteam_members_changed", "subteam_updated"):
                self._spawn("", self._refresh_groups)

        @app.action(every)
        async def action(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            if body.get("view"):
                self._spawn("forms", partial(self._refilled, body, home))
                return
            pressed = inbound.press(body, home)
            if pressed is not None:
                self._spawn(pressed.incoming.place.conversation, partial(self._pressed, pressed))

        @app.view_submission(forms.CALLBACK)
        async def submitted(ack: Any, body: dict[str, Any]) -> None:
            faults = await self._faults(body, home)
            if faults:
                await ack(response_action="errors", errors=faults)
                return
            await ack()
            self._spawn("forms", partial(self._handed_in, body, home))

        for listen in (app.view, app.view_closed, app.shortcut, app.options):

            @listen(every)
            async def other(ack: Any) -> None:
                await ack()

        @app.error
        async def error(error: Exception, body: dict[str, Any]) -> BoltResponse:
            log.error("a delivery from slack could not be taken", reason=type(error).__name__, exc_info=error)
            if "command" in body:
                return BoltResponse(status=200, body=pick(words.FAULT, self._language(str(body.get("channel_id", "")))))
            return BoltResponse(status=200)

        return app

    async def _heard(self, incoming: Incoming, files: Sequence[Mapping[str, Any]] = ()) -> None:
        if not self._first_time(incoming.origin) or self._receive is None:
            return
        incoming = replace(incoming, actor=await self._known(incoming.actor))
        attachments: list[Attachment] = []
        if not incoming.actor.outsider:
            for file in files:
                try:
                    attachments.append(await self._fetched(file))
                except FileTrouble as trouble:
                    await self._whisper(incoming, pick(trouble.words, self._language(incoming.place.conversation)))
        text = incoming.text if incoming.text.strip() or files else "help"
        await self._receive(replace(incoming, text=text, files=tuple(attachments)))

    async def _pressed(self, pressed: Pressed) -> None:
        if not self._first_time(pressed.incoming.origin) or self._receive is None:
            return
        language = self._language(pressed.incoming.place.conversation)
        if pressed.action == FULL_TEXT:
            text = self._full.get(pressed.target, pick(words.NO_LONGER, language))
            view = modal(pick(words.FULL_TEXT, language), text, close=pick(words.CLOSE, language))
            await self._open(pressed.trigger, view)
            return
        incoming = replace(pressed.incoming, actor=await self._known(pressed.incoming.actor))
        if pressed.action == "edit":
            numbers = pressed.numbers
            if await self._ask_in_a_form(pressed.trigger, incoming, numbers):
                return
            incoming = replace(incoming, text=f"edit #{numbers[0]}")
        await self._receive(incoming)

    async def _open(self, trigger: str, view: Mapping[str, Any]) -> str:
        """Open a view; returns its id, empty when it came too late."""
        try:
            answer = await self._writer.views_open(trigger_id=trigger, view=dict(view))
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a view was not opened", reason=str(delivery_error(error)))
            return ""
        return str(answer["view"]["id"])

    async def _whisper(self, incoming: Incoming, text: str) -> None:
        """Say something that only one person needs to see; best effort."""
        more: dict[str, Any] = {"thread_ts": incoming.place.thread} if incoming.place.thread else {}
        try:
            await self._writer.chat_postEphemeral(
                channel=incoming.place.conversation, user=incoming.actor.user, text=text, **more
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a hint was not shown", reason=str(delivery_error(error)))

    async def _fetched(self, file: Mapping[str, Any]) -> Attachment:
        if file.get("file_access") == "check_file_info" or not file.get("url_private"):
            try:  # a stub, as Slack Connect has them
                answer = await self._reader.files_info(file=str(file.get("id", "")))
            except SlackApiError:
                raise FileTrouble(words.UNREADABLE) from None
            file = answer["file"]
        if self._session is None:
            raise FileTrouble(words.UNREADABLE)
        also = urlsplit(self._settings.base_url).netloc if _loopback(self._settings.base_url) else ""
        return await fetch(self._session, file, token=self._token, also=also)

    def _first_time(self, origin: str) -> bool:
        if origin in self._seen:
            return False
        _remember(self._seen, origin, None, SEEN)
        return True

    async def _known(self, actor: Actor) -> Actor:
        """With a name; and on Enterprise Grid, a colleague from another workspace is no outsider."""
        if actor.user not in self._names:
            try:
                user = (await self._reader.users_info(user=actor.user))["user"]
            except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError):
                return actor if actor.name else replace(actor, name=actor.user)
            profile = user.get("profile") or {}
            name = profile.get("display_name") or profile.get("real_name") or user.get("name") or actor.user
            enterprise = str((user.get("enterprise_user") or {}).get("enterprise_id") or "")
            _remember(self._names, actor.user, (str(name), enterprise), NAMES)
        name, enterprise = self._names[actor.user]
        actor = replace(actor, name=name)
        if actor.outsider and self._home is not None and self._home.enterprise and enterprise == self._home.enterprise:
            return replace(actor, outsider=False, team=self._home.team)
        return actor

    # --- Forms -------------------------------------------------------------------------------------------------------

    async def _ask_in_a_form(self, trigger: str, incoming: Incoming, numbers: tuple[int, ...]) -> bool:
        """Open the form for these requests; false where the typed command has to answer instead."""
        if self._desk is None or not await self._desk.may(incoming, numbers):
            return False
        language = self._language(incoming.place.conversation)
        about = About(numbers, incoming.place)
        view_id = await self._open(trigger, forms.loading(about, language))
        if not view_id:
            return False
        form = await self._desk.form(incoming, numbers, {})
        if form is not None:
            await self._show(view_id, forms.view(form, about, language))
        return True

    async def _refilled(self, body: Mapping[str, Any], home: Home) -> None:
        """Something was chosen on which other fields depend."""
        said = self._said_in_a_form(body, home)
        if said is None or self._desk is None:
            return
        incoming, about = said
        form = await self._desk.form(incoming, about.numbers, forms.filled(body).values)
        if form is not None:
            view = forms.view(form, about, self._language(incoming.place.conversation))
            # With the hash: what somebody chose since is newer than what this is made from.
            await self._show(str(body["view"]["id"]), view, seen=str(body["view"].get("hash", "")))

    async def _faults(self, body: Mapping[str, Any], home: Home) -> Mapping[str, str]:
        said = self._said_in_a_form(body, home)
        if said is None or self._desk is None:
            return {}
        incoming, about = said
        given = forms.filled(body)
        sizes = {
            key: [(str(file.get("name", "")), int(file.get("size") or 0)) for file in files]
            for key, files in given.files.items()
        }
        found = await self._desk.faults(incoming, about.numbers, given.values, sizes)
        asked = [block["block_id"] for block in body["view"]["blocks"] if block.get("type") == "input"]
        if not found or not asked:
            return {}
        here = {key: text for key, text in found.items() if key in asked}
        return here or {asked[0]: " ".join(found.values())}

    async def _handed_in(self, body: Mapping[str, Any], home: Home) -> None:
        said = self._said_in_a_form(body, home)
        if said is None or self._desk is None:
            return
        incoming, about = said
        if not self._first_time(incoming.origin):
            return
        incoming = replace(incoming, actor=await self._known(incoming.actor))
        given = forms.filled(body)
        papers: dict[str, tuple[Attachment, ...]] = {}
        try:
            for key, files in given.files.items():
                papers[key] = tuple([await self._fetched(file) for file in files])
        except FileTrouble as trouble:
            await self._whisper(incoming, pick(trouble.words, self._language(incoming.place.conversation)))
            return
        await self._desk.hand_in(incoming, about.numbers, given.values, papers)

    def _said_in_a_form(self, body: Mapping[str, Any], home: Home) -> tuple[Incoming, About] | None:
        view = body.get("view") or {}
        about = About.unpacked(view.get("private_metadata"))
        actor = inbound.person(body, home)
        if about is None or actor is None:
            return None
        incoming = Incoming(
            text="",
            actor=actor,
            place=about.place,
            origin=f"form:{view.get('id', '')}",
            direct=about.place.conversation.startswith("D"),
        )
        return incoming, about

    async def _show(self, view_id: str, view: Mapping[str, Any], seen: str = "") -> None:
        more: dict[str, Any] = {"hash": seen} if seen else {}
        try:
            await self._writer.views_update(view_id=view_id, view=dict(view), **more)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a form was not shown", reason=str(delivery_error(error)))

    # --- User groups -------------------------------------------------------------------------------------------------

    async def _keep_groups(self) -> None:
        while True:
            await asyncio.sleep(GROUPS_EVERY)
            await self._refresh_groups()

    async def _refresh_groups(self) -> None:
        for group in self._group_ids:
            try:
                answer = await self._reader.usergroups_users_list(usergroup=group)
            except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
                log.warning("a user group cannot be read", group=group, reason=str(delivery_error(error)))
                continue
            self._members[group] = (frozenset(answer["users"]), time.monotonic())

    # --- Work --------------------------------------------------------------------------------------------------------

    def _spawn(self, conversation: str, work: Callable[[], Awaitable[None]]) -> None:
        room = self._rooms.get(conversation)
        if room is None:
            room = self._rooms[conversation] = asyncio.Semaphore(AT_ONCE)
        task = asyncio.create_task(self._run(room, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, room: asyncio.Semaphore, work: Callable[[], Awaitable[None]]) -> None:
        async with room:
            try:
                await work()
            except Exception:  # the boundary of a task: nobody awaits it
                log.exception("work for slack failed")

    @property
    def _writer(self) -> AsyncWebClient:
        """Never repeats by itself: a dropped connection would post a message twice."""
        if self._writing is None:
            self._writing = self._client([])
        return self._writing

    @property
    def _reader(self) -> AsyncWebClient:
        """Repeats what can be repeated."""
        if self._reading is None:
            self._reading = self._client(
                [
                    AsyncConnectionErrorRetryHandler(max_retry_count=2),
                    AsyncRateLimitErrorRetryHandler(max_retry_count=1),
                    AsyncServerErrorRetryHandler(max_retry_count=2),
                ]
            )
        return self._reading

    def _client(self, retries: list[Any], *, token: str | None = "") -> AsyncWebClient:
        client = AsyncWebClient(
            token=self._token if token == "" else token,
            base_url=self._settings.base_url,
            session=self._session,
            retry_handlers=retries,
            logger=self._logger,
        )
        if _loopback(self._settings.base_url):
            client.proxy = None  # the SDK ignores NO_PROXY
        return client


def _ts(message_id: str) -> str:
    return message_id.rpartition(":")[2]


def _loopback(url: str) -> bool:
    return (urlsplit(url).hostname or "") in ("127.0.0.1", "localhost", "::1")


def _remember(memory: OrderedDict[str, Any], key: str, value: Any, most: int) -> None:
    memory[key] = value
    memory.move_to_end(key)
    while len(memory) > most:
        memory.popitem(last=False)
