"""How people begin: the few things that most of them come for, to press or to copy; only what this person may do."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.contracts.message import SAY, Block, Button, Line, Mark, Message, Text
from bot.contracts.model import Role, Words
from bot.desk.context import SUBMITS, Context
from bot.wording.view import next_commands


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to begin.

    Args:
        words: the command's own words.
        said: what is said.
        label: of its button.
        role: from which it is offered, where that is more than the command asks for.
    """

    words: tuple[str, ...]
    said: Words
    label: Words
    role: Role = Role.NOBODY


ENTRIES = (
    Entry(("sign", "submit"), Words("sign submit", "签名 提交"), Words("Submit a signature", "提交签名")),
    Entry(("template", "submit"), Words("template submit", "模板 提交"), Words("Submit a template", "提交模板")),
    Entry(("status",), Words("status mine", "状态 我的"), Words("My requests", "我的申请")),
    Entry(("quota",), Words("quota", "额度"), Words("Quota", "额度")),
    Entry(("alerts",), Words("alerts", "告警"), Words("Alerts", "告警"), Role.RESPONDER),
)
"""In the order in which people want them."""


SPOKEN_OF = 2
"""Other commands that are offered for a sentence that speaks of them."""


def buttons(context: Context, about: Sequence[str] = ()) -> tuple[Button, ...]:
    """What this person can begin with here, to be pressed; `about` as for `page`."""
    language = context.language
    return tuple(
        Button(SAY, language.pick(entry.said), language.pick(entry.label)) for entry in _offered(context, about)
    )


def page(context: Context, title: Line = (), *, mark: Mark = Mark.NONE, about: Sequence[str] = ()) -> Message:
    """A short start instead of an error or a wall: for a greeting, a bare call, a sentence.

    Args:
        context: who is here.
        title: what is said first; a question where there is nothing else to say.
        mark: of the message.
        about: the words of the commands that a sentence speaks of; they go first.
    """
    language = context.language
    blocks: list[Block] = []
    offered = _offered(context, about)
    known = {" ".join(entry.words) for entry in ENTRIES}
    others = [
        one.spelled(language.code)
        for one in context.services.speech.commands
        if one.spelled("en") in about and one.spelled("en") not in {*known, "help"} and one.role <= context.role
    ]
    if any(entry.words in SUBMITS for entry in offered):
        blocks.append(
            Text(
                language.line("Each of these is enough: what else is needed is asked in a form.")
                if context.abilities.forms
                else language.line("Each of these is enough: what else is needed is asked one by one.")
            )
        )
    said = [language.pick(entry.said) for entry in offered]
    blocks.append(next_commands(context.view, *others[:SPOKEN_OF], *said, "help"))
    return Message(
        title=title or language.line("**What shall be done?**"),
        mark=mark,
        blocks=tuple(blocks),
        buttons=buttons(context, about),
    )


def _offered(context: Context, about: Sequence[str]) -> tuple[Entry, ...]:
    """Those of the ways that this person may go here; what a sentence speaks of goes first."""
    roles = {declaration.words: declaration.role for declaration in context.services.speech.commands}
    ordered = sorted(ENTRIES, key=lambda entry: " ".join(entry.words) not in about)
    return tuple(
        entry
        for entry in ordered
        if entry.words in roles
        and context.role >= max(roles[entry.words], entry.role)
        and (entry.words not in SUBMITS or context.able(SUBMITS[entry.words]))
    )
