"""The operator's first five minutes: the real program, in processes of its own, against stand-ins of the chats and the sandbox."""

import tomllib
from pathlib import Path

from tests.acceptance.test_command_line import sandbox, signpost
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import APP_TOKEN, BOT_TOKEN


async def _operator(folder: Path, language: str) -> str:
    """What stands on the terminal from nothing to a bot that can run.

    Args:
        folder: where to work; empty.
        language: `en`: Slack and Alibaba Cloud; `zh`: DingTalk and Tencent Cloud.
    """
    vendors, work = folder / "vendors", folder / "work"
    vendors.mkdir()
    work.mkdir()
    async with sandbox(vendors), Slack() as slack, DingTalkEmulator() as dingtalk:
        accounts = tomllib.loads((vendors / "config.toml").read_text(encoding="utf-8"))["account"]
        aliyun, tencent, _ = accounts
        if language == "en":
            addresses = {
                "slack": slack.base_url,
                "alibaba": aliyun["endpoint"],
                "alibaba.billing": aliyun["billing_endpoint"],
            }
            answers = (
                *("1", "-", "slack", APP_TOKEN, BOT_TOKEN, APP_TOKEN),
                *("#sms", "C0OUT", "C0SMS", "submitter", "-", "U0ALICE", "Alice"),
                *("alibaba", "", aliyun["access_key_id"], aliyun["access_key_secret"]),
            )
        else:
            addresses = {"dingtalk": dingtalk.url, "dingtalk.old": dingtalk.url, "tencent": tencent["endpoint"]}
            answers = (
                *("2", "-", "dingtalk", dingtalk.client_id, "wrong", dingtalk.client_id, dingtalk.client_secret),
                *("cidGroupOne==", "submitter", "-", "manager4567", "张三"),
                *("tencent", "", tencent["secret_id"], tencent["secret_key"], tencent["sdk_app_id"]),
            )
        given = [word for name, url in addresses.items() for word in ("--address", f"{name}={url}")]
        said = "".join(f"{answer}\n" for answer in answers)
        parts = []
        for command, more, typed in (("init", given, said), ("check", [], ""), ("doctor", [], "")):
            code, out, err = await signpost(command, *more, cwd=work, said=typed)
            if code or err:
                raise RuntimeError(f"{command} ended with {code}: {out} {err}")
            parts.append(f"$ signpost {command}\n{out.rstrip()}\n")
    return "\n".join(parts)


async def in_english(folder: Path) -> str:
    """Slack and Alibaba Cloud.

    Args:
        folder: where to work; empty.
    """
    return await _operator(folder, "en")


async def in_chinese(folder: Path) -> str:
    """DingTalk and Tencent Cloud.

    Args:
        folder: where to work; empty.
    """
    return await _operator(folder, "zh")
