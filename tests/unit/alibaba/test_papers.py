"""Papers: the form of an upload, where it may go, and what the store says to it."""

import base64
import json

import pytest

from bot.contracts.errors import Refused, Unavailable
from bot.contracts.model import Paper
from integrations.alibaba import papers
from tests.unit.alibaba.answered import answer

PICTURE = Paper("营业执照.png", b"\x89PNG\r\n\x1a\n" + b"x" * 92, "image/png")
ENDPOINT = "https://dysmsapi.aliyuncs.com"


def policy(*conditions: object) -> str:
    text = json.dumps({"expiration": "2026-01-02T04:04:05Z", "conditions": conditions})
    return base64.b64encode(text.encode()).decode()


def ticket(encoded: str, host: str = "https://alicom-fc-media.oss-cn-zhangjiakou.aliyuncs.com") -> papers.Ticket:
    fields = {"AccessKeyId": "oss-id", "Host": host, "Policy": encoded, "Signature": "c2ln", "StartPath": "123456"}
    found = answer(papers.MediaTicket, Model={**fields, "ExpireTime": "1767326645"})
    assert found.ticket == answer(papers.PaperTicket, Data={**fields, "Expire": 1767326645}).ticket
    return found.ticket


def test_the_form_of_an_upload() -> None:
    encoded = policy(["content-length-range", 0, 1048576000], ["starts-with", "$key", "123456"])
    form = papers.form(ticket(encoded), PICTURE, "a-1_b", endpoint=ENDPOINT)
    assert form == papers.Form(
        url="https://alicom-fc-media.oss-cn-zhangjiakou.aliyuncs.com/",
        key="123456/a1b.png",
        fields={
            "key": "123456/a1b.png",
            "policy": encoded,
            "OSSAccessKeyId": "oss-id",
            "signature": "c2ln",
            "success_action_status": "200",
        },
        file_name="a1b.png",
    )
    assert list(form.fields) == ["key", "policy", "OSSAccessKeyId", "signature", "success_action_status"]


@pytest.mark.parametrize(
    ("conditions", "key"),
    [
        ((["eq", "$key", "123456/fixed.png"],), "123456/fixed.png"),
        (({"key": "123456/fixed.png"},), "123456/fixed.png"),
        ((["starts-with", "$key", "other/"],), "other/n.png"),
        ((["in", "$content-type", ["image/png"]], 7), "123456/n.png"),
        ((), "123456/n.png"),
    ],
)
def test_the_policy_names_the_key(conditions: tuple[object, ...], key: str) -> None:
    assert papers.form(ticket(policy(*conditions)), PICTURE, "n", endpoint=ENDPOINT).key == key


def test_the_policy_names_more_fields() -> None:
    conditions = ({"bucket": "b"}, ["eq", "$success_action_status", "201"], {"x-oss-object-acl": "private"})
    fields = papers.form(ticket(policy(*conditions)), PICTURE, "n", endpoint=ENDPOINT).fields
    assert fields["success_action_status"] == "201"
    assert fields["x-oss-object-acl"] == "private"
    assert "bucket" not in fields


@pytest.mark.parametrize(
    "encoded", ["no base64!", base64.b64encode(b"no json").decode(), base64.b64encode(b"[]").decode()]
)
def test_a_policy_that_cannot_be_read(encoded: str) -> None:
    assert papers.form(ticket(encoded), PICTURE, "n", endpoint=ENDPOINT).key == "123456/n.png"


def test_the_policy_names_the_size() -> None:
    encoded = policy(["content-length-range", 1, 99])
    with pytest.raises(Refused) as caught:
        papers.form(ticket(encoded), PICTURE, "n", endpoint=ENDPOINT)
    assert caught.value.code == "PaperSize"
    with pytest.raises(Refused):
        papers.form(ticket(policy()), Paper("a", b"", "image/png"), "n", endpoint=ENDPOINT)


@pytest.mark.parametrize(
    ("host", "endpoint", "good"),
    [
        ("https://b.oss-cn-zhangjiakou.aliyuncs.com", ENDPOINT, True),
        ("//b.oss-cn-zhangjiakou.aliyuncs.com", ENDPOINT, True),
        ("b.oss-cn-zhangjiakou.aliyuncs.com", ENDPOINT, True),
        ("http://127.0.0.1:8701/oss", "http://127.0.0.1:8701", True),
        ("http://b.oss-cn-zhangjiakou.aliyuncs.com", ENDPOINT, False),
        ("https://aliyuncs.com.example.org", ENDPOINT, False),
        ("https://example.org/.aliyuncs.com", ENDPOINT, False),
        ("http://127.0.0.1/oss", ENDPOINT, False),
    ],
)
def test_papers_go_to_the_vendor_only(host: str, endpoint: str, good: bool) -> None:
    if good:
        assert papers.form(ticket(policy(), host), PICTURE, "n", endpoint=endpoint).url.endswith("/")
    else:
        with pytest.raises(Refused) as caught:
            papers.form(ticket(policy(), host), PICTURE, "n", endpoint=endpoint)
        assert caught.value.code == "UploadAddress"


def test_a_ticket_that_is_not_complete() -> None:
    with pytest.raises(Unavailable):
        papers.form(papers.Ticket(Host="https://b.aliyuncs.com"), PICTURE, "n", endpoint=ENDPOINT)


def test_what_the_store_says() -> None:
    assert papers.stored(200, b"") is None
    assert papers.stored(204, b"") is None
    denied = papers.stored(403, b"<Error><Code>AccessDenied</Code><Message>policy secret</Message></Error>")
    assert isinstance(denied, Refused)
    assert (denied.code, "secret" in str(denied)) == ("OSS.AccessDenied", False)
    for status, content in ((503, b"<Code>ServiceUnavailable</Code>"), (400, b"<html>"), (302, b"")):
        assert isinstance(papers.stored(status, content), Unavailable)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\xd0\xcf\x11\xe0", "application/msword"),
        (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"MZ", "application/octet-stream"),
    ],
)
def test_files_are_what_they_begin_with(content: bytes, kind: str) -> None:
    assert papers.media_type(content) == kind
