"""`signpost run` as the operator meets it: what it says of itself, and what does not keep it from starting."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.acceptance.test_command_line import signpost, start
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import APP_TOKEN, BOT_TOKEN
from tests.forked import Forked

GROUP = "cidGroupOne=="
SECONDS = 30


@pytest.fixture
async def dingtalk() -> AsyncIterator[DingTalkEmulator]:
    async with DingTalkEmulator() as emulator:
        yield emulator


def configure(folder: Path, slack: Slack, dingtalk: DingTalkEmulator, *, listen: str = "", more: str = "") -> Path:
    (folder / "config.toml").write_text(
        f"""
[bot]
http_listen = "{listen}"
[slack]
bot_token = "{BOT_TOKEN}"
app_token = "{APP_TOKEN}"
base_url = "{slack.base_url}"
[dingtalk]
client_id = "{dingtalk.client_id}"
client_secret = "{dingtalk.client_secret}"
api_base = "{dingtalk.url}"
oapi_base = "{dingtalk.url}"
allowed_webhook_hosts = ["{dingtalk.host}"]
[[conversation]]
platform = "slack"
id = "C0SMS"
[[conversation]]
platform = "dingtalk"
id = "{GROUP}"
language = "zh"
{more}
""",
        encoding="utf-8",
    )
    return folder / "config.toml"


STOPS_WITHIN = 5.0
"""Seconds; on a machine with nothing else to do it takes a tenth of one."""


class Running:
    """A program that runs, and its log so far."""

    def __init__(self, process: Forked) -> None:
        self.process = process
        self.log: list[dict[str, str]] = []

    async def said(self, event: str, **fields: str) -> dict[str, str]:
        """Read the log until this is said."""
        assert self.process.stderr is not None
        async with asyncio.timeout(SECONDS):
            while True:
                line = await self.process.stderr.readline()
                assert line, self.log
                self.log.append(json.loads(line))
                if event in self.log[-1]["event"] and fields.items() <= self.log[-1].items():
                    return self.log[-1]

    async def stop(self) -> None:
        if self.process.returncode is None:
            self.process.terminate()
        async with asyncio.timeout(SECONDS):
            _, rest = await self.process.communicate()
        self.log += [json.loads(line) for line in rest.splitlines()]


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Running]:
    """Started by `begin`."""
    running = Running.__new__(Running)
    yield running
    if hasattr(running, "process"):
        await running.stop()


async def begin(running: Running, folder: Path) -> None:
    running.__init__(await start("run", cwd=folder))  # type: ignore[misc]


async def test_it_says_what_it_works_with_and_when_it_stops(
    tmp_path: Path, slack: Slack, dingtalk: DingTalkEmulator, run: Running
) -> None:
    more = '[[conversation]]\nplatform = "slack"\nid = "C0OUT"\n'
    config = configure(tmp_path, slack, dingtalk, more=more)
    await begin(run, tmp_path)
    serving = await run.said("serving")
    assert serving["config"] == str(config)
    assert serving["record"] == str(tmp_path / "data" / "signpost.db")
    assert serving["http_listen"] == "off"
    if not any("not served" in line["event"] for line in run.log):
        await run.said("a conversation of the configuration is not served")
    (why,) = [line["why"] for line in run.log if "not served" in line["event"]]
    assert why == "C0OUT (#elsewhere): the app is not in this channel: /invite it there"
    told = asyncio.get_running_loop().time()
    await run.stop()
    assert asyncio.get_running_loop().time() - told < STOPS_WITHIN
    assert run.process.returncode == 0
    assert [line["event"] for line in run.log][-2:] == ["stopping", "stopped"]


async def test_slack_down_at_start_keeps_dingtalk_from_nothing(
    tmp_path: Path, slack: Slack, dingtalk: DingTalkEmulator, run: Running
) -> None:
    configure(tmp_path, slack, dingtalk)
    slack.fail_next("auth.test", "internal_error", times=3)
    await begin(run, tmp_path)
    await run.said("not connected to slack; trying on")
    await dingtalk.until(lambda: dingtalk.connected)
    await dingtalk.say("健康")
    await dingtalk.until(
        lambda: any("not connected to Slack" in one.text or "slack" in one.text for one in dingtalk.shown)
    )
    await run.said("slack connected")
    await slack.acked(await slack.slash("help"))
    await run.stop()
    assert run.process.returncode == 0
    told = [line for line in run.log if line["event"] == "not connected to slack; trying on"]
    assert len(told) == 1, "the same failure is said once until it changes"
    assert "the tokens are not at fault" in told[0]["why"]


async def test_dingtalk_down_at_start_keeps_slack_from_nothing(
    tmp_path: Path, slack: Slack, dingtalk: DingTalkEmulator, run: Running
) -> None:
    configure(tmp_path, slack, dingtalk)
    dingtalk.fail_next("/gateway/", status=500, times=3)
    await begin(run, tmp_path)
    await run.said("slack connected")
    await slack.acked(await slack.slash("help"))
    await run.said("connected to DingTalk") if not dingtalk.connected else None
    await dingtalk.until(lambda: dingtalk.connected)
    await run.stop()
    assert run.process.returncode == 0
    assert len([line for line in run.log if line["event"] == "not connected to DingTalk"]) == 1


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        (BOT_TOKEN, "xoxb-wrong", "[slack] bot_token: Slack does not know it (invalid_auth)"),
        (APP_TOKEN, "xapp-wrong", "[slack] app_token: Slack does not know it (invalid_auth)"),
        (
            DingTalkEmulator.client_secret,
            "wrong",
            "[dingtalk] DingTalk refuses the app: check client_id and client_secret",
        ),
    ],
)
async def test_what_starting_again_does_not_mend_ends_with_2(
    tmp_path: Path, slack: Slack, dingtalk: DingTalkEmulator, right: str, wrong: str, says: str
) -> None:
    config = configure(tmp_path, slack, dingtalk)
    config.write_text(config.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
    code, _, err = await signpost("run", cwd=tmp_path)
    assert code == 2
    assert err.splitlines()[-1].startswith(says)
    assert "Traceback" not in err
    assert '"event": "running"' not in err


async def test_an_address_that_is_taken_is_said_before_it_runs(
    tmp_path: Path, slack: Slack, dingtalk: DingTalkEmulator
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        configure(tmp_path, slack, dingtalk, listen=f"127.0.0.1:{taken.getsockname()[1]}")
        code, _, err = await signpost("run", cwd=tmp_path)
    assert code == 1
    assert err.splitlines()[-1].startswith("bot.http_listen: cannot listen on 127.0.0.1:")
    assert '"event": "running"' not in err
    assert slack.calls == []


async def test_nobody_can_speak_to_it(tmp_path: Path, slack: Slack, dingtalk: DingTalkEmulator, run: Running) -> None:
    config = configure(tmp_path, slack, dingtalk)
    text = config.read_text(encoding="utf-8")
    config.write_text(text[: text.index("[[conversation]]")], encoding="utf-8")
    await begin(run, tmp_path)
    await run.said("serving")
    told = [line["event"] for line in run.log if "nobody can speak to this bot there" in line["event"]]
    assert len(told) == 2
