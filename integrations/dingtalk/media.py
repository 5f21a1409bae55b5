"""Files that came with a message, and pictures that go with one.

What came is still at DingTalk and is fetched in two steps (facts, DingTalk 2.4). What goes is uploaded first; its id
does not end and is kept, so that the same picture is uploaded once (facts 3.8).
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import structlog

from bot.contracts.errors import DeliveryError, DeliveryFailed, DeliveryRetry
from bot.contracts.memory import Forgetful, Memory
from bot.contracts.message import Items, Mark, Message, Picture, Strong
from bot.contracts.model import Attachment, Words
from bot.contracts.papers import clean_name
from integrations.dingtalk import words
from integrations.dingtalk.errors import AllowanceSpent, AppRefused
from integrations.dingtalk.inbound import is_loopback
from integrations.dingtalk.openapi import OpenApi
from integrations.dingtalk.wire import Remote
from integrations.http import NOT_BUILT, pieces

log = structlog.get_logger(__name__)

FETCHES_AT_ONCE = 4
"""Files fetched side by side; connections must be left for answers."""

FILE_BYTES = 12 * 1024 * 1024
"""The most that is fetched of a file; every vendor takes less, and a file cut here is refused as too large."""

FETCH_SECONDS = 60.0
"""How long one file may take: each piece has a time-out of its own, which a storage that trickles never reaches."""

PICTURE_BYTES = 20 * 1024 * 1024
"""The most that is taken of a picture (facts, DingTalk 3.8)."""

_PICTURES = ((b"\xff\xd8\xff", ".jpg"), (b"\x89PNG", ".png"), (b"GIF8", ".gif"))

UPLOAD_SECONDS = 8.0
"""How long a text waits for its pictures; its figures stand in it anyway."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A file that could not be fetched.

    Args:
        name: as its sender named it; empty for pictures.
        position: its place among the files of its message.
        of: how many there were.
        why: what it means and what to do, for whoever sent it.
    """

    name: str
    position: int
    of: int
    why: Words


def lost_message(language: str, lost: Sequence[Lost]) -> Message:
    """Which files of a message did not come, why, and what to do.

    Args:
        language: `en` or `zh`.
        lost: at least one.
    """
    every = lost[0].of
    title = (words.FILE_LOST if every == 1 else words.FILES_LOST).said(language).format(lost=len(lost), all=every)
    rows = tuple(
        (
            words.FILE_ROW.said(language).format(
                name=clean_name(one.name) if one.name else words.FILE_NAME.said(language).format(position=one.position),
                why=one.why.said(language),
            ),
        )
        for one in lost
    )
    return Message((Strong(title),), Mark.BAD, (Items(rows),))


class Media:
    """Fetches files and uploads pictures.

    Args:
        api: to ask with.
    """

    def __init__(self, api: OpenApi) -> None:
        self.memory: Memory = Forgetful()
        self._api = api
        self._fetches = asyncio.Semaphore(FETCHES_AT_ONCE)

    async def fetched(self, remotes: Sequence[Remote]) -> tuple[tuple[Attachment, ...], tuple[Lost, ...]]:
        """Fetch the files of a message; returns those that could be had, and the others."""
        files: list[Attachment] = []
        lost: list[Lost] = []
        for position, remote in enumerate(remotes, start=1):
            try:
                async with self._fetches:
                    content = await self._fetch(remote)
            except DeliveryError as error:
                log.warning("a file could not be fetched from DingTalk", error=str(error))
                lost.append(Lost(remote.name, position, len(remotes), _why(error)))
            else:
                files.append(Attachment(remote.name or _name_of(content, position), content))
        return tuple(files), tuple(lost)

    async def uploaded(self, message: Message) -> Mapping[Picture, str]:
        """Upload a message's pictures; those that fail are left out, for the text must not wait for them.

        Returns:
            Picture → its media id.
        """
        found: dict[Picture, str] = {}
        pictures = [block for block in message.blocks if isinstance(block, Picture)]
        try:
            async with asyncio.timeout(UPLOAD_SECONDS if pictures else None):
                for picture in pictures:
                    found[picture] = await self._uploaded(picture)
        except (DeliveryError, TimeoutError) as error:
            log.warning("a message goes without its picture", error=str(error) or "it took too long")
        return found

    async def _uploaded(self, picture: Picture) -> str:
        key = f"media:{hashlib.sha256(picture.png).hexdigest()}"
        known = await self.memory.get(key)
        if known:
            return known
        if len(picture.png) > PICTURE_BYTES:
            raise DeliveryFailed(f"a picture of {len(picture.png)} bytes is too large for DingTalk")
        answer = await self._api.upload(picture.name, picture.png, "image/png")
        media = answer.get("media_id")
        if not isinstance(media, str) or not media:
            raise DeliveryFailed("DingTalk gave no media id for a picture")
        await self.memory.put(key, media)
        return media

    async def _fetch(self, remote: Remote) -> bytes:
        """First an address that is good for a moment, then a plain download without a token."""
        found = await self._api.call(
            "/v1.0/robot/messageFiles/download",
            {"downloadCode": remote.code, "robotCode": self._api.robot},
            says=("downloadUrl",),
        )
        address = found.get("downloadUrl")
        parts = urlsplit(address if isinstance(address, str) else "")
        local = urlsplit(self._api.base)  # a service on this machine keeps its files on this machine
        both_here = is_loopback(local.hostname or "") and is_loopback(parts.hostname or "")
        if parts.scheme != "https" and not (parts.scheme == "http" and both_here):
            raise DeliveryFailed("DingTalk named no protected address for a file")
        content = bytearray()
        try:
            async with asyncio.timeout(FETCH_SECONDS), self._api.download(str(address)) as response:
                if response.status_code != 200:
                    raise DeliveryFailed(f"the storage answered HTTP {response.status_code}")
                async with aclosing(pieces(response)) as body:
                    async for piece in body:
                        content += piece
                        if len(content) > FILE_BYTES:
                            break
        except NOT_BUILT:
            raise DeliveryFailed("DingTalk named an address for a file that cannot be called") from None
        except (httpx.HTTPError, TimeoutError) as error:
            raise DeliveryRetry(f"the file did not arrive ({type(error).__name__})") from None
        return bytes(content[: FILE_BYTES + 1])


def _name_of(content: bytes, position: int) -> str:
    """A picture comes without name or type; what it is exactly is decided later, by its bytes."""
    ending = next((ending for start, ending in _PICTURES if content.startswith(start)), "")
    return f"picture-{position}{ending}"


def _why(error: DeliveryError) -> Words:
    match error:
        case AllowanceSpent():
            return words.FILE_SPENT
        case AppRefused(code=code) if "PermissionDenied" in code:
            return words.FILE_PERMISSION
        case AppRefused():
            return words.FILE_REFUSED
        case DeliveryRetry():
            return words.FILE_LATE
        case _:
            return words.FILE_OVER
