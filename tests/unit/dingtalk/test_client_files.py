"""Files that people send and pictures that the bot sends: fetched, uploaded, and done without."""

from typing import Any

import pytest

from bot.contracts.memory import Forgetful
from integrations.dingtalk import media
from integrations.dingtalk.media import FILE_BYTES
from tests.unit.dingtalk.talk import GROUP_ID, ME, PNG, Talk, post, with_picture


async def test_a_picture_is_fetched_whole_and_without_the_token(talk: Talk) -> None:
    incoming = await talk.hear(await talk.emulator.say_rich("来源：企业", PNG))
    assert [(file.name, file.content) for file in incoming.files] == [("picture-1.png", PNG)]
    assert incoming.text == "来源：企业"
    incoming = await talk.hear(await talk.emulator.say_picture(b"\xff\xd8\xff" + b"x" * 10))
    assert [file.name for file in incoming.files] == ["picture-1.jpg"]
    assert incoming.direct


async def test_a_picture_that_is_too_large_is_not_read_to_its_end(talk: Talk) -> None:
    incoming = await talk.hear(await talk.emulator.say_rich("x", PNG + b"\0" * (FILE_BYTES + 1_000_000)))
    assert len(incoming.files[0].content) == FILE_BYTES + 1


async def test_a_file_that_cannot_be_fetched_is_told_and_the_rest_goes_on(talk: Talk) -> None:
    talk.emulator.deny("robot")
    incoming = await talk.hear(await talk.emulator.say_rich("来源：企业", PNG))
    assert (incoming.text, incoming.files) == ("来源：企业", ())
    (shown,) = talk.emulator.shown
    assert (shown.way, shown.title) == ("webhook", "❌ 有文件没有取到")
    assert "第 1 张图片：应用没有取文件的权限" in shown.text
    assert "企业内机器人发送消息权限（qyapi＿robot＿sendmsg）" in shown.text.replace("_", "＿")
    assert "重新发送" in shown.text


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ({"status": 504}, "钉钉没有及时给出文件，请重新发送。"),
        ({"status": 403, "body": {"code": "Forbidden.AccessDenied.IpNotInWhiteList"}}, "原因见日志"),
        ({"status": 400, "body": {"code": "invalidParameter.downloadCode"}}, "请重新发一条"),
        ({"status": 403, "body": {"code": "Forbidden.AccessDenied.ApiCountLimitForOrg"}}, "调用次数已用完"),
    ],
)
async def test_why_a_file_did_not_come(talk: Talk, failure: dict[str, Any], words: str) -> None:
    talk.emulator.fail_next("/messageFiles/download", **failure)
    await talk.emulator.acked(talk.emulator.frame_of(await talk.emulator.say_picture(PNG)))
    await talk.chat.idle()
    assert words in talk.emulator.shown[0].text
    assert talk.heard == []  # there was nothing else in the message


async def test_of_two_files_one_comes_and_the_other_is_named(talk: Talk) -> None:
    talk.emulator.fail_next("/storage/", status=500)
    code = talk.emulator.picture(PNG)
    other = talk.emulator.picture(PNG)
    parts = [{"type": "picture", "downloadCode": one} for one in (code, other)]
    msg_id = await talk.emulator._push("richText", {"content": {"richText": parts}}, "manager4567", GROUP_ID, None)
    incoming = await talk.hear(msg_id)
    assert [file.name for file in incoming.files] == ["picture-2.png"]
    assert talk.emulator.shown[0].title == "❌ 2 个文件中有 1 个没有取到"
    assert "第 1 张图片" in talk.emulator.shown[0].text


# --- Pictures ---------------------------------------------------------------------------------------------------------


async def test_a_picture_stands_in_the_text_and_is_uploaded_once(talk: Talk) -> None:
    memory = Forgetful()
    talk.chat.remember(memory)
    await talk.chat.post(with_picture())
    await talk.hear(await talk.emulator.say("额度"))
    await talk.chat.post(with_picture(key="news:2"))
    await talk.chat.post(with_picture(ME, key="news:3"))
    ((media, content),) = talk.emulator.media.items()
    assert content == PNG
    assert [one.way for one in talk.emulator.shown] == ["group", "webhook", "private"]
    assert {one.text for one in talk.emulator.shown} == {f"额度\n\n剩余 38,200 条\n\n![]({media})"}
    (call,) = [one for one in talk.emulator.calls if one.path == "/media/upload"]
    assert call.method == "POST"


@pytest.mark.parametrize(
    "failure",
    [
        {"status": 200, "body": {"errcode": 40004, "errmsg": "invalid media type"}},
        {"status": 200, "body": {"errcode": 0, "errmsg": "ok"}},
        {"status": 500},
        {"status": 200, "body": {"errcode": 90030, "errmsg": "spent"}},
    ],
)
async def test_a_picture_that_cannot_be_uploaded_holds_nothing_back(talk: Talk, failure: dict[str, Any]) -> None:
    await talk.hear(await talk.emulator.say("额度"))
    talk.emulator.fail_next("/media/upload", **failure)
    await talk.chat.post(with_picture())
    assert [(one.way, one.text) for one in talk.emulator.shown] == [("webhook", "额度\n\n剩余 38,200 条")]


async def test_an_upload_that_hangs_is_not_waited_for(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "UPLOAD_SECONDS", 0.05)
    talk.emulator.fail_next("/media/upload", hang=True)
    await talk.chat.post(with_picture())
    assert talk.emulator.shown[0].text == "额度\n\n剩余 38,200 条"
    talk.emulator.release()


async def test_a_token_that_ended_is_renewed_for_an_upload_too(talk: Talk) -> None:
    await talk.chat.post(post("一"))
    talk.emulator.expire_tokens()
    await talk.chat.post(with_picture())
    assert len(talk.emulator.media) == 1


async def test_where_a_text_takes_no_picture_it_follows_by_itself(talk: Talk) -> None:
    talk.emulator.takes_pictures = False
    await talk.hear(await talk.emulator.say("额度"))
    await talk.chat.post(with_picture())
    (uploaded,) = talk.emulator.media
    assert [(one.way, one.text) for one in talk.emulator.shown] == [
        ("group", "额度\n\n剩余 38,200 条"),
        ("group", uploaded),
    ]
