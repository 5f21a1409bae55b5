"""What the program says, in the reader's language.

The English text is the key of the catalogue; Chinese stands in `locales/zh.po`, read once at start. A text may have
placeholders `{name}` (nothing else between the braces; `{{` and `}}` are braces, and `${code}` belongs to a template's
text) and, for `Language.line`, the markup `**strong**` and `` `code` ``. Markup is read in the template before anything
is inserted, so what people or vendors wrote stays literal. Numbers, times and spans are written here too, as people
write them.
"""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.contracts import mentions
from bot.contracts.message import Code, Exact, Line, Link, Mention, Part, Strong, Typed, plain
from bot.contracts.model import Words

LANGUAGES: Final = ("en", "zh")
"""The languages there are; the first is the one the texts are written in."""

_LOCALES = Path(__file__).with_name("locales")

_PLACEHOLDER = re.compile(r"\{\{|\}\}|(?<!\$)\{([a-z][a-z0-9_]*)\}")

_STRONG = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)

_CODE = re.compile(r"`([^`]+)`")

_NODES = Strong | Code | Typed | Mention | Link | Exact

_TEMPLATES_KEPT = 8192
"""Templates of which it is remembered how they are put together; there are fewer, in both languages."""

_NEAR_DAYS = {0: Words("today", "今天"), 1: Words("tomorrow", "明天"), -1: Words("yesterday", "昨天")}

_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_DAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def marked(msgid: str) -> str:
    """Marks a text for the catalogue that is looked up elsewhere, e.g. in a table of texts; returns it as it is."""
    return msgid


def placeholders(template: str) -> frozenset[str]:
    """The names of the placeholders of a template."""
    return frozenset(name for name in _PLACEHOLDER.findall(template) if name)


def markup(template: str) -> tuple[int, int]:
    """How many strong and how many code pieces a template has."""
    pieces = tuple(_pieces(template))
    strong = len(_STRONG.findall(template))
    return strong, sum(1 for kind, _ in pieces if kind is Code)


class Language:
    """One language.

    Args:
        code: `en` or `zh`.
        zone: where the readers are, unless a conversation says otherwise.
        catalogue: English text → text; what is not in it is said in English.
    """

    def __init__(self, code: str, zone: tzinfo, catalogue: Mapping[str, str] = MappingProxyType({})) -> None:
        self.code = code
        self.zone = zone
        self._catalogue = catalogue

    def __repr__(self) -> str:
        return f"Language({self.code!r})"

    # --- Texts -------------------------------------------------------------------------------------------------------

    def text(self, msgid: str, /, **params: object) -> str:
        """A plain text; markup characters in it stay as they are.

        Args:
            msgid: the English template.
            params: what goes into the placeholders: text, numbers, or a part or line of a message, which loses its
                markup here.

        Raises:
            KeyError: a placeholder has no parameter.
        """
        return _filled(self._translated(msgid), params)

    def line(self, msgid: str, /, **params: object) -> Line:
        """A line of a message.

        Args:
            msgid: the English template, with `**strong**` and `` `code` ``.
            params: what goes into the placeholders; text stays literal, and a part or line of a message (a mention, a
                link) keeps what it is.

        Raises:
            KeyError: a placeholder has no parameter.
        """
        parts: list[Part] = []
        for kind, piece in _pieces(self._translated(msgid)):
            if kind is Code:
                parts.append(_code(piece, params))
            elif kind is Strong:
                parts += (Strong(part) if isinstance(part, str) else part for part in _parts(piece, params))
            else:
                parts += _parts(piece, params)
        return _joined(parts)

    @staticmethod
    def with_markup(text: str) -> Line:
        """A text of our own that is in the reader's language already, with its markup (`code`, `**strong**`)."""
        return tuple((kind or str)(piece) for kind, piece in _pieces(text))

    def plural(self, one: str, many: str, /, n: int | Decimal, **params: object) -> str:
        """A plain text that depends on a number, which is `{n}` in both.

        Args:
            one: the English template for one.
            many: the English template for any other number; the catalogue has one Chinese text for both, under `one`.
            n: the number.
            params: as for `text`.
        """
        return self.text(self._counted(one, many, n), n=self.number(n), **params)

    def plural_line(self, one: str, many: str, /, n: int | Decimal, **params: object) -> Line:
        """A line of a message that depends on a number; arguments as for `plural`."""
        return self.line(self._counted(one, many, n), n=self.number(n), **params)

    def _counted(self, one: str, many: str, n: int | Decimal) -> str:
        return one if n == 1 or one in self._catalogue else many

    def pick(self, words: Words) -> str:
        """The one of two declared texts that is in this language."""
        return words.said(self.code)

    def joined(self, items: list[str] | tuple[str, ...]) -> str:
        """Several things in a row: `a, b, c`."""
        return ("、" if self.code == "zh" else ", ").join(items)

    def row(self, items: Sequence[Line]) -> Line:
        """The same of pieces of a line, which keep what they are."""
        between = self.joined(("", ""))
        return tuple(part for number, item in enumerate(items) for part in (between if number else "", *item) if part)

    def ranges(self, mark: str, numbers: Iterable[int]) -> str:
        """Numbers in a row, three and more neighbours by their ends: `#1 to #9, #12`.

        Args:
            mark: what stands before each.
            numbers: in any order.
        """
        runs: list[list[int]] = []
        for number in sorted(set(numbers)):
            if runs and number == runs[-1][-1] + 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        to = " 至 " if self.code == "zh" else " to "
        named: list[str] = []
        for run in runs:
            short = len(run) > 2
            named += [f"{mark}{run[0]}{to}{mark}{run[-1]}"] if short else [f"{mark}{number}" for number in run]
        return self.joined(named)

    def sentences(self, lines: Iterable[Line]) -> Line:
        """Sentences behind one another; between Chinese ones there is no blank."""
        said: list[Part] = []
        for line in lines:
            if said and line and self.code != "zh":
                said.append(" ")
            said += line
        return _joined(said)

    def bracketed(self, text: str) -> str:
        """A text in brackets behind another one: ` (aliyun)`, `（aliyun）`."""
        return f"（{text}）" if self.code == "zh" else f" ({text})"

    def either(self, items: list[str] | tuple[str, ...]) -> str:
        """One of several things: `a, b or c`."""
        if len(items) < 2:
            return self.joined(items)
        last = f" 或 {items[-1]}" if self.code == "zh" else f" or {items[-1]}"
        return self.joined(items[:-1]) + last

    def _translated(self, msgid: str) -> str:
        return self._catalogue.get(msgid, msgid)

    # --- Times -------------------------------------------------------------------------------------------------------

    def moment(self, when: datetime, zone: tzinfo | None, now: datetime) -> str:
        """A day and a time as people say it: `today 15:40`, `Mon 23 Nov 15:40`; with the year if it is another one.

        Args:
            when: the moment, aware.
            zone: where the readers are; none for the zone of the configuration.
            now: aware.
        """
        return f"{self.day(when, zone, now)} {self.clock(when, zone)}"

    def day(self, when: datetime, zone: tzinfo | None, now: datetime) -> str:
        """A day as people say it: `today`, `tomorrow`, `yesterday`, `Mon 23 Nov`. Arguments as for `moment`."""
        there, today = when.astimezone(zone or self.zone).date(), now.astimezone(zone or self.zone).date()
        chinese = self.code == "zh"
        if words := _NEAR_DAYS.get((there - today).days):
            return self.pick(words)
        same_year = there.year == today.year
        if chinese:
            year = "" if same_year else f"{there.year}年"
            return f"{year}{there.month}月{there.day}日 {_DAYS_ZH[there.weekday()]}"
        year = "" if same_year else f" {there.year}"
        return f"{_DAYS_EN[there.weekday()]} {there.day} {_MONTHS[there.month - 1]}{year}"

    def date(self, when: datetime) -> str:
        """A day in figures, in the zone of the configuration: `2026-11-23`; for tables and what is far ahead."""
        return f"{when.astimezone(self.zone):%Y-%m-%d}"

    def clock(self, when: datetime, zone: tzinfo | None = None) -> str:
        """The time of day: `15:40`; with the name of the time where the clocks show it twice that day, as `01:30 EDT`."""
        there = when.astimezone(zone or self.zone)
        twice = there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()
        return f"{there.hour:02}:{there.minute:02}{f' {there.tzname()}' if twice else ''}"

    def span(self, span: timedelta) -> str:
        """How long, in the two units that matter: `8 s`, `52 min`, `1 h 48 min`, `1 day 3 h`, `41 days`."""
        chinese = self.code == "zh"
        seconds = int(abs(span).total_seconds() + 0.5)
        if seconds < 60:
            return f"{seconds} 秒" if chinese else f"{seconds} s"
        minutes = (seconds + 30) // 60
        if minutes < 60:
            return f"{minutes} 分钟" if chinese else f"{minutes} min"
        if minutes < 24 * 60:
            hours, minutes = divmod(minutes, 60)
            return (
                _two(f"{hours} 小时", f"{minutes} 分", minutes)
                if chinese
                else _two(f"{hours} h", f"{minutes} min", minutes)
            )
        days, hours = divmod((minutes + 30) // 60, 24)
        hours = hours if days < 7 else 0
        if chinese:
            return _two(f"{self.number(days)} 天", f"{hours} 小时", hours)
        return _two("1 day" if days == 1 else f"{self.number(days)} days", f"{hours} h", hours)

    def working(self, span: timedelta) -> str:
        """How long somebody works at it: in hours from a day on, for no working day has 24 of them: `52 min`, `84 h`."""
        if span < timedelta(days=1):
            return self.span(span)
        hours = self.number(round(span / timedelta(hours=1)))
        return f"{hours} 小时" if self.code == "zh" else f"{hours} h"

    # --- Numbers -----------------------------------------------------------------------------------------------------

    def number(self, n: float | Decimal) -> str:
        """A number with its thousands apart: `38,200`, `0.5`."""
        exact = n if isinstance(n, Decimal) else Decimal(str(n))
        if not exact.is_finite():
            return str(n)
        text = f"{exact:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def percent(self, share: float | Decimal, *, digits: int = 1) -> str:
        """A share of one: `12.5%`.

        Args:
            share: as it is.
            digits: at most so many behind the point of the percentage.
        """
        return f"{self.number(round(Decimal(str(share)) * 100, digits))}%"

    def money(self, amount: Decimal | int, currency: str = "CNY") -> str:
        """An amount of money, with at least two decimals: `CNY 1,234.50`, `1,234.50 元`."""
        whole, _, decimals = self.number(Decimal(amount)).partition(".")
        figure = f"{whole}.{decimals:0<2}"
        return f"{figure} 元" if self.code == "zh" and currency == "CNY" else f"{currency} {figure}"


def languages(zone: tzinfo, folder: Path = _LOCALES) -> Mapping[str, Language]:
    """Every language, ready to use.

    Args:
        zone: where the readers are, unless a conversation says otherwise.
        folder: where the catalogues are.
    """
    return MappingProxyType(
        {
            code: Language(code, zone, {} if code == LANGUAGES[0] else catalogue(folder / f"{code}.po"))
            for code in LANGUAGES
        }
    )


@functools.cache
def catalogue(path: Path) -> Mapping[str, str]:
    """The translated texts of a `.po` file, read once; of a plural, under its first form."""
    from babel.messages.pofile import read_po  # large, and not needed to speak English

    with path.open("rb") as file:
        messages = read_po(file, abort_invalid=True)
    texts: dict[str, str] = {}
    for message in messages:
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        msgid = message.id if isinstance(message.id, str) else message.id[0]
        if msgid and forms and forms[0] and not message.fuzzy:
            texts[msgid] = forms[0]
    return MappingProxyType(texts)


def _two(large: str, small: str, how_many: int) -> str:
    return f"{large} {small}" if how_many else large


@functools.lru_cache(_TEMPLATES_KEPT)
def _pieces(template: str) -> tuple[tuple[type[Strong | Code] | None, str], ...]:
    """The markup of a template: strong, code, or neither; code may stand inside strong."""
    return tuple(
        (Code if code else Strong if strong else None, inner)
        for strong, outer in _split(_STRONG, template)
        for code, inner in _split(_CODE, outer)
        if inner
    )


def _split(pattern: re.Pattern[str], text: str) -> Iterator[tuple[bool, str]]:
    """The text cut at a pattern with one group: every second piece is what the group matched."""
    for index, piece in enumerate(pattern.split(text)):
        yield index % 2 == 1, piece


def _filled(template: str, params: Mapping[str, object]) -> str:
    return plain(tuple(_parts(template, params)))


@functools.lru_cache(_TEMPLATES_KEPT)
def _laid_out(template: str) -> tuple[tuple[str, bool], ...]:
    """A template without markup, in pieces: texts, and names of parameters."""
    pieces: list[tuple[str, bool]] = []
    position = 0
    for match in _PLACEHOLDER.finditer(template):
        pieces += [(template[position : match.start()], False), (match[1] or match.group()[0], match[1] is not None)]
        position = match.end()
    return tuple(piece for piece in (*pieces, (template[position:], False)) if piece[0])


def _code(template: str, params: Mapping[str, object]) -> Code:
    """Text to copy; where only ids are put into it, no mask changes it."""
    names = [piece for piece, named in _laid_out(template) if named]
    text = _filled(template, params)
    return Code(Exact(text) if names and all(isinstance(params[name], Exact) for name in names) else text)


def _parts(template: str, params: Mapping[str, object]) -> Iterator[Part]:
    """A template without markup, with its parameters put in."""
    for piece, named in _laid_out(template):
        value = params[piece] if named else piece
        if not named:
            yield piece
        elif isinstance(value, _NODES):
            yield value
        elif isinstance(value, tuple):
            yield from value
        else:
            yield mentions.shown(str(value))  # whoever is mentioned in what was typed is read by name


def _joined(parts: list[Part]) -> Line:
    """A line without empty texts, neighbours of the same sort put together."""
    line: list[Part] = []
    for part in parts:
        last = line[-1] if line else None
        if isinstance(part, str):
            if isinstance(last, str) and not isinstance(part, Exact) and not isinstance(last, Exact):
                line[-1] = last + part
            elif part:
                line.append(part)
        elif isinstance(part, Strong) and (isinstance(last, Strong) or not part.text):
            if isinstance(last, Strong):
                line[-1] = Strong(last.text + part.text)
        else:
            line.append(part)
    return tuple(line)
