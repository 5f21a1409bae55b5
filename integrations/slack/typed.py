"""From what Slack delivers to what was typed. Pure.

The one place where what Slack does to a text is undone: its links and mentions become what people see, its formatting
marks are taken out and told beside the text (`Styled`). A message has its text as blocks, which tell formatting from
signs that stand for themselves, and as text with marks, which does not; a slash command has only the latter.
`tests/unit/slack/test_typed.py` has the table of forms.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.contracts import links
from bot.contracts.mentions import after_mentions
from bot.contracts.model import Styled
from integrations.slack.entities import ENTITY, Names, labels, unescaped
from integrations.slack.marks import BLOCK, CODE, EMOJI, HIDDEN, ITEM, QUOTATION, marks

_ESCAPES = ("&lt;", "&gt;", "&amp;")

_STYLES = {"bold": "*", "italic": "_", "strike": "~", "code": CODE}
"""Style of an element → its mark, as the text of the same message has it."""


_WITHOUT_WORDS = frozenset({"image", "divider", "actions", "file", "video", "call", "input"})
"""Blocks in which nobody says anything."""


class _Unknown(Exception):
    """An element that is not known here: the text tells better."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, and what of it had formatting."""

    text: str = ""
    styled: tuple[Styled, ...] = ()

    def part(self, start: int, end: int) -> "Typed":
        """A piece of it."""
        cut = (
            replace(one, start=max(one.start, start) - start, end=min(one.end, end) - start)
            for one in self.styled
            if one.start < end and one.end > start
        )
        return Typed(self.text[start:end], tuple(cut))

    def stripped(self) -> "Typed":
        """Without blanks at both ends."""
        start = len(self.text) - len(self.text.lstrip())
        return self.part(start, max(start, len(self.text.rstrip())))

    def all_in(self, sign: str) -> "Typed":
        """With one more mark around all of it."""
        inner = self.stripped().text
        start = self.text.find(inner)
        return replace(self, styled=(*self.styled, Styled(start, start + len(inner), sign))) if inner else self

    def addressed(self) -> "Typed":
        """Without the people who are mentioned in front, beside us: the rest is said to all of them."""
        rest = self.part(len(self.text) - len(after_mentions(self.text)), len(self.text)).stripped()
        return rest if rest.text else self


def command(text: str, names: Names) -> Typed:
    """The text of a slash command."""
    return _marked(text, names).stripped()


def message(delivered: Mapping[str, Any], names: Names, *, shared: bool = False) -> Typed:
    """What somebody wrote in a message; the richest of the places where Slack keeps it.

    Args:
        delivered: the message.
        names: whose ids they are.
        shared: whether a message that was shared in it counts, where it has no text of its own.
    """
    for read in _places(delivered, names, shared=shared):
        typed = read().stripped()
        if typed.text:
            return typed
    return Typed()


def _places(delivered: Mapping[str, Any], names: Names, *, shared: bool) -> Iterator[Callable[[], Typed]]:
    text = str(delivered.get("text") or "")
    blocks = _spoken_blocks(delivered.get("blocks") or (), names)
    yield lambda: _blocks(blocks, replace(names, labels={**names.labels, **labels(text)}))
    yield lambda: _marked(_spoken(text, names), names)
    for one in (
        *(file.get("initial_comment") or {} for file in delivered.get("files") or ()),
        delivered.get("comment"),
    ):
        yield partial(_marked, str((one or {}).get("comment") or ""), names)
    if shared:
        yield lambda: _joined([_attached(one, names) for one in delivered.get("attachments") or ()])


_TO_ALL = ("broadcast", "usergroup")

_BRACKETS = dict(zip("(（[［{【〔《", ")）]］}】〕》", strict=True))

_OPENING, _CLOSING = (re.escape("".join(some)) for some in (_BRACKETS, _BRACKETS.values()))

_STOPS = r"[\s,，、:：;；]*"


def _spoken(text: str, names: Names) -> str:
    """A text without the bot's mention in front, and without groups and people who are called beside it."""
    if not names.ourselves:
        return text
    us = rf"<@{re.escape(names.ourselves)}(?:\|[^<>]*)?>"
    text = re.sub(rf"\A\s*[{_OPENING}]\s*({us})\s*[{_CLOSING}]", r"\1 ", text, count=1)
    around = re.fullmatch(rf"\s*([{_OPENING}])\s*({us}.*)([{_CLOSING}])\s*", text, re.DOTALL)
    text = around[2] if around and _BRACKETS[around[1]] == around[3] else text
    groups = rf"(?:<!(?:here|channel|everyone|group|subteam\^)[^<>]*>{_STOPS})*"
    return re.sub(rf"\A(?:\s*<[@#!][^<>]*>{_STOPS})*?\s*{us}\s*(?:(?:{_STOPS}){groups})", "", text, count=1)


def _spoken_blocks(blocks: Sequence[Mapping[str, Any]], names: Names) -> Sequence[Mapping[str, Any]]:
    """The same of blocks."""
    first = next(iter(blocks), {})
    lines = list(first.get("elements") or ()) if first.get("type") == "rich_text" else []
    if not lines or lines[0].get("type") != "rich_text_section":
        return blocks
    inner = _unbracketed(list(lines[0].get("elements") or ()), names)
    ours = next((at for at, one in enumerate(inner) if one.get("user_id") == names.ourselves), -1)
    if ours < 0 or not all(_only_calls(one) for one in inner[:ours]):
        return blocks
    begin = ours + 1
    while begin + 1 < len(inner) and _only_calls(inner[begin]) and inner[begin + 1].get("type") in _TO_ALL:
        begin += 2
    if begin < len(inner) and inner[begin].get("type") in _TO_ALL:
        begin += 1
    lines[0] = {**lines[0], "elements": inner[begin:]}
    return [{**first, "elements": lines}, *blocks[1:]]


def _unbracketed(line: list[Mapping[str, Any]], names: Names) -> list[Mapping[str, Any]]:
    """The elements of a line without a bracket around our mention, and without its other half."""
    if len(line) < 3 or line[1].get("user_id") != names.ourselves:
        return line
    opening, behind, last = (str(one.get("text") or "") for one in (line[0], line[2], line[-1]))
    closing = _BRACKETS.get(opening.strip())
    if closing is None or line[0].get("type") != "text":
        return line
    if behind.lstrip().startswith(closing):
        return [line[1], {**line[2], "text": behind.lstrip()[1:]}, *line[3:]]
    if last.rstrip().endswith(closing):
        return [*line[1:-1], {**line[-1], "text": last.rstrip()[:-1]}]
    return line


def _only_calls(element: Mapping[str, Any]) -> bool:
    """Whether an element of a line calls somebody, or only stands between those."""
    if element.get("type") == "text":
        return re.fullmatch(_STOPS, str(element.get("text") or "")) is not None
    return element.get("type") in ("user", "channel", *_TO_ALL)


def _attached(attachment: Mapping[str, Any], names: Names) -> Typed:
    within = (one.get("message") or {} for one in attachment.get("message_blocks") or ())
    for one in (*within, attachment):
        if (typed := message(one, names)).text:
            return typed
    return _marked(str(attachment.get("fallback") or ""), names)


# --- Text with marks ---------------------------------------------------------------------------------------------------


def _marked(raw: str, names: Names) -> Typed:
    """A text of Slack's markup."""
    entities = list(ENTITY.finditer(raw))
    masked = ENTITY.sub(lambda found: HIDDEN * len(found[0]), raw)
    found = marks(masked)
    # What of the raw text gives way to what; nothing of it lies in two of them.
    instead: dict[int, tuple[int, str]] = {
        one.start(): (one.end(), names.typed(unescaped(one["what"]), unescaped(one["label"] or ""))) for one in entities
    }
    for one in found:
        apart = "\n" if one.sign == BLOCK else ""  # a block of code stands on lines of its own
        if one.inner > one.start:
            instead[one.start] = (one.inner, apart if raw[: one.start].strip(" ")[-1:] not in ("", "\n") else "")
        if one.end > one.inner_end:
            instead[one.inner_end] = (one.end, apart if raw[one.end :].strip(" ")[:1] not in ("", "\n") else "")
    said: list[str] = []
    places: list[int] = []  # where each character of the raw text stands now
    length = position = 0
    while position < len(raw):
        escape = next((one for one in _ESCAPES if raw.startswith(one, position)), "")
        end, piece = instead.get(position) or (
            position + len(escape or raw[position]),
            unescaped(escape or raw[position]),
        )
        places += [length] * (end - position)
        said.append(piece)
        length += len(piece)
        position = end
    places.append(length)
    plain = "".join(said)
    styled: list[Styled] = []
    for mark in sorted(found, key=lambda one: one.inner):
        new = Styled(places[mark.inner], places[mark.inner_end], mark.sign)
        last = styled[-1] if styled else new
        if mark.sign == QUOTATION == last.sign and plain[last.end : new.start] == "\n":
            styled[-1] = replace(last, end=new.end)  # a quotation has its sign before every line
        elif new.end > new.start:
            styled.append(new)
    return Typed(plain, tuple(styled))


# --- Blocks ------------------------------------------------------------------------------------------------------------


def _blocks(blocks: Sequence[Mapping[str, Any]], names: Names) -> Typed:
    """The text of a message's blocks; empty where there is something in them that is not known here."""
    try:
        return _joined([typed for block in blocks for typed in _block(block, names)])
    except _Unknown:
        return Typed()


def _block(block: Mapping[str, Any], names: Names) -> Iterator[Typed]:
    match block.get("type"):
        case "rich_text":
            yield from (_rich(element, names) for element in block.get("elements") or ())
        case "section":
            yield from (_object(one, names) for one in (block.get("text"), *(block.get("fields") or ())) if one)
        case "header":
            yield _object(block.get("text") or {}, names)
        case "context":
            yield from (_object(one, names) for one in block.get("elements") or () if "text" in one)
        case "markdown":
            yield Typed(str(block.get("text") or ""))
        case kind if kind in _WITHOUT_WORDS:
            pass
        case _:
            raise _Unknown


def _object(text: Mapping[str, Any], names: Names) -> Typed:
    """A text object of a block."""
    said = str(text.get("text") or "")
    return _marked(said, names) if text.get("type") == "mrkdwn" else Typed(said)


def _rich(element: Mapping[str, Any], names: Names) -> Typed:
    """One element of formatted text."""
    inner = element.get("elements") or ()
    match element.get("type"):
        case "rich_text_section":
            return _inline(inner, names)
        case "rich_text_list":
            first = int(element.get("offset") or 0) + 1
            numbered = element.get("style") == "ordered"
            items = (_rich(one, names) for one in inner)
            signs = (f"{number}." if numbered else ITEM for number in range(first, first + len(inner)))
            return _joined([item.all_in(sign) for item, sign in zip(items, signs, strict=True)])
        case "rich_text_quote":
            return _inline(inner, names).all_in(QUOTATION)
        case "rich_text_preformatted":
            return _inline(inner, names).all_in(BLOCK)
        case _:
            raise _Unknown


def _inline(elements: Sequence[Mapping[str, Any]], names: Names) -> Typed:
    text = ""
    styled: list[Styled] = []
    for element in elements:
        if str(element.get("type")).startswith("rich_text_"):
            piece = _rich(element, names)
            said, marked = piece.text, list(piece.styled)
        else:
            said = _element(element, names)
            style = element.get("style") or {}
            marked = [Styled(0, len(said), sign) for name, sign in _STYLES.items() if style.get(name)]
            if element.get("type") == "emoji" and not element.get("unicode"):
                marked.append(Styled(0, len(said), EMOJI))
        for one in marked:
            _add(styled, replace(one, start=one.start + len(text), end=one.end + len(text)))
        text += said
    return Typed(text, tuple(trimmed for one in styled for trimmed in _trimmed(one, text)))


def _element(element: Mapping[str, Any], names: Names) -> str:
    """What was typed for one element of a line."""

    def told(key: str) -> str:
        return str(element.get(key) or "")

    match element.get("type"):
        case "text":
            return told("text")
        case "link":
            return links.typed(told("url"), told("text"))
        case "user":
            return names.person(told("user_id"))
        case "usergroup":
            return names.group(told("usergroup_id"))
        case "channel":
            return names.channel(told("channel_id"))
        case "broadcast":
            return f"@{told('range')}"
        case "emoji" if told("unicode"):
            return "".join(chr(int(code, 16)) for code in told("unicode").split("-"))
        case "emoji":
            return f":{told('name')}:"
        case "date" if told("fallback"):
            return told("fallback")
        case "color":
            return told("value")
        case _:
            raise _Unknown


def _add(styled: list[Styled], new: Styled) -> None:
    """One more, put together with the one before where both are of one kind and touch: Slack cuts at every link."""
    for position, one in enumerate(styled):
        if one.sign == new.sign != EMOJI and one.end == new.start:
            styled[position] = replace(one, end=new.end)
            return
    styled.append(new)


def _trimmed(one: Styled, text: str) -> Iterator[Styled]:
    """Without the blanks at its ends; nothing where it is only those."""
    piece = text[one.start : one.end]
    if piece.strip():
        start = one.start + len(piece) - len(piece.lstrip())
        yield replace(one, start=start, end=start + len(piece.strip()))


def _joined(parts: Sequence[Typed]) -> Typed:
    """Several on lines of their own."""
    text = ""
    styled: list[Styled] = []
    for part in parts:
        if text and not text.endswith("\n"):
            text += "\n"
        styled += [replace(one, start=one.start + len(text), end=one.end + len(text)) for one in part.styled]
        text += part.text
    return Typed(text, tuple(styled))
