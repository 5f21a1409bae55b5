"""Asking for what is missing, and keeping the question until it is answered."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import sqlite_utils

from bot.commands.tokens import quoted
from bot.contracts import personal
from bot.contracts.fields import Field, FieldType, Problem, canonical_key, field_for
from bot.contracts.message import Block, Button, Items, Line, Mark, Message, Text, plain
from bot.contracts.model import Actor, Place, Question, Words
from bot.contracts.rules import Severity
from bot.desk import in_private, previewing
from bot.desk.asking import Pairing, guess, noted, question, where_to_answer
from bot.desk.context import Context, Reply
from bot.desk.filling import Filling, Step
from bot.desk.sifting import sift
from bot.requests.check.telling import lines as rule_lines
from bot.requests.prepare import Prepared
from bot.requests.summary import lacking_lines, merged_missing, problem_lines
from bot.store import dialogues, requests
from bot.wording.language import Language
from bot.wording.problems import key_word, problem_line
from bot.wording.view import capital, named, next_commands
from bot.wording.words import KIND_WORDS, KINDS, STATES

FILLS = ("fill", "change")
"""What a question about a submission does: fill it in, or ask what shall be changed in it."""

UNSEEN = "unseen"
"""Of a kept question: it was put in a form, and no words of it stand in the conversation."""

_NOTHING: Mapping[str, str] = MappingProxyType({})


# --- Asking ----------------------------------------------------------------------------------------------------------


async def ask(
    context: Context,
    filling: Filling,
    prepared: Sequence[Prepared],
    asked: Question | None = None,
    *,
    left_out: Sequence[Prepared] = (),
    note: Line = (),
    step: Step | None = None,
    wrong: Sequence[Line] = (),
    whole: bool = False,
    again: bool = False,
) -> Reply:
    """Ask for what is missing, in a form where that can be, otherwise in words.

    Args:
        asked: the question that was answered with this.
        left_out: accounts that are not part of it any more.
        note: said first.
        step: the answer that was taken, which is told by name.
        wrong: what was not taken, and why.
        whole: sum up everything, whatever is missing.
        again: have a code sent once more.
    """
    services, incoming = context.services, context.incoming
    if filling.steps:
        for item in prepared:
            await services.requests.orders.keep(filling.numbers[item.account], item.values, incoming.actor)
    missing = in_private.missing_here(context, prepared)
    numbers = tuple(filling.going.values())
    in_words = left_out or note or whole or wrong
    unseen = asked is None and not in_words and not await _is_asked_in_words(context, numbers)
    wanted = previewing.wanted(prepared, missing)
    kept = await keep(context, filling, asked, wanted, unseen=unseen)
    if not in_words and await services.chats.ask(incoming, numbers):
        return None
    if unseen:
        kept = await keep(context, filling, kept, wanted)
    if elsewhere := in_private.way(context, filling, prepared):
        await services.database.write(lambda db: dialogues.drop(db, incoming.place, incoming.actor))
        return elsewhere
    language = context.language
    codes = [await services.requests.preparation.codes.ask(item, again=again) for item in prepared]
    sent = in_private.told_of_codes(language, [one for one in codes if one is not None])
    union = services.requests.preparation.union(filling.kind, tuple(filling.numbers), filling.said_to)
    if step is not None and not note:
        note = noted(language, step, union)
    message = question(
        language,
        filling.kind,
        filling.name,
        in_private.asked_here(context, prepared),
        services.requests.preparation.fields(filling.kind, tuple(filling.going), filling.said_to),
        left_out=wrong_lines(language, left_out, several=True),
        note=note,
        wrong=wrong,
        guess=guess(language, filling.guessed, union) if filling.guessed else (),
        whole=whole,
        paths=context.paths,
        pairing=_pairing(context, kept) if any(field.type is FieldType.FILE for field in missing) else None,
        where=(*in_private.later(context, prepared), *where_to_answer(language, incoming, context.abilities)),
    )
    ahead = (*((Items(sent),) if sent else ()), *await _papers_again(context, prepared, numbers))
    ahead = (*ahead, *(() if missing else await previewing.so_far(context, prepared, kept.code)))
    message = replace(message, shared=True, blocks=(*ahead, *message.blocks))
    if not context.abilities.forms:
        return message
    target = ",".join(f"#{number}" for number in numbers)
    return replace(message, buttons=(Button("edit", target, language.text("Fill in")),))


async def _papers_again(context: Context, prepared: Sequence[Prepared], numbers: Sequence[int]) -> tuple[Text, ...]:
    """Why a file is asked for that went along before; nothing where none is."""
    found = await context.services.database.read(lambda db: requests.of_numbers(db, numbers))
    papers = {request.account: request.papers for request in found}
    names = [
        paper["name"]
        for item in prepared
        for paper in papers.get(item.account, ())
        if "name" in paper and item.lacks(paper["key"])
    ]
    if not names:
        return ()
    files = context.language.joined(list(dict.fromkeys(names)))
    return (Text(context.language.line("{files} went along before. Papers are never kept: send again.", files=files)),)


async def _is_asked_in_words(context: Context, numbers: Sequence[int]) -> bool:
    """Whether a question about these requests stands in the conversation."""
    incoming = context.incoming
    asked = await context.services.database.read(lambda db: dialogues.get(db, incoming.place, incoming.actor))
    if asked is None or asked.data.get("do") != "fill" or asked.data.get(UNSEEN):
        return False
    return bool(set(numbers) & set(Filling.from_json(asked.data).numbers.values()))


async def keep(
    context: Context,
    filling: Filling,
    asked: Question | None,
    missing: Sequence[Field],
    *,
    unseen: bool = False,
    more: Mapping[str, str] = _NOTHING,
) -> Question:
    """Store the question; the time begins anew.

    Args:
        unseen: whether it is put in a form only, so that closing the form ends it.
        more: what else is kept with it.
    """
    services, incoming = context.services, context.incoming
    now = services.clock.now()
    fresh = Question(
        place=incoming.place,
        actor=incoming.actor,
        data={
            **replace(filling, missing=tuple(field.key for field in missing)).to_json(),
            **({UNSEEN: True} if unseen else {}),
            **more,
        },
        asked_at=now,
        expires_at=now + services.dialogues.patience.forget,
        remind_at=now + services.dialogues.patience.remind,
        code=asked.code if asked else "",
        wrong=asked.wrong if asked else 0,
        files_from=asked.files_from if asked else "",
    )
    wants_code = _can_pair(context) and any(field.type is FieldType.FILE for field in missing)
    return await services.database.write(lambda db: dialogues.put(db, fresh, _code if wants_code else None))


def _code(digits: int) -> str:
    least: int = 10 ** (digits - 1)
    return str(least + secrets.randbelow(9 * least))


def _can_pair(context: Context) -> bool:
    """Whether a file can be handed in one to one: where files do not travel, by people who are served there."""
    incoming, services = context.incoming, context.services
    apart = context.abilities.pairs and not incoming.direct
    return apart and services.settings.person_of(incoming.actor.key) is not None


def _pairing(context: Context, asked: Question) -> Pairing | None:
    """How a file gets here, where it does not travel freely."""
    if context.incoming.direct or not context.abilities.pairs:
        return None
    return Pairing(asked.code)


def code_belongs_elsewhere(context: Context, code: str) -> Message:
    """A code was said in the group, where it does nothing."""
    language = context.language
    return Message(
        title=language.line("The code `{code}` belongs into our 1:1 chat, with the file.", code=code),
        blocks=(Text(language.line("Send both to me there; here I go on as soon as the file has come.")),),
    )


# --- Answers ---------------------------------------------------------------------------------------------------------


async def still_asked(context: Context, filling: Filling) -> Filling:
    """Without the requests that went on by other ways: in a form, by a command, or sent before a restart."""
    services = context.services
    kept = await services.database.read(lambda db: still_open(db, filling))
    return kept.only([account for account in kept.numbers if account in services.vendors])


async def over(context: Context, filling: Filling) -> Message:
    """There is nothing left to fill in."""
    await drop(context)
    language = context.language
    numbers = tuple(filling.going.values())
    found = await context.services.database.read(lambda db: requests.of_numbers(db, numbers))
    lines = tuple(
        language.line(
            "#{number} {name} at {account}: {state}",
            number=request.number,
            name=named(language, request.name),
            account=request.account,
            state=language.pick(STATES[request.state]),
        )
        for request in found
    )
    ahead = (next_commands(context.view, f"status #{found[0].number}"),) if found else ()
    return Message(
        title=language.line("**This question is over**; nothing more is missing here."), blocks=(Items(lines), *ahead)
    )


async def drop(context: Context) -> None:
    """Nothing is asked any more, and no file is held."""
    incoming = context.incoming
    await context.services.database.write(lambda db: dialogues.drop(db, incoming.place, incoming.actor))
    context.services.dialogues.held.drop(who(context))


def wrong_lines(
    language: Language,
    prepared: Sequence[Prepared],
    *,
    several: bool = False,
    missing: bool = True,
    asked: bool = False,
    twins: bool = True,
) -> tuple[Line, ...]:
    """Everything that is wrong; the account is named where there are several.

    Args:
        language: the reader's.
        prepared: what each account has so far.
        several: whether accounts are named although there is one.
        missing: whether what is missing is wrong.
        asked: whether it is about an answer, in the words of the question.
        twins: whether the same thing that stands already is wrong.
    """
    several = several or len(prepared) > 1
    the_same = tuple(
        language.line(
            "{account}: #{number} is the same and is {state}.",
            account=item.account,
            number=item.twin.number,
            state=language.pick(STATES[item.twin.state]),
        )
        for item in prepared
        if twins and item.twin is not None
    )
    wanting = [item for item in prepared if missing and not item.problems and item.twin is None]
    lacking = lacking_lines(language, wanting, several=several)
    minded = rule_lines(language, prepared, Severity.ERROR, several=several and len(prepared) > 1)
    return (*problem_lines(language, prepared, several=several, asked=asked), *minded, *the_same, *lacking)


def said_wrong(context: Context, item: Prepared) -> Words:
    """What is wrong with it, for readers of either language: the card is read by others than whoever typed it."""
    said = {
        code: plain(language.sentences(wrong_lines(language, (item,))))
        for code, language in context.services.views.languages.items()
    }
    return Words(said["en"], said["zh"])


def refused(
    context: Context, filling: Filling, prepared: Sequence[Prepared], unknown: Sequence[Problem] = ()
) -> Message:
    """Nothing was sent: everything that is wrong or missing, and the whole of it as it can be said again.

    Args:
        context: who said it where.
        filling: what was said.
        prepared: what each account would get.
        unknown: keys that no account knows.
    """
    language = context.language
    lines = (*unknown_lines(context, filling, prepared, unknown), *wrong_lines(language, prepared))
    again = _said_again(context, filling, prepared, unknown)
    ahead = next_commands(context.view, *again)
    if filling.editing:
        number = next(iter(filling.numbers.values()))
        title = language.line("**#{number} was not changed.**", number=number)
        ahead = next_commands(context.view, *again, f"show #{number}")
        return Message(title=title, mark=Mark.BAD, blocks=(Items(lines), ahead))
    kind = capital(language.pick(KINDS[filling.kind]))
    title = language.line("**{kind} {name} was not sent.**", kind=kind, name=named(language, filling.name))
    if twins := [f"show #{item.twin.number}" for item in prepared if item.twin is not None]:
        ahead = next_commands(context.view, *twins)
    blocks: tuple[Block, ...] = (Items(lines), *((ahead,) if ahead.commands else ()))
    return Message(title=title, mark=Mark.BAD, blocks=blocks)


def unknown_lines(
    context: Context, filling: Filling, prepared: Sequence[Prepared], unknown: Sequence[Problem]
) -> tuple[Line, ...]:
    """Keys that no account knows, and those that there are where none of them is near."""
    language = context.language
    lines = tuple(problem_line(language, problem) for problem in unknown)
    if all(problem.nearest for problem in unknown):
        return lines
    accounts = [item.account for item in prepared]
    union = context.services.requests.preparation.union(filling.kind, accounts, filling.said_to)
    known = " ".join(key_word(language, field) for field in union if field.key != "name")
    return (*lines, language.line("Keys: `{known}`", known=known))


def _said_again(
    context: Context, filling: Filling, prepared: Sequence[Prepared], unknown: Sequence[Problem]
) -> tuple[str, ...]:
    """What was typed as it can be typed again: right where that is known, and with `…` where it is to be filled in."""
    language = context.language
    accounts = [one.account for one in prepared]
    fields = context.services.requests.preparation.union(filling.kind, accounts, filling.said_to)
    sifted = sift(filling.said, prepared, fields, unknown)
    wanted = {one.key: "" for one in merged_missing(prepared)}
    typed = {canonical_key(key, field): key for key, _ in filling.said if (field := field_for(key, fields)) is not None}
    minded = {key: "" for key, as_typed in typed.items() if {key, as_typed} & sifted.minded}
    persons = dict.fromkeys((key for one in prepared for key in one.papers if personal.private(key)), "")
    again = {**minded, **persons, **wanted, **dict(sifted.guessed)}  # whose file it is, its path may say
    pairs = {key: value for key, value in dict(sifted.right).items() if not personal.private(key)} | again
    if filling.editing:
        changed = {key: value for key, value in pairs.items() if key in again}
        number = next(iter(filling.numbers.values()))
        return (f"edit #{number} {_typed(language, changed, fields)}",) if changed else ()
    name = pairs.pop("name", "")
    head = f"{KIND_WORDS[filling.kind]} submit {context.naming(filling.kind, accounts)} {quoted(name) if name else '…'}"
    return (f"{head} {_typed(language, pairs, fields)}".strip(),)


def _typed(language: Language, pairs: Mapping[str, str], fields: Sequence[Field]) -> str:
    """Keys and values as they are typed."""
    typed = []
    for key, value in pairs.items():
        field = field_for(key, fields)
        word = key_word(language, field) if field is not None and "." not in key else key
        typed.append(f"{word}={quoted(value) if value else '…'}")
    return " ".join(typed)


def doubted(filling: Filling, prepared: Sequence[Prepared]) -> tuple[str, ...]:
    """The rules that reviewers may mind and nobody was asked about yet."""
    found = dict.fromkeys(one.rule for item in prepared for one in item.warnings)
    return tuple(rule for rule in found if rule not in filling.warned)


async def ask_whether(
    context: Context,
    filling: Filling,
    prepared: Sequence[Prepared],
    asked: Question | None = None,
    left_out: Sequence[Prepared] = (),
) -> Reply:
    """Ask, once, whether it shall go although reviewers may mind it; arguments as for `ask`."""
    language = context.language
    note = language.line("Reviewers may mind this; it goes as it is when you say so.")
    told = rule_lines(language, prepared, Severity.WARNING)
    filling = filling.warned_of(doubted(filling, prepared))
    reply = await ask(context, filling, prepared, asked, left_out=left_out, note=note, wrong=told)
    return replace(reply, mark=Mark.WARNING) if isinstance(reply, Message) else reply


def who(context: Context) -> str:
    """Under whose name files of a dialogue are held."""
    return whose(context.incoming.place, context.incoming.actor)


def whose(place: Place, actor: Actor) -> str:
    """The dialogue of one person in one conversation, as one name."""
    return f"{place.key}:{actor.key}"


def still_open(db: sqlite_utils.Database, filling: Filling) -> Filling:
    """A submission without the requests that no longer stand as they did when it was begun: they went on without it."""
    kept = []
    for account, number in filling.numbers.items():
        request = requests.find(db, number)
        if request is not None and filling.stood.get(account, "") in ("", request.standing):
            kept.append(account)
    return filling.only(kept)
