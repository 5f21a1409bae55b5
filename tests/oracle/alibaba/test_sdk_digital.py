"""Alibaba's official SDK against the sandbox: digital messages."""

import base64
from typing import Any

import pytest
from alibabacloud_dysmsapi20170525 import models as sms
from alibabacloud_dysmsapi20170525.client import Client as SmsClient

from tests.made_files import png
from tests.oracle.alibaba.asked import get_template, refused

WORDS = "${name}，新品上市，到店有礼。拒收请回复R"
Part = sms.CreateDigitalSmsTemplateRequestTemplateContents
PERSONS = {
    "qualificationCompanyName": "速达科技有限公司",
    "qualificationOrganizationCode": "91330106MA2SANDBX1",
    "qualificationAdminName": "王芳",
    "qualificationAdminIDCard": "11010119900307781X",
    "qualificationLegalPersonName": "李明",
    "qualificationLegalPersonIDCard": "110101198001011239",
}


def part(suffix: str, content: bytes, name: str = "01", size: int | None = None) -> Any:
    written = base64.b64encode(content).decode()
    return Part(
        file_name=name, file_suffix=suffix, file_size=len(content) if size is None else size, file_contents=written
    )


def template(*parts: Any, **fields: Any) -> sms.CreateDigitalSmsTemplateRequest:
    files = list(parts) or [part("png", png()), part("txt", WORDS.encode(), "02")]
    given = {"template_name": "新品上市", "remark": "会员通知", "sign_name": "速达科技", "template_contents": files}
    return sms.CreateDigitalSmsTemplateRequest(**given | fields)


def order(name: str = "速达优选", **fields: Any) -> sms.CreateDigitalSignOrderRequest:
    given = {
        "order_type": "CREATE_DIGITALSMS_SIGN",
        "sign_name": name,
        "sign_source": 0,
        "sign_industry": 1,
        "qualification_id": 8563,
        "order_context": PERSONS,
    }
    return sms.CreateDigitalSignOrderRequest(**given | fields)


async def carriers(client: SmsClient, name: str) -> tuple[Any, ...]:
    request = sms.QueryDigitalSignByNameRequest(sign_name=name)
    data = (await client.query_digital_sign_by_name_async(request)).body.data
    return tuple(data.get(f"{one}RegisterStatus") for one in ("mobile", "unicom", "telecom"))


async def test_a_signature_is_filed_with_each_carrier_changed_and_deleted(sandbox, client, clock):
    made = (await client.create_digital_sign_order_async(order())).body
    assert (made.data["signName"], made.success) == ("速达优选", True)
    assert await carriers(client, "速达优选") == (-1, -1, -1)
    clock.pass_by(minutes=150)
    assert await carriers(client, "速达优选") == (3, -1, -1)
    clock.pass_by(minutes=30)
    assert await carriers(client, "速达优选") == (3, 3, 3)
    sandbox.file(str(made.data["signId"]), "unicom", 0, "", "资质不符")
    assert await carriers(client, "速达优选") == (3, 0, 3)
    change = order(order_type="UPDATE_DIGITALSMS_SIGN", sign_id=made.data["signId"], sign_industry=0)
    await client.create_digital_sign_order_async(change)
    assert await carriers(client, "速达优选") == (-1, -1, -1)
    gone = sms.CreateDigitalSignOrderRequest(
        order_type="DELETE_DIGITALSMS_SIGN", sign_name="速达优选", sign_id=made.data["signId"]
    )
    await client.create_digital_sign_order_async(gone)
    assert await carriers(client, "速达优选") == (None, None, None)


async def test_a_template_is_reviewed_by_each_carrier_and_sent(sandbox, client, clock):
    code = (await client.create_digital_sms_template_async(template())).body.template_code
    assert code.startswith("DIGITAL_SMS_")
    pending = await get_template(client, code)
    assert (pending.template_status, set(pending.vendor_audit_status.values())) == ("0", {0})
    clock.pass_by(minutes=150)
    passed = await get_template(client, code)
    assert passed.template_status == "1"
    assert passed.vendor_audit_status == {"MOBILE_VENDOR": 1, "UNICOM_VENDOR": 0, "TELECOM_VENDOR": 0}
    row = (await client.query_sms_template_list_async(sms.QuerySmsTemplateListRequest())).body.sms_template_list[0]
    assert (row.template_code, row.template_type, row.audit_status) == (code, 7, "AUDIT_STATE_PASS")
    request = sms.SendSmsRequest(
        phone_numbers="13800000000", sign_name="速达科技", template_code=code, template_param='{"name":"张三"}'
    )
    assert (await client.send_sms_async(request)).body.code == "OK"
    assert sandbox.sent[-1].text == "【速达科技】张三，新品上市，到店有礼。拒收请回复R"


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (template(template_name="名" * 21), "InvalidTemplateName"),
        (template(remark=None), "MissingRemark"),
        (template(template_contents=[]), "MissingTemplateContents"),
        (template(sign_name="没有签名"), "SmsSignatureNotFound"),
        (template(part("png", png(), size=3)), "InvalidTemplateContents"),
        (template(part("bmp", png())), "InvalidTemplateContents"),
        (template(part("mp4", b"a"), part("mp4", b"b")), "InvalidTemplateContents"),
    ],
)
async def test_the_api_refuses_templates(sandbox, client, request_, code):
    await refused(client.create_digital_sms_template_async(request_), code)
    assert sandbox.accepted("alibaba") == []


async def test_a_template_waits_for_the_first_carrier(client):
    await client.create_digital_sign_order_async(order())
    await refused(client.create_digital_sms_template_async(template(sign_name="速达优选")), "AssocSignUnapproved")


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([part("txt", WORDS.encode())], "纯文本"),
        ([part("png", png()), part("txt", "新品上市".encode())], "拒收请回复R"),
        ([part("png", png()), part("txt", f"[新品]{WORDS}".encode())], "“[”"),
        ([part("png", png()), part("txt", "${a}和${b}和${c}和${d} 拒收请回复R".encode())], "变量"),
    ],
)
async def test_reviewers_reject_by_the_published_rules(client, clock, parts, why):
    code = (await client.create_digital_sms_template_async(template(*parts))).body.template_code
    clock.pass_by(minutes=50)
    found = await get_template(client, code)
    assert found.template_status == "2"
    assert why in found.audit_info.reject_info
    assert set(found.vendor_audit_status.values()) == {2}


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (order("Suda"), "InvalidSignName"),
        (order("速达科技"), "SignName.Exists"),
        (order(order_context={**PERSONS, "qualificationAdminIDCard": "1"}), "InvalidOrderContext"),
        (order(order_type="UPDATE_DIGITALSMS_SIGN", sign_id=1), "SignatureNotFound"),
        (order(sign_source=5), "InvalidSignSource"),
        (order(qualification_id=1), "QualificationNotFound"),
    ],
)
async def test_the_api_refuses_signatures(client, request_, code):
    await refused(client.create_digital_sign_order_async(request_), code)
