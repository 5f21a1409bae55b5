"""Pairs that can be meant in two ways: one that stands within the value before it, one that is said twice. Pure.

Neither is guessed at: what is submitted is never another value than the one that was typed, so whoever typed it is told.
"""

import re
from collections.abc import Callable, Iterable

from bot.commands.quotes import Quotes
from bot.contracts.fields import Field, FieldType, canonical_key, check_value, fold
from bot.contracts.vocabulary import CONTENT, VOCABULARY

_MARK = re.compile(r"[ \t\u3000\u00a0]*(?:(?P<equals>[=＝﹦])|[:：﹕︓](?!//))")

_RUN = re.compile(r"[^\W_][\w.．\-]{0,80}\Z")

_JOINED = re.compile(r"(?:和|与|及|并|且)\Z")

_BEFORE_A_REMARK = "([{<（［【《〈「『“‘\"':：﹕︓"
"""What begins something that is said of the words before it (`订单（类型：通知）`): a colon behind it makes no pair."""


def pair_inside(value: str, known: Callable[[str], bool], key: str = "") -> str:
    """A pair that stands within a value and may have been meant by itself: `订单/资质=8888`; empty where there is none.

    With an equals sign a known key is one wherever it stands; with a colon where a sign stands before it, for people
    begin words with a colon too. In quotes and in the query of a web address it is none.

    Args:
        value: as it was typed, no quotation.
        known: whether a word is a known key.
        key: of the value, which may be typed along.
    """
    quotes = Quotes(value, lambda _: True)
    for mark in _MARK.finditer(value):
        run = _RUN.search(value, max(0, mark.start() - 81), mark.start())
        if run is None or quotes.around(mark.start(), 0, len(value)):
            continue
        for start in range(run.start(), run.end()):
            if not known(value[start : run.end()]):
                continue
            if _stands_apart(
                value, start, equals=mark["equals"] is not None, own=fold(value[start : run.end()]) == key
            ):
                return value[start:].split()[0]
            break
    return ""


def _stands_apart(value: str, start: int, *, equals: bool, own: bool) -> bool:
    before = value[:start]
    if not before.strip():
        return equals and not own
    last = before[-1]
    if value[start].isascii() and last.isascii() and (last.isalnum() or last == "_"):
        return False  # the end of a longer word
    if value[start].isascii() and (last in "?&" or "://" in before.split()[-1]):
        return False  # of a web address
    if equals:
        return True
    if last.isalnum() or last == "_":
        return _JOINED.search(before) is not None
    return not last.isspace() and last not in _BEFORE_A_REMARK


_FIELDS = {fold(name): field for field in VOCABULARY.values() for name in (field.key, *field.aliases)}

CONTENT_NAMES = frozenset(fold(name) for name in (CONTENT.key, *CONTENT.aliases))
"""The text that goes to phones: it has commas and colons of its own (`您的快递已到，链接：…`), so neither ends it unseen."""

_COLON_FIRST = re.compile(r"[^:：﹕=＝﹦]*[:：﹕]")


def may_go_on(following: str) -> bool:
    """Whether a pair behind a comma may as well be the rest of the text before it: one with a colon.

    Args:
        following: the pair, and what stands behind it.
    """
    return _COLON_FIRST.match(following) is not None


def said_twice(values: Iterable[tuple[str, str]]) -> str:
    """The key that is said more than once, with different values; empty where none is. Files may be several.

    Args:
        values: of one text.
    """
    said: dict[str, tuple[str, str]] = {}
    for key, value in values:
        field = _FIELDS.get(fold(key).partition(".")[0])
        if field is not None and field.type is FieldType.FILE:
            continue
        canonical = key if field is None else canonical_key(key, field)
        first = said.setdefault(canonical, (key, value))
        if first != (key, value) and _kept(field, *first) != _kept(field, key, value):
            return key
    return ""


def _kept(field: Field | None, key: str, value: str) -> str:
    return value if field is None else check_value(field, key, value)[0]
