"""From process start to ready, and what it weighs: `signpost run` as a real process, chats and vendors on loopback.

It runs in an environment of `requirements.lock` alone, as it is installed, which is made once beside this file: what the
test tools bring would be imported too. Ready is the log line `running`: the record is open, workers and timer run, every
chat is started. The first socket is when the chat's far end has the first connection. Memory is the resident size after a
minute of work, in which somebody asks or submits something once a second. A bare interpreter stands beside it.
"""

import argparse
import asyncio
import contextlib
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from report import MEBIBYTE, REPOSITORY, Report, median, resident

from bot.running.demo import sandbox_config
from integrations.sandbox import Sandbox
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import APP_TOKEN, BOT_TOKEN, Channel

ENVIRONMENT = REPOSITORY / "benchmarks" / ".venv"
PATIENCE = 30.0  # seconds until a start counts as failed
AS_INSTALLED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""What is installed has its bytecode beside it; without, each start would compile every module anew (0.2 s)."""
SAID = ("status", "help", "sign list", "quota", "history", "sign submit all 速达{}流 source=company")

SLACK = """
[slack]
bot_token = "{bot}"
app_token = "{app}"
base_url = "{url}"

[[conversation]]
platform = "slack"
id = "C0SMS"
topics = ["reviews", "alerts"]
default_role = "submitter"
"""
DINGTALK = """
[dingtalk]
client_id = "{id}"
client_secret = "{secret}"
api_base = "{url}"
oapi_base = "{url}"
allowed_webhook_hosts = ["{host}"]

[[conversation]]
platform = "dingtalk"
id = "cidGroupOne=="
language = "zh"
topics = ["alerts"]
default_role = "submitter"
"""


@dataclass
class Start:
    """One start, in seconds and MiB."""

    ready: float
    socket: float | None
    memory: float


Work = Callable[[int], Awaitable[object]]
"""Somebody says something, the nth time."""


def environment() -> Path:
    """The interpreter of an environment of `requirements.lock` alone; made anew when the lock changes."""
    lock = REPOSITORY / "requirements.lock"
    made_of = ENVIRONMENT / "made-of"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    python = ENVIRONMENT / "bin" / "python"
    if not made_of.exists() or made_of.read_text() != digest:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
        quietly = ("--quiet", "--disable-pip-version-check", "--no-input")
        install = [str(python), "-m", "pip", "install", *quietly, "--require-hashes", "-r", str(lock)]
        subprocess.run(install, check=True, stdout=sys.stderr)
        made_of.write_text(digest)
    return python


async def started(
    python: Path, config: Path, opened: Callable[[], int], work: Sequence[Work] = (), seconds: float = 0.0
) -> Start:
    """Start the program, wait until it is ready, let it work for so long, and stop it."""
    before = opened()
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(str(python), "-m", "bot", "run", "--config", str(config)),
        stderr=asyncio.subprocess.PIPE,
        cwd=REPOSITORY,
        env=AS_INSTALLED,
    )
    socket: float | None = None

    async def watch() -> None:
        nonlocal socket
        while opened() == before:  # noqa: ASYNC110 - the far end is the test's own and tells nobody
            await asyncio.sleep(0.002)
        socket = time.perf_counter() - begun

    watching = asyncio.create_task(watch())
    reading: asyncio.Task[None] | None = None
    try:
        async with asyncio.timeout(PATIENCE):
            ready = await _ready(process, begun)
        reading = asyncio.create_task(_drain(process))
        until = time.perf_counter() + seconds
        number = 0
        while (left := until - time.perf_counter()) > 0:
            for say in work:
                await say(number)
            number += 1
            await asyncio.sleep(min(1.0, left))
        return Start(ready, socket, resident(process.pid))
    finally:
        for task in (watching, reading):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def _drain(process: asyncio.subprocess.Process) -> None:
    """A log that nobody reads would stop the program."""
    assert process.stderr is not None  # noqa: S101 - made with a pipe
    async for _ in process.stderr:
        pass


async def _ready(process: asyncio.subprocess.Process, begun: float) -> float:
    assert process.stderr is not None  # noqa: S101 - made with a pipe
    said = b""
    async for line in process.stderr:
        said += line
        if b'"event": "running"' in line:
            return time.perf_counter() - begun
    raise RuntimeError(said.decode())


async def ended(python: Path, *arguments: str) -> float:
    """How long a process takes that does its work and ends."""
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        str(python), *arguments, stdout=asyncio.subprocess.DEVNULL, cwd=REPOSITORY, env=AS_INSTALLED
    )
    if await process.wait():
        raise RuntimeError(arguments)
    return time.perf_counter() - begun


async def measure(report: Report, folder: Path, rounds: int, seconds: float) -> None:
    """Every configuration in every round, one after the other; then each at work."""
    python = await asyncio.to_thread(environment)
    async with Sandbox(limits=False) as sandbox, Slack() as slack, DingTalkEmulator() as dingtalk:
        slack.channels["C0SMS"] = Channel("C0SMS")
        with_slack = SLACK.format(bot=BOT_TOKEN, app=APP_TOKEN, url=slack.base_url)
        with_dingtalk = DINGTALK.format(
            id=dingtalk.client_id, secret=dingtalk.client_secret, url=dingtalk.url, host=dingtalk.host
        )

        async def on_slack(number: int) -> None:
            await slack.slash(say(number))

        async def on_dingtalk(number: int) -> None:
            await dingtalk.say(say(number))

        chats: dict[str, tuple[str, Sequence[Work]]] = {
            "three vendors, no chat": ("", ()),
            "three vendors, Slack": (with_slack, (on_slack,)),
            "three vendors, DingTalk": (with_dingtalk, (on_dingtalk,)),
            "three vendors, both chats": (with_slack + with_dingtalk, (on_slack, on_dingtalk)),
        }

        def written(name: str, text: str) -> Path:
            home = folder / name
            home.mkdir()
            (home / "config.toml").write_text(sandbox_config(sandbox) + text)
            return home / "config.toml"

        def opened() -> int:
            return slack.opened + dingtalk.opened

        starts: dict[str, list[Start]] = {name: [] for name in chats}
        short: dict[str, list[float]] = {"bare interpreter": [], "signpost --help": [], "signpost check": []}
        for turn in range(rounds + 1):  # the first one warms the caches
            for number, (name, (text, _)) in enumerate(chats.items()):
                start = await started(python, written(f"{number}-{turn}", text), opened)
                if turn:
                    starts[name].append(start)
            for name, arguments in _short(folder / f"0-{turn}" / "config.toml").items():
                took = await ended(python, *arguments)
                if turn:
                    short[name].append(took)
        for number, (name, (text, work)) in enumerate(chats.items()):
            at_work = await started(python, written(f"{number}-work", text), opened, work, seconds)
            sockets = [start.socket for start in starts[name] if start.socket is not None]
            report.row(
                "signpost run (first socket < 0.65 s, memory < 85 MB wanted with both chats)",
                configuration=name,
                ready_ms=1000 * median([start.ready for start in starts[name]]),
                ready_lowest_ms=1000 * min(start.ready for start in starts[name]),
                first_socket_ms=1000 * median(sockets) if sockets else "",
                first_socket_lowest_ms=1000 * min(sockets) if sockets else "",
                memory_ready_mib=median([start.memory for start in starts[name]]),
                memory_mib=at_work.memory,
                memory_mb=at_work.memory * MEBIBYTE / 1e6,
            )
    for name, times in short.items():
        report.row("Short commands, ms", command=name, median_ms=1000 * median(times), lowest_ms=1000 * min(times))


def say(number: int) -> str:
    """What somebody says the nth time."""
    return SAID[number % len(SAID)].format(chr(0x4E00 + number))


def _short(config: Path) -> dict[str, Sequence[str]]:
    return {
        "bare interpreter": ("-c", "pass"),
        "signpost --help": ("-m", "bot", "--help"),
        "signpost check": ("-m", "bot", "check", "--config", str(config)),
    }


async def run(rounds: int, seconds: float) -> None:
    """Measure in a folder that is removed afterwards."""
    report = Report(
        "start", "From process start to ready", ("slack-bolt", "dingtalk-stream", "aiohttp", "httpx", "pydantic")
    )
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as name:
        await measure(report, Path(name), rounds, seconds)
    report.note(
        f"Medians of {rounds} starts after one that warmed the caches; each start has a new record. "
        f"Memory when ready, and once after {seconds:.0f} s of work; an environment of requirements.lock alone."
    )
    report.finish()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5, help="starts of each configuration (5)")
    arguments.add_argument("--seconds", type=float, default=60.0, help="of work before memory is read (60)")
    chosen = arguments.parse_args()
    asyncio.run(run(chosen.rounds, chosen.seconds))
