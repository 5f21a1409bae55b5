"""A command that lacks a word, or was not quite understood: what is asked back, and what an answer makes of it.

Whatever is asked takes an answer: the number of a choice or its word, several where several may be meant, `yes` where one
thing was guessed, or just what was missing. The answer and what was said before make one command, which goes the way of
every command; nothing else is ever done. What is asked is kept as a `Question`, so that it survives a restart.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlite_utils

from bot.commands.accounts import EVERY, accounts_of
from bot.commands.command import Command, Declaration, Mistake, Reason, Vocabulary
from bot.commands.nearest import shown, suggest
from bot.commands.spelling import plain
from bot.commands.tokens import quoted
from bot.contracts.errors import UserError
from bot.contracts.fields import fold
from bot.contracts.hushed import hushed
from bot.contracts.message import SAY, Block, Button, Items, Mark, Message, Text
from bot.contracts.model import Incoming, Question
from bot.contracts.numbers import without_numbers
from bot.desk.answers import Said, gives_up, yes_or_no
from bot.desk.asking import where_to_answer
from bot.desk.context import SUBMITS, Context, WhichAccount
from bot.desk.questions import who
from bot.store import dialogues
from bot.wording.view import next_commands

DO = "say"
"""What such a question does: something is said."""

WITH_NUMBERS = "messages"
"""The topic of the commands that name phone numbers."""

_BETWEEN = re.compile(r"[\s,，、;；/+&]+|和|与|及|跟|\band\b", re.IGNORECASE)

_EVERY = frozenset({"every", "each", "both", "everything", "全都", "都", "都要", "每个", "两个", "三个"})
"""Other words for all of them, in an answer."""


# --- Answers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meant:
    """What an answer makes of what was said before.

    Args:
        text: the whole command.
        accounts: to which accounts, where that was asked.
    """

    text: str
    accounts: tuple[str, ...] = ()


def meaning(
    data: Mapping[str, Any], text: str, vocabulary: Vocabulary, understood: Callable[[str], Command | None]
) -> Meant | Said:
    """What an answer means.

    Args:
        data: of the question.
        text: the answer.
        vocabulary: the accounts there are.
        understood: what a text says as a command.

    Returns:
        The command that is said with it; `Said.CANCEL` where it is given up; `Said.NOTHING` where it answers nothing.
    """
    if gives_up(text):
        return Said.CANCEL
    if accounts := data.get("accounts"):
        chosen = _accounts(text, accounts, vocabulary)
        return Meant(str(data["begun"]), chosen) if chosen else Said.NOTHING
    if choices := data.get("choices"):
        said = _choice(text, choices)
        return Meant(said) if said else Said.NOTHING
    if instead := data.get("instead"):
        match yes_or_no(text):
            case Said.YES:
                return Meant(str(instead))
            case Said.NO:
                return Said.CANCEL
            case _:
                return Said.NOTHING
    for way in ("", *data.get("ways", ())):
        whole = f"{data['begun']} {way}{text.strip()}"
        if text.strip() and understood(whole) is not None:
            return Meant(whole)
    return Said.NOTHING


def _accounts(text: str, accounts: Sequence[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The accounts that an answer names, by number, name or vendor; none where a word of it is no account."""
    words = [plain(word) for word in _BETWEEN.split(fold(text)) if word]
    chosen: list[str] = []
    for word in words:
        number = int(word) if word.isdecimal() and len(word) < 4 else 0
        if number == len(accounts) + 1 or word in _EVERY:
            chosen += accounts
        elif 1 <= number <= len(accounts):
            chosen.append(accounts[number - 1])
        else:
            found = [account for account in accounts_of(word, vocabulary) if account in accounts]
            if not found:
                return ()
            chosen += found
    return tuple(account for account in accounts if account in chosen)


def _choice(text: str, choices: Sequence[str]) -> str:
    """The one of some commands that an answer names: by its number, or by a word that only it has."""
    word = plain(text)
    if word.isdecimal() and 1 <= int(word) <= len(choices):
        return choices[int(word) - 1]
    whole = [one for one in choices if plain(one) == word]
    fitting = whole or [one for one in choices if word in map(plain, one.split())]
    return fitting[0] if len(fitting) == 1 else ""


# --- Questions -------------------------------------------------------------------------------------------------------


async def which_account(context: Context, wanted: WhichAccount) -> Message:
    """Ask to which accounts; what came with the command is kept for the answer."""
    language, incoming, command = context.language, context.incoming, wanted.command
    data = {
        "do": DO,
        "begun": incoming.text,
        "values": [list(pair) for pair in incoming.values],
        "accounts": list(context.accounts),
    }
    await _keep(context, data, instead=True)
    if incoming.files:
        context.services.dialogues.held.keep(_under(context), {"paper": incoming.files})
    name = quoted(command.name) if command.name else ""
    every = f"{command.declaration.spelled('en')} {language.pick(EVERY)} {name}".strip()
    listed = (*context.accounts, language.pick(EVERY))
    submits = command.declaration.words in SUBMITS and command.declaration.words[-1] == "submit"
    title = language.line("**Which account?**")
    if submits and command.name:
        title = language.line("**Which account shall {name} go to?**", name=command.name)
    blocks: list[Block] = [Items(tuple((f"{number}. {one}",) for number, one in enumerate(listed, 1)))]
    blocks.append(Text(language.line("Answer with numbers or names, several with commas between; `cancel` leaves it.")))
    if submits:
        blocks.append(
            Text(language.line("I then ask for what is missing; where nothing is, your answer submits it at once."))
        )
    blocks += where_to_answer(language, incoming, context.abilities)
    blocks.append(next_commands(context.view, every))
    button = Button(SAY, incoming.text, language.text("Fill in"))
    return Message(title=title, blocks=tuple(blocks), buttons=(button,) if submits and context.abilities.forms else ())


async def mistaken(context: Context, wrong: Mistake, message: Message) -> Message:
    """What was not understood, with a question where there is one: did you mean this? which of these? what is missing?

    Args:
        context: who said it where.
        wrong: what was not understood.
        message: what is said of it.
    """
    language = context.language
    if (
        has_a_number(context.incoming.text)
        and wrong.declaration is not None
        and wrong.declaration.topic == WITH_NUMBERS
    ):
        return message  # a question is kept with what was said, and a whole number is kept nowhere
    data: dict[str, Any] = {"do": DO}
    asking, told = message, tuple[Block, ...]()
    match wrong.reason:
        case Reason.INCOMPLETE_COMMAND if len(wrong.choices) > 1:
            data["choices"] = list(wrong.choices)
            title = language.line("**`{word}` what?**", word=wrong.word)
            asking = Message(
                title=title,
                blocks=(
                    Items(tuple((f"{number}. {one}",) for number, one in enumerate(wrong.choices, 1))),
                    Text(language.line("Answer with the number or the word; `cancel` leaves it.")),
                ),
            )
        case Reason.MISSING_ARGUMENT:
            data["begun"] = context.incoming.text
            told = (Text(language.line("Answer with just that; `cancel` leaves it.")),)
        case _ if wrong.instead:
            data["instead"] = wrong.instead
            told = (next_commands(context.view, language.text("yes"), language.text("no"), wrong.instead),)
        case _:
            return message
    if not await _keep(context, data):
        return message
    where = where_to_answer(language, context.incoming, context.abilities)
    return replace(asking, blocks=(*asking.blocks, *told, *where))


def has_a_number(text: str) -> bool:
    """Whether a number of a person, in any spelling, may stand in a command; the code of a template is none."""
    rest = " ".join(word for word in text.split() if not (_ID.fullmatch(word) and hushed(word) == word))
    return without_numbers(rest) != rest


_ID = re.compile(r"(?=.*[A-Za-z])[0-9A-Za-z_^:-]+")


async def refused(context: Context, error: UserError, message: Message) -> Message:
    """What cannot be done as it was said, where only the rest of it has to be said again."""
    if not error.begun or not await _keep(context, {"do": DO, "begun": error.begun, "ways": list(error.ways)}):
        return message
    told = Text(context.language.line("Answer with just that; `cancel` leaves it."))
    where = where_to_answer(context.language, context.incoming, context.abilities)
    return replace(message, blocks=(*message.blocks, told, *where))


def again(context: Context, asked: Question) -> Message:
    """That something was no answer, and what would be one; a name with a slip in it is told by itself."""
    language, data = context.language, asked.data
    accounts: Sequence[str] = data.get("accounts", ())
    words = [plain(word) for word in _BETWEEN.split(fold(context.incoming.text)) if word]
    slips = [(word, near) for word in words if word not in accounts and (near := suggest(word, accounts))]
    choices = [*data.get("accounts", ()), *data.get("choices", ())]
    if data.get("accounts"):
        choices.append(language.pick(EVERY))
    blocks: list[Block] = []
    if choices:
        blocks.append(Items(tuple((f"{number}. {one}",) for number, one in enumerate(choices, 1))))
        title = language.line("That is none of these. Answer with a number or a name; `cancel` leaves it.")
        for word, near in slips[:1]:
            begun = language.line(
                "There is no account `{word}`. Did you mean `{nearest}`?", word=shown(word), nearest=near
            )
            title = language.sentences((begun, language.line("Answer with a number or a name; `cancel` leaves it.")))
    else:
        title = language.line("That does not fit `{begun}`. Say it again; `cancel` leaves it.", begun=data["begun"])
    return Message(
        title=title, mark=Mark.BAD, blocks=(*blocks, *where_to_answer(language, context.incoming, context.abilities))
    )


def guessed(asked: Question) -> bool:
    """Whether it only asks if something was meant: whoever says something else did not mean it."""
    return "instead" in asked.data


def left(context: Context) -> Message:
    """That a question is given up."""
    return Message(title=context.language.line("Left. Nothing was done."))


def said_whole(context: Context, asked: Question, meant: Meant) -> Incoming:
    """The command as if it had been said whole."""
    held = context.services.dialogues.held
    files = held.look(_under(context)).get("paper", ()) if meant.accounts else ()
    held.drop(_under(context))
    return replace(
        context.incoming,
        text=meant.text,
        values=tuple((str(key), str(value)) for key, value in asked.data.get("values", ())),
        accounts=meant.accounts,
        files=(*files, *context.incoming.files),
        styled=(),
    )


def asks_about(data: Mapping[str, Any], declared: Callable[[str], Declaration | None]) -> frozenset[tuple[str, ...]]:
    """The commands that a question is about, by their words: once one of them is said whole, nothing is asked any more.

    Args:
        data: of the question.
        declared: which command a text is, or is not quite.
    """
    if data.get("do") != DO:
        return frozenset()
    texts = (data.get("begun"), data.get("instead"), *data.get("choices", ()))
    found = (declared(str(text)) for text in texts if text)
    return frozenset(declaration.words for declaration in found if declaration is not None)


async def asked_about(
    context: Context, command: Command, declared: Callable[[str], Declaration | None]
) -> Question | None:
    """The question that is answered by this command being said whole; none where none is."""
    incoming = context.incoming
    if not incoming.can_ask:
        return None
    asked = await context.services.database.read(lambda db: dialogues.get(db, incoming.place, incoming.actor))
    return asked if asked is not None and command.declaration.words in asks_about(asked.data, declared) else None


async def over(context: Context, asked: Question | None = None) -> None:
    """The question is answered or given up.

    Args:
        context: who was asked where.
        asked: only where it is still this one; whichever it is when left out.
    """
    incoming = context.incoming

    def store(db: sqlite_utils.Database) -> None:
        now = dialogues.get(db, incoming.place, incoming.actor)
        if asked is None or (now is not None and (now.asked_at, now.data) == (asked.asked_at, asked.data)):
            dialogues.drop(db, incoming.place, incoming.actor)

    await context.services.database.write(store)


def _under(context: Context) -> str:
    """Under which name files that came with such a command are held."""
    return f"{who(context)} begun"


async def _keep(context: Context, data: Mapping[str, Any], *, instead: bool = False) -> bool:
    """Keep a question; returns whether it can be answered.

    Args:
        context: who is asked where.
        data: of the question.
        instead: whether it takes the place of whatever was being asked; a slip never ends a dialogue.
    """
    incoming, services = context.incoming, context.services
    if not incoming.can_ask:
        return False
    now = services.clock.now()
    patience = services.dialogues.patience
    asked = Question(
        place=incoming.place,
        actor=incoming.actor,
        data=data,
        asked_at=now,
        expires_at=now + (patience.remind if "instead" in data else patience.forget),
    )

    def store(db: sqlite_utils.Database) -> bool:
        if not instead and _busy(db, incoming, now):
            return False
        dialogues.put(db, asked)
        return True

    return await services.database.write(store)


def _busy(db: sqlite_utils.Database, incoming: Incoming, now: datetime) -> bool:
    """Whether this person is in a dialogue."""
    asked = dialogues.get(db, incoming.place, incoming.actor)
    return asked is not None and asked.open(now) and asked.data.get("do") != DO
