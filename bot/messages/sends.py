"""Use case: test messages. The intent is stored, the vendor is called once, and the message is followed to its receipt.

No vendor has an idempotency token for sends. So an answer that was lost leaves the message `unknown`, and it is looked
up in the vendor's sending details (or waits for its pushed receipt, where there are none by number); it is never sent
again.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import sqlite_utils
import structlog

from bot.contracts.clock import Clock
from bot.contracts.due import due
from bot.contracts.errors import AnswerLost, NoAnswer, Refused, Throttled, Unavailable, VendorError, refusal
from bot.contracts.hushed import hushed
from bot.contracts.model import Actor, Kind, Refusal, Words
from bot.contracts.numbers import plain, same, without_number
from bot.contracts.push import Outcome, Receipt
from bot.contracts.sending import Handed, Sending, Settles
from bot.contracts.sent import SendState, TestMessage
from bot.contracts.traffic import china_day
from bot.contracts.vendor import Vendor
from bot.messages import cards, following
from bot.messages.following import Found, Verdict
from bot.notices.compose import Composed, Wording
from bot.store import events, notices, requests, sends
from bot.store.database import Database
from bot.store.notices import Notice
from bot.wording.view import View

log = structlog.get_logger(__name__)

ACCEPTED_LOOKS = 2
"""That the vendor took it is told only where so many looks found no receipt: usually one says more, within seconds."""

TRIES = 3
"""How often a call that certainly was not accepted is begun anew; somebody is waiting."""

AGAIN_AFTER = timedelta(seconds=30)

LOOK_FAILED = timedelta(seconds=30)
"""After a look that got no answer."""


ANSWERED = "send-answered"
"""The kind of notice that closes a question where it stands."""

MOVED_ON = Words("what it would say is over; the next one says how it stands", "状态已更新，由后一条消息告知")


class Sends:
    """Test messages.

    Args:
        database: the record.
        vendors: account name → vendor.
        clock: the domain's time.
        patience: how long a call whose answer was lost may still arrive (`[poll] settle_seconds`).
        wake: called with an account's name when it has something to send.
    """

    def __init__(
        self,
        database: Database,
        vendors: Mapping[str, Vendor],
        clock: Clock,
        patience: timedelta,
        wake: Callable[[str], None],
    ) -> None:
        self._database = database
        self._vendors = vendors
        self._clock = clock
        self._patience = patience
        self._wake = wake

    @property
    def wordings(self) -> Mapping[str, Wording]:
        """Kind of notice → what words it."""
        return {"send": self._told, ANSWERED: _answered}

    def _told(self, db: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
        """What became of a message, unless it has moved on since: then the next notice says it."""
        message = sends.get(db, int(notice.subject.partition(":")[2]))
        if message.state != notice.data["state"]:
            return Composed(None, why_not=MOVED_ON)
        vendor = self._vendors.get(message.account)
        signature = next(
            iter(requests.numbers(db, accounts=(message.account,), kind=Kind.SIGNATURE, name=message.sign, limit=1)),
            None,
        )
        said = cards.news(view, message, None if vendor is None else vendor.messages, signature)
        return Composed(said, final=message.state not in (SendState.SENT, SendState.UNKNOWN))

    async def order(self, message: TestMessage, origin: str) -> TestMessage:
        """Store the intent, once for each delivery of the chat, and have it sent; what is only asked about waits for a yes."""
        stored = await self._database.write(lambda db: sends.order(db, message, origin))
        if stored.state is SendState.QUEUED:
            self._wake(message.account)
        return stored

    async def answer(self, number: int, actor: Actor, *, yes: bool) -> TestMessage:
        """What was asked about shall go, or shall not: once, however often and whichever way it is said.

        Returns:
            The message as it now stands; one that was answered before stands as it did.
        """

        def step(db: sqlite_utils.Database) -> TestMessage:
            message = sends.get(db, number)
            if message.state is not SendState.ASKED:
                return message
            now = self._clock.now()
            state = SendState.QUEUED if yes else SendState.DECLINED
            after = sends.change(db, message, now, actor=actor.key, state=state, created_at=now)
            notices.owe(
                db,
                key=f"send:{message.id}:answered",
                what=ANSWERED,
                subject=f"send:{message.id}",
                place=message.place,
                now=now,
            )
            return after

        stored = await self._database.write(step)
        self._wake(stored.account)
        return stored

    async def recover(self) -> None:
        """After a start: what was being sent when the process ended is `unknown`."""
        now = self._clock.now()

        def sweep(db: sqlite_utils.Database) -> None:
            for message in sends.in_state(db, SendState.SENDING):
                self._lost(message.id, refusal(AnswerLost(NoAnswer.RESTART)), db, now)

        await self._database.write(sweep)

    async def work(self, account: str) -> None:
        """Settle, send and follow what is due at an account."""
        group = self._vendors[account].messages
        if group is None:
            return
        await self._look(account, group)
        while (message := await self._claim(account)) is not None:
            await self._send(group, message)

    # --- Sending -------------------------------------------------------------------------------------------------------

    async def _claim(self, account: str) -> TestMessage | None:
        now = self._clock.now()

        def take(db: sqlite_utils.Database) -> TestMessage | None:
            for message in sends.in_state(db, SendState.QUEUED, account):
                if message.next_look_at is None or due(message.next_look_at, now, AGAIN_AFTER):
                    return sends.change(db, message, now, state=SendState.SENDING, sent_at=now, next_look_at=None)
            return None

        return await self._database.write(take)

    async def _send(self, group: Sending, message: TestMessage) -> None:
        try:
            handed = await group.send(message.outgoing())
        except AnswerLost as error:
            log.warning("answer lost", send=message.id, account=message.account, code=error.code)
            await self._database.store(partial(self._lost, message.id, refusal(error)))
        except (Throttled, Unavailable) as error:
            await self._database.store(partial(self._again, message.id, error))
        except Refused as error:
            await self._database.store(partial(self._refused, message.id, error))
        except Exception:  # a fault of ours: nobody knows whether the call went out
            log.exception("sending failed", send=message.id, account=message.account)
            await self._database.store(partial(self._lost, message.id, refusal(AnswerLost(NoAnswer.OWN_FAULT))))
        else:
            log.info("taken", send=message.id, account=message.account, ref=handed.message)
            await self._database.store(partial(self._handed, message.id, handed))

    def _handed(self, number: int, handed: Handed, db: sqlite_utils.Database) -> None:
        now = self._clock.now()
        message = sends.get(db, number)
        parts = message.parts if handed.parts is None else handed.parts
        if message.state is not SendState.SENDING:  # its receipt was faster than the answer
            sends.change(db, message, now, serial=handed.message, parts=parts)
            return
        sends.change(
            db,
            message,
            now,
            actor=events.VENDOR,
            state=SendState.SENT,
            serial=handed.message,
            parts=parts,
            looks=0,
            next_look_at=following.next_look(0, now, now),
        )

    def _refused(self, number: int, error: VendorError, db: sqlite_utils.Database) -> None:
        now = self._clock.now()
        message = sends.get(db, number)
        if message.state is SendState.SENDING:
            changes = {"state": SendState.REFUSED, "refusal": _refused(refusal(error), message)}
            self._tell(db, sends.change(db, message, now, actor=events.VENDOR, **changes), now)

    def _again(self, number: int, error: VendorError, db: sqlite_utils.Database) -> None:
        now = self._clock.now()
        message = sends.get(db, number)
        if message.looks + 1 >= TRIES:
            self._refused(number, error, db)
        elif message.state is SendState.SENDING:
            when = now + AGAIN_AFTER
            sends.change(db, message, now, state=SendState.QUEUED, looks=message.looks + 1, next_look_at=when)

    def _lost(self, number: int, why: Refusal, db: sqlite_utils.Database, at: datetime | None = None) -> None:
        now = at or self._clock.now()
        message = sends.get(db, number)
        if message.state is not SendState.SENDING:
            return
        vendor = self._vendors.get(message.account)
        group = None if vendor is None else vendor.messages
        askable = group is not None and group.settles is not Settles.BY_PUSH
        unknown = sends.change(
            db,
            message,
            now,
            state=SendState.UNKNOWN,
            refusal=_refused(why, message),
            looks=0,
            next_look_at=following.next_settle(0, now) if askable else None,
        )
        self._tell(db, unknown, now)

    # --- Looking -------------------------------------------------------------------------------------------------------

    async def _look(self, account: str, group: Sending) -> None:
        """Ask about what waits for its receipt, and what was lost; each day of each number once."""
        now = self._clock.now()
        waiting = (SendState.SENT, SendState.SILENT, SendState.UNKNOWN)
        found = await self._database.read(lambda db: sends.due(db, account, waiting, now, following.WIDEST))
        asked: dict[tuple[str, object], list[TestMessage]] = {}
        for message in found:
            asked.setdefault((plain(message.number), china_day(message.sent_at or message.created_at)), []).append(
                message
            )
        for some in asked.values():
            day = china_day(some[0].sent_at or some[0].created_at)
            ids = [message.serial for message in some if message.serial]
            try:
                receipts = await group.receipts(some[0].number, day, ids) if ids or group.kept is not None else ()
            except VendorError as error:
                log.warning("sending details failed", account=account, code=error.code)
                await self._database.store(partial(self._put_off, [one.id for one in some]))
                continue
            await self._database.store(partial(self._take, group, [one.id for one in some], receipts))

    def _put_off(self, numbers: Sequence[int], db: sqlite_utils.Database) -> None:
        now = self._clock.now()
        for number in numbers:
            message = sends.get(db, number)
            if message.next_look_at is not None:
                sends.change(db, message, now, next_look_at=now + LOOK_FAILED)

    def _take(
        self, group: Sending, numbers: Sequence[int], receipts: Sequence[Receipt], db: sqlite_utils.Database
    ) -> None:
        """Take in what the details say; a step of a transaction."""
        now = self._clock.now()
        for number in numbers:
            message = sends.get(db, number)
            if message.state is SendState.UNKNOWN:
                self._settle(db, message, group, receipts, now)
            elif message.state in (SendState.SENT, SendState.SILENT):
                told = next((one for one in receipts if _speaks_of(one, message)), None)
                if told is not None:
                    message = self._received(db, message, told, now)
                self._plan(db, message, now)

    def _plan(self, db: sqlite_utils.Database, message: TestMessage, now: datetime) -> None:
        """When it is looked at again; where nothing was said for long, that is told."""
        began = message.sent_at or message.created_at
        if message.state not in (SendState.SENT, SendState.SILENT):
            return
        if message.state is SendState.SENT and now - began >= following.SILENT_AFTER:
            message = sends.change(db, message, now, state=SendState.SILENT)
            self._tell(db, message, now)
        elif message.state is SendState.SENT and message.looks + 1 == ACCEPTED_LOOKS:
            self._tell(db, message, now)
        when = following.next_look(message.looks + 1, began, now)
        sends.change(db, message, now, looks=message.looks + 1, next_look_at=when)

    def _settle(
        self,
        db: sqlite_utils.Database,
        message: TestMessage,
        group: Sending,
        receipts: Sequence[Receipt],
        now: datetime,
    ) -> None:
        known = sends.known(db, message.account, [one.message for one in receipts if one.message])
        answer: Found = following.found(message, group.settles, receipts, known)
        if answer.verdict is Verdict.FOUND and answer.receipt is not None:
            told = answer.receipt
            if told.outcome is not Outcome.WAITING:
                self._received(db, message, told, now)
                return
            when = following.next_look(0, now, now)
            taken = sends.change(
                db, message, now, state=SendState.SENT, serial=told.message, looks=0, next_look_at=when
            )
            self._tell(db, taken, now)
            return
        looks = message.looks + 1
        several = answer.verdict is Verdict.SEVERAL
        if not several and following.absent(looks, message.since, now, max(self._patience, group.lag)):
            gone = sends.change(db, message, now, state=SendState.ABSENT, looks=looks, next_look_at=None)
            self._tell(db, gone, now)
            return
        over = (
            several and looks >= following.ABSENT_LOOKS
        )  # only a person can tell them apart; a receipt may still come
        when = None if over else following.next_settle(looks, now)
        sends.change(db, message, now, looks=looks, next_look_at=when)

    # --- Receipts ------------------------------------------------------------------------------------------------------

    def receive(self, db: sqlite_utils.Database, account: str, receipts: Sequence[Receipt], now: datetime) -> int:
        """Take in pushed receipts; a step of a transaction.

        Returns:
            How many were of test messages; the others are nobody's business here.
        """
        ours = 0
        for one in receipts:
            message = sends.meant(db, account, one.mark, one.message)
            if message is not None and same(message.number, one.number):
                self._received(db, message, one, now)
                ours += 1
        return ours

    def _received(self, db: sqlite_utils.Database, message: TestMessage, told: Receipt, now: datetime) -> TestMessage:
        """Take in one receipt, whoever brought it; what is known, or would take a message back, changes nothing."""
        after = following.received(message.state, told.outcome)
        if after is None:
            return message
        changes: dict[str, object] = {
            "state": after,
            "code": _quiet(told.code, message)[:80],
            "said": _quiet(told.said, message)[:200],
            "receipt_at": told.at,
            "serial": message.serial or told.message,
            "next_look_at": None,
        }
        if told.parts is not None:
            changes["parts"] = told.parts
        if after in (SendState.SENT, SendState.SILENT):
            changes["next_look_at"] = following.next_look(message.looks, message.sent_at or message.created_at, now)
        received = sends.change(db, message, now, actor=events.VENDOR, **changes)
        self._tell(db, received, now)
        return received

    def _tell(self, db: sqlite_utils.Database, message: TestMessage, now: datetime) -> None:
        """Owe the news to where it was sent from; it is worded when it is delivered, and only if it is still so."""
        notices.owe(
            db,
            key=f"send:{message.id}:{message.state}",
            what="send",
            subject=f"send:{message.id}",
            place=message.place,
            now=now,
            data={"state": message.state},
        )


def question(message: TestMessage) -> str:
    """Under which name the question about a message is remembered where it stands."""
    return f"sending:{message.id}"


def _answered(db: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
    message = sends.get(db, int(notice.subject.partition(":")[2]))
    return Composed(cards.answered(view, message), in_place=question(message))


def _speaks_of(receipt: Receipt, message: TestMessage) -> bool:
    """Whether a row of the details is this message's: by our mark, or by the vendor's id."""
    if receipt.mark and receipt.mark == message.mark:
        return True
    return bool(receipt.message) and receipt.message == message.serial


def _quiet(said: str, message: TestMessage) -> str:
    """What a vendor says of a message as the record may keep it: vendors name the number that they mind; ids stay."""
    return hushed(without_number(said, message.number))


def _refused(why: Refusal, message: TestMessage) -> Refusal:
    return Refusal(why.code, _quiet(why.message, message), why.request_id, why.trouble, why.advice)
