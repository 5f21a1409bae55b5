"""Slack as a chat platform; keeps `bot.contracts.chat.Chat`.

In: Bolt acknowledges, then hands over; the work is done in tasks of our own, a bounded number at once. Out: `posting`.
Forms: `modals`.
"""

import asyncio
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from bot.contracts.chat import ChatAbilities, Desk, Post, Receive
from bot.contracts.errors import DeliveryRetry
from bot.contracts.memory import Forgetful, Memory
from bot.contracts.message import SAY
from bot.contracts.model import Attachment, Incoming, Words
from bot.contracts.probe import Finding, Found
from integrations.slack import forms, inbound, words
from integrations.slack.config import Slack as Settings
from integrations.slack.connecting import Connecting
from integrations.slack.edited import Edits
from integrations.slack.files import FileTrouble, fetch, told
from integrations.slack.home import HomeTabs
from integrations.slack.inbound import Edited, Home, Pressed
from integrations.slack.modals import Modals
from integrations.slack.people import People
from integrations.slack.posting import PER_CHANNEL, TOGETHER, Posting
from integrations.slack.probe import channel_probe, probe
from integrations.slack.remembering import FirstTimes
from integrations.slack.render import FULL_TEXT, modal
from integrations.slack.setup import require, socket_address, unreached, who_we_are
from integrations.slack.sockets import Sockets
from integrations.slack.web import CALL_SECONDS, Web
from integrations.slack.work import Piece, Unacknowledged, Work

log = structlog.get_logger(__name__)

STOP_SECONDS = 1.0
"""How long what was begun may go on at the end; everything together has 10 (spec 13)."""

Read = Callable[[Mapping[str, Any], Home], Incoming | None]
"""What a delivery says, as something somebody said."""


class Slack:
    """One workspace.

    Args:
        settings: tokens, address, number of connections.
        language: what is spoken in a conversation, by its id.
        groups: ids of user groups that give roles.
        conversations: ids of the channels that are served; once connected, those that the app is not in are logged.
        per_channel: seconds between messages in one channel.
        ping_interval: of the connections; every bound of their healing is a multiple of it.
        call_seconds: how long a call of the Web API may take.
        now: seconds on a clock that never goes back.
    """

    name: str = "slack"
    abilities: ChatAbilities = ChatAbilities(
        edits=True,
        threads=True,
        forms=True,
        pictures=True,
        beside=True,
        whispers=True,
        slash=True,
        direct="",
        together=TOGETHER,
    )

    def __init__(
        self,
        settings: Settings,
        *,
        language: Callable[[str], str],
        groups: Sequence[str] = (),
        conversations: Sequence[str] = (),
        per_channel: float = PER_CHANNEL,
        ping_interval: float = 10.0,
        call_seconds: float = CALL_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._language = language
        self._conversations = tuple(conversations)
        self._ping_interval = ping_interval
        self._call_seconds = call_seconds
        self._now = now
        self._web = Web(settings, call_seconds)
        self._people = People(self._web, groups, now)
        self._posting = Posting(self._web, Forgetful(), per_channel)
        self._modals = Modals(
            self._web,
            self._people,
            language,
            self._fetched,
            self._posting.whispers.hint,
            self._posting.whispers.as_asked,
        )
        self._tabs = HomeTabs(self._web, self._people, language)
        self._first_time = FirstTimes()
        self._edits = Edits()
        self._unacknowledged = Unacknowledged()
        self._work = Work(self._unacknowledged.none)
        self._receive: Receive | None = None
        self._sockets: Sockets | None = None
        self._home: Home | None = None
        self._ready = asyncio.Event()
        self._stopped = False
        self._connecting = Connecting(self._open)
        self._tasks: list[asyncio.Task[None]] = []

    def use(self, desk: Desk) -> None:
        """Where forms are had and handed in, and people's own pages are had."""
        self._modals.desk = desk
        self._tabs.desk = desk

    def remember(self, memory: Memory) -> None:
        """Where to keep what buttons will ask for, and what was filled in so far."""
        self._posting.memory = memory
        self._modals.memory = memory
        self._tabs.memory = memory

    async def ask(self, incoming: Incoming, numbers: Sequence[int], filled: Mapping[str, str] | None = None) -> bool:
        """Open a form for whoever said this."""
        return await self._modals.ask(incoming, numbers, filled)

    # --- Starting and stopping ---------------------------------------------------------------------------------------

    async def start(self, receive: Receive) -> None:
        """Prove the tokens, open the connections, begin to listen; where Slack is out of reach, it is tried on.

        Raises:
            SetupError: a token is wrong or a scope is missing, in words for the operator.
        """
        self._receive = receive
        self._web.open()
        try:
            await self._connecting.start()
        except BaseException:
            await self.stop()
            raise

    async def _open(self) -> None:
        """Connect, and see to what needs a connection.

        Raises:
            Unreached: Slack is out of reach, or in trouble of its own.
            SetupError: it would not serve us.
        """
        app_token = self._settings.app_token.get_secret_value()
        home, granted = await who_we_are(self._web.reader)
        require(granted)
        address = await socket_address(self._web.reader, app_token)
        self._home = home
        await self._people.refresh_groups(home)
        sockets = Sockets(
            self._app(home),
            app_token,
            partial(socket_address, self._web.reader, app_token),
            count=self._settings.sockets,
            ping_interval=self._ping_interval,
            unacknowledged=self._unacknowledged,
            direct=self._web.direct,
            now=self._now,
        )
        self._sockets = sockets
        try:
            await sockets.start(address)
        except TimeoutError as error:
            self._sockets = None
            raise unreached(error) from None
        if self._people.group_ids:
            self._tasks.append(asyncio.create_task(self._people.keep_groups(home), name="slack-groups"))
        self._tasks.append(asyncio.create_task(self._look(), name="slack-look"))
        self._ready.set()
        log.info("slack connected", team=home.team, sockets=self._settings.sockets)

    async def _look(self) -> None:
        """Say which of the conversations that are served the app is not in: it would hear and say nothing there."""
        for conversation in self._conversations:
            finding = await channel_probe(self._web.reader, conversation)
            if finding.found is Found.WRONG:
                log.warning("a conversation of the configuration is not served", why=finding.what.en)

    async def stop(self) -> None:
        """Close the connections, then let what was begun end, within bounds."""
        await self._connecting.stop()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        if self._sockets is not None:
            await self._sockets.stop()
            self._sockets = None
        await self._work.stop(STOP_SECONDS)
        self._stopped = True
        self._ready.set()  # whoever waits for a start is told
        await self._web.close()

    async def probe(
        self, conversations: Sequence[str], people: Sequence[str], groups: Sequence[str], shifts: Sequence[str] = ()
    ) -> list[Finding]:
        """Ask Slack whether it would serve us; see `integrations.slack.probe`."""
        app_token = self._settings.app_token.get_secret_value()
        return await probe(self._web.reader, app_token, conversations, people, groups, shifts)

    @property
    def failing(self) -> str:
        """What is wrong with the connections; empty when all is well."""
        return self._sockets.failing if self._ready.is_set() and self._sockets is not None else self._connecting.trouble

    @property
    def facts(self) -> tuple[Words, ...]:
        """What `health` tells: the connections."""
        if self._sockets is None or not self._ready.is_set():
            return ()
        return (Words(*(one.format(count=self._sockets.up) for one in (words.UP.en, words.UP.zh))),)

    @property
    def groups(self) -> Mapping[str, frozenset[str]]:
        """User group → members; a group that went stale has nobody."""
        return self._people.groups

    async def keep_group(self, group: str, members: Sequence[str]) -> None:
        """Have a user group have these members and no others; see `bot.contracts.chat.KeepsGroups`."""
        if self._home is None:
            raise DeliveryRetry("not connected to Slack")
        await self._people.keep(group, members, self._home)

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
        self._edits.answered(post)
        return await self._posting.post(post)

    async def edit(self, message_id: str, post: Post) -> None:
        """Change a posted message.

        Raises:
            DeliveryRetry: it may work later; an edit may be repeated.
            DeliveryFailed: the message is gone, or not ours.
        """
        await self._started()
        await self._posting.edit(message_id, post)

    async def link(self, message_id: str) -> str:
        """An address that leads to a posted message; empty where it cannot be had now."""
        return await self._posting.link(message_id)

    def meant(self, text: str, conversation: str) -> str:
        """The id of the message that a text names; see `integrations.slack.inbound.message_of`."""
        return inbound.message_of(text, conversation)

    def alone(self, conversation: str) -> bool:
        """See `bot.contracts.alone.Alone`."""
        return inbound.is_direct(conversation)

    async def title(self, conversation: str) -> str:
        """What people call a conversation; see `bot.contracts.chat.Titles`."""
        return await self._people.title(conversation)

    async def _started(self) -> None:
        """Wait until something may be sent: what is owed from before a restart may be due before the tokens are proved.

        And acknowledgements come first, also before what nobody asked for.
        """
        try:
            await asyncio.wait_for(self._ready.wait(), self._call_seconds)
        except TimeoutError:
            raise DeliveryRetry(words.NOT_YET.en, words=words.NOT_YET) from None
        if self._stopped:
            raise DeliveryRetry(words.ENDING.en, words=words.ENDING)
        await self._unacknowledged.none()

    # --- In ----------------------------------------------------------------------------------------------------------

    def _app(self, home: Home) -> AsyncApp:
        """Bolt, with listeners that acknowledge and hand over; nothing is left without one."""

        async def authorize(**_: Any) -> AuthorizeResult:
            # Given, so that neither environment variables nor a call per start decide which token is used.
            return AuthorizeResult(
                enterprise_id=home.enterprise or None,
                team_id=home.team,
                bot_user_id=home.user,
                bot_token=self._web.token,
            )

        app = AsyncApp(
            client=self._web.client([], with_token=False), authorize=authorize, name="signpost", logger=self._web.logger
        )
        every = re.compile(".*")

        @app.command(every)
        async def command(ack: Any, body: dict[str, Any]) -> None:
            channel = str(body.get("channel_id", ""))
            if self._work.full(channel):
                await ack(words.BUSY.said(self._language(channel)))
                return
            await ack()
            self._work.add(channel, partial(self._commanded, inbound.command, body, home))

        @app.message_shortcut(inbound.CHECK)
        async def check(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            channel = str((body.get("channel") or {}).get("id", ""))
            self._work.add(channel, partial(self._commanded, inbound.shortcut, body, home))

        @app.event(every)
        async def event(body: dict[str, Any]) -> None:
            incoming = inbound.mention(body, home)
            if incoming is not None:
                self._work.add(incoming.place.conversation, partial(self._heard, incoming, inbound.files(body)))
            elif (changed := inbound.edited(body, home)) is not None:
                self._work.add(changed.incoming.place.conversation, partial(self._edited, changed))
            elif (opened := inbound.opened(body, home)) is not None:
                self._work.add(opened.place.conversation, partial(self._opened, opened, home))
            elif (taken_in := inbound.invited(body, home)) is not None:
                self._work.add(taken_in.place.conversation, partial(self._invited, taken_in))
            elif inbound.changed_group(body) in self._people.group_ids:
                self._work.add("", partial(self._people.refresh_groups, home))

        @app.action(every)
        async def action(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            if (body.get("view") or {}).get("type") == "modal":
                self._work.add(forms.view_id(body), partial(self._modals.refilled, body, home))
                return
            pressed = inbound.press(body, home)
            if pressed is not None:
                self._posting.whispers.may_answer_at(
                    pressed.incoming,
                    str(body.get("response_url", "")),
                    thread=pressed.thread,
                    alone=pressed.alone,
                )
                self._work.add(pressed.incoming.place.conversation, partial(self._pressed, pressed, home))

        @app.view_submission(forms.CALLBACK)
        async def submitted(ack: Any, body: dict[str, Any]) -> None:
            answer = await self._modals.submitted(body, home)
            await ack(**answer.ack)
            if answer.then is not None:
                self._work.add(forms.view_id(body), partial(self._handed_in, answer.then, body, home))

        @app.view_closed(forms.CALLBACK)
        async def closed(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            self._work.add(forms.view_id(body), partial(self._modals.closed, body, home))

        @app.view_submission(forms.SETTLE)
        async def settled(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            self._work.add(forms.view_id(body), partial(self._settled, body, home))

        for listen in (app.view, app.view_closed, app.shortcut, app.options):

            @listen(every)
            async def other(ack: Any) -> None:
                await ack()

        @app.error
        async def error(error: Exception, body: dict[str, Any]) -> BoltResponse:
            log.error("a delivery from slack could not be taken", reason=type(error).__name__, exc_info=error)
            if "command" in body:
                return BoltResponse(status=200, body=words.FAULT.said(self._language(str(body.get("channel_id", "")))))
            if body.get("type") == "view_submission":  # an empty answer would close it, as if all were well
                about = forms.About.unpacked((body.get("view") or {}).get("private_metadata"))
                language = self._language(about.place.conversation if about is not None else "")
                said = {"response_action": "update", "view": forms.saying(words.FAULT, language)}
                return BoltResponse(status=200, body=json.dumps(said))
            return BoltResponse(status=200)

        return app

    async def _commanded(self, read: Read, body: Mapping[str, Any], home: Home) -> None:
        """What came with the right to answer only whoever said it, and to open a form."""
        incoming = read(body, home)
        if incoming is None:
            return
        self._posting.whispers.may_answer_at(
            incoming, str(body.get("response_url", "")), thread=inbound.thread_of(body)
        )
        self._modals.may_open(incoming.origin, str(body.get("trigger_id", "")))
        await self._heard(incoming)

    async def _heard(self, incoming: Incoming, files: Sequence[Mapping[str, Any]] = ()) -> None:
        if not self._first_time(incoming.origin) or self._receive is None:
            return
        self._edits.heard(incoming)
        incoming = replace(incoming, actor=await self._people.known(incoming.actor, self._home))
        attachments: list[Attachment] = []
        if not incoming.actor.outsider:
            incoming = await self._people.named(incoming)
            for file in files:
                try:
                    attachments.append(await self._fetched(file))
                except FileTrouble as trouble:
                    await self._hint(incoming, trouble.words)
        await self._unacknowledged.none()  # whom to ask for may have taken a while
        await self._receive(replace(incoming, files=tuple(attachments)))

    async def _edited(self, edited: Edited) -> None:
        if (said := self._edits.read(edited)) is not None:
            await self._heard(said, edited.files)
        elif self._edits.to_be_told(edited):
            await self._hint(edited.incoming, words.EDITED)

    async def _invited(self, incoming: Incoming) -> None:
        if self._first_time(incoming.origin) and self._receive is not None:
            await self._receive(replace(incoming, actor=await self._people.known(incoming.actor, self._home)))

    async def _opened(self, incoming: Incoming, home: Home) -> None:
        if self._first_time(incoming.origin):
            await self._tabs.show(incoming, home)

    async def _pressed(self, pressed: Pressed, home: Home) -> None:
        if not self._first_time(pressed.incoming.origin) or self._receive is None:
            return
        await self._press(pressed, self._receive)
        if pressed.at_home:
            await self._tabs.show(pressed.incoming, home)

    async def _press(self, pressed: Pressed, receive: Receive) -> None:
        language = self._language(pressed.incoming.place.conversation)
        if pressed.action == FULL_TEXT:
            text = await self._posting.memory.get(f"{FULL_TEXT}:{pressed.target}") or words.NO_LONGER.said(language)
            view = modal(words.FULL_TEXT.said(language), text, close=words.CLOSE.said(language))
            await self._modals.open(pressed.trigger, view)
            return
        incoming = replace(pressed.incoming, actor=await self._people.known(pressed.incoming.actor, self._home))
        if pressed.action == "edit":
            numbers = pressed.numbers
            if await self._modals.ask_in_a_form(pressed.trigger, incoming, numbers):
                return
            incoming = replace(incoming, text=f"edit #{numbers[0]}")
        asks_id = pressed.action == forms.SETTLE and not incoming.actor.outsider
        if asks_id and await self._modals.ask_for_id(pressed.trigger, incoming, pressed.numbers[0]):
            return
        if pressed.action == SAY:
            said = await self._posting.memory.get(f"{SAY}:{pressed.target}")
            if said is None:
                await self._hint(incoming, words.NO_LONGER_KNOWN)
                return
            incoming = replace(incoming, text=said)
        self._modals.may_open(incoming.origin, pressed.trigger)
        await receive(incoming)

    async def _handed_in(self, then: Piece, body: Mapping[str, Any], home: Home) -> None:
        await then()
        await self._changed(body, home)

    async def _settled(self, body: Mapping[str, Any], home: Home) -> None:
        incoming = await self._modals.settled(body, home)
        if incoming is not None:
            await self._heard(incoming)
            await self._changed(body, home)

    async def _changed(self, body: Mapping[str, Any], home: Home) -> None:
        """A form of a 1:1 conversation may have been opened from the home tab, which shows something else now."""
        about = forms.About.unpacked((body.get("view") or {}).get("private_metadata"))
        actor = inbound.person(body, home)
        if about is not None and actor is not None and inbound.is_direct(about.place.conversation):
            await self._tabs.show(Incoming("", actor, about.place, origin="", direct=True), home)

    async def _hint(self, incoming: Incoming, said: Words) -> None:
        await self._posting.whispers.hint(incoming, said.said(self._language(incoming.place.conversation)))

    async def _fetched(self, file: Mapping[str, Any]) -> Attachment:
        file = await told(self._web.reader, file)
        if self._web.session is None:
            raise FileTrouble(words.UNREADABLE)
        also = urlsplit(self._web.base_url).netloc if self._web.direct else ""
        return await fetch(self._web.session, file, token=self._web.token, also=also)
