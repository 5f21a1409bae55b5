"""Use case: deliver what is owed: claim → compose → post or edit → record.

At least once: a repeat is possible only for a message in flight at the instant of a kill. Order within a conversation
is kept, because only its first notice can be claimed; where more are due than a chat takes one by one, they go in one
message that names each (`bot.notices.merging`). What cannot be delivered ends as `failed`, what need not be as `held`,
each with its one reason, which `why` reads.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import sqlite_utils
import structlog

from bot.contracts.chat import Chat, Post
from bot.contracts.clock import Clock
from bot.contracts.errors import (
    DeliveryError,
    DeliveryFailed,
    DeliveryRetry,
    NotEditable,
    NotServed,
    RecordUnavailable,
)
from bot.contracts.model import Words
from bot.notices.compose import CARD, Composed
from bot.notices.merging import Digest, merge
from bot.notices.operators import Operators
from bot.notices.pictures import Pictures
from bot.store import claims, notices
from bot.store.claims import FIRST_WITHIN, LONGEST_ASKED, Merging, Widest
from bot.store.database import Database
from bot.store.notices import NO_REASON, URGENT, Notice
from bot.wording.language import Language

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)

POST_SECONDS = 30.0

FIRST_RETRY = timedelta(seconds=2)

LONGEST_RETRY = timedelta(minutes=10)

GIVE_UP_AFTER = 12
"""Tries; with the doubling pause they span about an hour and a half."""

GIVE_UP_ASKED_AFTER = timedelta(days=3)
"""The same where the chat says itself when to come back: too fast, or something that an operator has to mend.

Nor after fewer tries than the others: a clock that was set forward makes everything old at once.
"""

LOOK_AGAIN_SECONDS = 1.0
"""While a conversation is slow to take something, how often is looked for what the others are owed."""

SILENT = Words("the chat did not answer in time", "平台未及时响应")

INTERNAL = Words("the fault is the program's own; the log has the details", "程序自身出错，详情见日志")


NOT_THERE = Words("what it would change does not stand there", "要更新的消息不在那里")

CARD_SAYS_IT = Words("its card says it", "卡片上已有")

STAYS = Words("this chat cannot change a posted message", "该平台不能修改已发的消息")

MERGED = (CARD, "news", "alert")
"""Kinds of notice that may be told in one message; a question to somebody stands by itself."""

Compose = Callable[[sqlite_utils.Database, Notice, datetime], Composed]
"""Words a notice from the record as it stands now."""


class Outbox:
    """Delivers notices to the chats.

    Args:
        database: the record.
        chats: platform name → chat.
        compose: words a notice.
        clock: the domain's time.
        operators: told of every notice that failed for good, and of every chat that takes none.
        languages: code → language, for what is told in one message.
        pace: how much faster than the machine's the domain's time runs, for leases and pauses.
        pictures: draws what goes with cards.
    """

    def __init__(
        self,
        database: Database,
        chats: Mapping[str, Chat],
        compose: Compose,
        clock: Clock,
        operators: Operators,
        languages: Mapping[str, Language],
        pace: float = 1.0,
        pictures: Pictures | None = None,
    ) -> None:
        self._database = database
        self._pictures = pictures or Pictures()
        self._chats = chats
        self._compose = compose
        self._clock = clock
        self._operators = operators
        self._languages = languages
        self._pace = pace
        self._merging = {name: _merging(chat) for name, chat in chats.items()}
        self.widest = Widest(FIRST_WITHIN * pace, LONGEST_ASKED * pace)

    async def recover(self) -> None:
        """Take up at once what was on its way when the last process ended; the record belongs to one process only."""
        await self._database.write(claims.release)

    async def deliver(self) -> None:
        """Deliver everything that is due, conversation by conversation side by side.

        Raises:
            RecordUnavailable: nothing more can be claimed now; what was under way has ended.
        """
        async with asyncio.TaskGroup() as group:
            under_way: dict[asyncio.Task[None], tuple[int, ...]] = {}  # to which notices
            refused: RecordUnavailable | None = None
            while True:
                now = self._clock.now()
                claim = partial(
                    claims.claim,
                    platforms=self._merging,
                    now=now,
                    lease=LEASE * self._pace,
                    widest=self.widest,
                    under_way=tuple(number for numbers in under_way.values() for number in numbers),
                )
                try:
                    claimed = await self._database.write(claim) if refused is None else ()
                except RecordUnavailable as error:  # what is on its way must not be cut off by that
                    refused, claimed = error, ()
                under_way |= {
                    group.create_task(self._deliver(found)): tuple(notice.id for notice in found) for found in claimed
                }
                if not under_way:
                    break
                _, pending = await asyncio.wait(
                    under_way, timeout=LOOK_AGAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                under_way = {task: numbers for task, numbers in under_way.items() if task in pending}
        if refused is not None:
            raise refused

    async def _deliver(self, found: tuple[Notice, ...]) -> None:
        first = found[0]
        try:
            if len(found) > 1 or first.merged:
                await self._try_together(found)
            else:
                await self._try(first)
        except RecordUnavailable:  # it cannot be read: when the lease has ended the notice is tried again
            return
        except Exception:  # cannot be worded, or a fault of the chat's: it waits, and ends, as any other
            log.exception("a notice could not be delivered", notice=first.key)
            await self._later(found, DeliveryRetry("internal", words=INTERNAL))

    async def _try_together(self, found: tuple[Notice, ...]) -> None:
        """Tell several notices in one message; what finds no room in it, or can only be told alone, is free again."""
        first = found[0]
        chat = self._chats[first.place.platform]
        now = self._clock.now()
        digest, language = await self._database.read(partial(self._put_together, found=found, now=now))
        key = first.merged or f"together:{first.key}"

        def begin(db: sqlite_utils.Database) -> None:
            claims.put_together(db, digest.told, key, digest.left)
            for notice, why_not in digest.over:
                notices.finish(db, notice, "held", now=now, reason=why_not)

        if digest.message is None:
            alone, rest = digest.left[:1], digest.left[1:]
            await self._database.store(begin if not alone else partial(self._alone, digest=digest, rest=rest, now=now))
            if alone:
                await self._try(alone[0])
            return
        await self._database.store(begin)
        place = replace(first.place, thread="")
        urgent = any(notice.urgency <= URGENT for notice in digest.told)
        post = Post(place, digest.message, language, key, again=first.attempts > 0, urgent=urgent)
        if (message_id := await self._handed_over(chat, digest.told, post, "")) is None:
            return
        reason = _together(len(digest.told) - 1)
        now = self._clock.now()

        def end(db: sqlite_utils.Database) -> None:
            for notice in digest.told:
                notices.finish(db, notice, "sent", now=now, reason=reason, message_id=message_id)

        await self._database.store(end)

    @staticmethod
    def _alone(db: sqlite_utils.Database, digest: Digest, rest: tuple[Notice, ...], now: datetime) -> None:
        """One of them is told by itself; the others are free again."""
        claims.put_together(db, digest.left[:1], "", rest)
        for notice, why_not in digest.over:
            notices.finish(db, notice, "held", now=now, reason=why_not)

    def _put_together(self, db: sqlite_utils.Database, found: tuple[Notice, ...], now: datetime) -> tuple[Digest, str]:
        together = self._chats[found[0].place.platform].abilities.together
        assert together is not None  # noqa: S101 - only such chats claim several
        composed = []
        for notice in found:
            try:
                composed.append((notice, self._compose(db, notice, now)))
            except Exception:  # one that cannot be worded keeps nobody else waiting: it comes last, by itself
                log.exception("a notice cannot be worded", notice=notice.key)
        code = composed[0][1].language if composed else "en"
        digest = merge(self._languages[code], composed, together.room)
        told = {notice.id for notice, _ in composed}
        unspeakable = tuple(notice for notice in found if notice.id not in told)
        return replace(digest, left=(*digest.left, *unspeakable)), code

    async def _try(self, notice: Notice) -> None:
        chat = self._chats[notice.place.platform]
        now = self._clock.now()
        composed, card, under = await self._database.read(partial(self._prepare, notice=notice, now=now))
        if composed.message is None:
            await self._end(notice, "held", composed.why_not)
            return
        if composed.in_place and not card:
            await self._end(notice, "held", NOT_THERE)
            return
        if composed.quiet and (card or under) and chat.abilities.edits and not chat.abilities.threads:
            await self._end(notice, "held", CARD_SAYS_IT)
            return
        if card and not chat.abilities.edits:
            await self._end(notice, "held", STAYS)
            return
        post = Post(
            place=notice.place,
            message=composed.message,
            language=composed.language,
            key=notice.key,
            under=under,
            final=composed.final,
            again=notice.attempts > 0,
            card=composed.card,
            urgent=notice.urgency <= URGENT,
        )
        post = await self._pictures.put(post, composed.sketch, chat.abilities, now, edit=bool(card))
        message_id = await self._handed_over(chat, (notice,), post, card)
        if message_id is not None:
            await self._end(
                notice, "sent", NO_REASON, message_id, composed.card.subject if composed.card else composed.shows
            )

    async def _handed_over(self, chat: Chat, told: tuple[Notice, ...], post: Post, card: str) -> str | None:
        """Post or edit; returns the message's id, or none where that became of the notices which is recorded by then."""
        try:
            return await asyncio.wait_for(self._hand_over(chat, post, card), POST_SECONDS)
        except DeliveryRetry as error:
            await self._later(told, error)
        except NotEditable as error:
            for notice in told:
                await self._end(notice, "held", error.words)
        except TimeoutError:
            await self._later(told, DeliveryRetry(SILENT.en, words=SILENT))
        except DeliveryFailed as error:
            await self._fail(told, error)
        return None

    def _prepare(self, db: sqlite_utils.Database, notice: Notice, now: datetime) -> tuple[Composed, str, str]:
        """What is said, the message that it is shown in anew, and the one whose thread it belongs to; empty for none."""

        def stands(subject: str) -> str:
            return (notices.message_of(db, notice.place, subject) or "") if subject else ""

        composed = self._compose(db, notice, now)
        if composed.card is not None:
            return composed, stands(composed.card.subject), stands(composed.card.under)
        return composed, stands(composed.in_place), stands(composed.under)

    @staticmethod
    async def _hand_over(chat: Chat, post: Post, card: str) -> str:
        if card:
            await chat.edit(card, post)
            return card
        return await chat.post(post)

    async def _end(self, notice: Notice, state: str, reason: Words, message_id: str = "", card: str = "") -> None:
        now = self._clock.now()

        def record(db: sqlite_utils.Database) -> None:
            notices.finish(db, notice, state, now=now, reason=reason, message_id=message_id)
            if card and message_id:
                notices.remember_message(db, notice.place, card, message_id)

        await self._database.store(record)

    async def _fail(self, told: tuple[Notice, ...], error: DeliveryError) -> None:
        now = self._clock.now()

        def record(db: sqlite_utils.Database) -> None:
            for notice in told:
                self._operators.undelivered(db, notice, error.words, now)
                notices.finish(db, notice, "failed", now=now, reason=error.words)

        await self._database.store(record)
        log.error("notice not delivered", notice=told[0].key, notices=len(told), reason=str(error))

    async def _later(self, told: tuple[Notice, ...], error: DeliveryRetry) -> None:
        now = self._clock.now()
        first = told[0]
        asked = error.retry_after is not None
        old = not asked or now - first.created_at > GIVE_UP_ASKED_AFTER * self._pace
        if old and first.attempts + 1 >= GIVE_UP_AFTER:
            await self._fail(told, error)
            return
        pause = min(FIRST_RETRY * 2 ** min(first.attempts, 10), LONGEST_RETRY)  # the longest is reached by then
        pause = max(pause, min(timedelta(seconds=error.retry_after or 0.0), LONGEST_ASKED))
        until = now + pause * self._pace
        log.info("notice will be tried again", notice=first.key, reason=str(error), until=until.isoformat())

        def record(db: sqlite_utils.Database) -> None:
            if isinstance(error, NotServed):
                self._operators.not_served(db, first, error.words, now)
            for notice in told:
                notices.postpone(db, notice, until, error.words)

        await self._database.store(record)


def _together(others: int) -> Words:
    return Words(
        f"told in one message with {others} other{'' if others == 1 else 's'}", f"与另外 {others} 条合并成一条消息"
    )


def _merging(chat: Chat) -> Merging | None:
    together = chat.abilities.together
    return None if together is None else Merging(together.singly, MERGED)
