"""The receivers over HTTP: nobody learns an address, and nothing large, slow or frequent gets in."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest

from bot.contracts.push import Answer
from bot.running.push import Bucket
from integrations import web as served
from integrations.web import LARGEST_PUSH, Web

TOKEN = "a-long-unguessable-token"


@dataclass
class Receiver:
    """Takes everything at one address, and says how it was asked."""

    bodies: list[bytes] = field(default_factory=list)
    left: int = 100

    def open(self, account: str, token: str, kind: str) -> "Receiver | None":
        return self if (account, token, kind) == ("aliyun", TOKEN, "sign") else None

    def refuse(self, status: int, why: str) -> Answer:
        return Answer(status, {"code": 1, "msg": why})

    def admits(self) -> bool:
        self.left -= 1
        return self.left >= 0

    async def take(self, body: bytes) -> Answer:
        self.bodies.append(body)
        return Answer(200, {"code": 0, "msg": "OK"})


@dataclass
class Listening:
    """The server, its receiver, and a client of it."""

    web: Web
    receiver: Receiver
    client: httpx.AsyncClient


@pytest.fixture
async def here() -> AsyncIterator[Listening]:
    receiver = Receiver()
    web = Web("127.0.0.1", 0, dict, lambda: receiver)
    await web.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{web.port}", trust_env=False) as client:
        yield Listening(web, receiver, client)
    await web.stop()


async def test_a_push_is_taken(here: Listening) -> None:
    answer = await here.client.post(f"/push/aliyun/{TOKEN}/sign", content=b"[1]")
    assert (answer.status_code, answer.json()) == (200, {"code": 0, "msg": "OK"})
    assert answer.headers["content-type"].startswith("application/json")
    assert here.receiver.bodies == [b"[1]"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "HEAD", "OPTIONS"])
async def test_a_wrong_address_is_like_one_that_never_was(here: Listening, method: str) -> None:
    never = await here.client.request(method, "/nothing/of/the/kind")
    for path in (
        "/push/aliyun/wrong/sign",
        f"/push/nobody/{TOKEN}/sign",
        f"/push/aliyun/{TOKEN}/reply",
        f"/push/aliyun/{TOKEN}/SIGN",
        f"/push/aliyun/{TOKEN}",
        f"/push/aliyun/{TOKEN}/sign/",
        f"/push/aliyun/{TOKEN}/sign/more",
        "/push/aliyun//sign",
        "/push",
        f"/push/aliyun/{TOKEN}%00/sign",
        "/push/%FF/%FF/%FF",
        f"/push/aliyun/{TOKEN}/sign%2Fmore",
    ):
        answer = await here.client.request(method, path)
        assert (answer.status_code, answer.content) == (404, never.content), path
        hidden = {"date"}
        assert {k: v for k, v in answer.headers.items() if k not in hidden} == {
            k: v for k, v in never.headers.items() if k not in hidden
        }
    assert here.receiver.bodies == []


async def test_what_is_not_posted_is_refused_in_the_vendors_shape(here: Listening) -> None:
    answer = await here.client.get(f"/push/aliyun/{TOKEN}/sign")
    assert (answer.status_code, answer.json()["code"]) == (405, 1)


@pytest.mark.parametrize("chunked", [False, True])
async def test_what_is_too_large_is_refused_unread(here: Listening, chunked: bool) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * (LARGEST_PUSH // 2)

    content = pieces() if chunked else b"x" * (LARGEST_PUSH + 1)
    answer = await here.client.post(f"/push/aliyun/{TOKEN}/sign", content=content)
    assert (answer.status_code, answer.json()["code"]) == (413, 1)
    assert here.receiver.bodies == []


async def test_a_packed_body_is_refused(here: Listening) -> None:
    answer = await here.client.post(
        f"/push/aliyun/{TOKEN}/sign", content=b"whatever", headers={"content-encoding": "gzip"}
    )
    assert (answer.status_code, answer.json()["code"]) == (415, 1)
    assert here.receiver.bodies == []


async def test_whoever_trickles_is_let_go(here: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served, "READ_WITHIN", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", here.web.port)
    writer.write(f"POST /push/aliyun/{TOKEN}/sign HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n[".encode())
    line = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    assert b" 408 " in line


async def test_too_many_are_asked_to_come_again(here: Listening) -> None:
    here.receiver.left = 2
    answers = [await here.client.post(f"/push/aliyun/{TOKEN}/sign", content=b"[]") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == 1


@pytest.mark.parametrize(
    "sent",
    [
        f"POST /push/aliyun/{TOKEN}/sign HTTP/9.9x\r\n\r\n".encode(),
        f"POST /push/aliyun/{TOKEN}/sign HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n13800001234\r\n".encode(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 50,
    ],
    ids=["version", "chunk", "TLS"],
)
async def test_what_is_no_http_is_answered_and_fills_no_log(
    here: Listening, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", here.web.port)
    writer.write(sent)
    async with asyncio.timeout(5):
        assert b" 400 " in await reader.readline()
    writer.close()
    await writer.wait_closed()
    assert not [record for record in caplog.records if record.name == "aiohttp.server"]


async def test_before_the_bot_is_there_every_address_is_alike() -> None:
    web = Web("127.0.0.1", 0, dict)
    await web.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{web.port}", trust_env=False) as client:
        answers = [await client.post(f"/push/aliyun/{one}/sign", content=b"[]") for one in (TOKEN, "wrong")]
    await web.stop()
    assert [(one.status_code, one.content) for one in answers] == [(503, answers[0].content)] * 2


@pytest.mark.parametrize(
    ("moments", "admitted"),
    [([0.0] * 5, 3), ([0.0, 0.0, 0.0, 0.5, 0.5], 4), ([0.0] * 3 + [100.0] * 5, 6), ([5.0, 4.0, 4.0, 4.0], 3)],
)
def test_a_bucket_fills_again(moments: list[float], admitted: int) -> None:
    bucket = Bucket(2.0, 3.0)
    assert sum(bucket.take(moment) for moment in moments) == admitted
