"""From process start to ready, and what it weighs: `signpost run` as a real process, chats and vendors on loopback.

Ready is the log line `running`: the record is open, workers and timer run, every chat is started. The first socket is
when the chat's far end has the first connection. Memory is the resident size after the first second of work, in which
every account's quota has been asked for. A bare interpreter stands beside it.
"""

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from report import REPOSITORY, Report, median, resident

from bot.running.demo import sandbox_config
from integrations.sandbox import Sandbox
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import APP_TOKEN, BOT_TOKEN

ROUNDS = 5
PATIENCE = 30.0  # seconds until a start counts as failed
SETTLED = 0.7  # seconds of work before memory is read

SLACK = """
[slack]
bot_token = "{bot}"
app_token = "{app}"
base_url = "{url}"

[[conversation]]
platform = "slack"
id = "C0SMS"
topics = ["reviews", "alerts"]
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
"""


@dataclass
class Start:
    """One start, in seconds and MiB."""

    ready: float
    socket: float | None
    memory: float


async def started(config: Path, opened: Callable[[], int]) -> Start:
    """Start the program, wait until it is ready, let it work a moment, and stop it."""
    before = opened()
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--config", str(config), stderr=asyncio.subprocess.PIPE, cwd=REPOSITORY
    )
    socket: float | None = None

    async def watch() -> None:
        nonlocal socket
        while opened() == before:  # noqa: ASYNC110 - the far end is the test's own and tells nobody
            await asyncio.sleep(0.002)
        socket = time.perf_counter() - begun

    watching = asyncio.create_task(watch())
    try:
        async with asyncio.timeout(PATIENCE):
            ready = await _ready(process, begun)
            await asyncio.sleep(SETTLED)
        return Start(ready, socket, resident(process.pid))
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def _ready(process: asyncio.subprocess.Process, begun: float) -> float:
    assert process.stderr is not None  # noqa: S101 - made with a pipe
    said = b""
    async for line in process.stderr:
        said += line
        if b'"event": "running"' in line:
            return time.perf_counter() - begun
    raise RuntimeError(said.decode())


async def ended(*arguments: str) -> float:
    """How long a process takes that does its work and ends."""
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.DEVNULL, cwd=REPOSITORY
    )
    if await process.wait():
        raise RuntimeError(arguments)
    return time.perf_counter() - begun


async def measure(report: Report, folder: Path) -> None:
    """Every configuration in every round, one after the other."""
    async with Sandbox() as sandbox, Slack() as slack, DingTalkEmulator() as dingtalk:
        with_slack = SLACK.format(bot=BOT_TOKEN, app=APP_TOKEN, url=slack.base_url)
        with_dingtalk = DINGTALK.format(
            id=dingtalk.client_id, secret=dingtalk.client_secret, url=dingtalk.url, host=dingtalk.host
        )
        chats = {
            "three vendors, no chat": "",
            "three vendors, Slack": with_slack,
            "three vendors, DingTalk": with_dingtalk,
            "three vendors, both chats": with_slack + with_dingtalk,
        }
        starts: dict[str, list[Start]] = {name: [] for name in chats}
        short: dict[str, list[float]] = {"bare interpreter": [], "signpost --help": [], "signpost check": []}
        for turn in range(ROUNDS + 1):  # the first one warms the caches
            for number, (name, text) in enumerate(chats.items()):
                home = folder / f"{number}-{turn}"
                home.mkdir()
                config = home / "config.toml"
                config.write_text(sandbox_config(sandbox) + text)
                start = await started(config, lambda: slack.opened + dingtalk.opened)
                if turn:
                    starts[name].append(start)
            config = folder / f"0-{turn}" / "config.toml"
            for name, arguments in _short(config).items():
                seconds = await ended(*arguments)
                if turn:
                    short[name].append(seconds)
    for name, found in starts.items():
        sockets = [start.socket for start in found if start.socket is not None]
        report.row(
            "signpost run (first socket < 1 s, memory < 90 MiB wanted with both chats)",
            configuration=name,
            ready_ms=1000 * median([start.ready for start in found]),
            ready_lowest_ms=1000 * min(start.ready for start in found),
            first_socket_ms=1000 * median(sockets) if sockets else "",
            memory_mib=median([start.memory for start in found]),
        )
    for name, times in short.items():
        report.row("Short commands, ms", command=name, median_ms=1000 * median(times), lowest_ms=1000 * min(times))


def _short(config: Path) -> dict[str, Sequence[str]]:
    return {
        "bare interpreter": ("-c", "pass"),
        "signpost --help": ("-m", "bot", "--help"),
        "signpost check": ("-m", "bot", "check", "--config", str(config)),
    }


async def run() -> None:
    """Measure in a folder that is removed afterwards."""
    report = Report(
        "start", "From process start to ready", ("slack-bolt", "dingtalk-stream", "aiohttp", "httpx", "pydantic")
    )
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as name:
        await measure(report, Path(name))
    report.note(f"Medians of {ROUNDS} starts after one that warmed the caches; each start has a new record.")
    report.finish()


if __name__ == "__main__":
    asyncio.run(run())
