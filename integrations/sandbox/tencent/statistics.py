"""Tencent's packages and sending statistics (facts 4). Other statistics belong here too."""

from datetime import UTC, datetime, timedelta

from integrations.sandbox.tencent.account import Account, Package
from integrations.sandbox.tencent.params import Params
from integrations.sandbox.tencent.refusal import RefusalError
from integrations.sandbox.traffic import FAILED_PER_THOUSAND, Sent
from integrations.sandbox.world_time import unix

BILLED_PER_THOUSAND = 1_080
"""Billed parts for a thousand messages: some are longer than 70 characters."""
RECEIPTS_SPAN = timedelta(days=32)
REASONS = ("InternalErrorCount", "InvalidNumberCount", "ShutdownErrorCount", "BlackListCount", "FrequencyLimitCount")


def packages(account: Account, region: str, params: Params) -> dict[str, object]:
    """SmsPackagesStatistics: filters on the package's creation time; EndTime lies in the past."""
    del region  # Packages belong to the account.
    begin, end = _span(account, params)
    if end <= begin or end >= account.world.now():
        raise RefusalError("InvalidParameterValue.EndTimeVerifyFail", "EndTime 需大于 BeginTime，且小于当前时间。")
    limit, offset = params.number("Limit"), params.number("Offset")
    if not 0 <= limit <= 500:
        raise RefusalError("InvalidParameterValue.LimitVerifyFail", "Limit 最大为 500。")
    if offset < 0:
        raise RefusalError("InvalidParameterValue.OffsetVerifyFail", "Offset 不能小于 0。")
    found = [package for package in account.packages if begin <= package.created_at <= end]
    return {"SmsPackagesStatisticsSet": [_package(package) for package in found[offset : offset + limit]]}


def sending(account: Account, region: str, params: Params) -> dict[str, object]:
    """SendStatusStatistics: whole hours, both ends included, none of the future."""
    del region
    sent = _asked(account, params)
    return {
        "SendStatusStatistics": {
            "FeeCount": sent.count * BILLED_PER_THOUSAND // 1000,
            "RequestCount": sent.count + sent.refused,
            "RequestSuccessCount": sent.count,
        }
    }


def receipts(account: Account, region: str, params: Params) -> dict[str, object]:
    """CallbackStatusStatistics: at most 32 days; the failures by reason."""
    del region
    begin, end = _span(account, params)
    if end - begin > RECEIPTS_SPAN:
        raise RefusalError("InvalidParameterValue.EndTimeVerifyFail", "查询时间跨度不能超过 32 天。")
    sent = _asked(account, params)
    usual = sent.count * FAILED_PER_THOUSAND // 1000
    reasons = dict.fromkeys(REASONS, 0)
    reasons["InvalidNumberCount"] = min(sent.failed, usual)
    reasons[f"{sent.code or 'InvalidNumber'}Count"] += max(sent.failed - usual, 0)
    return {
        "CallbackStatusStatistics": {
            "CallbackCount": sent.good + sent.failed,
            "RequestSuccessCount": sent.count,
            "CallbackFailCount": sent.failed,
            "CallbackSuccessCount": sent.good,
            **reasons,
        }
    }


def _asked(account: Account, params: Params) -> Sent:
    begin, end = _span(account, params)
    if end < begin:
        raise RefusalError("InvalidParameterValue.EndTimeVerifyFail", "EndTime 必须大于或等于 BeginTime。")
    if params.number("Limit") != 0:
        raise RefusalError("InvalidParameterValue.LimitVerifyFail", "Limit 目前固定设置为 0。")
    if params.number("Offset") != 0:
        raise RefusalError("InvalidParameterValue.OffsetVerifyFail", "Offset 目前固定设置为 0。")
    return account.flow.between(begin, end, account.world.now())


def _package(package: Package) -> dict[str, object]:
    return {
        "PackageCreateTime": unix(package.created_at),
        "PackageEffectiveTime": unix(package.created_at),
        "PackageExpiredTime": unix(package.expires_at),
        "PackageAmount": package.amount,
        "PackageType": 0 if package.gift else 1,
        "PackageId": package.package_id,
        "CurrentUsage": package.used,
    }


def _span(account: Account, params: Params) -> tuple[datetime, datetime]:
    if params.text("SmsSdkAppId") != account.world.seed.tencent_app_id:
        raise RefusalError("UnauthorizedOperation.SmsSdkAppIdVerifyFail", "SmsSdkAppId 校验失败。")
    return (
        _hour(params.text("BeginTime"), "InvalidParameterValue.BeginTimeVerifyFail"),
        _hour(params.text("EndTime"), "InvalidParameterValue.EndTimeVerifyFail"),
    )


def _hour(text: str, code: str) -> datetime:
    # Written yyyymmddhh; no zone is stated, so China's. strptime alone would take fewer digits too.
    try:
        return datetime.strptime(f"{text}+0800" if len(text) == 10 else "", "%Y%m%d%H%z").astimezone(UTC)
    except ValueError as error:
        raise RefusalError(code, "时间格式为 yyyymmddhh。") from error
