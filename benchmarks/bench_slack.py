"""From a slash command to its acknowledgement: the whole program against a bare Bolt app that only acknowledges.

Three processes. The workspaces (one for each app, the tests' emulator) and the sandbox are in one, the two apps in one
each, so that no loop is shared. Rounds alternate: 500 commands are written to the sockets as fast as they go, and the
time of each is taken from its writing to the reading of its acknowledgement, both at Slack's end. Ours really does the
work: rights, record, answer; what is timed nowhere is counted, every command must have been answered in the end.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from report import Child, Report, answer, children, median, quantile

from bot.running.logs import setup

ROUNDS = 7
COMMANDS = 500
SOCKETS = 2  # as `sockets` has it by default; the bare app has as many
CONVERSATIONS = 25
WANTED = " (p50 within 1.3 ×, p99 < 150 wanted)"
BUSY = f", while {COMMANDS} others are being answered"
WAYS = {  # how many conversations, how many times in a row
    f"in one conversation{WANTED}": (1, 1),
    f"in {CONVERSATIONS} conversations{WANTED}": (CONVERSATIONS, 1),
    f"in {CONVERSATIONS} conversations{BUSY}": (CONVERSATIONS, 2),
}
PATIENCE = 60.0  # seconds until what has not been answered counts as lost
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

    async with Slack() as bare, Slack() as ours, Sandbox(limits=False) as sandbox:
        served = {"bare": bare, "ours": ours}
        for slack in served.values():
            for number in range(CONVERSATIONS):
                slack.channels[conversation(number)] = Channel(conversation(number))
        text = sandbox_config(sandbox, demo=False).replace("http_listen", "# http_listen")
        text += CONFIG.format(bot=BOT_TOKEN, app=APP_TOKEN, url=ours.base_url)
        text += "".join(CONVERSATION.format(id=conversation(number)) for number in range(CONVERSATIONS))
        answer({"bare": bare.base_url, "config": text, "bot_token": BOT_TOKEN, "app_token": APP_TOKEN})
        while line := await asyncio.to_thread(sys.stdin.readline):
            order = json.loads(line)
            slack = served[order["app"]]
            answer(await burst(slack, **{key: value for key, value in order.items() if key != "app"}))


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
            await slack.until(lambda delivery=delivery: delivery.acked_after is not None, seconds=PATIENCE)
    if answered:
        await slack.until(lambda: answers() >= waves * commands, seconds=PATIENCE)
    slack.deliveries.clear()
    took = [1000 * delivery.acked_after for delivery in sent]
    return {"took": took, "answers": answers(), "refused": len(slack.refused)}


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
        await handler.connect_async()
    answer("ready")
    await until_orders_end()
    for handler in handlers:
        await handler.close_async()


async def whole(folder: Path) -> None:
    """The program as it runs, but for the pause of a second between two messages of a channel."""
    from bot.contracts.chat import Chat
    from bot.contracts.clock import SystemClock
    from bot.running.app import Bot, running
    from bot.running.config import parse
    from bot.running.serve import spare_the_collector
    from bot.running.vendors import ACCOUNTS
    from integrations.slack.client import Slack

    settings = parse((folder / "config.toml").read_text(), accounts=ACCOUNTS, environ={}, base=folder)
    assert settings.slack is not None  # noqa: S101 - stands in the text
    chat = Slack(settings.slack, language=lambda _: "en", per_channel=0.0)

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


def measure(report: Report, folder: Path) -> None:
    """Rounds take turns; the first one warms both."""
    slack = Child(__file__, "workspaces")
    with children(slack):
        (folder / "config.toml").write_text(slack.ready["config"])
        tokens = (slack.ready["bot_token"], slack.ready["app_token"])
        apps = (Child(__file__, "bare", slack.ready["bare"], *tokens), Child(__file__, "whole", str(folder)))
        with children(*apps):

            def order(app: str, text: str, commands: int, places: int, waves: int) -> list[float]:
                said = {"text": text, "commands": commands, "places": places, "waves": waves}
                told = slack.ask(json.dumps({"app": app, **said, "answered": app == "ours"}))
                if told["refused"] or (app == "ours" and told["answers"] != waves * commands):
                    raise RuntimeError(f"{app}: {told['answers']} answers to {said}, {told['refused']} refused")
                return list(told["took"])

            for number in range(STORED):
                order("ours", f"sign submit ucloud 速达{chr(0x4E00 + number)}流 source=company", 1, 1, 1)
            for name, (places, waves) in WAYS.items():
                rounds: dict[str, list[list[float]]] = {"bare": [], "ours": []}
                for turn in range(ROUNDS + 1):
                    for app, found in rounds.items():
                        took = order(app, "status", COMMANDS, places, waves)
                        if turn:
                            found.append(took)
                table(report, name, rounds)


def table(report: Report, name: str, rounds: dict[str, list[list[float]]]) -> None:
    """A row for each app: medians of the rounds' figures; the ratio is the median of the rounds' own."""
    middles = {app: [quantile(took, 0.5) for took in found] for app, found in rounds.items()}
    for app, found in rounds.items():
        every = [one for took in found for one in took]
        report.row(
            f"Milliseconds to the acknowledgement, {COMMANDS} commands at once {name}",
            app={"bare": "bare Bolt", "ours": "Signpost"}[app],
            p50=median(middles[app]),
            p50_lowest=min(middles[app]),
            p95=median([quantile(took, 0.95) for took in found]),
            p99=median([quantile(took, 0.99) for took in found]),
            most=max(every),
            times_bare_p50=median([one / bare for one, bare in zip(middles[app], middles["bare"], strict=True)]),
            lost=COMMANDS * len(found) - len(every),
        )


def run() -> None:
    """Measure in a folder that is removed afterwards."""
    report = Report("slack", "Slash command to acknowledgement", ("slack-bolt", "slack-sdk", "aiohttp"))
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as name:
        measure(report, Path(name))
    report.note(
        f"Medians of {ROUNDS} alternating rounds; {SOCKETS} connections each. Every command of ours was answered."
    )
    report.finish()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["workspaces"]:
            asyncio.run(workspaces())
        case ["bare", url, bot_token, app_token]:
            asyncio.run(bare(url, bot_token, app_token))
        case ["whole", folder]:
            with Path(os.devnull).open("w") as nowhere:
                setup("INFO", json=True, secrets=("bench-secret",), stream=nowhere)
                asyncio.run(whole(Path(folder)))
        case _:
            run()
