"""The socket's life: how it begins, how it ends, how it comes back, and what it never writes to the log."""

import asyncio
import contextlib
import io
import logging
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

import dingtalk_stream
import pytest

from bot.running.logs import setup
from integrations import http
from integrations.dingtalk.stream import Patience, Stream, StreamRefused
from tests.emulators.dingtalk.server import DingTalkEmulator

STOPS_WITHIN = 2.0
QUICK = Patience(first=0.01, longest=0.02, settled=0.0)


class Heard:
    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, data: Mapping[str, Any]) -> None:
        self.texts.append(data["text"]["content"].strip())


@contextlib.asynccontextmanager
async def listening(
    emulator: DingTalkEmulator, heard: Heard, patience: Patience = QUICK, secret: str = ""
) -> AsyncIterator[Stream]:
    before = asyncio.all_tasks()
    async with http.client() as client:
        stream = Stream(
            client_id=emulator.client_id,
            client_secret=secret or emulator.client_secret,
            api_base=emulator.url,
            http=client,
            on_message=heard,
            patience=patience,
        )
        stream.start()
        try:
            yield stream
        finally:
            began = time.monotonic()
            await stream.stop()
            assert time.monotonic() - began < STOPS_WITHIN
            assert not stream.connected.is_set()
    left = [task for task in asyncio.all_tasks() - before if "RequestHandler" not in repr(task.get_coro())]
    assert not left


@pytest.fixture
async def emulator() -> AsyncIterator[DingTalkEmulator]:
    async with DingTalkEmulator() as running:
        yield running


async def test_says_what_it_listens_to_and_acknowledges(emulator: DingTalkEmulator) -> None:
    heard = Heard()
    async with listening(emulator, heard) as stream:
        await stream.connected.wait()
        msg_id = await emulator.say("状态")
        ack = await emulator.acked(emulator.frame_of(msg_id))
        assert (ack["code"], ack["data"]) == (200, '{"response": "ok"}')
        assert heard.texts == ["状态"]
        opened = next(call for call in emulator.calls if "gateway" in call.path)
        assert opened.body["subscriptions"] == [{"type": "CALLBACK", "topic": "/v1.0/im/bot/messages/get"}]
        assert opened.body["ua"].startswith("dingtalk-sdk-python/v0.")
    assert not emulator.complaints


async def test_stops_while_connected_to_a_deaf_peer(emulator: DingTalkEmulator) -> None:
    async with listening(emulator, Heard()) as stream:
        await stream.connected.wait()
        emulator.deaf()


async def test_stops_while_the_gateway_hangs(emulator: DingTalkEmulator) -> None:
    emulator.fail_next("/gateway/", hang=True)
    async with listening(emulator, Heard()):
        await emulator.until(lambda: emulator.count("/gateway/") == 1)


async def test_stops_while_the_socket_is_opening(emulator: DingTalkEmulator) -> None:
    emulator.fail_next("/gateway/", status=200, body={"endpoint": f"ws://{emulator.host}/connect", "ticket": "t"})
    emulator.fail_next("/connect", hang=True)
    async with listening(emulator, Heard()):
        await emulator.until(lambda: any(call.path == "/connect" for call in emulator.calls))


async def test_stops_while_it_waits_to_try_again(emulator: DingTalkEmulator) -> None:
    emulator.fail_next("/gateway/", status=500, times=1)
    async with listening(emulator, Heard(), Patience(first=3600, longest=3600)) as stream:
        await emulator.until(lambda: emulator.count("/gateway/") == 1)
        await stream.lost.wait()
        assert stream.trouble == "the gateway gave no connection (HTTP 500)"


async def test_stops_before_it_began(emulator: DingTalkEmulator) -> None:
    async with listening(emulator, Heard()):
        pass
    assert emulator.opened == 0


@pytest.mark.parametrize("end", ["disconnect", "drop", "close_sockets"])
async def test_comes_back(emulator: DingTalkEmulator, end: str) -> None:
    heard = Heard()
    async with listening(emulator, heard) as stream:
        await stream.connected.wait()
        for times in range(2, 5):
            await getattr(emulator, end)()
            await emulator.until(lambda times=times: emulator.opened == times and emulator.connected == 1)
        msg_id = await emulator.say("回来了")
        await emulator.acked(emulator.frame_of(msg_id))
    assert heard.texts == ["回来了"]


async def test_a_deaf_socket_is_noticed(emulator: DingTalkEmulator) -> None:
    heard = Heard()
    async with listening(emulator, heard, Patience(quiet=0.05, silent=3600, settled=0.0)) as stream:
        await stream.connected.wait()
        await emulator.acked(await emulator.system("KEEPALIVE"))
        emulator.deaf()
        await emulator.until(lambda: emulator.opened >= 2 and emulator.connected == 1)
        msg_id = await emulator.say("听得到")
        await emulator.acked(emulator.frame_of(msg_id))
    assert heard.texts == ["听得到"]


async def test_a_socket_that_closes_at_once_is_no_tight_loop(emulator: DingTalkEmulator) -> None:
    async with listening(emulator, Heard(), Patience(first=3600, longest=3600)) as stream:
        await stream.connected.wait()
        await emulator.close_sockets()
        await emulator.until(lambda: emulator.connected == 1)
        await emulator.close_sockets()
        await stream.lost.wait()
        assert emulator.opened == 2


async def test_what_is_no_frame_ends_nothing(emulator: DingTalkEmulator) -> None:
    heard = Heard()
    async with listening(emulator, heard) as stream:
        await stream.connected.wait()
        for text in (
            "not json",
            "[]",
            '"x"',
            "{}",
            '{"type": "CALLBACK"}',
            '{"type": "CALLBACK", "headers": {"topic": "/v1.0/im/bot/messages/get", "time": "soon"}, "data": "{}"}',
            '{"type": "CALLBACK", "headers": {"topic": "/v1.0/im/bot/messages/get"}, "data": "no json"}',
            '{"type": "CALLBACK", "headers": {"topic": "/unknown"}, "data": "{}"}',
            '{"type": "SYSTEM", "headers": []}',
        ):
            await emulator.garbage(text)
        msg_id = await emulator.say("还在")
        await emulator.acked(emulator.frame_of(msg_id))
        assert emulator.opened == 1
    assert heard.texts == ["还在"]


async def test_refusals_say_what_to_do(emulator: DingTalkEmulator) -> None:
    async with http.client() as client:

        def stream(secret: str) -> Stream:
            return Stream(
                client_id=emulator.client_id,
                client_secret=secret,
                api_base=emulator.url,
                http=client,
                on_message=Heard(),
            )

        with pytest.raises(StreamRefused, match="check client_id and client_secret"):
            await stream("wrong").ticket()
        emulator.fail_next("/gateway/", status=400, body={"code": "x"})
        with pytest.raises(StreamRefused, match="Stream 模式"):
            await stream(emulator.client_secret).ticket()
        emulator.fail_next("/gateway/", status=200, body={"endpoint": "ws://example.com/connect", "ticket": "t"})
        with pytest.raises(StreamRefused, match="not protected by TLS"):
            await stream(emulator.client_secret).ticket()


async def test_no_ticket_in_the_log(emulator: DingTalkEmulator) -> None:
    out = io.StringIO()
    root = logging.getLogger()
    level = root.level
    try:
        setup("DEBUG", json=True, secrets=(), stream=out)
        async with listening(emulator, Heard()) as stream:
            await stream.connected.wait()
            await emulator.acked(await emulator.system("ping"))
            await emulator.drop()
            await emulator.until(lambda: emulator.opened == 2)
    finally:
        for handler in [one for one in root.handlers if getattr(one, "stream", None) is out]:
            root.removeHandler(handler)
        root.setLevel(level)
    written = out.getvalue()
    assert "connected to DingTalk" in written
    assert not [secret for secret in emulator.secrets if secret in written]
    assert "connect?" not in written
    assert "opaque" not in written


async def test_a_release_with_a_stop_of_its_own(emulator: DingTalkEmulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the next release changes is its own loop (facts, DingTalk 1.5); ours calls neither `start` nor `stop`."""

    class Next(dingtalk_stream.DingTalkStreamClient):  # type: ignore[misc]
        async def start(self) -> None:
            raise AssertionError("its loop was started")

        async def stop(self) -> None:
            raise AssertionError("its loop was stopped")

        async def open_connection(self) -> None:
            raise AssertionError("its opening was used")

    monkeypatch.setattr(dingtalk_stream, "DingTalkStreamClient", Next)
    heard = Heard()
    async with listening(emulator, heard) as stream:
        await stream.connected.wait()
        await emulator.acked(emulator.frame_of(await emulator.say("新版")))
    assert heard.texts == ["新版"]
