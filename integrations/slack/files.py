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

from bot.contracts.model import Attachment, Words
from integrations.slack import words

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
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    parts = urlsplit(url)
    allowed = (parts.scheme == "https" and parts.hostname in HOSTS) or (bool(also) and parts.netloc == also)
    if not allowed:
        raise FileTrouble(words.UNREADABLE)
    size = int(file.get("size") or 0)
    if size > MAX_BYTES:
        raise FileTrouble(words.TOO_LARGE)
    content = bytearray()
    try:
        # No redirect: it would lead to the login page, and could lead the token elsewhere.
        async with session.get(url, headers={"Authorization": f"Bearer {token}"}, allow_redirects=False) as answer:
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
