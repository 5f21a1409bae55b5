"""Cards in DingTalk: created, edited in place, pressed; the whole program with the real SDK, against the emulated service."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from bot.contracts.model import State
from bot.store import alerts, notices
from tests.acceptance.test_dingtalk import GROUP, Stage, program, world
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.dingtalk.team import Card, Shown
from tests.given import left_at

TEMPLATE = "emulated-template.schema"
OTHER = "cidGroupTwo=="
SECOND, VIEWER = "user0123", "user0456"
STOPS_WITHIN = 2.0


def with_cards(text: str, template: str = TEMPLATE) -> str:
    """A template, a second group, a second responder; whom nobody named is a viewer."""
    return (
        text.replace("[dingtalk]", f'[dingtalk]\ncard_template_id = "{template}"')
        + f"""
[[conversation]]
platform = "dingtalk"
id = "{OTHER}"
language = "zh"
topics = ["alerts"]
[[person]]
name = "李四"
dingtalk = "{SECOND}"
role = "responder"
"""
    )


@contextlib.asynccontextmanager
async def stage(folder: Path, template: str = TEMPLATE) -> AsyncIterator[Stage]:
    async with (
        world() as (clock, sandbox, emulator),
        program(folder, clock, sandbox, emulator, lambda text: with_cards(text, template)) as s,
    ):
        s.emulator.people[VIEWER] = "王五"
        yield s


async def opened(s: Stage) -> tuple[str, str]:
    """An alert is open in both groups, and the robot knows its people; returns its two cards."""
    for user in ("manager4567", SECOND, VIEWER):
        await s.said("帮助", user=user)
    vendor = s.bot.services.vendors["aliyun"]
    left = sum(reading.remaining for reading in await left_at(vendor) if reading.total)
    s.sandbox.drain("alibaba", int(left * 95 // 100))
    await s.pass_time(timedelta(minutes=30))
    return s.emulator.card("A1")[0], s.emulator.card("A1", OTHER)[0]


def look(s: Stage, track: str) -> Card:
    return s.emulator.cards[track]


async def press(s: Stage, track: str, action: str, user: str = SECOND, **more: str) -> dict[str, str]:
    """Press a button of the alert's card; returns what the answer puts on the card."""
    message_id = more.pop("message_id", "")
    response = await s.emulator.press(track, {"action": action, "id": "A1", **more}, user, message_id=message_id)
    await s.work()
    values: dict[str, str] = response.get("cardData", {}).get("cardParamMap", {})
    return values


def since(emulator: DingTalkEmulator, start: int) -> list[Shown]:
    return emulator.shown[start:]


async def test_a_request_is_one_card_from_review_to_ready(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        (shown,) = await s.said("签名 提交 ucloud 速达物流 来源=企业")
        assert (shown.way, shown.title) == ("card", "⏳ #1 签名 速达物流（ucloud）审核中 · 张三")
        track, card = s.emulator.card("#1")
        assert card.values["title"] == shown.title
        assert card.values["state"] == "in_review"
        assert "`状态 #1`" in card.values["body"]
        assert "dtmd:" not in card.values["body"]

        told = await s.pass_time(timedelta(hours=6))
        assert await s.states(1) == [State.READY]
        assert s.emulator.card("#1") == (track, card)
        assert (card.values["id"], card.values["state"]) == ("#1", "ready")
        assert card.values["title"].startswith("✅ #1 签名 速达物流（ucloud）")
        assert card.updates >= 1
        assert [one.conversation for one in told if one.title.startswith("✅ #1")] == [GROUP]


async def test_a_batch_is_one_card_and_late_results_mention_the_submitter(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        (shown,) = await s.said("签名 提交 全部 速达物流 来源=企业")
        track, card = s.emulator.card("#1")
        assert shown.title == "⏳ 签名 速达物流，3 家平台 · 张三"
        assert card.values["body"].split("<br>") == [
            "• ⏳ #1 aliyun：审核中，预计今天 11:30 前",
            "• ⏳ #2 tencent：审核中，预计今天 11:30 前",
            "• ⏳ #3 ucloud：审核中，预计今天 18:30 前",
            "下一步：`状态 #1` · `路径 速达物流`",
        ]
        early = await s.pass_time(timedelta(minutes=80))
        assert {one.way for one in early} == {"webhook"}
        late = await s.pass_time(timedelta(minutes=100))
        (decided,) = [one for one in late if "#3 签名 速达物流" in one.title]
        assert (decided.way, decided.conversation, decided.mentions) == ("card", GROUP, ("manager4567",))
        assert "private" not in {one.way for one in s.emulator.shown}
        news = next(one for one in s.emulator.cards.values() if one.mentions)
        assert (news.values["id"], news.values["state"]) == ("", "news")  # nothing to press
        assert s.emulator.cards[track] is card
        assert all(sign in card.values["body"] for sign in ("#1", "#2", "#3"))
        assert card.updates >= 3


async def test_an_alert_is_taken_by_a_press_and_both_groups_see_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        here, there = await opened(s)
        assert [look(s, one).values["state"] for one in (here, there)] == ["open", "open"]
        assert look(s, here).values["title"].startswith("🔴 A1 aliyun")
        answer = await press(s, here, "ack")
        assert answer["state"] == "acknowledged"
        assert answer["title"].startswith("🟡 A1 aliyun")
        assert "李四" in answer["body"]
        assert look(s, there).values == answer
        assert look(s, here).values == answer
        assert (await press(s, there, "snooze", **{"for": "1h"}))["state"] == "snoozed"
        assert look(s, here).values["state"] == "snoozed"
        await press(s, here, "ack", "manager4567")
        assert "张三" in look(s, there).values["body"]
        assert (await press(s, here, "unack", "manager4567"))["state"] == "open"
        assert (await press(s, here, "resolve"))["state"] == "resolved"
        assert look(s, there).values["title"].startswith("🟡 A1")  # closed, and still so
        assert "最近一次读取时情况仍在" in look(s, there).values["body"]
        assert len(s.emulator.cards) == 2


async def test_who_may_not_is_told_and_the_card_stays(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        here, there = await opened(s)
        start = len(s.emulator.shown)
        answer = await press(s, here, "ack", VIEWER)
        assert answer["state"] == "open"
        (told,) = since(s.emulator, start)
        assert told.conversation == GROUP
        assert "认领" in told.title
        assert "响应人" in told.title
        assert look(s, there).values["state"] == "open"
        outsider = await s.emulator.press(here, {"action": "ack", "id": "A1"}, SECOND, corp="dingother")
        await s.work()
        assert outsider["cardData"]["cardParamMap"]["state"] == "open"
        assert s.emulator.shown[-1].title == "❌ 我只为本组织的成员服务。"


async def test_of_two_at_once_one_wins_and_both_see_who(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        here, there = await opened(s)
        start = len(s.emulator.shown)
        one, other = await asyncio.gather(press(s, here, "ack", "manager4567"), press(s, there, "ack", SECOND))
        assert {one["state"], other["state"]} == {"acknowledged"}
        assert look(s, here).values == look(s, there).values
        winner = "张三" if "张三" in look(s, here).values["body"] else "李四"
        refused = [shown.title for shown in since(s.emulator, start) if "已由" in shown.title]
        assert len(refused) == 1
        assert winner in refused[0]


async def test_a_late_press_is_answered_with_how_it_ended(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        here, there = await opened(s)
        await press(s, here, "resolve", "manager4567")
        look(s, there).values["state"] = "open"  # a client that was away shows an old card
        answer = await press(s, there, "ack")
        assert answer["state"] == "resolved"
        assert look(s, there).values["state"] == "resolved"
        assert "已关闭" in s.emulator.shown[-1].title


async def test_what_is_no_action_of_a_card_has_no_effect(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        here, _ = await opened(s)
        start = len(s.emulator.shown)
        for params in (
            {"action": "delete", "id": "A1"},
            {"action": "ack A1\nresolve", "id": "A1"},
            {"action": "ack", "id": "#1"},
            {"action": "ack", "id": "A1 now"},
            {"action": "snooze", "id": "A1", "for": "2h; resolve A1"},
            {"action": "签名 提交", "id": "A1"},
            {},
        ):
            assert await s.emulator.press(here, params, "manager4567") == {}
        for changed in ({"content": "no json", "value": ""}, {"userIdType": 2}, {"userId": ""}):
            assert await s.emulator.press(here, {"action": "ack", "id": "A1"}, "manager4567", **changed) == {}
        await s.work()
        assert since(s.emulator, start) == []
        assert look(s, here).values["state"] == "open"


async def test_a_restart_in_between_and_a_redelivered_press(tmp_path: Path) -> None:
    async with world() as (clock, sandbox, emulator):
        emulator.people[VIEWER] = "王五"
        async with program(tmp_path, clock, sandbox, emulator, with_cards) as s:
            here, there = await opened(s)
        async with program(tmp_path, clock, sandbox, emulator, with_cards) as s:
            answer = await press(s, here, "ack", message_id="frame-of-a-press")
            assert answer["state"] == "acknowledged"
            assert "李四" in answer["body"]  # known from before the restart
            assert look(s, there).values == answer
            assert (await press(s, here, "unack"))["state"] == "open"
        async with program(tmp_path, clock, sandbox, emulator, with_cards) as s:
            start = len(emulator.shown)
            answer = await press(s, here, "ack", message_id="frame-of-a-press")  # nobody pressed again
            assert answer["state"] == "open"
            assert since(emulator, start) == []
            assert await s.bot.services.database.read(lambda db: alerts.get(db, 1).state) == "open"
        assert len(emulator.cards) == 2


async def test_a_press_before_anybody_spoke_counts_all_the_same(tmp_path: Path) -> None:
    """An internal robot stands in internal groups only, so until one of ours spoke, whoever presses is one of ours."""
    async with stage(tmp_path) as s:
        vendor = s.bot.services.vendors["aliyun"]
        left = sum(reading.remaining for reading in await left_at(vendor) if reading.total)
        s.sandbox.drain("alibaba", int(left * 95 // 100))
        await s.pass_time(timedelta(minutes=20))
        here, _ = s.emulator.card("A1")
        assert (await press(s, here, "ack"))["state"] == "acknowledged"


async def test_without_its_template_everything_arrives_as_messages(tmp_path: Path) -> None:
    template = "emulated-draft.schema"
    async with stage(tmp_path, template) as s:
        (card,) = await s.said("签名 提交 ucloud 速达物流 来源=企业")
        assert (card.way, card.title) == ("webhook", "⏳ #1 签名 速达物流（ucloud）审核中 · 张三")
        assert "the card template is not published" in s.chat.failing
        told = await s.pass_time(timedelta(hours=6))
        assert [(one.way, one.conversation) for one in told if one.title.startswith("✅ #1")] == [
            ("group", GROUP),
            ("private", "manager4567"),
        ]
        (health,) = await s.said("健康")
        assert "卡片不可用，暂以消息代替" in health.text
        # The card, its news hours later, and the answer after that: each tried once, with no more than one try an hour.
        assert s.emulator.count("/createAndDeliver") <= 3
        ended = await s.bot.services.database.read(notices.counts)
        assert set(ended) <= {"sent", "held"}

        s.emulator.drafts.clear()
        s.emulator.templates.add(template)
        await s.pass_time(timedelta(hours=1))
        (card,) = await s.said("签名 提交 腾讯云 速达快运 来源=企业")
        assert card.way == "card"
        assert s.chat.failing == ""


async def test_what_takes_long_is_answered_with_what_is_known(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        here, _ = await opened(s)
        s.emulator.fail_next("/sendBySession", hang=True)  # the refusal is on its way
        answer = await s.emulator.press(here, {"action": "ack", "id": "A1"}, VIEWER)
        assert answer["cardData"]["cardParamMap"]["state"] == "open"
        s.emulator.release()
        await s.work()


async def test_stops_while_a_press_is_being_answered(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        here, _ = await opened(s)
        calls = s.emulator.count("/sendBySession")
        s.emulator.fail_next("/sendBySession", hang=True)
        pressing = asyncio.create_task(s.emulator.press(here, {"action": "ack", "id": "A1"}, VIEWER))
        await s.emulator.until(lambda: s.emulator.count("/sendBySession") > calls)
        began = time.monotonic()
        await s.chat.stop()
        assert time.monotonic() - began < STOPS_WITHIN
        s.emulator.release()
        pressing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await pressing


async def test_the_months_calls_are_counted_and_what_is_owed_waits_for_more(tmp_path: Path) -> None:
    async with world() as (clock, sandbox, emulator):
        emulator.people[VIEWER] = "王五"
        async with program(tmp_path, clock, sandbox, emulator, with_cards) as s:
            here, there = await opened(s)
            calls = sum(call.path.startswith("/v1.0/card") for call in emulator.calls)
            webhooks = emulator.count("/sendBySession")
        async with program(tmp_path, clock, sandbox, emulator, with_cards) as s:  # counted over restarts
            (health,) = await s.said("健康")
            assert f"本月已调用接口 {calls} 次（额度约 5,000 次），另经 Webhook {webhooks} 次" in health.text

            emulator.spent = True
            await s.said("认领 A1")  # the answer and the news go through the webhook; the cards stay
            assert "张三" in emulator.shown[-1].text
            assert look(s, here).values["state"] == "open"
            assert "used up" in s.chat.failing
            clock.move(timedelta(hours=2))  # past the webhook
            sandbox.top_up("alibaba", 500_000)
            calls = emulator.count("/v1.0/card") + emulator.count("/groupMessages")
            await s.pass_time(timedelta(hours=5))
            assert emulator.count("/v1.0/card") + emulator.count("/groupMessages") - calls <= 5  # one an hour
            owed = await s.bot.services.database.read(notices.counts)
            assert owed.get("failed", 0) == 0
            assert owed["due"] > 0
            assert look(s, there).values["state"] == "open"

            emulator.spent = False  # somebody bought more
            await s.pass_time(timedelta(hours=2))
            assert (await s.bot.services.database.read(notices.counts)).get("due", 0) == 0
            assert s.chat.failing == ""
            assert any("自动关闭" in text for text in emulator.texts(OTHER))


async def test_quota_comes_with_its_chart(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        (shown,) = await s.said("额度")
        ((media, content),) = s.emulator.media.items()
        assert shown.way == "webhook"
        assert f"![]({media})" in shown.text
        assert content.startswith(b"\x89PNG")
        assert "aliyun" in shown.text  # the figures stand there too
        await s.said("额度")
        assert s.emulator.count("/media/upload") == 1


async def test_the_first_line_says_what_happened_and_who_did_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await opened(s)
        titles = []
        for action in ("ack", "unack", "snooze", "resolve"):
            start = len(s.emulator.shown)
            # Typed, for what is pressed is read on the card alone.
            await s.said(f"{action} A1" + (" 2h" if action == "snooze" else ""))
            titles.append(next(one.title for one in since(s.emulator, start) if one.conversation == GROUP))
        assert [title.split("） · ")[1] for title in titles] == [
            "张三 已认领。",
            "张三 取消认领：重新打开。",
            "张三 已暂缓至今天 12:00。",
            "张三 已关闭，持续 10 分钟。",
        ]


async def test_who_presses_without_having_spoken_has_the_name_of_the_configuration(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        vendor = s.bot.services.vendors["aliyun"]
        left = sum(reading.remaining for reading in await left_at(vendor) if reading.total)
        s.sandbox.drain("alibaba", int(left * 95 // 100))
        await s.pass_time(timedelta(minutes=20))
        answer = await press(s, s.emulator.card("A1")[0], "ack")
        assert answer["body"].startswith("李四 已认领")


async def test_what_is_put_off_says_until_when_and_is_not_offered_to_be_taken(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        here, _ = await opened(s)
        await press(s, here, "snooze", **{"for": "2h"})
        (shown,) = await s.said("告警")
        assert shown.title == "🟡 1 个告警"
        assert "暂缓至今天" in shown.text
        assert "认领 A1" not in shown.text


async def test_whether_to_delete_is_answered_on_the_card_and_closed_there(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.said("签名 提交 ucloud 速达物流 来源=企业")
        s.sandbox.approve("ucloud", "速达物流")
        await s.pass_time(timedelta(hours=1))

        async def asked() -> tuple[str, Card]:
            (question,) = await s.said("删除 #1")
            assert question.way == "card"
            return next(item for item in s.emulator.cards.items() if item[1].values["state"] == "deletion")

        track, card = await asked()
        assert card.values["id"] == "#1"
        assert "用此签名的短信会立即停发。" in card.values["body"]
        await s.emulator.press(track, {"action": "delete_now", "id": "#1"}, VIEWER)  # who may not closes nothing
        await s.work()
        assert (await s.states(1), card.values["state"]) == ([State.READY], "deletion")

        for action, state, says in (
            ("keep", State.READY, "保留，张三 决定"),
            ("delete_now", State.DELETED, "已确认删除"),
        ):
            if action == "delete_now":
                track, card = await asked()
            await s.emulator.press(track, {"action": action, "id": "#1"})
            await s.work()
            assert await s.states(1) == [state]
            assert card.values["title"] == f"#1 签名 速达物流（ucloud） · {says}"
            assert (card.values["id"], card.values["state"]) == ("", "news")  # nothing to press
            (late,) = await s.said("是")
            assert late.title == "❌ 这里现在没有等你回答的提问。"
