"""The international site's operations (facts 7): a text abroad, a Go China template to the mainland, what became of either.

Refusals are answers with another `ResponseCode`.
"""

import re
from datetime import datetime
from email.utils import format_datetime

from integrations.sandbox.alibaba.messages import filled
from integrations.sandbox.alibaba.office import Office
from integrations.sandbox.alibaba.params import Params
from integrations.sandbox.alibaba.refusal import RefusalError
from integrations.sandbox.phones import MAINLAND, Sms
from integrations.sandbox.world_time import CHINA

SENDER = re.compile(r"[A-Za-z0-9]{1,11}|[0-9]{1,15}")
LONGEST_TASK = 255


def send(office: Office, params: Params) -> dict[str, object]:
    """SendMessageToGlobe: any text, to anywhere but the mainland."""
    to, text = params.text("To"), params.text("Message")
    sender, task = params.maybe("From"), params.maybe("TaskId")
    if re.fullmatch(r"86\d{11}", to) or not re.fullmatch(r"[1-9]\d{6,14}", to):
        return refused("isv.MOBILE_NUMBER_ILLEGAL", "The mobile number is invalid.")
    if (sender and not SENDER.fullmatch(sender)) or len(task) > LONGEST_TASK:
        return refused("isv.INVALID_PARAMETERS", "A parameter is invalid.")
    return _taken(office, f"+{to}", "", "", text, task)


def send_with_template(office: Office, params: Params) -> dict[str, object]:
    """SendMessageWithTemplate: to the mainland, with a signature and a template of Go China."""
    to, sign, code = params.text("To"), params.text("From"), params.text("TemplateCode")
    number, seed = to.removeprefix("86"), office.world.seed
    if not to.startswith("86") or not MAINLAND.fullmatch(number):
        return refused("isv.MOBILE_NUMBER_ILLEGAL", "The mobile number is invalid.")
    if sign != seed.go_china_signature:
        return refused("isv.SMS_SIGNATURE_ILLEGAL", "The signature is invalid.")
    if code != seed.go_china_template:
        return refused("isv.SMS_TEMPLATE_ILLEGAL", "The template is invalid.")
    try:
        text = filled(seed.go_china_text, params.maybe("TemplateParam"))
    except RefusalError as refusal:
        return refused(refusal.code, refusal.text)
    return _taken(office, number, sign, code, text, "")


def query(office: Office, params: Params) -> dict[str, object]:
    """QueryMessage: one message by its id."""
    message = params.text("MessageId")
    one = next((one for one in office.phones.sent if one.vendor == "alibaba" and one.message == message), None)
    if one is None:
        return refused("MessageNotExist", "The message does not exist.")
    told = one.receipt_at if one.receipt_at is not None and one.receipt_at <= office.world.now() else None
    return {
        "MessageId": message,
        "To": _to(one),
        "Message": one.text,
        "Status": "3" if told is None else "2" if one.code else "1",
        "ErrorCode": "" if told is None else one.code or "DELIVERED",
        "ErrorDescription": "failed" if told is not None and one.code else "",
        "SendDate": _date(one.at),
        "ReceiveDate": _date(told) if told else "",
    }


def report(sms: Sms) -> dict[str, object]:
    """Write the receipt of a message as it is pushed (facts 7)."""
    return {
        "To": _to(sms),
        "MessageId": sms.message,
        "TaskId": sms.mark,
        "Status": "2" if sms.code else "1",
        "ErrorCode": sms.code or "DELIVERED",
        "ErrorDescription": "failed" if sms.code else "",
        "SmsSize": str(sms.parts),
        "SendDate": _date(sms.at),
        "ReceiveDate": _date(sms.receipt_at or sms.at),
    }


def refused(code: str, text: str) -> dict[str, object]:
    """Return a refusal: an answer like any other but for its code."""
    return {"ResponseCode": code, "ResponseDescription": text}


def _taken(office: Office, number: str, sign: str, code: str, text: str, task: str) -> dict[str, object]:
    message = f"{1_008_030_300_532:d}{next(office.numbers):04d}"
    sms = office.phones.take("alibaba", message, number, sign, code, text, task)
    return {"MessageId": message, "To": _to(sms), "Segments": str(sms.parts), "NumberDetail": {"Country": ""}}


def _to(sms: Sms) -> str:
    return f"86{sms.number}" if MAINLAND.fullmatch(sms.number) else sms.number.removeprefix("+")


def _date(at: datetime) -> str:
    """Write a date as this site does: `Mon, 24 Dec 2018 16:58:22 +0800`."""
    return format_datetime(at.astimezone(CHINA))
