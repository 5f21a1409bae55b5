"""A span of days as people type it behind a command: `30d`, `2 weeks`, `7`."""

from collections.abc import Sequence
from datetime import timedelta

from bot.commands.command import Argument, ArgumentKind
from bot.commands.spans import UNIT, read_span
from bot.contracts import mentions
from bot.contracts.errors import UserError
from bot.contracts.model import Words
from bot.desk.context import Context

DAY = timedelta(days=1)

LONGEST = 400
"""Days; what is older stands in the record only."""

ARGUMENTS = (
    Argument(ArgumentKind.WORD, pattern=rf"[0-9]{{1,4}}(?:{UNIT})?|[一两半]{UNIT}", label=Words("a span", "时间段")),
    Argument(ArgumentKind.WORD, pattern=UNIT, label=Words("a span", "时间段")),
)
"""What a command with such a span declares."""


def days_of(context: Context, words: Sequence[str], usual: int, example: str) -> int:
    """How many days are meant.

    Args:
        context: who says it.
        words: as they were typed; none for the usual span.
        usual: days, where nobody says how many.
        example: the command with a span, to be typed instead.

    Raises:
        UserError: it is no span, or too long a one.
    """
    if not words:
        return usual
    text = " ".join(words)
    span = timedelta(days=int(text)) if text.isdecimal() else read_span(text)
    days = 0 if span is None else -(-span // DAY)
    if 1 <= days <= LONGEST:
        return days
    language = context.language
    raise UserError(
        language.text(
            "“{text}” is no span of days from 1 to {most}; write 7d, 30d or 12w.",
            text=mentions.shown(text)[:20],
            most=LONGEST,
        ),
        commands=(example,),
    )
