"""Figures for a monitoring system: their form, and what is counted."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from inline_snapshot import snapshot
from prometheus_client.parser import text_string_to_metric_families

from bot.contracts.errors import AnswerLost, NoAnswer, Refused, Throttled, Unavailable, VendorError
from bot.contracts.trouble import Call
from bot.contracts.vendor import Measure, Reading
from bot.running.metrics import CallCounts, Figures, exposition
from bot.store.samples import Sample

NOW = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
FIGURES = Figures(
    requests={("aliyun", "signature", "in_review"): 2, ("tencent", "template", "draft"): 1},
    notices={"due": 1, "sent": 7},
    oldest_due=NOW - timedelta(seconds=90),
    alerts=(),
    readings={
        "aliyun": (
            Sample(NOW - timedelta(minutes=5), "aliyun", Reading('套餐 "A"', Measure.PACKAGE, Decimal(50_000))),
            Sample(
                "aliyun", NOW - timedelta(minutes=5), Reading("balance", Measure.BALANCE, Decimal("12.5"), unit="CNY")
            ),
        ),
        "ucloud": (),
    },
)


def told(figures: Figures = FIGURES) -> str:
    calls = {("aliyun", Call.READ, "answered"): 12, ("aliyun", Call.CHANGE, "lost"): 1}
    return exposition(figures, ("review:tencent",), calls, 3, NOW).decode()


def test_the_form() -> None:
    ours = [line for line in told().splitlines() if line.startswith("signpost_") and "info" not in line]
    assert ours == snapshot(
        [
            'signpost_requests_open{account="aliyun",kind="signature",state="in_review"} 2.0',
            'signpost_requests_open{account="tencent",kind="template",state="draft"} 1.0',
            'signpost_notices_total{state="sent"} 7.0',
            'signpost_notices_total{state="held"} 0.0',
            'signpost_notices_total{state="failed"} 0.0',
            "signpost_notices_due 1.0",
            "signpost_notices_oldest_due_seconds 90.0",
            'signpost_left{account="aliyun",measure="package",subject="套餐 \\"A\\"",unit="messages"} 50000.0',
            'signpost_left{account="aliyun",measure="balance",subject="balance",unit="CNY"} 12.5',
            'signpost_reading_age_seconds{account="aliyun"} 300.0',
            'signpost_failing{name="review:tencent"} 1.0',
            "signpost_outcomes_waiting 3.0",
            'signpost_vendor_calls_total{account="aliyun",call="change",outcome="lost"} 1.0',
            'signpost_vendor_calls_total{account="aliyun",call="read",outcome="answered"} 12.0',
        ]
    )


def test_it_is_read_as_it_was_meant() -> None:
    """By the reader of the library that most systems of this kind come with."""
    families = {family.name: family for family in text_string_to_metric_families(told())}
    assert families["signpost_vendor_calls"].type == "counter"
    (package, _) = families["signpost_left"].samples
    assert (package.labels["subject"], package.value) == ('套餐 "A"', 50_000)
    assert families["process_resident_memory_bytes"].samples[0].value > 0
    assert all(family.documentation for family in families.values())


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, "answered"),
        (Refused("isv.NO"), "refused"),
        (Throttled("slow"), "throttled"),
        (Unavailable(NoAnswer.TIMEOUT), "unavailable"),
        (AnswerLost(NoAnswer.RESET), "lost"),
    ],
)
def test_every_call_is_counted_once_and_passed_on(error: VendorError | None, outcome: str) -> None:
    heard: list[object] = []
    counts = CallCounts(lambda *told: heard.append(told))
    counts.heard("aliyun", Call.READ, error)
    assert counts.ended == Counter({("aliyun", Call.READ, outcome): 1})
    assert heard == [("aliyun", Call.READ, error)]
