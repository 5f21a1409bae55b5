"""The signature: the vendor's vectors, and equality with the vendor's own client for every call that is made."""

import logging
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from ucloud.client import Client
from ucloud.core.auth import Credential

from integrations.ucloud.auth import CONTENT_TYPE, UcloudAuth, form, parameters_of, signature

QUERY = {"Action": "QueryUSMSSignature", "ProjectId": "org-abc", "SigContent": "优刻得", "PublicKey": "PUB"}
DELETE = {"Action": "DeleteUSMSSignature", "ProjectId": "org-abc", "PublicKey": "PUB"}
CREATE = {"Action": "CreateUSMSSignature", "ProjectId": "org-abc", "PublicKey": "PUB"}


@pytest.mark.parametrize(
    ("private_key", "parameters", "expected"),
    [
        pytest.param(
            "46f09bb9fab4f12dfc160dae12273d5332b5debe",
            {
                "Action": "DescribeUHostInstance",
                "Limit": "10",
                "PublicKey": "ucloudsomeone@example.com1296235120854146120",
                "Region": "cn-bj2",
            },
            "cba5cf5ec4d4233d206b1b54951e3787350a642f",
            id="1, the vendor's page",
        ),
        pytest.param("PRIV", QUERY, "55c065ef784a96deadd952c87d6f261c39a30c3f", id="2, Chinese"),
        pytest.param(
            "PRIV", QUERY | {"SecurityToken": "TOK"}, "75838eb594cac0a175392941ffb47f0d44337d33", id="3, token"
        ),
        pytest.param(
            "PRIV",
            DELETE | {"SigIds.0": "SIG1", "SigIds.1": "SIG2"},
            "bd4eea6134895fc2e0866af0e305febbe17ef0fa",
            id="4, array in a form",
        ),
        pytest.param(
            "PRIV",
            CREATE | {"International": "false", "SigType": "0", "SigContent": "优刻得科技"},
            "22d8a22500ba930d5438a992ccfb3e14ea42ed13",
            id="6, boolean and number",
        ),
        pytest.param(
            "bar",
            {"SecurityToken": "42", "PublicKey": "foo"},
            "9d6d7cb14e8aeda887369ff22371788ae06c5ea4",
            id="7, the Go SDK's test",
        ),
    ],
)
def test_the_vectors_of_the_facts(private_key: str, parameters: dict[str, str], expected: str) -> None:
    assert signature(private_key, parameters) == expected
    assert signature(private_key, {**parameters, "Signature": "of an earlier try"}) == expected
    assert signature(private_key, dict(reversed(parameters.items()))) == expected


# --- The vendor's own client as the judge ----------------------------------------------------------------------------

PROJECT = "org-项目 &=+%"
FILE = "image/jpeg;base64,/9j/4AAQ+/=="
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    (
        "usms",
        "create_usms_signature",
        {
            "SigContent": "优刻得_科技",
            "SigType": 0,
            "SigPurpose": 1,
            "CertificateType": 0,
            "Description": "登录 & 通知 100% “引号”\n第二行 ~+/?#",
            "File": FILE,
            "ProxyFile": FILE,
            "International": True,
            "QualificationId": "8563",
            "SceneDesc": "https://example.com/a?b=c&d=e f",
        },
    ),
    (
        "usms",
        "update_usms_signature",
        {
            "SigId": "SIG1",
            "SigContent": "优刻得",
            "SigType": 5,
            "SigPurpose": 0,
            "CertificateType": 5,
            "File": FILE,
            "SceneDesc": "说明",
        },
    ),
    ("usms", "query_usms_signature", {"SigId": "SIG1"}),
    ("usms", "query_usms_signature", {"SigContent": "优刻得𠮷"}),
    ("usms", "delete_usms_signature", {"SigIds": [f"SIG{number}" for number in range(12)]}),
    (
        "usms",
        "create_usms_template",
        {
            "Purpose": 3,
            "TemplateName": "登录验证码",
            "Template": "验证码{1}，{2}分钟内有效 100%+ ￥",
            "International": False,
            "Remark": "备注",
            "UnsubscribeInfo": "【拒收请回复R】",
            "Instruction": "{1}：code，示例：1234",
        },
    ),
    (
        "usms",
        "update_usms_template",
        {"TemplateId": "UTA1", "TemplateName": "名", "Template": "{1}！", "Remark": "", "Instruction": "x"},
    ),
    ("usms", "query_usms_template", {"TemplateId": "UTA1"}),
    ("usms", "delete_usms_template", {"TemplateIds": ["UTA1"]}),
    (
        "usms",
        "get_usms_signature_qualification",
        {"Page": 0, "NumPerPage": 100, "OrderBy": "CreateTime", "OrderType": "desc"},
    ),
    (
        "usms",
        "get_usms_send_statistics",
        {
            "Page": 0,
            "NumPerPage": 100,
            "OrderBy": "SendDate",
            "OrderType": "asc",
            "StartDate": "2026-03-01",
            "EndDate": "2026-03-30",
            "Domestic": 1,
        },
    ),
    ("ubill", "get_balance", {}),
]


class Unsent(Exception):
    """Raised in place of sending."""


def signed_by_the_sdk(service: str, method: str, parameters: dict[str, Any]) -> dict[str, str]:
    """What the vendor's client would send."""
    silent = logging.getLogger("ucloud-oracle-auth")
    silent.propagate = False
    silent.addHandler(logging.NullHandler())
    sdk = Client(
        {"project_id": PROJECT, "public_key": "PUB", "private_key": "PRIV", "base_url": "http://127.0.0.1:1/"},
        logger=silent,
    )
    sent: dict[str, str] = {}

    class Transport:
        def send(self, request: Any, **_options: Any) -> None:
            sent.update({name: str(value) for name, value in request.data.items()})
            raise Unsent

    client = getattr(sdk, service)()
    client.transport = Transport()
    with pytest.raises(Unsent):
        getattr(client, method)(parameters)
    return sent


@pytest.mark.parametrize(("service", "method", "parameters"), CALLS)
def test_every_call_is_signed_as_the_sdk_signs_it(service: str, method: str, parameters: dict[str, Any]) -> None:
    theirs = signed_by_the_sdk(service, method, parameters)
    ours = {name: value for name, value in theirs.items() if name not in ("Signature", "PublicKey")}
    assert signed(UcloudAuth(SecretStr("PUB"), SecretStr("PRIV")), ours) == theirs


texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(
    parameters=st.dictionaries(
        st.from_regex(r"[A-Za-z]{1,8}(\.[0-9]{1,2})?", fullmatch=True).filter(lambda name: name != "Signature"), texts
    ),
    private_key=texts,
)
def test_any_call_is_signed_as_the_sdk_signs_it(parameters: dict[str, str], private_key: str) -> None:
    theirs = Credential("PUB", private_key).verify_ac(dict(parameters))
    assert signature(private_key, {**parameters, "PublicKey": "PUB"}) == theirs


# --- The form --------------------------------------------------------------------------------------------------------


@given(st.dictionaries(texts, texts))
def test_a_form_is_written_as_the_standard_library_writes_it_and_reads_back(parameters: dict[str, str]) -> None:
    body = form(parameters)
    assert body.decode() == urlencode(parameters)
    assert parameters_of(body) == parameters


@given(st.text("%25B+/=;& abc0~_.-\n\x00\x7f", max_size=40))
def test_what_looks_like_an_escape_stays_what_it_is(text: str) -> None:
    for whole in (text, text * 1024):  # long texts take a way of their own
        assert form({"a": whole}).decode() == urlencode({"a": whole})
        assert parameters_of(form({"a": whole})) == {"a": whole}


# --- The request -----------------------------------------------------------------------------------------------------


def through(auth: UcloudAuth, request: httpx.Request) -> httpx.Request:
    return next(auth.sync_auth_flow(request))


def request(parameters: dict[str, str]) -> httpx.Request:
    return httpx.Request(
        "POST",
        "https://api.ucloud.cn/",
        content=form(parameters),
        headers={"content-type": CONTENT_TYPE, "user-agent": "signpost"},
        extensions={"timeout": {"read": 3.0}},
    )


def signed(auth: UcloudAuth, parameters: dict[str, str]) -> dict[str, str]:
    return dict(parse_qsl(through(auth, request(parameters)).content.decode(), keep_blank_values=True))


def test_the_request_stays_the_same_but_for_what_is_added() -> None:
    plain = request({"Action": "GetBalance", "ProjectId": "org-abc"})
    after = through(UcloudAuth(SecretStr("PUB"), SecretStr("PRIV")), plain)
    assert (after.method, after.url, after.extensions) == (plain.method, plain.url, plain.extensions)
    assert after.headers["content-type"] == CONTENT_TYPE
    assert after.headers["user-agent"] == "signpost"
    assert after.headers["content-length"] == str(len(after.content))
    assert after.content.startswith(plain.content + b"&PublicKey=PUB&Signature=")


def test_temporary_credentials_sign_their_token() -> None:
    auth = UcloudAuth(SecretStr("PUB"), SecretStr("PRIV"), SecretStr("TOK"))
    asked = {name: value for name, value in QUERY.items() if name != "PublicKey"}
    assert signed(auth, asked) == {
        **QUERY,
        "SecurityToken": "TOK",
        "Signature": "75838eb594cac0a175392941ffb47f0d44337d33",
    }


def test_nothing_is_shown_of_the_keys() -> None:
    auth = UcloudAuth(SecretStr("PUBLIC"), SecretStr("PRIVATE"), SecretStr("TOKEN"))
    shown = repr(auth) + repr(through(auth, request({"Action": "GetBalance"}))) + repr(vars(auth))
    assert not any(secret in shown for secret in ("PUBLIC", "PRIVATE", "TOKEN"))
