"""Trouble to order: what a vendor's server shall do wrong with its next calls."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from integrations.sandbox.settings import Vendor


class Fault(StrEnum):
    """The ways a call can go wrong. "Before" means nothing was done; "after" means the work is done and kept."""

    THROTTLE = "throttle"
    """Refused as too fast, with the vendor's own kind of answer; nothing done."""
    ANSWER = "answer"
    """Refused with an error code of the caller's choice (`code`, `text`); nothing done."""
    HTTP_500 = "http_500"
    """HTTP 500 with a page that is not the vendor's JSON; nothing done."""
    HTTP_500_AFTER = "http_500_after"
    """HTTP 500, yet the work is done."""
    HANG_BEFORE = "hang_before"
    """No answer until the server closes; nothing done."""
    HANG_AFTER = "hang_after"
    """No answer until the server closes, yet the work is done."""
    RESET_BEFORE = "reset_before"
    """The connection is reset; nothing done."""
    RESET_AFTER = "reset_after"
    """The connection is reset, yet the work is done."""
    GARBAGE = "garbage"
    """HTTP 200 with a body that is not JSON, yet the work is done."""
    SLOW = "slow"
    """The right answer, `seconds` of real time late."""


@dataclass(slots=True)
class Trouble:
    """One order: a fault, what it applies to, and how often it still happens."""

    vendor: Vendor
    fault: Fault
    action: str | None
    left: int
    seconds: float
    code: str
    text: str


class Gate:
    """Calls of one operation wait at the vendor's door until it is opened; then they are answered as they would be.

    Attributes:
        waiting: How many calls have arrived at it so far.
    """

    def __init__(self) -> None:
        self.waiting = 0
        self._open = asyncio.Event()

    def open(self) -> None:
        """Let everything in that waits, and whatever comes later."""
        self._open.set()

    async def pass_through(self) -> None:
        """Wait until it is open."""
        self.waiting += 1
        await self._open.wait()


class Faults:
    """The orders not yet used up, oldest first."""

    def __init__(self) -> None:
        self._orders: list[Trouble] = []
        self._gates: dict[tuple[Vendor, str], Gate] = {}

    def hold(self, vendor: Vendor, action: str) -> Gate:
        """Let calls of an operation wait at the door until the gate is opened; nothing is done for them before."""
        gate = self._gates[vendor, action] = Gate()
        return gate

    async def pass_through(self, vendor: Vendor, action: str) -> None:
        """Wait for as long as calls of this operation are held."""
        if gate := self._gates.get((vendor, action)):
            await gate.pass_through()

    def open_all(self) -> None:
        """Hold nothing any more."""
        for gate in self._gates.values():
            gate.open()
        self._gates.clear()

    def next(
        self,
        vendor: Vendor,
        fault: Fault,
        action: str | None = None,
        times: int = 1,
        *,
        seconds: float = 0.0,
        code: str = "",
        text: str = "",
    ) -> None:
        """Order a fault for the vendor's next calls.

        Args:
            vendor: Whose server.
            fault: What happens.
            action: Only calls of this operation (`CreateSmsSign`); `None` takes any call. An upload to Alibaba's OSS
                counts as `PostObject`.
            times: How many calls.
            seconds: `SLOW`: delay in real seconds. `THROTTLE` at Alibaba: the `x-acs-retry-after` header to send.
            code: `ANSWER`: the error code, in the vendor's spelling.
            text: `ANSWER`: the error message.
        """
        self._orders.append(Trouble(vendor, Fault(fault), action, times, seconds, code, text))

    def take(self, vendor: Vendor, action: str) -> Trouble | None:
        """Use up and return the oldest order that fits this call."""
        for order in self._orders:
            if order.vendor == vendor and order.action in (None, action):
                order.left -= 1
                if order.left <= 0:
                    self._orders.remove(order)
                return order
        return None

    def left(self, vendor: Vendor) -> int:
        """Return how many ordered faults of a vendor have not happened yet."""
        return sum(order.left for order in self._orders if order.vendor == vendor)

    def clear(self) -> None:
        """Forget every order that has not happened yet."""
        self._orders.clear()
