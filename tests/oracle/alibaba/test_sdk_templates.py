"""Alibaba's official SDK against the sandbox: templates."""

import json

import pytest
from alibabacloud_dysmsapi20170525 import models as sms

from tests.oracle.alibaba.asked import get_template, refused, sign, template


async def test_a_template_is_reviewed_read_and_deleted(sandbox, client, clock):
    created = (await client.create_sms_template_async(template())).body
    assert created.template_code.startswith("SMS_")
    pending = await get_template(client, created.template_code)
    assert (pending.template_status, pending.template_type, pending.template_tag) == ("0", "0", 2)
    assert json.loads(pending.variable_attribute) == {"code": "numberCaptcha"}
    await refused(
        client.delete_sms_template_async(sms.DeleteSmsTemplateRequest(template_code=created.template_code)),
        "SMS_STATUS_ILLEGAL",
    )
    clock.pass_by(minutes=50)
    approved = await get_template(client, created.template_code)
    assert (approved.template_status, approved.related_sign_name) == ("1", "速达科技")
    row = (await client.query_sms_template_list_async(sms.QuerySmsTemplateListRequest())).body.sms_template_list[0]
    assert (row.audit_status, row.outer_template_type, row.template_type) == ("AUDIT_STATE_PASS", 0, 2)
    request = sms.DeleteSmsTemplateRequest(template_code=created.template_code)
    assert (await client.delete_sms_template_async(request)).body.template_code == created.template_code
    await refused(get_template(client, created.template_code), "TemplateNotFound")


async def test_a_rejected_template_is_updated(client, clock):
    bad = template(template_content="您的编码为${code}，5分钟内有效。")
    code = (await client.create_sms_template_async(bad)).body.template_code
    clock.pass_by(minutes=50)
    rejected = await get_template(client, code)
    assert rejected.template_status == "2"
    assert "验证码" in rejected.audit_info.reject_info
    fields = template().to_map() | {"TemplateCode": code}
    await client.update_sms_template_async(sms.UpdateSmsTemplateRequest().from_map(fields))
    assert (await get_template(client, code)).template_status == "0"
    clock.pass_by(minutes=50)
    assert (await get_template(client, code)).template_status == "1"
    request = sms.UpdateSmsTemplateRequest().from_map(fields)
    await refused(client.update_sms_template_async(request), "SMS_STATUS_ILLEGAL")


async def test_a_withdrawn_template_has_its_own_spelling_in_the_list(sandbox, client):
    code = (await client.create_sms_template_async(template())).body.template_code
    sandbox.withdraw(code)
    assert (await get_template(client, code)).template_status == "10"
    row = (await client.query_sms_template_list_async(sms.QuerySmsTemplateListRequest())).body.sms_template_list[0]
    assert row.audit_status == "AUDIT_SATE_CANCEL"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"template_name": None}, "MissingTemplateName"),
        ({"template_name": "名" * 31}, "InvalidTemplateName"),
        ({"template_content": "【速达科技】验证码${code}"}, "InvalidTemplateContent.Format"),
        ({"template_content": "验证码${1}"}, "InvalidTemplateContent.Format"),
        ({"template_content": "字" * 501, "template_rule": None}, "InvalidTemplateContent.Format"),
        ({"template_content": "验证码${a}，有效期${b}分钟"}, "TemplateVarLimitExceeded"),
        ({"template_rule": "code"}, "InvalidTemplateRule.Format"),
        ({"template_rule": "{}"}, "InvalidTemplateRule"),
        ({"template_type": 2, "template_rule": json.dumps({"code": "others"})}, "InvalidMoreData"),
        ({"template_type": 3}, "MissingIntlType"),
        ({"related_sign_name": "没有签名"}, "SmsSignatureNotFound"),
        ({"related_sign_name": None}, "MissingRelatedSignName"),
        ({"apply_scene_content": None}, "MissApplySceneContent"),
        ({"traffic_driving": "[{}]"}, "InvalidTrafficDriving"),
    ],
)
async def test_the_api_refuses_templates(sandbox, client, fields, code):
    await refused(client.create_sms_template_async(template(**fields)), code)
    assert sandbox.accepted("alibaba") == []


async def test_a_template_needs_an_approved_signature(client):
    await client.create_sms_sign_async(sign("速达快运"))
    await refused(client.create_sms_template_async(template(related_sign_name="速达快运")), "AssocSignUnapproved")


async def test_templates_come_thirty_seconds_of_world_time_apart_and_a_hundred_a_day(client, clock):
    await client.create_sms_template_async(template())
    await refused(client.create_sms_template_async(template()), "Throttling.User")
    clock.pass_by(seconds=30)
    for _ in range(99):
        await client.create_sms_template_async(template())
        clock.pass_by(seconds=30)
    await refused(client.create_sms_template_async(template()), "Throttling.User")
    clock.pass_by(days=1)
    await client.create_sms_template_async(template())


async def test_lists_are_paged_and_pages_are_limited(client):
    for name in ("速达一号", "速达二号", "速达三号"):
        await client.create_sms_sign_async(sign(name))
    request = sms.QuerySmsSignListRequest(page_index=2, page_size=3)
    page = (await client.query_sms_sign_list_async(request)).body
    assert ([row.sign_name for row in page.sms_sign_list], page.total_count) == (["速达科技"], 4)
    await refused(client.query_sms_sign_list_async(sms.QuerySmsSignListRequest(page_size=51)), "InvalidPageSize")
