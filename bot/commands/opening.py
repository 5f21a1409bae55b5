"""Whether a text begins with something that is said to the program. Pure.

Chats ask that which must find out where a mention ends and what was said begins (`bot.contracts.chat.Desk.begins`).
"""

from typing import Any

from bot.commands.command import Mistake, Reason, Router, Vocabulary
from bot.commands.parsing import MAX_TEXT, is_command, parse
from bot.commands.tokens import folded, folded_keys, tokens


def begins(text: str, router: Router[Any, Any], vocabulary: Vocabulary) -> bool:
    """Whether a text begins with a command, without a slip in its words, or with a known key and its mark.

    Args:
        text: what was typed, or the end of it.
        router: the commands there are.
        vocabulary: the accounts and keys there are.
    """
    if is_command(text, router, vocabulary):
        parsed = parse(text, router, vocabulary)
        return not (isinstance(parsed, Mistake) and parsed.reason is Reason.UNKNOWN_COMMAND)
    keys = folded_keys(vocabulary.keys)
    first = next(tokens(text[:MAX_TEXT], 0, keys, line_start=True), None)
    return first is not None and folded(first.key).partition(".")[0] in keys
