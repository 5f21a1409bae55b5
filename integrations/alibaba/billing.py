"""Packages and balance on the wire, by the billing API (facts 8.1). Pure."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation

from bot.contracts.vendor import Measure, Reading
from integrations.alibaba.config import Unconfirmed
from integrations.alibaba.wire import Answer, Many, One, Part, Text, Texts, utc_date


class Products(Part):
    """Product codes that a package can be used for."""

    Product: Texts = ()


class Package(Part):
    """One resource package; numbers come as texts."""

    InstanceId: Text = ""
    CommodityCode: Text = ""
    PackageType: Text = ""
    Remark: Text = ""
    TotalAmount: Text = ""
    TotalAmountUnit: Text = ""
    RemainingAmount: Text = ""
    RemainingAmountUnit: Text = ""
    ExpiryTime: Text = ""
    Status: Text = ""
    ApplicableProducts: One[Products] = Products()


class InstanceList(Part):
    """The list's inner envelope."""

    Instance: Many[Package] = ()


class Packages(Part):
    """A page of packages."""

    Instances: One[InstanceList] = InstanceList()
    TotalCount: Text = ""


class PackageList(Answer):
    """Answer of QueryResourcePackageInstances."""

    Data: One[Packages] = Packages()


class Balance(Part):
    """The account's money."""

    AvailableAmount: Text = ""
    Currency: Text = ""


class BalanceAnswer(Answer):
    """Answer of QueryAccountBalance."""

    Data: One[Balance] = Balance()


# Units are free text in the answer; what is no number of messages is shown as the unit it is.
_MESSAGES = {"": 1, "条": 1, "次": 1, "个": 1, "千条": 1_000, "万条": 10_000, "万次": 10_000}


def number(text: str) -> Decimal | None:
    """A number that came as text, perhaps with thousands commas (facts 8.1); none when it is none."""
    try:
        value = Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def is_sms(package: Package, unconfirmed: Unconfirmed) -> bool:
    """Whether a package counts messages: the product code is not documented, so words decide (facts 14, no. 4)."""
    if unconfirmed.package_product:
        return True  # asked for by this code, so the vendor has chosen
    texts = (package.CommodityCode, package.PackageType, package.Remark, *package.ApplicableProducts.Product)
    text = "\n".join(texts).casefold()
    return any(word.casefold() in text for word in unconfirmed.package_words)


def package_reading(package: Package, now: datetime) -> Reading | None:
    """A package that can still be used; none for one that cannot, or whose remainder is no number."""
    remaining, expires_at = number(package.RemainingAmount), utc_date(package.ExpiryTime)
    if remaining is None or package.Status == "Expired" or (expires_at is not None and expires_at <= now):
        return None
    factor = _MESSAGES.get(package.RemainingAmountUnit)
    total, total_factor = number(package.TotalAmount), _MESSAGES.get(package.TotalAmountUnit)
    same_measure = (factor is None) == (total_factor is None)
    return Reading(
        # The readable name is shared by packages bought alike; the instance keeps their histories apart.
        subject=" ".join(part for part in (package.Remark or package.PackageType, package.InstanceId) if part),
        measure=Measure.PACKAGE,
        remaining=remaining * (factor or 1),
        total=total * (total_factor or 1) if total is not None and same_measure else None,
        unit=package.RemainingAmountUnit if factor is None else "messages",
        expires_at=expires_at,
    )


def package_readings(packages: Iterable[Package], unconfirmed: Unconfirmed, now: datetime) -> tuple[Reading, ...]:
    """The SMS packages among an account's packages."""
    readings = (package_reading(package, now) for package in packages if is_sms(package, unconfirmed))
    return tuple(reading for reading in readings if reading is not None)


def balance_reading(balance: Balance) -> tuple[Reading, ...]:
    """The money left; nothing when the vendor names no figure."""
    remaining = number(balance.AvailableAmount)
    if remaining is None:
        return ()
    return (Reading(subject="balance", measure=Measure.BALANCE, remaining=remaining, unit=balance.Currency or "CNY"),)
