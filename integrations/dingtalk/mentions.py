"""The mention of the robot, taken off what was said. Pure.

In a group the robot hears only what mentions it, and how the mention stands in the text is up to the client: most leave
a blank where it was, some repeat the robot's name, as a part of its own or glued to what follows. The name is nowhere
told, and may have blanks. So a mention ends where something begins that is said to the program; where nothing does, as
in an answer to a question, it is a part that has nothing else, or else one word.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from bot.contracts.characters import INVISIBLE
from integrations.dingtalk.wire import At, Part

Begins = Callable[[str], bool]
"""Whether a text begins with something that is said to the program: the words of a command, `/sms`, a known key."""

MORE_WORDS = 2
"""So many words a name has behind its first one, at most."""

MOST_MENTIONS = 10
LONGEST_NAME = 40
"""How many mentions are looked behind for what begins, and how many characters of a word: a text full of marks stays cheap."""

_MARKS = ("@", "＠", "﹫")
_MARK = "@＠﹫"
_UNSEEN = INVISIBLE
_BLANK = rf"\s{_UNSEEN}"
_STOP = ":：﹕,，﹐、;；"  # what people write behind whom they speak to
_QUOTE = "\"“”「」『』'"

_OPENING, _CLOSING = "(（\\[［{【〔《<＜`*", ")）\\]］}】〕》>＞`*"

_IN_NAME = rf"[^{_BLANK}{_MARK}{_STOP}#＃{_QUOTE}{_OPENING}{_CLOSING}]*"
_NAME = re.compile(rf"[{_MARK}]{_IN_NAME}(?:[{_OPENING}]{_IN_NAME}[{_CLOSING}](?=[{_BLANK}]))?")
_WORD = re.compile(rf"[^{_BLANK}{_MARK}{_STOP}{_QUOTE}=＝#＃/／.。!！?？]+")
_OPENED = re.compile(f"[{_OPENING}]")
_CLOSED = re.compile(rf"[{_BLANK}{_CLOSING}]+\Z")
_BLANKS = re.compile(rf"[{_BLANK}]*")
_BEHIND = re.compile(rf"[{_BLANK}{_STOP}]*")

_CERTAIN = re.compile(rf"[^\S \t\r\n\u3000]|[{_UNSEEN}]")
"""A blank that nobody types; clients put it behind a mention."""

_PAIR = re.compile(rf"[^{_BLANK}=＝﹦:：﹕]+[{_BLANK}]*[=＝﹦:：﹕]")
_VALUES = re.compile(rf"[=＝﹦:：﹕{_QUOTE}]")
_FORBIDS = re.compile(r"[不别勿莫甭]|(?:no|not|never|stop|without|don.?t|won.?t|can.?t)\Z", re.IGNORECASE)
"""Is no word of a name: what somebody says not to do must not be read as what to do."""

_IN_TEXT = re.compile(rf"(?<=[{_BLANK}])[{_MARK}][^{_BLANK}{_MARK}{_QUOTE}]+(?=[{_BLANK}{_MARK}]|\Z)")
_GLUED = re.compile(
    rf"(?:(?<=[\u3400-\u9fff。！？，、；）】])|(?<=[#＃]\d)|(?<=[#＃]\d\d)|(?<=[#＃]\d\d\d))[@﹫][^{_BLANK}{_MARK}{_QUOTE}]+(?=[{_BLANK}{_MARK}]|\Z)"
)
"""Clients put no blank before a mention: `状态@Signpost`. Behind Latin letters it is a mail address."""

_ENCLOSED = (
    rf"[{_OPENING}][{_BLANK}]*(?P<name>[{_MARK}][^{_BLANK}{_MARK}{_QUOTE}{_OPENING}{_CLOSING}]+)[{_BLANK}]*[{_CLOSING}]"
)
_AROUND_IT = re.compile(
    rf"\A[{_BLANK}]*{_ENCLOSED}|(?P<before>\A[^=＝﹦:：﹕{_QUOTE}{_MARK}]+?){_ENCLOSED.replace('name', 'last')}(?=[{_BLANK}{_STOP}]|\Z)"
)
"""Brackets around the mention alone: `(@Signpost) 状态`, `状态（@Signpost）`; in a value they stay."""

_AROUND_ALL = re.compile(
    rf"\A[{_BLANK}]*(?P<opening>[{_OPENING}])[{_BLANK}]*(?P<said>[{_MARK}].*)(?P<closing>[{_CLOSING}])[{_BLANK}]*\Z",
    re.DOTALL,
)
"""Brackets around all that is said: `（@Signpost 状态）`."""

_PAIRS = frozenset(zip("(（[［{【〔《<＜`*", ")）]］}】〕》>＞`*", strict=True))

_AT_END = re.compile(rf"(?<![{_BLANK}])(?:[{_BLANK}]+[{_MARK}][^{_BLANK}{_MARK}{_QUOTE}]+)+[{_BLANK}]*\Z")


def without_mentions(parts: Sequence[Part], others: int, begins: Begins, *, rich: bool, direct: bool) -> list[Part]:
    """What was said, without the mention of the robot.

    Args:
        parts: of the message, in order.
        others: how many people it mentions beside the robot.
        begins: see `Begins`.
        rich: whether the parts are those of a rich text.
        direct: one to one nobody need mention the robot, so less is taken for its mention.

    Returns:
        Texts and files; texts that stood side by side are one.
    """
    parts = [_unbracketed(part) if isinstance(part, str) else part for part in parts]
    first = next((part for part in parts if isinstance(part, str) and part), "")
    names, left = _front(parts, begins, rich=rich, direct=direct)
    if direct:
        return _glued(left)
    if not names and first[:1].isspace():
        names = {""}  # it stood in front: the client took it off and left its blank
    left = _glued(_later(left, names, others))
    if not names:
        left = [_unmentioned(part, others, begins) if isinstance(part, str) else part for part in left]
    for place, part in enumerate(left):
        if isinstance(part, str) and part.strip():
            left[place] = part[_behind(part, 0) :]
            break
    return left


def _unbracketed(text: str) -> str:
    """A text without brackets around the mention alone, or around all of it."""
    if found := _AROUND_IT.match(text):
        return f"{found['before'] or ''} {found['name'] or found['last']} {text[found.end() :]}".strip(" ")
    if (found := _AROUND_ALL.match(text)) and (found["opening"], found["closing"]) in _PAIRS:
        return found["said"]
    return text


# --- In front --------------------------------------------------------------------------------------------------------


def _front(parts: Sequence[Part], begins: Begins, *, rich: bool, direct: bool) -> tuple[set[str], list[Part]]:
    """The names mentioned in front, and the parts without them."""
    names: set[str] = set()
    left = list(parts)
    for place, part in enumerate(parts):
        if isinstance(part, At):
            names.add(part.name)
            left[place] = ""
            continue
        if not isinstance(part, str) or not part.strip():
            continue
        begin = _end_of(_BLANKS, part, 0)
        if not part.startswith(_MARKS, begin):
            break
        behind = parts[place + 1 :]
        follows = bool(behind) and isinstance(behind[0], str) and bool(behind[0].strip())
        rest = "".join(_shown(other) for other in behind)
        end = begin + _mentioned(part[begin:], rest, begins, rich=rich, follows=follows, direct=direct)
        if end == begin:
            break
        names.add(part[begin:end].strip().lstrip(_MARK))
        left[place] = part[end:]
        if end < len(part):
            break
    return names, left


def _mentioned(part: str, rest: str, begins: Begins, *, rich: bool, follows: bool, direct: bool) -> int:
    """Where the mentions end that a part begins with; 0 where they count as none."""
    stop = len(part)
    found = _beginning(part + rest, stop, begins)
    if found is not None:
        return min(found, stop)
    at = 0
    while part.startswith(_MARKS, at):
        words = _words(part, at, stop)
        fills = _behind(part, words[-1]) == stop and (len(words) == 1 or follows or part[-1].isspace())
        if rich and fills and (follows or not direct):
            return stop
        at = _behind(part, next((end for end in words if _CERTAIN.match(part, end)), words[0]))
    return 0 if direct else at


def _beginning(text: str, stop: int, begins: Begins) -> int | None:
    """Where something begins that is said to the program, behind the mentions at the beginning.

    In the order of certainty: with the next part; within the first word where its letters change; behind a word;
    anywhere within the first word.

    Args:
        text: all that was said.
        stop: where the part ends that the mentions stand in.
        begins: see `Begins`.
    """
    at = 0
    for _ in range(MOST_MENTIONS):
        if at >= stop:
            return stop  # the next part mentions somebody too
        words = _words(text, at, stop)
        behind = [_behind(text, end) for end in words]
        glued = range(at + 2, min(words[0], at + LONGEST_NAME))
        changing = [place for place in glued if not text[place - 1 : place + 1].isascii() or text[place] == "/"]
        ends = [place for place in behind if place >= stop]
        for opened in _OPENED.finditer(text, at, min(words[-1] + 1, stop)):
            if begins(_CLOSED.sub("", text[opened.end() :])):
                return opened.start()
        places: Sequence[int] = (*ends, *changing, *behind, *glued)
        for place in places:
            # A pair further on belongs to the words before it: `@Signpost 速达物流 来源=企业`.
            if begins(text[place:]) and (place not in behind[1:] or not _PAIR.match(text, place)):
                return place
        following = next((place for place in behind if text.startswith(_MARKS, place)), None)
        if following is None:
            return None
        at = following
    return None


def _words(text: str, at: int, stop: int) -> list[int]:
    """Where each word ends that the name mentioned here may have; at least one."""
    ends = [_end_of(_NAME, text, at, stop)]
    for _ in range(MORE_WORDS):
        begin = _end_of(_BLANKS, text, ends[-1], stop)
        word = _WORD.match(text, begin, stop)
        if word is None or _FORBIDS.match(word.group()) or "\n" in text[ends[-1] : begin]:
            break
        ends.append(word.end())
    return ends


# --- In the middle and at the end ------------------------------------------------------------------------------------


def _later(parts: Sequence[Part], names: set[str], others: int) -> list[Part]:
    """The parts without those that mention the robot; those that mention people stay."""
    mentions = {
        place: name for place, part in enumerate(parts) if (name := _name_of(part, alone=bool(names or others)))
    }
    if names:
        robot = {place for place, name in mentions.items() if name in names}
    else:
        robot = set(list(mentions)[-max(len(mentions) - others, 0) :]) if len(mentions) > others else set()
    return [At("") if place in robot else part for place, part in enumerate(parts)]


def _name_of(part: Part, *, alone: bool) -> str:
    """The name that a part mentions, where it has nothing else.

    Args:
        part: of a rich text.
        alone: a name is one word here, for people are mentioned too and more may be said in the part.
    """
    if isinstance(part, At):
        return part.name
    if not isinstance(part, str):
        return ""
    begin = _end_of(_BLANKS, part, 0)
    if not part.startswith(_MARKS, begin):
        return ""
    words = _words(part, begin, len(part))
    last = words[0] if alone else words[-1]
    return part[begin:last].lstrip(_MARK) if _end_of(_BLANKS, part, last) == len(part) else ""


def _unmentioned(text: str, others: int, begins: Begins) -> str:
    """A text in which the robot may be mentioned behind the beginning, without that; values stay as they are."""
    found = list(_IN_TEXT.finditer(text))
    if not found and not others and _VALUES.search(text) is None:
        found = list(_GLUED.finditer(text))
        text = "".join(f"{piece} " for piece in _GLUED.split(text)) if len(found) == 1 else text
        return text.strip()
    if len(found) <= others:
        return text  # people; the client took the robot's off
    if last := _AT_END.search(text):
        return text[: last.start()]
    values = _VALUES.search(text)
    head = [one for one in found if values is None or one.end() <= values.start()]
    if not begins(text):
        for one in head:
            for end in _words(text, one.start(), len(text)):
                without = f"{text[: one.start()].rstrip()} {text[end:].lstrip()}"
                if begins(without):
                    return without
    if head and not others:
        for one in reversed(head):
            text = f"{text[: one.start()].rstrip()} {text[one.end() :].lstrip()}"
    return text


# ---------------------------------------------------------------------------------------------------------------------


def _glued(parts: Iterable[Part]) -> list[Part]:
    """The parts with neighbouring texts as one; a mention stands apart from what is beside it."""
    found: list[Part] = []
    apart = False
    for part in parts:
        if not isinstance(part, str | At):
            found.append(part)
            apart = False
            continue
        text = _shown(part)
        before = found[-1] if found else None
        if isinstance(before, str):
            gap = (apart or isinstance(part, At)) and not before[-1:].isspace() and not text[:1].isspace()
            found[-1] = before + (" " if gap else "") + text
        else:
            found.append(text)
        apart = isinstance(part, At)
    return found


def _shown(part: Part) -> str:
    match part:
        case str():
            return part
        case At(name=name):
            return f"@{name}" if name else ""
        case _:
            return "\n"


def _behind(text: str, place: int) -> int:
    """Past the blanks and the punctuation that stand behind a mention."""
    return _end_of(_BEHIND, text, place)


def _end_of(pattern: re.Pattern[str], text: str, place: int, stop: int | None = None) -> int:
    found = pattern.match(text, place, len(text) if stop is None else stop)
    return found.end() if found else place
