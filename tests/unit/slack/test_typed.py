"""What Slack sends, and what we read: the table of forms."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.slack.entities import Names
from integrations.slack.marks import LONGEST, marks, pieces, taken_out
from integrations.slack.typed import Typed, command, message

NAMES = Names(team="T1", ourselves="U9")


def marked(typed: Typed) -> list[str]:
    """What of a text had formatting, with the sign in front."""
    return [f"{one.sign} {typed.text[one.start : one.end]}" for one in typed.styled]


LINKS = [
    # A web address: what was typed, for Slack puts in what was left out.
    ("<https://suda.example>", "https://suda.example"),
    ("<https://suda.example|suda.example>", "suda.example"),
    ("<http://suda.example/a?b=1&amp;c=2|suda.example/a?b=1&amp;c=2>", "suda.example/a?b=1&c=2"),
    ("<http://suda.example|Suda.Example>", "Suda.Example"),
    ("<https://suda.example/%E8%AE%A2%E5%8D%95|suda.example/订单>", "suda.example/订单"),
    ("<https://evil.example|suda.example>", "https://evil.example"),
    ("<https://evil.example|click here>", "https://evil.example"),
    # A telephone number and a mail address: the label, where there is one.
    ("<tel:4000001234|400-000-1234>", "400-000-1234"),
    ("<tel:+864000001234|+86 400-000-1234>", "+86 400-000-1234"),
    ("<tel:4000001234>", "4000001234"),
    ("<mailto:service@suda.example|Service@Suda.example>", "Service@Suda.example"),
    ("<mailto:a@b.example?subject=hi|a@b.example>", "a@b.example"),
    ("<mailto:a@b.example?subject=hi&amp;body=x>", "a@b.example"),
    ("<mailto:a@b.example>", "a@b.example"),
    ("客服热线 <tel:4000001234|400-000-1234>，请知悉。", "客服热线 400-000-1234，请知悉。"),
    ("<TEL:4000001234|400-000-1234>", "400-000-1234"),
    ("<tel:+86%20138>", "+86 138"),
    ("<mailto:a%2Bb@c.example>", "a+b@c.example"),
    ("<sms:13800001234|138-0000-1234>", "138-0000-1234"),
    ("<callto:4000001234|400-000-1234>", "400-000-1234"),
    ("<skype:suda|suda>", "suda"),
    # An address in other letters than the link has.
    ("<https://xn--fiqs8s.example|中国.example>", "中国.example"),
    ("<https://suda.example/$%7Bcode%7D|https://suda.example/${code}>", "https://suda.example/${code}"),
    ("<https://suda.example/very/long|suda.example/very…>", "https://suda.example/very/long"),
    ("<https://xn--zz--.example|zz.example>", "https://xn--zz--.example"),
    # Channels, groups, everybody. An id that has no name here is told as one, and never goes to a vendor.
    ("<#C0123|ops>", "#ops"),
    ("<#C0123>", "<#slack:T1/C0123>"),
    ("<#C0123|>", "<#slack:T1/C0123>"),
    ("<!subteam^S0123|@ops>", "@ops"),
    ("<!subteam^S0123|ops>", "@ops"),
    ("<!subteam^S0123>", "<&slack:T1/S0123>"),
    ("<!here>", "@here"),
    ("<!here|here>", "@here"),
    ("<!here|@here>", "@here"),
    ("<!channel|channel>", "@channel"),
    ("<!everyone>", "@everyone"),
    ("<!date^1392734382^{date_short}|18 Feb 2014>", "18 Feb 2014"),
    ("<!date^1392734382^{date_short}^https://suda.example|18 Feb 2014>", "18 Feb 2014"),
    ("<!date^1392734382^{date_short}>", "2014-02-18"),
    ("<@B0123>", "<@slack:T1/B0123>"),
    # People, in the form that every chat has for them; a mention of the bot is how it is spoken to.
    ("<@U0123>", "<@slack:T1/U0123>"),
    ("<@W0123|mei>", "<@slack:T1/W0123|mei>"),
    ("by=<@U0123|mei lin>", "by=<@slack:T1/U0123|mei%20lin>"),
    ("<@U0123|R&amp;D=1>", "<@slack:T1/U0123|R%26D%3D1>"),
    ("<@U9> status", "status"),
    # Signs that Slack escapes; once, whatever they say.
    ("&lt;b&gt; &amp; co", "<b> & co"),
    ("a &amp;lt; b", "a &lt; b"),
    ("&lt;@U0123&gt;", "<@U0123>"),
    # What is no entity stays.
    ("1 <2 3", "1 <2 3"),
    ("<b>", "<b>"),
]


@pytest.mark.parametrize(("sent", "read"), LINKS)
def test_links_and_mentions(sent: str, read: str) -> None:
    assert command(sent, NAMES) == Typed(read)


MARKS = [
    # (sent, read, what had marks)
    ("`status #1`", "status #1", ["` status #1"]),
    ("*status* #1", "status #1", ["* status"]),
    ("_status_ ~#1~", "status #1", ["_ status", "~ #1"]),
    ("**status** #1", "status #1", ["* status"]),
    ("```sign submit tencent 速达物流```", "sign submit tencent 速达物流", ["``` sign submit tencent 速达物流"]),
    ("```\nstatus\n```", "status", ["``` status"]),
    ("quota ```aliyun```", "quota \naliyun", ["``` aliyun"]),
    ("*_status_* `#1`", "status #1", ["* status", "_ status", "` #1"]),
    ("&gt; status #1", "status #1", ["> status #1"]),
    ("&gt; status\n&gt; #1", "status\n#1", ["> status\n#1"]),
    ("&gt;&gt;&gt; status", "status", ["> status"]),
    ("• status #1", "status #1", ["• status #1"]),
    ("• a\n• b", "a\nb", ["• a", "• b"]),
    ("ack `A1` *on* it", "ack A1 on it", ["` A1", "* on"]),
    (
        "sign submit tencent 速达物流 `source=company`",
        "sign submit tencent 速达物流 source=company",
        ["` source=company"],
    ),
    ("*加粗模板*", "加粗模板", ["* 加粗模板"]),
    ("*重要* 您的`${order}`已_发货_。", "重要 您的${order}已发货。", ["* 重要", "` ${order}", "_ 发货"]),
    ("*<tel:4000001234|400-000-1234>*", "400-000-1234", ["* 400-000-1234"]),
    ("`a &lt; b`", "a < b", ["` a < b"]),
    ("`*a*`", "*a*", ["` *a*"]),  # what stands in code stands for itself
    ("您好:tada:", "您好:tada:", [": :tada:"]),
    (":8ball: :1234:", ":8ball: :1234:", [": :8ball:", ": :1234:"]),
    (":wave::skin-tone-2: hi", ":wave::skin-tone-2: hi", [": :wave::skin-tone-2:"]),
]


@pytest.mark.parametrize(("sent", "read", "what"), MARKS)
def test_marks_are_taken_out_and_told(sent: str, read: str, what: list[str]) -> None:
    typed = command(sent, NAMES)

    assert typed.text == read
    assert marked(typed) == what


@pytest.mark.parametrize(
    "text",
    [
        "2*3*4",
        "5 * 3 * 2",
        "长*宽*高",
        "满100*2*件",
        "138****1234",
        "尾号****1234的卡",
        "9~10点，14~18点",
        "周一~周五，9:00~18:00",
        "上午~下午，早上~晚上。",
        "letter_term=2026-01-01~2027-01-01",
        "${user_name}和${order_id}",
        "a_b_c file_name_here",
        "https://suda.example/_a_/*b*",
        "10:30:00",
        "说明：订单:已发货",
        "* 一 * 二",
        "` `",
        "``````",
        "it's 5 > 3",
    ],
)
def test_signs_that_stand_for_themselves(text: str) -> None:
    assert not marks(text)


@given(st.text("*_~`>•: a1重\n{}$", max_size=60))
def test_without_its_marks_a_text_only_got_shorter(text: str) -> None:
    typed = command(text, NAMES)

    letters = [one for one in text if one.isalnum()]
    assert [one for one in typed.text if one.isalnum()] == letters
    assert all(0 <= one.start < one.end <= len(typed.text) for one in typed.styled)
    assert bool(pieces(text)) == bool(marks(text))
    assert len(taken_out(text)) <= len(text)


@given(st.text(max_size=200))
def test_any_text_that_slack_escapes_is_read_as_it_was_typed(text: str) -> None:
    sent = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    typed = command(sent, NAMES)

    if not typed.styled:
        assert typed.text == text.strip()


def test_a_very_long_text_is_not_searched_for_marks() -> None:
    assert not marks("*a " * LONGEST)


# --- Blocks ------------------------------------------------------------------------------------------------------------


def rich(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "rich_text", "elements": list(elements)}]


def line(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


def said(text: str, *styles: str) -> dict[str, Any]:
    return {"type": "text", "text": text, **({"style": dict.fromkeys(styles, True)} if styles else {})}


BLOCKS = [
    # (elements of a line, read, what had marks)
    ([said("status #1")], "status #1", []),
    ([said("status ", "bold"), said("#1")], "status #1", ["* status"]),
    ([said("*重要* 2*3 `a` _b_")], "*重要* 2*3 `a` _b_", []),  # signs that were typed as signs
    ([said("a", "bold", "italic"), said("b", "strike"), said("c", "code")], "abc", ["* a", "_ a", "~ b", "` c"]),
    ([said("a < b & c")], "a < b & c", []),
    ([{"type": "user", "user_id": "U9"}, said(" status")], "status", []),
    ([said("by="), {"type": "user", "user_id": "U0123"}], "by=<@slack:T1/U0123>", []),
    ([{"type": "link", "url": "tel:4000001234", "text": "400-000-1234"}], "400-000-1234", []),
    ([{"type": "link", "url": "mailto:a@b.example?subject=x", "text": "A@b.example"}], "A@b.example", []),
    ([{"type": "link", "url": "https://suda.example"}], "https://suda.example", []),
    ([{"type": "link", "url": "https://suda.example", "text": "suda.example"}], "suda.example", []),
    ([{"type": "link", "url": "https://evil.example", "text": "suda.example"}], "https://evil.example", []),
    ([{"type": "channel", "channel_id": "C0123"}], "<#slack:T1/C0123>", []),
    ([{"type": "usergroup", "usergroup_id": "S0123"}], "<&slack:T1/S0123>", []),
    ([{"type": "broadcast", "range": "here"}], "@here", []),
    ([{"type": "emoji", "name": "tada", "unicode": "1f389"}], "🎉", []),
    ([{"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fb"}], "👋🏻", []),
    ([{"type": "emoji", "name": "suda"}], ":suda:", [": :suda:"]),
    ([{"type": "date", "timestamp": 1, "format": "{date}", "fallback": "18 Feb"}], "18 Feb", []),
    ([{"type": "color", "value": "#F405B3"}], "#F405B3", []),
    (
        [said("a ", "bold"), {"type": "link", "url": "https://b.example", "style": {"bold": True}}, said(" c", "bold")],
        "a https://b.example c",
        ["* a https://b.example c"],
    ),
]


@pytest.mark.parametrize(("elements", "read", "what"), BLOCKS)
def test_a_line_of_formatted_text(elements: list[dict[str, Any]], read: str, what: list[str]) -> None:
    typed = message({"text": "something poorer", "blocks": rich(line(*elements))}, NAMES)

    assert typed.text == read
    assert marked(typed) == what


def test_lists_quotations_and_blocks_of_code_stand_on_their_lines() -> None:
    blocks = rich(
        line(said("Draft:\n")),
        {"type": "rich_text_list", "style": "bullet", "elements": [line(said("one")), line(said("two"))]},
        {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": [line(said("three"))]},
        {"type": "rich_text_quote", "elements": [said("four")]},
        {"type": "rich_text_preformatted", "elements": [said("five *")]},
    )
    typed = message({"blocks": blocks}, NAMES)

    assert typed.text == "Draft:\none\ntwo\nthree\nfour\nfive *"
    assert marked(typed) == ["• one", "• two", "3. three", "> four", "``` five *"]


PLACES = [
    # (message, read): the richest place that says something.
    ({"text": "a *b*"}, "a b"),
    ({"text": "poor", "blocks": rich(line(said("rich")))}, "rich"),
    ({"text": "for <#C0123|ops>", "blocks": rich(line(said("for "), {"type": "channel", "channel_id": "C0123"}))}, "for #ops"),
    ({"text": "text", "blocks": rich({"type": "rich_text_of_tomorrow", "elements": []})}, "text"),
    ({"text": "text", "blocks": rich(line({"type": "canvas", "canvas_id": "F1"}))}, "text"),
    ({"text": "text", "blocks": [{"type": "image", "image_url": "https://a.example"}]}, "text"),
    ({"text": "in short", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*whole* &amp; all"}}]}, "whole & all"),
    ({"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "*a* &amp;"}}]}, "*a* &amp;"),
    ({"text": "", "files": [{"id": "F1", "initial_comment": {"comment": "a &lt; b"}}]}, "a < b"),
    ({"text": None, "comment": {"comment": "as a comment"}}, "as a comment"),
    ({"text": "  \n ", "blocks": None, "files": None, "attachments": None}, ""),
    ({}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("delivered", "read"), PLACES)
def test_where_a_message_keeps_its_text(delivered: dict[str, Any], read: str) -> None:
    assert message(delivered, NAMES).text == read


SPOKEN_TO = [
    # in front of what is said: the bot, and who else is called
    ("<@U9> <!here>: status", "status"),
    ("<!here> <@U9> status", "status"),
    ("<!channel>, <@U9>: status", "status"),
    ("<!subteam^S1|@ops> <@U9> status", "status"),
    ("<@U1> <@U9>, status", "status"),
    ("<@U9>, <@U1>: status", "status"),
    ("<@U9> status <!here>", "status @here"),
    ("<@U9> by=<@U1>", "by=<@slack:T1/U1>"),
    # brackets around what is said, around the mention, around both
    ("<@U9>（状态）", "（状态）"),
    ("<@U9> (status #17)", "(status #17)"),
    ("(<@U9>) status", "status"),
    ("【<@U9>】状态", "状态"),
    ("（<@U9> 状态）", "状态"),
    ("(<@U9> status #17)", "status #17"),
    ("(<@U9> by=<@U1>)", "by=<@slack:T1/U1>"),
]


@pytest.mark.parametrize(("sent", "read"), SPOKEN_TO)
def test_who_else_is_called_is_no_part_of_what_is_said(sent: str, read: str) -> None:
    kinds = {"@": ("user", "user_id"), "!": ("broadcast", "range")}
    elements: list[dict[str, Any]] = []
    for piece in re.split(r"(<[^>]*>)", sent):
        if piece.startswith("<!subteam"):
            elements.append({"type": "usergroup", "usergroup_id": "S1"})
        elif piece.startswith("<"):
            kind, key = kinds[piece[1]]
            elements.append({"type": kind, key: piece[2:-1]})
        elif piece:
            elements.append(said(piece))

    for delivered in ({"text": sent}, {"text": "poor", "blocks": rich(line(*elements))}):
        assert message(delivered, NAMES).addressed().text.lstrip(" :,") == read


def test_a_block_that_is_not_known_is_left_to_the_text() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "b"}]]}
    assert message({"text": "a | b", "blocks": [*rich(line(said("a"))), table]}, NAMES).text == "a | b"
    assert message({"text": "poor", "blocks": [*rich(line(said("rich"))), {"type": "divider"}]}, NAMES).text == "rich"


@pytest.mark.parametrize(
    ("attachment", "read"),
    [
        ({"text": "shared *text*", "fallback": "short"}, "shared text"),
        ({"fallback": "short"}, "short"),
        ({"message_blocks": [{"message": {"blocks": rich(line(said("shared")))}}], "text": "poor"}, "shared"),
        ({"blocks": [{"type": "section", "text": {"type": "plain_text", "text": "of an app"}}]}, "of an app"),
    ],
)
def test_a_shared_message_counts_where_nothing_else_was_said(attachment: dict[str, Any], read: str) -> None:
    assert message({"text": "", "attachments": [attachment]}, NAMES, shared=True).text == read
    assert message({"text": "mine", "attachments": [attachment]}, NAMES, shared=True).text == "mine"
    assert message({"text": "", "attachments": [attachment]}, NAMES).text == ""
