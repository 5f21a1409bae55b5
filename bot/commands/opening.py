"""How a text begins: with something that is said to the program, or with a greeting. Pure.

Chats ask that which must find out where a mention ends and what was said begins (`bot.contracts.chat.Desk.begins`).
"""

from typing import Any

from bot.commands.command import Mistake, Reason, Router, Vocabulary
from bot.commands.parsing import MAX_TEXT, is_command, parse
from bot.commands.spelling import plain
from bot.commands.tokens import folded, folded_keys, tokens

GREETINGS = frozenset(
    [
        "hi",
        "hello",
        "hey",
        "hallo",
        "yo",
        "hiya",
        "start",
        "menu",
        "morning",
        "thanks",
        "thankyou",
        "thx",
        "cheers",
        "谢谢",
        "谢谢你",
        "谢谢您",
        "多谢",
        "谢了",
        "辛苦了",
        "你好",
        "您好",
        "你们好",
        "大家好",
        "嗨",
        "哈喽",
        "哈啰",
        "在吗",
        "在么",
        "在不在",
        "早",
        "早上好",
        "上午好",
        "中午好",
        "下午好",
        "晚上好",
        "开始",
        "菜单",
        "你是谁",
        "怎么用",
        "能做什么",
        "你能做什么",
    ]
)
"""With which people begin; nobody who says one wants an error."""


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


def greets(text: str) -> bool:
    """Whether a text says hello, and nothing else."""
    words = [plain(word) for word in text[:100].split()]
    whole = "".join(word for word in words if word not in ("there", "signpost", "good"))
    return whole in GREETINGS
