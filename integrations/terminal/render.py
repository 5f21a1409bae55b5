"""A message as text for a terminal, a transcript or a log file. Pure.

Whatever people or vendors wrote is shown as it is, without the characters that steer a terminal instead of being
read: controls (an escape sequence begins with one), marks that turn the writing direction, invisible ones.
Widths are columns, not characters: Chinese takes two, a combining accent none.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import groupby, zip_longest
from typing import NamedTuple, assert_never

from wcwidth import iter_graphemes, wcswidth

from bot.contracts.characters import readable
from bot.contracts.message import (
    SIGNS,
    Block,
    Code,
    Commands,
    Items,
    Line,
    Link,
    Mention,
    Message,
    Part,
    Picture,
    Quote,
    Strong,
    Table,
    Text,
    Typed,
)

MIN_WIDTH = 20  # narrower than this nothing can be laid out; the terminal may wrap what it must
_MIN_COLUMN = 12  # a table with narrower columns is harder to read than a list
_GUTTER = 2


# Chinese typography: no line begins with these, none ends with those.
_NEVER_FIRST = frozenset("，。、；：！？）」』】》〉”’…％·,.;:!?)]}%")
_NEVER_LAST = frozenset("（「『【《〈“‘([{")
_FIXED_SPACES = frozenset("\u00a0\u2007\u202f")


class _Look(StrEnum):
    """How a piece of text stands out; the value is the SGR parameter."""

    PLAIN = ""
    STRONG = "1"
    FAINT = "2"
    CODE = "36"


class _Cell(NamedTuple):
    """What takes one place on the screen: a character with the marks that belong to it."""

    text: str
    width: int
    look: _Look = _Look.PLAIN
    solid: bool = False  # belongs to the cell before it: a command is torn only when it fits no line

    @property
    def space(self) -> bool:
        first = self.text[0]
        if first.isascii():
            return first == " "
        return unicodedata.category(first) == "Zs" and first not in _FIXED_SPACES


_Row = list[_Cell]


def literal(text: str) -> str:
    r"""A text as it may be written to a terminal: every line end is `\n`, a tab is a space, nothing invisible is left."""
    return readable(text)


def one_line(text: str) -> str:
    """The same, on one line: for a title, a table's cell, a command, what somebody typed."""
    return literal(text).replace("\n", " ")


def render(message: Message, *, width: int, colour: bool, language: str) -> str:
    """A message as lines of text, without a line end after the last one.

    Args:
        message: what to show; its buttons are left out, each has a typed command.
        width: columns of the screen; no line is wider, whatever it is made of.
        colour: whether bold and colour may be used; otherwise what is to be copied stands in backticks.
        language: `en` or `zh`, for the punctuation that the layout adds.
    """
    width = max(width, MIN_WIDTH)
    page = _Page(width, colour, language)
    title = _flat(page.cells(message.title))
    sign = SIGNS[message.mark]
    if sign:
        title = [*_cells(f"{sign} " if title else sign), *title]
    rows = _wrap(_parted(title, width), width) if title else []
    for block in message.blocks:
        rows += page.block(block)
    return "\n".join(_paint(row, colour) for row in rows)


def _parted(title: _Row, width: int) -> _Row:
    """A title that is too long for one line, broken where its parts meet (`… · …`) rather than before its last word."""
    if _width(title) <= width:
        return title
    meets = [at for at in range(1, len(title) - 1) if title[at].text == "·" and title[at - 1].space]
    fitting = [at for at in meets if _width(title[: at - 1]) <= width and _width(title[at + 1 :]) <= width]
    if not fitting:
        return title
    at = fitting[-1]
    return [*title[: at - 1], _Cell("\n", 0), *title[at:]]


class _Page(NamedTuple):
    """Where blocks are laid out."""

    width: int
    colour: bool
    language: str

    def block(self, block: Block) -> list[_Row]:
        match block:
            case Text(line):
                return _wrap(self.cells(line), self.width)
            case Quote(text):
                bar = _cells("> ", _Look.FAINT)
                return _hung(bar, bar, _cells(literal(text).strip("\n")), self.width)
            case Items(lines):
                return [row for line in lines for row in self.item(self.cells(line))]
            case Table(head, rows):
                return self.table(head, rows)
            case Commands(label, commands):
                return _wrap(self.commands(label, commands), self.width) if commands else []
            case Picture():
                return []  # its figures stand in the text
            case _:
                assert_never(block)

    def cells(self, line: Line) -> _Row:
        return [cell for part in line for cell in self.part(part)]

    def part(self, part: Part) -> _Row:
        match part:
            case str():
                return _cells(literal(part))
            case Strong(text):
                return _cells(literal(text), _Look.STRONG)
            case Code(text) | Typed(text):
                return self.code(literal(text))
            case Mention(_, name):
                return _cells(f"@{one_line(name)}")
            case Link(url, label):
                address, words = one_line(url), one_line(label)
                if words in ("", address):
                    return _solid(_cells(address))
                return [*_cells(f"{words} "), *_solid(_cells(f"({address})"))]
            case _:
                assert_never(part)

    def code(self, text: str) -> _Row:
        return _solid(_cells(text, _Look.CODE) if self.colour else _cells(f"`{text}`"))

    def item(self, cells: _Row) -> list[_Row]:
        return _hung(_cells("• "), _cells("  "), cells, self.width)

    def commands(self, label: str, commands: Iterable[str]) -> _Row:
        row = [*_cells(one_line(label)), *_cells(self.colon)]
        for position, command in enumerate(commands):
            row += _cells(" · " if position else "")
            row += self.code(one_line(command))
        return row

    @property
    def colon(self) -> str:
        return "：" if self.language == "zh" else ": "

    def table(self, head: Sequence[str], lines: Iterable[Sequence[Line]]) -> list[_Row]:
        top = [_cells(one_line(text), _Look.STRONG) for text in head]
        body = [[_flat(self.cells(line)) for line in row] for row in lines]
        columns = [max((_width(cell) for cell in column), default=0) for column in _columns([top, *body])]
        if not columns:
            return []
        room = self.width - _GUTTER * (len(columns) - 1)
        cap = _cap(columns, room)
        if cap < min(_MIN_COLUMN, max(columns)):
            return [row for line in body for row in self.listed(top, line)]
        widths = [min(column, cap) for column in columns]
        laid = _laid(top, widths)
        if head:
            laid.append(_cells("-" * (sum(widths) + _GUTTER * (len(widths) - 1)), _Look.FAINT))
        return laid + [row for line in body for row in _laid(line, widths)]

    def listed(self, top: Sequence[_Row], line: Sequence[_Row]) -> list[_Row]:
        """A row of a table that is too wide: its first cell, and below it the others with their heads."""
        rows: list[_Row] = []
        nothing: _Row = []
        for name, cell in zip_longest(top, line, fillvalue=nothing):
            if not rows:
                rows += self.item(cell or name)
            elif cell:
                heading = [*name, *_cells(self.colon)] if name else []
                indent = _cells("  ")
                rows += _hung(indent, _cells("    "), [*heading, *cell], self.width)
        return rows


def _cells(text: str, look: _Look = _Look.PLAIN) -> _Row:
    """A clean text, cut where a screen can cut it."""
    # A selector without its character would widen the end of the part before.
    clusters = text if text.isascii() else iter_graphemes(text.lstrip("\ufe0e\ufe0f"))
    return [cell for cluster in clusters for cell in _of_cluster(cluster, look)]


@lru_cache(maxsize=4096)  # a text has few different characters
def _of_cluster(cluster: str, look: _Look) -> tuple[_Cell, ...]:
    # Some scripts join any number of letters into one; no screen keeps those together, and no line would hold them.
    pieces = cluster if wcswidth(cluster) > 2 else (cluster,)
    return tuple(_Cell(piece, max(wcswidth(piece), 0), look) for piece in pieces)


def _solid(cells: _Row) -> _Row:
    return [*cells[:1], *map(_held, cells[1:])]


@lru_cache(maxsize=4096)
def _held(cell: _Cell) -> _Cell:
    return cell._replace(solid=True)


def _flat(cells: _Row) -> _Row:
    return [cell._replace(text=" ", width=1) if cell.text == "\n" else cell for cell in cells]


def _width(cells: Iterable[_Cell]) -> int:
    return sum(cell.width for cell in cells)


def _wrap(cells: _Row, width: int) -> list[_Row]:
    """The lines that these cells fill."""
    rows: list[_Row] = []
    start = 0
    for position, cell in enumerate([*cells, _Cell("\n", 0)]):
        if cell.text == "\n":
            rows += _filled(cells[start:position], width)
            start = position + 1
    return rows


def _filled(cells: _Row, width: int) -> list[_Row]:
    """One paragraph; the spaces at which it is broken are dropped."""
    rows: list[_Row] = []
    start = 0
    while start < len(cells):
        cut = _cut(cells, start, width)
        row = cells[start:cut]
        while row and row[-1].space:
            row.pop()
        if row:
            rows.append(row)
        start = cut
        while start < len(cells) and cells[start].space:
            start += 1
    return rows or [[]]


def _cut(cells: _Row, start: int, width: int) -> int:
    """Where the line that begins at `start` ends: at the last good place, else inside a command, else anywhere."""
    used, over = 0, start
    for over in range(start, len(cells)):
        used += cells[over].width
        if used > width and not cells[over].space:  # spaces may hang over the edge: they are dropped there
            break
    else:
        return len(cells)
    inside = 0
    for position in range(over, start, -1):
        if _may_part(cells[position - 1], cells[position]):
            if not cells[position].solid:
                return position
            inside = inside or position
    return inside or max(over, start + 1)


def _may_part(before: _Cell, after: _Cell) -> bool:
    if after.space or after.text == "·":
        return False
    if before.space:
        return True
    if after.text[0] in _NEVER_FIRST or before.text[0] in _NEVER_LAST:
        return False
    return before.width > 1 or after.width > 1


def _hung(first: _Row, other: _Row, cells: _Row, width: int) -> list[_Row]:
    """Lines behind a sign: the first behind `first`, the others behind `other`."""
    rows = _wrap(cells, width - max(_width(first), _width(other)))
    return [[*(other if position else first), *row] for position, row in enumerate(rows)]


def _columns(rows: Sequence[Sequence[_Row]]) -> list[tuple[_Row, ...]]:
    return list(zip_longest(*rows, fillvalue=[]))


def _cap(columns: Sequence[int], room: int) -> int:
    """The widest that a column may be for all of them to fit; short ones keep their width."""
    rest, count = room, len(columns)
    for column in sorted(columns):
        if column * count > rest:
            return max(rest // count, 0)
        rest -= column
        count -= 1
    return max(columns)


def _laid(line: Sequence[_Row], widths: Sequence[int]) -> list[_Row]:
    """One row of a table, as many lines high as its highest cell."""
    cells = [*line, *([] for _ in widths[len(line) :])]
    wrapped = [_wrap(cell, width) for cell, width in zip(cells, widths, strict=True)] if line else []
    rows = []
    for pieces in zip_longest(*wrapped, fillvalue=[]):
        row: _Row = []
        for position, (piece, width) in enumerate(zip(pieces, widths, strict=True)):
            gutter = _GUTTER if position < len(widths) - 1 else 0
            row += [*piece, *_cells(" " * (width - _width(piece) + gutter))]
        while row and row[-1].space:
            row.pop()
        rows.append(row)
    return rows


def _paint(row: _Row, colour: bool) -> str:
    if not colour:
        return "".join(cell.text for cell in row)
    painted = []
    for look, cells in groupby(row, key=lambda cell: cell.look):
        text = "".join(cell.text for cell in cells)
        painted.append(f"\x1b[{look.value}m{text}\x1b[0m" if look.value else text)
    return "".join(painted)
