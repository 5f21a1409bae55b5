"""What somebody said in a dialogue means. Pure."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from bot.commands.ambiguous import CONTENT_NAMES, may_go_on, pair_inside, said_twice
from bot.commands.command import Mistake, Pairs, Reason
from bot.commands.nearest import shown
from bot.commands.parsing import parse_pairs
from bot.commands.sentences import asks
from bot.commands.spelling import plain
from bot.commands.tokens import folded, folded_keys, separated
from bot.contracts.characters import SEPARATORS
from bot.contracts.fields import Field, FieldType, check_value, field_for, fold
from bot.contracts.model import Attachment
from bot.requests.prepare import Typed

_CANCEL = frozenset(map(fold, ("cancel", "stop", "never mind", "nevermind", "取消", "算了", "放弃", "不用了")))

_BACK = frozenset(map(fold, ("back", "undo", "返回", "上一步", "撤回")))

_SKIP = frozenset(map(fold, ("skip", "跳过")))

_SUMMARY = frozenset(map(fold, ("summary", "汇总")))

_SUBMIT = frozenset(map(fold, ("submit", "提交")))

_AGAIN = frozenset(map(fold, ("again", "resend", "another", "再发", "重发", "重新发送", "再发一次")))

_YES = frozenset(
    map(fold, ("yes", "y", "ok", "okay", "sure", "confirm", "是", "是的", "对", "确认", "好", "好的", "确定", "可以"))
)

_NO = frozenset(map(fold, ("no", "n", "keep", "否", "不", "不是", "不要", "保留")))

# A line of the block that people copy: perhaps with the sign of a list or a quotation that came along.
_LINE = re.compile(
    r"\s*(?:[>•·*-]\s*|[0-9]{1,2}[.、)]\s*)*(?P<key>[^\s:：﹕=＝﹦]{1,80})\s*[:：﹕=＝﹦](?!//)(?P<value>.*)"
)

_ONE_WORD = re.compile(r"(?:“[^”]*”|「[^」]*」|\"[^\"]*\"|\S+)\s+")

_FREE = (FieldType.TEXT, FieldType.LONG_TEXT)

_CODE = re.compile(r"(?<![0-9])[0-9]{4,6}(?![0-9])")

_CODE_ALONE = re.compile(r"(?:(?:code|配对码|码)\s*[:=]?\s*)?[#`]?([0-9]{4,6})[`.。]?")


_CHOSEN = re.compile(r"(?:#|no\.?|第|选|选择|option|choice)?\s*([0-9]{1,2})\s*(?:个|号|项|种|\u20e3)?")
"""The number of a choice, as it is compared: `1`, `（１）`, `①`, `第1个`, the key of a phone's emoji."""


class Said(StrEnum):
    """What an answer is, beside values."""

    VALUES = "values"
    CANCEL = "cancel"
    BACK = "back"
    SKIP = "skip"
    SUMMARY = "summary"
    SUBMIT = "submit"
    YES = "yes"
    NO = "no"
    NOTHING = "nothing"
    ASIDE = "aside"  # words where something else is due: perhaps the value that they stand with


_WORDS = (
    (_CANCEL, Said.CANCEL),
    (_BACK, Said.BACK),
    (_SKIP, Said.SKIP),
    (_SUMMARY, Said.SUMMARY),
    (_SUBMIT, Said.SUBMIT),
)


# --- What was said ---------------------------------------------------------------------------------------------------


def understand(
    text: str, missing: Sequence[Field], known: Sequence[Field], *, paths: bool = False
) -> tuple[Said, Typed] | Mistake:
    """What somebody said in a dialogue.

    Args:
        text: as typed.
        missing: the fields asked for; when no key is said, the first one that can be said in words is meant.
        known: all fields of the submission.
        paths: whether a file can be said in words, as a path.

    Returns:
        What it is, and the values in it: a number stands for that choice of the field. Words that say no key, where a
        file is due, or that read as a question where a name is, are `Said.ASIDE`.
    """
    word = _word(text)
    for words, said in _WORDS:
        if word in words:
            return said, ()
    known = (*missing, *known)  # the choices that were shown are the ones that are numbered
    first = next((field for field in missing if sayable(field, paths=paths)), None)
    values = _block(text, known)
    if values is None:
        keys = frozenset(name for field in known for name in (field.key, *field.aliases))
        pairs = parse_pairs(text, keys)
        if isinstance(pairs, Mistake):
            return pairs
        values = pairs.values
        before, *behind = separated(text, folded_keys(keys))
        before = before.strip()
        if values and before and first is not None and _row(before, known)[0] is None and before != text.strip():
            if first.key in CONTENT_NAMES and behind and may_go_on(behind[0]):
                return Mistake(Reason.PAIR_INSIDE, shown(behind[0]))
            values = ((first.key, _unquoted(before)), *values)  # the answer, and more behind a comma
    elif isinstance(values, Mistake):
        return values
    elif not values:
        return Said.NOTHING, ()
    if twice := said_twice(values):
        return Mistake(Reason.SAID_TWICE, twice)
    if values:
        return Said.VALUES, tuple((_canonical(key, known), _chosen(key, value, known)) for key, value in values)
    if not text.strip() or first is None:
        return Said.NOTHING, ()
    value = _chosen(first.key, _unquoted(text.strip()), known)
    aside = first is not missing[0] if first.type in _FREE else False
    aside = aside or (first.type is FieldType.TEXT and asks(text))
    return (Said.ASIDE if aside else Said.VALUES), ((first.key, value),)


def names_a_file(text: str, missing: Sequence[Field]) -> bool:
    """Whether a text only says which of the missing files came with it: a picture with the word `证明`."""
    word = fold(text)
    return any(
        word in {fold(name) for name in (field.key, *field.aliases, field.label.en, field.label.zh)}
        for field in missing
        if field.type is FieldType.FILE
    )


def sayable(field: Field, *, paths: bool) -> bool:
    """Whether a field can be filled in with words.

    Args:
        paths: whether a file can, as a path.
    """
    return field.type is not FieldType.FILE or field.or_id or paths


CHOICE_DIGITS = 2
"""Of the number of a choice; longer ones may be a code."""


def answers_a_question(text: str) -> bool:
    """Whether a text says something only to somebody who is being asked: `cancel`, `back`, `yes`, the `2` of a choice."""
    word = _word(text)
    return (
        (word.isdecimal() and len(word) <= CHOICE_DIGITS)
        or word in _YES
        or word in _NO
        or any(word in words for words, _ in _WORDS)
    )


def gives_up(text: str) -> bool:
    """Whether a text leaves what is being asked."""
    return _word(text) in _CANCEL


def wants_another(text: str) -> bool:
    """Whether another code is wanted."""
    return _word(text) in _AGAIN


def yes_or_no(text: str) -> Said:
    """An answer to a question that wants yes or no."""
    word = _word(text)
    if word in _YES:
        return Said.YES
    return Said.NO if word in _NO or word in _CANCEL else Said.NOTHING


def _word(text: str) -> str:
    """A text as it is compared with our words for answers: people end them as sentences (`好的。`)."""
    return fold(text).rstrip(f"{SEPARATORS}.。!！~～ ")


def code_alone(text: str) -> str:
    """The code that a text is; empty when it is more than that."""
    found = _CODE_ALONE.fullmatch(fold(text))
    return found[1] if found else ""


def codes_within(text: str) -> frozenset[str]:
    """What could be a code in a text that came with a file."""
    return frozenset(_CODE.findall(fold(text)))


def _block(text: str, known: Sequence[Field]) -> Typed | Mistake | None:
    """The values of a block that was copied and filled in: several lines that begin with keys.

    A free text has its line to its end, whatever colons stand in it, and the lines that follow without a key; only a
    known key behind a comma or a semicolon, or with an equals sign, begins the next value; and behind a single word what
    can only be the value of another field. Lines left empty are left alone.

    Returns:
        The values, in order; none when the text is no such block.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    begun_lines = [_row(line, known)[0] is not None for line in lines]
    if sum(begun_lines) < 2 or not begun_lines[0]:
        return None
    keys = frozenset(name for field in known for name in (field.key, *field.aliases))
    values: list[tuple[str, str]] = []
    last: Field | None = None
    names = folded_keys(keys)
    separate = []
    for line in lines:
        first, *behind = separated(line, names)
        begun, _ = _row(first, known)
        if begun is not None and begun.key in CONTENT_NAMES and behind and may_go_on(behind[0]):
            return Mistake(Reason.PAIR_INSIDE, shown(behind[0]))
        separate += [first, *behind]
    parts = [piece for part in separate for piece in _behind_a_word(part, known, keys)]
    rows = [_row(part, known) for part in parts]
    for line, (begun, value), (following, _) in zip(parts, rows, (*rows[1:], (None, "")), strict=True):
        value = value.rstrip(f"{SEPARATORS} ") if following else value
        if begun is None:
            if last is None or last.type is not FieldType.LONG_TEXT or not values:
                return None
            more = line.strip().rstrip(SEPARATORS) if following else line.strip()
            values[-1] = (values[-1][0], f"{values[-1][1]}\n{more}")
            continue
        last = begun if value else None
        if not value:
            continue
        if begun.type is FieldType.LONG_TEXT:
            bare = _unquoted(value)
            if bare == value and (inside := pair_inside(value, lambda word: folded(word) in names, fold(begun.key))):
                return Mistake(Reason.PAIR_INSIDE, inside)
            values.append((begun.key, bare))
            continue
        pairs = parse_pairs(line[_start(line) :], keys)
        if isinstance(pairs, Mistake):
            return pairs
        values += pairs.values
    return tuple(values)


def _behind_a_word(part: str, known: Sequence[Field], keys: frozenset[str]) -> tuple[str, ...]:
    """A free text of one word apart from the values of other fields behind it: `说明：订单 资质：8888`."""
    begun, value = _row(part, known)
    found = _ONE_WORD.match(value) if begun is not None and begun.type is FieldType.LONG_TEXT else None
    rest = value[found.end() :] if found else ""
    pairs = parse_pairs(rest, keys) if _row(rest, known)[0] is not None else None
    if not isinstance(pairs, Pairs) or pairs.rest or not all(_can_only_be(*pair, known) for pair in pairs.values):
        return (part,)
    return part.rstrip().removesuffix(rest), rest


def _can_only_be(key: str, value: str, known: Sequence[Field]) -> bool:
    """Whether a value fits a field that takes no words of one's own."""
    field = field_for(key, known)
    if field is None or field.type not in (FieldType.CHOICE, FieldType.FLAG, FieldType.LINK, FieldType.REFERENCE):
        return False
    return check_value(field, key, _chosen(key, value, known))[1] is None


def _row(line: str, known: Sequence[Field]) -> tuple[Field | None, str]:
    """The field that a line begins with, and what is said of it."""
    found = _LINE.match(line)
    key = folded(found["key"]) if found else ""
    return (field_for(key, known) if key else None), (found["value"].strip() if found else "")


def _start(line: str) -> int:
    """Where the key of a line begins."""
    found = _LINE.match(line)
    return found.start("key") if found else 0


def _canonical(key: str, known: Sequence[Field]) -> str:
    field = field_for(key, known)
    if field is None or field.type is FieldType.FAMILY:
        return key
    return field.key


def _chosen(key: str, value: str, known: Sequence[Field]) -> str:
    field = field_for(key, known)
    number = _CHOSEN.fullmatch(plain(value)) if field is not None and field.choices else None
    if field is None or number is None or field.choice(value) is not None:
        return value
    position = int(number[1])
    return field.choices[position - 1].word if 1 <= position <= len(field.choices) else value


def _unquoted(text: str) -> str:
    inner = text.rstrip(SEPARATORS)
    for start, end in (('"', '"'), ("“", "”"), ("「", "」")):
        if len(inner) > 1 and inner.startswith(start) and inner.endswith(end):
            return inner[1:-1]
    return text


# --- What was handed in ----------------------------------------------------------------------------------------------


def meant_for(
    files: Sequence[Attachment], missing: Sequence[Field], known: Sequence[Field]
) -> Mapping[str, tuple[Attachment, ...]]:
    """Which fields files without a key are for: those asked for, in order, each as many as it takes; else the papers.

    Args:
        files: as they came.
        missing: the fields asked for.
        known: all fields of the submission.
    """
    wanted = [field for field in missing if field.type is FieldType.FILE] or [
        field for field in known if field.key == "paper"
    ]
    given: dict[str, tuple[Attachment, ...]] = {}
    rest = tuple(files)
    for position, one in enumerate(wanted):
        count = len(rest) if position == len(wanted) - 1 else one.max_files
        if rest[:count]:
            given[one.key] = rest[:count]
        rest = rest[count:]
    return given
