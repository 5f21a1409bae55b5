"""Forms: opened for whoever may fill them in, filled in again when a choice asks for more, handed in."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.model import Attachment, Incoming, Kind
from bot.ports import Desk
from integrations.slack import forms, inbound
from integrations.slack.errors import delivery_error
from integrations.slack.files import FileTrouble
from integrations.slack.forms import About
from integrations.slack.inbound import Home
from integrations.slack.people import People
from integrations.slack.remembering import remember
from integrations.slack.render import pick
from integrations.slack.web import Web

log = structlog.get_logger(__name__)

TRIGGERS = 1000
"""Rights to open a form that are remembered; each lives for 3 seconds."""

Fetch = Callable[[Mapping[str, Any]], Awaitable[Attachment]]
Whisper = Callable[[Incoming, str], Awaitable[None]]


class Modals:
    """The forms of one workspace.

    Args:
        web: to call with.
        people: who they are.
        language: what is spoken in a conversation, by its id.
        fetch: downloads a file.
        whisper: says something that only one person needs to see.
    """

    def __init__(
        self, web: Web, people: People, language: Callable[[str], str], fetch: Fetch, whisper: Whisper
    ) -> None:
        self._web = web
        self._people = people
        self._language = language
        self._fetch = fetch
        self._whisper = whisper
        self._triggers: OrderedDict[str, str] = OrderedDict()
        self.desk: Desk | None = None

    def may_open(self, origin: str, trigger: str) -> None:
        """What was said came with the right to open one form."""
        remember(self._triggers, origin, trigger, TRIGGERS)

    async def ask(self, incoming: Incoming, numbers: Sequence[int], kind: Kind) -> bool:
        """Open the form for these requests; see `bot.ports.FillsForms.ask`."""
        trigger = self._triggers.pop(incoming.origin, "")
        del kind
        if not trigger or not numbers:
            return False
        return await self.ask_in_a_form(trigger, incoming, tuple(numbers))

    async def open(self, trigger: str, view: Mapping[str, Any]) -> str:
        """Open a view; returns its id, empty when it came too late."""
        try:
            answer = await self._web.writer.views_open(trigger_id=trigger, view=dict(view))
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a view was not opened", reason=str(delivery_error(error)))
            return ""
        return str(answer["view"]["id"])

    async def ask_in_a_form(self, trigger: str, incoming: Incoming, numbers: tuple[int, ...]) -> bool:
        """Open the form for these requests; false where the typed command has to answer instead."""
        if self.desk is None or not await self.desk.may(incoming, numbers):
            return False
        language = self._language(incoming.place.conversation)
        about = About(numbers, incoming.place)
        view_id = await self.open(trigger, forms.loading(about, language))
        if not view_id:
            return False
        form = await self.desk.form(incoming, numbers, {})
        if form is not None:
            await self._show(view_id, forms.view(form, about, language))
        return True

    async def refilled(self, body: Mapping[str, Any], home: Home) -> None:
        """Something was chosen on which other fields depend."""
        said = self._said_in_a_form(body, home)
        if said is None or self.desk is None:
            return
        incoming, about = said
        form = await self.desk.form(incoming, about.numbers, forms.filled(body).values)
        if form is not None:
            view = forms.view(form, about, self._language(incoming.place.conversation))
            # With the hash: what somebody chose since is newer than what this is made from.
            await self._show(str(body["view"]["id"]), view, seen=str(body["view"].get("hash", "")))

    async def faults(self, body: Mapping[str, Any], home: Home) -> Mapping[str, str]:
        """What is wrong with what is about to be handed in: block → words."""
        said = self._said_in_a_form(body, home)
        if said is None or self.desk is None:
            return {}
        incoming, about = said
        given = forms.filled(body)
        sizes = {
            key: [(str(file.get("name", "")), int(file.get("size") or 0)) for file in files]
            for key, files in given.files.items()
        }
        found = await self.desk.faults(incoming, about.numbers, given.values, sizes)
        asked = [block["block_id"] for block in body["view"]["blocks"] if block.get("type") == "input"]
        if not found or not asked:
            return {}
        here = {key: text for key, text in found.items() if key in asked}
        return here or {asked[0]: " ".join(found.values())}

    async def handed_in(self, body: Mapping[str, Any], home: Home) -> None:
        """A form was handed in, and acknowledged."""
        said = self._said_in_a_form(body, home)
        if said is None or self.desk is None:
            return
        incoming, about = said
        incoming = replace(incoming, actor=await self._people.known(incoming.actor, home))
        given = forms.filled(body)
        papers: dict[str, tuple[Attachment, ...]] = {}
        try:
            for key, files in given.files.items():
                papers[key] = tuple([await self._fetch(file) for file in files])
        except FileTrouble as trouble:
            await self._whisper(incoming, pick(trouble.words, self._language(incoming.place.conversation)))
            return
        await self.desk.hand_in(incoming, about.numbers, given.values, papers)

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
            await self._web.writer.views_update(view_id=view_id, view=dict(view), **more)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a form was not shown", reason=str(delivery_error(error)))
