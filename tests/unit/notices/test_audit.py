"""The auditor: what is not accounted for and what does not move is told to the operators once, and is known to health."""

import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlite_utils
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.chat import Caution
from bot.contracts.hours import Holidays
from bot.contracts.message import Text, plain
from bot.contracts.model import Place, Words
from bot.notices.audience import Audience
from bot.notices.audit import EVERY, MAY_WAIT, Auditor
from bot.notices.operators import Operators
from bot.store import audits, claims, notices
from bot.store.database import Database
from bot.store.migrations import MIGRATIONS
from bot.store.notices import Notice
from bot.wording.language import languages
from bot.wording.view import View
from tests.standing import lay

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
ONE, OPS = Place("paper", "one"), Place("paper", "ops")
LANGUAGES = languages(ZoneInfo("Asia/Shanghai"))
BUSY = Words("Slack asks to slow down", "Slack 要求放慢")


class House:
    """A record and its auditor."""

    def __init__(self, database: Database) -> None:
        self.database, self.time = database, NOW
        self.cautions: list[tuple[str, Caution]] = []
        self.operators = Operators(Audience({OPS: (frozenset({"operator"}), frozenset())}))
        self.begin()

    def begin(self) -> None:
        """A process starts."""
        self.auditor = Auditor(
            self.database,
            self.operators,
            self,
            LANGUAGES,
            ("paper",),
            ("aliyun",),
            {ONE, OPS}.__contains__,
            lambda: self.cautions,
        )

    def now(self) -> datetime:
        return self.time

    async def look(self, after: timedelta = EVERY) -> bool:
        self.time += after
        return await self.auditor.work()

    async def owe(self, key: str, place: Place = ONE) -> None:
        now = self.time
        await self.database.write(
            lambda db: notices.owe(db, key=key, what="news", subject="request:1", place=place, now=now)
        )

    async def change(self, sql: str) -> None:
        await self.database.write(lambda db: db.execute(sql))

    async def end(self, key: str, state: str = "sent", reason: Words = notices.NO_REASON) -> None:
        def do(db: sqlite_utils.Database) -> None:
            (row,) = db.query("SELECT * FROM notices WHERE key = ?", (key,))
            notices.finish(db, notices.of_row(row), state, now=self.time, reason=reason)

        await self.database.write(do)

    async def told(self) -> list[Notice]:
        """What operators are owed."""
        return await self.database.read(
            lambda db: [notices.of_row(row) for row in db.query("SELECT * FROM notices WHERE conversation = 'ops'")]
        )

    async def words(self, notice: Notice, code: str = "en") -> list[str]:
        wordings = {**self.auditor.wordings, **self.operators.wordings}
        view = View(LANGUAGES[code], self.time, {}, {}, Holidays())
        composed = await self.database.read(lambda db: wordings[notice.what](db, view, notice))
        if composed.message is None:
            return [LANGUAGES[code].pick(composed.why_not)]
        blocks = [plain(block.line) for block in composed.message.blocks if isinstance(block, Text)]
        return [plain(composed.message.title), *blocks]

    def failing(self) -> list[tuple[str, str]]:
        return [(name, why.en) for name, _, why in self.auditor.failing]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with Database(await lay(tmp_path / "signpost.db")) as database:
        yield House(database)


# --- The account -------------------------------------------------------------------------------------------------------


async def test_as_long_as_it_comes_out_nothing_is_said(house: House) -> None:
    for number, state in enumerate(["sent", "failed", "held"]):
        await house.owe(str(number))
        await house.end(str(number), state, BUSY)
    await house.owe("due")
    for _ in range(3):
        assert not await house.look()
    assert not await house.told()
    assert not house.failing()


@pytest.mark.parametrize(
    ("sql", "en", "zh"),
    [
        ("DELETE FROM notices WHERE key = 'a'", "1 is missing", "少了 1 条"),
        ("DELETE FROM notices", "2 are missing", "少了 2 条"),
        ("UPDATE notices SET state = 'lost'", "2 are missing", "少了 2 条"),
        ("UPDATE owed SET n = n - 1", "1 more than was owed", "多了 1 条"),
        (
            "UPDATE notices SET state = 'held' WHERE key = 'a'",
            "1 does not say why it was not told",
            "有 1 条未说明未发原因",
        ),
    ],
)
async def test_what_is_not_accounted_for_is_told_once_over_restarts_and_stands_in_health(
    house: House, sql: str, en: str, zh: str
) -> None:
    await house.owe("a")
    await house.owe("b")
    await house.change(sql)
    assert await house.look()
    (notice,) = await house.told()
    title, account, *_ = await house.words(notice)
    assert title == "The account of messages does not come out"
    assert account.endswith(f": {en}")
    assert (await house.words(notice, "zh"))[1].endswith(f"：{zh}")
    assert [name for name, _ in house.failing()] == ["account"]
    assert house.failing()[0][1].endswith(en)

    house.begin()
    for _ in range(3):
        assert not await house.look()
    assert len(await house.told()) == 1
    assert house.failing()


async def test_another_difference_is_told_again_and_what_is_mended_is_forgotten(house: House) -> None:
    for key in "abc":
        await house.owe(key)
    await house.change("DELETE FROM notices WHERE key = 'a'")
    await house.look()
    await house.change("DELETE FROM notices WHERE key = 'b'")
    await house.look()
    assert len(await house.told()) == 2
    await house.change("UPDATE owed SET n = (SELECT SUM(n) FROM tallies)")
    await house.look()
    assert not house.failing()


async def test_it_looks_once_a_minute(house: House) -> None:
    await house.owe("a")
    await house.look()
    await house.change("DELETE FROM notices")
    assert not await house.look(timedelta(seconds=30))
    assert await house.look(timedelta(seconds=30))


@given(st.lists(st.sampled_from(["owe", "again", "sent", "held", "failed", "postpone"]), max_size=40))
def test_whatever_happens_it_comes_out(steps: list[str]) -> None:
    db = sqlite_utils.Database(memory=True)
    MIGRATIONS.apply(db)
    keys = itertools.count()
    for step in steps:
        if step in ("owe", "again"):
            key = "same" if step == "again" else str(next(keys))
            notices.owe(db, key=key, what="news", subject="request:1", place=ONE, now=NOW)
            continue
        for (notice,) in claims.claim(db, {"paper": None}, NOW, timedelta(0)):
            if step == "postpone":
                notices.postpone(db, notice, NOW, BUSY)
            else:
                notices.finish(db, notice, step, now=NOW, reason=BUSY)
    counted = audits.sums(db)
    assert counted.owed == next(db.query("SELECT COUNT(*) AS n FROM notices"))["n"]
    assert (counted.missing, counted.unexplained) == (0, 0)


def test_the_counters_are_read_without_a_scan() -> None:
    db = sqlite_utils.Database(memory=True)
    MIGRATIONS.apply(db)
    seen: list[str] = []
    db.conn.set_trace_callback(seen.append)
    audits.sums(db)
    audits.standing_still(db, ("paper",), NOW, NOW)
    db.conn.set_trace_callback(None)
    for sql in [one for one in seen if one.lstrip().upper().startswith(("SELECT", "WITH"))]:
        plan = [row["detail"] for row in db.query(f"EXPLAIN QUERY PLAN {sql}")]
        assert not [line for line in plan if line.startswith("SCAN notices") and "INDEX" not in line], plan


# --- A queue that does not move ----------------------------------------------------------------------------------------


async def test_a_queue_that_does_not_move_is_told_once_and_again_only_after_it_moved(house: House) -> None:
    await house.owe("a")
    await house.owe("b")
    await house.look(MAY_WAIT)
    assert not await house.told()  # only seen once
    assert await house.look()
    (notice,) = await house.told()
    first, why, *_ = await house.words(notice)
    assert first == "2 messages wait for one (paper), the oldest since today 09:30"
    assert why.startswith("it was not tried. What waits is kept")
    assert "有 2 条消息待发" in (await house.words(notice, "zh"))[0]
    assert house.failing() == [("queue:paper:one", "2 messages wait, the oldest for 16 min: it was not tried")]

    house.begin()
    for _ in range(3):
        assert not await house.look()
    await house.end("a")
    await house.look()
    assert not house.failing()
    assert (await house.words(notice)) == ["it went on before it was told"]
    await house.look(MAY_WAIT)
    assert await house.look()
    assert len(await house.told()) == 2


async def test_the_reason_of_the_last_try_is_told(house: House) -> None:
    await house.owe("a")
    (notice,) = [
        one
        for (one,) in await house.database.write(
            lambda db: claims.claim(db, {"paper": None}, house.time, timedelta(seconds=1))
        )
    ]
    await house.database.write(lambda db: notices.postpone(db, notice, house.time + timedelta(hours=1), BUSY))
    await house.look(MAY_WAIT)
    await house.look()
    (told,) = await house.told()
    assert "Slack asks to slow down" in (await house.words(told))[1]
    assert "Slack 要求放慢" in (await house.words(told, "zh"))[1]


async def test_a_queue_that_is_long_and_moves_is_not_told(house: House) -> None:
    for number in range(40):
        await house.owe(str(number))
    for number in range(30):
        await house.end(str(number))
        assert not await house.look()
    assert not house.failing()


async def test_a_clock_that_is_set_forward_makes_nothing_stand_still(house: House) -> None:
    await house.owe("a")
    assert not await house.look(timedelta(days=2))
    await house.end("a")
    assert not await house.look()
    assert not await house.told()


async def test_what_is_owed_to_a_chat_that_is_not_there_waits(house: House) -> None:
    await house.owe("a", Place("terminal", "here"))
    await house.look(MAY_WAIT)
    assert not await house.look()


async def test_the_operators_are_not_told_in_the_conversation_that_takes_nothing(house: House) -> None:
    await house.owe("a", OPS)
    await house.look(MAY_WAIT)
    assert not await house.look()
    assert [name for name, _ in house.failing()] == ["queue:paper:ops"]


# --- What a chat warns of ----------------------------------------------------------------------------------------------


async def test_what_a_chat_warns_of_is_told_once_for_its_key(house: House) -> None:
    def caution(month: str) -> tuple[str, Caution]:
        return (
            "paper",
            Caution(f"calls:{month}", Words("Most calls are used", "次数将尽"), Words("Buy `more`.", "请购买。")),
        )

    house.cautions = [caution("2026-11")]
    assert await house.look()
    house.begin()
    assert not await house.look()
    (notice,) = await house.told()
    assert await house.words(notice) == ["Most calls are used", "Buy more."]
    assert await house.words(notice, "zh") == ["次数将尽", "请购买。"]
    house.cautions = [caution("2026-12")]
    assert await house.look()
    assert len(await house.told()) == 2


# --- What takes nothing ------------------------------------------------------------------------------------------------

GONE = Words("this channel is archived", "此频道已归档")
NO_TOKEN = Words("the bot token was revoked", "机器人令牌已被吊销")
SOON = timedelta(seconds=1)


async def test_a_conversation_that_takes_nothing_stands_in_health_until_it_takes_something(house: House) -> None:
    await house.look()
    for key, place in (
        ("a", ONE),
        ("b", Place("paper", "@somebody")),
    ):  # of a person nobody configured, nobody minds it
        await house.owe(key, place)
        await house.end(key, "failed", GONE)
        await house.database.write(partial(notices.shut, place=place))
    await house.look(SOON)
    assert house.failing() == [("shut:paper:one", "takes nothing, since today 09:31: this channel is archived")]
    ((_, what, why),) = house.auditor.failing
    assert (what.zh, why.zh) == ("one（paper）", "从 今天 09:31 起无法发送：此频道已归档")
    house.begin()  # over restarts too
    await house.look(SOON)
    assert len(house.failing()) == 1
    await house.owe("c")
    await house.end("c")
    await house.look(SOON)
    assert house.failing() == []


async def test_a_chat_that_takes_nothing_is_one_trouble_whatever_waits_for_it(house: House) -> None:
    for key, place in (("a", ONE), ("b", OPS)):
        await house.owe(key, place)
    await house.change("UPDATE notices SET attempts = 1, reason = 'the bot token was revoked', reason_zh = '已吊销'")
    await house.database.write(partial(notices.shut, place=Place("paper", "")))
    await house.look(SOON)
    assert house.failing() == [("shut:paper:", "takes nothing, since today 09:30: the bot token was revoked")]
    for _ in range(3):
        assert not await house.look(MAY_WAIT)  # nobody is told a second time that its conversations stand still
    assert len(house.failing()) == 1
    for key in ("a", "b"):
        await house.end(key, "held", BUSY)  # nothing waits for it: who knows whether it takes something again
    await house.look(SOON)
    assert house.failing() == []


# --- Accounts that are gone --------------------------------------------------------------------------------------------


STRAYED = (
    "Nobody asks what becomes of #2, #3. An account of that name in the configuration takes them up again; otherwise its "
    "vendor's console shows how they ended."
)


async def test_requests_of_an_account_that_is_gone_are_told_once(house: House) -> None:
    await house.change(
        """INSERT INTO batches (id, origin, kind, name, submitter, submitter_name, platform, conversation, thread, created_at)
           VALUES (1, 'x', 'signature', '速达物流', 'slack:U1', 'mei', 'slack', 'C1', '', '2026-11-23T01:00:00Z')"""
    )
    for number, (account, state) in enumerate(
        [("aliyun", "in_review"), ("old", "in_review"), ("old", "unknown"), ("old", "ready"), ("old", "draft")], 1
    ):
        await house.database.write(
            lambda db, number=number, account=account, state=state: db.execute(  # type: ignore[misc]
                """INSERT INTO requests (id, batch, account, vendor, kind, name, state, action, fields, submitter,
                   submitter_name, platform, conversation, thread, created_at, updated_at, since)
                   SELECT ?, 1, ?, 'alibaba', kind, name, ?, 'create', '{}', submitter, submitter_name, platform,
                   conversation, thread, created_at, created_at, created_at FROM batches""",
                (number, account, state),
            )
        )
    assert await house.look()
    (told,) = await house.told()
    assert await house.words(told) == [
        "2 requests wait for old, which is not in the configuration any more",
        STRAYED,
        "This is said once.",
    ]
    assert "old 有 2 项申请在等待" in (await house.words(told, "zh"))[0]
    assert not await house.look()
    house.begin()
    assert not await house.look()
    assert house.failing() == []  # whoever gave a vendor up for good need not live with it
