"""Files that came with a message, and pictures that go with one.

What came is still at DingTalk and is fetched in two steps (facts, DingTalk 2.4). What goes is uploaded first; its id
does not end and is kept, so that the same picture is uploaded once (facts 3.8).
"""

import asyncio
import hashlib
from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx
import structlog

from bot.errors import DeliveryError, DeliveryFailed, DeliveryRetry
from bot.message import Message, Picture
from bot.model import Attachment, Words
from bot.papers import NAMES, media_type
from bot.ports import Forgetful, Memory
from integrations.dingtalk import words
from integrations.dingtalk.errors import AllowanceSpent, Refused
from integrations.dingtalk.inbound import Remote, is_loopback
from integrations.dingtalk.openapi import OpenApi

log = structlog.get_logger(__name__)

FETCHES_AT_ONCE = 4
"""Files fetched side by side; connections must be left for answers."""

FILE_BYTES = 12 * 1024 * 1024
"""The most that is fetched of a file; every vendor takes less, and a file cut here is refused as too large."""

PICTURE_BYTES = 20 * 1024 * 1024
"""The most that is taken of a picture (facts, DingTalk 3.8)."""

UPLOAD_SECONDS = 8.0
"""How long a text waits for its pictures; its figures stand in it anyway."""


class FileLost(Exception):
    """A file could not be fetched.

    Args:
        why: what it means and what to do, for whoever sent it.
        reason: for the log.
    """

    def __init__(self, why: Words, reason: str) -> None:
        super().__init__(reason)
        self.why = why


class Media:
    """Fetches files and uploads pictures.

    Args:
        api: to ask with.
    """

    def __init__(self, api: OpenApi) -> None:
        self.memory: Memory = Forgetful()
        self._api = api
        self._fetches = asyncio.Semaphore(FETCHES_AT_ONCE)

    async def fetched(self, remote: Remote, position: int) -> Attachment:
        """Fetch a file.

        Args:
            remote: the file.
            position: its place among the files of its message, which names it where its sender did not.

        Raises:
            FileLost: it cannot be had.
        """
        try:
            async with self._fetches:
                content = await self._fetch(remote)
        except DeliveryError as error:
            log.warning("a file could not be fetched from DingTalk", error=str(error))
            raise FileLost(_why(error), str(error)) from None
        if remote.name:
            return Attachment(remote.name, content)
        found = NAMES.get(media_type(Attachment("", content)))  # a picture comes without name or type
        return Attachment(f"picture-{position}.{found}" if found else f"picture-{position}", content)

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
            "/v1.0/robot/messageFiles/download", {"downloadCode": remote.code, "robotCode": self._api.robot}
        )
        address = found.get("downloadUrl")
        parts = urlsplit(address if isinstance(address, str) else "")
        local = urlsplit(self._api.base)  # a service on this machine keeps its files on this machine
        both_here = is_loopback(local.hostname or "") and is_loopback(parts.hostname or "")
        if parts.scheme != "https" and not (parts.scheme == "http" and both_here):
            raise DeliveryFailed("DingTalk named no protected address for a file")
        content = bytearray()
        try:
            async with self._api.download(str(address)) as response:
                if response.status_code != 200:
                    raise DeliveryFailed(f"the storage answered HTTP {response.status_code}")
                async for chunk in response.aiter_bytes():
                    content += chunk
                    if len(content) > FILE_BYTES:
                        break
        except httpx.HTTPError as error:
            raise DeliveryRetry(f"the file did not arrive ({type(error).__name__})") from None
        return bytes(content[: FILE_BYTES + 1])


def _why(error: DeliveryError) -> Words:
    match error:
        case AllowanceSpent():
            return words.FILE_SPENT
        case DeliveryRetry():
            return words.FILE_LATE
        case Refused(code=code) if "PermissionDenied" in code:
            return words.FILE_PERMISSION
        case Refused(code=code) if code.startswith("Forbidden."):
            return words.FILE_REFUSED
        case _:
            return words.FILE_OVER
