import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from tencentcloud.common import credential
from tencentcloud.common.http.request import RequestInternal
from tencentcloud.sms.v20210111 import models
from tencentcloud.sms.v20210111.sms_client import SmsClient

from integrations.tencent.auth import Tc3Auth, authorization, canonical_request, signature, signing_keys

MOMENT = datetime.fromtimestamp(1_700_000_000, UTC)
HOST = "sms.tencentcloudapi.com"
PLAIN = {"Content-Type": "application/json", "Host": HOST}
COMPACT = b'{"International":0,"SignIdSet":[1110]}'


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (COMPACT, PLAIN, "0d4fe096f76fa1cfb1c2f90a424d807fdd94422b89bec52d8a4a368ce2171656"),
        (
            b'{"International": 0, "SignIdSet": [1110]}',
            PLAIN,
            "a637049a66516fb569071e6f48090cf8afe8917fa1b8fa91fe7298a7395c15c6",
        ),
        (
            COMPACT,
            {
                "Content-Type": "application/json; charset=utf-8",
                "Host": HOST,
                "X-TC-Action": "DescribeSmsSignList",
            },
            "e87c618e78f84e4f2790f5e5988beaac5354a9509364b81424236a4f57155a94",
        ),
    ],
    ids=["compact", "sdk spacing", "three headers"],
)
def test_measured_vectors(body: bytes, headers: dict[str, str], expected: str) -> None:
    scope, signed = signature("SECRETEXAMPLE", 1_700_000_000, headers, body)
    assert scope == "2023-11-14/sms/tc3_request"
    assert signed == expected


def test_measured_hashes() -> None:
    assert hashlib.sha256(COMPACT).hexdigest() == "bc0fe55106669f698dea8ed3b3a1c191538711dc709c13e59fcebde6969687a9"
    canonical = canonical_request(PLAIN, COMPACT)
    assert hashlib.sha256(canonical.encode()).hexdigest() == (
        "b4b544b521520ac05066d0c594261ed935d93a74b5bd4a3f930b629730755d33"
    )


def test_the_vendors_own_example() -> None:
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    headers = {
        "content-type": "application/json; charset=utf-8",
        "host": "cvm.tencentcloudapi.com",
        "x-tc-action": "DescribeInstances",
    }
    secret = "*" * 32
    assert hashlib.sha256(body).hexdigest() == "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064"
    canonical = canonical_request(headers, body)
    assert hashlib.sha256(canonical.encode()).hexdigest() == (
        "7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84"
    )
    assert [key.hex() for key in signing_keys(secret, "2019-02-25", "cvm")] == [
        "da98fb70dcf6b112dc21038d1eeeb3a95c74b4dcb12c1131f864f6066bd02be0",
        "8d70cbefb03939f929db64d32dc2ba89b1095620119fe3e050e2b18c5bd2752f",
        "b596b923aad85185e2d1f6659d2a062e0a86731226e021e61bfe06f7ed05f5af",
    ]
    scope, signed = signature(secret, 1_551_113_065, headers, body, service="cvm")
    assert signed == "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"
    assert authorization("AKID", scope, "content-type;host;x-tc-action", signed) == (
        "TC3-HMAC-SHA256 Credential=AKID/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host;x-tc-action, "
        "Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"
    )


TRICKY = '签名＃①👍 "quoted" \\ / <b>&amp; ‘弯’\u2028\t🈶%20+=~'
BODIES: dict[str, dict[str, Any]] = {
    "AddSmsSign": {
        "SignName": TRICKY,
        "SignType": 0,
        "DocumentType": 0,
        "International": 0,
        "SignPurpose": 1,
        "ProofImage": "/9j/4AAQ+/==",
        "CommissionImage": "/9j/4AAQ+/==",
        "Remark": TRICKY,
        "QualificationId": 12345,
    },
    "ModifySmsSign": {
        "SignId": 1110,
        "SignName": TRICKY,
        "SignType": 5,
        "DocumentType": 3,
        "International": 1,
        "SignPurpose": 0,
        "ProofImage": "/9j/",
        "Remark": TRICKY,
    },
    "DeleteSmsSign": {"SignId": 1110},
    "DescribeSmsSignList": {"International": 1, "SignIdSet": [1, 2, 3], "Limit": 100, "Offset": 0},
    "AddSmsTemplate": {
        "TemplateName": TRICKY,
        "TemplateContent": "验证码{1}，{2}分钟内有效",
        "SmsType": 3,
        "International": 0,
        "Remark": TRICKY,
    },
    "ModifySmsTemplate": {
        "TemplateId": 1110,
        "TemplateName": TRICKY,
        "TemplateContent": TRICKY,
        "SmsType": 1,
        "International": 0,
        "Remark": TRICKY,
    },
    "DeleteSmsTemplate": {"TemplateId": 1110},
    "DescribeSmsTemplateList": {"International": 0, "TemplateIdSet": [1], "Limit": 100, "Offset": 0},
    "SmsPackagesStatistics": {
        "SmsSdkAppId": "1400000000",
        "Limit": 500,
        "Offset": 0,
        "BeginTime": "2024050113",
        "EndTime": "2026050113",
    },
}


def sdk_signs(action: str, body: dict[str, Any], key: tuple[str, str], token: str | None = None) -> RequestInternal:
    """The official SDK's own request, up to the moment before it is sent."""
    client = SmsClient(credential.Credential(*key, token), "ap-guangzhou")
    request = RequestInternal(HOST, "POST", "/")
    client._build_req_with_tc3_signature(action, body, request)
    return request


def we_sign(content: bytes, key: tuple[str, str], now: datetime, token: str | None = None) -> httpx.Request:
    request = httpx.Request("POST", f"https://{HOST}/", content=content, headers={"Content-Type": "application/json"})
    secret = SecretStr(token) if token else None
    auth = Tc3Auth(SecretStr(key[0]), SecretStr(key[1]), secret, now=lambda: now)
    return next(auth.auth_flow(request))


@pytest.mark.parametrize("action", BODIES)
@time_machine.travel(MOMENT, tick=False)
def test_every_action_is_signed_like_the_sdk(action: str) -> None:
    model = getattr(models, f"{action}Request")()
    model.from_json_string(json.dumps(BODIES[action]))  # the SDK knows every parameter by this name
    theirs = sdk_signs(action, model._serialize(), ("AKIDEXAMPLE", "SECRETEXAMPLE"), "TOKEN")
    ours = we_sign(theirs.data.encode(), ("AKIDEXAMPLE", "SECRETEXAMPLE"), MOMENT, "TOKEN")
    for name in ("Authorization", "X-TC-Timestamp", "X-TC-Token", "Content-Type", "Host"):
        assert ours.headers[name] == theirs.header[name]


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
SECRET = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


@given(
    body=st.dictionaries(TEXT, TEXT | st.integers() | st.lists(st.integers()), max_size=6),
    secret=SECRET,
    seconds=st.integers(0, 4_000_000_000),
)
def test_any_body_is_signed_like_the_sdk(body: dict[str, Any], secret: str, seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    with time_machine.travel(moment, tick=False):
        theirs = sdk_signs("AddSmsSign", body, ("AKID", secret))
    ours = we_sign(theirs.data.encode(), ("AKID", secret), moment)
    assert ours.headers["Authorization"] == theirs.header["Authorization"]


def test_the_host_is_signed_as_it_is_sent() -> None:
    request = httpx.Request(
        "POST", "http://127.0.0.1:8123/", content=b"{}", headers={"Content-Type": "application/json"}
    )
    auth = Tc3Auth(SecretStr("AKID"), SecretStr("S"), now=lambda: MOMENT)
    sent = next(auth.auth_flow(request))
    expected = signature("S", 1_700_000_000, {"content-type": "application/json", "host": "127.0.0.1:8123"}, b"{}")[1]
    assert sent.headers["Authorization"].endswith(f"Signature={expected}")
    assert "X-TC-Token" not in sent.headers


def test_no_secret_in_its_repr() -> None:
    auth = Tc3Auth(SecretStr("AKID-VISIBLE"), SecretStr("KEY-VISIBLE"), SecretStr("TOKEN-VISIBLE"))
    assert "VISIBLE" not in f"{auth!r} {vars(auth)}"
