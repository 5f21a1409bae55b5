"""Files that came with a message or a form, fetched with the bot's token.

Where the token may not read a file, Slack answers 200 with the HTML of its login page (bolt-js#2585); so the status
proves nothing. A web page of the very length that Slack says the file has is what was uploaded, though: say, an error page
that somebody saved as a picture. What a file really is, is decided later by its bytes.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.contracts.model import Attachment, Words
from integrations.slack import words
from integrations.slack.errors import code_of

HOSTS = frozenset({"files.slack.com", "files.slack-gov.com"})
"""Where Slack keeps files; the token goes nowhere else."""
MAX_BYTES = 10 * 1024 * 1024
"""Of a file in a form (https://docs.slack.dev/reference/block-kit/block-elements/file-input-element)."""
_PIECE = 64 * 1024
_PAGE = re.compile(rb"\s{0,200}<(?:!doctype html|html)", re.IGNORECASE)


class FileTrouble(Exception):
    """A file could not be had.

    Args:
        words: why, for the person who gave it.
    """

    def __init__(self, said: Words) -> None:
        super().__init__(said.en)
        self.words = said


def not_there(file: Mapping[str, Any]) -> Words | None:
    """Why what Slack tells of a file has no content; none where it has (https://docs.slack.dev/reference/objects/file-object).

    Args:
        file: Slack's file object.
    """
    match file.get("mode"):
        case "tombstone":
            return words.DELETED
        case "hidden_by_limit":
            return words.HIDDEN
        case mode if mode == "external" or file.get("is_external"):
            where = str(file.get("external_type") or urlsplit(str(file.get("url_private") or "")).hostname or "?")
            return Words(words.ELSEWHERE.en.format(where=where), words.ELSEWHERE.zh.format(where=where))
        case _:
            return None


GONE = frozenset({"file_deleted", "file_not_found"})
"""Slack's words for a file that is no longer there (https://docs.slack.dev/reference/methods/files.info)."""


async def told(reader: AsyncWebClient, file: Mapping[str, Any]) -> Mapping[str, Any]:
    """What Slack tells of a file; asked for more where it came as a stub, as files of Slack Connect do.

    Args:
        reader: to ask with.
        file: Slack's file object.

    Raises:
        FileTrouble: it is gone, or nothing more is told.
    """
    if file.get("file_access") != "check_file_info" and (file.get("url_private") or not_there(file)):
        return file
    try:
        found: Mapping[str, Any] = (await reader.files_info(file=str(file.get("id", ""))))["file"]
    except SlackApiError as error:
        raise FileTrouble(words.DELETED if code_of(error) in GONE else words.UNREADABLE) from None
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise FileTrouble(words.NOT_FETCHED) from None
    return found


async def fetch(session: aiohttp.ClientSession, file: Mapping[str, Any], *, token: str, also: str) -> Attachment:
    """Download one file.

    Args:
        session: to ask with.
        file: Slack's file object.
        token: the bot's.
        also: a host and port that is allowed besides Slack's own: that of a configured address.

    Raises:
        FileTrouble: it is too large, not readable, or somewhere else.
    """
    if (trouble := not_there(file)) is not None:
        raise FileTrouble(trouble)
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    parts = urlsplit(url)
    allowed = (parts.scheme == "https" and parts.hostname in HOSTS) or (bool(also) and parts.netloc == also)
    if not allowed:
        raise FileTrouble(words.UNREADABLE)
    told = str(file.get("size") or 0)
    size = int(told) if told.isdecimal() else 0
    if size > MAX_BYTES:
        raise FileTrouble(words.TOO_LARGE)
    content = bytearray()
    try:
        # No redirect: it would lead to the login page, and could lead the token elsewhere.
        async with session.get(url, headers={"Authorization": f"Bearer {token}"}, allow_redirects=False) as answer:
            if answer.status in (404, 410):
                raise FileTrouble(words.DELETED)
            if answer.status != 200:
                raise FileTrouble(words.UNREADABLE)
            kind = answer.content_type
            async for piece in answer.content.iter_chunked(_PIECE):
                content += piece
                if len(content) > MAX_BYTES:
                    raise FileTrouble(words.TOO_LARGE)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise FileTrouble(words.NOT_FETCHED) from error
    page = kind == "text/html" or _PAGE.match(content) is not None
    if page and len(content) != size:
        raise FileTrouble(words.UNREADABLE)
    return Attachment(name=str(file.get("name") or "file"), content=bytes(content))
