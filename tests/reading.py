"""What tests of wordings read with: a reader of each language, and a message as text that a person can check."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.contracts.hours import CHINA, Holidays, Hours
from bot.contracts.message import (
    SIGNS,
    Block,
    Button,
    Code,
    Commands,
    Items,
    Line,
    Link,
    Mention,
    Message,
    Part,
    Quote,
    Strong,
    Table,
    Text,
    Typed,
)
from bot.contracts.model import Kind, State, Words
from bot.contracts.vendor import Capabilities, FilingView, KindAbility
from bot.wording.language import LANGUAGES, languages
from bot.wording.view import View
from tests.given import MONDAY

SPOKEN = languages(CHINA)
ENGLISH, CHINESE = (SPOKEN[code] for code in LANGUAGES)

HOURS = Hours((9, 18))
ABILITY = KindAbility(
    update_in=frozenset({State.APPROVED, State.READY, State.REJECTED}),
    console="https://console.example/sms",
    anew_by="content",
)


def capable(filing: FilingView, *, filing_usually: Words | None = None, ability: KindAbility = ABILITY) -> Capabilities:
    """A vendor that can do everything, and shows this much of the carriers' filing."""
    return Capabilities(
        title=Words("Example", "示例"),
        kinds=dict.fromkeys(Kind, replace(ability, filing=filing, filing_usually=filing_usually)),
        hours=HOURS,
        credentials=("key_id", "key_secret"),
    )


VENDORS = {
    "aliyun": capable(FilingView.PER_CARRIER, filing_usually=Words("Usually 5 to 7 workdays.", "通常 5–7 个工作日。")),
    "tencent": capable(FilingView.HIDDEN, ability=KindAbility()),
}
"""One account that shows everything and takes edits, one that shows nothing, has no console and takes none."""

SPELLINGS = (
    ("template submit", "模板 提交"),
    ("send", "发送"),
    ("unsnooze", "取消暂缓"),
    ("unack", "取消认领"),
    ("resolve", "关闭"),
    ("history", "历史"),
    ("resubmit", "重提"),
    ("path", "路径"),
    ("snooze", "暂缓"),
    ("settle", "落实"),
    ("status", "状态"),
    ("delete", "删除"),
    ("quota", "额度"),
    ("edit", "修改"),
    ("show", "查看"),
    ("ack", "认领"),
)


def views(now: datetime = MONDAY) -> Mapping[str, View]:
    """The view of a reader of each language."""
    return {
        code: View(
            language,
            now,
            VENDORS,
            dict.fromkeys(VENDORS, HOURS),
            Holidays(),
            spellings=SPELLINGS if code == "zh" else (),
            names={"slack:U2": "Li Lei"},
        )
        for code, language in SPOKEN.items()
    }


def in_both(worded: Callable[[View], Message], now: datetime = MONDAY) -> str:
    """What a reader of either language is shown, the English above the Chinese."""
    return "\n".join(shown(worded(view)) for view in views(now).values())


def shown(message: Message) -> str:
    """A message as text: its sign and title, a line for each thing said, its buttons in brackets."""
    lines = [f"{SIGNS[message.mark]} {line(message.title)}".strip()]
    for block in message.blocks:
        lines += _block(block)
    if message.buttons:
        lines.append(" ".join(_button(button) for button in message.buttons))
    return "\n".join(lines) + "\n"


def line(said: Line) -> str:
    """A line with its markup, mentions and links as people write them."""
    return "".join(_part(part) for part in said)


def _part(part: Part) -> str:
    match part:
        case str():
            return part
        case Strong(text):
            return f"**{text}**"
        case Code(text) | Typed(text):
            return f"`{text}`"
        case Mention(_, name):
            return f"@{name}"
        case Link(url, _):
            return f"<{url}>"


def _block(block: Block) -> list[str]:
    match block:
        case Text(said):
            return [line(said)]
        case Quote(text):
            return [f"> {text}"]
        case Items(lines):
            return [f"- {line(said)}" for said in lines]
        case Table(head, rows):
            return [" | ".join(head), *(" | ".join(line(cell) for cell in row) for row in rows)]
        case Commands(label, commands):
            return [f"{label}: {' · '.join(commands)}"]
        case _:
            return [repr(block)]


def _button(button: Button) -> str:
    sure = "!" if button.dangerous else ""
    choices = f": {' / '.join(label for _, label in button.choices)}" if button.choices else ""
    return f"[{button.label}{choices} → {button.action} {button.target}{sure}]"
