"""What the three servers share: the clock, the faults, the journal and how a review runs."""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from integrations.sandbox.faults import Faults
from integrations.sandbox.limits import Limits
from integrations.sandbox.settings import Kind, Pace, Seed, Vendor

JOURNAL_LENGTH = 100_000
"""Calls remembered; a sandbox left running for weeks must not grow for ever."""


class Verdict(Enum):
    """Where a review stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Review:
    """One review: the decision is made at submission and becomes visible when the world clock passes `decided_at`.

    So no task runs in the background, and reading twice at one moment reads the same.

    Attributes:
        submitted_at: When it began.
        decided_at: When the decision shows; `None` waits for a verb (`approve`, `reject`).
        refusal: The reviewer's reason, or `None` for an approval.
    """

    submitted_at: datetime
    decided_at: datetime | None
    refusal: str | None = None

    def verdict(self, now: datetime) -> Verdict:
        """Return where the review stands at a moment."""
        if self.decided_at is None or now < self.decided_at:
            return Verdict.PENDING
        return Verdict.APPROVED if self.refusal is None else Verdict.REJECTED

    def decided(self, now: datetime, refusal: str | None) -> "Review":
        """Return the review as decided by hand at a moment."""
        return Review(self.submitted_at, now, refusal)


@dataclass(frozen=True, slots=True)
class Call:
    """One request that reached a server.

    Attributes:
        vendor: Whose server.
        action: The operation; `PostObject` for an upload to Alibaba's OSS.
        params: What was asked, without keys, signatures and tokens; long texts such as pictures are cut.
        status: `OK`, the vendor's error code, or the name of the fault that stood in for an answer.
        answered: False when the client got no readable answer.
        at: World time.
    """

    vendor: Vendor
    action: str
    params: Mapping[str, object]
    status: str
    answered: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """One thing a create call made, kept here even after it was deleted.

    Attributes:
        vendor: Where.
        kind: Signature, template or qualification.
        ref: The vendor's id; at Alibaba a signature's id is its name.
        name: The signature's text or the template's name.
        content: The template's text; for a signature its text again.
        at: World time.
    """

    vendor: Vendor
    kind: Kind
    ref: str
    name: str
    content: str
    at: datetime


class World:
    """Shared state of one sandbox.

    Args:
        now: The world clock, aware UTC; the caller scales it.
        wall: The real clock, against which signed timestamps are checked.
        pace: How long reviews take.
        seed: What exists at the start.
        auto_review: Whether reviewers decide by themselves.
        limits: Whether published rates are enforced.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        wall: Callable[[], datetime],
        pace: Pace,
        seed: Seed,
        auto_review: bool,
        limits: bool,
    ) -> None:
        self.now = now
        self.wall = wall
        self.pace = pace
        self.seed = seed
        self.auto_review = auto_review
        self.faults = Faults()
        self.limits = Limits(now, enforced=limits)
        self.calls: deque[Call] = deque(maxlen=JOURNAL_LENGTH)
        self.accepted: list[Accepted] = []
        self.closing = asyncio.Event()
        self.started_at = now()
        self._request_numbers = itertools.count(1)

    def begin_review(self, vendor: Vendor, refusal: str | None) -> Review:
        """Start a review whose outcome the reviewer already knows."""
        now = self.now()
        return Review(now, now + self.pace.review(vendor) if self.auto_review else None, refusal)

    def old_review(self, days: int = 60, refusal: str | None = None) -> Review:
        """Return a review that was decided long before the sandbox started, for what is seeded."""
        decided_at = self.started_at - timedelta(days=days)
        return Review(decided_at - timedelta(hours=2), decided_at, refusal)

    def accept(self, vendor: Vendor, kind: Kind, ref: str, name: str, content: str) -> None:
        """Note what a create call made."""
        self.accepted.append(Accepted(vendor, kind, ref, name, content, self.now()))

    def request_id(self) -> str:
        """Return a new id in the UUID shape the vendors use, counted rather than random so that runs repeat."""
        return f"5A4D0B0C-0000-4000-8000-{next(self._request_numbers):012X}"
