"""Why something was told, held back, told with others or not told: what the record has of notices, in words. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.contracts.message import Line, plain
from bot.contracts.model import Place, Words
from bot.notices.compose import CARD
from bot.store.fates import DUE, FAILED, HELD, SENT, Fate
from bot.wording.language import Language
from bot.wording.view import View

Named = Callable[[Place], str]
"""What the reader calls a conversation."""

_APART: Mapping[str, str] = MappingProxyType({"en": "; ", "zh": "；"})
"""Between things in a row that have commas in them."""

ABOUT: Mapping[str, Words] = MappingProxyType(
    {
        CARD: Words("card brought up to date", "卡片更新"),
        "news": Words("news", "进展"),
        "alert": Words("news of the alert", "告警动态"),
        "question": Words("an open question", "未回答的提问"),
        "closed": Words("a question that is closed", "提问已结束"),
        "handover": Words("who is on call", "值班交接"),
        "digest": Words("the daily digest", "日报"),
        "send": Words("a test message", "测试短信"),
        "send-answered": Words("a question that is closed", "提问已结束"),
        "replies": Words("replies", "回复"),
        "undelivered": Words("a conversation that takes nothing", "会话无法送达"),
        "warning": Words("a warning to the operators", "对管理员的提醒"),
    }
)
"""Kinds of notices, as they are named where nothing else says what was told."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to a thing.

    Args:
        at: when.
        what: in the reader's words, with who did it.
        untold: why nothing was told of it, where nothing was; empty where that need not be said.
        until: where it happened several times, when the last time was.
    """

    at: datetime
    what: Line
    untold: Line = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What belongs to one moment: what happened, and what was owed for it.

    Args:
        at: the moment.
        happened: there; none where notices were owed without.
        fates: of the notices that were owed then.
        until: where several moments are one entry, the last of them.
        times: how many they are.
    """

    at: datetime
    happened: tuple[Happened, ...] = ()
    fates: tuple[Fate, ...] = ()
    until: datetime | None = None
    times: int = 1

    @property
    def only_cards(self) -> bool:
        """Whether nothing happened but that cards show another figure."""
        return not self.happened and all(fate.notice.what == CARD for fate in self.fates)


def timeline(happened: Iterable[Happened], fates: Iterable[Fate]) -> tuple[Entry, ...]:
    """What happened and what was owed for it, moment by moment; what is only brought up to date again and again is one."""
    moments: dict[datetime, Entry] = {}
    for one in happened:
        entry = moments.setdefault(one.at, Entry(one.at))
        moments[one.at] = replace(entry, happened=(*entry.happened, one))
    for fate in fates:
        at = fate.notice.created_at
        entry = moments.setdefault(at, Entry(at))
        moments[at] = replace(entry, fates=(*entry.fates, fate))
    found: list[Entry] = []
    for _, entry in sorted(moments.items()):
        if not entry.fates and not any(one.untold for one in entry.happened):
            continue
        before = found[-1] if found else None
        if before is not None and before.only_cards and entry.only_cards:
            fates_so_far = (*before.fates, *entry.fates)
            found[-1] = replace(before, fates=fates_so_far, until=entry.at, times=before.times + 1)
        else:
            found.append(entry)
    return tuple(found)


def line_of(view: View, entry: Entry, shown: frozenset[int], named: Named) -> Line:
    """One entry in words: when, what, and for each conversation what became of it.

    Args:
        view: the reader's.
        entry: which.
        shown: the notices that showed a card for the first time (`first_shown`).
        named: what the reader calls a conversation.
    """
    language = view.language
    when = language.moment(entry.at, None, view.now)
    until = entry.until or next((one.until for one in entry.happened if one.until), None)
    if until is not None and until != entry.at:
        when = language.text("{begin} to {end}", begin=when, end=_until(view, entry.at, until))
    what = (
        _between(_APART[language.code], [one.what for one in entry.happened])
        if entry.happened
        else _kinds(language, entry)
    )
    if entry.times > 1:
        what = (*what, language.plural(" ({n} time)", " ({n} times)", entry.times))
    if not entry.fates:
        told = _between(_APART[language.code], [one.untold for one in entry.happened if one.untold])
    elif entry.times > 1:
        told = _counted(language, entry.fates, named)
    else:
        told = _in_places(view, entry.fates, shown, named)
    return language.line("{when} · {what}: {told}", when=when, what=what, told=told)


def first_shown(fates: Iterable[Fate]) -> frozenset[int]:
    """The notices that showed a card where it had not been shown; later ones of the same message change it."""
    found: dict[tuple[str, str], int] = {}
    for fate in fates:
        if fate.notice.what == CARD and fate.state == SENT:
            found.setdefault((fate.notice.place.platform, fate.message_id), fate.notice.id)
    return frozenset(found.values())


def totals(language: Language, fates: Sequence[Fate], repeats: int = 0) -> Line:
    """How many were owed, and what became of them.

    Args:
        language: the reader's.
        fates: of the notices.
        repeats: how many repeats were never owed.
    """
    parts = [language.plural("{n} message owed", "{n} messages owed", len(fates)), *_states(language, fates)]
    if repeats:
        parts.append(language.plural("{n} repeat not told", "{n} repeats not told", repeats))
    return (_commas(language).join(parts),)


def fate_in_words(view: View, fate: Fate, *, first: bool = False) -> Line:
    """What became of one notice, and why."""
    language = view.language
    reason = language.pick(fate.reason)
    tries = fate.notice.attempts
    match fate.state:
        case state if state == SENT:
            span = language.span(took(fate, view.now))
            if fate.notice.merged and reason:
                return language.line("{reason}, after {span}", reason=reason, span=span)
            if fate.notice.what == CARD and not first:
                said = language.line("card changed after {span}", span=span)
            else:
                said = language.line("told after {span}", span=span)
            return (*said, *_tried(language, tries, reason)) if tries > 1 else said
        case state if state == HELD:
            return language.line("held back, {reason}", reason=reason)
        case state if state == FAILED:
            span = language.span(took(fate, view.now))
            return language.line("failed after {span}, {reason}", span=span, reason=reason)
        case _:
            span = language.span(took(fate, view.now))
            said = language.line("due for {span}, not told yet", span=span)
            return (*said, *_tried(language, tries, reason)) if tries else said


def took(fate: Fate, now: datetime) -> timedelta:
    """How long after it was owed a notice ended, or has waited so far."""
    return max((fate.done_at or now) - fate.notice.created_at, timedelta(0))


def about(language: Language, kind: str) -> str:
    """A kind of notice by its name; one that nobody foresaw as it is."""
    return language.pick(ABOUT.get(kind, Words.same(kind)))


def _tried(language: Language, tries: int, reason: str) -> Line:
    """That it took several tries, and what the last one that failed met."""
    said = language.plural("{n} try", "{n} tries", tries)
    return (language.bracketed(language.text("{tries}: {reason}", tries=said, reason=reason) if reason else said),)


def _in_places(view: View, fates: Sequence[Fate], shown: frozenset[int], named: Named) -> Line:
    """What became of what was owed at a moment; conversations to which the same happened are named together."""
    language = view.language
    found: dict[str, tuple[list[str], Line]] = {}
    for of in _by_place(fates):
        line = _in_place(view, of, shown)
        found.setdefault(plain(line), ([], line))[0].append(named(of[0].notice.place))
    said = [(*line, language.bracketed(language.joined(names))) for names, line in found.values()]
    return _between(_APART[language.code], said)


def _in_place(view: View, fates: Sequence[Fate], shown: frozenset[int]) -> Line:
    """What became of what one conversation was owed at a moment; what was said first, its card behind it."""
    language = view.language
    news = [fate for fate in fates if fate.notice.what != CARD]
    cards = [fate for fate in fates if fate.notice.what == CARD]
    if len(news) == len(cards) == 1 and cards[0].notice.id not in shown and all(map(_plainly_sent, fates)):
        spans = {language.span(took(fate, view.now)) for fate in fates}
        if len(spans) == 1:
            return language.line("told after {span}, its card changed too", span=spans.pop())
    lines = [fate_in_words(view, fate, first=fate.notice.id in shown) for fate in (*news, *cards)]
    return _between(_commas(language), list(dict.fromkeys(lines)))


def _plainly_sent(fate: Fate) -> bool:
    """Whether nothing is to be said of how it was sent."""
    return fate.state == SENT and not fate.notice.merged and fate.notice.attempts <= 1


def _counted(language: Language, fates: Sequence[Fate], named: Named) -> Line:
    """What became of many notices that said the same."""
    lines = [
        (_commas(language).join(_states(language, of)), language.bracketed(named(of[0].notice.place)))
        for of in _by_place(fates)
    ]
    return _between(_APART[language.code], lines)


def _states(language: Language, fates: Sequence[Fate]) -> list[str]:
    """How many ended how, those that there are."""
    count = Counter(fate.state for fate in fates)
    merged = sum(1 for fate in fates if fate.state == SENT and fate.notice.merged)
    said = [
        (count[SENT], language.text("{count} sent", count=language.number(count[SENT]))),
        (merged, language.text("{count} of them told with others", count=language.number(merged))),
        (count[HELD], language.text("{count} held back", count=language.number(count[HELD]))),
        (count[FAILED], language.text("{count} failed", count=language.number(count[FAILED]))),
        (count[DUE], language.text("{count} still due", count=language.number(count[DUE]))),
    ]
    return [words for number, words in said if number]


def _kinds(language: Language, entry: Entry) -> Line:
    return (language.joined(list(dict.fromkeys(about(language, fate.notice.what) for fate in entry.fates))),)


def _by_place(fates: Iterable[Fate]) -> list[list[Fate]]:
    found: dict[tuple[str, str], list[Fate]] = {}
    for fate in fates:
        found.setdefault((fate.notice.place.platform, fate.notice.place.conversation), []).append(fate)
    return list(found.values())


def _until(view: View, begin: datetime, end: datetime) -> str:
    """The end of a span that was named by its beginning: the time alone where it is the same day."""
    language = view.language
    same_day = language.day(begin, None, view.now) == language.day(end, None, view.now)
    return language.clock(end) if same_day else language.moment(end, None, view.now)


def _commas(language: Language) -> str:
    return "，" if language.code == "zh" else ", "


def _between(between: str, lines: Sequence[Line]) -> Line:
    found: Line = ()
    for line in lines:
        found = (*found, between, *line) if found else line
    return found
