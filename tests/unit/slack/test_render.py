"""Messages as blocks: goldens in both languages, and nothing that Slack would refuse or obey."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contracts.message import (
    Button,
    Code,
    Commands,
    Items,
    Line,
    Link,
    Mark,
    Mention,
    Message,
    Quote,
    Strong,
    Table,
    Text,
)
from integrations.slack.render import MAX_TEXT, escape, literal, modal, render
from tests.emulators.slack.rules import check_message, check_view, texts

CARD = Message(
    title=(Strong("#17 signature 速达物流 at aliyun: in review"), " · ", Mention("slack:T1/U1", "ann")),
    mark=Mark.WAITING,
    blocks=(
        Text(("Usually decided in about 2 hours. See ", Link("https://a.example/x", "the console"), ".")),
        Quote("签名 <无法> *识别*"),
        Items((("one ", Code("a=b")), ("two",))),
        Commands("Next", ("status #17", "history #17")),
    ),
    buttons=(Button("status", "#17", "Details"), Button("delete", "#17", "Delete", dangerous=True)),
)
CARD_ZH = Message(
    title=(Strong("#17 签名 速达物流（阿里云）：审核中"),),
    mark=Mark.WAITING,
    blocks=(Commands("下一步", ("状态 #17",)),),
    buttons=(Button("delete", "#17", "删除", dangerous=True),),
)


def checked(message: Message, language: str = "en") -> dict[str, Any]:
    rendered = render(message, language=language, full_key="0123456789abcdef")
    payload = {"text": rendered.text, "blocks": rendered.blocks}
    check_message(payload, update=True)
    return payload


def test_a_card() -> None:
    payload = checked(CARD)

    assert payload["text"] == (
        "⏳ #17 signature 速达物流 at aliyun: in review · <@U1>\n"
        "Usually decided in about 2 hours. See <https://a.example/x|the console>.\n"
        "“签名 &lt;无法&gt; *识别*”\n"
        "• one a=b\n"
        "• two\n"
        "Next: /sms status #17 · /sms history #17"
    )
    assert [block["type"] for block in payload["blocks"]] == ["rich_text"] * 5 + ["actions"]
    assert payload["blocks"][0]["elements"][0]["elements"] == [
        {"type": "text", "text": "⏳ "},
        {"type": "text", "text": "#17 signature 速达物流 at aliyun: in review", "style": {"bold": True}},
        {"type": "text", "text": " · "},
        {"type": "user", "user_id": "U1"},
    ]
    assert payload["blocks"][2]["elements"] == [
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "签名 <无法> *识别*"}]}
    ]
    assert [button["value"] for button in payload["blocks"][-1]["elements"]] == ["status #17", "delete #17"]
    assert payload["blocks"][-1]["elements"][1]["confirm"]["title"]["text"] == "Are you sure?"


def test_a_card_in_chinese() -> None:
    payload = checked(CARD_ZH, "zh")

    assert payload["text"] == "⏳ #17 签名 速达物流（阿里云）：审核中\n下一步：/sms 状态 #17"
    confirm = payload["blocks"][-1]["elements"][0]["confirm"]
    assert (confirm["title"]["text"], confirm["confirm"]["text"], confirm["deny"]["text"]) == (
        "确定吗？",
        "确定",
        "取消",
    )


def test_a_table() -> None:
    table = Table(("account", "left"), ((("aliyun",), (Strong("38,200"),)), (("tencent",), ())))
    payload = checked(Message(title=("quota",), blocks=(table, table)))

    assert [block["type"] for block in payload["blocks"]] == ["rich_text", "table", "rich_text"]
    assert payload["blocks"][1]["rows"][1][1]["elements"][0]["elements"] == [
        {"type": "text", "text": "38,200", "style": {"bold": True}}
    ]


def test_a_table_that_does_not_fit_is_a_list() -> None:
    rows: tuple[tuple[Line, ...], ...] = tuple(((f"#{n}",), ("x",)) for n in range(150))
    payload = checked(Message(title=("list",), blocks=(Table(("number", "name"), rows),)))

    assert payload["blocks"][1]["elements"][0]["type"] == "rich_text_list"


def test_what_is_too_long_is_cut_and_can_be_read_in_full() -> None:
    rendered = render(Message(title=("why",), blocks=(Quote("长" * 5000),)), language="en", full_key="0123456789abcdef")

    assert len(rendered.text) <= MAX_TEXT
    full = rendered.kept["full_text:0123456789abcdef"]
    assert full.count("长") == 5000
    assert rendered.blocks[-1]["elements"][-1]["value"] == "full_text 0123456789abcdef"
    check_view(modal("Full text", full, close="Close"))


@pytest.mark.parametrize(
    "text", ["<!channel>", "<@U2>", "<https://evil.example|bank.example>", "@here", "&lt;!here&gt;"]
)
def test_nothing_that_was_written_becomes_a_mention_or_a_link(text: str) -> None:
    payload = checked(
        Message(title=(text,), blocks=(Text((text, Strong(text), Code(text))), Quote(text), Items(((text,),))))
    )

    kinds = {part["type"] for part in _parts(payload["blocks"])}
    assert kinds == {"text"}
    assert "<" not in payload["text"]
    assert "mrkdwn" not in json.dumps(payload)


def test_a_link_that_is_none_and_a_mention_of_another_chat_are_text() -> None:
    payload = checked(Message(title=(Link("javascript:alert(1)", "x"), Mention("dingtalk:manager", "lei"))))

    assert {part["type"] for part in _parts(payload["blocks"])} == {"text"}
    assert payload["text"].endswith("@lei")


def test_what_steers_instead_of_being_read_is_dropped() -> None:
    assert literal("a\u202eb\u200bc\x1b[31md\u2066e") == "abc[31mde"
    assert escape("<&>") == "&lt;&amp;&gt;"


anything = st.text(max_size=300)
parts = st.one_of(
    anything,
    st.builds(Strong, anything),
    st.builds(Code, anything),
    st.builds(Mention, anything, anything),
    st.builds(Link, anything, anything),
)
lines = st.lists(parts, max_size=4).map(tuple)
blocks = st.one_of(
    st.builds(Text, lines),
    st.builds(Quote, st.text(max_size=4000)),
    st.builds(Items, st.lists(lines, max_size=5).map(tuple)),
    st.builds(
        Table,
        st.lists(anything, min_size=2, max_size=2).map(tuple),
        st.lists(st.tuples(lines, lines), max_size=4).map(tuple),
    ),
    st.builds(Commands, anything, st.lists(anything, max_size=3).map(tuple)),
)
messages = st.builds(
    Message,
    title=lines.filter(lambda line: bool(line)),
    mark=st.sampled_from(Mark),
    blocks=st.lists(blocks, max_size=8).map(tuple),
    buttons=st.lists(st.builds(Button, st.just("status"), st.just("#1"), anything, st.booleans()), max_size=3).map(
        tuple
    ),
)


@settings(max_examples=150, deadline=None)
@given(messages, st.sampled_from(["en", "zh"]))
def test_slack_takes_every_message(message: Message, language: str) -> None:
    payload = checked(message, language)

    for text in texts(payload["blocks"]):
        assert literal(text) == text


@pytest.mark.parametrize(("count", "size"), [(70, 1000), (70, 10), (3, 4000), (13, 999)])
def test_many_blocks_fit(count: int, size: int) -> None:
    checked(Message(title=("many",), blocks=tuple(Text(("a<" * (size // 2),)) for _ in range(count))))


def _parts(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        inner = [part for one in value.values() for part in _parts(one)]
        return [value, *inner] if value.get("type") in ("text", "link", "user") else inner
    if isinstance(value, list):
        return [part for one in value for part in _parts(one)]
    return []
