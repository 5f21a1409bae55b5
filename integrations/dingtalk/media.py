"""Files that came with a message: they are still at DingTalk, and fetched in two steps (facts, DingTalk 2.4)."""

import asyncio
from urllib.parse import urlsplit

import httpx
import structlog

from bot.errors import DeliveryError, DeliveryFailed, DeliveryRetry
from bot.model import Attachment
from bot.papers import NAMES, media_type
from integrations.dingtalk.inbound import Remote, is_loopback
from integrations.dingtalk.openapi import OpenApi

log = structlog.get_logger(__name__)

FETCHES_AT_ONCE = 4
"""Files fetched side by side; connections must be left for answers."""

FILE_BYTES = 12 * 1024 * 1024
"""The most that is fetched of a file; every vendor takes less, and a file cut here is refused as too large."""


class Media:
    """Fetches files.

    Args:
        api: to ask with.
    """

    def __init__(self, api: OpenApi) -> None:
        self._api = api
        self._fetches = asyncio.Semaphore(FETCHES_AT_ONCE)

    async def fetched(self, remote: Remote, position: int) -> Attachment:
        """Fetch a file; one that cannot be fetched comes as an empty one, which is refused where it is used.

        Args:
            remote: the file.
            position: its place among the files of its message, which names it where its sender did not.
        """
        try:
            async with self._fetches:
                content = await self._fetch(remote)
        except DeliveryError as error:
            log.warning("a file could not be fetched from DingTalk", error=str(error))
            content = b""
        if remote.name:
            return Attachment(remote.name, content)
        found = NAMES.get(media_type(Attachment("", content)))  # a picture comes without name or type
        return Attachment(f"picture-{position}.{found}" if found else f"picture-{position}", content)

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
