"""What hangs on a thing that a vendor has, and would break with it, in words."""

from dataclasses import dataclass

from bot.contracts.message import Line
from bot.contracts.model import Kind, Request, State
from bot.wording.language import Language
from bot.wording.words import STATES

NAMED = 10
"""Templates that are named; more are counted."""


@dataclass(frozen=True, slots=True)
class Dependents:
    """What hangs on it.

    Args:
        templates: number and name of those that name a signature and still stand.
        messages: that were sent with it lately; none where the vendor does not tell them apart.
    """

    templates: tuple[tuple[int, str], ...] = ()
    messages: int | None = None


def lines(language: Language, request: Request, found: Dependents) -> tuple[Line, ...]:
    """What a deletion breaks, in words."""
    if not request.vendor_ref:
        return (language.line("It was never sent; only the draft goes."),)
    stands = request.prior or request.state
    told = [
        language.line(
            "{account} has it as {state}. This cannot be undone.",
            account=request.account,
            state=language.pick(STATES[stands]),
        )
    ]
    if found.templates:
        using = [f"#{number} {name}" for number, name in found.templates[:NAMED]]
        more = len(found.templates) - len(using)
        told.append(language.line("These templates name it: {templates}.", templates=language.joined(using)))
        if more:
            told.append(language.line("And {count} more.", count=more))
    if found.messages:
        told.append(
            language.plural_line(
                "In the last 7 days {n} message was sent with it.",
                "In the last 7 days {n} messages were sent with it.",
                found.messages,
            )
        )
    elif found.messages == 0:
        told.append(language.line("In the last 7 days no message was sent with it."))
    if stands is State.READY and request.kind is Kind.SIGNATURE:
        told.append(language.line("Messages signed with it stop at once."))
    elif stands is State.READY and request.kind is Kind.TEMPLATE:
        told.append(language.line("Messages sent with it stop at once."))
    return tuple(told)
