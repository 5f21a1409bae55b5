"""Forms: opened for whoever may fill them in, step by step, filled in again when a choice asks for more, handed in.

What was filled in so far is kept under the view's id (`Progress`), so it survives steps, errors and a restart; a view
only shows it. A submission is answered within the acknowledgement, which Slack waits three seconds for; what takes
longer goes on after it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.contracts.chat import Desk, Form
from bot.contracts.memory import Forgetful, Memory
from bot.contracts.model import Attachment, Incoming, Words
from bot.contracts.papers import clean_name
from integrations.slack import forms, inbound, words
from integrations.slack.errors import delivery_error
from integrations.slack.files import FileTrouble
from integrations.slack.forms import About
from integrations.slack.inbound import Home
from integrations.slack.people import People
from integrations.slack.remembering import remember
from integrations.slack.render import PREFIX, escape
from integrations.slack.steps import Progress, next_step
from integrations.slack.web import Web

log = structlog.get_logger(__name__)

TRIGGERS = 1000
"""Rights to open a form that are remembered; each lives for 3 seconds."""
TAKEN = 1000
"""Submissions that are remembered, so that one which is delivered twice acts once."""
SHOWN = 100
"""Forms of which the last view is remembered, to show it again after a delivery that came twice."""
FORMS = 50
"""Forms of which what is personal is held, in memory only."""
FORM_SECONDS = 1.5
"""An acknowledgement waits for the next step; Slack waits three seconds for the acknowledgement."""

ANSWER_SECONDS = 2.2
"""So long the acknowledgement of a submission may take: within it an app can still close the form, later it cannot."""

Fetch = Callable[[Mapping[str, Any]], Awaitable[Attachment]]
Whisper = Callable[[Incoming, str], Awaitable[None]]
View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of a submission.

    Args:
        ack: what it is acknowledged with; nothing closes the form.
        then: what is done after that.
    """

    ack: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    then: Callable[[], Awaitable[None]] | None = None


def _turn_into(view: View) -> Mapping[str, Any]:
    return {"response_action": "update", "view": view}


class Modals:
    """The forms of one workspace.

    Args:
        web: to call with.
        people: who they are.
        language: what is spoken in a conversation, by its id.
        fetch: downloads a file.
        whisper: says something that only one person needs to see.
        as_asked: what comes of this (a form) is answered as that (what it was opened with) would be.
    """

    def __init__(
        self,
        web: Web,
        people: People,
        language: Callable[[str], str],
        fetch: Fetch,
        whisper: Whisper,
        as_asked: Callable[[str, str], None],
    ) -> None:
        self._web = web
        self._people = people
        self._language = language
        self._fetch = fetch
        self._whisper = whisper
        self._as_asked = as_asked
        self._triggers: OrderedDict[str, str] = OrderedDict()
        self._begun: OrderedDict[str, str] = OrderedDict()
        self._taken: OrderedDict[str, None] = OrderedDict()
        self._awaited: dict[str, asyncio.Future[View]] = {}
        self._shown: OrderedDict[str, View] = OrderedDict()
        self._personal: OrderedDict[str, Mapping[str, str]] = OrderedDict()
        self.memory: Memory = Forgetful()
        self.desk: Desk | None = None

    # --- Opening -----------------------------------------------------------------------------------------------------

    def may_open(self, origin: str, trigger: str) -> None:
        """What was said came with the right to open one form."""
        remember(self._triggers, origin, trigger, TRIGGERS)

    async def ask(self, incoming: Incoming, numbers: Sequence[int], filled: Mapping[str, str] | None = None) -> bool:
        """Open the form for these requests, or go on in the one it began in; see `bot.contracts.chat.FillsForms.ask`."""
        if len(numbers) > forms.MAX_NUMBERS:
            return False
        begun = self._begun.pop(incoming.origin, "")
        if begun:
            progress = replace(await self._progress(begun), numbers=tuple(numbers))
            return await self._fill_in(begun, incoming, About(tuple(numbers), incoming.place), progress)
        trigger = self._triggers.pop(incoming.origin, "")
        if not trigger:
            return False
        if numbers:
            return await self.ask_in_a_form(trigger, incoming, tuple(numbers), filled)
        return await self._ask_where(trigger, incoming)

    async def open(self, trigger: str, view: Mapping[str, Any]) -> str:
        """Open a view; returns its id, empty when it came too late."""
        try:
            answer = await self._web.writer.views_open(trigger_id=trigger, view=dict(view))
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a view was not opened", reason=str(delivery_error(error)))
            return ""
        return str(answer["view"]["id"])

    async def _opened(self, trigger: str, incoming: Incoming, view: Mapping[str, Any]) -> str:
        """Open a form, whose answer is seen where it was asked for."""
        view_id = await self.open(trigger, view)
        for origin in (f"form:{view_id}", f"begin:{view_id}") if view_id else ():
            self._as_asked(origin, incoming.origin)
        return view_id

    async def ask_in_a_form(
        self, trigger: str, incoming: Incoming, numbers: tuple[int, ...], filled: Mapping[str, str] | None = None
    ) -> bool:
        """Open the form for these requests; false where the typed command has to answer instead."""
        if self.desk is None or len(numbers) > forms.MAX_NUMBERS or not await self.desk.may(incoming, numbers):
            return False
        about = About(numbers, incoming.place)
        view_id = await self._opened(trigger, incoming, forms.loading(about, self._spoken(about)))
        return bool(view_id) and await self._fill_in(view_id, incoming, about, Progress(values=filled or {}))

    async def ask_for_id(self, trigger: str, incoming: Incoming, number: int) -> bool:
        """Open the form that asks for the vendor's id of a request; false where the typed command has to ask."""
        about = About((number,), incoming.place)
        return bool(await self._opened(trigger, incoming, forms.settling(about, self._spoken(about))))

    async def _ask_where(self, trigger: str, incoming: Incoming) -> bool:
        """Open the form that asks for accounts and name; what was said is kept for when it is handed in."""
        form = await self.desk.beginning(incoming, {}) if self.desk is not None else None
        if form is None:
            return False
        about = About((), incoming.place)
        view_id = await self._opened(trigger, incoming, forms.loading(about, self._spoken(about)))
        if not view_id:
            return False
        progress = Progress(command=incoming.text)
        await self._keep(view_id, progress)
        await self._show(view_id, self._step(form, progress, about))
        return True

    async def _fill_in(self, view_id: str, incoming: Incoming, about: About, progress: Progress | None = None) -> bool:
        """Show the first step that is left in a view that is open."""
        progress = progress or Progress()
        await self._keep(view_id, progress)
        await self._go_on(view_id, incoming, about, progress)
        return True

    # --- While it is filled in ---------------------------------------------------------------------------------------

    async def refilled(self, body: Mapping[str, Any], home: Home) -> None:
        """Something was chosen on which other fields depend, or the step before is wanted again."""
        said = await self._said_in_a_form(body, home)
        if said is None or self.desk is None:
            return
        incoming, about = said
        view_id = forms.view_id(body)
        action = (body.get("actions") or [{}])[0].get("action_id")
        step = about.step - 1 if action == forms.BACK else about.step
        progress = (await self._progress(view_id)).at(step).filled(forms.filled(body))
        await self._keep(view_id, progress)
        if progress.command and step <= 0:
            about = replace(about, numbers=(), step=0)
            form = await self.desk.beginning(replace(incoming, text=progress.command), progress.values)
        else:
            form = await self.desk.form(incoming, about.numbers, progress.values)
        if form is not None:
            # With the hash: what somebody chose since is newer than what this is made from.
            seen = str(body["view"].get("hash", ""))
            await self._show(view_id, self._step(form, progress, about), seen=seen)

    async def submitted(self, body: Mapping[str, Any], home: Home) -> Answer:
        """What a submission is answered with."""
        until = asyncio.get_running_loop().time() + ANSWER_SECONDS
        said = await self._said_in_a_form(body, home)
        if said is None or self.desk is None:
            return Answer()
        incoming, about = said
        view_id = forms.view_id(body)
        # A view that was refused comes again under the same id; one that was changed has another hash.
        delivery = f"{view_id}:{body['view'].get('hash', '')}"
        if not about.numbers:
            return await self._first_step(delivery, view_id, incoming, about, body, until)
        progress = (await self._progress(view_id)).at(about.step).filled(forms.filled(body))
        async with asyncio.TaskGroup() as both:
            forming = both.create_task(_soon(self.desk.form(incoming, about.numbers, progress.values)))
            looking = both.create_task(self._faults(incoming, about, progress))
        form, found = forming.result(), looking.result()
        asked = forms.asked(body["view"])
        here = {key: found[key] for key in asked if key in found}
        if here:
            await self._keep(view_id, progress.without_files(here).told_of(here))
            return Answer({"response_action": "errors", "errors": here})
        progress = progress.handed_in(asked)
        at_the_end = form is not None and next_step(form, progress) is None
        await self._keep(view_id, progress.told_of(found) if at_the_end else progress)
        if form is None:
            wait = forms.loading(about, self._spoken(about))
            return Answer(_turn_into(wait), partial(self._go_on, view_id, incoming, about, progress))
        if view := self._next(form, found, progress, about):
            remember(self._shown, view_id, view, SHOWN)
            return Answer(_turn_into(view))
        if not progress.files:  # there is nothing left to find out, and the form closes at once
            return self._accepted(
                delivery, view_id, {}, partial(self._hand_in, view_id, incoming, about, progress, closed=True)
            )
        handing_in = partial(self._hand_in, view_id, incoming, about, progress, closed=False)
        return await self._in_time(delivery, view_id, about, handing_in, until)

    async def _in_time(
        self, delivery: str, view_id: str, about: About, piece: Callable[[], Coroutine[Any, Any, None]], until: float
    ) -> Answer:
        """Do what a submission is for, and answer with what it shows; where it shows nothing, the form closes.

        Only an answer to a submission can close a form (https://docs.slack.dev/surfaces/modals). What takes too long goes on
        after it, and then something stays to be closed by hand.

        Args:
            delivery: which submission; delivered again, it acts no more.
            view_id: the form.
            about: what it is about.
            piece: what is done.
            until: when the answer must have been given, by the loop's clock.
        """
        wait = _turn_into(forms.saying(words.LOADING, self._spoken(about)))
        if delivery in self._taken:
            stands = view_id in self._awaited or view_id in self._shown
            return Answer(wait, partial(self._show_again, view_id)) if stands else Answer()
        remember(self._taken, delivery, None, TAKEN)
        loop = asyncio.get_running_loop()
        shown: asyncio.Future[View] = loop.create_future()
        self._awaited[view_id] = shown
        work = asyncio.create_task(piece(), name="slack-form")
        either: set[asyncio.Future[Any]] = {work, shown}
        try:
            await asyncio.wait(either, timeout=max(until - loop.time(), 0.0), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._awaited.pop(view_id, None)
        rest = None if work.done() else partial(_ended, work)
        if shown.done():
            return Answer(_turn_into(shown.result()), rest)
        if work.done():
            work.result()
            self._shown.pop(view_id, None)
            return Answer()
        return Answer(wait, rest)

    async def _first_step(
        self, delivery: str, view_id: str, incoming: Incoming, about: About, body: Mapping[str, Any], until: float
    ) -> Answer:
        """Accounts and name: what is wrong with them stands under them; otherwise they are begun with, or gone on with.

        Where nothing more is to be asked, the form closes.
        """
        before = await self._progress(view_id)
        asked = forms.asked(body["view"])
        progress = before.at(0).filled(forms.filled(body)).handed_in(asked)
        given = {key: progress.values[key] for key in asked if key in progress.values}
        wrong: dict[str, str] = {}
        if delivery not in self._taken and self.desk is not None and before.command:
            command = replace(incoming, text=before.command)
            wrong = dict(await self.desk.faults(command, before.numbers, given, {}))
        if wrong := {**wrong, **forms.not_plain(given, self._spoken(about))}:
            return Answer({"response_action": "errors", "errors": wrong})
        begin = partial(self._begin, view_id, incoming, progress, given)
        return await self._in_time(delivery, view_id, about, begin, until)

    async def closed(self, body: Mapping[str, Any], home: Home) -> None:
        """Somebody closed a form: what was handed in of it is kept, where it is about drafts."""
        said = await self._said_in_a_form(body, home)
        if said is None or self.desk is None:
            return
        incoming, about = said
        progress = await self._progress(forms.view_id(body))
        about = replace(about, numbers=about.numbers or progress.numbers)
        drafts = await self.desk.keep(incoming, about.numbers, progress.values) if about.numbers else ()
        if drafts:
            await self._whisper(incoming, self._how_to_go_on(drafts, about))

    async def settled(self, body: Mapping[str, Any], home: Home) -> Incoming | None:
        """The command of a form that asked for the vendor's id."""
        said = await self._said_in_a_form(body, home)
        if said is None or not said[1].numbers:
            return None
        incoming, about = said
        return replace(
            incoming,
            text=f"settle #{about.numbers[0]}",
            values=((forms.ID, forms.filled(body).values.get(forms.ID, "")),),
        )

    # --- After the acknowledgement -----------------------------------------------------------------------------------

    async def _begin(self, view_id: str, incoming: Incoming, progress: Progress, values: Mapping[str, str]) -> None:
        """Submit where was chosen; when that asks for more, it is asked in the same view (`ask`).

        Who came back to this step goes on with the same drafts, unless the accounts are others now.
        """
        about = About((), incoming.place)
        await self._keep(view_id, progress)
        if self.desk is None or not progress.command:
            await self._show(view_id, forms.saying(words.NOT_NOW, self._spoken(about)))
            return
        origin = f"begin:{view_id}"
        if progress.numbers:
            if not await self.desk.give_up(incoming, progress.numbers, values):
                await self._go_on(view_id, incoming, About(progress.numbers, incoming.place), progress)
                return
            origin = f"{origin}:{progress.numbers[0]}"
        actor = await self._people.known(incoming.actor, None)
        remember(self._begun, origin, view_id, TRIGGERS)
        await self.desk.begin(replace(incoming, actor=actor, text=progress.command, origin=origin), values)
        if self._begun.pop(origin, ""):
            await self._over(view_id, words.ANSWERED, about)

    async def _go_on(self, view_id: str, incoming: Incoming, about: About, progress: Progress) -> None:
        """Show the next step, or hand in when everything was asked."""
        if self.desk is None:
            return
        form = await self.desk.form(incoming, about.numbers, progress.values)
        if form is None:  # no longer possible, or not for this person: the command says why
            await self.desk.hand_in(incoming, about.numbers, progress.values, {})
            await self._over(view_id, words.ANSWERED, about)
            return
        found = {} if next_step(form, progress) is not None else await self._faults(incoming, about, progress)
        if view := self._next(form, found, progress, about):
            await self._keep(view_id, progress.told_of(found))
            await self._show(view_id, view)
        else:
            await self._hand_in(view_id, incoming, about, progress, closed=False)

    async def _hand_in(
        self, view_id: str, incoming: Incoming, about: About, progress: Progress, *, closed: bool
    ) -> None:
        """Fetch the files and hand everything in; what is wrong with it leads back to the step that asked for it."""
        if self.desk is None:
            return
        language = self._spoken(about)
        incoming = replace(incoming, actor=await self._people.known(incoming.actor, None))
        papers: dict[str, tuple[Attachment, ...]] = {}
        found: dict[str, str] = {}
        for key, files in progress.files.items():
            try:
                papers[key] = tuple([await self._fetch(file) for file in files])
            except FileTrouble as trouble:
                names = ", ".join(clean_name(str(file.get("name") or file.get("id"))) for file in files)
                found[key] = f"{names}: {trouble.words.said(language)}"
        if not found:
            found |= await self.desk.hand_in(incoming, about.numbers, progress.values, papers)
        if not found:
            if not closed:
                await self._over(view_id, words.HANDED_IN, about)
            return
        drafts = await self.desk.keep(incoming, about.numbers, progress.values)
        progress = progress.without_files(found).back_to(found)
        await self._keep(view_id, progress)
        form = await self.desk.form(incoming, about.numbers, progress.values)
        notes = tuple(found.values())
        if not closed and form is not None and await self._show(view_id, self._step(form, progress, about, notes)):
            return
        said = words.NOT_SENT.said(language).format(faults=" ".join(notes))
        await self._whisper(incoming, escape(f"{said}\n{self._how_to_go_on(drafts, about)}"))

    # --- Small things ------------------------------------------------------------------------------------------------

    async def _faults(self, incoming: Incoming, about: About, progress: Progress) -> Mapping[str, str]:
        if self.desk is None:
            return {}
        found = await self.desk.faults(incoming, about.numbers, progress.values, progress.sizes, progress.told)
        return {**forms.not_plain(progress.values, self._spoken(about)), **found}

    def _accepted(
        self, delivery: str, view_id: str, ack: Mapping[str, Any], then: Callable[[], Awaitable[None]]
    ) -> Answer:
        """An answer to what acts once; delivered again, it only brings back what its answer has covered."""
        if delivery in self._taken:
            return Answer(ack, partial(self._show_again, view_id) if ack else None)
        remember(self._taken, delivery, None, TAKEN)
        return Answer(ack, then)

    def _next(self, form: Form, found: Mapping[str, str], progress: Progress, about: About) -> View | None:
        """The next step; one of those before where something is wrong with it after all; none when all is well."""
        if next_step(form, progress) is not None:
            return self._step(form, progress, about)
        return self._step(form, progress.back_to(found), about, tuple(found.values())) if found else None

    def _step(self, form: Form, progress: Progress, about: About, notes: Sequence[str] = ()) -> View:
        """What is asked now."""
        step = next_step(form, progress)
        if step is None:  # what it asked for is gone: only a note is left to read
            return forms.saying(words.NOT_NOW, self._spoken(about))
        return forms.view(form, step, progress, about, self._spoken(about), notes)

    def _how_to_go_on(self, drafts: Sequence[int], about: About) -> str:
        """What is kept, where something is, and how to go on: one draft's command opens all of the same form."""
        language = self._spoken(about)
        edit = words.EDIT.said(language)
        commands = " · ".join(f"`{PREFIX}{edit.format(number=number)}`" for number in drafts[:1] or about.numbers)
        keeping = words.KEPT if len(drafts) == 1 else words.KEPT_SEVERAL
        kept = keeping.said(language).format(numbers=", ".join(f"#{number}" for number in drafts))
        return (f"{kept}\n" if drafts else "") + words.GO_ON.said(language).format(commands=commands)

    def _spoken(self, about: About) -> str:
        return self._language(about.place.conversation)

    async def _progress(self, view_id: str) -> Progress:
        kept = await self.memory.get(f"form:{view_id}")
        progress = Progress.unpacked(kept) if kept else Progress()
        return replace(progress, values={**progress.values, **self._personal.get(view_id, {})})

    async def _keep(self, view_id: str, progress: Progress) -> None:
        public, personal = progress.apart()
        await self.memory.put(f"form:{view_id}", public.packed())
        if personal:
            remember(self._personal, view_id, personal, FORMS)

    async def _said_in_a_form(self, body: Mapping[str, Any], home: Home) -> tuple[Incoming, About] | None:
        view = body.get("view") or {}
        about = About.unpacked(view.get("private_metadata"))
        actor = inbound.person(body, home)
        if about is None or actor is None:
            return None
        incoming = Incoming(
            text="",
            # Asked at once only where it decides: an acknowledgement waits for this.
            actor=await self._people.known(actor, home) if actor.outsider else actor,
            place=about.place,
            origin=f"form:{forms.view_id(body)}",
            direct=inbound.is_direct(about.place.conversation),
        )
        return incoming, about

    async def _over(self, view_id: str, note: Words, about: About) -> None:
        """A form has nothing more to ask: it closes while its submission is being answered, otherwise it says so."""
        if view_id not in self._awaited:
            await self._show(view_id, forms.saying(note, self._spoken(about)))

    async def _show_again(self, view_id: str) -> None:
        if view := self._shown.get(view_id):
            await self._show(view_id, view)

    async def _show(self, view_id: str, view: Mapping[str, Any], seen: str = "") -> bool:
        if not seen and (awaited := self._awaited.get(view_id)) is not None and not awaited.done():
            awaited.set_result(dict(view))  # it is what the submission is answered with
            remember(self._shown, view_id, dict(view), SHOWN)
            return True
        more: dict[str, Any] = {"hash": seen} if seen else {}
        try:
            # The reader, for to show the same twice is nothing: a form must not stay at its first moment.
            await self._web.reader.views_update(view_id=view_id, view=dict(view), **more)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a form was not shown", reason=str(delivery_error(error)))
            return False
        remember(self._shown, view_id, dict(view), SHOWN)
        return True


async def _ended(work: asyncio.Task[None]) -> None:
    await work


async def _soon(form: Coroutine[Any, Any, Form | None]) -> Form | None:
    """A form, if it comes while an acknowledgement can wait."""
    try:
        return await asyncio.wait_for(form, FORM_SECONDS)
    except TimeoutError:
        return None
