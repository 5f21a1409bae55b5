"""`check`: what every account says to a submission before anything is submitted."""

from datetime import UTC
from pathlib import Path

import pytest

from bot.commands.command import Command
from bot.commands.parsing import parse
from bot.contracts.message import Mark, plain
from bot.contracts.model import Actor, Attachment, Incoming, Kind
from bot.requests.check.findings import Finding, side_by_side
from bot.store import requests
from bot.wording.language import languages
from handlers import ROUTER
from handlers.check import typed_again
from tests.acceptance.slack_team import without_defaults
from tests.stage import Stage, stage

OTP = 'content="您的验证码是${code}，5分钟内有效，请勿泄露。"'


async def nothing_happened(s: Stage) -> bool:
    """Nothing in the record, no dialogue begun, nothing created at a vendor."""
    kept = await s.bot.services.database.read(lambda db: requests.latest(db, accounts=s.bot.services.vendors, limit=1))
    return not kept and not [call for call in s.sandbox.calls if call.action.startswith(("Create", "Add", "Upload"))]


async def test_what_every_account_would_take_is_submitted_with_the_command_it_shows(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        said = await s.say(f"check template all 登录验证码 type=otp {OTP} sample.code=1234")
        assert "✅ Template 登录验证码: aliyun, tencent, ucloud would take it." in said
        assert "Reviewers may mind more than that." in said
        assert await nothing_happened(s)

        command = said.split("`")[-2]
        assert command.startswith("template submit all 登录验证码 ")
        await s.say(command)
        request = await s.request(1)
        assert request.values["content"] == "您的验证码是${code}，5分钟内有效，请勿泄露。"
        assert request.values["sample.code"] == "1234"


async def test_a_row_for_each_finding_and_a_column_for_each_account(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        said = await s.say("check sign all 速达物流有限公司北京第一分公司 source=company")

        assert "❌ Signature 速达物流有限公司北京第一分公司: aliyun, tencent, ucloud would not take it." in said
        rows = [line.split() for line in said.splitlines()]
        assert ["Finding", "aliyun", "tencent", "ucloud"] in rows
        row = "`name` is too long ❌ at most 12 characters ✅ ❌ at most 12 characters"
        assert row.split() in rows
        assert "Next: `check sign all name=… source=company`" in said
        assert await nothing_happened(s)


async def test_without_accounts_all_of_the_conversation_are_checked(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        said = await s.say("check template content=您的订单已发货，请注意查收。")
        assert "nothing wrong so far at aliyun, tencent, ucloud" in said


async def test_what_is_missing_is_a_remark_and_names_the_accounts_that_want_it(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as s:
        said = await s.say("check sign 速达物流 source=company")

        assert "✅ Signature 速达物流: nothing wrong so far" in said
        missing = next(line for line in said.splitlines() if "Still to be said" in line)
        assert "`paper` (tencent, ucloud)" in missing
        assert "❌" not in said


async def test_one_account_of_several(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        said = await s.say(f"check template tencent 登录 type=otp {OTP} sample.code=1")
        assert "✅ Template 登录: tencent would take it." in said
        assert "Next: `template submit tencent 登录" in said


@pytest.mark.parametrize(
    ("typed", "finding"),
    [
        ("type=xyz content=您好", "`type`: “xyz” is no choice"),
        ("contnt=您好 content=您好", "I know no `contnt`. Did you mean `content`?"),
        ("content=您好 sample.code=1", "`sample.code`: the text has no placeholder of that name."),
        ("content=您的码${验证码}", "`content`: “${验证码}” cannot be used"),
        ("content=您\u202e好", "`content` has U+202E (right-to-left override) at position 2, which cannot be seen"),
    ],
)
async def test_every_kind_of_finding_is_said(tmp_path: Path, typed: str, finding: str) -> None:
    async with stage(tmp_path) as s:
        said = " ".join((await s.say(f"check template aliyun 登录 {typed}")).split())
        assert "aliyun would not take it" in said
        assert finding in said
        assert ("template submit" in said) is ("Would pass" in said)
        assert await nothing_happened(s)


async def test_a_paper_is_examined_and_not_kept(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        said = await s.say("check sign 速达物流 source=company", files=(Attachment("licence.png", b"no picture"),))
        assert "licence.png is" in said
        assert "plain text" in said
        again = await s.say("sign submit tencent 速达物流 source=company")
        assert "licence.png" not in again


async def test_there_must_be_something_to_check(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        assert "There is no text to check." in await s.say("check template all")
        assert "There is no name to check." in await s.say("check sign")
        assert "check sign, check template" in await s.say("check")


async def test_it_leaves_an_open_question_alone(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as s:
        assert "more to fill in" in await s.say("sign submit tencent 速达物流", can_ask=True)
        await s.say("check sign 速达物流", can_ask=True)
        assert "given up" in await s.say("cancel", can_ask=True)


async def test_in_chinese_with_the_words_of_that_language(tmp_path: Path) -> None:
    async with stage(tmp_path, language="zh") as s:
        said = await s.say("检查 模板 阿里云 登录 类型=验证码 内容=“您的 验证码是${code}，5分钟内有效” 示例.code=1234")
        assert "✅ 模板 登录：aliyun 可以接受。" in said
        command = said.split("`")[-2]
        assert command.startswith("模板 提交 aliyun 登录 类型=验证码 ")
        await s.say(command)
        assert (await s.request(1)).values["content"] == "您的 验证码是${code}，5分钟内有效"

        said = await s.say("检查 签名 速达物流有限公司北京第一分公司 来源=企业")
        assert "`名称` 太长" in said
        assert "检查 签名 全部 名称=… 来源=企业" in said
        assert "`检查 签名 aliyun 速达 来源=…`" in await s.say("检查 签名 aliyun 速达 来源=网站")


QUOTED = ["a b", 'he said "go" now', "“您好” 再见", "一\n二 type=promo", '「a」 "b"', "a=b c=d", "//x y", "it's '1'"]


async def test_what_the_next_command_says_is_what_was_checked(tmp_path: Path) -> None:
    """Also for texts with quotation marks, keys and line ends in them; what cannot be typed is not offered."""
    async with stage(tmp_path) as s:
        context = s.bot.reception.context(Incoming("", Actor("terminal", "submitter"), s.place, "x"))
        assert context is not None
        for content in QUOTED:
            rest, whole = typed_again(context, Kind.TEMPLATE, ("aliyun",), (("content", content),), frozenset())
            parsed = parse(f"template submit {rest}", ROUTER, s.bot.services.speech.vocabulary)
            assert whole
            assert isinstance(parsed, Command)
            assert parsed.value("content") == content

        said = (("content", "\" ” 」 』 '"), ("type", "otp"))
        assert typed_again(context, Kind.TEMPLATE, ("aliyun",), said, frozenset()) == (
            "aliyun content=… type=otp",
            False,
        )
        lines = await s.say('check template aliyun 订单 type=notice content="您的订单已发货。\u2028请查收"')
        assert (
            "`template submit aliyun 订单 type=notice content=…`" in lines
        )  # shown on one line it would be another text


def test_findings_of_several_accounts_share_rows() -> None:
    link = ("a link in a verification text",)
    found = {
        "aliyun": (Finding(link), Finding(("two variables",), ("one allowed",))),
        "ucloud": (Finding(link, ("carriers block it",), Mark.WARNING),),
        "tencent": (),
    }
    table = side_by_side(languages(UTC)["en"], found)

    assert table.head == ("Finding", "aliyun", "ucloud", "tencent")
    assert [[plain(cell) for cell in row] for row in table.rows] == [
        ["a link in a verification text", "❌", "⚠️ carriers block it", "✅"],
        ["two variables", "❌ one allowed", "✅", "✅"],
    ]


async def test_what_reviewers_mind_stands_side_by_side_and_one_text_would_pass(tmp_path: Path) -> None:
    """Conversations 3: stopped before it costs two days, with the text that passes everywhere and its price."""
    async with stage(tmp_path) as s:
        said = await s.say(
            'check template all 登录验证码 type=otp content="您的验证码是${code}，${minutes}分钟内有效。点击 https://a.example/x 查看" '
            "sample.code=1234 sample.minutes=5"
        )
        rows = [" ".join(line.split()) for line in said.splitlines()]
        assert "❌ Template 登录验证码: aliyun would not take it." in said
        assert any(
            row.startswith("two variables in a verification text") and "❌ one allowed ✅ ✅" in row for row in rows
        )
        assert any(row.startswith("link in a verification text") and "❌ ⚠️ ⚠️ carriers block it" in row for row in rows)
        assert "Would pass: `您的验证码是${code}，5分钟内有效。` · 1 part, from CNY 0.045 at aliyun" in said
        command = said.split("`")[-2]
        assert "sample.minutes" not in command
        await s.say(command)
        assert (await s.request(1)).values["content"] == "您的验证码是${code}，5分钟内有效。"


@pytest.mark.parametrize(
    "typed",
    [
        'check template all 登录 type=otp content="您的验证码是${code}，${minutes}分钟内有效。" sample.code=1234 sample.minutes=5',
        '检查 模板 全部 登录 类型=验证码 内容="您的验证码是${code}，${minutes}分钟内有效。" 示例.code=1234 示例.minutes=5',
        "check template all 登录 类型：验证码 示例.code：1234 内容：您的验证码是${code}，${minutes}分钟内有效。",
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_next_command_has_the_fix_whatever_the_keys_were_called(
    tmp_path: Path, language: str, typed: str
) -> None:
    async with stage(tmp_path, language=language) as s:
        said = await s.say(typed)
        command = said.split("`")[-2]
        assert ".minutes" not in command
        assert ".code=1234" in command
        await s.say(command)
        values = (await s.request(1)).values
        assert values["content"] == "您的验证码是${code}，5分钟内有效。"
        assert values["sample.code"] == "1234"


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_what_would_be_refused_is_stopped_with_a_fix_that_works(tmp_path: Path, language: str) -> None:
    async with stage(tmp_path, language=language) as s:
        said = await s.say('template submit tencent 新品上市 type=promo content="尊敬的会员，新品上线，欢迎选购！"')
        assert ("was not sent" in said) or ("未提交" in said) or ("没有" in said)
        assert await nothing_happened(s)
        await s.say(said.split("`")[-2])
        assert (await s.request(1)).values["content"] == "尊敬的会员，新品上线，欢迎选购！拒收请回复R"


async def test_what_reviewers_may_mind_is_asked_about_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        said = await s.say(
            'template submit tencent 新品上市 type=promo content="新品上线，欢迎选购！拒收请回复R"', can_ask=True
        )
        assert "⚠️ Reviewers may mind this" in said
        assert "whom the text addresses: Marketing goes to members" in said
        assert (await s.request(1)).state == "draft"
        said = await s.say("submit", can_ask=True)
        assert "Reviewers may mind this" not in said
        assert (await s.request(1)).state == "in_review"


async def test_an_edit_is_looked_at_too(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.say('template submit tencent 上新 type=promo content="尊敬的会员，新品上线。拒收请回复R"')
        said = await s.say('edit #1 content="尊敬的会员，新品上线。回T退订"')
        assert "#1 was not changed" in said
        assert "wording of the opt-out" in said
