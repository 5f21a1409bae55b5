"""Alibaba's messages: SendSms and QuerySendDetails (facts 6.1, 6.2, 6.4)."""

import json
import re

from integrations.sandbox.alibaba import digital
from integrations.sandbox.alibaba.office import DigitalTemplate, Office
from integrations.sandbox.alibaba.params import Params
from integrations.sandbox.alibaba.refusal import RefusalError
from integrations.sandbox.alibaba.statistics import day_of
from integrations.sandbox.phones import MAINLAND, Sms
from integrations.sandbox.world import Verdict
from integrations.sandbox.world_time import CHINA, china_text

VARIABLE = re.compile(r"\$\{(\w+)\}")
LONGEST_VALUE = 35
"""Facts 4.2: notification variables have 1 to 35 characters."""
LONGEST_MARK = 256


def send(office: Office, params: Params) -> dict[str, object]:
    """SendSms to one number or several; refusals come with HTTP 200 (facts 1.3)."""
    numbers = [_number(one) for one in params.text("PhoneNumbers").split(",")]
    sign, code = params.text("SignName"), params.text("TemplateCode")
    signature, template = office.signatures.get(sign), office.templates.get(code)
    now = office.world.now()
    if (rich := office.digital_templates.get(code)) is not None:
        return _send_digital(office, params, rich, numbers)
    if signature is None or not signature.approved(now):
        raise _refused("isv.SMS_SIGNATURE_ILLEGAL", "账号下找不到对应签名")
    if template is None or template.withdrawn or template.review.verdict(now) is not Verdict.APPROVED:
        raise _refused("isv.SMS_TEMPLATE_ILLEGAL", "账号下找不到对应模板")
    abroad = template.form.template_type == 3
    if not abroad and any(number.startswith("+") for number in numbers):
        raise _refused("isv.MOBILE_NUMBER_ILLEGAL", "手机号码格式错误")
    if abroad and not all(number.startswith("+") for number in numbers):
        raise _refused("isv.DOMESTIC_NUMBER_NOT_SUPPORTED", "国际/港澳台消息模板不支持发送境内号码")  # facts 6.4
    text = filled(template.form.content, params.maybe("TemplateParam"))
    mark = _mark(params)
    message = f"{932_702_304_080_415_357 + next(office.numbers)}^0"
    for number in numbers:
        sms = office.phones.take("alibaba", message, number, sign, code, text, mark)
        if abroad:  # the packages and the statistics of the mainland know nothing of it
            continue
        package = next(package for package in office.packages if package.product == "dysms")
        package.spent += sms.parts
        office.flow.add(now, 1)
    return {"BizId": message, "Code": "OK", "Message": "OK"}


def _send_digital(office: Office, params: Params, template: DigitalTemplate, numbers: list[str]) -> dict[str, object]:
    """Send with a digital template; one that its carrier has not passed is no template to that carrier (facts 5)."""
    sign = params.text("SignName")
    if not digital.usable_sign(office, sign):
        raise _refused("isv.SMS_SIGNATURE_ILLEGAL", "账号下找不到对应签名")
    if template.withdrawn or 1 not in office.digital_audits(template).values():
        raise _refused("isv.SMS_TEMPLATE_ILLEGAL", "账号下找不到对应模板")
    if any(number.startswith("+") for number in numbers):
        raise _refused("isv.MOBILE_NUMBER_ILLEGAL", "手机号码格式错误")
    text = filled(template.text, params.maybe("TemplateParam"))
    mark = _mark(params)
    message = f"{932_702_304_080_415_357 + next(office.numbers)}^0"
    for number in numbers:
        office.phones.take("alibaba", message, number, sign, template.code, text, mark)
        office.flow.add(office.world.now(), 1)
    return {"BizId": message, "Code": "OK", "Message": "OK"}


def _mark(params: Params) -> str:
    mark = params.maybe("OutId")
    if len(mark) >= LONGEST_MARK:
        raise _refused("isv.INVALID_PARAMETERS", "参数格式不正确")
    return mark


def details(office: Office, params: Params) -> dict[str, object]:
    """QuerySendDetails: one number, one day of the last 30."""
    number, day = _number(params.text("PhoneNumber")), day_of(params, "SendDate")
    size, page = params.number("PageSize", among=range(1, 51)), params.number("CurrentPage", among=range(1, 10_000))
    if not 0 <= (office.today() - day).days <= 30:
        raise _refused("isv.INVALID_PARAMETERS", "只能查询最近 30 天的记录")
    mine = [one for one in reversed(office.phones.sent) if one.vendor == "alibaba" and one.number == number]
    found = [one for one in mine if one.at.astimezone(CHINA).date() == day]
    rows = [_row(office, one) for one in found[(page - 1) * size : page * size]]
    return {"TotalCount": str(len(found)), "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows}}


def _row(office: Office, one: Sms) -> dict[str, object]:
    told = one.receipt_at if one.receipt_at is not None and one.receipt_at <= office.world.now() else None
    row: dict[str, object] = {
        "PhoneNum": one.number,
        "SendStatus": 1 if told is None else 2 if one.code else 3,
        "Content": one.text,
        "TemplateCode": one.template,
        "SendDate": china_text(one.at),
        "OutId": one.mark,
    }
    if told is not None:
        row |= {"ErrCode": one.code or "DELIVERED", "ReceiveDate": china_text(told)}
    return row


def filled(content: str, raw: str) -> str:
    """Fill the variables of a template in.

    Raises:
        RefusalError: a value is missing or none that a variable carries.
    """
    try:
        values = json.loads(raw) if raw else {}
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise _refused("isv.INVALID_JSON_PARAM", "JSON 参数不合法，只接受字符串值")
    for name in VARIABLE.findall(content):
        value = values.get(name)
        if not isinstance(value, str) or not value:
            raise _refused("isv.TEMPLATE_MISSING_PARAMETERS", "模板缺少变量")
        if len(value) > LONGEST_VALUE:
            raise _refused("isv.PARAM_LENGTH_LIMIT", "参数超过长度限制")
        if re.search(r"https?://|www\.", value):
            raise _refused("isv.PARAM_NOT_SUPPORT_URL", "变量不支持传入 URL")
    return VARIABLE.sub(lambda found: str(values[found[1]]), content)


def _number(text: str) -> str:
    bare = re.sub(r"^(\+86|0086|86)(?=1\d{10}$)", "", text)
    if MAINLAND.fullmatch(bare):
        return bare
    if re.fullmatch(r"[1-9]\d{6,14}", bare):
        return f"+{bare}"
    raise _refused("isv.MOBILE_NUMBER_ILLEGAL", "手机号码格式错误")


def _refused(code: str, text: str) -> RefusalError:
    return RefusalError(code, text, status=200)
