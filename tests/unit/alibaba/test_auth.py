"""The signature: the vendor's published example, our vectors, and the vendor's own SDK as the judge."""

import hashlib
from datetime import UTC, datetime

import httpx
import pytest
from alibabacloud_tea_openapi.utils import Utils
from darabonba.request import DaraRequest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from integrations.alibaba.auth import Acs3Auth, canonical_query, canonical_request, signature, signed_names

EMPTY = hashlib.sha256(b"").hexdigest()
BASE = {
    "host": "dysmsapi.aliyuncs.com",
    "x-acs-version": "2017-05-25",
    "x-acs-date": "2026-01-02T03:04:05Z",
    "x-acs-signature-nonce": "0123456789abcdef0123456789abcdef",
    "x-acs-content-sha256": EMPTY,
}
BATCH = (
    b"PhoneNumberJson=%5B%2213900000000%22%5D&SignNameJson=%5B%22%E9%98%BF%E9%87%8C%E4%BA%91%22%5D"
    b"&TemplateParamJson=%5B%7B%22code%22%3A%221234%22%7D%5D"
)


def test_published_example() -> None:
    """help/2593177."""
    query = {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"}
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-version": "2014-05-26",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-content-sha256": EMPTY,
    }
    canonical = canonical_request("POST", "/", query, headers)
    expected = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    assert signature("YourAccessKeySecret", canonical) == expected


@pytest.mark.parametrize(
    ("query", "extra", "expected"),
    [
        (
            {"SignName": "阿里云 A*~/+"},
            {"x-acs-action": "GetSmsSign"},
            "604c546c12cc28dacad61d0bdbafd69c1982e30bf2fac00092152880f275a882",
        ),
        (
            {
                "SignName": "阿里云",
                "SignSource": "0",
                "SignType": "1",
                "QualificationId": "8563",
                "ThirdParty": "false",
                "MoreData": '["123456/a.png"]',
                "Remark": "登录",
            },
            {"x-acs-action": "CreateSmsSign", "x-acs-security-token": "STStoken", "x-acs-accesskey-id": "testid"},
            "39ccb486f2a96487b986dff33a7e370061163a948b982da68ea6eef3e77e1931",
        ),
        (
            {"TemplateCode": "SMS_1"},
            {
                "x-acs-action": "SendBatchSms",
                "content-type": "application/x-www-form-urlencoded",
                "x-acs-content-sha256": "56e40abbd186216b2e31300eb4b69d72563b6612442d0680d53b23ded842bb53",
            },
            "015ca004f5447f1364dbbb0813acd2752db1ec545ddedddda72fa1df6969ff87",
        ),
    ],
)
def test_vectors(query: dict[str, str], extra: dict[str, str], expected: str) -> None:
    assert signature("testsecret", canonical_request("POST", "/", query, BASE | extra)) == expected


def test_canonical_request_of_the_second_vector() -> None:
    canonical = canonical_request("POST", "/", {"SignName": "阿里云 A*~/+"}, BASE | {"x-acs-action": "GetSmsSign"})
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    assert digest == "aa19a4b536bb255ac2c5e996eb789416623d2172e16b7955eecffcc1311fdf6d"


NASTY = "阿里云 A*~/+&=%?#\"'<>【】\n\t😀é"
CALLS = {
    "CreateSmsSign": {"SignName": "阿里云", "Remark": NASTY, "MoreData": '["1/a.png"]', "ThirdParty": "false"},
    "UpdateSmsSign": {"SignName": "阿里云", "Remark": NASTY, "AuthorizationLetterId": "5101"},
    "DeleteSmsSign": {"SignName": NASTY},
    "GetSmsSign": {"SignName": NASTY},
    "QuerySmsSignList": {"PageIndex": "1", "PageSize": "50"},
    "CreateSmsTemplate": {"TemplateContent": f"${{code}}{NASTY}", "TemplateRule": '{"code":"numberCaptcha"}'},
    "UpdateSmsTemplate": {"TemplateCode": "SMS_1", "TemplateContent": NASTY},
    "DeleteSmsTemplate": {"TemplateCode": "SMS_1"},
    "GetSmsTemplate": {"TemplateCode": "SMS_1"},
    "QuerySmsTemplateList": {"PageIndex": "2", "PageSize": "50"},
    "GetOSSInfoForUploadFile": {"BizType": "fcMediaSms"},
    "GetQualificationOssInfo": {"BizType": "dysms"},
    "QuerySmsQualificationRecord": {"PageNo": "1", "PageSize": "50"},
    "CreateSmsAuthorizationLetter": {"Authorization": f"启明（书店）{NASTY}", "SignList": '["启明"]'},
    "QuerySmsAuthorizationLetter": {"SignName": "启明"},
    "QueryResourcePackageInstances": {"PageNum": "1", "PageSize": "300"},
    "QueryAccountBalance": {},
}


def signed(action: str, query: dict[str, str], body: bytes = b"", token: str | None = None) -> httpx.Request:
    """A request as the client builds it, signed."""
    auth = Acs3Auth(
        SecretStr("testid"),
        SecretStr("testsecret"),
        SecretStr(token) if token else None,
        wall=lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        nonce=lambda: "0123456789abcdef0123456789abcdef",
    )
    headers = {"x-acs-action": action, "x-acs-version": "2017-05-25"}
    if body:
        headers["content-type"] = "application/x-www-form-urlencoded"
    text = canonical_query(query)
    url = f"https://dysmsapi.aliyuncs.com/?{text}" if text else "https://dysmsapi.aliyuncs.com/"
    return next(auth.sync_auth_flow(httpx.Request("POST", url, headers=headers, content=body or None)))


def by_sdk(request: httpx.Request, query: dict[str, str]) -> str:
    """What the vendor's SDK puts into `Authorization` for the same parameters and the same headers."""
    names = signed_names(request.headers)
    judged = DaraRequest()
    judged.method, judged.pathname, judged.query = "POST", "/", query
    judged.headers = {name: request.headers[name] for name in names}
    payload = hashlib.sha256(request.content).hexdigest()
    return str(Utils.get_authorization(judged, "ACS3-HMAC-SHA256", payload, "testid", "testsecret"))


@pytest.mark.parametrize("action", CALLS)
@pytest.mark.parametrize("token", [None, "STS+token/=="])
def test_every_call_is_signed_as_the_sdk_does(action: str, token: str | None) -> None:
    request = signed(action, CALLS[action], token=token)
    assert request.headers["authorization"] == by_sdk(request, CALLS[action])
    assert ("x-acs-security-token" in request.headers) is (token is not None)


def test_a_form_body_is_signed_as_the_sdk_does() -> None:
    request = signed("SendBatchSms", {"TemplateCode": "SMS_1"}, BATCH)
    assert request.headers["authorization"] == by_sdk(request, {"TemplateCode": "SMS_1"})
    assert request.headers["authorization"].endswith("015ca004f5447f1364dbbb0813acd2752db1ec545ddedddda72fa1df6969ff87")


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


# The SDK does not encode names; the vendor's are letters, digits and dots (`TemplateContents.1.FileName`).
names = st.from_regex(r"[A-Za-z][A-Za-z0-9.]{0,11}", fullmatch=True)


@given(st.dictionaries(names, texts, max_size=6))
def test_any_parameters_are_signed_as_the_sdk_does(query: dict[str, str]) -> None:
    request = signed("GetSmsSign", query)
    assert request.headers["authorization"] == by_sdk(request, query)


def test_one_request_one_nonce_and_the_real_time() -> None:
    auth = Acs3Auth(SecretStr("testid"), SecretStr("testsecret"))
    first, second = (
        next(auth.sync_auth_flow(httpx.Request("POST", "https://dysmsapi.aliyuncs.com/"))) for _ in range(2)
    )
    assert first.headers["x-acs-signature-nonce"] != second.headers["x-acs-signature-nonce"]
    date = datetime.strptime(first.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - date).total_seconds()) < 60


def test_it_does_not_show_its_secrets() -> None:
    auth = Acs3Auth(SecretStr("testid"), SecretStr("testsecret"), SecretStr("token"))
    assert "testsecret" not in f"{auth!r} {vars(auth)}"
    assert "testsecret" not in str(signed("GetSmsSign", {}).headers)


def test_a_path_in_front_is_signed_as_it_is_sent() -> None:
    auth = Acs3Auth(SecretStr("testid"), SecretStr("testsecret"), nonce=lambda: "n", wall=lambda: datetime.now(UTC))
    request = next(auth.sync_auth_flow(httpx.Request("POST", "https://proxy.example.com/a%20b/?SignName=%E9%98%BF")))
    names = signed_names(request.headers)
    canonical = canonical_request(
        "POST", "/a%20b/", {"SignName": "阿"}, {name: request.headers[name] for name in names}
    )
    assert request.headers["authorization"].endswith(signature("testsecret", canonical))
