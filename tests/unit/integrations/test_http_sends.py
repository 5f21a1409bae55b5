"""The head of a call leaves with its body, and whatever goes wrong is what httpcore makes of it."""

from typing import Any

import httpcore
import pytest

from integrations.http import SENT_TOGETHER, _Stream


class Wire(httpcore.AsyncNetworkStream):
    """Keeps what was sent, piece by piece, and answers."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.sent: list[bytes] = []
        self.fault = fault

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 - httpcore's own
        if self.fault is not None:
            raise self.fault
        self.sent.append(buffer)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109 - httpcore's own
        return b"answer"

    async def start_tls(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        return Wire()

    def get_extra_info(self, info: str) -> Any:
        return f"its {info}"


async def test_head_and_body_leave_together_when_the_answer_is_read_for() -> None:
    wire = Wire()
    stream = _Stream(wire)
    await stream.write(b"head ", 1.0)
    await stream.write(b"body", 1.0)
    assert wire.sent == []
    assert await stream.read(10) == b"answer"
    assert await stream.read(10) == b"answer"
    assert wire.sent == [b"head body"]


async def test_what_is_much_leaves_as_it_comes() -> None:
    wire = Wire()
    stream = _Stream(wire)
    await stream.write(b"head")
    await stream.write(b"x" * SENT_TOGETHER)
    assert [len(piece) for piece in wire.sent] == [SENT_TOGETHER + 4]


async def test_an_answer_that_came_before_the_end_of_the_call_is_read() -> None:
    stream = _Stream(Wire(httpcore.WriteError("closed")))
    await stream.write(b"head")
    assert await stream.read(10) == b"answer"


async def test_a_peer_that_takes_nothing_is_told_as_such() -> None:
    stream = _Stream(Wire(httpcore.WriteTimeout("slow")))
    await stream.write(b"head")
    with pytest.raises(httpcore.WriteTimeout):
        await stream.read(10)


async def test_it_is_the_same_when_secured() -> None:
    secured = await _Stream(Wire()).start_tls(None)  # type: ignore[arg-type]
    assert isinstance(secured, _Stream)
    assert secured.get_extra_info("ssl_object") == "its ssl_object"
