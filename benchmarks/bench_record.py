"""The record: durable commits per second, and what everything costs with a million requests in it.

Commits go through `bot.store.database`, compared in the same run with bare sqlite3 in the same mode (WAL, FULL) in the
same folder. The questions are the functions that `handlers/lists.py`, `health` and the workers ask, through `Database.read`; the
million requests, with two events and three notices each, are written past the program. What people type is asked of it in the
whole bot, to the answer. Of that record and of an empty one, in processes of their own: how long `signpost run` takes to be ready, and `export`, `verify` and `backup` with the memory
they reach.
"""

import argparse
import asyncio
import contextlib
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from clerk import WARM, Clerk
from large import ACCOUNTS, EVENTS, NAMES, NOTICES, NOW, Large
from report import MEBIBYTE, REPOSITORY, Report, median, quantile

from bot.contracts.model import Actor, Kind, Place, State
from bot.contracts.states import IN_FLIGHT, PENDING
from bot.contracts.vendor import Measure, Reading
from bot.desk.paging import LOOKED_FOR, PAGE, PAGES, page
from bot.requests.orders import SAME_THING
from bot.running.demo import sandbox_config
from bot.running.logs import setup
from bot.running.serve import spare_the_collector
from bot.store import claims, dialogues, events, notices, requests, samples
from bot.store.database import Database
from bot.store.moments import to_text
from integrations.sandbox import Sandbox
from tests.stage import StageClock, stage

ROUNDS = 5
AT_ONCE = 16
ASKED = 200  # times each question
TYPED = (
    "status",
    "status pending",
    "status mine",
    "status #{n}",
    "show {name}",
    "sign list",
    "template list",
    "history",
    "history 7d",
    "history #{n}",
    "why #{n}",
    "path",
    "path {name}",
    "report",
    "digest",
    "report 365d",
    "alerts",
    "replies",
    "health",
    "oncall",
    "subscriptions",
)
"""What people ask of the record; a number or name of its own each time."""
TYPED_TIMES = 100
TYPED_SECONDS = 5.0
PATIENCE = 60.0  # seconds until a start counts as failed
LAUNCHER = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""
"""A small process in between: a child's peak begins with what its parent held, and this program holds a lot."""

WIDEST = {State.IN_REVIEW: timedelta(minutes=10), State.APPROVED: timedelta(hours=3)}
PLACE = Place("slack", "C0BENCH")
ME = Actor("slack", "U0001", name="me")
READING = Reading("package", Measure.PACKAGE, remaining=Decimal(1))

Question = Callable[[Any], Any]


# --- Commits ---------------------------------------------------------------------------------------------------------


def raw_commits(path: Path, seconds: float) -> float:
    """Bare sqlite3: one row a transaction, durable."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    done = 0
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
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


async def commits(
    database: Database, change: Callable[[int], Question], at_once: int, seconds: float
) -> tuple[float, list[float]]:
    """Commits per second through the program's database, and how long each took, in ms."""
    took: list[float] = []
    start = time.perf_counter()

    async def caller() -> None:
        while (before := time.perf_counter()) - start < seconds:
            await database.write(change(len(took)))
            took.append((time.perf_counter() - before) * 1000)

    await asyncio.gather(*(caller() for _ in range(at_once)))
    return len(took) / (time.perf_counter() - start), took


async def measure_commits(report: Report, folder: Path, seconds: float) -> None:
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
                    rates[way].append(raw_commits(folder / "commits.db", seconds))
                    continue
                rate, took = await commits(database, change, at_once, seconds)
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


def questions(size: int) -> dict[str, Callable[[random.Random], Question]]:
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
        return chance.randint(1, size)

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
        )(chance.randint(0, NAMES - 1)),
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
        )(chance.randint(0, NAMES - 1)),
        "settle: is this vendor id known": lambda chance: (
            lambda n: lambda db: requests.known_refs(db, ACCOUNTS[n % 3], Kind.TEMPLATE, [f"REF{n}"])
        )(number(chance)),
        "tick: what is queued": lambda _: lambda db: requests.in_states(db, (State.QUEUED,), "aliyun"),
        "tick: whom to ask about": lambda _: lambda db: requests.due_looks(db, "aliyun", NOW, WIDEST),
        "health: messages by state": lambda _: notices.counts,
        "health: requests on their way": lambda _: lambda db: requests.count_in(db, IN_FLIGHT),
        "tick: the next notice": lambda _: claims.next_due,
        "tick: the dialogue": lambda _: lambda db: dialogues.get(db, PLACE, ME),
        "tick: notices waiting": lambda _: lambda db: claims.waiting(db, PLACE, NOW),
    }


async def measure_questions(report: Report, path: Path, size: int) -> None:
    """Every question often, one at a time."""
    table = f"With {size:,} requests, ms (p95 < 20 wanted)"
    async with Database(path) as database:
        for title, make in questions(size).items():
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
                table,
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
            table,
            question="one durable commit",
            p50=quantile(took, 0.5),
            p95=quantile(took, 0.95),
            most=max(took),
            times=len(took),
        )


async def measure_typed(report: Report, folder: Path, size: int) -> None:
    """What people type, from the words to the answer, in the whole bot on that record."""
    table = f"Typed with {size:,} requests, ms to the answer (p95 < 20 wanted)"
    async with stage(folder, clock=StageClock(NOW)) as s:
        spare_the_collector()  # as `serve` does
        clerk = Clerk(s)
        chance = random.Random(13)  # noqa: S311 - repeatable, nothing secret

        def text(pattern: str) -> str:
            return pattern.format(n=chance.randint(1, size), name=f"名称{chance.randint(0, NAMES - 1)}")

        for pattern in TYPED:
            took = []
            begun = time.perf_counter()
            for turn in range(TYPED_TIMES + WARM):
                one = await clerk.timed(text(pattern))
                if turn >= WARM:
                    took.append(one.passed)
                if time.perf_counter() - begun > TYPED_SECONDS and len(took) > 5:
                    break  # far too slow; enough is known
            report.row(
                table,
                typed=pattern,
                p50=quantile(took, 0.5),
                p95=quantile(took, 0.95),
                most=max(took),
                times=len(took),
            )


# --- The program on it -----------------------------------------------------------------------------------------------


async def measure_starts(report: Report, configs: dict[str, Path]) -> None:
    """`signpost run` until it is ready, the records taking turns."""
    found: dict[str, list[float]] = {name: [] for name in configs}
    for turn in range(ROUNDS + 1):  # the first one warms the caches
        for name, config in configs.items():
            took = await ready(config)
            if turn:
                found[name].append(took)
    empty = found["empty"]
    for name, times in found.items():
        report.row(
            "From process start to ready (within 1.1 × of an empty record wanted)",
            record=name,
            ready_ms=1000 * median(times),
            lowest_ms=1000 * min(times),
            of_empty=median([one / other for one, other in zip(times, empty, strict=True)]),
            of_empty_lowest=min(times) / min(empty),
        )


async def ready(config: Path) -> float:
    """Seconds from the start of the process to its line `running`."""
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--config", str(config), stderr=asyncio.subprocess.PIPE, cwd=REPOSITORY
    )
    assert process.stderr is not None  # noqa: S101 - made with a pipe
    said = b""
    try:
        async with asyncio.timeout(PATIENCE):
            async for line in process.stderr:
                said += line
                if b'"event": "running"' in line:
                    return time.perf_counter() - begun
        raise RuntimeError(said.decode())
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.communicate()


def measure_commands(report: Report, configs: dict[str, Path], folder: Path) -> None:
    """The commands for operators, each in a process of its own."""
    for name, config in configs.items():
        commands = {
            "export --format csv": ("export", "--format", "csv"),
            "export --format json": ("export", "--format", "json"),
            "verify": ("verify",),
            "backup": ("backup", str(folder / f"{name}.copy")),
        }
        for command, (word, *more) in commands.items():
            seconds, peak, written = ended(word, "--config", str(config), *more)
            copy = folder / f"{name}.copy"
            if copy.exists():
                written = copy.stat().st_size
                copy.unlink()
            report.row(
                "For operators (export < 100 MiB of memory wanted)",
                record=name,
                command=command,
                seconds=seconds,
                peak_mib=peak,
                written_mib=written / MEBIBYTE,
            )


def ended(*arguments: str) -> tuple[float, float, int]:
    """Seconds until a command has ended, the memory in MiB that it reached, and how many bytes it printed."""
    begun = time.perf_counter()
    launched = (sys.executable, "-c", LAUNCHER, sys.executable, "-m", "bot", *arguments)
    with subprocess.Popen(launched, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=REPOSITORY) as process:
        assert process.stdout is not None  # noqa: S101 - made with a pipe
        assert process.stderr is not None  # noqa: S101 - made with a pipe
        size = sum(len(part) for part in iter(partial(process.stdout.read, 1 << 20), b""))
        said = process.stderr.read().decode()
    if process.returncode:
        raise RuntimeError(f"{arguments} ended with {process.returncode}: {said}")
    return time.perf_counter() - begun, int(said.split()[-1]) / 1024, size


async def measure_large(report: Report, folder: Path, size: int) -> None:
    """Fill a record, ask it, and run the program on it and on an empty one."""
    names = {"empty": 0, f"{size:,} requests": size}
    async with Sandbox() as sandbox:
        configs: dict[str, Path] = {}
        for name, requests_ in names.items():
            home = folder / str(requests_)
            (home / "data").mkdir(parents=True)
            configs[name] = home / "config.toml"
            configs[name].write_text(sandbox_config(sandbox))
            async with Database(home / "data" / "signpost.db"):
                pass  # makes the tables
        path = folder / str(size) / "data" / "signpost.db"
        seconds = await asyncio.to_thread(Large(size).fill, path)
        weighs = path.stat().st_size / MEBIBYTE
        report.note(
            f"{size:,} requests, {EVENTS * size:,} events, {NOTICES * size:,} notices, {weighs:,.0f} MiB, "
            f"written in {seconds:.0f} s."
        )
        # These before anything else changes the record.
        await asyncio.to_thread(measure_commands, report, configs, folder)
        await measure_questions(report, path, size)
        await measure_typed(report, path.parent, size)
        await measure_starts(report, configs)


async def run(size: int, seconds: float) -> None:
    """All parts, in a folder that is removed afterwards."""
    report = Report("record", "The record: durable commits, and a record of so many requests", ("sqlite-utils",))
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as name:
        folder = Path(name)
        await measure_commits(report, folder, seconds)
        await measure_large(report, folder, size)
    report.note(f"SQLite {sqlite3.sqlite_version}; commits: medians of {ROUNDS} rounds of {seconds} s.")
    report.finish()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--requests", type=int, default=1_000_000, help="in the large record, from 2,000 (1,000,000)"
    )
    arguments.add_argument("--seconds", type=float, default=0.8, help="of one measurement of commits (0.8)")
    chosen = arguments.parse_args()
    with Path(os.devnull).open("w") as nowhere:
        setup("INFO", json=True, secrets=(), stream=nowhere)  # a log, as `run` has one
        asyncio.run(run(chosen.requests, chosen.seconds))
