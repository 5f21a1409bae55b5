"""Figures for a monitoring system: what waits, what was told, what is left, who answers; as of the moment of the question.

They come from the record, so that they are right after a restart; only what was called is counted in memory, from the
start of the process, as such counters are. No text of a person or a vendor, no number and no address is among them.

The form is that of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/).
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

import sqlite_utils

from bot.contracts.alert import Alert
from bot.contracts.errors import AnswerLost, Refused, Throttled, Unavailable, VendorError
from bot.contracts.trouble import Call
from bot.desk.services import Services
from bot.store import alerts, notices, requests, samples
from bot.store.samples import Sample

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

Hears = Callable[[str, Call, VendorError | None], None]
"""Takes an account, the kind of a call, and what came of it."""

OUTCOMES: Mapping[type[VendorError] | None, str] = {
    None: "answered",
    Refused: "refused",
    Throttled: "throttled",
    Unavailable: "unavailable",
    AnswerLost: "lost",
}
"""What a call ended with → its label."""


class CallCounts:
    """Counts every call of every vendor since the start, and passes on what came of it.

    Args:
        hears: who hears of each call, too.
    """

    def __init__(self, hears: Hears) -> None:
        self._hears = hears
        self.ended: Counter[tuple[str, Call, str]] = Counter()

    def heard(self, account: str, call: Call, error: VendorError | None) -> None:
        """A call ended."""
        kind = next((kind for kind in OUTCOMES if kind is not None and isinstance(error, kind)), None)
        outcome = OUTCOMES[kind] if error is None or kind is not None else "refused"
        self.ended[account, call, outcome] += 1
        self._hears(account, call, error)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the record says at one moment.

    Attributes:
        requests: how many wait for somebody, by account, kind and state.
        notices: how many there are of each state.
        oldest_due: since when the oldest one is owed.
        alerts: those that are not resolved.
        readings: the last round of each account.
    """

    requests: Mapping[tuple[str, str, str], int]
    notices: Mapping[str, int]
    oldest_due: datetime | None
    alerts: Sequence[Alert]
    readings: Mapping[str, Sequence[Sample]]


def figures_of(db: sqlite_utils.Database, accounts: Iterable[str]) -> Figures:
    """Ask the record; every question is served by an index or by counters that are kept with the writes."""
    return Figures(
        requests=requests.open_counts(db),
        notices=notices.counts(db),
        oldest_due=notices.oldest_due(db),
        alerts=alerts.standing(db),
        readings={account: samples.latest(db, account) for account in accounts},
    )


class Metrics:
    """Answers the question for figures.

    Args:
        services: the program.
        calls: what was called.
    """

    def __init__(self, services: Services, calls: CallCounts) -> None:
        self._services = services
        self._calls = calls

    async def text(self) -> bytes:
        """All figures, as of now.

        Raises:
            RecordUnavailable: the record cannot be read.
        """
        services = self._services
        figures = await services.database.read(lambda db: figures_of(db, services.vendors))
        failing = tuple(one.name for one in services.status.failing())
        calls, held, now = Counter(self._calls.ended), services.database.held, services.clock.now()
        # The library is loaded with the first question: a start needs none of it, and the loop is not to wait for it.
        return await asyncio.to_thread(exposition, figures, failing, calls, held, now)


def exposition(
    figures: Figures,
    failing: Sequence[str],
    calls: Mapping[tuple[str, Call, str], int],
    held: int,
    now: datetime,
) -> bytes:
    """All figures in the form that is asked for.

    Args:
        figures: of the record.
        failing: what does not work, by the names of `/readyz`.
        calls: account, kind and outcome → how many calls ended so.
        held: how many outcomes wait for the record.
        now: when.
    """
    from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
    from prometheus_client.registry import Collector

    class Found(Collector):
        def collect(self) -> Iterable["Metric"]:
            return families(figures, failing, calls, held, now)

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Found())
    ProcessCollector(registry=registry)
    return generate_latest(registry)


def families(
    figures: Figures,
    failing: Sequence[str],
    calls: Mapping[tuple[str, Call, str], int],
    held: int,
    now: datetime,
) -> Iterable["Metric"]:
    """The figures family by family; arguments as for `exposition`."""
    from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric

    def gauge(name: str, says: str, *labels: str) -> GaugeMetricFamily:
        return GaugeMetricFamily(f"signpost_{name}", says, labels=labels)

    def one(name: str, says: str, value: float) -> GaugeMetricFamily:
        return GaugeMetricFamily(f"signpost_{name}", says, value=value)

    info = gauge("info", "The program.", "version")
    info.add_metric([version("signpost")], 1)
    waiting = gauge("requests_open", "Requests that wait for somebody.", "account", "kind", "state")
    for (account, kind, state), count in sorted(figures.requests.items()):
        waiting.add_metric([account, kind, state], count)
    ended = CounterMetricFamily(
        "signpost_notices", "Messages that are no longer owed, by how they ended.", labels=["state"]
    )
    for state in ("sent", "held", "failed"):
        ended.add_metric([state], figures.notices.get(state, 0))
    age = 0.0 if figures.oldest_due is None else max(0.0, (now - figures.oldest_due).total_seconds())
    open_alerts = gauge("alerts_open", "Alerts that are not resolved.", "account", "severity", "state")
    by_alert = Counter((alert.account, str(alert.severity), str(alert.state)) for alert in figures.alerts)
    for labels, count in sorted(by_alert.items()):
        open_alerts.add_metric(labels, count)
    left = gauge("left", "What is left at a vendor, at the last reading.", "account", "subject", "measure", "unit")
    read = gauge("reading_age_seconds", "How old the last reading of what is left is.", "account")
    for account, found in sorted(figures.readings.items()):
        for sample in found:
            reading = sample.reading
            left.add_metric([account, reading.subject, reading.measure, reading.unit], float(reading.remaining))
        if found:
            read.add_metric([account], max(0.0, (now - found[0].at).total_seconds()))
    broken = gauge("failing", "What does not work now, by the names of /readyz.", "name")
    for name in failing:
        broken.add_metric([name], 1)
    called = CounterMetricFamily(
        "signpost_vendor_calls", "Calls of vendors that ended, since the start.", labels=["account", "call", "outcome"]
    )
    for (account, call, outcome), count in sorted(calls.items()):
        called.add_metric([account, call, outcome], count)
    found_families: tuple[Metric, ...] = (
        info,
        waiting,
        ended,
        one("notices_due", "Messages that are owed.", figures.notices.get("due", 0)),
        one("notices_oldest_due_seconds", "How long the oldest of them has been owed.", age),
        open_alerts,
        left,
        read,
        broken,
        one("outcomes_waiting", "Answers of outside services that wait for the record.", held),
        called,
    )
    return found_families
