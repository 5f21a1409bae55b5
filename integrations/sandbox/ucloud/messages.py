"""UCloud's messages: SendUSMSMessage and GetUSMSSendReceipt (facts 5). Nothing is told by number."""

import re

from integrations.sandbox.phones import MAINLAND, Sms
from integrations.sandbox.ucloud.params import Params
from integrations.sandbox.ucloud.project import Project, Status
from integrations.sandbox.ucloud.refusal import BAD_FORMAT, NO_SIGNATURE, NO_TEMPLATE, RefusalError
from integrations.sandbox.world_time import unix

VARIABLE = re.compile(r"\{(\d+)\}")
WRONG_NUMBER, WRONG_VALUES, BAD_VALUE = 18014, 18018, 18033
"""Facts 1.6."""
LONGEST_MARK = 32
MOST_SESSIONS = 100


def send(project: Project, params: Params) -> dict[str, object]:
    """SendUSMSMessage: one text to one number or several."""
    numbers = [_number(one) for one in params.strings("PhoneNumbers")]
    template_id, sign = params.text("TemplateId"), params.maybe("SigContent")
    mark = params.maybe("UserId", most=LONGEST_MARK)
    template = project.templates.get(template_id)
    if template is None or project.status(template) is not Status.APPROVED:
        raise RefusalError(NO_TEMPLATE, f"Template {template_id} not found or not approved")
    abroad = template.international
    signatures = [
        one for one in project.signatures.values() if one.content.strip("【】") == sign and one.international is abroad
    ]
    unsigned = abroad and not sign  # optional there (facts 5)
    if not unsigned and not any(project.status(one) is Status.APPROVED for one in signatures):
        raise RefusalError(NO_SIGNATURE, f"Signature {sign} not approved")
    if any(number.startswith("+") is not abroad for number in numbers):
        raise RefusalError(WRONG_NUMBER, "A number is not of the template's region")
    wanted = len(set(VARIABLE.findall(template.text)))
    values = params.strings("TemplateParams") if wanted else []
    if len(values) != wanted:
        raise RefusalError(WRONG_VALUES, "TemplateParams do not match the template")
    if any(re.search(r"https?://|www\.", value) for value in values):
        raise RefusalError(BAD_VALUE, "A variable holds a link")
    text = VARIABLE.sub(lambda found: values[int(found[1]) - 1], template.text)
    session = f"{next(project.numbers):08X}-5A4D-4B0C-8000-000000000000"
    for number in numbers:
        project.phones.take("ucloud", session, number, sign, template_id, text + template.unsubscribe, mark)
        if not abroad:  # statistics are asked of the mainland
            project.flow.add(project.world.now(), 1)
    return {"SessionNo": session, "UserId": mark, "Message": "Send success"}


def receipts(project: Project, params: Params) -> dict[str, object]:
    """GetUSMSSendReceipt: of up to 100 sendings; what has no receipt yet has no row."""
    sessions = params.strings("SessionNoSet")
    if len(sessions) > MOST_SESSIONS:
        raise RefusalError(BAD_FORMAT, f"At most {MOST_SESSIONS} SessionNoSet")
    told = project.phones.received("ucloud")
    data = [
        {"SessionNo": session, "ReceiptSet": [row(one) for one in told if one.message == session]}
        for session in sessions
    ]
    return {"Data": data}


def row(one: Sms) -> dict[str, object]:
    """Write one receipt, as the callback does too."""
    return {
        "Phone": one.number,
        "CostCount": one.parts,
        "ReceiptResult": "发送失败" if one.code else "发送成功",
        "ReceiptCode": one.code or "DELIVRD",
        "ReceiptDesc": "发送失败" if one.code else "成功",
        "ReceiptTime": unix(one.receipt_at) if one.receipt_at else 0,
        "UserId": one.mark,
    }


def _number(text: str) -> str:
    bare = re.sub(r"^(\(86\)|\(0086\)|\+86)", "", text)
    if MAINLAND.fullmatch(bare):
        return bare
    abroad = re.fullmatch(r"\((?:00)?(\d{1,4})\)(\d{5,14})", text)
    if abroad:
        return f"+{abroad[1]}{abroad[2]}"
    raise RefusalError(WRONG_NUMBER, f"Phone number of {len(text)} characters is invalid")
