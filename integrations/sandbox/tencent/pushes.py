"""What Tencent calls back with (facts 6): receipts in arrays, an answer of somebody alone; nothing of reviews."""

from collections.abc import Iterator

from integrations.sandbox.phones import Phones
from integrations.sandbox.postman import Letter
from integrations.sandbox.world_time import china_text, unix


def letters(phones: Phones) -> Iterator[Letter]:
    """Yield all that is to be pushed by now."""
    for sms in phones.received("tencent"):
        abroad = sms.number.startswith("+")
        item = {
            "user_receive_time": china_text(sms.receipt_at or sms.at),
            "nationcode": sms.number[1:3] if abroad else "86",
            "mobile": sms.number[3:] if abroad else sms.number,
            "report_status": "FAIL" if sms.code else "SUCCESS",
            "errmsg": sms.code or "DELIVRD",
            "description": "用户短信接收失败" if sms.code else "用户短信送达成功",
            "sid": sms.message,
        }
        yield Letter(f"tencent-report:{sms.serial}", "tencent", "report", [item])
    for one in phones.answered("tencent"):
        body = {
            "extend": "",
            "mobile": one.number,
            "nationcode": "86",
            "sign": one.sign,
            "text": one.text,
            "time": unix(one.at),
        }
        yield Letter(f"tencent-reply:{one.serial}", "tencent", "reply", body)
