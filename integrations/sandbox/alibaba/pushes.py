"""What Alibaba pushes (facts 9.1): arrays; reviews one at a time, receipts and answers perhaps many."""

from collections.abc import Iterator

from integrations.sandbox.alibaba import globe
from integrations.sandbox.alibaba.office import Office, Signature
from integrations.sandbox.phones import Phones
from integrations.sandbox.postman import Letter
from integrations.sandbox.world import Review, Verdict
from integrations.sandbox.world_time import china_text

STATUS = {Verdict.APPROVED: "approved", Verdict.REJECTED: "rejected"}
TYPES = {0: "验证码", 1: "通知短信", 2: "推广短信", 3: "国际/港澳台短信"}


def letters(office: Office, phones: Phones) -> Iterator[Letter]:
    """Yield all that is to be pushed by now."""
    now = office.world.now()
    for signature in office.signatures.values():
        signature.settle(now)
        for order_id, review in ((signature.order_id, signature.review), *signature.refused_edits):
            if not signature.withdrawn and (verdict := review.verdict(now)) in STATUS:
                yield _sign(signature, order_id, review, STATUS[verdict])
    for template in office.templates.values():
        verdict, review = template.review.verdict(now), template.review
        if template.withdrawn or verdict not in STATUS:
            continue
        body = {
            "template_code": template.code,
            "template_name": template.form.name,
            "template_content": template.form.content,
            "template_type": TYPES[template.form.template_type],
            "template_status": STATUS[verdict],
            "reason": review.refusal or "",
            "remark": template.form.remark,
            "orderId": template.order_id,
            "create_date": china_text(template.created_at),
        }
        yield Letter(f"template:{template.order_id}", "alibaba", "template", [body])
    for sms in phones.received("alibaba"):
        if "^" not in sms.message:  # sent through the international site
            yield Letter(f"alibaba-globe:{sms.serial}", "alibaba", "report", [globe.report(sms)])
            continue
        item = {
            "phone_number": sms.number.removeprefix("+"),
            "send_time": china_text(sms.at),
            "report_time": china_text(sms.receipt_at or sms.at),
            "success": not sms.code,
            "err_code": sms.code or "DELIVERED",
            "err_msg": "用户接收失败" if sms.code else "用户接收成功",
            "sms_size": str(sms.parts),
            "biz_id": sms.message,
            "out_id": sms.mark,
        }
        yield Letter(f"alibaba-report:{sms.serial}", "alibaba", "report", [item])
    for one in phones.answered("alibaba"):
        said = {
            "phone_number": one.number,
            "content": one.text,
            "send_time": china_text(one.at),
            "dest_code": "106900008888",
            "sequence_id": one.serial,  # a number on the older page, a text on the current one
        }
        yield Letter(f"alibaba-reply:{one.serial}", "alibaba", "reply", [said])


def _sign(signature: Signature, order_id: str, review: Review, status: str) -> Letter:
    body = {
        "sign_name": signature.name,
        "sign_status": status,
        "sign_source": "企事业单位名",
        "sign_scene": signature.form.scene,
        "reason": review.refusal or "",
        "remark": signature.form.remark,
        "orderId": int(order_id),
        "create_date": china_text(signature.created_at),
    }
    return Letter(f"sign:{order_id}", "alibaba", "sign", [body])
