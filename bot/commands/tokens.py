"""The words and the `key=value` pairs of a typed text, quotes and line ends understood. Pure.

A pair is `key=value`, `key: value` or `key：value`. With an equals sign among other words the value is one word or a
quotation; after a colon, and on a line that begins with the key, it runs to the next pair or to the end of the line.
A colon makes a pair where the key is known or begins a line; an address (`https://…`) never does. A known key behind a
comma, a semicolon or `、` begins the next pair, with or without a blank, and that separator is no part of the value
before it; behind a full-width stop it does too, and the stop stays. In quotes all stays. Values keep every character;
nothing is an escape. What can be meant in two ways is a slip (`bot.commands.ambiguous`).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from bot.commands.ambiguous import CONTENT_NAMES, may_go_on, pair_inside
from bot.commands.quotes import QUOTES, Quotes
from bot.contracts.characters import INVISIBLE, LINE_ENDS, SEPARATORS, STOPS, seen
from bot.contracts.fields import fold

_BLANK = " \t\u3000\u00a0"

_KEY = re.compile(
    rf"(?P<key>[{INVISIBLE}]*[^\W\d][\w.．\-{INVISIBLE}]{{0,80}}?)"
    rf"(?P<before>[{_BLANK}]*)(?P<mark>[=＝﹦]|[:：﹕](?!//))(?P<after>[{_BLANK}]*)"
)

_KEY_AFTER_BREAK = re.compile(rf"(?<=[\s{SEPARATORS}{STOPS}]){_KEY.pattern}")

_JOINS = rf"(?:[{SEPARATORS}/／·•・&＆+＋\-\u2010-\u2015\u2212~～>→]+|(?:and|和|与|及|以及|并|并且)(?=\s|\Z))"
"""What people put between two pairs beside a comma, with blanks around it; in front of an option too (`--source=company`)."""

_SEPARATORS_FIRST = re.compile(rf"(?:{_JOINS}|\s)+")

_JOINS_LAST = re.compile(rf"(?:[{SEPARATORS}\s]+{_JOINS}|[{SEPARATORS}{_BLANK}]+)+\Z")

_FREE_NEXT = re.compile(rf"(?<=[{SEPARATORS}])[{_BLANK}]*[^\W\d][\w.\-]{{0,80}}[=＝﹦]")

_CUT_IF_BARE = re.compile(rf"[{SEPARATORS}]\Z|[{SEPARATORS}{STOPS}]{_KEY.pattern}")

_INVISIBLE = re.compile(rf"[{INVISIBLE}]")

_LINE_BREAK = re.compile(f"[{LINE_ENDS}]")

_SPACE = re.compile(rf"(?:\s|[{INVISIBLE}]+(?=\s|\Z))*")

_WORD = re.compile(r"\S*")

_EQUALS = "=＝﹦"

_MARKED = re.compile(r"`(?P<inner>[^`\n]+)`")

BLANKS = ("…", "...")
"""What stands in our own examples for what is still to be filled in (`template submit aliyun …`): copied along, it says
nothing."""


class Slip(StrEnum):
    """What can be wrong with a word or a pair."""

    UNCLOSED_QUOTE = "unclosed_quote"
    KEY_WITHOUT_VALUE = "key_without_value"
    PAIR_INSIDE = "pair_inside"


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a pair.

    Args:
        start: where it stands in the text.
        text: the word or the value, quotes taken off.
        key: of a pair.
        quoted: it was a quotation.
        slip: what is wrong with it.
    """

    start: int
    text: str
    key: str = ""
    quoted: bool = False
    slip: Slip | None = None


def folded(word: str) -> str:
    """A word as it is compared: folded, and without characters nobody sees."""
    return fold(word)


@lru_cache(maxsize=64)
def folded_keys(keys: frozenset[str]) -> frozenset[str]:
    """Keys as `tokens` wants them."""
    return frozenset(folded(key) for key in keys)


def quoted(value: str) -> str:
    """A value as it can be typed: bare where possible, else in quotes that do not stand in it.

    For the commands we offer to copy. A value that has every kind of quote is put in straight ones all the same.
    """
    bare = value and value not in BLANKS and value[0] not in QUOTES and value[:2] != "//"
    bare = bare and not _INVISIBLE.search(value) and not _CUT_IF_BARE.search(value)
    bare = bare and not pair_inside(value, lambda _: True)
    if bare and not any(character.isspace() for character in value):
        return value
    for opener, closer in ('""', "“”", "「」", "『』", "''"):
        if opener not in value and closer not in value:
            return f"{opener}{value}{closer}"
    return f'"{value}"'


def tokens(
    text: str, position: int, keys: frozenset[str], *, pairs: bool = True, line_start: bool = False
) -> Iterator[Token]:
    """The words and pairs of a text, in order.

    Args:
        text: all of it.
        position: where to begin.
        keys: the known keys, folded.
        pairs: whether there are pairs at all.
        line_start: whether the position counts as the beginning of a line of its own.

    Yields:
        Tokens; after one with an unclosed quote nothing follows. Known keys come folded; other keys, and what stands
        behind a dot, keep their case.
    """
    scanner = _Scanner(text, keys)
    if pairs and "`" in text:
        scanner = _Scanner(text := scanner.without_marks(position), keys)
    while True:
        space = _SPACE.match(text, position)
        begin = space.end() if space else position
        line_start = line_start or bool(_LINE_BREAK.search(text, position, begin))
        if begin >= len(text):
            return
        if pairs and (behind := scanner.behind_separators(begin)) is not None:
            line_start = line_start or bool(_LINE_BREAK.search(text, begin, behind))
            begin = behind
        pair = scanner.pair(begin, line_start=line_start) if pairs else None
        token, position = scanner.valued(pair, line_start=line_start) if pair else scanner.word(begin, pairs=pairs)
        if token.text in BLANKS and not token.quoted:
            token = replace(token, text="", slip=Slip.KEY_WITHOUT_VALUE)
        if token.text or token.key or token.quoted:
            yield token
        if token.slip is Slip.UNCLOSED_QUOTE:
            return
        line_start = False


def separated(text: str, keys: frozenset[str]) -> tuple[str, ...]:
    """A line cut where a known key follows a separator, outside of quotes; the separators are taken off.

    A blank alone separates only where an equals sign stands behind the key.

    Args:
        text: one line.
        keys: the known keys, folded.
    """
    parts = []
    scanner = _Scanner(text, keys)
    begin = 0
    while (end := scanner.pair_within(begin, len(text), separated=True)) < len(text):
        parts.append(scanner.without_separator(begin, end))
        begin = end
    return (*parts, text[begin:])


class _Scanner:
    """Reads one token after the other."""

    def __init__(self, text: str, keys: frozenset[str]) -> None:
        self._text = text
        self._keys = keys
        self._quotes = Quotes(text, self._ends)

    # --- Tokens ------------------------------------------------------------------------------------------------------

    def word(self, begin: int, *, pairs: bool) -> tuple[Token, int]:
        """The word here, and where it ends."""
        text = self._text
        if text[begin] not in QUOTES:
            end = self._word_end(begin)
            if not pairs:
                return Token(begin, text[begin:end]), end
            end = min(end, self.pair_within(begin, end))
            return self._checked(Token(begin, self.without_separator(begin, end))), end
        close = self._quotes.close(begin)
        if close is None:
            return Token(begin, text[begin:], slip=Slip.UNCLOSED_QUOTE), len(text)
        if self._ends(close + 1):
            return Token(begin, text[begin + 1 : close], quoted=True), self._behind(close + 1)
        end = self._word_end(close + 1)  # 「so」and more: the quotes belong to the word
        end = min(end, self.pair_within(close + 1, end)) if pairs else end
        return Token(begin, self.without_separator(begin, end) if pairs else text[begin:end]), end

    def without_marks(self, position: int) -> str:
        """The text with blanks for the marks of code around a pair: so our own messages show one, and it is copied along."""

        def blank(found: re.Match[str]) -> str:
            pair = _KEY.match(found["inner"])
            known = pair is not None and self._known(pair["key"])
            alone = found.start() >= position and not self._quotes.around(found.start(), position, len(self._text))
            return f" {found['inner']} " if known and alone else found[0]

        return _MARKED.sub(blank, self._text)

    def pair(self, begin: int, *, line_start: bool) -> re.Match[str] | None:
        """A key with its mark, if one stands here."""
        match = _KEY.match(self._text, begin)
        if match is None or self._known(match["key"]):
            return match
        plain = not match["before"] and (line_start or match["mark"] in _EQUALS)
        return match if plain else None

    def valued(self, pair: re.Match[str], *, line_start: bool) -> tuple[Token, int]:
        """The pair that begins with this key, and where it ends."""
        text, start, known = self._text, pair.start(), self._known(pair["key"])
        key = self._key(pair["key"])
        equals = pair["mark"] in _EQUALS
        to_line_end = line_start or not equals
        begin = pair.end() if known or to_line_end else pair.end("mark")
        missing = Token(start, "", key, slip=Slip.KEY_WITHOUT_VALUE)
        if begin >= len(text) or text[begin].isspace():
            return missing, begin
        following = _KEY.match(text, begin) if pair["after"] else None
        if following and self._known(following["key"]):
            return missing, begin
        free = equals and not known
        quote_end = begin
        if text[begin] in QUOTES:
            close = self._quotes.close(begin)
            if close is None:
                return Token(start, text[begin:], key, slip=Slip.UNCLOSED_QUOTE), len(text)
            quote_end = close + 1
            behind = self._behind(quote_end)
            if self._ends(quote_end) and (not to_line_end or self._line_is_over(behind, free=free)):
                return Token(start, text[begin + 1 : close], key, quoted=True), behind
        if to_line_end:
            end = self._next_pair(begin, self._line_end(quote_end), free=free)
        else:
            end = self._word_end(quote_end)
            end = min(end, self.pair_within(begin, end))
            if free and (another := _FREE_NEXT.search(text, begin, end)):  # values of variables: `code=1,minutes=5`
                end = another.start()
        value = self.without_separator(begin, end)
        if key in CONTENT_NAMES and end < self._line_end(begin) and may_go_on(text[end:]) and self._pair_at(end):
            return Token(start, text[end : self._line_end(end)], key, slip=Slip.PAIR_INSIDE), end
        return (self._checked(Token(start, value, key)) if value else missing), end

    def _checked(self, token: Token) -> Token:
        """A value, or what may be a pair of its own within it."""
        inside = pair_inside(token.text, self._known, folded(token.key))
        return replace(token, text=inside, slip=Slip.PAIR_INSIDE) if inside else token

    def behind_separators(self, begin: int) -> int | None:
        """Where a known pair begins behind separators that stand alone here; none where there is no such thing."""
        run = _SEPARATORS_FIRST.match(self._text, begin)
        return run.end() if run and self._pair_at(run.end()) else None

    def without_separator(self, begin: int, end: int) -> str:
        """A word or a value without the separator that stands between it and the pair behind."""
        value = self._text[begin:end].rstrip()
        joined = _JOINS_LAST.search(value)
        following = joined is not None and self.behind_separators(end) is not None
        return value[: joined.start()] if joined is not None and (following or self._pair_at(end)) else value

    # --- Keys --------------------------------------------------------------------------------------------------------

    def _known(self, key: str) -> bool:
        word = folded(key)
        return word in self._keys or ("." in word and word.split(".", 1)[0] in self._keys)

    def _key(self, key: str) -> str:
        normal = unicodedata.normalize("NFKC", seen(key))
        if not self._known(key):
            return normal
        first, dot, rest = normal.partition(".")
        return first.casefold() + dot + rest

    def _next_pair(self, position: int, end: int, *, free: bool) -> int:
        """Where the next pair begins before `end`, else `end`.

        On a line that began with an unknown key and an equals sign (`free`: `code=1234 minutes=5`) other unknown keys
        count too.
        """
        for match in _KEY_AFTER_BREAK.finditer(self._text, position, end):
            begin = match.start()
            unknown = free and match["mark"] in _EQUALS and not match["before"] and not match["after"]
            unknown = unknown and self._text[begin - 1].isspace()
            if (unknown or self._known(match["key"])) and not self._quotes.around(begin, position, end):
                return begin
        return end

    def pair_within(self, begin: int, end: int, *, separated: bool = False) -> int:
        """Where a known pair begins in here, behind a separator; else the end.

        Args:
            begin: of the word or line.
            end: of it.
            separated: whether there may be blanks, behind which a colon makes no pair.
        """
        for match in _KEY_AFTER_BREAK.finditer(self._text, begin):
            start = match.start()
            if start >= end:
                break
            blank = separated and match["mark"] not in _EQUALS and not self._separator_before(begin, start)
            if start > begin and not blank and self._known(match["key"]) and not self._quotes.around(start, begin, end):
                return start
        return end

    def _separator_before(self, begin: int, position: int) -> bool:
        before = self._text[begin:position].rstrip()
        return before[-1:] in (*SEPARATORS, *STOPS)

    def _pair_at(self, position: int) -> bool:
        """Whether a pair begins here: one of a known key, or a plain one with an equals sign."""
        return position < len(self._text) and self.pair(position, line_start=False) is not None

    def _line_is_over(self, position: int, *, free: bool) -> bool:
        """Whether nothing but pairs follows on this line."""
        run = _SEPARATORS_FIRST.match(self._text, position)
        pair = _KEY.match(self._text, run.end() if run else position)
        if pair and self._known(pair["key"]):
            return True
        end = self._line_end(position)
        return not self._text[position : self._next_pair(position, end, free=free)].strip()

    # --- Ends --------------------------------------------------------------------------------------------------------

    def _word_end(self, position: int) -> int:
        match = _WORD.match(self._text, position)
        return match.end() if match else position

    def _line_end(self, position: int) -> int:
        match = _LINE_BREAK.search(self._text, position)
        return match.start() if match else len(self._text)

    def _ends(self, position: int) -> bool:
        """Whether a quotation may end before this position."""
        if position >= len(self._text) or self._text[position].isspace():
            return True
        if self._text[position] in SEPARATORS or self._text[position] in STOPS:
            return True
        glued = _KEY.match(self._text, position)
        return glued is not None and self._known(glued["key"])

    def _behind(self, position: int) -> int:
        """Past the punctuation that separates a quotation from what follows."""
        while position < len(self._text) and self._text[position] in f"{SEPARATORS}{STOPS}":
            position += 1
        return position
