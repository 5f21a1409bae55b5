"""What DingTalk does to a text, undone: a message → what was typed, and the files with it. Pure.

| msgtype | what is read (facts, DingTalk 2.2) |
| --- | --- |
| `text`, `markdown` | the text |
| `richText` | texts glued as they stand, for bold words are parts too; links as typed; a file on a line of its own; for what is new or an emoji of the client's a character that no value may have |
| `audio` | the words that DingTalk recognised, without the stop that it puts behind them |
| `picture`, `file` | the file |
| anything else | nothing, and it is told so |

The mention is taken off (`mentions`), every line ends alike, and what our own texts have between two characters, to keep
them apart, is gone when they are copied. Of a quoted message only files are taken: nobody said its text now.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from bot.contracts import links
from bot.contracts.message import Mark, Message, Strong, Text
from integrations.dingtalk import words
from integrations.dingtalk.mentions import Begins, without_mentions
from integrations.dingtalk.wire import At, Part, Remote, list_of, object_of, text_of

_APART = "\u200b"  # what our own texts have between `:` and `//`, say; copied, it comes back

_STRANGE = "\ufffc"
"""Stands for what is no text and no file (an emoji of the client's own, a voice among words): no command minds it, and no
value that is sent has it unsaid."""

_FORM = frozenset({"type", "msgType", "text"})

_LINE_END = re.compile("\r\n|[\r\u2028\u2029]")

_OPENED_INSIDE = re.compile(r"dingtalk://[^?]*[?](?P<query>\S*)", re.IGNORECASE)
"""A web address that the client opens in a window of its own, as its links are copied. Not tried on a real one."""

_NO_PAPERS = frozenset({"audio", "voice"})


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said.

    Args:
        text: as it was typed, without the mention.
        files: with it, those of the quoted message behind.
        unread: the kind of message, where it is one that says nothing to us.
    """

    text: str
    files: tuple[Remote, ...] = ()
    unread: str = ""


def said(data: Mapping[str, Any], begins: Begins, *, direct: bool) -> Said:
    """Read what a message says.

    Args:
        data: of the message.
        begins: see `mentions.Begins`.
        direct: whether it was said one to one.
    """
    kind = text_of(data, "msgtype")
    body = object_of(data.get(kind)) or object_of(data.get("content"))
    parts = _parts(kind, body)
    rich = kind == "richText"
    spoken = without_mentions(parts, _others(data), begins, rich=rich, direct=direct)
    lines = (
        part.replace(_APART, "").strip() for part in spoken if isinstance(part, str) and part.strip(f"{_STRANGE} ")
    )
    files = (*(part for part in spoken if isinstance(part, Remote)), *_quoted(body))
    nothing = (
        not files
        and not any(part not in ("", _STRANGE) for part in parts)
        and (kind not in ("text", "richText") or bool(body.get("richText")))
    )
    return Said("\n".join(filter(None, lines)), files, unread=kind or "?" if nothing else "")


def unread_message(language: str, kind: str) -> Message:
    """That a message says nothing to us, and what to do.

    Args:
        language: `en` or `zh`.
        kind: of the message, as `Said.unread` has it.
    """
    title, instead = (words.NO_WORDS, words.WRITE) if kind == "audio" else (words.UNREAD, words.WRITE_OR_SEND)
    return Message((Strong(title.said(language)),), Mark.BAD, (Text((instead.said(language),)),))


def _parts(kind: str, body: Mapping[str, Any]) -> list[Part]:
    """The parts of a message, in order."""
    match kind:
        case "text":
            return [_lines(text_of(body, "content"))]
        case "markdown":
            return [_lines(text_of(body, "text", "content"))]
        case "audio":
            return [
                _lines(text_of(body, "recognition")).rstrip("。.？?！! ")
            ]  # it ends whatever was spoken as a sentence
        case "picture" | "file" | "video":
            return _file(body)
        case "richText":
            return _rich(body)
        case _:
            return []


def _rich(body: Mapping[str, Any]) -> list[Part]:
    parts: list[Part] = []
    for part in list_of(body.get("richText")):
        if not isinstance(part, dict):
            continue
        match text_of(part, "type"):
            case "at":
                parts.append(At(text_of(part, "atName", "name", "text").lstrip("@＠")))
            case "link":
                parts.append(_link(part))
            case kind if kind in _NO_PAPERS:
                parts.append(_STRANGE)
            case _:  # a text, a picture, a file, or what is new and has one of these
                parts += _file(part) or [
                    _lines(text_of(part, "text", "content")) or (_STRANGE if part.keys() - _FORM else "")
                ]
    return parts


def _link(part: Mapping[str, Any]) -> str:
    label, address = text_of(part, "text", "title"), text_of(part, "url", "href", "link", "messageUrl")
    if wrapped := _OPENED_INSIDE.fullmatch(address):
        address = next(iter(parse_qs(wrapped["query"]).get("url", ())), address)
    return links.typed(address, label) if address else label


def _quoted(body: Mapping[str, Any]) -> list[Remote]:
    """The files of a quoted message: quoting a picture is a way to hand it over (facts, DingTalk 2.2)."""
    replied = object_of(body.get("repliedMsg"))
    if not body.get("isReplyMsg") or text_of(replied, "msgType", "msgtype") in _NO_PAPERS:
        return []
    content = object_of(replied.get("content"))
    return [part for part in [*_file(content), *_rich(content)] if isinstance(part, Remote)]


def _file(body: Mapping[str, Any]) -> list[Part]:
    code = text_of(body, "downloadCode", "pictureDownloadCode")
    film = text_of(body, "videoType")  # a film has no name, only its type
    return [Remote(code, text_of(body, "fileName") or (f"film.{film}" if film else ""))] if code else []


def _lines(text: str) -> str:
    return _LINE_END.sub("\n", text)


def _others(data: Mapping[str, Any]) -> int:
    """How many people a message mentions beside the robot (facts, DingTalk 2.1)."""
    robot = text_of(data, "chatbotUserId")
    mentioned = [text_of(one, "dingtalkId") for one in list_of(data.get("atUsers")) if isinstance(one, dict)]
    return sum(1 for one in mentioned if one and one != robot)
