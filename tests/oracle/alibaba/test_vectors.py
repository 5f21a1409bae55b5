"""The sandbox's reading of Alibaba's signatures: the published vectors, clocks and nonces."""

import hashlib

import pytest

from integrations.sandbox import Credential
from integrations.sandbox.alibaba import auth
from integrations.sandbox.alibaba.refusal import RefusalError

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def vector(action: str, query: str, body: bytes = b"", **extra: str) -> str:
    headers = {
        "host": "dysmsapi.aliyuncs.com",
        "x-acs-action": action,
        "x-acs-version": "2017-05-25",
        "x-acs-date": "2026-01-02T03:04:05Z",
        "x-acs-signature-nonce": "0123456789abcdef0123456789abcdef",
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
    } | {name.replace("_", "-"): value for name, value in extra.items()}
    payload = headers["x-acs-content-sha256"]
    return auth.canonical_request("POST", "/", query, headers, sorted(headers), payload)


def test_the_vendors_own_vector():
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-version": "2014-05-26",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-content-sha256": EMPTY,
    }
    query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
    canonical = auth.canonical_request("POST", "/", query, headers, sorted(headers), EMPTY)
    expected = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    assert auth.sign("YourAccessKeySecret", canonical) == expected


def test_vectors_of_the_facts():
    second = vector("GetSmsSign", "SignName=%E9%98%BF%E9%87%8C%E4%BA%91%20A%2A~%2F%2B")
    assert hashlib.sha256(second.encode()).hexdigest() == (
        "aa19a4b536bb255ac2c5e996eb789416623d2172e16b7955eecffcc1311fdf6d"
    )
    assert auth.sign("testsecret", second) == "604c546c12cc28dacad61d0bdbafd69c1982e30bf2fac00092152880f275a882"
    third = vector(
        "CreateSmsSign",
        "SignName=%E9%98%BF%E9%87%8C%E4%BA%91&SignSource=0&SignType=1&QualificationId=8563&ThirdParty=false"
        "&MoreData=%5B%22123456%2Fa.png%22%5D&Remark=%E7%99%BB%E5%BD%95",
        x_acs_security_token="STStoken",
        x_acs_accesskey_id="testid",
    )
    assert auth.sign("testsecret", third) == "39ccb486f2a96487b986dff33a7e370061163a948b982da68ea6eef3e77e1931"
    body = (
        b"PhoneNumberJson=%5B%2213900000000%22%5D&SignNameJson=%5B%22%E9%98%BF%E9%87%8C%E4%BA%91%22%5D"
        b"&TemplateParamJson=%5B%7B%22code%22%3A%221234%22%7D%5D"
    )
    fourth = vector("SendBatchSms", "TemplateCode=SMS_1", body, content_type="application/x-www-form-urlencoded")
    assert auth.sign("testsecret", fourth) == "015ca004f5447f1364dbbb0813acd2752db1ec545ddedddda72fa1df6969ff87"


@pytest.fixture
def signed() -> tuple[dict[str, str], dict[str, Credential]]:
    headers = {
        "host": "h",
        "x-acs-action": "GetSmsSign",
        "x-acs-version": "2017-05-25",
        "x-acs-date": "2026-03-04T02:00:00Z",
        "x-acs-signature-nonce": "n1",
        "x-acs-content-sha256": EMPTY,
    }
    signature = auth.sign("secret", auth.canonical_request("POST", "/", "", headers, sorted(headers), EMPTY))
    names = ";".join(sorted(headers))
    headers["authorization"] = f"ACS3-HMAC-SHA256 Credential=key,SignedHeaders={names},Signature={signature}"
    return headers, {"key": Credential("key", "secret")}


def test_the_clock_may_be_fifteen_minutes_off(signed, clock):
    headers, credentials = signed

    def verify() -> str:
        return auth.verify("POST", "/", headers, b"", credentials=credentials, wall=clock())

    clock.pass_by(minutes=15)
    assert verify() == "n1"
    clock.pass_by(seconds=1)
    with pytest.raises(RefusalError, match=r"InvalidTimeStamp\.Expired"):
        verify()
    headers["x-acs-date"] = "today"
    with pytest.raises(RefusalError, match=r"InvalidTimeStamp\.Format"):
        verify()


def test_what_was_not_signed_is_refused(signed, clock):
    headers, credentials = signed
    for change, body in (({"x-acs-security": "x"}, b""), ({}, b"body"), ({"x-acs-action": "DeleteSmsSign"}, b"")):
        with pytest.raises(RefusalError, match="SignatureDoesNotMatch"):
            auth.verify("POST", "/", headers | change, body, credentials=credentials, wall=clock())


def test_a_nonce_works_once_while_its_date_would(clock):
    nonces = auth.Nonces()
    nonces.use("n1", clock())
    with pytest.raises(RefusalError, match="SignatureNonceUsed"):
        nonces.use("n1", clock())
    clock.pass_by(minutes=31)
    nonces.use("n1", clock())
