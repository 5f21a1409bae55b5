"""What stands on a card, and what becomes of it in DingTalk."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contracts.alert import AlertState
from bot.contracts.chat import Card, Post
from bot.contracts.errors import DeliveryFailed, DeliveryRetry, NotEditable, NotServed
from bot.contracts.memory import Forgetful
from bot.contracts.message import (
    Code,
    Commands,
    Items,
    Link,
    Mark,
    Mention,
    Message,
    Picture,
    Quote,
    Strong,
    Table,
    Text,
)
from bot.contracts.model import Place, State
from integrations import http
from integrations.dingtalk.allowance import Allowance
from integrations.dingtalk.cards import AGAIN, VALUE_BYTES, VARIABLES, CardRefused, Cards, values_of
from integrations.dingtalk.inbound import ACTIONS
from integrations.dingtalk.media import Media
from integrations.dingtalk.openapi import OpenApi
from integrations.dingtalk.render import BREAK, render_card, shortened
from tests.emulators.dingtalk.server import DingTalkEmulator

GROUP = Place("dingtalk", "cidGroupOne==")
TEMPLATE = "emulated-template.schema"
ME = Mention("dingtalk:dingcorpemulated/manager4567", "张三")
PICTURE = Picture("chart.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "剩余条数")


def post(
    message: Message | None = None, *, place: Place = GROUP, key: str = "card:alert:5", state: str = "open"
) -> Post:
    said = message or Message((Strong("A5 aliyun：剩余 38,200 条"),), Mark.ALERT)
    return Post(place, said, "zh", key, card=Card("alert:5", "A5", state) if state else None)


# --- What stands there -----------------------------------------------------------------------------------------------


def test_the_whole_of_a_card() -> None:
    message = Message(
        title=(Strong("#19 签名 速达（腾讯云）"), "未通过 ", ME),
        mark=Mark.BAD,
        blocks=(
            Quote("签名无法识别主体，\n请提交与资质一致的名称"),
            Text(("一般用", Strong("公司全称"), "。\n见", Link("https://console.example/sms", "控制台"))),
            Items((("#19 aliyun：", Code("审核中")), ("1. ", "第一"))),
            Table(("账号", "状态"), ((("aliyun",), ("可用",)),)),
            PICTURE,
            Commands("下一步", ("修改 #19", "状态")),
        ),
    )
    card = Post(GROUP, message, "zh", "card:batch:12", card=Card("batch:12", "#19", "rejected"))
    assert values_of(card, {PICTURE: "@media1"}) == {
        "id": "#19",
        "title": "❌ #19 签名 速达（腾讯云）未通过 @\u200b张三",
        "body": "“签名无法识别主体，<br>请提交与资质一致的名称”<br>一般用**公司全称**。<br>见[控制台](https://console.example/sms)"
        "<br>• #19 aliyun：`审核中`<br>1. 第一<br>• aliyun · 状态：可用<br>![](@media1)<br>下一步：`修改 #19` · `状态`",
        "state": "rejected",
    }
    assert set(values_of(card, {})) == set(VARIABLES)


def test_what_people_wrote_means_nothing_on_a_card() -> None:
    said = Message(("**粗** <br> [点我](dtmd://x) @所有人 `码`",), blocks=(Text(("<br># [x](dtmd://y)",)),))
    values = values_of(post(said), {})
    for value in (values["title"], values["body"]):
        assert not re.search(r"<br>|\*\*|\]\(|@(?!\u200b)|`", value)


TEXTS = st.text(st.sampled_from([*"速达物流abc 。，\n", "🔴", "é", "𠮷"]), max_size=60)


@settings(deadline=None)
@given(
    st.lists(st.one_of(TEXTS.map(lambda t: Text((t, Strong(t), Code(t)))), TEXTS.map(lambda t: Items(((t,), (t,))))))
)
def test_every_value_fits_and_is_cut_between_characters(blocks: list[Text | Items]) -> None:
    message = Message(("标题",), blocks=tuple(blocks))
    whole, cut = render_card(message, language="zh").body, values_of(post(message), {})["body"]
    assert len(cut.encode()) <= VALUE_BYTES
    if cut != whole:
        kept = cut.removesuffix("…").removesuffix(BREAK)
        assert whole.startswith(kept)
        assert kept.count("`") % 2 == 0
        assert kept.count("**") % 2 == 0
        assert not re.search(r"<b?r?$", kept)


def test_a_cut_leaves_whole_lines_where_that_can_be() -> None:
    line = "速达物流审核中" * 5
    text = BREAK.join([line] * 20)
    assert shortened(text, 400).removesuffix("<br>…") == BREAK.join([line] * 3)
    assert shortened("速" * 400, 1000) == "速" * ((1000 - len("<br>…".encode())) // 3) + "…"
    assert shortened(f"{'速' * 10}`{'状' * 100}`", 100) == "速" * 10 + "…"
    assert shortened("速", 3) == "速"


def test_the_sample_for_the_card_builder_has_the_variables_of_the_code() -> None:
    docs = Path(__file__).parents[3] / "docs"
    samples = json.loads((docs / "dingtalk-card-sample.json").read_text(encoding="utf-8"))
    assert samples
    for sample in samples.values():
        assert set(sample) == set(VARIABLES)
        assert all(isinstance(value, str) and len(value.encode()) <= VALUE_BYTES for value in sample.values())
    guide = (docs / "dingtalk.md").read_text(encoding="utf-8")
    for name in VARIABLES:
        assert guide.count(f"\n   | `{name}` |") == 2, name  # in both languages


def test_the_build_sheet_names_actions_and_states_that_there_are() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "dingtalk.md").read_text(encoding="utf-8")
    row = re.compile(r"^ +\| [^|`]+ \| `(\w+)` \| `id`[^|]* \| ((?:`\w+` ?)+)\|$", re.MULTILINE)
    buttons = [(action, frozenset(re.findall(r"\w+", states))) for action, states in row.findall(guide)]
    half = len(buttons) // 2
    assert half
    assert buttons[:half] == buttons[half:]  # the same in both languages
    known = {
        False: {*(state.value for state in State), "deletion", "sending"},
        True: {state.value for state in AlertState},
    }
    for action, states in buttons:
        assert states <= known[ACTIONS[action].fullmatch("A5") is not None], action
        assert not states & {"news", "resolved", "deleted", "cancelled"}, action  # what is over has nothing to press
    shown = {state: {action for action, states in buttons if state in states} for state in AlertState}
    assert shown == {
        AlertState.OPEN: {"ack", "snooze", "resolve"},
        AlertState.ACKNOWLEDGED: {"snooze", "resolve", "unack"},
        AlertState.SNOOZED: {"ack", "snooze", "resolve", "unsnooze"},
        AlertState.RESOLVED: set(),
    }


# --- In DingTalk -----------------------------------------------------------------------------------------------------


@dataclass
class World:
    emulator: DingTalkEmulator
    connections: httpx.AsyncClient
    moment: datetime
    memory: Forgetful

    def now(self) -> datetime:
        return self.moment

    def cards(self, template: str = TEMPLATE) -> Cards:
        api = OpenApi(
            self.connections,
            base=self.emulator.url,
            old_base=self.emulator.url,
            client_id=self.emulator.client_id,
            client_secret=self.emulator.client_secret,
            allowance=Allowance(5000, self.now),
            a_second=1000.0,
            now=self.now,
        )
        media = Media(api)
        cards = Cards(api, media, template=template, now=self.now)
        cards.memory = media.memory = self.memory
        return cards


@pytest.fixture
async def world() -> AsyncIterator[World]:
    moment = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    async with http.client() as connections:
        made: list[World] = []
        async with DingTalkEmulator(now=lambda: made[0].moment.timestamp()) as emulator:
            made.append(World(emulator, connections, moment, Forgetful()))
            yield made[0]
            assert not emulator.complaints


async def test_created_once_however_often_and_edited_by_key(world: World) -> None:
    cards = world.cards()
    track = await cards.post(post())
    assert await cards.post(post()) == track  # the answer to the first was lost, say
    assert await world.cards().post(post()) == track  # after a restart
    assert list(world.emulator.cards) == [track]
    assert world.emulator.count("/createAndDeliver") == 3
    await cards.edit(track, post(state="resolved"))
    assert world.emulator.cards[track].values["state"] == "resolved"
    (call,) = [one for one in world.emulator.calls if one.method == "PUT"]
    assert call.body["cardUpdateOptions"] == {"updateCardDataByKey": True, "updatePrivateDataByKey": True}
    assert await cards.place_of(track, "") == GROUP


async def test_another_record_has_other_cards(world: World) -> None:
    track = await world.cards().post(post())
    world.memory = Forgetful()
    assert await world.cards().post(post()) != track
    assert len(world.emulator.cards) == 2


async def test_how_it_is_delivered(world: World) -> None:
    mentioning = Message((Strong("A5"), " ", ME), Mark.ALERT)
    await world.cards().post(post(mentioning))
    body = world.emulator.calls[-1].body
    assert body["openSpaceId"] == "dtv1.card//IM_GROUP.cidGroupOne=="
    assert body["imGroupOpenDeliverModel"] == {
        "robotCode": world.emulator.client_id,
        "atUserIds": {"manager4567": "张三"},
    }
    assert body["imGroupOpenSpaceModel"] == {
        "supportForward": False,
        "lastMessageI18n": {"ZH_CN": "🔴 A5 @张三", "EN_US": "🔴 A5 @张三"},
        "notification": {"alertContent": "🔴 A5 @张三", "notificationOff": False},
    }
    await world.cards().post(post(place=Place("dingtalk", "user:manager4567"), key="other"))
    body = world.emulator.calls[-1].body
    assert body["openSpaceId"] == "dtv1.card//IM_ROBOT.manager4567"
    assert body["imRobotOpenDeliverModel"] == {"spaceType": "IM_ROBOT", "robotCode": world.emulator.client_id}
    assert world.emulator.shown[-1].conversation == "manager4567"


async def test_who_is_gone_is_not_mentioned_and_the_others_neither(world: World) -> None:
    gone = Message((Strong("A5"), " ", ME, Mention("dingtalk:dingcorpemulated/gone", "已离职")), Mark.ALERT)
    track = await world.cards().post(post(gone))
    assert world.emulator.cards[track].mentions == ()
    assert "已离职" in world.emulator.cards[track].values["title"]


async def test_one_card_that_is_refused_is_not_all_cards(world: World) -> None:
    cards = world.cards()
    world.emulator.fail_next("/createAndDeliver", status=400, body={"code": "param.contentUnsafe"})
    with pytest.raises(CardRefused):
        await cards.post(post())
    assert cards.served
    assert cards.trouble == ""


async def test_an_answer_of_200_that_says_no_is_a_failure(world: World) -> None:
    world.emulator.fail_next("/createAndDeliver", status=200, body={"success": False, "errorMsg": "not now"})
    with pytest.raises(DeliveryFailed, match="not now"):
        await world.cards().post(post())


async def test_a_success_that_shows_it_nowhere_is_a_failure(world: World) -> None:
    with pytest.raises(DeliveryFailed, match="the robot must be in the group"):
        await world.cards().post(post(place=Place("dingtalk", "cidUnknown==")))


@pytest.mark.parametrize(
    ("template", "denied", "words"),
    [
        ("nowhere.schema", False, "names no template of this app"),
        ("emulated-draft.schema", False, "not published"),
        (TEMPLATE, True, r"互动卡片实例写权限 \(Card.Instance.Write\)"),
    ],
)
async def test_refused_once_an_hour(world: World, template: str, denied: bool, words: str) -> None:
    cards = world.cards(template)
    assert cards.served
    if denied:
        world.emulator.deny("card")
    with pytest.raises(CardRefused):
        await cards.post(post())
    assert re.search(words, cards.trouble)
    assert not cards.served
    world.moment += AGAIN
    assert cards.served
    world.emulator.templates.add(template)
    world.emulator.drafts.clear()
    await cards.post(post())
    assert cards.trouble == ""


async def test_edits_that_cannot_be(world: World) -> None:
    cards = world.cards()
    track = await cards.post(post())
    for message_id in ("query-key-1", "card:alert:5", "", "signpost-unknown"):
        with pytest.raises(NotEditable):
            await cards.edit(message_id, post())
    with pytest.raises(NotEditable, match="no card_template_id"):
        await world.cards("").edit(track, post())
    world.emulator.deny("card")
    with pytest.raises(NotEditable, match=r"Card\.Instance\.Write"):
        await cards.edit(track, post())
    world.emulator.fail_next("/card/instances", status=500)
    with pytest.raises(DeliveryRetry):
        await cards.edit(track, post())
    world.emulator.spent = True
    with pytest.raises(NotEditable):
        await cards.edit(track, post())


async def test_a_picture_is_part_of_it(world: World) -> None:
    message = Message(("A5",), blocks=(Text(("剩余",)), PICTURE))
    track = await world.cards().post(post(message))
    (media,) = world.emulator.media
    assert world.emulator.cards[track].values["body"] == f"剩余<br>![]({media})"
    await world.cards().edit(track, post(message))  # the same picture once more, after a restart
    assert world.emulator.count("/media/upload") == 1


async def test_where_a_press_belongs(world: World) -> None:
    cards = world.cards()
    track = await cards.post(post())
    assert await cards.place_of(track, "cidElsewhere==") == GROUP  # what we know goes before what is said
    assert await cards.place_of("signpost-forgotten", "cidGroupTwo==") == Place("dingtalk", "cidGroupTwo==")
    assert await cards.place_of("signpost-forgotten", "") is None
    assert await cards.place_of("cards", "") is None  # a key of ours that is no card
    assert await cards.answer(GROUP, track, 1.0) == {}  # without a desk nobody knows


async def test_probing_changes_nothing(world: World) -> None:
    await world.cards().probe()
    assert world.emulator.cards == {}
    world.emulator.deny("card")
    with pytest.raises(NotServed, match=r"Card\.Instance\.Write"):
        await world.cards().probe()
