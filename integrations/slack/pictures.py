"""Pictures beside a message: uploaded after it was posted, into the same thread.

A picture is an extra, for its figures stand in the text. So nothing that goes wrong here fails or repeats the message,
and no step is taken twice unless Slack said that it did nothing the first time.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.contracts.errors import DeliveryFailed
from bot.contracts.message import Picture
from integrations.slack.errors import RATE_LIMITED, code_of, delivery_error, retry_after
from integrations.slack.pace import Pace
from integrations.slack.render import escape
from integrations.slack.web import Web

log = structlog.get_logger(__name__)

SHOW_SECONDS = 10.0
"""For all of it. What is delivered has half a minute, of which the message itself may take the greater part."""
LONGEST_PAUSE = 3.0
"""When Slack asks for a longer one, the picture is left out, and the next ones until then."""
LOOKS = (0.1, 0.2, 0.4, 0.8, 1.5, 2.0)
"""Seconds before each look whether the picture is there: Slack shares it some time after it said yes (node-slack-sdk#2260)."""
REST_SECONDS = 3600.0
"""Without the right to upload, how long none is tried; adding the scope needs the app to be installed again."""
_NO_RIGHT = frozenset({"missing_scope", "no_permission", "not_allowed_token_type", "restricted_action"})


class Pictures:
    """Shows pictures in channels and threads.

    Args:
        web: to call with.
        pace: of the channels; a picture is a message too.
    """

    def __init__(self, web: Web, pace: Pace) -> None:
        self._web = web
        self._pace = pace
        self._rests_until = 0.0

    @property
    def resting(self) -> bool:
        """Whether none is tried now."""
        return time.monotonic() < self._rests_until

    async def show(self, channel: str, thread: str, pictures: Sequence[Picture]) -> None:
        """Upload pictures and wait until they are to be seen, so that what is posted next comes after them. Never fails.

        Args:
            channel: where the message is.
            thread: the time stamp of the thread it is in; empty for none.
            pictures: what belongs to it.
        """
        if self.resting:
            return
        try:
            async with asyncio.timeout(SHOW_SECONDS):
                files = [await self._uploaded(picture) for picture in pictures]
                await self._pace.turn(channel)
                await self._call(
                    partial(
                        self._web.writer.files_completeUploadExternal,
                        files=files,
                        channel_id=channel,
                        initial_comment="\n".join(escape(picture.text) for picture in pictures),
                        thread_ts=thread or None,
                    )
                )
                await self._seen(channel, str(files[-1]["id"]))
        except (SlackApiError, DeliveryFailed, aiohttp.ClientError, TimeoutError, OSError) as error:
            self._rests_until = max(self._rests_until, time.monotonic() + _rest(error))
            reason = error if isinstance(error, DeliveryFailed) else delivery_error(error)
            log.warning("a picture was not shown", reason=str(reason), channel=channel)

    async def _uploaded(self, picture: Picture) -> dict[str, str | None]:
        """Steps one and two: the bytes are at Slack, and nobody sees them yet.

        There is no `alt_txt`: with one Slack says yes and never shares the file (python-slack-sdk#1818).
        """
        answer = await self._call(
            partial(self._web.writer.files_getUploadURLExternal, filename=picture.name, length=len(picture.png))
        )
        if self._web.session is None:
            raise DeliveryFailed("not connected to Slack")
        proxy = self._web.writer.proxy
        async with self._web.session.post(
            str(answer["upload_url"]), data=picture.png, proxy=proxy, allow_redirects=False
        ) as taken:
            if taken.status != 200:
                raise DeliveryFailed(f"the upload was answered with {taken.status}")
        return {"id": str(answer["file_id"]), "title": picture.name}

    async def _seen(self, channel: str, file: str) -> None:
        """Wait until a file is shared in a channel; gives up after the last look, or where it may not look."""
        for pause in LOOKS:
            await asyncio.sleep(pause)
            try:
                answer = await self._web.reader.files_info(file=file)
            except (SlackApiError, aiohttp.ClientError, OSError) as error:
                log.info("whether a picture is shown cannot be asked", reason=str(delivery_error(error)))
                return
            if _shared(answer.get("file") or {}, channel):
                return
        log.info("a picture is not to be seen yet", channel=channel)

    @staticmethod
    async def _call(call: Callable[[], Awaitable[AsyncSlackResponse]]) -> AsyncSlackResponse:
        """A call that is made again only when Slack refused it for coming too soon."""
        while True:
            try:
                return await call()
            except SlackApiError as error:
                if not _too_soon(error) or retry_after(error) > LONGEST_PAUSE:
                    raise
                await asyncio.sleep(retry_after(error))


def _too_soon(error: SlackApiError) -> bool:
    return code_of(error) in RATE_LIMITED or getattr(error.response, "status_code", 0) == 429


def _rest(error: Exception) -> float:
    """For how many seconds no further picture is tried."""
    if not isinstance(error, SlackApiError):
        return 0.0
    if code_of(error) in _NO_RIGHT:
        return REST_SECONDS
    return retry_after(error) if _too_soon(error) else 0.0


def _shared(file: Mapping[str, Any], channel: str) -> bool:
    shares = file.get("shares") or {}
    return any(channel in (shares.get(kind) or {}) for kind in ("public", "private"))
