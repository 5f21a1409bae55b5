"""The record: durable commits per second, and what the commands read with a million requests in it.

Commits go through `bot.store.database`, compared in the same run with bare sqlite3 in the same mode (WAL, FULL) in the
same folder. The questions are the functions that `handlers/lists.py` and the workers ask, through `Database.read`; the
million rows are written past the program, quickly and not durably.
"""

import asyncio
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from report import MEBIBYTE, Report, median, quantile

from bot.contracts.model import Actor, Kind, Place, State
from bot.contracts.vendor import Measure, Reading
from bot.desk.paging import LOOKED_FOR, PAGE, PAGES, page
from bot.requests.orders import SAME_THING
from bot.store import dialogues, events, notices, requests, samples
from bot.store.database import Database
from bot.store.moments import to_text
from handlers.lists import PENDING

ROUNDS = 5
SECONDS = 0.8  # of one measurement of commits
AT_ONCE = 16
REQUESTS = 1_000_000
PENDING_ROWS = 300
ASKED = 200  # times each question
WARM = 20

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
ACCOUNTS = ("aliyun", "tencent", "ucloud")
WIDEST = {State.IN_REVIEW: timedelta(minutes=10), State.APPROVED: timedelta(hours=3)}
PLACE = Place("slack", "C0BENCH")
ME = Actor("slack", "U0001", name="me")
READING = Reading("package", Measure.PACKAGE, remaining=Decimal(1))

Question = Callable[[Any], Any]


# --- Commits ---------------------------------------------------------------------------------------------------------


def raw_commits(path: Path) -> float:
    """Bare sqlite3: one row a transaction, durable."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    done = 0
    start = time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        db.execute("BEGIN IMMEDIATE")
        db.execute(
            """INSERT INTO samples (at, account, subject, measure, remaining, total, unit, expires_at, estimated)
               VALUES (?, 'aliyun', 'package', 'package', '1', NULL, '', NULL, 0)""",
            (to_text(NOW),),
        )
        db.execute("COMMIT")
        done += 1
    rate = done / (time.perf_counter() - start)
    db.close()
    return rate


async def commits(database: Database, change: Callable[[int], Question], at_once: int) -> tuple[float, list[float]]:
    """Commits per second through the program's database, and how long each took, in ms."""
    took: list[float] = []
    start = time.perf_counter()

    async def caller() -> None:
        while (before := time.perf_counter()) - start < SECONDS:
            await database.write(change(len(took)))
            took.append((time.perf_counter() - before) * 1000)

    await asyncio.gather(*(caller() for _ in range(at_once)))
    return len(took) / (time.perf_counter() - start), took


async def measure_commits(report: Report, folder: Path) -> None:
    """Rounds of every way, one after the other."""
    run = iter(range(10**9))

    def sample(_: int) -> Question:
        return lambda db: samples.add(db, "aliyun", (READING,), NOW)

    def submission(_: int) -> Question:
        new = [requests.NewRequest("aliyun", "alibaba", {"name": "速达物流"}, (), State.QUEUED)]
        origin = f"slack:bench:{next(run)}"
        return lambda db: requests.create_batch(
            db, origin=origin, kind=Kind.SIGNATURE, name="速达物流", actor=ME, place=PLACE, new=new, now=NOW
        )

    ways: dict[str, tuple[Callable[[int], Question] | None, int]] = {
        "bare sqlite3, one row": (None, 1),
        "Database.write, one row": (sample, 1),
        f"Database.write, one row, {AT_ONCE} callers": (sample, AT_ONCE),
        f"Database.write, a submission with its event, {AT_ONCE} callers": (submission, AT_ONCE),
    }
    rates: dict[str, list[float]] = {way: [] for way in ways}
    times: dict[str, list[float]] = {way: [] for way in ways}
    async with Database(folder / "commits.db") as database:
        for _ in range(ROUNDS):
            for way, (change, at_once) in ways.items():
                if change is None:
                    rates[way].append(raw_commits(folder / "commits.db"))
                    continue
                rate, took = await commits(database, change, at_once)
                rates[way].append(rate)
                times[way] += took
    peer = median(rates["bare sqlite3, one row"])
    for way in ways:
        report.row(
            "Durable commits per second (2,000 wanted)",
            way=way,
            commits=median(rates[way]),
            lowest=min(rates[way]),
            highest=max(rates[way]),
            of_bare=median(rates[way]) / peer,
            p99_ms=quantile(times[way], 0.99) if times[way] else "",
        )


# --- A million requests ----------------------------------------------------------------------------------------------


def fill(path: Path) -> float:
    """A million requests in a third as many batches, with two events each; returns the seconds it took."""
    start = time.perf_counter()
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000", "temp_store=MEMORY"):
        db.execute(f"PRAGMA {pragma}")
    indexes = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    for name, _ in indexes:
        db.execute(f"DROP INDEX {name}")
    db.execute("BEGIN")
    db.executemany(
        "INSERT INTO batches VALUES (?, ?, 'signature', ?, ?, ?, 'slack', 'C0BENCH', '', ?)",
        _batches(REQUESTS // 3 + 1),
    )
    columns = (
        "id, batch, account, vendor, kind, name, state, action, vendor_ref, fields, reason, submitter, submitter_name, "
        "platform, conversation, thread, created_at, updated_at, since, submitted_at, next_look_at"
    )
    db.executemany(f"INSERT INTO requests ({columns}) VALUES ({', '.join('?' * 21)})", _rows())  # noqa: S608 - our own names
    db.executemany("INSERT INTO events VALUES (?, ?, ?, ?, NULL, ?, ?, ?, ?)", _events())
    for _, sql in indexes:
        db.execute(sql)
    db.execute("COMMIT")
    db.close()
    return time.perf_counter() - start


def _at(number: int) -> str:
    return to_text(NOW - timedelta(seconds=30 * (REQUESTS - number)))  # a million over 347 days


def _who(number: int) -> int:
    return number * 7 // 3 % 40 + 2  # forty people; the first one is me, who asked for little long ago


def _batches(count: int) -> Iterator[tuple[Any, ...]]:
    for batch in range(1, count + 1):
        who = _who(batch * 3)
        yield batch, f"slack:{batch}", f"名称{batch % 100_000}", f"slack:U{who:04}", f"user {who}", _at(batch * 3)


def _rows() -> Iterator[tuple[Any, ...]]:
    chance = random.Random(7)  # noqa: S311 - repeatable, nothing secret
    ended = [State.READY] * 70 + [State.REJECTED] * 15 + [State.DELETED] * 10 + [State.FAILED] * 5
    waiting = set(range(REQUESTS - 3 * PENDING_ROWS, REQUESTS, 3)) | set(range(1000, 1000 + 20))
    for number in range(1, REQUESTS + 1):
        account = ACCOUNTS[number % 3]
        who = 1 if number in (500, 5000, 50_000) else _who(number)
        kind = Kind.TEMPLATE if number // 3 % 4 else Kind.SIGNATURE
        state = State.IN_REVIEW if number in waiting else chance.choice(ended)
        if number in (700, 701):
            state = State.WITHDRAWN
        at = _at(number)
        fields = json.dumps({"name": f"名称{number // 3 % 100_000}", "type": "otp", "content": "您的验证码是${code}。"})
        yield (
            number,
            number // 3 + 1,
            account,
            "alibaba",
            kind.value,
            f"名称{number // 3 % 100_000}",
            state.value,
            "create",
            f"REF{number}",
            fields,
            "签名无法识别主体" if state is State.REJECTED else "",
            f"slack:U{who:04}",
            f"user {who}",
            "slack",
            "C0BENCH",
            "",
            at,
            at,
            at,
            at,
            to_text(NOW + timedelta(minutes=number % 60 - 5)) if state is State.IN_REVIEW else None,
        )


def _events() -> Iterator[tuple[Any, ...]]:
    moved = json.dumps({"from": "submitting", "to": "in_review", "action": "create"})
    for number in range(1, REQUESTS + 1):
        account = ACCOUNTS[number % 3]
        who = 1 if number in (500, 5000, 50_000) else _who(number)
        at = _at(number)
        yield (
            2 * number - 1,
            at,
            "created",
            number,
            account,
            f"slack:U{who:04}",
            '{"state": "queued"}',
            f"{number:064x}",
        )
        yield 2 * number, at, "moved", number, account, "vendor", moved, f"{number:064x}"


def questions() -> dict[str, Callable[[random.Random], Question]]:
    """Command → what it asks, as the handlers do; a number or name of its own each time."""
    week = NOW - timedelta(days=7)

    def latest(turn: int = 1, **narrow: Any) -> Callable[[random.Random], Question]:
        def ask(db: Any) -> object:
            found = requests.numbers(db, limit=LOOKED_FOR, **({"accounts": ACCOUNTS} | narrow))
            return requests.of_numbers(db, page(found, turn).ids)

        return lambda _: ask

    def recent(turn: int = 1, **narrow: Any) -> Callable[[random.Random], Question]:
        def ask(db: Any) -> object:
            found = events.recent_ids(db, limit=LOOKED_FOR, **({"accounts": ACCOUNTS} | narrow))
            return events.of_ids(db, page(found, turn).ids)

        return lambda _: ask

    def number(chance: random.Random) -> int:
        return chance.randint(1, REQUESTS)

    return {
        "status #n": lambda chance: (lambda n: lambda db: requests.find(db, n))(number(chance)),
        "status, 320 pending": latest(states=PENDING),
        "status mine, asked daily": latest(submitters=["slack:U0002"]),
        "status mine, asked thrice last year": latest(submitters=[ME.key]),
        "status mine, never asked": latest(submitters=["slack:U9999"]),
        "sign list": latest(kind=Kind.SIGNATURE),
        "sign list state=rejected": latest(kind=Kind.SIGNATURE, states=(State.REJECTED,)),
        "template list state=withdrawn, two old ones": latest(kind=Kind.TEMPLATE, states=(State.WITHDRAWN,)),
        "sign list ucloud state=disabled, none": latest(
            accounts=("ucloud",), kind=Kind.SIGNATURE, states=(State.DISABLED,)
        ),
        "template list, the last page": latest(PAGES, kind=Kind.TEMPLATE),
        "history, the last page": recent(PAGES),
        "show NAME": lambda chance: (
            lambda n: lambda db: requests.latest(db, accounts=ACCOUNTS, name=f"名称{n}", limit=PAGE)
        )(chance.randint(0, 99_999)),
        "home tab: what I wait for": lambda _: (
            lambda db: requests.of_numbers(
                db, requests.open_numbers(db, accounts=ACCOUNTS, submitters=["slack:U0002"], limit=11)
            )
        ),
        "history #n": lambda chance: (lambda n: lambda db: events.of_request(db, n))(number(chance)),
        "history": recent(),
        "history since=7d": recent(since=week),
        "history by=@me, who did little": recent(actors=[ME.key]),
        "history by=@me since=7d, who did nothing": recent(actors=[ME.key], since=week),
        "history account=none": recent(accounts=("nowhere",)),
        "submit: the same thing already there": lambda chance: (
            lambda n: (
                lambda db: requests.latest(
                    db, accounts=("aliyun",), kind=Kind.SIGNATURE, states=SAME_THING, name=f"名称{n}", limit=50
                )
            )
        )(chance.randint(0, 99_999)),
        "settle: is this vendor id known": lambda chance: (
            lambda n: lambda db: requests.known_refs(db, ACCOUNTS[n % 3], Kind.TEMPLATE, [f"REF{n}"])
        )(number(chance)),
        "tick: what is queued": lambda _: lambda db: requests.in_states(db, (State.QUEUED,), "aliyun"),
        "tick: whom to ask about": lambda _: lambda db: requests.due_looks(db, "aliyun", NOW, WIDEST),
        "tick: the dialogue": lambda _: lambda db: dialogues.get(db, PLACE, ME),
        "tick: notices waiting": lambda _: lambda db: notices.waiting(db, PLACE, NOW),
    }


async def measure_questions(report: Report, folder: Path) -> None:
    """Every question often, one at a time."""
    path = folder / "million.db"
    async with Database(path):
        pass  # makes the tables
    seconds = await asyncio.to_thread(fill, path)
    size = path.stat().st_size / MEBIBYTE
    report.note(f"{REQUESTS:,} requests, {2 * REQUESTS:,} events, {size:,.0f} MiB, written in {seconds:.0f} s.")
    async with Database(path) as database:
        for title, make in questions().items():
            chance = random.Random(11)  # noqa: S311 - repeatable, nothing secret
            took: list[float] = []
            begun = time.perf_counter()
            for turn in range(ASKED + WARM):
                before = time.perf_counter()
                await database.read(make(chance))
                if turn >= WARM:
                    took.append((time.perf_counter() - before) * 1000)
                if time.perf_counter() - begun > 3 and len(took) > 5:
                    break  # far too slow; enough is known
            report.row(
                "With a million requests, ms (p95 < 20 wanted)",
                question=title,
                p50=quantile(took, 0.5),
                p95=quantile(took, 0.95),
                most=max(took),
                times=len(took),
            )
        took = []
        for _ in range(ASKED):
            before = time.perf_counter()
            await database.write(lambda db: samples.add(db, "aliyun", (READING,), NOW))
            took.append((time.perf_counter() - before) * 1000)
        report.row(
            "With a million requests, ms (p95 < 20 wanted)",
            question="one durable commit",
            p50=quantile(took, 0.5),
            p95=quantile(took, 0.95),
            most=max(took),
            times=len(took),
        )


async def run() -> None:
    """Both parts, in a folder that is removed afterwards."""
    report = Report("record", "The record: durable commits, and questions to a million requests", ("sqlite-utils",))
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as name:
        folder = Path(name)
        await measure_commits(report, folder)
        await measure_questions(report, folder)
    report.note(f"SQLite {sqlite3.sqlite_version}; commits: medians of {ROUNDS} rounds of {SECONDS} s.")
    report.finish()


if __name__ == "__main__":
    asyncio.run(run())
