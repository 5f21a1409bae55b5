"""Alibaba's official SDK against the sandbox: sending, and what became of it."""

import json

from alibabacloud_dysmsapi20170525 import models as sms

from integrations.sandbox.world_time import CHINA
from tests.oracle.alibaba.asked import template


async def test_a_message_is_sent_and_found_again(sandbox, client, clock):
    code = (await client.create_sms_template_async(template())).body.template_code
    clock.pass_by(minutes=50)
    given = {"phone_numbers": "13800001234", "sign_name": "速达科技", "template_code": code, "out_id": "mark"}
    missing = (await client.send_sms_async(sms.SendSmsRequest(**given))).body
    assert missing.code == "isv.TEMPLATE_MISSING_PARAMETERS"  # with HTTP 200
    sent = (await client.send_sms_async(sms.SendSmsRequest(template_param=json.dumps({"code": "1234"}), **given))).body
    assert (sent.code, bool(sent.biz_id)) == ("OK", True)
    clock.pass_by(minutes=1)
    asked = sms.QuerySendDetailsRequest(
        phone_number="13800001234", send_date=f"{clock().astimezone(CHINA):%Y%m%d}", page_size=10, current_page=1
    )
    found = (await client.query_send_details_async(asked)).body
    (row,) = found.sms_send_detail_dtos.sms_send_detail_dto
    assert (found.total_count, row.send_status, row.err_code, row.out_id) == ("1", 3, "DELIVERED", "mark")
    assert [one.text for one in sandbox.sent] == ["【速达科技】您的验证码为1234，5分钟内有效，用于登录速达科技。"]
