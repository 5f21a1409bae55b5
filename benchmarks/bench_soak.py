"""What grows while the program works: memory, open files, the record with its log of writes (WAL), and the log.

`signpost run` as a process with both chats and three vendors, in an environment of `requirements.lock` alone. People ask
and submit without a pause, vendors decide, and every few seconds what the process holds is read. What a healthy program
shows is a line that becomes flat, but for the record and the log, which grow with what happens.
"""

import argparse
import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench_start import DINGTALK, PATIENCE, SLACK, environment, say
from report import MEBIBYTE, REPOSITORY, Report, resident

from bot.running.demo import sandbox_config
from integrations.sandbox import Sandbox
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import APP_TOKEN, BOT_TOKEN, Channel

CHANNELS = 10
CONVERSATION = """
[[conversation]]
platform = "slack"
id = "{id}"
default_role = "submitter"
"""


@asynccontextmanager
async def program(python: Path, config: Path, logged: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The running program, from ready to its end; its log goes to a file."""
    with logged.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            str(python), "-m", "bot", "run", "--config", str(config), stderr=out, cwd=REPOSITORY
        )
    try:
        async with asyncio.timeout(PATIENCE):
            while not _ready(logged):
                if process.returncode is not None:
                    raise RuntimeError(f"it ended with {process.returncode}")
                await asyncio.sleep(0.05)
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


def _ready(logged: Path) -> bool:
    return b'"event": "running"' in logged.read_bytes()


def holds(process: asyncio.subprocess.Process, data: Path, logged: Path) -> dict[str, float | int]:
    """What the process holds now."""
    sizes = {one.name: one.stat().st_size for one in data.iterdir()}
    tasks = Path(f"/proc/{process.pid}/task")
    return {
        "memory_mib": resident(process.pid),
        "open_files": len(list(Path(f"/proc/{process.pid}/fd").iterdir())),
        "threads": len(list(tasks.iterdir())),
        "files": len(sizes),
        "record_mib": sizes.get("signpost.db", 0) / MEBIBYTE,
        "wal_mib": sizes.get("signpost.db-wal", 0) / MEBIBYTE,
        "log_mib": logged.stat().st_size / MEBIBYTE,
    }


async def measure(report: Report, folder: Path, seconds: float, every: float, rate: float) -> None:
    """Let people talk to the program for so long, and read what it holds."""
    python = await asyncio.to_thread(environment)
    async with Sandbox(limits=False) as sandbox, Slack() as slack, DingTalkEmulator() as dingtalk:
        channels = [f"C0SOAK{number}" for number in range(CHANNELS)]
        slack.channels |= {name: Channel(name) for name in ("C0SMS", *channels)}
        text = sandbox_config(sandbox)
        text += SLACK.format(bot=BOT_TOKEN, app=APP_TOKEN, url=slack.base_url)
        text += DINGTALK.format(
            id=dingtalk.client_id, secret=dingtalk.client_secret, url=dingtalk.url, host=dingtalk.host
        )
        text += "".join(CONVERSATION.format(id=one) for one in channels)
        config, logged = folder / "config.toml", folder / "log"
        config.write_text(text)
        said = 0

        async def talk() -> None:
            nonlocal said
            while True:
                # Slack takes one message a second in a channel: spread over so many that nothing piles up by that.
                await slack.slash(say(said), channel=channels[said % CHANNELS])
                if said % CHANNELS == 0:
                    await dingtalk.say(say(said // CHANNELS))
                said += 1
                slack.deliveries[:-100] = []  # the emulator remembers everything; that is not what is measured
                await asyncio.sleep(1 / rate)

        async with program(python, config, logged) as process:
            talking = asyncio.create_task(talk())
            begun = time.monotonic()
            first: dict[str, float | int] = {}
            held: dict[str, float | int] = {}
            try:
                while (passed := time.monotonic() - begun) <= seconds:
                    held = holds(process, folder / "data", logged)
                    first = first or (held if passed >= seconds / 3 else {})
                    answered = sum(len(slack.said(one)) for one in channels)
                    report.row("Over time", seconds=round(passed), **held, said=said, answers=answered)
                    if process.returncode is not None or talking.done():
                        raise RuntimeError("the program or its people stopped")
                    await asyncio.sleep(every)
            finally:
                talking.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await talking
            for what in ("memory_mib", "open_files", "threads", "wal_mib", "log_mib"):
                report.row(
                    "From a third of the time to its end",
                    what=what,
                    then=first[what],
                    at_the_end=held[what],
                    grown=held[what] - first[what],
                )
        if slack.refused:
            report.note(f"Slack refused {len(slack.refused)}, the first: {slack.refused[0]}")


async def run(seconds: float, every: float, rate: float) -> None:
    """Measure in a folder that is removed afterwards."""
    report = Report("soak", "What grows while the program works", ("slack-bolt", "dingtalk-stream", "aiohttp", "httpx"))
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as name:
        await measure(report, Path(name), seconds, every, rate)
    report.note(
        f"{seconds:.0f} s, {rate:g} commands a second in {CHANNELS} channels of Slack, a tenth as many in DingTalk."
    )
    report.finish()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=300.0, help="of work (300)")
    arguments.add_argument("--every", type=float, default=15.0, help="seconds from one reading to the next (15)")
    arguments.add_argument("--rate", type=float, default=5.0, help="commands a second (5)")
    chosen = arguments.parse_args()
    asyncio.run(run(chosen.seconds, chosen.every, chosen.rate))
