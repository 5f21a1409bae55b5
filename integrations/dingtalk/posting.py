"""Posting: which way a message takes to its conversation.

There are three ways to speak in a group (facts, DingTalk 0, 3): the session webhook that comes with a message, for 90
minutes and with real mentions; a card, at any time, with real mentions and to be changed later; and
`groupMessages/send`, at any time and without mentions, where whoever should have been mentioned gets a line of their
own, one to one. What is the card of a thing is a card; everything else goes through the webhook while it lives, then
as a card if it mentions somebody.
"""

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from json import dumps
from typing import Any

import structlog

from bot.contracts.chat import Post
from bot.contracts.errors import DeliveryError, DeliveryFailed, DeliveryRetry, NotServed
from integrations.dingtalk import words
from integrations.dingtalk.cards import CardRefused, Cards
from integrations.dingtalk.errors import (
    RATE_SECONDS,
    AllowanceSpent,
    Refused,
    TooFast,
    code_of,
    refusal,
    taken,
    too_fast,
)
from integrations.dingtalk.inbound import DIRECT, Webhook
from integrations.dingtalk.limits import Minute
from integrations.dingtalk.media import Media
from integrations.dingtalk.openapi import OpenApi
from integrations.dingtalk.remembering import remember
from integrations.dingtalk.render import Rendered, literal, mentions_of, picture_of, render
from integrations.dingtalk.waiting import Waiting
from integrations.http import json_value

log = structlog.get_logger(__name__)

WEBHOOK_EARLY = timedelta(minutes=1)
"""A webhook is not used in its last moments."""

_KEY = ("processQueryKey",)
_NOT_REACHED = ("invalidStaffIdList", "filteredStaffIdList", "flowControlledStaffIdList")

_NO_SUCH_TEXT = "param.invalid"
"""What the code of a refused text ends with; one with an uploaded picture in it may be (facts, DingTalk 11)."""


class WebhookGone(Exception):
    """The session webhook does not take this message; there is another way."""


class Posting:
    """What is said in groups and to people.

    Args:
        api: to call with.
        cards: what is shown as a card.
        media: uploads pictures.
        now: the time by which webhooks and minutes are measured.
        minute: counts what is sent to each conversation.
        title: what a group is called; empty where that is not known.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        api: OpenApi,
        cards: Cards,
        media: Media,
        *,
        now: Callable[[], datetime],
        minute: Minute,
        title: Callable[[str], Awaitable[str]],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._api = api
        self._cards = cards
        self._media = media
        self._now = now
        self._minute = minute
        self._title = title
        self.waiting = Waiting(self._deliver, now=now, sleep=sleep)
        self.ours: Callable[[str], bool] = lambda _: False  # whether nothing in a command was written by anybody
        self._webhooks: OrderedDict[str, Webhook] = OrderedDict()
        self._half_sent: OrderedDict[str, int] = OrderedDict()

    def may_answer_at(self, conversation: str, webhook: Webhook) -> None:
        """A conversation can be answered at this webhook while it lives."""
        remember(self._webhooks, conversation, webhook)

    async def post(self, post: Post) -> str:
        """Post a message, in as many parts as it takes; an answer to somebody waits for its turn, and is sent then.

        Returns:
            The card's id, or DingTalk's key of the last part; of a message through a webhook, which has none, and of an
            answer that waits, the notice's own key.

        Raises:
            DeliveryRetry: the minute is full, or it may work later.
            DeliveryFailed: it never will; the text says what the operator must do.
        """
        if post.answers and self.waiting.waits(post.place.conversation):
            self.waiting.put(post, 0.0)
            return post.key
        try:
            return await self._deliver(post)
        except DeliveryRetry as full:
            if not post.answers or full.retry_after is None or isinstance(full, NotServed):
                raise
            self.waiting.put(post, full.retry_after)
            return post.key

    async def _deliver(self, post: Post) -> str:
        # What is edited in place is short from then on; a question is read once, so it goes as a card only if it fits.
        fits = post.card is not None and (not post.answers or self._cards.hold(post))
        if fits and (shown := await self._by_card(post)):
            return shown
        if webhook := self._webhook(post):
            try:
                return await self._by_text(post, webhook)
            except WebhookGone as gone:
                log.info("a session webhook is over", why=str(gone))
                self._webhooks.pop(post.place.conversation, None)
        direct = post.place.conversation.startswith(DIRECT)
        if (
            not direct
            and mentions_of(post.message)
            and self._cards.hold(post)
            and post.key not in self._half_sent
            and (shown := await self._by_card(post))
        ):
            return shown
        return await self._by_text(post, None)

    def _webhook(self, post: Post) -> Webhook | None:
        """Where the conversation can be answered now; none where it cannot."""
        webhook = self._webhooks.get(post.place.conversation)
        return webhook if webhook is not None and self._now() < webhook.until - WEBHOOK_EARLY else None

    async def _by_card(self, post: Post) -> str:
        """Show a message as a card; returns the card's id, empty where there is another way to take."""
        if not self._cards.served:
            return ""
        try:
            self._api.allowance.keep(post)
            self._book(post.place.conversation, 1, (), answer=bool(post.answers))
            return await self._cards.post(post)
        except CardRefused:
            return ""
        except AllowanceSpent:
            if self._webhook(post) is None:
                raise
            return ""
        except TooFast as error:
            raise self._shut(post, error) from None

    async def _by_text(self, post: Post, webhook: Webhook | None) -> str:
        where = post.place.conversation
        direct = where.startswith(DIRECT)
        if webhook is None:
            self._api.allowance.keep(post)
        waits = self._api.allowance.waits(post)  # the figures of a picture stand in the text too
        pictures = {} if waits else await self._media.uploaded(post.message)
        rendered = render(
            post.message,
            language=post.language,
            mentions=webhook is not None and not direct,
            pictures=pictures,
            ours=self.ours,
        )
        pings = () if direct or webhook is not None else rendered.mentioned
        done = self._half_sent.get(post.key, 0)
        parts = rendered.parts[done:]
        self._book(where, len(parts), pings, answer=bool(post.answers))
        key = post.key
        for part in parts:
            try:
                if webhook is not None:
                    await self._by_webhook(webhook, rendered.title, part, () if direct else rendered.mentioned)
                else:
                    key = await self._send_with(tuple(pictures.values()), where, rendered.title, part)
            except TooFast as error:
                raise self._shut(post, error) from None
            done += 1
            remember(self._half_sent, post.key, done)
        self._half_sent.pop(post.key, None)
        for user in pings:
            await self._ping(user, post, rendered)
        return key

    def _shut(self, post: Post, error: TooFast) -> TooFast:
        pause = self._minute.refused(post.place.conversation, self._now())
        if self._minute.whole:
            log.warning("DingTalk counts messages otherwise than by conversation; all of them are counted now")
        return TooFast(str(error), pause.total_seconds(), error.words)

    def _book(self, where: str, count: int, pings: Sequence[str], *, answer: bool) -> None:
        """Count what is about to be sent, or raise `DeliveryRetry` when any of it must wait."""
        now = self._now()
        places = [(where, count), *((f"{DIRECT}{user}", 1) for user in pings)]
        longest = max(self._minute.wait(place, now, count=number, answer=answer) for place, number in places)
        if longest > timedelta(0):
            raise DeliveryRetry(words.MINUTE_FULL.en, longest.total_seconds(), words.MINUTE_FULL)
        for place, number in places:
            for _ in range(number):
                self._minute.sent(place, now)

    async def _by_webhook(self, webhook: Webhook, title: str, text: str, mentioned: Sequence[str]) -> None:
        """Facts, DingTalk 3.2: HTTP 200 means nothing, the body's code does; who is mentioned stands in the text too."""
        body: dict[str, Any] = {"msgtype": "markdown", "markdown": {"title": title, "text": text}}
        if here := [user for user in mentioned if f"@{user}" in text]:
            body["at"] = {"atUserIds": here, "isAtAll": False}
        response = await self._api.post(webhook.url, body)
        answer = json_value(response.content)
        if taken(response.status_code, answer, ("errcode",)):
            return
        if too_fast(answer) or response.status_code == 429:
            raise refusal(response.status_code, answer)
        # What an expired one answers is not published: whatever it is, the other way is tried (facts, DingTalk 11).
        raise WebhookGone(code_of(answer) or f"HTTP {response.status_code}")

    async def _send_with(self, pictures: Sequence[str], where: str, title: str, text: str) -> str:
        """Send a text; where its pictures are refused in it, they follow by themselves."""
        try:
            return await self._send(where, "sampleMarkdown", {"title": title, "text": text})
        except Refused as error:
            inside = [media for media in pictures if picture_of(media) in text]
            if not inside or not error.code.lower().endswith(_NO_SUCH_TEXT):
                raise
            for media in inside:
                text = text.replace(picture_of(media), "")
        text = re.sub(r"\n{3,}", "\n\n", text).strip()
        key = await self._send(where, "sampleMarkdown", {"title": title, "text": text})
        for media in inside:
            self._minute.sent(where, self._now())
            try:
                await self._send(where, "sampleImageMsg", {"photoURL": media})
            except DeliveryError as error:  # repeating the whole would repeat its text
                log.warning("a message goes without its picture", error=str(error))
        return key

    async def _send(self, where: str, kind: str, content: Mapping[str, str]) -> str:
        """Send to a group, or to a person; returns DingTalk's key of it.

        Facts, DingTalk 3.4: of a person an answer of 200 does not mean that they were reached.
        """
        message = {"robotCode": self._api.robot, "msgKey": kind, "msgParam": dumps(content, ensure_ascii=False)}
        if not where.startswith(DIRECT):
            body = {"openConversationId": where, **message}
            found = await self._api.call("/v1.0/robot/groupMessages/send", body, says=_KEY)
            return str(found.get("processQueryKey", ""))
        user = where.removeprefix(DIRECT)
        found = await self._api.call(
            "/v1.0/robot/oToMessages/batchSend", {"userIds": [user], **message}, says=(*_KEY, *_NOT_REACHED)
        )
        if found.get("invalidStaffIdList") or found.get("filteredStaffIdList"):
            raise DeliveryFailed(words.NOBODY.en, words.NOBODY)
        if found.get("flowControlledStaffIdList"):
            raise TooFast(words.PERSON_FULL.en, RATE_SECONDS, words.PERSON_FULL)
        return str(found.get("processQueryKey", ""))

    async def _ping(self, user: str, post: Post, rendered: Rendered) -> None:
        """Tell somebody what a group has for them, with why and what to do next; the message itself is there already."""
        group = await self._title(post.place.conversation) or words.A_GROUP.said(post.language)
        said = words.MENTIONED.said(post.language).format(group=literal(group))
        content = {"title": rendered.title, "text": f"{rendered.parts[0]}\n\n{said}"}
        try:
            await self._send(f"{DIRECT}{user}", "sampleMarkdown", content)
        except DeliveryError as error:  # repeating the whole would repeat it in the group
            log.warning("somebody could not be told one to one", user=user, error=str(error))
