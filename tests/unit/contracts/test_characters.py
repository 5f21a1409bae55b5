"""What cannot be seen and what only looks like something else: named, cleaned, and never shown."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.characters import LookAlike, cleaned, hidden, look_alikes, plain_lines, readable, whole
from bot.contracts.fields import Fault, check_value
from bot.contracts.vocabulary import CONTENT, LINK, NAME, REMARK, SOURCE
from integrations.dingtalk.render import literal as in_dingtalk
from integrations.slack.render import literal as in_slack
from integrations.terminal.render import literal as in_terminal

HIDDEN = [
    *("\ufe0f", "\ufe00", "\u034f", "\u115f", "\u1160", "\u17b4", "\u180b", "\u180e", "\u2800", "\u3164", "\uffa0"),
    *("\U000e0100", "\U000e01ef", "\U000e0041", "\U000e007f", "\ufffc", "\ufffd", "\ufff9", "\u00ad", "\u061c"),
    *("\u200b", "\u200c", "\u200d", "\u200e", "\u202a", "\u202e", "\u2060", "\u2066", "\ufeff", "\x00", "\x1b", "\x7f"),
]

LOOKS = [
    *(("⾥", "里"), ("⽤", "用"), ("⼾", "戶"), ("⻅", "见"), ("⻓", "长"), ("⻔", "门"), ("⺠", "民"), ("⻛", "风")),
    *(
        ("\uf900", "\u8c48"),
        ("\U0002f800", "丽"),
        ("ﬁ", "fi"),
        ("\u00a0", " "),
        ("\u2009", " "),
        ("𝟏", "1"),
        ("︵", "("),
    ),
]

LINE_ENDS = ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("character", HIDDEN)
def test_what_cannot_be_seen_is_named_and_the_rest_offered(character: str) -> None:
    assert hidden(f"您{character}好") == ((2, character),)
    for field in (CONTENT, REMARK, NAME):
        _, problem = check_value(field, field.key, f"您{character}好")
        assert problem is not None
        assert (problem.fault, problem.position, problem.instead) == (Fault.BAD_CHARACTERS, 2, "您好")
        assert problem.found.startswith(f"U+{ord(character):04X}")


@pytest.mark.parametrize(("character", "meant"), LOOKS)
def test_what_looks_like_another_is_named_with_the_proper_one(character: str, meant: str) -> None:
    assert look_alikes(f"您{character}好") == (LookAlike(2, character, meant),)
    _, problem = check_value(CONTENT, "content", f"您{character}好")
    assert problem is not None
    assert (problem.fault, problem.position, problem.nearest, problem.instead) == (
        Fault.LOOK_ALIKE,
        2,
        meant,
        f"您{meant}好",
    )


LETTERS = [
    # a word of Latin letters with one of another script in it, where it stands, what it looks like
    ("您的cоde是", 4, "о", "o"),
    ("Dear custоmer", 10, "о", "o"),
    ("${cоde}", 4, "о", "o"),
    ("https://suda.eхample", 15, "х", "x"),
    ("Ѕuda", 1, "Ѕ", "S"),
    ("SΜS", 2, "Μ", "M"),
    ("pɑy", 2, "ɑ", "a"),
    # one character in two pieces
    ("cafe\u0301", 5, "\u0301", "é"),
    ("カ\u3099", 2, "\u3099", "ガ"),
    ("ᄒ\u1161", 2, "\u1161", "하"),
    # one that Unicode has twice
    ("10k\u2126", 4, "\u2126", "Ω"),
    ("5\u212a", 2, "\u212a", "K"),
]


@pytest.mark.parametrize(("text", "position", "character", "meant"), LETTERS)
def test_a_letter_that_only_looks_like_one_is_named(text: str, position: int, character: str, meant: str) -> None:
    assert look_alikes(text)[0] == LookAlike(position, character, meant)
    _, problem = check_value(CONTENT, "content", text)
    assert problem is not None
    assert (problem.fault, problem.nearest, problem.instead) == (Fault.LOOK_ALIKE, meant, cleaned(text))
    assert not look_alikes(problem.instead)


@pytest.mark.parametrize("text", ["Привет ${code}", "αβγ", "10kΩ 5µm", "ΔT", "Москва SMS", "Łódź naïve"])
def test_words_of_other_scripts_are_what_they_are(text: str) -> None:
    assert not look_alikes(text)
    assert cleaned(text) == text


@pytest.mark.parametrize(
    "value", ["сompany", "com\u200bpany", "ｃｏｍｐａｎｙ", "company\ufe0f", "\u3164company", "企业\u2800"]
)
def test_a_choice_is_known_in_any_width_or_its_letter_is_named(value: str) -> None:
    kept, problem = check_value(SOURCE, "source", value)
    if problem is None:
        assert kept == "company"
    else:
        assert (problem.fault, problem.nearest, problem.instead) == (Fault.LOOK_ALIKE, "c", "company")


LINKS = [
    # typed, whether it is one, what is offered in its place
    ("https://suda.example", True, ""),
    ("Https://suda.example", True, ""),
    ("HTTPS://SUDA.EXAMPLE", True, ""),
    ("https://suda.example/订单", True, ""),
    ("https：//suda.example", False, "https://suda.example"),
    ("https:／／suda.example", False, "https://suda.example"),
    ("https://suda。example", False, "https://suda.example"),
    ("ｈｔｔｐｓ://ｓｕｄａ.example", False, "https://suda.example"),
    ("suda.example", False, ""),
    ("https://a b.example", False, ""),
]


@pytest.mark.parametrize(("typed", "one", "instead"), LINKS)
def test_links(typed: str, one: bool, instead: str) -> None:
    kept, problem = check_value(LINK, "link", typed)
    assert kept == typed
    assert (problem is None) is one
    assert (problem.instead if problem else "") == instead


@pytest.mark.parametrize(
    "text", ["您好，１２３（ＡＢＣ）：“a”！", "①²™℃…½№", "您好\u3000世界\n第二行\t制表", "𠮷野家 é ñ 한국어 カナ", "🎉"]
)
def test_what_people_mean_is_left_alone(text: str) -> None:
    assert hidden(text) == look_alikes(text) == ()
    assert cleaned(text) == text
    assert check_value(CONTENT, "content", text) == (text, None)


@pytest.mark.parametrize("end", LINE_ENDS)
def test_every_line_end_is_one(end: str) -> None:
    assert plain_lines(f"a{end}b") == readable(f"a{end}b") == "a\nb"
    assert check_value(CONTENT, "content", f"您{end}好") == ("您\n好", None)


@given(st.text())
def test_what_was_cleaned_is_clean(text: str) -> None:
    clean = cleaned(text)
    assert not hidden(clean)
    assert not look_alikes(clean)
    assert cleaned(clean) == clean


@pytest.mark.parametrize("shown", [in_slack, in_terminal, in_dingtalk])
@pytest.mark.parametrize("character", [one for one in HIDDEN if one not in "\ufe0f\ufffd"])
def test_no_chat_shows_what_a_value_may_not_have(shown: object, character: str) -> None:
    assert callable(shown)
    assert shown(f"a{character}b") == "ab"


@given(st.characters())
def test_what_is_not_shown_is_nothing_that_a_value_may_have(character: str) -> None:
    if readable(f"a{character}b") == "ab":
        assert hidden(character), unicodedata.name(character, "")


@given(st.text(st.characters()))
def test_a_whole_text_can_be_kept_and_sent(text: str) -> None:
    said = whole(f"{text}\ud83d")
    said.encode()
    assert said.endswith("\ufffd")
    assert whole(said) == said
    assert hidden(said), "so no value for a vendor may have it"
