"""The front door of each server: reads a request, lets ordered faults happen, answers and keeps the journal."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, assert_never

from aiohttp import web

from integrations.sandbox.faults import Fault, Trouble
from integrations.sandbox.settings import Vendor
from integrations.sandbox.world import Call, World

LONGEST_VALUE = 600
"""Characters of one parameter kept in the journal; base64 pictures are cut, texts (500 at most) are not."""
SECRET_PARAMETERS = frozenset({"Signature", "PublicKey", "SecurityToken", "signature", "OSSAccessKeyId", "policy"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer.

    Attributes:
        code: `OK` or the vendor's error code, for the journal.
        body: What is sent.
        status: HTTP status.
        headers: Extra headers.
        content_type: Media type.
    """

    code: str
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request as read from the wire, nothing verified yet."""

    action: str
    params: Mapping[str, object]
    method: str
    raw_path: str
    headers: Mapping[str, str]
    body: bytes


class Desk(Protocol):
    """What a vendor's server adds to the front door. All of it is synchronous: one call is done or not done."""

    @property
    def vendor(self) -> Vendor:
        """Whose server this is."""

    def read(self, method: str, raw_path: str, headers: Mapping[str, str], body: bytes) -> Arrival:
        """Find operation and parameters, never failing: what cannot be read is refused by `answer`."""

    def answer(self, arrival: Arrival) -> Answer:
        """Verify the call, do what it asks and word the answer."""

    def refuse(self, code: str, text: str) -> Answer:
        """Word a refusal with this code."""

    def throttled(self, trouble: Trouble) -> Answer:
        """Word the vendor's refusal of a call that came too fast."""


def door(world: World, desk: Desk) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Return the request handler of a vendor's server."""

    async def handle(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        arrival = desk.read(request.method, request.raw_path, request.headers, body)
        return await serve(world, desk, request, arrival)

    return handle


async def serve(world: World, desk: Desk, request: web.Request, arrival: Arrival) -> web.StreamResponse:
    """Answer one call, or do to it what was ordered."""
    await world.faults.pass_through(desk.vendor, arrival.action)
    trouble = world.faults.take(desk.vendor, arrival.action)
    if trouble is None:
        answer = desk.answer(arrival)
        _note(world, desk, arrival, answer.code)
        return _response(answer)
    match trouble.fault:
        case Fault.THROTTLE | Fault.ANSWER:
            throttle = trouble.fault is Fault.THROTTLE
            answer = desk.throttled(trouble) if throttle else desk.refuse(trouble.code, trouble.text)
            _note(world, desk, arrival, answer.code)
            return _response(answer)
        case Fault.SLOW:
            await _until_closing(world, trouble.seconds)
            answer = desk.answer(arrival)
            _note(world, desk, arrival, answer.code)
            return _response(answer)
        case Fault.HTTP_500 | Fault.HANG_BEFORE | Fault.RESET_BEFORE:
            _note(world, desk, arrival, trouble.fault.value, answered=trouble.fault is Fault.HTTP_500)
        case Fault.HTTP_500_AFTER | Fault.HANG_AFTER | Fault.RESET_AFTER | Fault.GARBAGE:
            # The journal tells what became of the work; `answered` tells that the client was not told.
            _note(world, desk, arrival, desk.answer(arrival).code, answered=False)
        case _ as never:
            assert_never(never)
    return await _misbehave(world, trouble.fault, request)


async def _misbehave(world: World, fault: Fault, request: web.Request) -> web.StreamResponse:
    if fault in (Fault.HTTP_500, Fault.HTTP_500_AFTER):
        return web.Response(status=500, text="<html><body>500 Internal Server Error</body></html>")
    if fault is Fault.GARBAGE:
        return web.Response(text="<!-- upstream connect error -->{", content_type="application/json")
    if fault in (Fault.HANG_BEFORE, Fault.HANG_AFTER):
        await _until_closing(world, None)
    _reset(request)
    return web.Response(status=503)  # Goes nowhere: the connection is gone.


async def _until_closing(world: World, seconds: float | None) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await world.closing.wait()


def _reset(request: web.Request) -> None:
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        # Linger zero makes the kernel send RST instead of an orderly FIN.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _response(answer: Answer) -> web.Response:
    # The header is set whole: Tencent's SDK looks for errors only in exactly `application/json`, without a charset.
    headers = {**answer.headers, "Content-Type": answer.content_type}
    return web.Response(status=answer.status, body=answer.body, headers=headers)


def _note(world: World, desk: Desk, arrival: Arrival, status: str, *, answered: bool = True) -> None:
    params = {name: _short(value) for name, value in arrival.params.items() if name not in SECRET_PARAMETERS}
    world.calls.append(Call(desk.vendor, arrival.action, params, status, answered, world.now()))


def _short(value: object) -> object:
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        return f"{value[:20]}… ({len(value)} characters)"
    return value
