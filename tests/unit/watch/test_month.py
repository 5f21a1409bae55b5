"""A month of quota, forecasts and requests with the defaults: what is planted is found, and nobody is woken for what can wait.

The rules, the forecast and the life of alerts as the program has them; nobody acknowledges anything, so that every repeat
would be told. Rules on what was sent have such a month of their own in `test_surges`.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.contracts.alert import Alert, Metric, Severity
from bot.contracts.hours import CHINA, Holidays, open_between, parse_hours
from bot.contracts.model import CarrierFiling, Request, State
from bot.contracts.traffic import DAY, HOUR
from bot.contracts.vendor import Measure, Reading
from bot.watch import lifecycle, rules, runway, waiting
from bot.watch.forecast import Usage, forecast
from bot.watch.lifecycle import AlertChange, Happening
from bot.watch.quiet import Quiet
from bot.watch.rules import DEFAULT_RULES, Breach
from tests.given import a_request
from tests.unit.watch.test_surges import MONDAY, at, usual_hour

NIGHT = Quiet(zone=CHINA, night=(time(22), time(8)))
REVIEWERS = parse_hours("mon-fri 09-21; sat-sun 09-21")
USUALLY = 2 * HOUR
END = at(30, 0)
LATE = at(14, 23)
"""When the carrier said no."""

PLANTED: Mapping[str, tuple[datetime, datetime]] = {
    "package-expires": (at(4, 12), at(4, 21)),  # two weeks before it does
    "balance-low": (at(8, 23), at(9, 10)),  # spent at night
    "runs-out": (at(9, 0), at(12, 0)),  # three days before it would
    "review-overdue": (at(6, 15), at(6, 21)),  # forgotten for two days
    "filing-failed": (at(15, 0), at(15, 10)),  # a carrier's no, shortly before midnight
    "quota-nearly-out": (at(20, 2), at(20, 6)),  # a campaign that somebody started at night
}
"""The rule that is to find it → from when to when it is to be told."""

PAGES = lifecycle.TOLD - {Happening.RESOLVE}


@dataclass
class Account:
    """What is left at a vendor, hour by hour, and what people buy."""

    packages: list[Reading]
    money: Decimal = Decimal(300)
    hours: dict[datetime, float] = field(default_factory=dict)

    def use(self, count: float) -> None:
        """Out of the package that expires first."""
        for place, one in enumerate(self.packages):
            taken = min(Decimal(round(count)), one.remaining)
            self.packages[place] = replace(one, remaining=one.remaining - taken)
            count -= float(taken)

    def buy(self, count: int, until: datetime) -> None:
        self.packages.append(package(f"bought {until:%m-%d}", count, until))

    def readings(self, now: datetime) -> tuple[Reading, ...]:
        there = [one for one in self.packages if one.expires_at is None or one.expires_at > now]
        return (*there, Reading("balance", Measure.BALANCE, self.money, unit="CNY"))


def package(name: str, count: int, until: datetime) -> Reading:
    return Reading(name, Measure.PACKAGE, Decimal(count), total=Decimal(count), unit="messages", expires_at=until)


def usage(hours: Mapping[datetime, float], now: datetime) -> Usage:
    today = now.astimezone(CHINA).date()
    days: dict[object, float] = {}
    for start, count in hours.items():
        days[start.date()] = days.get(start.date(), 0.0) + count
    so_far = days.pop(today, 0.0)
    return Usage(days, {start: count for start, count in hours.items() if start > now - 14 * DAY}, so_far)  # type: ignore[arg-type]


def quota_breaches(
    account: Account, now: datetime, standing: Sequence[str]
) -> tuple[Sequence[Breach], Sequence[Metric]]:
    readings = account.readings(now)
    metrics = rules.measure(readings, now)
    behind = rules.stocks(readings, now)
    found = forecast(usage(account.hours, now), runway.packages(readings, now), now)
    if found is not None and (days := runway.days_left(found, now)) is not None:
        metrics[Metric.RUNS_OUT] = days
        behind[Metric.RUNS_OUT] = runway.told_with(behind[Metric.REMAINING], found)
    return rules.evaluate(DEFAULT_RULES, "aliyun", metrics, behind, standing), tuple(metrics)


def request_breaches(now: datetime) -> Sequence[Breach]:
    """One review is forgotten, another takes as long as they do; a carrier refuses a third."""
    known: list[Request] = []
    for number, begun, over in ((1, at(6, 9), at(8, 16)), (2, at(13, 18), at(14, 11))):
        if begun <= now < over:
            known.append(a_request(State.IN_REVIEW, at=begun, number=number))
    moved = {}
    if now >= LATE:
        known.append(a_request(State.APPROVED, at=at(12, 9), number=3, filings=(CarrierFiling("mobile", "failed"),)))
        moved = {3: LATE}

    def waited(one: Request) -> tuple[timedelta, timedelta]:
        return open_between(REVIEWERS, one.since, now, Holidays()), USUALLY

    return waiting.judge(DEFAULT_RULES, "aliyun", known, moved, waited, now)


Told = tuple[datetime, Happening, Alert]


@pytest.fixture(scope="module")
def month() -> list[Told]:
    dice = random.Random(4)  # noqa: S311 - a series, the same each time
    account = Account([package("first", 480_000, at(18, 12))])
    account.hours = {
        start: float(usual_hour(start, dice).billed) for start in (MONDAY - n * HOUR for n in range(15 * 24, 0, -1))
    }
    alerts: dict[str, Alert] = {}
    told: list[Told] = []

    def keep(mark: str, changes: Sequence[AlertChange], now: datetime) -> None:
        for one in changes:
            alerts[mark] = one.alert
            if one.what in lifecycle.TOLD and not one.alert.held:
                told.append((now, one.what, one.alert))

    def take(findings: Sequence[Breach], measured: Sequence[str], now: datetime) -> None:
        found = {one.fingerprint: one for one in findings}
        for mark in measured:
            keep(mark, lifecycle.step(alerts.get(mark), found.get(mark), now, **when(now)), now)

    def when(now: datetime) -> dict[str, Any]:
        return {
            "repeat": HOUR / 2,
            "ack_expires": 4 * HOUR,
            "clear_for": lifecycle.CLEAR_FOR,
            "waits": lambda alert: NIGHT.holds(alert, now),
        }

    now = MONDAY
    while now < END:
        counts = usual_hour(now, dice)
        sent = float(counts.billed) * (318 if at(20, 2) <= now < at(20, 5) else 1)
        account.hours[now] = sent
        account.use(sent)
        now += HOUR
        if now == at(9, 0):
            account.money = Decimal(40)
        if now == at(10, 0):
            account.money = Decimal(500)
        if now in (at(11, 10), at(20, 9)):
            account.buy(500_000, at(400, 0))
        for mark, alert in list(alerts.items()):
            keep(mark, lifecycle.tick(alert, now, **when(now)), now)
        standing = [one.rule for one in alerts.values() if one.resolved_at is None]
        if now.hour in (6, 12, 20):
            breaches, metrics = quota_breaches(account, now, standing)
            take(breaches, list(dict.fromkeys(rules.fingerprint(one, "aliyun") for one in metrics)), now)
        take(request_breaches(now), [rules.fingerprint(one, "aliyun") for one in (Metric.OVERDUE, Metric.FILING)], now)
    return told


OPENS = (Happening.OPEN, Happening.WORSE, Happening.EMPTY, Happening.MORNING, Happening.REOPEN)


def test_every_planted_trouble_is_told_when_it_should(month: list[Told]) -> None:
    for rule, (first, last) in PLANTED.items():
        found = [now for now, what, alert in month if alert.rule == rule and what in OPENS]
        assert found, rule
        assert first <= found[0] <= last, (rule, found)


def test_there_are_at_most_two_false_alerts(month: list[Told]) -> None:
    false = [
        (f"{now:%m-%d %H:%M}", what, alert.rule)
        for now, what, alert in month
        if what in OPENS
        and not any(rule == alert.rule and first <= now <= last for rule, (first, last) in PLANTED.items())
    ]
    assert len(false) <= 2, false


def test_nobody_is_woken_for_what_can_wait(month: list[Told]) -> None:
    night = [(now, what, alert) for now, what, alert in month if what in PAGES and not 8 <= now.hour < 22]
    assert {(alert.rule, alert.severity) for _, _, alert in night} == {("quota-nearly-out", Severity.CRITICAL)}


def test_what_waited_is_told_in_the_morning(month: list[Told]) -> None:
    morning = {alert.rule: now for now, what, alert in month if what is Happening.MORNING}
    assert morning["balance-low"] == at(9, 8)
    assert morning["filing-failed"] == at(15, 8)
