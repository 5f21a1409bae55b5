from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.message import Code, Line, Link, Mention, Strong, plain
from bot.contracts.model import Words
from bot.wording.language import LANGUAGES, Language, languages, marked, markup, placeholders

SHANGHAI = ZoneInfo("Asia/Shanghai")
PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "**#{number} {name}** is in review: `status #{number}`"
msgstr "**#{number} {name}** 审核中：`状态 #{number}`"

msgid "one message"
msgid_plural "{n} messages"
msgstr[0] "{n} 条短信"

msgid "not yet"
msgstr ""

#, fuzzy
msgid "perhaps"
msgstr "也许"
"""


@pytest.fixture
def spoken(tmp_path: Path) -> dict[str, Language]:
    (tmp_path / "zh.po").write_text(PO, encoding="utf-8")
    return dict(languages(SHANGHAI, tmp_path))


ENGLISH = Language("en", SHANGHAI)
CHINESE = Language("zh", SHANGHAI)


def test_there_are_two_languages_with_our_own_catalogue() -> None:
    loaded = languages(SHANGHAI)
    assert tuple(loaded) == LANGUAGES == ("en", "zh")
    assert [language.code for language in loaded.values()] == ["en", "zh"]
    assert repr(loaded["zh"]) == "Language('zh')"


def test_texts(spoken: dict[str, Language]) -> None:
    msgid = "**#{number} {name}** is in review: `status #{number}`"
    assert spoken["en"].text(msgid, number=17, name="速达") == "**#17 速达** is in review: `status #17`"
    assert spoken["zh"].text(msgid, number=17, name="速达") == "**#17 速达** 审核中：`状态 #17`"
    assert spoken["zh"].text("unheard of {x}", x=1) == "unheard of 1"


def test_what_is_not_translated_is_said_in_english(spoken: dict[str, Language]) -> None:
    assert spoken["zh"].text("not yet") == "not yet"
    assert spoken["zh"].text("perhaps") == "perhaps"
    assert spoken["zh"].text("") == ""


def test_lines_have_markup(spoken: dict[str, Language]) -> None:
    msgid = "**#{number} {name}** is in review: `status #{number}`"
    assert spoken["en"].line(msgid, number=17, name="速达") == (
        Strong("#17 速达"),
        " is in review: ",
        Code("status #17"),
    )
    assert spoken["zh"].line(msgid, number=17, name="速达") == (Strong("#17 速达"), " 审核中：", Code("状态 #17"))


def test_code_may_stand_inside_strong() -> None:
    assert ENGLISH.line("**I know no `{word}`.** So", word="sing") == (
        Strong("I know no "),
        Code("sing"),
        Strong("."),
        " So",
    )


def test_parts_and_lines_go_in_as_what_they_are() -> None:
    who, where, inner = Mention("slack:U1", "ann"), Link("https://a.example", "here"), ("a ", Strong("b"))
    assert ENGLISH.line("{who} looks {where}: {inner}.", who=who, where=where, inner=inner) == (
        who,
        " looks ",
        where,
        ": a ",
        Strong("b"),
        ".",
    )
    assert ENGLISH.line("**{who} {inner}**", who=who, inner=inner) == (who, Strong(" a b"))
    assert ENGLISH.line("`{who}`", who=Code("x")) == (Code("x"),)
    assert ENGLISH.text("{who} looks {where}: {inner}", who=who, where=where, inner=inner) == "@ann looks here: a b"


@given(st.text(), st.text())
def test_nothing_that_is_put_in_becomes_markup(name: str, reason: str) -> None:
    line = ENGLISH.line("**{name}**: {reason}", name=name, reason=reason)
    expected: Line = (Strong(name), f": {reason}") if name else (f": {reason}",)
    assert line == expected
    assert plain(line) == f"{name}: {reason}"
    assert ENGLISH.text("{name}: {reason}", name=name, reason=reason) == f"{name}: {reason}"


def test_placeholders_are_names_and_nothing_else() -> None:
    assert ENGLISH.text("{x.__class__} {x!r} {0} {} {X} {x}", x=1) == "{x.__class__} {x!r} {0} {} {X} 1"
    assert ENGLISH.text("written ${{code}}, {{}}") == "written ${code}, {}"
    assert ENGLISH.text("a template's ${code}, {x}", x=1) == "a template's ${code}, 1"
    assert ENGLISH.text("{msgid} {self}", msgid=1, self=2) == "1 2"
    with pytest.raises(KeyError):
        ENGLISH.text("{gone}")
    assert placeholders("{a} {{b}} {c_1} {a} {D} ${e}") == {"a", "c_1"}
    assert markup("**a `b`** `c` **d** *e*") == (2, 2)
    assert marked("as it is") == "as it is"


def test_unfinished_markup_is_text() -> None:
    assert ENGLISH.line("2 ** 3 `x") == ("2 ** 3 `x",)
    assert ENGLISH.line("") == ()


def test_plurals(spoken: dict[str, Language]) -> None:
    def messages(language: Language, n: int) -> str:
        return language.plural("one message", "{n} messages", n)

    assert [messages(spoken["en"], n) for n in (0, 1, 2, 38200)] == [
        "0 messages",
        "one message",
        "2 messages",
        "38,200 messages",
    ]
    assert [messages(spoken["zh"], n) for n in (1, 38200)] == ["1 条短信", "38,200 条短信"]
    assert ENGLISH.plural("{n} of {name}", "{n} by {name}", 2, name="x") == "2 by x"


def test_words_and_lists() -> None:
    words = Words("company name", "企业名称")
    assert (ENGLISH.pick(words), CHINESE.pick(words)) == ("company name", "企业名称")
    assert (ENGLISH.joined(["a", "b"]), CHINESE.joined(("a", "b"))) == ("a, b", "a、b")


@pytest.mark.parametrize(
    ("numbers", "english", "chinese"),
    [
        ([], "", ""),
        ([4], "A4", "A4"),
        ([2, 1], "A1, A2", "A1、A2"),
        (range(1, 10), "A1 to A9", "A1 至 A9"),
        ([7, 1, 2, 3, 9, 8, 12], "A1 to A3, A7 to A9, A12", "A1 至 A3、A7 至 A9、A12"),
    ],
)
def test_neighbours_are_named_by_their_ends(numbers: Iterable[int], english: str, chinese: str) -> None:
    assert (ENGLISH.ranges("A", numbers), CHINESE.ranges("A", numbers)) == (english, chinese)


NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # Monday, 14:00 in Shanghai


@pytest.mark.parametrize(
    ("when", "english", "chinese"),
    [
        (datetime(2026, 11, 23, 7, 40, tzinfo=UTC), "today 15:40", "今天 15:40"),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "today 00:00", "今天 00:00"),
        (datetime(2026, 11, 24, 1, 30, tzinfo=UTC), "tomorrow 09:30", "明天 09:30"),
        (datetime(2026, 11, 22, 15, 59, tzinfo=UTC), "yesterday 23:59", "昨天 23:59"),
        (datetime(2026, 11, 26, 6, 5, tzinfo=UTC), "Thu 26 Nov 14:05", "11月26日 周四 14:05"),
        (datetime(2027, 1, 3, 6, 0, tzinfo=UTC), "Sun 3 Jan 2027 14:00", "2027年1月3日 周日 14:00"),
    ],
)
def test_moments(when: datetime, english: str, chinese: str) -> None:
    assert ENGLISH.moment(when, None, NOW) == english
    assert CHINESE.moment(when, SHANGHAI, NOW) == chinese


@pytest.mark.parametrize(
    ("zone", "at", "shown"),
    [
        ("America/New_York", datetime(2026, 11, 1, 4, 59, tzinfo=UTC), "00:59"),
        ("America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "01:30 EDT"),
        ("America/New_York", datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "01:30 EST"),
        ("America/New_York", datetime(2026, 11, 1, 7, 0, tzinfo=UTC), "02:00"),
        ("America/New_York", datetime(2026, 3, 8, 6, 59, tzinfo=UTC), "01:59"),
        ("America/New_York", datetime(2026, 3, 8, 7, 0, tzinfo=UTC), "03:00"),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 14, 45, tzinfo=UTC), "01:45 +11"),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, 15, tzinfo=UTC), "01:45 +1030"),
        ("Asia/Shanghai", datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "13:30"),
    ],
)
def test_an_hour_that_comes_twice_says_which(zone: str, at: datetime, shown: str) -> None:
    assert ENGLISH.clock(at, ZoneInfo(zone)) == CHINESE.clock(at, ZoneInfo(zone)) == shown


def test_moments_elsewhere() -> None:
    when = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert ENGLISH.moment(when, UTC, NOW) == "today 17:00"
    assert ENGLISH.moment(when, None, NOW) == "tomorrow 01:00"
    assert (ENGLISH.day(when, UTC, NOW), ENGLISH.clock(when, UTC)) == ("today", "17:00")


@pytest.mark.parametrize(
    ("span", "english", "chinese"),
    [
        (timedelta(0), "0 s", "0 秒"),
        (timedelta(seconds=8), "8 s", "8 秒"),
        (timedelta(seconds=59.7), "1 min", "1 分钟"),
        (timedelta(minutes=52), "52 min", "52 分钟"),
        (timedelta(seconds=3599), "1 h", "1 小时"),
        (timedelta(hours=2), "2 h", "2 小时"),
        (timedelta(hours=1, minutes=48), "1 h 48 min", "1 小时 48 分"),
        (timedelta(hours=23, minutes=59, seconds=50), "1 day", "1 天"),
        (timedelta(days=1, hours=3), "1 day 3 h", "1 天 3 小时"),
        (timedelta(days=2), "2 days", "2 天"),
        (timedelta(days=41, hours=5), "41 days", "41 天"),
        (timedelta(days=1200), "1,200 days", "1,200 天"),
        (-timedelta(minutes=5), "5 min", "5 分钟"),
    ],
)
def test_spans(span: timedelta, english: str, chinese: str) -> None:
    assert (ENGLISH.span(span), CHINESE.span(span)) == (english, chinese)


@pytest.mark.parametrize(
    ("hours", "english", "chinese"),
    [(0.5, "30 min", "30 分钟"), (23, "23 h", "23 小时"), (24, "24 h", "24 小时"), (84.4, "84 h", "84 小时")],
)
def test_no_working_day_has_24_hours(hours: float, english: str, chinese: str) -> None:
    span = timedelta(hours=hours)
    assert (ENGLISH.working(span), CHINESE.working(span)) == (english, chinese)


def test_numbers() -> None:
    numbers = (38200, 0.5, Decimal("538200.00"), Decimal("1E+3"), 100, -1234, 0.0, float("inf"))
    assert [ENGLISH.number(n) for n in numbers] == ["38,200", "0.5", "538,200", "1,000", "100", "-1,234", "0", "inf"]
    assert (ENGLISH.percent(0.125), ENGLISH.percent(Decimal(1))) == ("12.5%", "100%")


def test_money() -> None:
    assert ENGLISH.money(Decimal("0.045")) == "CNY 0.045"
    assert ENGLISH.money(Decimal("1234.5")) == "CNY 1,234.50"
    assert (CHINESE.money(5), CHINESE.money(5, "USD")) == ("5.00 元", "USD 5.00")


def test_a_text_that_is_spoken_already_keeps_its_markup_and_its_braces() -> None:
    assert ENGLISH.with_markup("See `sign list` for **${code}**.") == (
        "See ",
        Code("sign list"),
        " for ",
        Strong("${code}"),
        ".",
    )
    assert ENGLISH.line("Means: {what}", what=ENGLISH.with_markup("`x`")) == ("Means: ", Code("x"))
