"""Alibaba's billing API, version 2017-12-14 (facts 8.1)."""

from datetime import UTC, datetime

from integrations.sandbox.alibaba.office import Office, Package
from integrations.sandbox.alibaba.params import Params
from integrations.sandbox.alibaba.refusal import RefusalError
from integrations.sandbox.world_time import utc_text


def query_packages(office: Office, params: Params) -> dict[str, object]:
    """QueryResourcePackageInstances; counts inside `Data` and amounts are texts."""
    page, size = params.page("PageNum", "PageSize", most=300, default=20)
    product = params.maybe("ProductCode")
    start, end = _time(params, "ExpiryTimeStart"), _time(params, "ExpiryTimeEnd")
    found = [
        package
        for package in office.packages
        if (not product or package.product == product)
        and (start is None or package.expires_at >= start)
        and (end is None or package.expires_at <= end)
    ]
    shown = found[(page - 1) * size : page * size]
    return {
        "Page": page,
        "PageSize": size,
        "Total": len(found),
        "Data": {
            "HostId": "cn-sandbox",
            "PageNum": str(page),
            "PageSize": str(size),
            "TotalCount": str(len(found)),
            "Instances": {"Instance": [_instance(office, package) for package in shown]},
        },
    }


def query_balance(office: Office, params: Params) -> dict[str, object]:
    """QueryAccountBalance; every amount is a text, with thousands commas (facts 8.1: "commas UNSURE")."""
    del params  # It has none.
    amount = office.world.seed.alibaba_balance
    return {
        "Data": {
            "AvailableAmount": amount,
            "AvailableCashAmount": amount,
            "CreditAmount": "0.00",
            "MybankCreditAmount": "0.00",
            "Currency": "CNY",
            "QuotaLimit": "0.00",
        }
    }


def _instance(office: Office, package: Package) -> dict[str, object]:
    now = office.world.now()
    return {
        "InstanceId": package.instance_id,
        "CommodityCode": package.commodity,
        "PackageType": package.commodity,
        "Remark": package.remark,
        "Region": "cn-hangzhou",
        "TotalAmount": str(package.total),
        "TotalAmountUnit": package.unit,
        "RemainingAmount": str(package.left(office.world.started_at, now)),
        "RemainingAmountUnit": package.unit,
        "EffectiveTime": utc_text(package.effective_at),
        "ExpiryTime": utc_text(package.expires_at),
        "Status": "Available" if now < package.expires_at else "Expired",
        "DeductType": "Absolute",
        "ApplicableProducts": {"Product": [package.product]},
    }


def _time(params: Params, name: str) -> datetime | None:
    text = params.maybe(name)
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise RefusalError(f"Invalid{name}", f"{name} is written yyyy-MM-ddTHH:mm:ssZ.") from error
