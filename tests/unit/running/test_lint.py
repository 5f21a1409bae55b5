"""`signpost lint` and `signpost explain`: files in, findings out, and the exit code."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.running.cli import main

GOOD = {
    "id": "good",
    "kind": "template",
    "type": "notice",
    "name": "发货通知",
    "content": "您的订单${order_no}已发货，请注意查收。",
}
LINKED = {**GOOD, "id": "linked", "content": "您的订单${order_no}已发货，详情见 www.example.com 。"}
BAD = {
    "id": "bad",
    "kind": "template",
    "type": "otp",
    "region": "domestic",
    "name": "登录验证码",
    "content": "您的口令${code}，${minutes}分钟内有效。",
}


def lines(*rows: object) -> str:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def said(*arguments: str, piped: str = "") -> Result:
    return CliRunner().invoke(main, arguments, input=piped)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "templates.jsonl"


@pytest.mark.parametrize(
    ("rows", "code", "count"),
    [
        ((GOOD,), 0, "1 checked: 0 would be refused, 0 with warnings only."),
        ((GOOD, LINKED), 0, "2 checked: 0 would be refused, 1 with warnings only."),
        ((GOOD, LINKED, BAD), 1, "3 checked: 1 would be refused, 1 with warnings only."),
        ((), 0, "0 checked: 0 would be refused, 0 with warnings only."),
    ],
)
def test_the_exit_code_says_whether_anything_would_be_refused(
    file: Path, rows: tuple[object, ...], code: int, count: str
) -> None:
    file.write_text(lines(*rows), encoding="utf-8")
    result = said("lint", str(file))
    assert (result.exit_code, result.output.splitlines()[-1]) == (code, count)


def test_a_finding_names_file_line_vendors_words_and_fix(file: Path) -> None:
    file.write_text(lines(GOOD, BAD), encoding="utf-8")
    told = said("lint", str(file)).output
    assert f"{file}:2: bad: error [otp-without-code-word] " in told
    assert (
        f"{file}:2: bad: error [otp-several-variables] alibaba: two variables in a verification text (one allowed)"
        in told
    )
    assert "“${minutes}” (content 12-22)" in told
    assert "    content = 您的口令${code}，5分钟内有效。" in told


def test_json_is_one_line_a_draft_with_every_vendor(file: Path) -> None:
    file.write_text(lines(GOOD, BAD), encoding="utf-8")
    result = said("lint", "--format", "json", str(file))
    good, bad = map(json.loads, result.output.splitlines())
    assert result.exit_code == 1
    assert good == {"id": "good", "findings": {"alibaba": [], "tencent": [], "ucloud": []}}
    found = {one["rule"]: one for one in bad["findings"]["alibaba"]}
    assert found["otp-several-variables"] == {
        "rule": "otp-several-variables",
        "severity": "error",
        "message": "two variables in a verification text (one allowed): One variable, the code; write the minutes as a number.",
        "key": "content",
        "at": [12, 22],
        "fix": "您的口令${code}，5分钟内有效。",
    }
    assert BAD["content"][12:22] == "${minutes}"


def test_messages_come_in_chinese_too(file: Path) -> None:
    file.write_text(lines(BAD), encoding="utf-8")
    assert "验证码模板含多个变量（仅允许一个）：只能有一个变量" in said("lint", "--language", "zh", str(file)).output


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_with_the_same_headings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "templates.csv"
    out = io.StringIO()
    writer = csv.DictWriter(out, ["id", "kind", "type", "region", "name", "content", "keys", "sample.code"])
    writer.writeheader()
    writer.writerow({**BAD, "keys": '{"sign": "云澜"}', "sample.code": "12345678"})
    path.write_bytes(out.getvalue().encode(encoding))
    (row,) = map(json.loads, said("lint", "--format", "json", str(path)).output.splitlines())
    assert {"otp-without-code-word", "otp-value-form"} <= {one["rule"] for one in row["findings"]["alibaba"]}


def test_what_is_not_mentioned_is_in_order(file: Path) -> None:
    sign = {"id": "s", "kind": "signature", "name": "云澜科技", "keys": {"source": "company", "purpose": "other"}}
    file.write_text(lines(sign, {**sign, "keys": {**sign["keys"], "letter": False}}), encoding="utf-8")  # type: ignore[dict-item]
    first, second = map(json.loads, said("lint", "--format", "json", str(file)).output.splitlines())
    assert not any(first["findings"].values())
    assert all(found[0]["rule"] == "letter-missing" for found in second["findings"].values())


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{nothing\n", "1: is no JSON; each line is one object"),
        ("[1]\n", "1: is no JSON object"),
        (lines({**GOOD, "kind": "song"}), "1: `kind` is signature or template, not “song”"),
        (lines({**GOOD, "type": "sms"}), "1: `type` is otp, notice, promo or digital, not “sms”"),
        (lines({**GOOD, "region": "moon"}), "1: `region` is domestic or international, not “moon”"),
        (lines({**GOOD, "keys": [1]}), "1: `keys` is no JSON object"),
        (lines({**GOOD, "content": 5}), "1: `content` is to be a text"),
        ("[" * 100_000, "1: is no JSON; each line is one object"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_and_the_others_are_checked(
    file: Path, content: str, complaint: str
) -> None:
    file.write_text(content + ("" if content.endswith("\n") else "\n") + lines(BAD), encoding="utf-8")
    result = said("lint", str(file))
    assert result.exit_code == 2
    assert f"{file}:{complaint}" in result.output
    assert "1 checked: 1 would be refused" in result.output


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_checked(file: Path, tmp_path: Path) -> None:
    file.write_text(lines(GOOD), encoding="utf-8")
    odd = tmp_path / "odd.jsonl"
    odd.write_bytes(b"\xff\xfe\x00")
    plain = tmp_path / "plain.csv"
    plain.write_text("a,b\n1,2\n", encoding="utf-8")
    result = said("lint", str(tmp_path / "none.jsonl"), str(tmp_path), str(odd), str(plain), str(file))
    assert result.exit_code == 2
    assert "none.jsonl: No such file or directory" in result.output
    assert f"{tmp_path}: Is a directory" in result.output
    assert f"{odd}: is not UTF-8" in result.output
    assert f"{plain}: the first line names the columns" in result.output
    assert "1 checked: 0 would be refused" in result.output


def test_what_is_piped_in_is_read() -> None:
    result = said("lint", "-", piped=lines(BAD))
    assert result.exit_code == 1
    assert "-:1: bad: error" in result.output


def test_reasons_are_explained(file: Path) -> None:
    rows = (
        {
            "id": 1,
            "vendor": "tencent",
            "kind": "template",
            "type": "promo",
            "text": "请在短信模板尾部添加“拒收请回复R”后提交",
        },
        {"id": 2, "vendor": "any", "kind": "signature", "type": None, "text": "授权书未签字。"},
        {"id": 3, "text": "xyzzy"},
    )
    file.write_text(lines(*rows), encoding="utf-8")
    result = said("explain", "--format", "json", str(file))
    told: list[dict[str, Any]] = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 0
    assert told[0]["rules"][0] == "promo-without-optout"
    assert told[1] == {
        "id": 2,
        "rules": ["letter-not-signed"],
        "fix": "The owner's legal representative signs the letter.",
    }
    assert told[2] == {"id": 3, "rules": [], "fix": None}
    assert f"{file}:3: 3: not known" in said("explain", str(file)).output


@pytest.mark.parametrize("command", ["lint", "explain"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_half_a_character_is_told_and_no_reason_to_fail(command: str, form: str, file: Path) -> None:
    """Whoever cut the text cut an emoji."""
    row = {"id": "\ud83d", "vendor": "aliyun", "kind": "signature", "name": "速达\ud83d", "text": "名称\ud83d不符"}
    file.write_text(json.dumps(row), encoding="utf-8")
    result = said(command, str(file), "--format", form)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.output


def test_a_reason_that_is_none_is_told(file: Path) -> None:
    file.write_text(lines({"id": 1}), encoding="utf-8")
    result = said("explain", str(file))
    assert result.exit_code == 2
    assert "`text` is to be the reason" in result.output


def test_neither_loads_what_only_the_bot_needs(file: Path) -> None:
    """For a CI that starts it on every push: no chat, no network, no database; not even a configuration."""
    file.write_text(lines(BAD), encoding="utf-8")
    program = (
        "import sys; from bot.running.cli import main\n"
        f"try: main(['lint', {str(file)!r}])\n"
        "except SystemExit: pass\n"
        "print([one for one in ('httpx', 'pydantic', 'aiohttp', 'sqlite_utils', 'slack_bolt', 'asyncio', 'babel', 'opencc') "
        "if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True, cwd=Path.cwd())
    assert done.stdout.splitlines()[-1] in ("[]", "['asyncio']")
