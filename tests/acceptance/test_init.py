"""`signpost init` as the operator meets it: a real process, answers through a pipe or a terminal, services that answer."""

import asyncio
import codecs
import contextlib
import os
import pty
import re
import signal
import stat
import tomllib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.test_command_line import sandbox, signpost, start
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import APP_TOKEN, BOT_TOKEN, SCOPES
from tests.forked import from_nothing

SECONDS = 60
LEFT = 1


@pytest.fixture
async def dingtalk() -> AsyncIterator[DingTalkEmulator]:
    async with DingTalkEmulator() as emulator:
        yield emulator


@dataclass
class Services:
    """Where everything is, and what it takes."""

    slack: Slack
    dingtalk: DingTalkEmulator
    vendors: dict[str, dict[str, Any]]

    def addresses(self) -> list[str]:
        aliyun, tencent, ucloud = (self.vendors[one] for one in ("aliyun", "tencent", "ucloud"))
        named = {
            "slack": self.slack.base_url,
            "dingtalk": self.dingtalk.url,
            "dingtalk.old": self.dingtalk.url,
            "alibaba": aliyun["endpoint"],
            "alibaba.billing": aliyun["billing_endpoint"],
            "tencent": tencent["endpoint"],
            "ucloud": ucloud["endpoint"],
        }
        return [word for name, url in named.items() for word in ("--address", f"{name}={url}")]

    def slack_answers(self) -> list[str]:
        return [BOT_TOKEN, APP_TOKEN, "C0SMS", "submitter", "-", "U0ALICE"]

    def dingtalk_answers(self) -> list[str]:
        return [self.dingtalk.client_id, self.dingtalk.client_secret, "cidGroupOne==", "", "-", "manager4567"]

    def vendor_answers(self) -> list[str]:
        aliyun, tencent, ucloud = (self.vendors[one] for one in ("aliyun", "tencent", "ucloud"))
        return [
            *("", aliyun["access_key_id"], aliyun["access_key_secret"]),
            *("", tencent["secret_id"], tencent["secret_key"], tencent["sdk_app_id"]),
            *("", ucloud["public_key"], ucloud["private_key"], ucloud["project_id"]),
        ]


@pytest.fixture
async def services(tmp_path: Path, slack: Slack, dingtalk: DingTalkEmulator) -> AsyncIterator[Services]:
    folder = tmp_path / "sandbox"
    folder.mkdir()
    async with sandbox(folder):
        text = (folder / "config.toml").read_text(encoding="utf-8")
        yield Services(slack, dingtalk, {one["name"]: one for one in tomllib.loads(text)["account"]})


def there(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


async def answered(folder: Path, services: Services, answers: Sequence[str], *more: str) -> tuple[int, str]:
    said = "".join(f"{answer}\n" for answer in answers)
    code, out, err = await signpost("init", *services.addresses(), *more, cwd=folder, said=said)
    assert err == ""
    return code, out


async def test_from_nothing_to_a_running_bot(tmp_path: Path, services: Services) -> None:
    answers = [
        *("English", "-", "all"),
        *services.slack_answers(),
        *services.dingtalk_answers(),
        *("Mei", "all"),
        *services.vendor_answers(),
    ]
    code, out = await answered(tmp_path, services, answers)
    assert code == 0, out
    assert "Next: signpost check · signpost doctor · signpost run" in out
    assert sorted(there(tmp_path)) == ["config.toml", "sandbox", "secrets.env"]
    for file in ("config.toml", "secrets.env"):
        assert stat.S_IMODE((tmp_path / file).stat().st_mode) == 0o600
    config = (tmp_path / "config.toml").read_text(encoding="utf-8")
    secrets = [BOT_TOKEN, APP_TOKEN, services.dingtalk.client_secret, services.vendors["aliyun"]["access_key_secret"]]
    for secret in secrets:
        assert secret not in config
        assert secret not in out

    code, said, err = await signpost("check", cwd=tmp_path)
    assert (code, err) == (0, "")
    assert "no problems" in said
    code, said, err = await signpost("doctor", cwd=tmp_path)
    assert (code, err) == (0, ""), said
    running = await start("run", cwd=tmp_path)
    try:
        await services.slack.until(lambda: services.slack.sockets, seconds=SECONDS)
        await services.slack.acked(await services.slack.slash("sign submit aliyun 速达物流 source=company"))
        await services.slack.until(lambda: services.slack.views, seconds=SECONDS)  # the form for the rest
    finally:
        running.terminate()
        await asyncio.wait_for(running.communicate(), SECONDS)
    assert running.returncode == 0


async def test_what_is_wrong_is_caught_at_the_question_that_caused_it(tmp_path: Path, services: Services) -> None:
    services.slack.scopes = SCOPES.replace("commands,", "")
    wrong: list[tuple[str, str]] = [
        ("xapp-swapped", "✗ must begin with xoxb-; this one begins as the app token does"),
        ("xoxb-wrong", "✗ [slack] bot_token: Slack does not know it (invalid_auth)"),
        (BOT_TOKEN, "✗ [slack] the app lacks scopes: commands (the slash command"),
    ]
    code, out = await answered(tmp_path, services, ["1", "-", "slack", *(answer for answer, _ in wrong)])
    assert code == LEFT
    bot_token = [line for line in out.splitlines() if line.startswith("Bot User OAuth Token")]
    assert len(bot_token) == len(wrong) + 1
    for _, says in wrong:
        assert says in out
    assert "xoxb-wrong" not in out

    services.slack.scopes = SCOPES
    answers = [
        *("", BOT_TOKEN),  # goes on with the language, the address and the chats that were answered before
        *(BOT_TOKEN, "xapp-wrong", APP_TOKEN),
        *("#sms-ops", "C0OUT", "C0NOWHERE1", "C0SMS", "9", "viewer", "-"),
        *("@mei", "U0UNKNOWN1", "U0ALICE", "Mei"),
        *("tencent", "all 三", ""),
    ]
    code, out = await answered(tmp_path, services, answers)
    assert code == LEFT
    for says in (
        "✗ must begin with xapp-; this one begins as the bot token does",
        "✗ [slack] app_token: Slack does not know it (invalid_auth)",
        "✗ should be a channel's id such as C0123456789, not its name",
        "✗ C0OUT (#elsewhere): the app is not in this channel: /invite it there",
        "✗ C0NOWHERE1: Slack does not know this channel",
        "✓ C0SMS (#sms): the app is a member",
        "✗ “9” is none of them: 1 viewer  2 submitter",
        "✗ should be a member's id such as U0123456789",
        "✗ U0UNKNOWN1: Slack does not know this user",
        "✗ should be one word of up to 40",
    ):
        assert says in out, (says, out)


async def test_a_vendor_each_wrong_answer_is_asked_for_again(tmp_path: Path, services: Services) -> None:
    tencent, ucloud = services.vendors["tencent"], services.vendors["ucloud"]
    answers = [
        *("1", "-", "none", "tencent, ucloud"),
        *("", "AKIDwrong", "wrong", "14x"),
        *(tencent["sdk_app_id"], tencent["secret_id"], tencent["secret_key"]),
    ]
    code, out = await answered(tmp_path, services, answers)
    assert code == LEFT
    assert "✗ should be digits only" in out
    assert "✗ does not serve us: " in out
    assert "AuthFailure" in out
    assert "serves us" in out.rpartition("✗ does not serve us")[2]

    answers = ["", "ucloud", ucloud["public_key"], ucloud["private_key"], "org-another", ucloud["project_id"]]
    code, out = await answered(tmp_path, services, answers)
    assert code == 0, out
    assert out.count("Project id, such as org-abc123:") == 2
    assert out.count("Public key of the API key pair:") == 1
    config = tomllib.loads((tmp_path / "config.toml").read_text(encoding="utf-8"))
    assert [one["name"] for one in config["account"]] == ["tencent", "ucloud"]


async def test_dingtalk_wrong_secret_and_group(tmp_path: Path, services: Services) -> None:
    right = services.dingtalk_answers()
    answers = ["2", "-", "dingtalk", right[0], "wrong", *right[:2], "运维群", "cidNowhere==", *right[2:5], "user9999"]
    code, out = await answered(tmp_path, services, answers)
    assert code == LEFT
    for says in (
        "✗ 钉钉不认此应用：检查 [dingtalk] 的 client_id 和 client_secret",
        "✗ 运维群 不是 openConversationId",
        "✗ cidNowhere==：机器人不在此群",
        "✗ user9999：组织里没有此 userId",
        "已离开。",
    ):
        assert says in out, (says, out)


async def test_nothing_is_replaced_without_a_word(tmp_path: Path, services: Services) -> None:
    (tmp_path / "config.toml").write_text("# mine\n", encoding="utf-8")
    (tmp_path / "secrets.env").write_text("OTHER=kept\n", encoding="utf-8")
    answers = ["1", "-", "none", "none"]
    code, out = await answered(tmp_path, services, [*answers, "no"])
    assert code == 1
    assert "config.toml is there already. Replace it?" in out
    assert "Nothing was changed." in out
    assert (tmp_path / "config.toml").read_text(encoding="utf-8") == "# mine\n"
    code, out = await answered(tmp_path, services, ["yes", "yes", "y"])
    assert code == 0, out
    assert "# mine" not in (tmp_path / "config.toml").read_text(encoding="utf-8")
    assert "OTHER=kept" in (tmp_path / "secrets.env").read_text(encoding="utf-8")


async def test_what_was_answered_is_kept_for_its_owner_alone(tmp_path: Path, services: Services) -> None:
    code, out = await answered(tmp_path, services, ["1", "-", "slack", BOT_TOKEN])
    assert code == LEFT
    assert "`signpost init` goes on from there" in out
    begun = tmp_path / "config.toml.begun"
    assert stat.S_IMODE(begun.stat().st_mode) == 0o600
    assert not (tmp_path / "config.toml").exists()
    code, out = await answered(tmp_path, services, ["no", "-", "none", "none"], "--language", "en")
    assert code == 0, out
    assert not begun.exists()


async def test_at_a_terminal_secrets_are_not_shown(tmp_path: Path, services: Services) -> None:
    """In a pseudo-terminal: what is typed is echoed by the terminal, but for secrets."""
    parent, child = pty.openpty()
    process = await from_nothing(
        *("init", *services.addresses()),
        cwd=tmp_path,
        stdin=child,
        stdout=child,
        stderr=child,
        start_new_session=True,
    )
    os.close(child)
    seen = ""
    characters = codecs.getincrementaldecoder("utf-8")("replace")  # one may come in two pieces

    async def until(text: str) -> None:
        nonlocal seen
        async with asyncio.timeout(SECONDS):
            while text not in seen:
                seen += characters.decode(await asyncio.to_thread(os.read, parent, 4096))

    try:
        for waits, answer in (
            ("语言", "1"),
            ("health checks", "-"),
            ("Which chats", "slack"),
            ("under Install App", BOT_TOKEN),
            ("App-Level Token", APP_TOKEN),
        ):
            await until(waits)
            os.write(parent, f"{answer}\n".encode())
        await until("channel to serve")
        assert BOT_TOKEN not in seen
        assert APP_TOKEN not in seen
        for _ in range(
            5
        ):  # as Ctrl-C does, again where it came in the instant before the read began, which then goes on
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), 2)
                break
        await until("goes on from there")
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        os.close(parent)
    assert re.search(r"Traceback", seen) is None
