import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contracts.model import Place
from handlers import ROUTER
from integrations.dingtalk.inbound import (
    ACTIONS,
    REMEMBERED,
    Heeded,
    Pressed,
    Webhook,
    hear,
    may_answer_at,
    press,
)

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def pushed(**changes: Any) -> Mapping[str, Any]:
    return {
        "conversationId": "cidGroup==",
        "conversationType": "2",
        "conversationTitle": "短信值班",
        "msgId": "msg1==",
        "createAt": 1,
        "msgtype": "text",
        "senderNick": "张三",
        "senderId": "$:LWCP_v1:$x",
        "senderStaffId": "manager4567",
        "senderCorpId": "dingcorp",
        "chatbotCorpId": "dingcorp",
        "chatbotUserId": "$:bot",
        "robotCode": "dingrobot",
        "isInAtList": True,
        "atUsers": [{"dingtalkId": "$:bot"}],
        "sessionWebhook": "https://oapi.dingtalk.com/robot/sendBySession?session=s",
        "sessionWebhookExpiredTime": 1_795_240_484_000,
        "text": {"content": " 状态 #17 "},
        **changes,
    }


def test_a_message_in_a_group() -> None:
    heard = hear(pushed())
    assert heard is not None
    assert heard.text == "状态 #17"
    assert heard.actor.key == "dingtalk:dingcorp/manager4567"
    assert heard.actor.name == "张三"
    assert not heard.actor.outsider
    assert heard.place == Place("dingtalk", "cidGroup==")
    assert (heard.origin, heard.direct, heard.title) == ("msg1==", False, "短信值班")
    assert heard.webhook is not None
    assert heard.webhook.until == datetime.fromtimestamp(1_795_240_484, UTC)
    assert "session" not in repr(heard)


def test_one_to_one_is_known_by_the_person() -> None:
    heard = hear(pushed(conversationType="1", conversationId="cidPrivate=="))
    assert heard is not None
    assert heard.direct
    assert heard.place.conversation == "user:manager4567"


@pytest.mark.parametrize(
    "changes",
    [
        {"senderStaffId": ""},
        {"senderStaffId": None},
        {"senderCorpId": "dingother"},
        {"senderCorpId": None},
        {"chatbotCorpId": None},
    ],
)
def test_outsiders(changes: Mapping[str, Any]) -> None:
    heard = hear(pushed(**changes))
    assert heard is not None
    assert heard.actor.outsider


def test_what_cannot_be_answered_is_nothing() -> None:
    assert hear({}) is None
    assert hear(pushed(msgId=None)) is None
    assert hear(pushed(senderStaffId="", senderId=None)) is None
    heard = hear(pushed(msgtype="audio", text=None, sessionWebhookExpiredTime="soon"))
    assert heard is not None
    assert (heard.text, heard.files, heard.webhook) == ("", (), None)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted({*pushed(), "content"})), _json))
def test_whatever_is_pushed_nothing_breaks(changes: dict[str, Any]) -> None:
    hear({**pushed(), **changes})
    hear(changes)


@pytest.mark.parametrize(
    ("url", "allowed", "may"),
    [
        ("https://oapi.dingtalk.com/robot/sendBySession?session=x", ("oapi.dingtalk.com",), True),
        ("https://OAPI.dingtalk.com:443/x", ("oapi.dingtalk.com",), True),
        ("https://oapi.dingtalk.com:8443/x", ("oapi.dingtalk.com",), False),
        ("https://oapi.dingtalk.com:8443/x", ("oapi.dingtalk.com:8443",), True),
        ("http://oapi.dingtalk.com/x", ("oapi.dingtalk.com",), False),
        ("https://oapi.dingtalk.com.evil.example/x", ("oapi.dingtalk.com",), False),
        ("https://oapi.dingtalk.com@evil.example/x", ("oapi.dingtalk.com",), False),
        ("https://user:pw@oapi.dingtalk.com/x", ("oapi.dingtalk.com",), False),
        ("http://127.0.0.1:8123/x", ("127.0.0.1:8123",), True),
        ("http://127.0.0.1:8123/x", ("oapi.dingtalk.com",), False),
        ("http://169.254.169.254/x", ("169.254.169.254",), False),
        ("file:///etc/passwd", ("",), False),
        ("https://[::1", ("",), False),
        ("", ("",), False),
    ],
)
def test_where_answers_may_go(url: str, allowed: tuple[str, ...], may: bool) -> None:
    assert may_answer_at(url, allowed) is may


def test_heard_once() -> None:
    heeded = Heeded()
    assert heeded.first("a", NOW)
    assert not heeded.first("a", NOW + timedelta(minutes=5))
    assert heeded.first("b", NOW)
    assert heeded.first("a", NOW + REMEMBERED + timedelta(seconds=1))


def test_a_webhook_never_shows_its_address() -> None:
    assert "secret" not in repr(Webhook("https://oapi.dingtalk.com/robot/sendBySession?session=secret", NOW))


def callback(params: Any, **changes: Any) -> Mapping[str, Any]:
    return {
        "type": "actionCallback",
        "outTrackId": "signpost-1",
        "userId": "manager4567",
        "userIdType": 1,
        "corpId": "dingcorp",
        "spaceType": "IM",
        "spaceId": "cidGroup==",
        "content": json.dumps({"cardPrivateData": {"actionIds": ["x"], "params": params}}),
        "extension": "{}",
        **changes,
    }


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"action": "ack", "id": "A5"}, "ack A5"),
        ({"action": " ack ", "id": " A5 ", "more": 1}, "ack A5"),
        ({"action": "snooze", "id": "A5"}, "snooze A5 2h"),
        ({"action": "snooze", "id": "A5", "for": "30m"}, "snooze A5 30m"),
        ({"action": "status", "id": "#17"}, "status #17"),
        ({"action": "delete_now", "id": "#17"}, "delete #17 confirm"),
        ({"action": "keep", "id": "#17,#18"}, "delete #17,#18 keep"),
        ({"action": "send", "id": "T3"}, "send T3"),
        ({"action": "send_not", "id": "T3"}, "send T3 drop"),
    ],
)
def test_a_press_is_the_command_it_stands_for(params: Mapping[str, Any], text: str) -> None:
    assert press(callback(params), "frame7") == Pressed(
        text=text,
        track="signpost-1",
        space="cidGroup==",
        user="manager4567",
        corporation="dingcorp",
        origin="press:frame7",
    )


def test_a_press_in_the_other_shapes_that_are_seen() -> None:
    content = {"cardPrivateData": json.dumps({"params": {"action": "ack", "id": "A5"}})}
    assert press(callback({}, content=content), "f") is not None
    assert press(callback({}, content="", value=json.dumps(content)), "f") is not None
    bare = {"outTrackId": "t", "userId": "u", "content": json.dumps(content)}
    assert press(bare, "f") == Pressed("ack A5", "t", "", "u", "", "press:f")


@pytest.mark.parametrize(
    "data",
    [
        callback({"action": "ack", "id": "#5"}),
        callback({"action": "status", "id": "A5"}),
        callback({"action": "ack", "id": "A5\nresolve A5"}),
        callback({"action": "ack", "id": "A"}),
        callback({"action": "ack", "id": "Ａ5"}),
        callback({"action": "delete", "id": "#5"}),
        callback({"action": "settle", "id": "#5"}),
        callback({"action": "snooze", "id": "A5", "for": "for ever"}),
        callback({"action": ["ack"], "id": {"value": "A5"}}),
        callback({}),
        callback(None),
        callback({"action": "ack", "id": "A5"}, userId=""),
        callback({"action": "ack", "id": "A5"}, outTrackId=""),
        callback({"action": "ack", "id": "A5"}, userIdType=2),
        callback({"action": "ack", "id": "A5"}, content="[]"),
        {},
    ],
)
def test_what_is_no_press_of_ours(data: Mapping[str, Any]) -> None:
    assert press(data, "frame7") is None


def test_a_press_without_a_frame_could_not_be_known_again() -> None:
    assert press(callback({"action": "ack", "id": "A5"}), "") is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(
    st.sampled_from([*ACTIONS, "delete", ""]),
    st.text(max_size=12) | st.from_regex(r"[A#][0-9]{1,4}", fullmatch=True),
    ANYTHING,
)
def test_a_press_is_never_more_than_two_or_three_words(action: str, target: str, other: Any) -> None:
    found = press(callback({"action": action, "id": target, "for": other, "text": other}), "f")
    if found is not None:
        words = found.text.split()
        assert words[0] in {*ACTIONS, "delete"}
        assert ACTIONS[action].fullmatch(words[1])
        assert words[2:] in ([], ["2h"], [other], ["confirm"], ["keep"])
    press(callback(other, extension=other, value=other), "f")
    press({"outTrackId": "t", "userId": "u", "content": other}, "f")


PROMISED = {"escalate", "resubmit"}
"""Commands of the specification that a template may have a button for before they can be typed."""


def test_every_action_is_a_command() -> None:
    spelled = {declaration.words[0] for declaration in ROUTER.declarations}
    ids = {action: next(one for one in ("A5", "#5", "T5") if takes.fullmatch(one)) for action, takes in ACTIONS.items()}
    pressed = {press(callback({"action": action, "id": ids[action]}), "f") for action in ACTIONS}
    assert {one.text.split()[0] for one in pressed if one is not None} <= spelled | PROMISED
    assert None not in pressed
