"""The chat itself, against the emulated service: which way a message takes, and what every refusal becomes."""

import asyncio
import contextlib
import io
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import structlog

from bot.contracts.chat import Chat, Connected
from bot.contracts.errors import DeliveryError, DeliveryFailed, DeliveryRetry, NotEditable, NotServed, SetupError
from bot.contracts.message import Items, Mention
from bot.contracts.model import Incoming, Place
from bot.contracts.probe import Finding, Found
from bot.running.logs import setup
from integrations.dingtalk.client import DingTalk
from integrations.dingtalk.waiting import MOST
from tests.unit.dingtalk.talk import GROUP, GROUP_ID, ME, MENTION, PNG, Talk, card, post, with_picture

SECOND = timedelta(seconds=1)


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


@pytest.mark.parametrize("zero", [0, "0"])
async def test_what_a_webhook_took_is_not_said_again(talk: Talk, zero: object) -> None:
    await talk.hear(await talk.emulator.say("状态"))
    talk.emulator.fail_next("/sendBySession", status=200, body={"errcode": zero, "errmsg": "ok"})
    await talk.chat.post(post("结果"))
    assert talk.emulator.count("/groupMessages/send") == 0


@pytest.mark.parametrize("place", [GROUP, ME])
@pytest.mark.parametrize("body", [{}, {"errcode": "0"}, "<!doctype html><title>blocked</title>"])
async def test_an_answer_that_says_nothing_is_no_delivery(talk: Talk, place: Place, body: object) -> None:
    path = "/oToMessages/batchSend" if place is ME else "/groupMessages/send"
    talk.emulator.fail_next(path, status=200, body=body)
    with pytest.raises(DeliveryRetry):
        await talk.chat.post(post("结果", place=place))
    await talk.chat.post(post("结果", place=place))
    assert [one.text for one in talk.emulator.shown] == ["结果"]


@pytest.mark.parametrize("life", [7200, "7200"])
async def test_the_life_of_a_token_is_a_number_or_a_text(talk: Talk, life: object) -> None:
    await talk.chat.post(post("一"))
    (token,) = talk.emulator.tokens
    talk.clock.moment += timedelta(hours=1, minutes=56)
    talk.emulator.tokens[token] = talk.clock().timestamp() + 7200
    talk.emulator.fail_next("/accessToken", status=200, body={"accessToken": token, "expireIn": life})
    for key in ("news:2", "news:3"):
        await talk.chat.post(post("二", key=key))
    assert talk.emulator.count("/accessToken") == 2


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("unknownMsgType", {}, "这种消息我读不了"),
        ("audio", {"content": {"downloadCode": "a"}}, "这条语音没有识别出文字"),
    ],
)
async def test_a_message_that_cannot_be_read_is_answered(
    talk: Talk, kind: str, body: dict[str, object], words: str
) -> None:
    msg_id = await talk.emulator.say_raw(kind, group=None, **body)
    await talk.emulator.acked(talk.emulator.frame_of(msg_id))
    await talk.chat.idle()
    (shown,) = talk.emulator.shown
    assert words in shown.title
    assert "请用文字发送" in shown.text or "用文字发送" in shown.text
    assert talk.heard == []


async def test_a_webhook_of_another_host_is_never_called(talk: Talk) -> None:
    talk.chat._hosts = ("127.0.0.1", "oapi.dingtalk.com")  # a port other than the usual one must be listed
    with structlog.testing.capture_logs() as log:
        await talk.hear(await talk.emulator.say("状态"))
        await talk.hear(await talk.emulator.say("状态"))
    await talk.chat.post(post("好"))
    assert talk.emulator.count("/sendBySession") == 0
    assert talk.emulator.shown[0].way == "group"
    assert [line["lacks"] for line in log if "allowed_webhook_hosts" in line["event"]] == [talk.emulator.host]


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
    await talk.chat.idle()
    assert [one.text for one in talk.emulator.shown] == [f"回答 {number}" for number in range(50)]
    assert talk.emulator.busiest_minute(GROUP.conversation) == 20


async def test_what_is_heard_is_not_held_up_by_answers_that_wait(talk: Talk) -> None:
    talk.awake.clear()
    for number in range(30):
        await talk.chat.post(post(f"回答 {number}", key=f"reply:{number}", answers=f"{number}"))
    assert len(talk.emulator.shown) == 20  # nobody waited for the others
    await talk.chat.post(post("一对一", place=ME, key="reply:me", answers="me"))
    assert talk.emulator.shown[-1].text == "一对一"
    talk.awake.set()
    await talk.chat.idle()
    assert len(talk.emulator.shown) == 31


async def test_who_is_not_answered_is_told_so(talk: Talk) -> None:
    talk.awake.clear()
    for number in range(20 + MOST + 7):
        await talk.chat.post(post(f"回答 {number}", key=f"reply:{number}", answers=f"{number}"))
    talk.awake.set()
    await talk.chat.idle()
    told = [one.text for one in talk.emulator.shown]
    assert told[:-1] == [f"回答 {number}" for number in range(20 + MOST)]
    assert "有 7 条消息没有得到答复" in told[-1]
    assert talk.emulator.busiest_minute(GROUP.conversation) <= 20


async def test_an_answer_waits_through_a_refusal(talk: Talk) -> None:
    talk.emulator.fail_next("/groupMessages/send", status=400, body={"code": "send.too.fast"})
    await talk.chat.post(post("回答", key="reply:1", answers="1"))
    await talk.chat.idle()
    assert [one.text for one in talk.emulator.shown] == ["回答"]


async def test_answers_that_wait_end_with_the_program(talk: Talk) -> None:
    talk.awake.clear()
    for number in range(30):
        await talk.chat.post(post(f"回答 {number}", key=f"reply:{number}", answers=f"{number}"))
    await talk.chat.stop()
    assert len(talk.emulator.shown) == 20


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
        (403, {"code": "Forbidden.AccessDenied.IpNotInWhiteList"}, NotServed, "服务器出口IP"),
        (403, {"code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"}, DeliveryRetry, "a second"),
        (403, {"code": "Forbidden.AccessDenied.ApiCountLimitForOrg"}, DeliveryRetry, "资源管理"),
        (400, {"code": "bot.stopped"}, NotServed, "stopped"),
        (400, {"code": "invalidParameter.robotCode.notExsit"}, NotServed, "client_id"),
        (400, {"code": "orgAuthLevelNotEnough"}, DeliveryFailed, "edition"),
        (400, {"code": "660026", "message": "?"}, DeliveryFailed, "660026"),
        (500, {"code": "system.busy"}, DeliveryRetry, "busy"),
        (504, None, DeliveryRetry, "busy"),
        (429, {}, DeliveryRetry, "no more"),
        (200, {"errcode": 90030, "errmsg": "spent"}, DeliveryRetry, "allowance"),
        (200, {"code": "surprise", "message": "no"}, DeliveryFailed, "surprise no"),
        (200, [], DeliveryRetry, "gateway"),
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
    with pytest.raises(NotServed, match=r"企业内机器人发送消息权限 \(qyapi_robot_sendmsg\).*权限管理"):
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


def told(findings: list[Finding], found: Found) -> list[str]:
    return [one.what.en for one in findings if one.found is found]


async def test_probe_asks_for_each_thing(with_cards: Talk) -> None:
    findings = await with_cards.chat.probe([GROUP_ID, "cidNowhere=="], ["manager4567", "nobody"])
    assert len(told(findings, Found.WELL)) == 6
    assert f"{GROUP_ID}: the robot is in this group" in told(findings, Found.WELL)
    assert "manager4567: DingTalk knows this person as 张三" in told(findings, Found.WELL)
    group, person = told(findings, Found.WRONG)
    assert "cidNowhere==: the robot is not in this group" in group
    assert "nobody: the organisation has nobody with this user id" in person
    with_cards.emulator.reads_members = False
    findings = await with_cards.chat.probe([], ["manager4567"])
    assert "qyapi_get_member" in told(findings, Found.NOTE)[0]
    assert told(findings, Found.WRONG) == []


async def test_probe_says_everything_that_is_wrong(with_cards: Talk) -> None:
    with_cards.emulator.deny("robot")
    with_cards.emulator.deny("card")
    with_cards.emulator.fail_next("/gateway/", status=401)
    findings = await with_cards.chat.probe(["C0123"], [])
    gateway, robot, cards, group = told(findings, Found.WRONG)
    assert "client_id" in gateway
    assert "qyapi_robot_sendmsg" in robot
    assert "Card." in cards
    assert "cid" in group
    assert with_cards.emulator.shown == []
    assert with_cards.emulator.cards == {}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"code": "invalidClientIdOrSecret", "message": "无效的clientId或者clientSecret"}),
        (400, {"code": "something.new", "message": "?"}),
        (401, {"code": "invalidAuthentication"}),
        (200, {"errcode": 40089, "errmsg": "不合法的corpid或corpsecret"}),
    ],
)
async def test_any_refusal_of_a_token_means_the_credentials(talk: Talk, status: int, body: dict[str, object]) -> None:
    talk.emulator.fail_next("/accessToken", status=status, body=body)
    (finding,) = await talk.chat.probe([GROUP_ID], [])
    assert finding.found is Found.WRONG
    assert "check client_id and client_secret" in finding.what.en
    assert "检查 [dingtalk] 的 client_id 和 client_secret" in finding.what.zh


@pytest.mark.parametrize(
    "code", ["invalidClientIdOrSecret", "something.new", "Forbidden.AccessDenied.IpNotInWhiteList"]
)
async def test_a_message_waits_while_the_app_is_refused(talk: Talk, code: str) -> None:
    talk.emulator.expire_tokens()
    talk.emulator.fail_next("/accessToken", status=400, body={"code": code}, times=2)
    for answers in ("", "msg1=="):  # nobody waits for an answer for so long
        with pytest.raises(NotServed):
            await talk.chat.post(replace(post("通知"), answers=answers))
    await talk.chat.post(post("通知"))
    assert len(talk.emulator.shown) == 1


async def test_wrong_credentials_end_the_start(talk: Talk) -> None:
    emulator = talk.emulator
    chat = DingTalk(
        client_id=emulator.client_id,
        client_secret="wrong",
        api_base=emulator.url,
        allowed_webhook_hosts=(emulator.host,),
        now=lambda: datetime.now(UTC),
    )

    async def heard(_: Incoming) -> None:
        raise AssertionError

    with pytest.raises(SetupError, match=r"\[dingtalk\] .*client_id and client_secret"):
        await chat.start(heard)


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
    assert "allowed_webhook_hosts" in written
    assert not [secret for secret in talk.emulator.secrets if secret in written]
