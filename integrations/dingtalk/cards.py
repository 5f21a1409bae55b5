"""Interactive cards: one message for the whole life of a thing, edited in place (facts, DingTalk 4).

The card's looks and buttons are a template that is made by hand in DingTalk's card builder; `docs/dingtalk.md` says how.
It shows four variables, and its buttons send an action and the id. Without a template, and where DingTalk refuses it,
there are messages instead.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.contracts.chat import Desk, Post
from bot.contracts.due import due
from bot.contracts.errors import NotEditable
from bot.contracts.memory import Forgetful, Memory
from bot.contracts.message import Picture
from bot.contracts.model import Place
from integrations.dingtalk import words
from integrations.dingtalk.errors import AllowanceSpent, AppRefused, Refused
from integrations.dingtalk.inbound import DIRECT, PLATFORM
from integrations.dingtalk.media import Media
from integrations.dingtalk.openapi import OpenApi
from integrations.dingtalk.render import mentions_of, render_card, shortened

log = structlog.get_logger(__name__)

VARIABLES = ("id", "title", "body", "state")
"""Of the template. `id` and `state` as `bot.contracts.chat.Card` has them."""

VALUE_BYTES = 1_000
"""Of one value in UTF-8; 1 KB by the documentation (facts, DingTalk 4.2)."""

NEWS = "news"
"""State of a card that is not edited and has nothing to press: it is a card only to mention somebody."""

TRACK = "signpost-"
"""What our cards' `outTrackId` begins with; a message of another kind has another id."""

AGAIN = timedelta(hours=1)
"""After DingTalk refused the template no card is tried for so long: somebody must publish it or grant a permission."""

ANSWERED_SECONDS = 2.0
"""How long an edit waits for the answer to a press on the same card: it must not come before that (facts, DingTalk 4.4)."""

_RECORD = "cards"
_DONE = ("success", "result")
_TEMPLATE = frozenset({"param.templatenotexist", "param.templateunpublished", "param.cardtemplateidempty"})
_BY_KEY = {"updateCardDataByKey": True, "updatePrivateDataByKey": True}  # otherwise the whole map is replaced


class CardRefused(Exception):
    """DingTalk does not take this as a card; what was to be said can be said in another way."""


class Cards:
    """The cards of one template.

    Args:
        api: to call with.
        media: uploads what a card shows.
        template: the template's id; empty to have no cards.
        now: the time.
    """

    def __init__(self, api: OpenApi, media: Media, *, template: str, now: Callable[[], datetime]) -> None:
        self.memory: Memory = Forgetful()
        self.desk: Desk | None = None
        self.trouble = ""
        """Why DingTalk takes no cards, in words; empty while it does."""
        self._api = api
        self._media = media
        self._template = template
        self._now = now
        self._again = now()
        self._record = ""
        self._asking = asyncio.Lock()
        self._answering: dict[str, set[asyncio.Task[Any]]] = {}

    @property
    def served(self) -> bool:
        """Whether a card can be tried now."""
        return bool(self._template) and (not self.trouble or due(self._again, self._now(), AGAIN))

    @staticmethod
    def hold(post: Post) -> bool:
        """Whether a message fits a card without a loss."""
        text = render_card(post.message, language=post.language)
        return all(len(value.encode()) <= VALUE_BYTES for value in (text.title, text.body))

    async def post(self, post: Post) -> str:
        """Create a card and show it in its conversation; once, however often the same notice is posted.

        Returns:
            The card's id.

        Raises:
            CardRefused: not this one, or none from this app.
            DeliveryRetry: it may work later.
            DeliveryFailed: the conversation does not take it.
        """
        track = await self._track(post.key)
        await self.memory.put(track, post.place.conversation)
        body = {
            "cardTemplateId": self._template,
            "outTrackId": track,
            "callbackType": "STREAM",
            "cardData": {"cardParamMap": await self._values(post)},
            "userIdType": 1,
        }
        try:
            await self._create(body, post)
        except (Refused, AppRefused) as error:
            if error.code == "param.cardAlreadyExist":  # an earlier try had worked
                return track
            if self._refuses_cards(error):
                raise CardRefused from None
            if error.code.startswith("param."):  # of cards alone; a message may be taken
                log.warning("a message goes without its card", error=str(error))
                raise CardRefused from None
            raise
        if self.trouble:
            self.trouble = ""
            log.info("DingTalk takes cards again")
        return track

    async def _create(self, body: Mapping[str, Any], post: Post) -> None:
        """Create it; without its mentions where somebody mentioned is no longer there."""
        path, mentioned = "/v1.0/card/instances/createAndDeliver", mentions_of(post.message)
        try:
            await self._api.call(path, {**body, **_space(post, self._api.robot, mentioned)}, says=_DONE)
        except Refused as error:
            if error.code != "param.userIdNotExist" or not mentioned:
                raise
            await self._api.call(path, {**body, **_space(post, self._api.robot, {})}, says=_DONE)

    async def edit(self, message_id: str, post: Post) -> None:
        """Show what a card says now; after the answer to a press that is under way.

        Raises:
            NotEditable: it is no card of ours, it is gone, or cards cannot be had now.
            DeliveryRetry: it may work later.
            DeliveryFailed: it never will.
        """
        if not message_id.startswith(TRACK):
            raise NotEditable(words.ONLY_CARDS.en, words.ONLY_CARDS)
        if not self._template:
            raise NotEditable(words.NO_TEMPLATE.en, words.NO_TEMPLATE)
        if answering := self._answering.get(message_id):
            await asyncio.wait(answering, timeout=ANSWERED_SECONDS)
        try:
            self._api.allowance.keep(post)
        except AllowanceSpent as error:  # what is told beside the card must not wait for it
            raise NotEditable(str(error), error.words) from None
        body = {
            "outTrackId": message_id,
            "cardData": {"cardParamMap": await self._values(post)},
            "cardUpdateOptions": _BY_KEY,
            "userIdType": 1,
        }
        try:
            await self._api.call("/v1.0/card/instances", body, says=_DONE, method="PUT")
        except AllowanceSpent as error:  # what is told beside the card must not wait for it
            raise NotEditable(str(error), error.words) from None
        except (Refused, AppRefused) as error:
            if error.code == "param.cardNotExist" or self._refuses_cards(error):
                raise NotEditable(str(error), error.words) from None
            raise

    async def probe(self) -> None:
        """Ask for a change of a card that does not exist: refused for that, the app may write cards.

        Raises:
            DeliveryError: it may not, in words for the operator.
        """
        nobody = f"{TRACK}probe-{secrets.token_hex(8)}"
        body = {"outTrackId": nobody, "cardData": {"cardParamMap": {"state": ""}}, "cardUpdateOptions": _BY_KEY}
        try:
            await self._api.call("/v1.0/card/instances", body, says=_DONE, method="PUT")
        except Refused as error:
            if error.code != "param.cardNotExist":
                raise

    # --- Presses -----------------------------------------------------------------------------------------------------

    def answering(self, track: str) -> None:
        """The present task answers a press on this card: nothing else changes the card before it ends."""
        task = asyncio.current_task()
        if task is None:
            return
        tasks = self._answering.setdefault(track, set())
        tasks.add(task)

        def done(task: asyncio.Task[Any]) -> None:
            tasks.discard(task)
            if not tasks and self._answering.get(track) is tasks:
                del self._answering[track]

        task.add_done_callback(done)

    async def place_of(self, track: str, space: str) -> Place | None:
        """Where a card is shown.

        Args:
            track: its id.
            space: the group that the press names, should the card be forgotten.
        """
        conversation = await self.memory.get(track) if track.startswith(TRACK) else None
        conversation = conversation or (space if space.startswith("cid") else "")
        return Place(PLATFORM, conversation) if conversation else None

    async def answer(self, place: Place, track: str, within: float) -> Mapping[str, Any]:
        """The answer to a press: what the card says now, for everybody; nothing where that is not known in time.

        Args:
            place: where the card is.
            track: its id.
            within: so many seconds.
        """
        if self.desk is None:
            return {}
        try:
            async with asyncio.timeout(within):
                shown = await self.desk.shown(place, track)
                values = await self._values(shown) if shown is not None and shown.card is not None else None
        except TimeoutError:
            return {}
        return {"cardUpdateOptions": _BY_KEY, "cardData": {"cardParamMap": values}} if values is not None else {}

    # -----------------------------------------------------------------------------------------------------------------

    async def _track(self, key: str) -> str:
        """The id of a notice's card: the same on every try, and another one in another record."""
        async with self._asking:
            if not self._record:
                self._record = await self.memory.get(_RECORD) or secrets.token_hex(8)
                await self.memory.put(_RECORD, self._record)
        return TRACK + hashlib.sha256(f"{self._record} {key}".encode()).hexdigest()[:40]

    async def _values(self, post: Post) -> dict[str, str]:
        # While calls are scarce they are kept for words: the figures of a picture stand there too.
        pictures = {} if self._api.allowance.waits(post) else await self._media.uploaded(post.message)
        return values_of(post, pictures)

    def _refuses_cards(self, error: Refused | AppRefused) -> bool:
        if error.code.lower() not in _TEMPLATE and "PermissionDenied" not in error.code:
            return False
        if not self.trouble:
            log.error("DingTalk takes no cards; there are messages instead", why=str(error))
        self.trouble = f"no cards: {error}"
        self._again = self._now() + AGAIN
        return True


def values_of(post: Post, pictures: Mapping[Picture, str]) -> dict[str, str]:
    """What the template's variables say; every value is a text within what DingTalk takes.

    Args:
        post: the card.
        pictures: the media ids of those that are shown.
    """
    text = render_card(post.message, language=post.language, pictures=pictures)
    if pictures and len(text.body.encode()) > VALUE_BYTES:  # words come first
        text = render_card(post.message, language=post.language)
    return {
        "id": post.card.id if post.card else "",
        "title": shortened(text.title, VALUE_BYTES),
        "body": shortened(text.body, VALUE_BYTES),
        "state": post.card.state if post.card else NEWS,
    }


def _space(post: Post, robot: str, mentioned: Mapping[str, str]) -> dict[str, Any]:
    """Where a card is shown, how it stands in the list of chats, and whom it mentions."""
    where = post.place.conversation
    summary = render_card(post.message, language=post.language).summary
    shown = {
        "supportForward": False,  # elsewhere its buttons would be nobody's
        "lastMessageI18n": {"ZH_CN": summary, "EN_US": summary},
        "notification": {"alertContent": summary, "notificationOff": False},
    }
    if where.startswith(DIRECT):
        return {
            "openSpaceId": f"dtv1.card//IM_ROBOT.{where.removeprefix(DIRECT)}",
            "imRobotOpenSpaceModel": shown,
            "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": robot},
        }
    return {
        "openSpaceId": f"dtv1.card//IM_GROUP.{where}",
        "imGroupOpenSpaceModel": shown,
        "imGroupOpenDeliverModel": {"robotCode": robot, **({"atUserIds": dict(mentioned)} if mentioned else {})},
    }
