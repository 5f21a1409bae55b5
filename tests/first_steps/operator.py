"""The transcripts of `docs/first-steps.md`: `python -m tests.first_steps` writes them, the acceptance tests compare.

The operator's part is the real program, in processes of its own, against stand-ins of the chats and the sandbox.
"""

import asyncio
import sys
import tempfile
import tomllib
from pathlib import Path

from tests.acceptance.test_command_line import sandbox, signpost
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import APP_TOKEN, BOT_TOKEN

PAGE = Path(__file__).resolve().parents[1] / "docs" / "first-steps.md"
OPERATOR = "<!-- the operator: written by `python -m tests.first_steps` -->"
OPERATOR_ZH = "<!-- 运维: written by `python -m tests.first_steps` -->"
END = "<!-- end -->"


async def operator(folder: Path, language: str) -> str:
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


def put(page: str, mark: str, transcript: str) -> str:
    """The page with a transcript between a mark and the next end."""
    before, _, rest = page.partition(mark)
    _, _, after = rest.partition(END)
    return f"{before}{mark}\n\n```console\n{transcript}```\n\n{END}{after}"


async def write() -> None:
    """Write the page anew."""
    page = PAGE.read_text(encoding="utf-8")
    for mark, language in ((OPERATOR, "en"), (OPERATOR_ZH, "zh")):
        with tempfile.TemporaryDirectory() as folder:
            page = put(page, mark, await operator(Path(folder), language))
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(asyncio.run(write()))
