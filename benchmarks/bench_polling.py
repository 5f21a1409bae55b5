"""How often vendors are asked, and how soon a decision is told: a month with 300 requests in review all the time.

Two parts, because a month of real calls would take an hour:

1. The *plan*: 300 requests, a hundred at each vendor, followed for a month by the program's own `polling.next_look`
   with each vendor's declared hours and usual times. Reviewers decide within their hours, after the published time
   times a log-normal factor (median 1, sigma 0.5); whatever is decided is replaced by a new request, so that 300 are
   always pending. Calls are counted as the clients make them: Alibaba lists pages of fifty (up to three things one by
   one), Tencent asks for a hundred ids at once, UCloud for one at a time.
2. The *check* of part 1: the whole bot on the test stage against the sandbox, for some open hours, with the calls that
   the sandbox counted beside those the plan predicts for the same requests.

The peer is the plain way: one call for each pending request every minute, day and night.
"""

import asyncio
import heapq
import io
import math
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from report import Report, quantile

from bot.contracts import hours as calendar
from bot.contracts.model import Action, Kind, Place, Request, State
from bot.contracts.vendor import Capabilities
from bot.requests.reviews import rhythm
from bot.running.holidays import load_holidays
from bot.running.logs import setup
from bot.store import notices, requests
from integrations.alibaba.declared import capabilities as alibaba
from integrations.alibaba.reviews import FEW
from integrations.alibaba.wire import PAGE_SIZE
from integrations.sandbox import Pace
from integrations.tencent.declared import capabilities as tencent
from integrations.tencent.wire import PAGE
from integrations.ucloud.declared import capabilities as ucloud
from tests.stage import MONDAY, Stage, stage

DAYS = 30
EACH = 100  # pending at each vendor
DENSEST = timedelta(seconds=60)
TICK = timedelta(seconds=1)
SIGMA = 0.5

CHECK_EACH = 20
CHECK_HOURS = 4

HOLIDAYS = load_holidays()
VENDORS: dict[str, Capabilities] = {"alibaba": alibaba(), "tencent": tencent("domestic"), "ucloud": ucloud()}


def calls(vendor: str, asked: int, pending: int) -> int:
    """What one look at so many templates costs; the newest things stand first in Alibaba's list."""
    match vendor:
        case "alibaba":
            return asked if asked <= FEW else math.ceil(pending / PAGE_SIZE)
        case "tencent":
            return math.ceil(asked / PAGE)
        case _:
            return asked


# --- The plan --------------------------------------------------------------------------------------------------------


@dataclass
class Followed:
    """One request in review, and when its reviewer decides."""

    request: Request
    decided_at: datetime


class Plan:
    """One vendor's requests over a time.

    Args:
        vendor: whose.
        each: how many are pending at any time.
        decided: when the reviewer decides what was submitted then.
        replaced: whether a decided one is followed by a new one.
    """

    def __init__(
        self, vendor: str, each: int, decided: Callable[[datetime], datetime], *, replaced: bool = True
    ) -> None:
        self._vendor = vendor
        self._abilities = VENDORS[vendor]
        self._decided = decided
        self._replaced = replaced
        self._numbers = iter(range(1, 10**9))
        self._due: list[tuple[datetime, int]] = []
        self._followed: dict[int, Followed] = {}
        self._each = each
        self.calls = 0
        self.delays: list[float] = []

    def submit(self, at: datetime) -> None:
        """A new one; the program looks at it at its next tick."""
        number = next(self._numbers)
        self._followed[number] = Followed(_request(number, self._vendor, at), self._decided(at))
        heapq.heappush(self._due, (at + TICK, number))

    def run(self, start: datetime, end: datetime, spread: timedelta) -> None:
        """Submit evenly at the beginning, then follow until the end."""
        coming = [start + spread * turn / self._each for turn in range(self._each)]
        coming.reverse()
        while True:
            if coming and (not self._due or coming[-1] <= self._due[0][0]):
                self.submit(coming.pop())
                continue
            if not self._due or self._due[0][0] >= end:
                return
            self._look(self._due[0][0])

    def _look(self, now: datetime) -> None:
        asked = []
        while self._due and self._due[0][0] < now + TICK:
            asked.append(heapq.heappop(self._due)[1])
        self.calls += calls(self._vendor, len(asked), len(self._followed))
        for number in asked:
            one = self._followed[number]
            if one.decided_at <= now:
                self.delays.append((now - one.decided_at).total_seconds())
                del self._followed[number]
                if self._replaced:
                    self.submit(now)
                continue
            when = rhythm.next_look(
                one.request,
                now,
                hours=self._abilities.hours,
                holidays=HOLIDAYS,
                densest=DENSEST,
                usually=self._abilities.kinds[Kind.TEMPLATE].usually,
                filing=self._abilities.kinds[Kind.TEMPLATE].filing,
            )
            if when is None:
                raise RuntimeError("in review, and never looked at again")
            heapq.heappush(self._due, (when, number))


def _request(number: int, vendor: str, at: datetime) -> Request:
    return Request(
        number=number,
        batch=number,
        account=vendor,
        vendor=vendor,
        kind=Kind.TEMPLATE,
        name=f"t{number}",
        state=State.IN_REVIEW,
        action=Action.CREATE,
        values={},
        papers=(),
        submitter="terminal:submitter",
        submitter_name="submitter",
        place=Place("terminal", "bench"),
        created_at=at,
        updated_at=at,
        since=at,
        submitted_at=at,
    )


def month(report: Report) -> None:
    """Part 1."""
    minutes = DAYS * 24 * 60
    total, every = 0, list[float]()
    for vendor, abilities in VENDORS.items():
        chance = random.Random(vendor)  # noqa: S311 - repeatable, nothing secret
        usually = abilities.kinds[Kind.TEMPLATE].usually

        def decided(
            at: datetime,
            chance: random.Random = chance,
            usually: timedelta = usually,
            abilities: Capabilities = abilities,
        ) -> datetime:
            return calendar.add_open(abilities.hours, at, usually * chance.lognormvariate(0, SIGMA), HOLIDAYS)

        plan = Plan(vendor, EACH, decided)
        plan.run(MONDAY, MONDAY + timedelta(days=DAYS), usually)
        total += plan.calls
        every += plan.delays
        _row(report, vendor, plan.calls, EACH * minutes, plan.delays)
    _row(report, "all", total, len(VENDORS) * EACH * minutes, every)


def _row(report: Report, vendor: str, made: int, plain: int, delays: list[float]) -> None:
    report.row(
        f"{DAYS} days, {EACH} pending at each vendor (at most 5 % of the plain way wanted)",
        vendor=vendor,
        calls=made,
        plain=plain,
        percent=100 * made / plain,
        decided=len(delays),
        told_after_p50_s=quantile(delays, 0.5),
        p95_s=quantile(delays, 0.95),
        most_s=max(delays),
    )


# --- The check against the whole bot -----------------------------------------------------------------------------------


async def check(report: Report, s: Stage) -> None:
    """Part 2: the same requests, the real program and the sandbox."""
    pace = Pace()
    actions: Counter[tuple[str, str]] = Counter()
    journal = s.sandbox._world.calls  # noqa: SLF001 - the public list copies a hundred thousand calls each time

    def count() -> None:
        actions.update((call.vendor, call.action) for call in journal)
        journal.clear()

    accounts = {"alibaba": "aliyun", "tencent": "tencent", "ucloud": "ucloud"}
    spread = timedelta(minutes=CHECK_EACH)
    for turn in range(CHECK_EACH):
        name = "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in f"{turn:02}")
        for account in accounts.values():
            await s.say(
                f'template submit {account} 模板{name} type=otp content="您的验证码是${{code}}，{name}，5分钟内有效。"'
            )
        await s.pass_time(spread / CHECK_EACH)
    end = s.clock.now() - spread + timedelta(hours=CHECK_HOURS)
    while s.clock.now() < end:
        await s.pass_time(await _until_next(s, end))
        count()
    stored = await s.bot.services.database.read(lambda db: requests.latest(db, limit=1000))
    delays: dict[str, list[float]] = defaultdict(list)
    for request in stored:
        if request.submitted_at is None:
            raise RuntimeError(request)
        if request.state is not State.IN_REVIEW:
            decided = request.submitted_at + pace.review(request.vendor)  # type: ignore[arg-type]
            delays[request.vendor].append((request.since - decided).total_seconds())
    owed = await s.bot.services.database.read(notices.counts)
    if not set(owed) <= {"sent", "held"}:  # a terminal cannot change a card: its refreshes are held back
        raise RuntimeError(owed)
    for vendor in VENDORS:
        made = sum(times for (whose, action), times in actions.items() if whose == vendor and _is_look(action))
        plan = Plan(vendor, CHECK_EACH, lambda at, vendor=vendor: at + pace.review(vendor), replaced=False)  # type: ignore[misc]
        plan.run(MONDAY, MONDAY + timedelta(hours=CHECK_HOURS), spread)
        report.row(
            f"The plan against the whole bot and the sandbox: {CHECK_EACH} at each vendor, {CHECK_HOURS} hours",
            vendor=vendor,
            calls_of_the_bot=made,
            calls_of_the_plan=plan.calls,
            decided=len(delays[vendor]),
            told_after_p95_s=quantile(delays[vendor], 0.95),
            plan_p95_s=quantile(plan.delays, 0.95),
        )


async def _until_next(s: Stage, end: datetime) -> timedelta:
    """Straight to the next moment at which anything is due, a second later as the timer would be."""

    def ask(db: object) -> datetime | None:
        rows = db.query("SELECT MIN(next_look_at) AS at FROM requests WHERE next_look_at IS NOT NULL")  # type: ignore[attr-defined]
        at = next(rows)["at"]
        return None if at is None else datetime.fromisoformat(at)

    now = s.clock.now()
    due = await s.bot.services.database.read(ask)
    return max(TICK, min(end, due or end) - now)


def _is_look(action: str) -> bool:
    return "Template" in action and action.startswith(("Get", "Query", "Describe"))


async def run() -> None:
    """Both parts."""
    report = Report("polling", "Poll calls over a month, and how soon a decision is told")
    month(report)
    with tempfile.TemporaryDirectory(prefix="signpost-bench-") as name, redirect_stdout(io.StringIO()):
        setup("ERROR", json=True, secrets=(), stream=io.StringIO())
        async with stage(Path(name)) as s:
            await check(report, s)
    report.note(
        f"Looks are never closer than {DENSEST.total_seconds():.0f} s and, in open hours, never further apart than "
        f"{rhythm.WIDEST} times that; the plain way is one call for each pending request every minute. The longest waits are decisions in the last "
        "minute before closing, which are seen at the next opening."
    )
    report.finish()


if __name__ == "__main__":
    asyncio.run(run())
