"""Where chats ask for what they show by themselves: forms, cards, a person's page; keeps `bot.contracts.chat.Desk`.

A form that was handed in is the command `edit #17` with the values beside it: rights, checks, answers and cards are
those of the command, whoever typed or filled in.
"""

import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from bot import filling, home
from bot.contracts import placeholders
from bot.contracts.chat import Form, Post
from bot.contracts.errors import UserError
from bot.contracts.fields import Choice, Fault, Field, FieldType, Problem, field_for
from bot.contracts.message import Message, plain
from bot.contracts.model import Attachment, Incoming, Kind, Place, Request, Role, State, Words
from bot.contracts.papers import suffixes
from bot.contracts.vendor import Option
from bot.contracts.vocabulary import NAME
from bot.notices.compose import Composer
from bot.reception import Reception
from bot.requests.lifecycle import edit_problem
from bot.requests.prepare import Prepared
from bot.services import Context, Services
from bot.wording.problems import missing_line, problem_line
from bot.wording.view import capital
from bot.wording.words import KINDS

ACCOUNTS = "accounts"
"""Key of the form that asks where to submit; no vendor has a field of this name."""

OF = "@"
"""Stands in a form's key between the field's and the account's name; no field has it in its key."""

FAULT_SECONDS = 1.0
"""A chat waits for the faults before it lets a form go; what takes longer is said in the conversation."""


class FrontDesk:
    """Forms for requests that exist (drafts, what was refused or rejected, what can be changed) and for new ones.

    Args:
        services: the record, the vendors' fields.
        reception: who may, and where a form that was handed in goes.
        composer: words what is shown.
    """

    def __init__(self, services: Services, reception: Reception, composer: Composer) -> None:
        self._services = services
        self._reception = reception
        self._composer = composer

    async def may(self, incoming: Incoming, numbers: Sequence[int]) -> bool:
        """Whether these requests can be filled in by this person here."""
        return await self._open(incoming, numbers) is not None

    async def form(self, incoming: Incoming, numbers: Sequence[int], values: Mapping[str, str]) -> Form | None:
        """The form for these requests, given what was filled in since."""
        opened = await self._open(incoming, numbers)
        if opened is None:
            return None
        context, requests = opened
        prepared = await self._prepared(context, requests, values)
        kind = requests[0].kind
        accounts = tuple(request.account for request in requests)
        declared = self._services.forms.fields(kind, accounts)
        known = _merged(prepared, values, declared)
        every = tuple(
            shown
            for field in merged_fields(declared)
            if (field.shown is None or field.shown.holds(known)) and (field.key != "name" or self._renames(requests))
            for shown in _expanded(field, known)
        )
        needed = {
            form_key(field, item.account, declared)
            for item in prepared
            for field in declared[item.account]
            if field.needed(known) and (field.type is not FieldType.FILE or item.lacks(field.key))
        }
        language = context.language
        return Form(
            title=f"{capital(language.pick(KINDS[kind]))} {requests[0].name}".strip(),
            fields=every,
            needed=frozenset(needed),
            watched=_watched(declared),
            values=known,
            options=await self._options(requests, declared),
        )

    async def faults(
        self,
        incoming: Incoming,
        numbers: Sequence[int],
        values: Mapping[str, str],
        files: Mapping[str, Sequence[tuple[str, int]]],
    ) -> Mapping[str, str]:
        """What is wrong, key → words."""
        opened = await self._open(incoming, numbers)
        if opened is None:
            return {}  # the command will say why
        context, requests = opened
        try:
            prepared = await asyncio.wait_for(self._prepared(context, requests, values), FAULT_SECONDS)
        except TimeoutError:
            return {}
        return self._wrong(context, requests[0].kind, prepared, files)

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
            **self._services.hand.look(filling.who(context)),
            **{key: given for key, given in papers.items() if given},
        }
        prepared = await self._prepared(context, requests, values, held)
        wrong = self._wrong(context, requests[0].kind, prepared, {})
        if wrong:
            return wrong
        for request in requests:
            fields = self._services.vendors[request.account].fields(request.kind)
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
            await self._services.submissions.keep(request.number, item.values, incoming.actor)
        if requests:
            await filling.left(context, numbers, tuple(values_of("", values).items()))
        return tuple(request.number for request in drafts)

    async def beginning(self, incoming: Incoming, kind: Kind) -> Form | None:
        """The form that asks where to submit, and under which name."""
        context = self._reception.context(incoming)
        if context is None or context.role < Role.SUBMITTER:
            return None
        language = context.language
        command = self._reception.understood(incoming)
        choices = tuple(Choice(account, Words(account, account)) for account in context.able(kind))
        if not choices:
            return None
        accounts = Field(
            key=ACCOUNTS,
            label=Words("Accounts", "账号"),
            type=FieldType.CHOICE,
            hint=Words(
                "One or several; what only one of them wants is asked next.", "可多选；个别平台另需的内容稍后再问。"
            ),
            required=True,
            choices=choices,
        )
        return Form(
            title=capital(language.pick(KINDS[kind])),
            fields=(accounts, NAME),
            needed=frozenset({ACCOUNTS, NAME.key}),
            watched=frozenset(),
            values={NAME.key: command.value(NAME.key) or command.name} if command is not None else {},
            options={},
            several=frozenset({ACCOUNTS}),
        )

    async def begin(self, incoming: Incoming, values: Mapping[str, str]) -> None:
        """Submit with what that form was filled in with."""
        chosen = tuple(part for part in values.get(ACCOUNTS, "").split(",") if part)
        name = values.get(NAME.key, "").strip()
        named = ((NAME.key, name),) if name else ()
        await self._reception.receive(replace(incoming, accounts=chosen, values=(*incoming.values, *named)))

    async def shown(self, place: Place, message_id: str) -> Post | None:
        """What the card in this message says now."""
        now = self._services.clock.now()
        return await self._services.database.read(
            partial(self._composer.shown, place=place, message_id=message_id, now=now)
        )

    async def home(self, incoming: Incoming) -> Sequence[Message]:
        """A person's own page."""
        context = self._reception.context(incoming)
        return (self._reception.not_served(incoming),) if context is None else await home.page(context)

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
            or self._services.vendors[request.account].capabilities.kinds[request.kind].renames
            for request in requests
        )

    async def _prepared(
        self,
        context: Context,
        requests: Sequence[Request],
        values: Mapping[str, str],
        files: Mapping[str, tuple[Attachment, ...]] | None = None,
    ) -> tuple[Prepared, ...]:
        held = self._services.hand.look(filling.who(context)) if files is None else files
        prepared: list[Prepared] = []
        for request in requests:
            known = {"name": request.name, **request.values, **values_of(request.account, values)}
            prepared += await self._services.forms.read(
                request.kind,
                (request.account,),
                name=known.pop("name"),
                typed=tuple(known.items()),
                files=held,
            )
        return tuple(prepared)

    def _wrong(
        self,
        context: Context,
        kind: Kind,
        prepared: Sequence[Prepared],
        files: Mapping[str, Sequence[tuple[str, int]]],
    ) -> dict[str, str]:
        """What is wrong, key → words; files by what the chat knows of them."""
        language = context.language
        declared = self._services.forms.fields(kind, [item.account for item in prepared])
        found: dict[str, str] = {}
        for item in prepared:
            for problem in (*item.problems, *file_problems(declared[item.account], files)):
                own = problem.field is not None and "." not in problem.key
                key = form_key(problem.field, item.account, declared) if problem.field and own else problem.key
                found.setdefault(key, plain(problem_line(language, problem)))
            for field in item.missing:
                if field.key not in files:
                    key = form_key(field, item.account, declared)
                    found.setdefault(key, plain(missing_line(language, field)))
        return found

    async def _options(
        self, requests: Sequence[Request], declared: Mapping[str, Sequence[Field]]
    ) -> dict[str, tuple[Option, ...]]:
        found: dict[str, dict[str, Option]] = {}
        for request in requests:
            for field in declared[request.account]:
                if field.type is FieldType.REFERENCE and field.options:
                    listed = await self._services.forms.options(request.account, field)
                    key = form_key(field, request.account, declared)
                    found.setdefault(key, {}).update({option.value: option for option in listed if option.usable})
        return {key: tuple(options.values()) for key, options in found.items() if options}


def merged_fields(declared: Mapping[str, Sequence[Field]]) -> tuple[Field, ...]:
    """The fields of several accounts as one form asks for them.

    Shared ones once, so that every account takes the answer; but an id names something that one account has, so each
    account that wants one is asked for its own.

    Args:
        declared: account → its fields.
    """
    shared: dict[str, dict[str, Field]] = {}
    for account, fields in declared.items():
        for field in fields:
            key = form_key(field, account, declared)
            if key != field.key:
                label = Words(f"{field.label.en} ({account})", f"{field.label.zh}（{account}）")
                shared.setdefault(key, {})[account] = replace(field, key=key, label=label)
            else:
                shared.setdefault(key, {})[account] = field
    return tuple(_strictest(found, alone=len(found) < len(declared) and OF not in key) for key, found in shared.items())


def form_key(field: Field, account: str, declared: Mapping[str, Sequence[Field]]) -> str:
    """The key of an account's field in the form of several: `qualification@aliyun` where each has its own answer."""
    if field.type is not FieldType.REFERENCE:
        return field.key
    others = (one.key for whose, fields in declared.items() if whose != account for one in fields)
    return f"{field.key}{OF}{account}" if field.key in others else field.key


def values_of(account: str, values: Mapping[str, str]) -> dict[str, str]:
    """An account's share of what a form of several was filled in with."""
    parted = ((key.partition(OF), value) for key, value in values.items())
    return {key: value for (key, of, whose), value in parted if not of or whose == account}


def _strictest(found: Mapping[str, Field], *, alone: bool) -> Field:
    """One field for the accounts that share it; where others do not ask for it, it says who does.

    Args:
        found: account → its declaration.
        alone: whether some accounts of the form do not ask for it.
    """
    every = list(found.values())
    field = min(every, key=lambda one: (one.max_bytes or sys.maxsize, one.max_length))
    both = [choice for choice in field.choices if all(one.choice(choice.word) for one in every)]
    types = [media for media in field.media_types if all(media in one.media_types for one in every)]
    why = field.why
    if alone:
        names = list(found)
        why = Words(
            f"Only for {', '.join(names)}." + (f" {why.en}" if why else ""),
            f"仅用于 {'、'.join(names)}。" + (why.zh if why else ""),
        )
    return replace(
        field,
        choices=tuple(both) or field.choices,
        media_types=tuple(types) or field.media_types,
        max_files=min(one.max_files for one in every),
        why=why,
    )


def file_problems(fields: Sequence[Field], files: Mapping[str, Sequence[tuple[str, int]]]) -> Iterator[Problem]:
    """What is wrong with files by their number, names and sizes; a name without an ending may be anything."""
    for key, given in files.items():
        field = field_for(key, fields)
        if field is None:
            continue
        if len(given) > field.max_files:
            yield Problem(key, Fault.TOO_MANY_FILES, str(len(given)), field)
        endings = {suffix for media_type in field.media_types for suffix in suffixes(media_type)}
        for name, size in given:
            _, dot, ending = name.rpartition(".")
            if dot and endings and ending.lower() not in endings:
                yield Problem(key, Fault.FILE_WRONG_TYPE, name[-60:], field)
            elif field.max_bytes and size > field.max_bytes:
                yield Problem(key, Fault.FILE_TOO_LARGE, name[-60:], field)


def _merged(
    prepared: Sequence[Prepared], values: Mapping[str, str], declared: Mapping[str, Sequence[Field]]
) -> dict[str, str]:
    """What stands in a form of several: each account's values under the form's keys, and what was filled in since."""
    known: dict[str, str] = {}
    for item in prepared:
        for key, value in item.values.items():
            field = field_for(key, declared[item.account])
            known.setdefault(key if field is None or "." in key else form_key(field, item.account, declared), value)
    return {**known, **values}


def _watched(declared: Mapping[str, Sequence[Field]]) -> frozenset[str]:
    """The keys whose value decides what else is asked for."""
    found = set()
    for fields in declared.values():
        for field in fields:
            for condition in (field.shown, field.required):
                if condition is not None and not isinstance(condition, bool):
                    found.add(condition.key)
    return frozenset(found)


def _expanded(field: Field, known: Mapping[str, str]) -> tuple[Field, ...]:
    """A family is one field for each placeholder of the text."""
    if field.type is not FieldType.FAMILY:
        return (field,)
    content = known.get("content", "")
    return tuple(
        replace(
            field,
            key=f"{field.key}.{name}",
            label=Words(f"{field.label.en}: {name}", f"{field.label.zh}：{name}"),
            type=FieldType.TEXT,
        )
        for name in placeholders.names(content)
        if name not in placeholders.bad_names(content)
    )
