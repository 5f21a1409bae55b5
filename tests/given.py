"""What tests of several parts are given: a request, papers, a clock, the faults of a call."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx

from bot.contracts.model import Action, Kind, Paper, Place, Request, State
from bot.contracts.vendor import Reading, Vendor
from integrations.sandbox import Fault, Sandbox
from tests.made_files import jpeg, png

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""Monday 2 March 2026, 10:00 in China: every reviewer is at work."""

LICENCE = Paper("licence.png", png(), "image/png")
LETTER = Paper("letter.jpg", jpeg(), "image/jpeg")
AFTER = [Fault.HTTP_500_AFTER, Fault.RESET_AFTER, Fault.GARBAGE, Fault.HANG_AFTER]
"""Faults of a call that the vendor has acted on."""
BEFORE = [Fault.HTTP_500, Fault.RESET_BEFORE]
"""Faults of a call that the vendor has not acted on."""


def a_request(state: State = State.IN_REVIEW, *, at: datetime = MONDAY, **changes: object) -> Request:
    """A signature of one account as the record has it.

    Args:
        state: where it stands.
        at: when it was born, submitted and last moved.
        changes: what else is different about it.
    """
    request = Request(
        number=17,
        batch=1,
        account="aliyun",
        vendor="alibaba",
        kind=Kind.SIGNATURE,
        name="速达物流",
        state=state,
        action=Action.CREATE,
        values={},
        papers=(),
        submitter="slack:U1",
        submitter_name="submitter",
        place=Place("slack", "C1"),
        created_at=at,
        updated_at=at,
        since=at,
        vendor_ref="ref",
        submitted_at=at,
    )
    return replace(request, **changes)  # type: ignore[arg-type]


class Clock:
    """A world clock that moves only when told."""

    def __init__(self, moment: datetime | None = None) -> None:
        self.moment = moment or datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


def calls(sandbox: Sandbox, action: str) -> int:
    """How often the vendors were asked for it."""
    return sum(1 for call in sandbox.calls if call.action == action)


def departures(http: httpx.AsyncClient) -> list[float]:
    """When each request of a client leaves from now on, by the loop's clock."""
    left: list[float] = []

    async def note(_: httpx.Request) -> None:
        left.append(asyncio.get_running_loop().time())

    http.event_hooks["request"].append(note)
    return left


async def left_at(vendor: Vendor) -> tuple[Reading, ...]:
    """What is left at a vendor that tells."""
    assert vendor.quota is not None
    return await vendor.quota.readings()
