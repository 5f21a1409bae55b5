"""Posting: which way a message takes to its conversation.

There are two ways to speak in a group: the session webhook that comes with a message, for 90 minutes and with real
mentions, and `groupMessages/send` at any time and without them; whoever should have been mentioned then gets a line of
their own, one to one (facts, DingTalk 0, 3).
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from json import dumps
from typing import Any

import structlog

from bot.errors import DeliveryError, DeliveryFailed, DeliveryRetry
from bot.model import Words
from bot.ports import Post
from integrations.dingtalk.errors import RATE_SECONDS, TooFast, code_of, refusal, too_fast
from integrations.dingtalk.inbound import DIRECT, Webhook
from integrations.dingtalk.limits import Minute
from integrations.dingtalk.openapi import OpenApi, json_of
from integrations.dingtalk.remembering import remember
from integrations.dingtalk.render import literal, render

log = structlog.get_logger(__name__)

ANSWER_SECONDS = 75.0
"""How long an answer waits for its turn: a little more than a full minute takes. Nobody would send it again, where a
notice stays owed."""

WEBHOOK_EARLY = timedelta(minutes=1)
"""A webhook is not used in its last moments."""

MENTIONED = Words("You are mentioned in {group}.", "{group} 里提到了你。")
A_GROUP = Words("a group", "群聊")


class WebhookGone(Exception):
    """The session webhook does not take this message; there is another way."""


class Posting:
    """What is said in groups and to people.

    Args:
        api: to call with.
        now: the time by which webhooks and minutes are measured.
        minute: counts what is sent to each conversation.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        api: OpenApi,
        *,
        now: Callable[[], datetime],
        minute: Minute,
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._api = api
        self._now = now
        self._minute = minute
        self._sleep = sleep
        self._webhooks: OrderedDict[str, Webhook] = OrderedDict()
        self._titles: OrderedDict[str, str] = OrderedDict()
        self._half_sent: OrderedDict[str, int] = OrderedDict()

    def may_answer_at(self, conversation: str, webhook: Webhook) -> None:
        """A conversation can be answered at this webhook while it lives."""
        remember(self._webhooks, conversation, webhook)

    def called(self, conversation: str, title: str) -> None:
        """A group has this title."""
        remember(self._titles, conversation, title)

    async def post(self, post: Post) -> str:
        """Post a message, in as many parts as it takes; an answer to somebody waits for its turn.

        Returns:
            DingTalk's key of the last part; of a message through a webhook, which has none, the notice's own key.

        Raises:
            DeliveryRetry: the minute is full, or it may work later.
            DeliveryFailed: it never will; the text says what the operator must do.
        """
        try:
            return await self._deliver(post)
        except DeliveryRetry as full:
            if not post.answers or full.retry_after is None or full.retry_after > ANSWER_SECONDS:
                raise
            await self._sleep(full.retry_after)
        return await self._deliver(post)

    async def _deliver(self, post: Post) -> str:
        where = post.place.conversation
        webhook = self._webhooks.get(where)
        if webhook is not None and self._now() < webhook.until - WEBHOOK_EARLY:
            try:
                return await self._post(post, webhook)
            except WebhookGone as gone:
                log.info("a session webhook is over", why=str(gone))
        self._webhooks.pop(where, None)
        return await self._post(post, None)

    async def _post(self, post: Post, webhook: Webhook | None) -> str:
        where = post.place.conversation
        direct = where.startswith(DIRECT)
        rendered = render(post.message, language=post.language, mentions=webhook is not None and not direct)
        pings = () if direct or webhook is not None else rendered.mentioned
        done = self._half_sent.get(post.key, 0)
        parts = rendered.parts[done:]
        self._book(where, len(parts), pings, answer=bool(post.answers))
        key = post.key
        for part in parts:
            try:
                if webhook is not None:
                    await self._by_webhook(webhook, rendered.title, part, () if direct else rendered.mentioned)
                elif direct:
                    key = await self._to_user(where.removeprefix(DIRECT), rendered.title, part)
                else:
                    key = await self._to_group(where, rendered.title, part)
            except TooFast as error:
                until = self._now() + timedelta(seconds=error.retry_after or RATE_SECONDS)
                self._minute.shut(where, until)
                raise
            done += 1
            remember(self._half_sent, post.key, done)
        self._half_sent.pop(post.key, None)
        for user in pings:
            await self._ping(user, post, rendered.title)
        return key

    def _book(self, where: str, count: int, pings: Sequence[str], *, answer: bool) -> None:
        """Count what is about to be sent, or raise `DeliveryRetry` when any of it must wait."""
        now = self._now()
        places = [(where, count), *((f"{DIRECT}{user}", 1) for user in pings)]
        longest = max(self._minute.wait(place, now, count=number, answer=answer) for place, number in places)
        if longest > timedelta(0):
            raise DeliveryRetry("this conversation's minute is full", longest.total_seconds())
        for place, number in places:
            for _ in range(number):
                self._minute.sent(place, now)

    async def _by_webhook(self, webhook: Webhook, title: str, text: str, mentioned: Sequence[str]) -> None:
        """Facts, DingTalk 3.2: HTTP 200 means nothing, the body's code does; who is mentioned stands in the text too."""
        body: dict[str, Any] = {"msgtype": "markdown", "markdown": {"title": title, "text": text}}
        if here := [user for user in mentioned if f"@{user}" in text]:
            body["at"] = {"atUserIds": here, "isAtAll": False}
        response = await self._api.post(webhook.url, body)
        answer = json_of(response)
        if response.status_code == 200 and isinstance(answer, dict) and answer.get("errcode") == 0:
            return
        if too_fast(answer) or response.status_code == 429:
            raise refusal(response.status_code, answer)
        # What an expired one answers is not published: whatever it is, the other way is tried (facts, DingTalk 11).
        raise WebhookGone(code_of(answer) or f"HTTP {response.status_code}")

    async def _to_group(self, group: str, title: str, text: str) -> str:
        found = await self._api.call(
            "/v1.0/robot/groupMessages/send", {"openConversationId": group, **self._markdown(title, text)}
        )
        return str(found.get("processQueryKey", ""))

    async def _to_user(self, user: str, title: str, text: str) -> str:
        """Facts, DingTalk 3.4: an answer of 200 does not mean that they were reached."""
        found = await self._api.call(
            "/v1.0/robot/oToMessages/batchSend", {"userIds": [user], **self._markdown(title, text)}
        )
        if found.get("invalidStaffIdList") or found.get("filteredStaffIdList"):
            raise DeliveryFailed("DingTalk knows no such user, or the app's 可见范围 does not hold them")
        if found.get("flowControlledStaffIdList"):
            raise TooFast("DingTalk takes no more for this person for a while", RATE_SECONDS)
        return str(found.get("processQueryKey", ""))

    def _markdown(self, title: str, text: str) -> dict[str, str]:
        param = dumps({"title": title, "text": text}, ensure_ascii=False)
        return {"robotCode": self._api.robot, "msgKey": "sampleMarkdown", "msgParam": param}

    async def _ping(self, user: str, post: Post, title: str) -> None:
        """Tell somebody that a group has something for them; the message itself is there already."""
        chinese = post.language == "zh"
        group = self._titles.get(post.place.conversation) or (A_GROUP.zh if chinese else A_GROUP.en)
        words = (MENTIONED.zh if chinese else MENTIONED.en).format(group=literal(group))
        try:
            await self._to_user(user, title, f"{literal(title)}\n\n{words}")
        except DeliveryError as error:  # repeating the whole would repeat it in the group
            log.warning("somebody could not be told one to one", user=user, error=str(error))
