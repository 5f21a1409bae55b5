"""The chat itself, against the emulated service: which way a message takes, and what every refusal becomes."""

import asyncio
import contextlib
import io
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.errors import DeliveryError, DeliveryFailed, DeliveryRetry, NotEditable
from bot.logs import setup
from bot.message import Items, Mention, Message, Picture, Text
from bot.model import Incoming, Place
from bot.ports import Card, Chat, Connected, Forgetful, Post
from integrations.dingtalk import media
from integrations.dingtalk.client import DingTalk
from integrations.dingtalk.media import FILE_BYTES
from integrations.dingtalk.stream import Patience
from tests.emulators.dingtalk.server import DingTalkEmulator

GROUP_ID = "cidGroupOne=="
GROUP = Place("dingtalk", GROUP_ID)
ME = Place("dingtalk", "user:manager4567")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 200
MENTION = Mention("dingtalk:dingcorpemulated/manager4567", "张三")
SECOND = timedelta(seconds=1)


class Clock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


class Talk:
    """A chat that is listened to."""

    def __init__(self, emulator: DingTalkEmulator, clock: Clock, *, template: str = "") -> None:
        self.emulator = emulator
        self.clock = clock
        self.heard: list[Incoming] = []
        self.chat = DingTalk(
            client_id=emulator.client_id,
            client_secret=emulator.client_secret,
            api_base=emulator.url,
            oapi_base=emulator.url,
            allowed_webhook_hosts=(emulator.host,),
            card_template_id=template,
            calls_a_second=10_000,  # of the machine's time, which does not stand still here
            now=clock,
            patience=Patience(first=0.01, longest=0.01, settled=0.0),
            sleep=self.sleep,
        )

    async def sleep(self, seconds: float) -> None:
        self.clock.moment += timedelta(seconds=seconds)

    async def receive(self, incoming: Incoming) -> None:
        self.heard.append(incoming)

    async def hear(self, msg_id: str) -> Incoming:
        await self.emulator.acked(self.emulator.frame_of(msg_id))
        await self.chat.idle()
        return self.heard[-1]


@pytest.fixture
async def talk() -> AsyncIterator[Talk]:
    clock = Clock()
    async with DingTalkEmulator(now=lambda: clock().timestamp()) as emulator:
        talk = Talk(emulator, clock)
        await talk.chat.start(talk.receive)
        yield talk
        await talk.chat.stop()
        assert not emulator.complaints


@pytest.fixture
async def with_cards() -> AsyncIterator[Talk]:
    clock = Clock()
    async with DingTalkEmulator(now=lambda: clock().timestamp()) as emulator:
        talk = Talk(emulator, clock, template="emulated-template.schema")
        await talk.chat.start(talk.receive)
        yield talk
        await talk.chat.stop()
        assert not emulator.complaints


def card(state: str = "open", *line: str | Mention) -> Post:
    return Post(GROUP, Message(line or ("A5",)), "zh", "card:alert:5", card=Card("alert:5", "A5", state))


def post(
    *line: str | Mention,
    place: Place = GROUP,
    key: str = "news:1",
    blocks: tuple[Items, ...] = (),
    answers: str = "",
) -> Post:
    return Post(place, Message(line, blocks=blocks), "zh", key, answers=answers)


async def test_it_is_a_chat(talk: Talk) -> None:
    chat: Chat = talk.chat
    assert chat.name == "dingtalk"
    assert not chat.abilities.edits
    assert isinstance(chat, Connected)
    assert chat.failing == ""
    with pytest.raises(NotEditable):
        await chat.edit("x", post("x"))


async def test_by_webhook_while_it_lives(talk: Talk) -> None:
    await talk.hear(await talk.emulator.say("状态"))
    await talk.chat.post(post("好 ", MENTION))
    (shown,) = talk.emulator.shown
    assert (shown.way, shown.mentions) == ("webhook", ("manager4567",))
    talk.clock.moment += timedelta(minutes=89, seconds=1)  # its last minute is not used
    await talk.chat.post(post("好"))
    assert talk.emulator.shown[-1].way == "group"
    assert talk.emulator.count("/sendBySession") == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, {"errcode": 300001, "errmsg": "expired"}), (200, {}), (404, {"errcode": 0}), (302, {"errcode": 0})],
)
async def test_whatever_a_webhook_refuses_goes_the_other_way(talk: Talk, status: int, body: dict[str, object]) -> None:
    await talk.hear(await talk.emulator.say("状态"))
    talk.emulator.fail_next("/sendBySession", status=status, body=body)
    await talk.chat.post(post("结果 ", MENTION))
    assert [(one.way, one.conversation) for one in talk.emulator.shown] == [
        ("group", GROUP.conversation),
        ("private", "manager4567"),
    ]
    assert talk.emulator.shown[1].text.endswith("短信值班 里提到了你。")


async def test_a_webhook_of_another_host_is_never_called(talk: Talk) -> None:
    talk.chat._hosts = ("oapi.dingtalk.com",)
    await talk.hear(await talk.emulator.say("状态"))
    await talk.chat.post(post("好"))
    assert talk.emulator.count("/sendBySession") == 0
    assert talk.emulator.shown[0].way == "group"


async def test_a_ping_that_fails_does_not_repeat_the_message(talk: Talk) -> None:
    await talk.chat.post(post("结果 ", Mention("dingtalk:c/nobody", "无名")))
    assert [one.way for one in talk.emulator.shown] == ["group"]


async def test_one_to_one(talk: Talk) -> None:
    await talk.chat.post(post("好", place=ME))
    assert [(one.way, one.conversation) for one in talk.emulator.shown] == [("private", "manager4567")]
    with pytest.raises(DeliveryFailed, match="可见范围"):
        await talk.chat.post(post("好", place=Place("dingtalk", "user:nobody")))


async def test_parts_go_in_order_and_none_twice(talk: Talk) -> None:
    rows = tuple((f"#{number} 速达物流 审核中",) for number in range(400))
    long = post("全部", blocks=(Items(rows),))
    talk.emulator.fail_next("/nowhere")
    await talk.chat.post(long)
    parts = len(talk.emulator.shown)
    assert parts > 1
    talk.emulator.shown.clear()
    talk.emulator.fail_next("/groupMessages/send", status=200, body={"processQueryKey": "k"})  # the first is taken
    talk.emulator.fail_next("/groupMessages/send", status=500)
    with pytest.raises(DeliveryRetry):
        await talk.chat.post(long)
    await talk.chat.post(long)
    assert [one.text[:6] for one in talk.emulator.shown] == [f"({number}/{parts})\n" for number in range(2, parts + 1)]


async def test_the_minute_is_kept_before_anything_is_sent(talk: Talk) -> None:
    for number in range(16):
        await talk.chat.post(post("通知", key=f"news:{number}"))
    with pytest.raises(DeliveryRetry) as full:
        await talk.chat.post(post("通知"))
    assert full.value.retry_after == 62.0
    assert talk.emulator.count("/groupMessages/send") == 16
    await talk.chat.post(post("回答", key="reply:1", answers="1"))  # answers have room of their own
    talk.clock.moment += 62 * SECOND
    await talk.chat.post(post("通知"))
    assert talk.emulator.busiest_minute(GROUP.conversation) <= 20


async def test_answers_wait_for_their_turn(talk: Talk) -> None:
    for number in range(50):
        await talk.chat.post(post(f"回答 {number}", key=f"reply:{number}", answers=f"{number}"))
    assert [one.text for one in talk.emulator.shown] == [f"回答 {number}" for number in range(50)]
    assert talk.emulator.busiest_minute(GROUP.conversation) == 20


@pytest.mark.parametrize(
    ("path", "failure", "webhook"),
    [
        ("/groupMessages/send", {"code": "send.too.fast"}, False),
        ("/sendBySession", {"errcode": 130101, "errmsg": "send too fast"}, True),
    ],
)
async def test_too_fast_shuts_the_conversation(
    talk: Talk, path: str, failure: dict[str, object], webhook: bool
) -> None:
    if webhook:
        await talk.hear(await talk.emulator.say("状态"))
    talk.emulator.fail_next(path, status=200 if webhook else 400, body=failure)
    with pytest.raises(DeliveryRetry) as refused:
        await talk.chat.post(post("通知"))
    assert refused.value.retry_after == 60.0
    calls = talk.emulator.count(path)
    with pytest.raises(DeliveryRetry):
        await talk.chat.post(post("通知"))
    assert talk.emulator.count(path) == calls
    talk.clock.moment += 61 * SECOND
    await talk.chat.post(post("通知"))


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (403, {"code": "Forbidden.AccessDenied.IpNotInWhiteList"}, DeliveryFailed, "服务器出口IP"),
        (403, {"code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"}, DeliveryRetry, "a second"),
        (403, {"code": "Forbidden.AccessDenied.ApiCountLimitForOrg"}, DeliveryRetry, "资源管理"),
        (400, {"code": "bot.stopped"}, DeliveryFailed, "stopped"),
        (400, {"code": "invalidParameter.robotCode.notExsit"}, DeliveryFailed, "client_id"),
        (400, {"code": "orgAuthLevelNotEnough"}, DeliveryFailed, "edition"),
        (400, {"code": "660026", "message": "?"}, DeliveryFailed, "660026"),
        (500, {"code": "system.busy"}, DeliveryRetry, "busy"),
        (504, None, DeliveryRetry, "busy"),
        (429, {}, DeliveryRetry, "no more"),
        (200, {"errcode": 90030, "errmsg": "spent"}, DeliveryRetry, "allowance"),
        (200, {"code": "surprise", "message": "no"}, DeliveryFailed, "surprise no"),
        (200, [], DeliveryFailed, "refused"),
    ],
)
async def test_refusals_say_what_the_operator_must_do(
    talk: Talk, status: int, body: object, kind: type[DeliveryError], words: str
) -> None:
    talk.emulator.fail_next("/groupMessages/send", status=status, body=body)
    with pytest.raises(kind, match=words):
        await talk.chat.post(post("通知"))


async def test_a_missing_permission_is_named_as_in_the_console(talk: Talk) -> None:
    talk.emulator.deny("robot")
    with pytest.raises(DeliveryFailed, match=r"企业内机器人发送消息权限 \(qyapi_robot_sendmsg\).*权限管理"):
        await talk.chat.post(post("通知"))


async def test_not_in_the_group(talk: Talk) -> None:
    with pytest.raises(DeliveryFailed, match="not in this group"):
        await talk.chat.post(post("通知", place=Place("dingtalk", "cidUnknown==")))


async def test_a_token_that_ended_early_is_renewed_once(talk: Talk) -> None:
    await talk.chat.post(post("一"))
    talk.emulator.expire_tokens()
    await talk.chat.post(post("二"))
    assert talk.emulator.count("/accessToken") == 2
    talk.clock.moment += timedelta(hours=1, minutes=56)  # five minutes before its end
    await talk.chat.post(post("三"))
    assert talk.emulator.count("/accessToken") == 3


async def test_no_connection_may_work_later(talk: Talk) -> None:
    await talk.emulator.__aexit__()
    with pytest.raises(DeliveryRetry):
        await talk.chat.post(post("通知"))


async def test_what_fails_is_said_while_there_is_no_connection(talk: Talk) -> None:
    talk.emulator.fail_next("/gateway/", status=401, times=100)
    await talk.emulator.drop()
    await talk.emulator.until(lambda: talk.emulator.count("/gateway/") >= 3)
    assert isinstance(talk.chat, Connected)
    assert "client_id" in talk.chat.failing
    talk.emulator._failures.clear()
    await talk.emulator.until(lambda: talk.emulator.connected == 1)
    await talk.hear(await talk.emulator.say("状态"))
    assert talk.chat.failing == ""


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


CHART = Picture("chart.png", PNG, "剩余条数")


def with_picture(place: Place = GROUP, key: str = "news:1") -> Post:
    return Post(place, Message(("额度",), blocks=(Text(("剩余 38,200 条",)), CHART)), "zh", key)


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


# --- Cards ------------------------------------------------------------------------------------------------------------


async def test_what_is_a_card_and_what_is_none(with_cards: Talk) -> None:
    talk = with_cards
    assert talk.chat.abilities.edits
    track = await talk.chat.post(card())
    await talk.hear(await talk.emulator.say("状态"))
    await talk.chat.post(post("已通过 ", MENTION))
    talk.emulator.expire_webhooks()
    await talk.chat.post(post("已通过 ", MENTION, key="news:2"))
    await talk.chat.post(post("没有人", key="news:3"))
    assert [(one.way, one.mentions) for one in talk.emulator.shown] == [
        ("card", ()),
        ("webhook", ("manager4567",)),
        ("card", ("manager4567",)),
        ("group", ()),
    ]
    with pytest.raises(NotEditable):
        await talk.chat.edit(await talk.chat.post(post("消息", key="news:4")), card())
    await talk.chat.edit(track, card("resolved"))
    assert talk.emulator.cards[track].values["state"] == "resolved"


async def test_what_a_card_would_cut_is_told_as_a_message_with_a_line_to_the_mentioned(with_cards: Talk) -> None:
    rows = tuple((f"#{number} 速达物流 审核未通过",) for number in range(60))
    await with_cards.chat.post(post("全部 ", MENTION, blocks=(Items(rows),)))
    assert [one.way for one in with_cards.emulator.shown] == ["group", "private"]
    assert "#59 速达物流" in with_cards.emulator.shown[0].text


async def test_a_card_counts_in_its_conversations_minute(with_cards: Talk) -> None:
    talk = with_cards
    for number in range(16):
        await talk.chat.post(Post(GROUP, Message(("A",)), "zh", f"card:{number}", card=Card("alert:1", "A1", "open")))
    with pytest.raises(DeliveryRetry, match="minute is full"):
        await talk.chat.post(card())
    assert len(talk.emulator.cards) == 16


async def test_no_edit_comes_before_the_answer_to_a_press(with_cards: Talk) -> None:
    talk = with_cards
    track = await talk.chat.post(card())
    await talk.hear(await talk.emulator.say("帮助"))
    edits: list[asyncio.Task[None]] = []

    async def act(incoming: Incoming) -> None:
        talk.heard.append(incoming)
        edits.append(asyncio.create_task(talk.chat.edit(track, card("acknowledged"))))
        await asyncio.sleep(0)  # the edit runs as far as it can

    talk.chat._receive = act
    await talk.emulator.press(track, {"action": "ack", "id": "A5"})
    await asyncio.gather(*edits)
    assert talk.emulator.cards[track].values["state"] == "acknowledged"
    pressed = talk.heard[-1]
    assert (pressed.text, pressed.place, pressed.actor.key) == (
        "ack A5",
        GROUP,
        "dingtalk:dingcorpemulated/manager4567",
    )
    assert (pressed.actor.name, pressed.actor.outsider, pressed.direct) == ("张三", False, False)


async def test_a_press_in_a_conversation_of_one(with_cards: Talk) -> None:
    talk = with_cards
    await talk.hear(await talk.emulator.say("帮助"))
    one = Post(ME, Message(("A5",)), "zh", "card:alert:5:me", card=Card("alert:5", "A5", "open"))
    track = await talk.chat.post(one)
    await talk.emulator.press(track, {"action": "ack", "id": "A5"})
    assert (talk.heard[-1].place, talk.heard[-1].direct) == (ME, True)


# --- Limits -----------------------------------------------------------------------------------------------------------


async def test_spent_calls_leave_the_webhook(with_cards: Talk) -> None:
    talk = with_cards
    await talk.hear(await talk.emulator.say("状态"))
    talk.emulator.spent = True
    await talk.chat.post(card())  # as a message, for a card is a call
    await talk.chat.post(post("结果 ", MENTION, key="news:2"))
    assert [one.way for one in talk.emulator.shown] == ["webhook", "webhook"]
    calls = len(talk.emulator.calls)
    with pytest.raises(DeliveryRetry, match="资源管理") as spent:
        await talk.chat.post(post("别处", place=Place("dingtalk", "cidGroupTwo=="), key="news:3"))
    assert spent.value.retry_after == 600.0
    await talk.chat.post(card())
    assert [call.path for call in talk.emulator.calls[calls:]] == ["/robot/sendBySession"]  # nothing only to be refused
    assert "资源管理" in talk.chat.failing


async def test_ten_minutes_where_a_minute_was_not_enough(talk: Talk) -> None:
    await talk.hear(await talk.emulator.say("状态"))
    for number in range(20):  # by another robot of the same group, say
        assert talk.emulator.counted(GROUP_ID), number
    waits = []
    for _ in range(2):
        with pytest.raises(DeliveryRetry) as refused:
            await talk.chat.post(post("通知"))
        assert refused.value.retry_after is not None
        waits.append(refused.value.retry_after)
        talk.clock.moment += timedelta(seconds=refused.value.retry_after)
    assert waits == [60.0, 600.0]
    await talk.chat.post(post("通知"))
    assert talk.emulator.count("/sendBySession") == 3
    assert len(talk.emulator.shown) == 1


async def test_a_call_that_hangs_may_work_later(talk: Talk) -> None:
    talk.chat._http.timeout = httpx.Timeout(0.05)
    talk.emulator.fail_next("/groupMessages/send", hang=True)
    with pytest.raises(DeliveryRetry, match="no answer"):
        await talk.chat.post(post("通知"))
    talk.emulator.release()


async def test_a_page_instead_of_json_may_work_later(talk: Talk) -> None:
    talk.emulator.page_next("/groupMessages/send")
    with pytest.raises(DeliveryRetry, match="turns this machine away") as away:
        await talk.chat.post(post("通知"))
    assert away.value.retry_after == 300.0


async def test_probe_says_everything_that_is_wrong(with_cards: Talk) -> None:
    well, wrong = await with_cards.chat.probe([GROUP_ID])
    assert len(well) == 3
    assert wrong == []
    with_cards.emulator.deny("robot")
    with_cards.emulator.deny("card")
    with_cards.emulator.fail_next("/gateway/", status=401)
    well, wrong = await with_cards.chat.probe(["C0123"])
    assert well == []
    assert ["cid" in wrong[0], "client_id" in wrong[1], "qyapi_robot_sendmsg" in wrong[2], "Card." in wrong[3]] == [
        True
    ] * 4
    assert with_cards.emulator.shown == []
    assert with_cards.emulator.cards == {}


async def test_a_failing_message_does_not_end_the_chat(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(incoming: Incoming) -> None:
        raise RuntimeError(incoming.text)

    talk.chat._receive = broken
    await talk.emulator.acked(talk.emulator.frame_of(await talk.emulator.say("一")))
    await talk.chat.idle()
    talk.chat._receive = talk.receive
    assert (await talk.hear(await talk.emulator.say("二"))).text == "二"


async def test_one_persons_messages_keep_their_order(talk: Talk) -> None:
    ids = [await talk.emulator.say_rich("0", PNG)] + [await talk.emulator.say(str(number)) for number in range(1, 30)]
    for msg_id in ids:
        await talk.hear(msg_id)
    assert [one.text for one in talk.heard] == [str(number) for number in range(30)]


async def test_stop_while_something_is_dealt_with(talk: Talk) -> None:
    begun = asyncio.Event()

    async def endless(_incoming: Incoming) -> None:
        begun.set()
        await asyncio.Event().wait()

    talk.chat._receive = endless
    await talk.emulator.say("一")
    await begun.wait()
    async with asyncio.timeout(2.0):
        await talk.chat.stop()
    with pytest.raises(DeliveryRetry, match="ending"):
        await talk.chat.post(post("通知"))


async def test_nothing_secret_in_the_log(talk: Talk) -> None:
    out = io.StringIO()
    root = logging.getLogger()
    level = root.level
    try:
        setup("DEBUG", json=True, secrets=(), stream=out)
        await talk.hear(await talk.emulator.say("状态"))
        await talk.chat.post(post("一"))
        talk.emulator.expire_webhooks()
        await talk.chat.post(post("二 ", MENTION))
        await talk.chat.post(with_picture())
        talk.emulator.deny("robot")
        await talk.hear(await talk.emulator.say_rich("x", PNG))
        talk.chat._hosts = ()
        await talk.hear(await talk.emulator.say("状态"))
        talk.emulator.fail_next("/groupMessages/send", status=500)
        with contextlib.suppress(DeliveryError):
            await talk.chat.post(post("三"))
    finally:
        for handler in [one for one in root.handlers if getattr(one, "stream", None) is out]:
            root.removeHandler(handler)
        root.setLevel(level)
    written = out.getvalue()
    assert "a session webhook is over" in written
    assert "outside allowed_webhook_hosts" in written
    assert not [secret for secret in talk.emulator.secrets if secret in written]
