"""Why in words: each notice with when it was owed, where to, how long it took and why, in both languages."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.hours import Holidays
from bot.contracts.message import plain
from bot.contracts.model import Place, Words
from bot.notices.outbox import CARD_SAYS_IT, _together
from bot.notices.why import Happened, first_shown, line_of, timeline, totals
from bot.store.fates import Fate
from bot.store.notices import NO_REASON, Notice
from bot.wording.language import languages
from bot.wording.view import View

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
OPENED = NOW - timedelta(hours=2)
OPS, GROUP = Place("slack", "C0OPS"), Place("dingtalk", "cid1")
NAMES = {"C0OPS": "#sms-ops", "cid1": "短信值班"}
LANGUAGES = languages(ZoneInfo("Asia/Shanghai"))
BUSY = Words("Slack asks to slow down", "Slack 要求放慢")
ARCHIVED = Words("this channel is archived", "此频道已归档")


def view(code: str) -> View:
    return View(LANGUAGES[code], NOW, {}, {}, Holidays())


def fate(
    number: int,
    what: str = "alert",
    place: Place = OPS,
    *,
    owed: datetime = OPENED,
    after: float | None = 2,
    state: str = "sent",
    reason: Words = NO_REASON,
    tries: int = 1,
    merged: str = "",
) -> Fate:
    notice = Notice(number, f"key-{number}", what, "alert:5", place, {}, tries, owed, merged)
    done = None if after is None else owed + timedelta(seconds=after)
    sent = f"{place.conversation}:card" if what == "card" else f"{place.conversation}:{number}"
    return Fate(notice, state, reason, done, sent if state == "sent" else "")


def lines(code: str, happened: Sequence[Happened], fates: Sequence[Fate]) -> list[str]:
    shown = first_shown(fates)
    return [
        plain(line_of(view(code), entry, shown, lambda place: NAMES[place.conversation]))
        for entry in timeline(happened, fates)
    ]


@pytest.mark.parametrize(
    ("fates", "en", "zh"),
    [
        (
            [fate(1, "card"), fate(2, "card", GROUP, after=3)],
            "told after 2 s (#sms-ops); told after 3 s (短信值班)",
            "2 秒后发出（#sms-ops）；3 秒后发出（短信值班）",
        ),
        (
            [fate(1, "card"), fate(2, "card", GROUP)],
            "told after 2 s (#sms-ops, 短信值班)",
            "2 秒后发出（#sms-ops、短信值班）",
        ),
        (
            [fate(1, after=40, merged="together:1", reason=_together(12))],
            "told in one message with 12 others, after 40 s (#sms-ops)",
            "40 秒后与另外 12 条合并成一条消息（#sms-ops）",
        ),
        (
            [fate(1, state="held", reason=CARD_SAYS_IT)],
            "held back, its card says it (#sms-ops)",
            "未发，卡片上已有（#sms-ops）",
        ),
        (
            [fate(1, after=720, tries=4, reason=BUSY)],
            "told after 12 min (4 tries: Slack asks to slow down) (#sms-ops)",
            "12 分钟后发出（试了 4 次：Slack 要求放慢）（#sms-ops）",
        ),
        (
            [fate(1, state="failed", after=5, reason=ARCHIVED)],
            "failed after 5 s, this channel is archived (#sms-ops)",
            "5 秒后失败，此频道已归档（#sms-ops）",
        ),
        (
            [fate(1, state="due", after=None, tries=0)],
            "due for 2 h, not told yet (#sms-ops)",
            "已等 2 小时，尚未发出（#sms-ops）",
        ),
        (
            [fate(1, state="due", after=None, tries=3, reason=BUSY)],
            "due for 2 h, not told yet (3 tries: Slack asks to slow down) (#sms-ops)",
            "已等 2 小时，尚未发出（试了 3 次：Slack 要求放慢）（#sms-ops）",
        ),
    ],
)
def test_what_became_of_a_notice_and_why(fates: Sequence[Fate], en: str, zh: str) -> None:
    assert lines("en", [Happened(OPENED, ("opened",))], fates) == [f"today 10:00 · opened: {en}"]
    assert lines("zh", [Happened(OPENED, ("告警产生",))], fates) == [f"今天 10:00 · 告警产生：{zh}"]


def test_news_and_the_change_of_its_card_are_one() -> None:
    later = OPENED + timedelta(minutes=15)
    fates = [fate(1, "card"), fate(2, "alert", owed=later), fate(3, "card", owed=later)]
    happened = [Happened(OPENED, ("opened",)), Happened(later, ("escalated to bo",))]
    assert lines("en", happened, fates)[1] == (
        "today 10:15 · escalated to bo: told after 2 s, its card changed too (#sms-ops)"
    )


def test_cards_with_another_figure_only_are_counted_and_what_was_not_told_says_why() -> None:
    times = [OPENED + timedelta(minutes=10 * step) for step in range(1, 5)]
    fates = [fate(1, "card"), *(fate(2 + number, "card", owed=when) for number, when in enumerate(times))]
    happened = [
        Happened(OPENED, ("opened",)),
        Happened(times[3] + timedelta(minutes=5), ("2 repeats",), ("held back",), NOW),
        Happened(NOW, ("nobody need know",)),
    ]
    assert lines("en", happened, fates) == [
        "today 10:00 · opened: told after 2 s (#sms-ops)",
        "today 10:10 to 10:40 · card brought up to date (4 times): 4 sent (#sms-ops)",
        "today 10:45 to 12:00 · 2 repeats: held back",
    ]


def test_the_sum_is_what_was_owed() -> None:
    fates = [
        fate(1),
        fate(2, merged="together:2", reason=_together(1)),
        fate(3, state="held", reason=CARD_SAYS_IT),
        fate(4, state="failed", reason=ARCHIVED),
        fate(5, state="due", after=None),
    ]
    assert plain(totals(LANGUAGES["en"], fates, 2)) == (
        "5 messages owed, 2 sent, 1 of them told with others, 1 held back, 1 failed, 1 still due, 2 repeats not told"
    )
    assert plain(totals(LANGUAGES["zh"], fates)) == (
        "共 5 条，已发 2 条，其中合并发出 1 条，未发 1 条，失败 1 条，待发 1 条"
    )


moments = st.integers(0, 20).map(lambda step: OPENED + timedelta(minutes=step))
owed = st.lists(
    st.tuples(moments, st.sampled_from(["card", "alert", "news"]), st.sampled_from([OPS, GROUP])), max_size=30
)


@given(owed, st.lists(st.tuples(moments, st.booleans()), max_size=20))
def test_each_notice_stands_in_one_entry_and_the_entries_in_their_order(
    owed: list[tuple[datetime, str, Place]], happened: list[tuple[datetime, bool]]
) -> None:
    fates = [fate(number, what, place, owed=at) for number, (at, what, place) in enumerate(owed)]
    story = [Happened(at, (f"event {number}",), ("why",) if why else ()) for number, (at, why) in enumerate(happened)]
    entries = timeline(story, fates)
    told = [one.notice.id for entry in entries for one in entry.fates]
    assert sorted(told) == list(range(len(fates)))
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    with_reason = {one.what for one in story if one.untold}
    shown = {one.what for entry in entries for one in entry.happened}
    assert with_reason <= shown
