"""Where chats ask for what they show by themselves: forms, cards, a person's page; keeps `bot.contracts.chat.Desk`.

A form that was handed in is the command `edit #17` with the values beside it: rights, checks, answers and cards are
those of the command, whoever typed or filled in.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial

from bot.contracts import personal
from bot.contracts.chat import Form, Post
from bot.contracts.errors import UserError
from bot.contracts.fields import Field, FieldType, field_for, offering
from bot.contracts.hushed import hush
from bot.contracts.message import Message, plain
from bot.contracts.model import Attachment, Incoming, Place, Request, Role, State
from bot.contracts.vendor import Option
from bot.contracts.vocabulary import NAME
from bot.desk import first_step, form_faults, form_notes, home, leaving, questions
from bot.desk.context import Context
from bot.desk.form_fields import (
    expanded,
    form_key,
    merged,
    merged_fields,
    values_of,
    watched,
    with_limits,
)
from bot.desk.reception import Reception
from bot.desk.seen import Seen
from bot.desk.services import Services
from bot.notices.compose import Composer
from bot.notices.pictures import Pictures
from bot.requests.guidance import kind_of
from bot.requests.lifecycle import edit_problem
from bot.requests.preparation import Said
from bot.requests.prepare import Prepared
from bot.wording.view import capital

CONFIRM = "confirm"
"""The word with which something goes for good; it is typed."""

FAULT_SECONDS = 1.0
"""A chat waits for the faults before it lets a form go; what takes longer is said in the conversation."""


class FrontDesk:
    """Forms for requests that exist (drafts, what was refused or rejected, what can be changed) and for new ones.

    Args:
        services: the record, the vendors' fields.
        reception: who may, and where a form that was handed in goes.
        composer: words what is shown.
        pictures: what was drawn for it.
    """

    def __init__(self, services: Services, reception: Reception, composer: Composer, pictures: Pictures) -> None:
        self._services = services
        self._reception = reception
        self._composer = composer
        self._pictures = pictures
        self._seen = Seen()

    async def may(self, incoming: Incoming, numbers: Sequence[int]) -> bool:
        """Whether these requests can be filled in by this person here."""
        return await self._open(incoming, numbers) is not None

    async def form(self, incoming: Incoming, numbers: Sequence[int], values: Mapping[str, str]) -> Form | None:
        """The form for these requests, given what was filled in since."""
        opened = await self._open(incoming, numbers)
        if opened is None:
            return None
        context, requests = opened
        if not values:  # it is opened; later steps come with what was filled in
            self._seen.note(questions.who(context), requests)
        prepared = await self._prepared(context, requests, values)
        kind = requests[0].kind
        accounts = tuple(request.account for request in requests)
        declared = self._services.requests.preparation.fields(kind, accounts, _said(requests))
        known = merged(prepared, values, declared)
        every = tuple(
            shown
            for field in (with_limits(offering(one, known)) for one in merged_fields(declared))
            if (field.shown is None or field.shown.holds(known)) and (field.key != "name" or self._renames(requests))
            for shown in expanded(field, known)
        )
        needed = {
            form_key(field, item.account, declared)
            for item in prepared
            for field in declared[item.account]
            if field.needed(known) and (not (field.private or field.type is FieldType.FILE) or item.lacks(field.key))
        }
        language = context.language
        codes = [await self._services.requests.preparation.codes.ask(item, in_form=True) for item in prepared]
        return Form(
            title=f"{capital(kind_of(context.view, requests[0]))} {known.get(NAME.key) or requests[0].name}".strip(),
            fields=every,
            needed=frozenset(needed),
            watched=watched(declared),
            values=known,
            options=await self._options(requests, declared),
            preface=await form_notes.preface(context, requests, known),
            notes={
                **form_notes.papers_again(language, requests, prepared, declared),
                **form_notes.sent(language, every, codes),
            },
        )

    async def faults(
        self,
        incoming: Incoming,
        numbers: Sequence[int],
        values: Mapping[str, str],
        files: Mapping[str, Sequence[tuple[str, int]]],
        told: Collection[str] = (),
    ) -> Mapping[str, str]:
        """What is wrong, and what reviewers may mind, said once: key → words."""
        if incoming.text:
            context = self._reception.context(incoming)
            command = self._reception.understood(incoming)
            return {} if context is None else await first_step.wrong(context, command, values, numbers)
        opened = await self._open(incoming, numbers)
        if opened is None:
            return {}  # the command will say why
        context, requests = opened
        try:
            prepared = await asyncio.wait_for(self._prepared(context, requests, values), FAULT_SECONDS)
        except TimeoutError:
            return {}
        declared = self._services.requests.preparation.fields(requests[0].kind, [item.account for item in prepared])
        return {
            **form_faults.doubts(context.language, prepared, declared, told),
            **await self._twins(context, requests, prepared),
            **self._wrong(context, requests, prepared, files),
        }

    async def hand_in(
        self,
        incoming: Incoming,
        numbers: Sequence[int],
        values: Mapping[str, str],
        papers: Mapping[str, tuple[Attachment, ...]],
    ) -> Mapping[str, str]:
        """Fill in these requests, or say what is wrong."""
        opened = await self._open(incoming, numbers)
        if opened is None:
            await self._reception.receive(replace(incoming, text=f"edit #{numbers[0]}"))
            return {}
        context, requests = opened
        held = {
            **self._services.dialogues.held.look(questions.who(context)),
            **{key: given for key, given in papers.items() if given},
        }
        prepared = await self._prepared(context, requests, values, held)
        wrong = self._wrong(context, requests, prepared, {}) or await self._twins(context, requests, prepared)
        if wrong:
            return wrong
        for item in prepared:
            codes = self._services.requests.preparation.codes
            if (field := await codes.wrong(item)) is not None:
                said = [
                    context.language.line("{account} says that this is not the code it sent.", account=item.account)
                ]
                if await codes.another(item, field):
                    said.append(context.language.line("It has sent another one."))
                return {field.key: plain(context.language.sentences(said))}
        seen = self._seen.standing(questions.who(context), numbers)
        async with self._services.requests.orders.handing_in(requests[0].batch):
            for request in requests:
                fields = self._services.requests.preparation.of(request)
                await self._reception.receive(
                    replace(
                        incoming,
                        text=f"edit #{request.number}",
                        origin=f"{incoming.origin}:{request.number}",
                        values=tuple(
                            (key, value)
                            for key, value in values_of(request.account, values).items()
                            if field_for(key, fields)
                        ),
                        papers=held,
                        together=tuple(one.number for one in requests),
                        standing=seen.get(request.number, ""),
                        can_ask=False,
                    )
                )
        return {}

    async def keep(self, incoming: Incoming, numbers: Sequence[int], values: Mapping[str, str]) -> tuple[int, ...]:
        """Keep what was filled in so far in the drafts, and in the question that may be answered in words instead."""
        opened = await self._open(incoming, numbers)
        if opened is None:
            return ()
        context, requests = opened
        drafts = [request for request in requests if request.state is State.DRAFT]
        for request, item in zip(drafts, await self._prepared(context, drafts, values), strict=True):
            await self._services.requests.orders.keep(request.number, item.values, incoming.actor)
        if requests:
            public, _ = personal.apart(tuple(values_of("", values).items()))
            await leaving.left(context, numbers, public)
        return tuple(request.number for request in drafts)

    async def beginning(self, incoming: Incoming, values: Mapping[str, str]) -> Form | None:
        """The form that asks where to submit, and under which name."""
        context = self._reception.context(incoming)
        return None if context is None else first_step.form(context, self._reception.understood(incoming), values)

    async def begin(self, incoming: Incoming, values: Mapping[str, str]) -> None:
        """Submit with what that form was filled in with."""
        name = values.get(NAME.key, "").strip()
        named = ((NAME.key, name),) if name else ()
        accounts = first_step.chosen(values)
        await self._reception.receive(replace(incoming, accounts=accounts, values=(*incoming.values, *named)))

    async def give_up(self, incoming: Incoming, numbers: Sequence[int], values: Mapping[str, str]) -> bool:
        """Cancel the drafts that a form began, where its first step now asks for other accounts."""
        opened = await self._open(incoming, numbers)
        if opened is None:
            return True  # they went on, or are gone: what is asked for now is something new
        context, requests = opened
        if {request.account for request in requests} == set(first_step.chosen(values)):
            return False
        await leaving.left(context, numbers, ())
        drafts = tuple(request.number for request in requests if request.state is State.DRAFT)
        if drafts:
            await self._services.requests.orders.delete(drafts, incoming)
        return True

    async def shown(self, place: Place, message_id: str) -> Post | None:
        """What the card in this message says now."""
        now = self._services.clock.now()
        return self._pictures.again(
            await self._services.database.read(
                partial(self._composer.shown, place=place, message_id=message_id, now=now)
            )
        )

    async def home(self, incoming: Incoming) -> Sequence[Message]:
        """A person's own page."""
        context = self._reception.context(incoming)
        return (self._reception.not_served(incoming),) if context is None else hush(tuple(await home.page(context)))

    def begins(self, text: str) -> bool:
        """Whether a text begins with something that is said to the program."""
        return self._reception.begins(text)

    def wholly_ours(self, text: str) -> bool:
        """Whether a text is a whole command without anything that anybody wrote; see `bot.contracts.chat.Desk`."""
        said = self._reception.understood_text(text)
        if said is None or "…" in text or CONFIRM in said.words:
            return False
        return not (said.name or said.text or said.values)

    async def _open(self, incoming: Incoming, numbers: Sequence[int]) -> tuple[Context, tuple[Request, ...]] | None:
        """Those of the requests that can be filled in now; none where there is none, or not by this person here."""
        context = self._reception.context(incoming)
        if context is None or context.role < Role.SUBMITTER or not numbers:
            return None
        try:
            requests = tuple([await context.request(number) for number in numbers])
        except UserError:
            return None
        if len({request.kind for request in requests}) > 1:
            return None
        possible = tuple(one for one in requests if not edit_problem(one, dict(one.values), context.ability(one)))
        # Of a batch, what was sent meanwhile is left alone.
        unsent = tuple(one for one in possible if one.state in (State.DRAFT, State.FAILED))
        return (context, unsent or possible) if possible else None

    def _renames(self, requests: Sequence[Request]) -> bool:
        """Whether the name may still be changed."""
        return all(
            request.state in (State.DRAFT, State.FAILED)
            or self._services.vendors[request.account].capabilities.of(request).renames
            for request in requests
        )

    async def _prepared(
        self,
        context: Context,
        requests: Sequence[Request],
        values: Mapping[str, str],
        files: Mapping[str, tuple[Attachment, ...]] | None = None,
    ) -> tuple[Prepared, ...]:
        held = self._services.dialogues.held.look(questions.who(context)) if files is None else files
        prepared: list[Prepared] = []
        for request in requests:
            known = {**request.values, **values_of(request.account, values)}
            prepared += await self._services.requests.preparation.read(
                request.kind,
                (request.account,),
                typed=tuple(known.items()),
                files=held,
            )
        return tuple(prepared)

    async def _twins(
        self, context: Context, requests: Sequence[Request], prepared: Sequence[Prepared]
    ) -> dict[str, str]:
        """That something stands already which is the same as what was not sent yet."""
        found = []
        for request, item in zip(requests, prepared, strict=True):
            if request.state is State.DRAFT and item.values.get(NAME.key):
                twins = await self._services.requests.orders.twins(request.kind, item)
                twin = next((one for one in twins if one.number != request.number), None)
                found += [replace(item, problems=(), twin=twin)] if twin else []
        lines = questions.wrong_lines(context.language, found, several=True, missing=False)
        return {NAME.key: plain(context.language.sentences(lines))} if lines else {}

    def _wrong(
        self,
        context: Context,
        requests: Sequence[Request],
        prepared: Sequence[Prepared],
        files: Mapping[str, Sequence[tuple[str, int]]],
    ) -> dict[str, str]:
        accounts = [item.account for item in prepared]
        declared = self._services.requests.preparation.fields(requests[0].kind, accounts, _said(requests))
        return form_faults.faults(context.language, prepared, declared, files)

    async def _options(
        self, requests: Sequence[Request], declared: Mapping[str, Sequence[Field]]
    ) -> dict[str, tuple[Option, ...]]:
        found: dict[str, dict[str, Option]] = {}
        for request in requests:
            for field in declared[request.account]:
                if field.type is FieldType.REFERENCE and field.options:
                    listed = await self._services.requests.preparation.options(request.account, field)
                    key = form_key(field, request.account, declared)
                    found.setdefault(key, {}).update({option.value: option for option in listed if option.usable})
        return {key: tuple(options.values()) for key, options in found.items() if options}


def _said(requests: Sequence[Request]) -> Said:
    """What the record has of each account's request."""
    values = {request.account: tuple(request.values.items()) for request in requests}
    return lambda account: values.get(account, ())
