"""What Slack does to a text never reaches a vendor, and stands in nobody's way: through the real Bolt, as Slack sends it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.store import requests
from integrations.sandbox import Sandbox
from tests.acceptance.slack_team import Team, team, without_defaults
from tests.emulators.slack.server import Slack
from tests.given import left_at
from tests.stage import StageClock

TEMPLATE = "template submit ucloud 登录码 type=notice sample.code=1234 content="


async def values(here: Team, number: int = 1) -> dict[str, str]:
    found = await here.bot.services.database.read(lambda db: requests.get(db, number))
    return {"name": found.name, **found.values}


async def nothing_was_submitted(here: Team) -> bool:
    return await here.bot.services.database.read(lambda db: requests.find(db, 1)) is None


def rich(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}]


def said(text: str, *styles: str) -> dict[str, Any]:
    return {"type": "text", "text": text, "style": dict.fromkeys(styles, True)}


# --- Links -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["slash", "mention"])
@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("客服热线<tel:4000001234|400-000-1234>，请知悉。", "客服热线400-000-1234，请知悉。"),
        ("请联系<mailto:service@suda.example|Service@Suda.example>。", "请联系Service@Suda.example。"),
        ("详见 <http://suda.example|suda.example> 的 <#C0OPS|ops>，<!here|here>", "详见 suda.example 的 #ops，@here"),
        ("价格 5 &lt; 6 &amp; 7*8*9，${user_name}", "价格 5 < 6 & 7*8*9，${user_name}"),
    ],
)
async def test_a_vendor_gets_what_was_typed(here: Team, by: str, sent: str, typed: str) -> None:
    text = f'{TEMPLATE.replace("sample.code=1234 ", "")}"{sent}"'
    await (here.slack.slash(text) if by == "slash" else here.slack.mention(text))
    await here.until("登录码")

    assert (await values(here))["content"] == typed


# --- Formatting ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["slash", "mention"])
@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ("`status #1`", "There is no #1 here"),
        ("*status* #1", "There is no #1 here"),
        ("status `#1`", "There is no #1 here"),
        ("&gt; status #1", "There is no #1 here"),
        ("• status #1", "There is no #1 here"),
        ("```status #1```", "There is no #1 here"),
        ("*_status_* ~#1~", "There is no #1 here"),
        ("show `#1`", "There is no #1 here"),
        ("ack `A1`", "There is no alert A1 here"),
        ("quota `aliyun`", "Quota"),
        ("*history* `since=7d`", "Nothing happened in that time"),
    ],
)
async def test_formatting_around_commands_and_words_is_nothing(here: Team, by: str, sent: str, answer: str) -> None:
    await (here.slack.slash(sent) if by == "slash" else here.slack.mention(sent))

    await here.until(answer)


@pytest.mark.parametrize(
    "sent",
    [
        "```sign submit ucloud 速达物流 source=company```",
        "sign submit `ucloud` *速达物流* `source=company`",
        "&gt; sign submit ucloud 速达物流 source=*company*",
        "*sign submit* ucloud `速达物流` source=`company`",
    ],
)
async def test_formatting_around_accounts_names_and_pairs_is_nothing(here: Team, sent: str) -> None:
    await here.slack.slash(sent)
    await here.until("in review")

    read = await values(here)
    assert (read["name"], read["source"]) == ("速达物流", "company")


FORMATTED = "*重要* 您的订单`${code}`已_发货_。"
PLAIN = "重要 您的订单${code}已发货。"


@pytest.mark.parametrize("by", ["slash", "mention", "edited"])
async def test_formatting_in_a_content_is_asked_about_and_one_press_sends_it_plain(here: Team, by: str) -> None:
    match by:
        case "slash":
            await here.slack.slash(f'{TEMPLATE}"{FORMATTED}"')
        case "mention":
            await here.slack.mention(f'{TEMPLATE}"{FORMATTED}"')
        case _:
            pieces = (
                said("重要", "bold"),
                said(" 您的订单"),
                said("${code}", "code"),
                said("已"),
                said("发货", "italic"),
            )
            blocks = rich({"type": "user", "user_id": "U0BOT"}, said(f' {TEMPLATE}"'), *pieces, said('。"'))
            await here.slack.mention("poorer", blocks=blocks)
    asked = await here.until("a text message cannot carry this")
    text = str(asked["blocks"])

    assert await nothing_was_submitted(here)
    for piece in ("*重要*", "${code}", "_发货_", PLAIN):
        assert piece in text
    await here.slack.press("Go on as plain text", asked)
    await here.until("in review")
    assert (await values(here))["content"] == PLAIN


async def test_signs_that_were_typed_as_signs_are_sent(here: Team) -> None:
    """Slack's editor tells one from the other; the poorer text would not."""
    content = "*重要* 您的订单${code}已_发货_。"
    blocks = rich({"type": "user", "user_id": "U0BOT"}, said(f' {TEMPLATE}"{content}"'))
    await here.slack.mention(f'{TEMPLATE}"{content}"', blocks=blocks)
    await here.until("登录码")

    assert (await values(here))["content"] == content


@pytest.mark.parametrize(
    ("sent", "piece"),
    [
        ('sign submit ucloud 速达物流 source=company remark="*请* 通过"', "*请*"),
        ("sign submit ucloud 速达物流 source=company remark=`请通过`", "请通过"),
        ("template submit ucloud 登录码 type=otp content=*您的验证码是${code}*", "*您的验证码是${code}*"),
        ("template submit ucloud 登录码 type=otp content=您的验证码是${code}:tada:", ":tada:"),
        ("template submit ucloud 登_录_码 type=otp content=您的验证码是${code}", "_录_"),
        ("check template all content=*您的验证码是${code}*", "*您的验证码是${code}*"),
        ("template submit ucloud 登录码 type=otp\ncontent: 您的 *验证码* 是${code}", "*验证码*"),
        ("template submit ucloud 登录码\n• type=otp\n• content=您的 *验证码* 是${code}", "*验证码*"),
    ],
)
async def test_formatting_in_whatever_goes_to_a_vendor(here: Team, sent: str, piece: str) -> None:
    await here.slack.slash(sent)

    assert piece in str((await here.until("a text message cannot carry this"))["blocks"])
    assert await nothing_was_submitted(here)


async def test_formatting_in_an_answer_is_asked_about(asking: Team) -> None:
    await asking.slack.dm("template submit ucloud 登录码 type=otp")
    await asking.until("1 more to fill in", "D0ALICE")
    await asking.slack.dm("您的 *验证码* 是${code}")
    assert "*验证码*" in str((await asking.until("a text message cannot carry this", "D0ALICE"))["blocks"])
    await asking.slack.dm("您的验证码是${code}，请勿泄露。")
    await asking.until("in review", "D0ALICE")

    assert (await values(asking))["content"] == "您的验证码是${code}，请勿泄露。"


# --- The shortcut, and forms -----------------------------------------------------------------------------------------


async def test_the_shortcut_tells_of_formatting_and_goes_on_without(here: Team) -> None:
    message = here.slack.write(FORMATTED)
    await here.slack.shortcut(message)
    asked = await here.until("a text message cannot carry this")

    assert asked["only"] == "U0ALICE"
    await here.slack.press("Go on as plain text", asked)
    checked = await here.until("nothing wrong so far")
    assert PLAIN in str(checked["blocks"])


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("```您的验证码是${code}。```", "您的验证码是${code}。"),
        ("> 您的验证码是\n> ${code}。", "您的验证码是\n${code}。"),
        ("*您的验证码是${code}。*", "您的验证码是${code}。"),
    ],
)
async def test_marks_around_a_whole_draft_are_no_part_of_it(here: Team, sent: str, meant: str) -> None:
    await here.slack.shortcut(here.slack.write(sent))
    await here.slack.press("Submit this", await here.until("nothing wrong so far"))
    view = await here.slack.until(lambda: next((one for one in here.slack.views.values() if "submit" in one), None))
    fields = {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}

    assert fields["content"]["element"]["initial_value"] == meant


async def test_the_shortcut_reads_the_richest_place(here: Team) -> None:
    message = here.slack.write("a short *text*", blocks=rich(said("您的验证码是${code}，请勿泄露。")))
    await here.slack.shortcut(message)

    assert "请勿泄露" in str((await here.until("nothing wrong so far"))["blocks"])


async def test_a_form_tells_of_formatting_under_its_field(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    async with team(tmp_path, slack, sandbox, clock, without_defaults) as asking:
        await slack.slash("template submit ucloud 登录码")
        view = await slack.until(lambda: next((one for one in slack.views.values() if "submit" in one), None))
        ack = await slack.acked(await slack.submit_view(view["id"], {"type": "notice", "content": FORMATTED}))
        assert ack["response_action"] == "errors"
        assert "*重要*" in ack["errors"]["content"]
        assert PLAIN in ack["errors"]["content"]

        ack = await slack.acked(await slack.submit_view(view["id"], {"type": "notice", "content": PLAIN}))
        while ack:  # the form may have several steps
            assert ack["response_action"] == "update"
            ack = await slack.acked(await slack.submit_view(view["id"], {}))
        await asking.until("in review")
        assert (await values(asking))["content"] == PLAIN


# --- People ----------------------------------------------------------------------------------------------------------


async def submitted_by_both(here: Team) -> None:
    await here.slack.slash("sign submit ucloud 速达物流 source=company")
    await here.until("速达物流")
    await here.slack.slash("sign submit ucloud 速达快运 source=company", user="U0BOB")
    await here.until("速达快运")


async def history(here: Team, by: str) -> str:
    """What is answered to one more `history by=…`."""

    def told() -> list[str]:
        return [str(one["text"]) for one in here.slack.said() if str(one["text"]).startswith("History")]

    before = len(told())
    await here.slack.slash(f"history by={by}")
    return str((await here.slack.until(lambda: told()[before:]))[0])


@pytest.mark.parametrize(
    "by", ["<@U0ALICE>", "<@U0ALICE|mei>", "alice", "Alice", "@ALICE", "ａｌｉｃｅ", "`alice`", "*<@U0ALICE>*", "me"]
)
async def test_a_mention_is_the_person(here: Team, by: str) -> None:
    await submitted_by_both(here)
    story = await history(here, by)

    assert "速达物流" in story
    assert "速达快运" not in story


@pytest.mark.parametrize("by", ["<@U0BOB>", "<@U0BOB|mei>", "bob", "Bob"])
async def test_somebody_whom_nobody_listed_is_found_too(here: Team, by: str) -> None:
    await submitted_by_both(here)
    story = await history(here, by)

    assert "速达快运" in story
    assert "速达物流" not in story


@pytest.mark.parametrize("by", ['"李 mei"', "“李 Mei”", "<@U0ALICE>"])
async def test_names_may_have_blanks_and_chinese(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock, by: str
) -> None:
    def named(text: str) -> str:
        return text.replace('name = "alice"', 'name = "李 Mei"')

    async with team(tmp_path, slack, sandbox, clock, named) as here:
        await submitted_by_both(here)
        story = await history(here, by)

    assert "速达物流" in story
    assert "速达快运" not in story


async def test_nobody_is_told_by_name(here: Team) -> None:
    await here.slack.slash("history by=nobody")
    await here.until("I know nobody called “nobody”")
    await here.slack.slash("history since=<@U0BOB>")
    await here.until("“@bob” is no span of time")
    await here.slack.slash("show <@U0BOB>")
    await here.until("@bob")

    assert "U0BOB" not in str([one["text"] for one in here.slack.said()])


async def test_a_text_for_a_vendor_mentions_nobody(here: Team) -> None:
    await here.slack.slash('template submit ucloud 登录码 type=notice content="请联系 <@U0BOB> 处理。"')
    asked = await here.until("is a mention")

    assert "@bob" in str(asked["blocks"])
    assert "U0BOB" not in str(asked)
    assert await nothing_was_submitted(here)
    await here.slack.press("Go on as plain text", asked)
    await here.until("in review")
    assert (await values(here))["content"] == "请联系 bob 处理。"


@pytest.mark.parametrize(
    ("sent", "identity"), [("<#C0123>", "C0123"), ("<!subteam^S0123>", "S0123"), ("<@U0NOBODY>", "U0NOBODY")]
)
async def test_what_has_no_name_here_is_never_sent_as_an_id(here: Team, sent: str, identity: str) -> None:
    await here.slack.slash(f'template submit ucloud 登录码 type=notice content="请到 {sent} 处理。"')
    asked = await here.until("is a mention")

    assert identity not in str(asked)
    assert "Go on as plain text" not in str(asked["blocks"])
    assert await nothing_was_submitted(here)
    here.slack.refused.clear()  # Slack knows nobody of that id


async def test_others_may_be_mentioned_beside_the_bot(here: Team) -> None:
    await here.slack.mention("<@U0BOB> status #1")

    await here.until("There is no #1 here")


async def test_a_note_shows_the_name(here: Team) -> None:
    readings = [one.remaining for one in await left_at(here.bot.services.vendors["aliyun"]) if one.total]
    here.sandbox.drain("alibaba", int(sum(readings) * 95 // 100))
    await here.pass_time(timedelta(minutes=20))
    await here.until("A1 aliyun")
    await here.slack.slash("ack `A1` <@U0BOB> takes *over* on <#C0OPS|ops>")

    await here.until("@bob takes over on #ops")
    assert "U0BOB" not in str([one["text"] for one in here.slack.said()])
