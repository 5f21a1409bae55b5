"""Digital messages at Alibaba: from files and words to a template that every carrier passed, and a test message."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.contracts.model import Attachment, State
from bot.store import requests
from integrations.sandbox import Fault, Sandbox
from tests.acceptance.both_chats import CHANNEL, GROUP, Chats, bot_in
from tests.acceptance.dialogue import without_defaults
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.made_files import jpeg, png
from tests.made_media import film, sound
from tests.stage import StageClock, stage

CREATE = "CreateDigitalSmsTemplate"
WORDS = "${name}，新品上市，到店有礼。拒收请回复R"
SAY = f'template submit aliyun 新品上市 type=digital sign=速达科技 content="{WORDS}" remark=会员通知 sample.name=张三'


def written(folder: Path) -> str:
    """A picture, a film and a sound as files, as they are named in a command."""
    files = {"poster.png": png(), "launch.mp4": film(12), "jingle.mp3": sound(3)}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return " ".join(f'media="{folder / name}"' for name in files)


def sent_parts(sandbox: Sandbox) -> list[str]:
    """The suffixes of what was submitted, in order."""
    (call,) = [one for one in sandbox.calls if one.action == CREATE]
    suffixes = {key: str(value) for key, value in call.params.items() if key.endswith("FileSuffix")}
    return [suffixes[key] for key in sorted(suffixes)]


async def test_from_files_and_words_to_a_test_message(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        content = f'"新品上市\n(2)\n到店有礼\n(1)\n(3)\n{WORDS}"'
        said = await s.say(SAY.replace(f'"{WORDS}"', content) + " " + written(tmp_path), can_ask=True)
        assert "新品上市, as a phone will show it" in said
        shown = [line for line in said.splitlines() if line.startswith((">", "poster", "launch", "jingle"))]
        assert [one.partition(":")[0] for one in shown] == [
            "> 新品上市",
            "launch.mp4",
            "> 到店有礼",
            "poster.png",
            "jingle.mp3",
            "> 张三，新品上市，到店有礼。拒收请回复R",
        ]
        assert "12 s long" in said
        assert "#1 digital template 新品上市 at aliyun: in review" in said
        assert sent_parts(s.sandbox) == ["txt", "mp4", "txt", "png", "mp3", "txt"]

        s.sandbox.approve("alibaba", "新品上市", "template")
        s.sandbox.file("新品上市", "unicom", 2)
        told = await s.pass_time(timedelta(minutes=20))
        assert "#1 digital template 新品上市 approved by aliyun" in told
        assert "China Mobile: in progress" in told
        assert "China Unicom: failed" in told
        assert "cannot be sent yet" in await s.say("send aliyun 新品上市 1234 name=张三")

        s.sandbox.file("新品上市", "mobile", 1)
        assert "China Mobile: filed" in await s.pass_time(timedelta(hours=4))
        asked = await s.say("send aliyun 新品上市 1234 name=张三")
        assert "one digital message" in asked
        assert "With poster.png, launch.mp4, jingle.mp3." in asked
        await s.say("yes")
        assert "delivered through aliyun" in await s.pass_time(timedelta(minutes=1), step=timedelta(seconds=10))

        for carrier in ("unicom", "telecom"):
            s.sandbox.file("新品上市", carrier, 1)  # type: ignore[arg-type]
        assert "#1 digital template 新品上市 at aliyun is ready" in await s.pass_time(timedelta(hours=4))
        assert "no program change or delete a digital template" in await s.say("delete #1 confirm")


async def test_what_no_carrier_has_filed_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    async with stage(tmp_path, language="en", auto_review=False) as s:
        media = written(tmp_path)
        unknown = await s.say(SAY.replace("速达科技", "速达优选") + " " + media)
        assert "“速达优选” is not filed for digital messages" in " ".join(unknown.split())
        for carrier in ("mobile", "unicom", "telecom"):
            s.sandbox.file("900000", carrier, -1)  # type: ignore[arg-type]
        waiting = await s.say(SAY.replace("template submit", "check template") + " " + media)
        assert "no carrier has filed “速达科技” for digital messages yet (China Mobile: in progress" in " ".join(
            waiting.split()
        )
        assert not s.calls("alibaba", CREATE)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("", ""), "media"),
        ((WORDS, "新品上市。"), "拒收请回复R"),
        ((WORDS, f"[新品]{WORDS}"), "square brackets"),
        ((WORDS, f"(1)\n(4)\n{WORDS}"), "the place (4) is wrong"),
        (("新品上市 type", "新品上市新品上市新品上市新品上市新品上市了 type"), "20 characters at most"),
        (("type=digital", "type=digital international=true"), "digital"),
    ],
    ids=["no files", "no opt-out", "brackets", "place", "name", "abroad"],
)
async def test_what_does_not_fit_is_said_and_nothing_is_sent(tmp_path: Path, change: tuple[str, str], why: str) -> None:
    async with stage(tmp_path) as s:
        media = written(tmp_path) if change[0] else ""
        said = await s.say(f"{SAY.replace(*change) if change[0] else SAY} {media}")
        assert why in said
        assert not s.calls("alibaba", CREATE)


async def test_too_much_in_all_and_the_wrong_coding_are_told_by_file(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        (tmp_path / "big.png").write_bytes(png() + bytes(1_500_000))
        (tmp_path / "two.png").write_bytes(png(9) + bytes(1_000_000))
        (tmp_path / "x.mp4").write_bytes(film(coding=b"hvc1"))
        big = await s.say(f"{SAY} media={tmp_path / 'big.png'} media={tmp_path / 'two.png'}")
        assert "the files are too large, at most 1.9 MB in all" in big
        coded = await s.say(f"{SAY} media={tmp_path / 'x.mp4'}")
        assert "an MP4 video that is not coded as H.264; save it as mp4 with H.264" in " ".join(coded.split())
        assert not s.calls("alibaba", CREATE)


async def test_what_was_rejected_is_sent_anew_with_its_files(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        media = written(tmp_path)
        await s.say(f"{SAY} {media}")
        s.sandbox.reject("alibaba", "新品上市", "文本结尾需添加退订方式：拒收请回复R", "template")
        told = await s.pass_time(timedelta(minutes=20))
        assert "opt-out at the end" in told
        assert "resubmit #1" in told
        opened = await s.say("resubmit #1", can_ask=True)
        assert "Pictures, film, sound" in opened
        await s.say(media.replace(" media=", "\nmedia="), can_ask=True)
        await s.say("submit", can_ask=True)
        await s.work()
        assert [(await s.request(number)).state for number in (1, 2)] == [State.REJECTED, State.IN_REVIEW]
        assert "新品上市 (digital)" in await s.say("template list")


@pytest.mark.parametrize(
    ("fault", "taken"),
    [(Fault.HTTP_500_AFTER, True), (Fault.RESET_AFTER, True), (Fault.RESET_BEFORE, False)],
)
async def test_an_answer_that_is_lost_is_looked_for_and_never_asked_again(
    tmp_path: Path, fault: Fault, taken: bool
) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        s.sandbox.faults.next("alibaba", fault, CREATE)
        await s.say(f"{SAY} {written(tmp_path)}")
        await s.pass_time(timedelta(minutes=5), step=timedelta(seconds=20))
        request = await s.request(1)
        assert len(s.sandbox.accepted("alibaba", "template")) == int(taken)
        assert request.state is (State.IN_REVIEW if taken else State.UNKNOWN)
        if not taken:  # the list may not show all of them, so a person is asked
            shown = await s.say("show #1")
            assert "whose list may not show every one of these" in shown
            await s.say("settle #1 resend")
            await s.work()
            assert (await s.request(1)).state is State.IN_REVIEW
        assert len(s.sandbox.accepted("alibaba", "template")) == 1


async def in_slack(chats: Chats, slack: Slack) -> None:
    file = slack.add_file("poster.jpg", jpeg())
    await slack.slash("template submit aliyun 新品上市 type=digital sign=速达科技")
    view = await slack.until(lambda: next((one for one, shown in slack.views.items() if "submit" in shown), None))
    answers = {"content": WORDS, "remark": "会员通知", "sample.name": "张三"}
    while view in slack.views and "submit" in slack.views[view]:
        keys = {block["block_id"] for block in slack.views[view]["blocks"] if block["type"] == "input"}
        given = {key: value for key, value in answers.items() if key in keys}
        files = {"media": (file,)} if "media" in keys else {}
        ack = await slack.acked(await slack.submit_view(view, given, files=files))
        assert ack.get("response_action") != "errors", ack
    await chats.work()
    shown = slack.find("as a phone will show it", CHANNEL)
    assert shown is not None
    assert "张三，新品上市" in str(shown["blocks"])
    assert [one.name for one in slack.files.values() if one.name.startswith("picture")] == ["picture-1.png"]


async def test_files_that_come_one_by_one_are_gathered_until_submit(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        files = [
            Attachment(name, content) for name, content in (("1.mp4", film()), ("2.png", png()), ("3.jpg", jpeg()))
        ]
        await s.say(SAY, can_ask=True)
        for position, file in enumerate(files, 1):
            said = await s.say("", can_ask=True, files=(file,))
            assert "Noted: Pictures, film, sound." in said
            assert [one.name in said for one in files] == [number <= position for number in (1, 2, 3)]
            assert (await s.request(1)).state is State.DRAFT
        reminded = await s.pass_time(timedelta(minutes=40))
        assert "waits for your answer" in reminded
        assert "Still missing" not in reminded
        await s.say("submit", can_ask=True)
        await s.work()
        request = await s.request(1)
        assert request.state is State.IN_REVIEW
        assert [paper["name"] for paper in request.papers] == [one.name for one in files]


async def in_dingtalk(chats: Chats, dingtalk: DingTalkEmulator) -> None:
    await dingtalk.acked(
        dingtalk.frame_of(
            await dingtalk.say_rich(
                f'模板 提交 阿里云 新品上市 类型=数字短信 签名=速达科技 内容="{WORDS}" 说明=会员通知 示例.name=张三',
                jpeg(),
            )
        )
    )
    await chats.work()
    shown = next(one for one in dingtalk.shown if "手机上的显示效果" in f"{one.title}{one.text}")
    assert shown.conversation == GROUP
    assert "张三，新品上市" in shown.text
    assert "![" in shown.text


@pytest.mark.parametrize("chat", ["slack", "dingtalk"])
async def test_a_template_with_a_picture_in_both_chats(tmp_path: Path, chat: str) -> None:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False) as sandbox,
        Slack() as slack,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as dingtalk,
        bot_in(tmp_path, slack, dingtalk, sandbox, clock, change=without_defaults) as chats,
    ):
        tell: Callable[[], Awaitable[None]] = (
            (lambda: in_slack(chats, slack)) if chat == "slack" else (lambda: in_dingtalk(chats, dingtalk))
        )
        await tell()
        assert sent_parts(sandbox) == ["jpg", "txt"]
        await chats.pass_time(timedelta(hours=4))
        request = await chats.bot.services.database.read(lambda db: requests.get(db, 1))
        assert request.state is State.READY
        assert not dingtalk.complaints


async def test_a_rejected_one_is_sent_anew_in_its_place_for_its_vendor_changes_none(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        media = written(tmp_path)
        await s.say(f"{SAY} {media}")
        s.sandbox.reject("alibaba", "新品上市", "内容不规范", "template")
        assert "`resubmit #1`" in await s.pass_time(timedelta(hours=2))
        assert "> 内容不规范" in await s.say(f"resubmit #1 {media}", can_ask=True)
        await s.say("submit", can_ask=True)
        request = await s.bot.services.database.read(lambda db: requests.get(db, 2))
        assert (request.state, request.earlier) == (State.IN_REVIEW, 1)
        assert s.calls("alibaba", CREATE) == 2


async def test_the_same_words_with_another_picture_are_another_thing(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        for shade in (1, 2):
            (tmp_path / f"{shade}.png").write_bytes(png(shade))
        await s.say(f"{SAY} media={tmp_path / '1.png'}")
        assert "#1" in await s.say(f"{SAY} media={tmp_path / '1.png'}")
        await s.say(f"{SAY} media={tmp_path / '2.png'}")
        assert s.calls("alibaba", CREATE) == 2
