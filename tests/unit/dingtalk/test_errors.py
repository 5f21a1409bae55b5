"""What DingTalk's refusals mean."""

import re

import pytest

from bot.contracts.errors import DeliveryRetry
from integrations.dingtalk.errors import refusal, taken


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"code": "invalidParameter.openConversationId.invalid", "requestid": "r1"}),
        (403, {"code": "Forbidden.AccessDenied.IpNotInWhiteList"}),
        (
            403,
            {
                "code": "Forbidden.AccessDenied.AccessTokenPermissionDenied",
                "accessdenieddetail": {"requiredScopes": ["qyapi_robot_sendmsg"]},
            },
        ),
        (200, {"errcode": 90030, "errmsg": "spent"}),
        (429, None),
        (502, None),
        (400, {"code": "whatever"}),
    ],
)
def test_what_it_means_is_said_in_chinese_too(status: int, body: object) -> None:
    error = refusal(status, body)

    assert str(error) == error.words.en
    assert "（钉钉：" in error.words.zh
    assert not re.search(r"[a-z]{4,} [a-z]{3,} [a-z]{3,}", error.words.zh)  # no English sentence is left


WEBHOOK = ("errcode",)
GROUP = ("processQueryKey",)
PERSON = ("processQueryKey", "invalidStaffIdList", "filteredStaffIdList", "flowControlledStaffIdList")
CARD = ("success", "result")
UPLOAD = ("media_id",)
FILE = ("downloadUrl",)
TOKEN = ("accessToken",)
TICKET = ("endpoint",)

GOOD: list[tuple[tuple[str, ...], object]] = [
    (WEBHOOK, {"errcode": 0, "errmsg": "ok"}),
    (WEBHOOK, {"errcode": "0", "errmsg": "ok"}),
    (WEBHOOK, {"errcode": " 0 "}),
    (GROUP, {"processQueryKey": "k"}),
    (GROUP, {"processQueryKey": "k", "code": None, "errcode": "0"}),
    (PERSON, {"processQueryKey": "k", "invalidStaffIdList": []}),
    (PERSON, {"invalidStaffIdList": ["nobody"]}),  # who was not reached is told to the one who asked
    (CARD, {"success": True, "result": {"deliverResults": [{"success": True}]}}),
    (CARD, {"success": "true"}),
    (CARD, {"result": True}),
    (UPLOAD, {"errcode": "0", "media_id": "@m"}),
    (FILE, {"downloadUrl": "https://x.example"}),
    (TOKEN, {"accessToken": "t", "expireIn": 7200}),
    (TICKET, {"endpoint": "wss://x.example", "ticket": "t"}),
]


@pytest.mark.parametrize(("says", "body"), GOOD)
def test_what_was_taken(says: tuple[str, ...], body: object) -> None:
    assert taken(200, body, says)
    assert not taken(404, body, says)
    assert not taken(302, body, says)


EVERY = (WEBHOOK, GROUP, PERSON, CARD, UPLOAD, FILE, TOKEN, TICKET)


@pytest.mark.parametrize("says", EVERY)
@pytest.mark.parametrize(
    "body",
    [
        None,  # HTML, or nothing
        {},
        [],
        "ok",
        0,
        {"errmsg": "ok"},
        {"errcode": None},
        {"errcode": ""},
        {"errcode": 310000, "errmsg": "no"},
        {"errcode": "310000"},
        {"errcode": -1},
        {"code": "system.busy"},
        {"success": False},
        {"success": "false"},
        {"success": True, "result": {"deliverResults": [{"success": True}, {"success": "false"}]}},
        {key: "" for says in EVERY for key in says},
        {"errcode": "1", "processQueryKey": "k", "media_id": "@m", "accessToken": "t", "success": True},
        {"code": "x", "processQueryKey": "k", "media_id": "@m", "accessToken": "t", "success": True},
    ],
)
def test_what_was_not_taken(says: tuple[str, ...], body: object) -> None:
    assert not taken(200, body, says)


@pytest.mark.parametrize("body", [{}, {"errcode": "0"}, None])
def test_an_answer_that_says_nothing_may_be_better_next_time(body: object) -> None:
    error = refusal(200, body)
    assert isinstance(error, DeliveryRetry)


def test_a_number_and_a_text_of_it_are_the_same_refusal() -> None:
    for code in (130101, -1, 90030, 40014, 300001):
        number, text = refusal(200, {"errcode": code}), refusal(200, {"errcode": str(code)})
        assert (type(number), str(number)) == (type(text), str(text))


@pytest.mark.parametrize("body", [None, [], [1], 1, "busy", True])
@pytest.mark.parametrize("status", [200, 204, 400, 403, 502])
def test_what_is_no_object_is_none_of_its_answers_and_loses_no_message(status: int, body: object) -> None:
    error = refusal(status, body)
    assert isinstance(error, DeliveryRetry)
    assert f"HTTP {status}" in str(error)


@pytest.mark.parametrize("status", [302, 404, 405])
def test_another_server_is_told_from_a_gateway(status: int) -> None:
    error = refusal(status, None)
    assert isinstance(error, DeliveryRetry)
    assert "check api_base and oapi_base" in str(error)
    assert "api_base" in error.words.zh


def test_what_is_too_large_is_too_large_the_next_time_too() -> None:
    error = refusal(413, None)
    assert not isinstance(error, DeliveryRetry)
    assert "larger than DingTalk takes (DingTalk: HTTP 413)" in str(error)
