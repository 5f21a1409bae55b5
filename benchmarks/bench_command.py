"""A command through our own path: from what was typed to what is stored and answered, without a chat's network.

The whole bot on the test stage, with a log as in production; the sandbox answers for the vendors. What is timed is
`Reception.receive`: parsing, rights, check, the durable write, the answer. What the vendors' workers do afterwards is
awaited between two commands and not timed. Beside it stands the processor time of the loop's thread: so long nobody
else is served, and it is much the same on a busy machine.
"""

import asyncio
import itertools
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from clerk import BURST, WARM, Clerk, Took
from report import Report, quantile

from bot.contracts.model import State
from bot.running.logs import setup
from bot.running.serve import spare_the_collector
from bot.store import requests
from tests.stage import Stage, stage

SUBMISSIONS = 150
READS = 400
READ = (
    "status #17",
    "status",
    "status mine",
    "sign list",
    "history",
    "show #17",
    "report",
    "check sign 速达物流",
    "help",
    "sing lst",
)
CHARACTERS = "速达物流启明书店优选到家快运货云海星河山川"


def names() -> Iterator[str]:
    """Names of four characters that no reviewer refuses, each once."""
    return ("".join(four) for four in itertools.product(CHARACTERS, repeat=4))


async def measure(report: Report, s: Stage) -> None:
    """Submissions first, so that what is read has something to read."""
    clerk = Clerk(s)
    fresh = names()

    def row(command: str, times: list[Took]) -> None:
        took = [one.passed for one in times]
        report.row(
            "Milliseconds from typed to stored and answered (p99 < 10 wanted)",
            command=command,
            p50=quantile(took, 0.5),
            p95=quantile(took, 0.95),
            p99=quantile(took, 0.99),
            most=max(took),
            loop_p50="" if command.endswith("instant") else quantile([one.loop for one in times], 0.5),
            times=len(took),
        )

    one = await clerk.often(lambda: f"sign submit ucloud {next(fresh)} source=company", SUBMISSIONS)
    row("sign submit, one vendor", one)
    row(
        "sign submit all, three vendors",
        await clerk.often(lambda: f"sign submit all {next(fresh)} source=company", SUBMISSIONS),
    )
    template = 'template submit ucloud 登录{name} type=otp content="您的验证码是${{code}}，{name}，5分钟内有效。"'
    row("template submit, one vendor", await clerk.often(lambda: template.format(name=next(fresh)), SUBMISSIONS))
    await s.work()
    stored = await s.bot.services.database.read(lambda db: requests.latest(db, limit=10_000))
    left = Counter(request.state for request in stored if request.state not in (State.IN_REVIEW, State.FAILED))
    if len(stored) != 5 * (SUBMISSIONS + WARM) or left:  # Tencent takes fifty signatures and refuses the others
        raise RuntimeError(f"{len(stored)} stored, not sent: {left}")
    for command in READ:
        row(command, await clerk.often(lambda command=command: command, READS))  # type: ignore[misc]
    bursts = [
        took
        for _ in range(5)
        for took in await clerk.at_once(lambda: f"sign submit ucloud {next(fresh)} source=company")
    ]
    row(f"sign submit, {BURST} in one instant", bursts)


async def on_stage(report: Report, folder: Path) -> None:
    """Measure on a stage of its own."""
    async with stage(folder) as s:
        spare_the_collector()  # as `serve` does
        await measure(report, s)


def run() -> None:
    """Measure in a folder that is removed afterwards."""
    report = Report(
        "command", "A command handled and stored, through our own path", ("pydantic", "httpx", "sqlite-utils")
    )
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as name, Path(os.devnull).open("w") as nowhere:
        setup("INFO", json=True, secrets=("bench-secret",), stream=nowhere)
        asyncio.run(on_stage(report, Path(name)))
    report.finish()


if __name__ == "__main__":
    run()
