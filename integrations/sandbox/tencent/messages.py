"""Tencent's messages: SendSms and DescribeSendRecordList (facts 5.1, 5.2)."""

import re
from datetime import UTC, datetime, timedelta

from integrations.sandbox.phones import MAINLAND, Sms
from integrations.sandbox.tencent.account import Account, Sign, Status, Template
from integrations.sandbox.tencent.params import Params
from integrations.sandbox.tencent.refusal import RefusalError
from integrations.sandbox.world_time import unix

VARIABLE = re.compile(r"\{(\d+)\}")
HISTORY = timedelta(hours=72)
LONGEST_MARK = 512


def send(account: Account, region: str, params: Params) -> dict[str, object]:
    """SendSms: the call succeeds, each number has a code of its own."""
    _known_app(account, params)
    numbers = params.texts("PhoneNumberSet")
    if not numbers:
        raise RefusalError("MissingParameter.EmptyPhoneNumberSet", "号码列表为空。")
    if len(numbers) > 200:
        raise RefusalError("LimitExceeded.PhoneNumberCountLimit", "一次最多 200 个号码。")
    return {"SendStatusSet": [_one(account, region, params, number) for number in numbers]}


def _one(account: Account, region: str, params: Params, raw: str) -> dict[str, object]:
    mark = params.text("SessionContext")
    row: dict[str, object] = {
        "SerialNo": "",
        "PhoneNumber": raw,
        "Fee": 0,
        "SessionContext": mark,
        "Code": "Ok",
        "Message": "send success",
        "IsoCode": "",
    }
    number = re.sub(r"^(\+86|0086|86)(?=1\d{10}$)", "", raw)
    template = account.templates.get(int(params.text("TemplateId")) if params.text("TemplateId").isdigit() else -1)
    abroad = template is not None and template.international
    sign = _sign(account, region, params.text("SignName"), abroad=abroad)
    code = _refusal(account, region, params, number, template, sign)
    if code:
        return {**row, "Code": code, "Message": code.rpartition(".")[2]}
    assert template is not None  # noqa: S101 - `_refusal` has refused its absence
    values = params.texts("TemplateParamSet")
    text = VARIABLE.sub(lambda found: values[int(found[1]) - 1], template.content)
    serial = f"2640:{168_671_506_416_862_323_300_000 + len(account.phones.sent)}"
    sms = account.phones.take("tencent", serial, number, params.text("SignName"), params.text("TemplateId"), text, mark)
    if not abroad:  # what goes abroad is paid by the day (facts 8)
        account.packages[-1].used += sms.parts
    account.flow.add(account.world.now(), 1)
    return {**row, "SerialNo": serial, "Fee": sms.parts, "IsoCode": "" if abroad else "CN"}


def _refusal(
    account: Account, region: str, params: Params, number: str, template: Template | None, sign: Sign | None
) -> str:
    """Return why a number is refused; empty when it is not."""
    if not MAINLAND.fullmatch(number) and not re.fullmatch(r"\+[1-9]\d{6,14}", number):
        return "InvalidParameterValue.IncorrectPhoneNumber"
    unsigned = template is not None and template.international and not params.text("SignName")  # facts 5.1
    if not unsigned and (sign is None or account.status(sign) is not Status.USABLE):
        return "FailedOperation.SignatureIncorrectOrUnapproved"
    if template is None or template.region != region or account.status(template) is not Status.USABLE:
        return "FailedOperation.TemplateUnapprovedOrNotExist"
    if template.international and MAINLAND.fullmatch(number):
        return "UnsupportedOperation.GlobalTemplateToChineseMainlandPhone"
    if not template.international and not MAINLAND.fullmatch(number):
        return "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone"
    values = params.texts("TemplateParamSet")
    if len(values) != len(set(VARIABLE.findall(template.content))):
        return "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
    if any(re.search(r"https?://|www\.", value) for value in values):
        return "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter"
    if len(params.text("SessionContext")) >= LONGEST_MARK:
        return "InvalidParameterValue.SessionContextTooLong"
    return ""


def records(account: Account, region: str, params: Params) -> dict[str, object]:
    """DescribeSendRecordList: one number, at most 72 hours back."""
    del region
    _known_app(account, params)
    now = account.world.now()
    begin = datetime.fromtimestamp(params.number("BeginTime"), UTC)
    end = datetime.fromtimestamp(params.number("EndTime") or unix(now), UTC)
    if not now - HISTORY <= begin <= end:
        raise RefusalError("InvalidParameterValue.BeginTimeVerifyFail", "BeginTime 需在 72 小时以内。")
    limit, offset = params.number("Limit", 20), params.number("Offset")
    if not 1 <= limit <= 50:
        raise RefusalError("InvalidParameterValue.LimitVerifyFail", "Limit 取值 1 到 50。")
    if not 0 <= offset <= 1000:
        raise RefusalError("InvalidParameterValue.OffsetVerifyFail", "Offset 取值 0 到 1000。")
    number = re.sub(r"^\+86(?=1\d{10}$)", "", params.text("PhoneNumber"))
    mine = [one for one in reversed(account.phones.sent) if one.vendor == "tencent" and one.number == number]
    found = [one for one in mine if begin <= one.at <= end + timedelta(seconds=1)]
    rows = [_row(account, one) for one in found[offset : offset + limit]]
    return {"SendRecordSet": rows, "TotalCount": len(found)}


def _row(account: Account, one: Sms) -> dict[str, object]:
    told = one.receipt_at if one.receipt_at is not None and one.receipt_at <= account.world.now() else None
    return {
        "PhoneNumber": f"+86{one.number}" if MAINLAND.fullmatch(one.number) else one.number,
        "SerialNo": one.message,
        "SendStatus": 3 if told is None else 4 if one.code else 2,
        "RequestCode": "Ok",
        "StatusCode": "" if told is None else one.code or "DELIVRD",
        "IsoCode": "CN",
        "Content": "****",
        "SendTime": unix(one.at),
        "UserReceiveTime": 0 if told is None else unix(told),
    }


def _sign(account: Account, region: str, name: str, *, abroad: bool) -> Sign | None:
    found = [one for one in account.signs_in(region, international=abroad) if one.form.name == name]
    return next((one for one in found if account.status(one) is Status.USABLE), found[0] if found else None)


def _known_app(account: Account, params: Params) -> None:
    if params.text("SmsSdkAppId") != account.world.seed.tencent_app_id:
        raise RefusalError("UnauthorizedOperation.SmsSdkAppIdVerifyFail", "SmsSdkAppId 校验失败。")
