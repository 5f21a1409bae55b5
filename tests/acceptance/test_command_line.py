"""The command line as a user meets it: real processes, real exit codes, nothing left behind.

Where only words and codes matter, and not the process, the same command line runs here; where it need not start from
nothing, it is forked from one that has started (`tests/forked.py`).
"""

import asyncio
import contextlib
import os
import resource
import signal
import sqlite3
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.running.cli import main
from tests.forked import Forked, forked, from_nothing

pytestmark = pytest.mark.timeout(300)

SECONDS = 120  # a bound for what never ends, however busy the machine is


async def signpost(
    *arguments: str,
    cwd: Path,
    said: str = "",
    environ: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
    by: Callable[..., Awaitable[Process | Forked]] = forked,
) -> tuple[int, str, str]:
    """Run it to its end: exit code, what it printed, what it complained of."""
    process = await by(*arguments, cwd=cwd, environ={**WARNING, **(environ or {})})
    async with asyncio.timeout(SECONDS):
        out, err = await process.communicate(said.encode())
    return process.returncode or 0, out.decode(encoding), err.decode(encoding)


WARNING = {"PYTHONWARNINGS": "default"}
"""What Python would warn of is complained of."""


async def start(*arguments: str, cwd: Path) -> Forked:
    return await forked(*arguments, cwd=cwd, environ=WARNING)


def here(*arguments: str, cwd: Path) -> tuple[int, str]:
    """Run it in this process: exit code, what it printed."""
    with contextlib.chdir(cwd):
        result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@contextlib.asynccontextmanager
async def sandbox(folder: Path) -> AsyncIterator[Forked]:
    """`signpost sandbox`, its configuration written to `config.toml`."""
    process = await start("sandbox", "--speed", "3600", cwd=folder)
    assert process.stdout is not None
    lines = []
    async with asyncio.timeout(SECONDS):
        while not (lines and lines[-1].startswith(b"quota_seconds")):
            lines.append(await process.stdout.readline())
            assert lines[-1], "the sandbox ended early"
    (folder / "config.toml").write_bytes(b"".join(lines))
    try:
        yield process
    finally:
        process.terminate()
        async with asyncio.timeout(SECONDS):
            await process.communicate()


AT_ONCE = 4.0
"""Seconds of work for a demo from start to end: twice and more what it takes."""


def _spent() -> float:
    """Seconds of work of every process that was waited for so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def test_the_demo_piped_does_the_whole_job_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    said = (
        "sign submit all 速达物流 source=company\n"
        # Which signature is said: the first one may be approved by the time that this is read.
        "template submit all 登录验证码 type=otp sign=速达科技 sample.code=1234 "
        'content="您的验证码是${code}，5分钟内有效。"\n'
        "sign submit tencent 速达 source=company\n"
        "status\n"
    )
    code, out, err = await signpost(
        *("demo", "--speed", "6000"),
        cwd=tmp_path,
        said=said,
        environ={"TMPDIR": str(tmp_path / "tmp")},
        by=from_nothing,
    )
    assert (code, err) == (0, "")
    assert "Signature 速达物流 at 3 vendors" in out
    assert "Template 登录验证码 at 3 vendors" in out
    for line in (
        "#1 signature 速达物流 approved by aliyun",
        "#2 signature 速达物流 approved by tencent",
        "#3 signature 速达物流 approved by ucloud: ready",
        "#4 template 登录验证码 approved by aliyun: ready",
        "#7 signature 速达 rejected by tencent",
        "> 签名无法识别主体，请提交与资质一致的名称",
        "#1 signature 速达物流 at aliyun is ready",
    ):
        assert line in out, line
    assert list((tmp_path / "tmp").iterdir()) == []


async def test_the_demo_in_chinese(tmp_path: Path) -> None:
    said = "签名 提交 全部 速达物流 来源=企业\n状态\n"
    code, out, err = await signpost("demo", "--language", "zh", "--speed", "6000", cwd=tmp_path, said=said)
    assert (code, err) == (0, "")
    assert "签名 速达物流，3 家平台" in out
    assert "✅ #3 签名 速达物流（ucloud）已通过，可用" in out


async def test_the_demo_of_new_accounts_begins_with_a_qualification(tmp_path: Path) -> None:
    said = "路径\n资质 提交 腾讯 速达资质\n落实 #1 已提交 编号=8563\n路径 腾讯\n"
    options = ("--new-accounts", "--language", "zh", "--wait", "0", "--speed", "1")
    code, out, err = await signpost("demo", *options, cwd=tmp_path, said=said)
    assert (code, err) == (0, "")
    assert "一切从资质开始" in out
    assert "aliyun：下一步 `资质 提交 aliyun …`" in out
    assert "ucloud：下一步 `签名 提交 ucloud …`；建议先 `资质 提交 ucloud …`" in out
    assert "控制台先出结果时告诉我：`落实 #1 已通过`" in out


async def test_the_demo_waits_no_longer_than_told_and_keeps_data_when_told(tmp_path: Path) -> None:
    said = "sign submit all 速达物流 source=company\n"
    before = _spent()
    code, out, _ = await signpost(
        "demo", "--wait", "0", "--data", "kept", "--speed", "1", cwd=tmp_path, said=said, by=from_nothing
    )
    assert _spent() - before < AT_ONCE  # whoever tries it does not wait for it; the work, for clocks are many things
    assert code == 0
    assert "in review" in out
    assert (tmp_path / "kept" / "signpost.db").exists()


async def test_a_configuration_against_the_sandbox(tmp_path: Path) -> None:
    async with sandbox(tmp_path):
        code, out, err = await signpost("check", cwd=tmp_path, by=from_nothing)
        assert (code, err) == (0, "")
        assert "no problems" in out

        code, out, err = await signpost("doctor", cwd=tmp_path, by=from_nothing)
        assert (code, err) == (0, "")
        assert out.count("✓") == 6  # each serves us, and tells what is left

        code, out, err = await signpost("say", "sign submit all 速达物流 source=company", cwd=tmp_path)
        assert (code, err) == (0, "")
        assert "Signature 速达物流 at 3 vendors" in out

        running = await start("run", cwd=tmp_path)
        await _until_decided(tmp_path / "data" / "signpost.db", 3)
        code, out, err = await signpost("say", "status", cwd=tmp_path)
        assert code == 3  # one process a record
        assert "Another signpost works on" in err
        running.terminate()
        async with asyncio.timeout(10):
            await running.communicate()
        assert running.returncode == 0

        code, out, err = await signpost("say", "show #1", cwd=tmp_path)
        assert (code, err) == (0, "")
        assert "signature 速达物流 at aliyun: approved" in out or "at aliyun: ready" in out

    code, out, err = await signpost("doctor", cwd=tmp_path)  # the sandbox is gone
    assert code == 1
    assert out.count("✗") == 3
    assert "no connection to" in out


async def _until_decided(path: Path, count: int) -> None:
    """Wait until so many requests are decided, asking the record as any other program would."""
    async with asyncio.timeout(SECONDS):
        while True:
            with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
                (decided,) = db.execute("SELECT COUNT(*) FROM requests WHERE state IN ('approved', 'ready')").fetchone()
            if decided == count:
                return
            await asyncio.sleep(0.05)  # another process' file has nothing to await


async def test_the_record_from_outside(tmp_path: Path) -> None:
    async with sandbox(tmp_path):
        await signpost("say", "sign submit tencent 速达物流 source=company", cwd=tmp_path)
    code, out = await asyncio.to_thread(here, "verify", cwd=tmp_path)
    assert code == 0
    assert "the chain is whole" in out
    code, out = await asyncio.to_thread(here, "export", cwd=tmp_path)
    assert out.splitlines()[0].startswith(
        "\ufeffid,batch,account,vendor,kind,name,state,vendor_ref,fields,reason,submitter"
    )
    code, out = await asyncio.to_thread(here, "export", "--format", "json", cwd=tmp_path)
    assert '"name": "速达物流"' in out
    code, out = await asyncio.to_thread(here, "backup", "copy.db", cwd=tmp_path)
    assert code == 0
    code, out = await asyncio.to_thread(here, "backup", "copy.db", cwd=tmp_path)
    assert code == 1

    with contextlib.closing(sqlite3.connect(tmp_path / "data" / "signpost.db")) as db:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute("UPDATE events SET actor = 'somebody' WHERE id = 2")
        db.execute("DROP TRIGGER events_no_update")
        db.execute("UPDATE events SET actor = 'somebody' WHERE id = 2")
        db.commit()
    code, out = await asyncio.to_thread(here, "verify", cwd=tmp_path)
    assert code == 1
    assert "Event 2 " in out


async def test_every_mistake_of_a_broken_file_at_once(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text(
        """
[bot]
language = "fr"
datadir = "x"
[[account]]
name = "aliyun"
vendor = "alibaba"
access_key_id = "env:NOT_SET_ANYWHERE"
access_key_secret = "file:nope"
review_hours = "sometimes"
[[account]]
name = "tencent"
vendor = "tencent"
secret_id = "TOPSECRET-ID"
secret_key = "TOPSECRET-KEY"
sdk_app_id = 5
[[account]]
name = "x"
vendor = "aws"
[[conversation]]
platform = "irc"
id = "c"
topics = ["gossip"]
accounts = ["nowhere"]
[poll]
review_seconds = 0
""",
        encoding="utf-8",
    )
    code, out, err = await signpost("check", "--config", "broken.toml", cwd=tmp_path)
    assert code == 2
    for key in (
        "bot.language",
        "bot.datadir",
        "account.aliyun.access_key_id",
        "account.aliyun.access_key_secret",
        "account.aliyun.review_hours",
        "account.tencent.sdk_app_id",
        "account.x.vendor",
        "conversation[1].platform",
        "conversation[1].topics[1]",
        "conversation[1].accounts[1]",
        "poll.review_seconds",
    ):
        assert f"  {key}: " in err, key
    assert "TOPSECRET" not in out + err


async def test_what_was_refused_is_an_exit_code(tmp_path: Path) -> None:
    async with sandbox(tmp_path):
        for said, code in (
            ("sign submit all 速达物流 source=company", 0),
            ("sign submit all", 1),
            ("frobnicate", 1),
            ("show #99", 1),
            ("show #1", 0),
        ):
            ended, out, err = await signpost("say", said, cwd=tmp_path)
            assert (ended, err) == (code, ""), (said, out)


@pytest.mark.parametrize(("encoding", "form"), [("gbk", "csv"), ("latin-1", "json")])
async def test_a_terminal_that_lacks_characters(tmp_path: Path, encoding: str, form: str) -> None:
    narrow = {"PYTHONIOENCODING": encoding}
    async with sandbox(tmp_path):
        for line, ends in (
            (("say", "sign submit tencent 速达物流 source=company"), 0),
            (("say", "sign submit tencent 𠮷野家 source=company"), 1),
            (("doctor",), 0),
        ):
            code, out, err = await signpost(*line, cwd=tmp_path, environ=narrow, encoding=encoding)
            assert (code, err) == (ends, ""), (line, out, err)
        code, out, _ = await signpost("export", "--format", form, cwd=tmp_path, environ=narrow)
        assert code == 0
        assert "速达物流" in out
    (tmp_path / "broken.toml").write_text("[bot]\nlanguage = “en”\n语言 = 1\n", encoding="utf-8")
    code, out, err = await signpost(
        *("check", "--config", "broken.toml"), cwd=tmp_path, environ=narrow, encoding=encoding, by=from_nothing
    )
    assert code == 2
    assert "U+201C" in err
    assert "Traceback" not in err


def test_help_is_everywhere(tmp_path: Path) -> None:
    code, out = here("--help", cwd=tmp_path)
    assert code == 0
    commands = [line.split()[0] for line in out.partition("Commands:")[2].splitlines() if line.strip()]
    assert set(commands) >= {"demo", "run", "check", "doctor", "say", "export", "verify", "backup", "sandbox"}
    for command in commands:
        code, out = here(command, "--help", cwd=tmp_path)
        assert code == 0
        assert "Usage:" in out


# --- Ctrl-C ------------------------------------------------------------------------------------------------------------


async def test_ctrl_c_while_the_program_is_loaded(tmp_path: Path) -> None:
    # Of all that it loads, one module: while that is loaded, somebody presses Ctrl-C.
    (tmp_path / "click.py").write_text("import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)\n")
    environ = {"PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2]}"}
    assert await signpost("export", cwd=tmp_path, environ=environ, by=from_nothing) == (130, "", "")


@pytest.mark.parametrize(
    "command", ["check", "doctor", "run", "export --format json", "verify", "backup copy.db", "rules", "say help"]
)
async def test_ctrl_c_before_there_is_anything_to_end(command: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.toml")  # whoever opens it waits for somebody at its other end
    # Without what Python warns of: it leaves its own file open where Ctrl-C comes while it reads a module.
    process = await forked(*command.split(), cwd=tmp_path, environ={})
    other = await asyncio.to_thread(os.open, tmp_path / "config.toml", os.O_WRONLY)
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(SECONDS):
        out, err = await process.communicate(b"")
    os.close(other)
    assert (process.returncode, out, err) == (130, b"", b"")
