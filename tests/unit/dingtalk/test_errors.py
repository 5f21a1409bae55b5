"""What DingTalk's refusals mean."""

import re

import pytest

from integrations.dingtalk.errors import refusal


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
