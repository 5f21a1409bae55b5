"""People in a typed text: one form for every chat."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.tokens import tokens
from bot.contracts.mentions import Mentioned, after_mentions, all_in, alone, named, shown, spelled, written
from bot.contracts.model import Actor, Incoming, Place, Styled

MEI = Mentioned("slack:T1/U1", "Mei Lin")
WRITTEN = "<@slack:T1/U1|Mei%20Lin>"


def said(text: str, *styled: Styled, values: tuple[tuple[str, str], ...] = ()) -> Incoming:
    return Incoming(text, Actor("slack", "U9"), Place("slack", "C1"), origin="1", styled=styled, values=values)


@pytest.mark.parametrize(
    ("mentioned", "form", "read"),
    [
        (MEI, WRITTEN, "@Mei Lin"),
        (Mentioned("slack:T1/U1"), "<@slack:T1/U1>", "@?"),
        (Mentioned("slack:T1/U1", "李梅"), "<@slack:T1/U1|李梅>", "@李梅"),
        (Mentioned("slack:T1/U1", 'a" type=otp|<b>'), "<@slack:T1/U1|a%22%20type%3Dotp%7C%3Cb%3E>", '@a" type=otp|<b>'),
        (Mentioned("dingtalk:ding1/0123", "张三"), "<@dingtalk:ding1/0123|张三>", "@张三"),
        (Mentioned("slack:T1/C1", sign="#"), "<#slack:T1/C1>", "#?"),
        (Mentioned("slack:T1/S1", sign="&"), "<&slack:T1/S1>", "@?"),
    ],
)
def test_what_it_looks_like_and_what_people_read(mentioned: Mentioned, form: str, read: str) -> None:
    assert written(mentioned) == form
    assert shown(f"by {form}!") == f"by {read}!"
    assert all_in(f"a {form} b {form}") == (mentioned, mentioned)
    assert alone(f" {form} ") == mentioned
    assert alone(f"{form} too") is None


@given(st.text(min_size=1, max_size=40))
def test_whatever_the_name_is_a_mention_is_one_word_and_no_pair(name: str) -> None:
    form = written(Mentioned("slack:T1/U1", name))
    keys = frozenset({"by", "type", "content"})

    assert [(one.key, one.text) for one in tokens(f"by={form} {form}", 0, keys)] == [("by", form), ("", form)]


@pytest.mark.parametrize("text", ["<@U1>", "<b>", "a@b.example", "<@slack: U1>", "<@|x>", "2 < 3 @ 4 > 1"])
def test_what_is_no_mention_stays(text: str) -> None:
    assert not all_in(text)
    assert shown(text) == spelled(text) == text


def test_names_are_filled_in_and_what_is_formatted_moves_along() -> None:
    before = said(
        "ask <@slack:T1/U1> now", Styled(19, 22, "*"), Styled(4, 18, "_"), Styled(15, 17, "~", key="content"),
        values=(("content", "<@slack:T1/U1> hi"),),
    )  # fmt: skip
    after = named(before, {"slack:T1/U1": "Mei Lin"})

    assert after.text == f"ask {WRITTEN} now"
    assert after.values == (("content", f"{WRITTEN} hi"),)
    pieces = [(after.values[0][1] if one.key else after.text)[one.start : one.end] for one in after.styled]
    assert pieces == ["now", WRITTEN, "hi"]
    assert named(after, {}) == after


def test_who_stands_in_front_can_be_left_out() -> None:
    assert after_mentions(f" {WRITTEN} <@slack:T1/U2> status") == " status"
    assert after_mentions("status <@slack:T1/U2>") == "status <@slack:T1/U2>"
