"""From a slash command to its acknowledgement: the whole program against a bare Bolt app that only acknowledges.

Three processes. The workspaces (one for each app, the tests' emulator) and the sandbox are in one, the two apps in one
each, so that no loop is shared. Rounds alternate: 500 commands are written to the sockets as fast as they go, and the
time of each is taken from its writing to the reading of its acknowledgement, both at Slack's end. Ours really does the
work: rights, record, answer; what is timed nowhere is counted, every command must have been answered in the end.

At the end four channels are flooded, with the pause of a second between two messages of a channel, and one after the
other somebody asks once in each other channel: how long until that is acknowledged, and until it is answered.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from report import Child, Report, answer, children, median, quantile

from bot.running.logs import setup

SOCKETS = 2  # as `sockets` has it by default; the bare app has as many
CONVERSATIONS = 25
FLOODED = 4
WANTED = " (p50 within 1.3 ×, p99 < 150 wanted)"
BUSY = f", while as many answers are given{WANTED}"
WAYS = {  # how many conversations, how many times in a row
    f"in one conversation{WANTED}": (1, 1),
    f"in {CONVERSATIONS} conversations{WANTED}": (CONVERSATIONS, 1),
    f"in {CONVERSATIONS} conversations{BUSY}": (CONVERSATIONS, 2),
}
PATIENCE = 300.0  # seconds until what has not been answered counts as lost
STORED = 20  # requests that `status` speaks of

CONFIG = """
[slack]
bot_token = "{bot}"
app_token = "{app}"
base_url = "{url}"
"""
CONVERSATION = """
[[conversation]]
platform = "slack"
id = "{id}"
default_role = "submitter"
"""


# --- Slack's end -----------------------------------------------------------------------------------------------------


def conversation(number: int) -> str:
    """Id of one of the conversations."""
    return f"C0BENCH{number}"


async def workspaces() -> None:
    """Two workspaces and the vendors; orders come in lines."""
    from bot.running.demo import sandbox_config
    from integrations.sandbox import Sandbox
    from tests.emulators.slack.server import Slack
    from tests.emulators.slack.team import APP_TOKEN, BOT_TOKEN, Channel

    async with Slack() as bare, Slack() as ours, Slack() as paced, Sandbox(limits=False) as sandbox:
        served = {"bare": bare, "ours": ours, "paced": paced}
        for slack in served.values():
            for number in range(CONVERSATIONS):
                slack.channels[conversation(number)] = Channel(conversation(number))
        text = sandbox_config(sandbox, demo=False).replace("http_listen", "# http_listen")
        text += "".join(CONVERSATION.format(id=conversation(number)) for number in range(CONVERSATIONS))
        configs = {
            app: text + CONFIG.format(bot=BOT_TOKEN, app=APP_TOKEN, url=served[app].base_url)
            for app in ("ours", "paced")
        }
        answer({"bare": bare.base_url, "configs": configs, "bot_token": BOT_TOKEN, "app_token": APP_TOKEN})
        while line := await asyncio.to_thread(sys.stdin.readline):
            order = json.loads(line)
            slack = served[order.pop("app")]
            what: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {"burst": burst, "flood": flood}
            does = what[order.pop("does")]
            answer(await does(slack, **order))


async def burst(slack: Any, text: str, commands: int, places: int, waves: int, answered: bool) -> dict[str, Any]:
    """So many commands in one instant; milliseconds to each acknowledgement, and how many were answered.

    With more waves than one, the next begins when the one before is acknowledged, and the last is timed.
    """
    slack.calls.clear()
    before = {number: len(slack.said(conversation(number))) for number in range(places)}

    def answers() -> int:
        return sum(len(slack.said(conversation(number))) - before[number] for number in before)

    await slack.until(lambda: len(slack.sockets) >= SOCKETS, seconds=PATIENCE)
    sent: list[Any] = []
    for _ in range(waves):
        sent = [await slack.slash(text, channel=conversation(number % places)) for number in range(commands)]
        for delivery in sent:
            await slack.until(lambda delivery=delivery: delivery.took is not None, seconds=PATIENCE)
    if answered:
        await slack.until(lambda: answers() >= waves * commands, seconds=PATIENCE)
    slack.deliveries.clear()
    took = [1000 * delivery.took for delivery in sent]
    return {"took": took, "answers": answers(), "refused": len(slack.refused)}


async def flood(slack: Any, text: str, commands: int, answered: bool) -> dict[str, Any]:
    """So many commands in the flooded channels, then one in each other channel; milliseconds of the latter.

    `alone` are as many that were asked before.
    """
    await slack.until(lambda: len(slack.sockets) >= SOCKETS, seconds=PATIENCE)

    async def asked(number: int) -> tuple[float, float]:
        channel = conversation(number)
        before, begun = len(slack.said(channel)), time.perf_counter()
        delivery = await slack.slash(text, channel=channel)
        await slack.until(lambda: delivery.took is not None, seconds=PATIENCE)
        if answered:
            await slack.until(lambda: len(slack.said(channel)) > before, seconds=PATIENCE)
        return 1000 * delivery.took, 1000 * (time.perf_counter() - begun)

    others = range(FLOODED, CONVERSATIONS)
    alone = [await asked(number) for number in others]
    for number in range(commands):
        await slack.slash(text, channel=conversation(number % FLOODED))
    during = [await asked(number) for number in others]
    waiting = commands - sum(len(slack.said(conversation(number))) for number in range(FLOODED))
    return {"alone": alone, "during": during, "waiting": waiting, "refused": len(slack.refused)}


# --- The apps --------------------------------------------------------------------------------------------------------


async def bare(url: str, bot_token: str, app_token: str) -> None:
    """Bolt with one listener that acknowledges and does nothing else."""
    from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
    from slack_bolt.app.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    app = AsyncApp(client=AsyncWebClient(token=bot_token, base_url=url))

    @app.command("/sms")
    async def command(ack: Any) -> None:
        await ack()

    handlers = [AsyncSocketModeHandler(app, app_token) for _ in range(SOCKETS)]
    for handler in handlers:
        await handler.connect_async()  # type: ignore[no-untyped-call]
    answer("ready")
    await until_orders_end()
    for handler in handlers:
        await handler.close_async()  # type: ignore[no-untyped-call]


async def whole(folder: Path, per_channel: float) -> None:
    """The program as it runs, with so many seconds between two messages of a channel."""
    from bot.contracts.chat import Chat
    from bot.contracts.clock import SystemClock
    from bot.running.app import running
    from bot.running.bot import Bot
    from bot.running.config import parse
    from bot.running.serve import spare_the_collector
    from bot.running.vendors import ACCOUNTS
    from integrations.slack.client import Slack

    settings = parse((folder / "config.toml").read_text(), accounts=ACCOUNTS, environ={}, base=folder)
    assert settings.slack is not None  # noqa: S101 - stands in the text
    chat = Slack(settings.slack, language=lambda _: "en", per_channel=per_channel)

    def chats(_: Callable[[], Bot]) -> Sequence[Chat]:
        return (chat,)

    async with running(settings, clock=SystemClock(), chats=chats):
        spare_the_collector()  # as `serve` does
        answer("ready")
        await until_orders_end()


async def until_orders_end() -> None:
    """An app gets no orders, only their end."""
    await asyncio.to_thread(sys.stdin.read)


# --- The measurement -------------------------------------------------------------------------------------------------


def measure(report: Report, folder: Path, rounds: int, commands: int) -> None:
    """Rounds take turns; the first one warms both."""
    slack = Child(__file__, "workspaces")
    tokens = (slack.ready["bot_token"], slack.ready["app_token"])
    with children(slack):
        for app, config in slack.ready["configs"].items():
            (folder / app).mkdir()
            (folder / app / "config.toml").write_text(config)
        bare = Child(__file__, "bare", slack.ready["bare"], *tokens)
        with children(bare):
            with children(Child(__file__, "whole", str(folder / "ours"), "0")):
                measure_bursts(report, slack, rounds, commands)
            # What the flood leaves unanswered ends with its process.
            with children(Child(__file__, "whole", str(folder / "paced"), "1")):
                measure_flood(report, slack, commands)


def measure_bursts(report: Report, slack: Child, rounds: int, size: int) -> None:
    """All commands at once, in every way."""

    def order(app: str, text: str, commands: int, places: int, waves: int) -> list[float]:
        said = {"text": text, "commands": commands, "places": places, "waves": waves}
        told = slack.ask(json.dumps({"app": app, "does": "burst", **said, "answered": app == "ours"}))
        if told["refused"] or (app == "ours" and told["answers"] != waves * commands):
            raise RuntimeError(f"{app}: {told['answers']} answers to {said}, {told['refused']} refused")
        return list(told["took"])

    for number in range(STORED):
        order("ours", f"sign submit ucloud 速达{chr(0x4E00 + number)}流 source=company", 1, 1, 1)
    for name, (places, waves) in WAYS.items():
        found: dict[str, list[list[float]]] = {"bare": [], "ours": []}
        for turn in range(rounds + 1):
            for app in found:
                took = order(app, "status", size, places, waves)
                if turn:
                    found[app].append(took)
        table(report, name, found, size)


def measure_flood(report: Report, slack: Child, commands: int) -> None:
    """What is asked in other channels while some are flooded."""
    for app, title in {"bare": "bare Bolt", "paced": "Signpost"}.items():
        said = {"text": "status", "commands": commands, "answered": app == "paced"}
        told = slack.ask(json.dumps({"app": app, "does": "flood", **said}))
        if told["refused"]:
            raise RuntimeError(f"{app}: {told['refused']} refused")
        for when, what in {"alone": "before", "during": f"{FLOODED} others flooded by {commands} commands"}.items():
            acknowledged, answers = zip(*told[when], strict=True)
            report.row(
                "Milliseconds for one command in each other channel",
                app=title,
                when=what,
                ack_p50=median(acknowledged),
                ack_most=max(acknowledged),
                answer_p50=median(answers) if app == "paced" else "",
                answer_p95=quantile(answers, 0.95) if app == "paced" else "",
                answer_most=max(answers) if app == "paced" else "",
                still_waiting=told["waiting"] if app == "paced" and when == "during" else "",
            )


def table(report: Report, name: str, rounds: dict[str, list[list[float]]], commands: int) -> None:
    """A row for each app: medians of the rounds' figures; the ratio is the median of the rounds' own."""
    middles = {app: [quantile(took, 0.5) for took in found] for app, found in rounds.items()}
    for app, found in rounds.items():
        every = [one for took in found for one in took]
        report.row(
            f"Milliseconds to the acknowledgement, {commands} commands at once {name}",
            app={"bare": "bare Bolt", "ours": "Signpost"}[app],
            p50=median(middles[app]),
            p50_lowest=min(middles[app]),
            p95=median([quantile(took, 0.95) for took in found]),
            p99=median([quantile(took, 0.99) for took in found]),
            most=max(every),
            times_bare_p50=median([one / bare for one, bare in zip(middles[app], middles["bare"], strict=True)]),
            lost=commands * len(found) - len(every),
        )


def run(rounds: int, commands: int) -> None:
    """Measure in a folder that is removed afterwards."""
    report = Report("slack", "Slash command to acknowledgement", ("slack-bolt", "slack-sdk", "aiohttp"))
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as name:
        measure(report, Path(name), rounds, commands)
    report.note(
        f"Medians of {rounds} alternating rounds; {SOCKETS} connections each. Every command of ours was answered, "
        "but for the flood's, which Slack takes one a second in a channel."
    )
    report.finish()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["workspaces"]:
            asyncio.run(workspaces())
        case ["bare", url, bot_token, app_token]:
            asyncio.run(bare(url, bot_token, app_token))
        case ["whole", folder, per_channel]:
            with Path(os.devnull).open("w") as nowhere:
                setup("INFO", json=True, secrets=("bench-secret",), stream=nowhere)
                asyncio.run(whole(Path(folder), float(per_channel)))
        case _:
            arguments = argparse.ArgumentParser(description=__doc__)
            arguments.add_argument("--rounds", type=int, default=7, help="of each way (7)")
            arguments.add_argument("--commands", type=int, default=500, help="at once (500)")
            chosen = arguments.parse_args()
            run(chosen.rounds, chosen.commands)
