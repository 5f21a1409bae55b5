"""`signpost doctor`: each thing it promises to ask is asked, told in one sentence, in the configured language."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.running.config import parse
from bot.running.demo import sandbox_config
from bot.running.doctor import examine
from bot.running.vendors import ACCOUNTS
from integrations.sandbox import Fault, Sandbox, Vendor
from tests.acceptance.slack_team import CONFIG
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import APP_TOKEN, BOT_TOKEN, SCOPES

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """In the machine's time, which is the doctor's."""
    async with Sandbox(limits=False) as sandbox:
        yield sandbox


def dingtalk(emulator: DingTalkEmulator) -> str:
    return f"""
[dingtalk]
client_id = "{emulator.client_id}"
client_secret = "{emulator.client_secret}"
api_base = "{emulator.url}"
oapi_base = "{emulator.url}"

[[conversation]]
platform = "dingtalk"
id = "cidGroupOne=="

[[conversation]]
platform = "dingtalk"
id = "cidNowhere=="

[[person]]
name = "bo"
dingtalk = "manager4567"
role = "viewer"

[[person]]
name = "nobody"
dingtalk = "user9999"
role = "viewer"
"""


async def doctor(text: str, folder: Path, language: str = "en") -> tuple[int, list[str]]:
    text = text.replace('language = "en"', f'language = "{language}"', 1)
    said: list[str] = []
    code = await examine(parse(text, accounts=ACCOUNTS, environ={}, base=folder), said.append)
    return code, said


async def test_slack_each_token_scope_channel_person_and_group(tmp_path: Path, slack: Slack, sandbox: Sandbox) -> None:
    slack.channels["C0OLD"].archived = True
    slack.scopes = SCOPES.replace("files:write,", "")
    more = 'id = "C0OUT"' + "".join(
        f'\n\n[[conversation]]\nplatform = "slack"\nid = "{one}"' for one in ("C0OLD", "C0NOWHERE1")
    )
    text = (sandbox_config(sandbox) + CONFIG.replace("BASE_URL", slack.base_url)).replace('id = "C0OUT"', more)
    text += (
        '\n[[oncall]]\nname = "primary"\nrotation = ["mei"]\nstart = 2026-01-05T09:00:00+08:00\nslack_group = "S0SMS"\n'
    )
    text += '\n[[person]]\nname = "mei"\nslack = "U0UNKNOWN1"\n\n[[group]]\nslack = "S0GONE"\nrole = "viewer"\n'
    code, said = await doctor(text, tmp_path)
    assert code == 1
    for line in (
        "✓ slack: bot token: workspace T0HOME, user U0BOT",
        "✓ slack: app token: a connection is offered",
        "✓ slack: C0SMS (#sms): the app is a member",
        "✗ slack: C0OUT (#elsewhere): the app is not in this channel: /invite it there",
        "✗ slack: C0OLD: this channel is archived",
        "✓ slack: U0ALICE: Slack knows this person as alice",
        "✓ slack: S0SMS: a user group with 1 member",
        "· slack: without the scope files:write: no charts; the figures stand in the text all the same",
    ):
        assert line in said
    for begins in (
        "✗ slack: C0NOWHERE1: Slack does not know this channel, or the app cannot see it (channel_not_found): copy the id",
        "✗ slack: S0SMS: whoever is on call cannot be put there without the scope usergroups:write: add it",
        "✗ slack: U0UNKNOWN1: Slack does not know this user (user_not_found): copy the id",
        "✗ slack: S0GONE: Slack does not know this user group (no_such_subteam): copy the id",
    ):
        assert [line for line in said if line.startswith(begins)], begins


@pytest.mark.parametrize(
    ("change", "fails", "says", "not_said"),
    [
        ((BOT_TOKEN, "xoxb-wrong"), "", "bot_token: Slack does not know it (invalid_auth): copy it from", "app token"),
        ((APP_TOKEN, "xapp-wrong"), "", "app_token: Slack does not know it (invalid_auth): make one", "bot_token:"),
        ((BOT_TOKEN, APP_TOKEN), "", "bot_token: it is of the wrong kind (not_allowed_token_type): copy it", "C0SMS"),
        (
            ("", ""),
            "internal_error",
            "Slack has trouble of its own (internal_error): the tokens are not at",
            "bot_token",
        ),
    ],
)
async def test_a_token_at_fault_and_slack_at_fault(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, change: tuple[str, str], fails: str, says: str, not_said: str
) -> None:
    text = sandbox_config(sandbox) + CONFIG.replace("BASE_URL", slack.base_url)
    if fails:
        slack.fail_next("auth.test", fails, times=9)
    code, said = await doctor(text.replace(*change) if change[0] else text, tmp_path)
    assert code == 1
    about = [line for line in said if "slack" in line and line.startswith("✗")]
    assert says in about[0]
    assert not [line for line in about if not_said in line]


async def test_dingtalk_each_group_and_person(tmp_path: Path, sandbox: Sandbox) -> None:
    async with DingTalkEmulator() as emulator:
        code, said = await doctor(sandbox_config(sandbox) + dingtalk(emulator), tmp_path)
        assert code == 1
        wrong = [line for line in said if line.startswith("✗")]
        assert wrong[0].startswith("✗ dingtalk: cidNowhere==: the robot is not in this group")
        assert wrong[1].startswith("✗ dingtalk: user9999: the organisation has nobody with this user id")
        assert len(wrong) == 2
        assert "✓ dingtalk: cidGroupOne==: the robot is in this group" in said
        text = (sandbox_config(sandbox) + dingtalk(emulator)).replace(emulator.client_secret, "another-secret")
        code, said = await doctor(text, tmp_path)
        (line,) = [line for line in said if "dingtalk" in line]
        assert "check client_id and client_secret" in line
        assert "another-secret" not in line


async def test_a_vendor_that_withholds_what_is_left(tmp_path: Path, sandbox: Sandbox) -> None:
    withheld: tuple[tuple[Vendor, str, str], ...] = (
        ("alibaba", "QueryResourcePackageInstances", "NotAuthorized"),
        ("alibaba", "QueryAccountBalance", "NotAuthorized"),
        ("tencent", "SmsPackagesStatistics", "UnauthorizedOperation"),
        ("ucloud", "GetBalance", "299"),
    )
    for vendor, quota, refusal in withheld:
        sandbox.faults.clear()
        sandbox.faults.next(vendor, Fault.ANSWER, action=quota, times=9, code=refusal, text="no")
        code, said = await doctor(sandbox_config(sandbox), tmp_path)
        assert code == 1, vendor
        (line,) = [line for line in said if line.startswith("✗")]
        assert "what is left cannot be read" in line


@pytest.mark.parametrize("trouble", [False, True])
async def test_every_line_is_in_the_configured_language(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, trouble: bool
) -> None:
    async with DingTalkEmulator() as emulator:
        text = sandbox_config(sandbox) + CONFIG.replace("BASE_URL", slack.base_url) + dingtalk(emulator)
        text += '\n[[person]]\nname = "mei"\nslack = "U0UNKNOWN1"\n'
        if trouble:
            slack.scopes = "chat:write"
            emulator.deny("robot")
            sandbox.faults.next("alibaba", Fault.ANSWER, times=9, code="InvalidAccessKeyId.NotFound", text="no")
            sandbox.faults.next("tencent", Fault.ANSWER, times=9, code="AuthFailure.SecretIdNotFound", text="no")
            sandbox.faults.next("ucloud", Fault.ANSWER, times=9, code="171", text="no")
        _, said = await doctor(text, tmp_path, "zh")
        assert len(said) > 8
        for line in said:
            assert CHINESE.search(line), line
        _, said = await doctor(text, tmp_path, "en")
        assert "：" not in "\n".join(said)
