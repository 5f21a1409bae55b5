"""Packages and the balance, as they are read."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.contracts.vendor import Measure, Reading
from integrations.alibaba import billing
from integrations.alibaba.config import Unconfirmed
from tests.unit.alibaba.answered import SURE

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def package(**fields: Any) -> billing.Package:
    row = {
        "InstanceId": "SMSBAG-1",
        "CommodityCode": "dysms_dp_cn",
        "PackageType": "FPT_dysms",
        "Remark": "国内短信套餐包",
        "TotalAmount": "200,000",
        "TotalAmountUnit": "条",
        "RemainingAmount": "24000",
        "RemainingAmountUnit": "条",
        "ExpiryTime": "2026-03-01T16:00:00Z",
        "Status": "Available",
        "ApplicableProducts": {"Product": ["dysms"]},
        **fields,
    }
    return billing.Package.model_validate(row)


def test_a_package() -> None:
    assert billing.package_reading(package(), NOW) == Reading(
        subject="国内短信套餐包 SMSBAG-1",
        measure=Measure.PACKAGE,
        remaining=Decimal(24000),
        total=Decimal(200_000),
        unit="messages",
        expires_at=datetime(2026, 3, 1, 16, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("fields", "remaining", "total", "unit"),
    [
        ({"RemainingAmount": "2.4", "RemainingAmountUnit": "万条"}, 24000, 200_000, "messages"),
        ({"RemainingAmountUnit": "GB", "TotalAmountUnit": "GB"}, 24000, 200_000, "GB"),
        ({"RemainingAmountUnit": "GB"}, 24000, None, "GB"),
        ({"TotalAmount": "?", "ExpiryTime": ""}, 24000, None, "messages"),
        ({"RemainingAmount": 24000, "RemainingAmountUnit": None}, 24000, 200_000, "messages"),
    ],
)
def test_units_of_packages(fields: dict[str, Any], remaining: int, total: int | None, unit: str) -> None:
    reading = billing.package_reading(package(**fields), NOW)
    assert reading is not None
    assert (reading.remaining, reading.total, reading.unit) == (remaining, total, unit)


@pytest.mark.parametrize(
    "fields",
    [
        {"Status": "Expired"},
        {"RemainingAmount": "n/a"},
        {"RemainingAmount": "NaN"},
        {"ExpiryTime": "2026-01-01T00:00:00Z"},
    ],
)
def test_packages_that_do_not_count(fields: dict[str, Any]) -> None:
    assert billing.package_reading(package(**fields), NOW) is None


def test_which_packages_are_messages() -> None:
    other = package(CommodityCode="ossbag", PackageType="oss", Remark="存储包", ApplicableProducts={"Product": ["oss"]})
    hidden = package(CommodityCode="x", PackageType="y", Remark="", ApplicableProducts={"Product": ["DYSMS"]})
    assert [billing.is_sms(one, SURE) for one in (package(), other, hidden)] == [True, False, True]
    assert billing.is_sms(other, Unconfirmed(package_product="dysms"))
    assert billing.is_sms(other, Unconfirmed(package_words=("存储",)))
    assert billing.package_readings([other, hidden], SURE, NOW)[0].subject == "y SMSBAG-1"


@pytest.mark.parametrize(
    ("text", "value"), [("1,024.50", "1024.50"), ("0.00", "0"), ("-3.2", "-3.2"), ("", None), ("Infinity", None)]
)
def test_money(text: str, value: str | None) -> None:
    readings = billing.balance_reading(billing.Balance(AvailableAmount=text, Currency="CNY"))
    assert [reading.remaining for reading in readings] == ([Decimal(value)] if value else [])
    assert all(reading.measure is Measure.BALANCE and reading.unit == "CNY" for reading in readings)
