"""Alibaba's official SDKs against the sandbox.

The asynchronous calls run in the sandbox's own loop; the synchronous ones, which use another transport, in a thread.
"""

import asyncio
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from alibabacloud_bssopenapi20171214 import models as bss
from alibabacloud_bssopenapi20171214.client import Client as BssClient
from alibabacloud_dysmsapi20170525 import models as sms
from alibabacloud_dysmsapi20170525.client import Client as SmsClient
from alibabacloud_tea_openapi.models import Config
from darabonba.exceptions import DaraException

from integrations.sandbox import Credential, Fault, Sandbox
from integrations.sandbox.alibaba import auth
from integrations.sandbox.alibaba.refusal import RefusalError

OTP = "您的验证码为${code}，5分钟内有效，用于登录速达科技。"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def config(sandbox: Sandbox, credential: Credential | None = None) -> Config:
    used = credential or sandbox.credentials("alibaba")
    return Config(
        access_key_id=used.key_id,
        access_key_secret=used.secret,
        security_token=used.token,
        endpoint=sandbox.alibaba.endpoint,
        protocol="http",
    )


@pytest.fixture
def client(sandbox: Sandbox) -> SmsClient:
    return SmsClient(config(sandbox))


@pytest.fixture
def billing(sandbox: Sandbox) -> BssClient:
    return BssClient(config(sandbox))


def sign(name: str, **fields: Any) -> sms.CreateSmsSignRequest:
    return sms.CreateSmsSignRequest(sign_name=name, **{"sign_source": 0, "qualification_id": 8563} | fields)


def template(**fields: Any) -> sms.CreateSmsTemplateRequest:
    given = {
        "template_name": "登录验证码",
        "template_content": OTP,
        "template_type": 0,
        "related_sign_name": "速达科技",
        "template_rule": json.dumps({"code": "numberCaptcha"}),
        "apply_scene_content": "https://www.example.com",
        "remark": "登录",
    }
    return sms.CreateSmsTemplateRequest(**given | fields)


async def get_sign(client: SmsClient, name: str) -> Any:
    return (await client.get_sms_sign_async(sms.GetSmsSignRequest(sign_name=name))).body


async def get_template(client: SmsClient, code: str) -> Any:
    return (await client.get_sms_template_async(sms.GetSmsTemplateRequest(template_code=code))).body


async def refused(call: Any, code: str) -> Any:
    with pytest.raises(DaraException) as caught:
        await call
    assert caught.value.code == code
    return caught.value


async def post_file(model: Any, name: str, content: bytes, **changed: str) -> tuple[int, str]:
    fields = {
        "key": f"{model.start_path}/{name}",
        "policy": model.policy,
        "OSSAccessKeyId": model.access_key_id,
        "signature": model.signature,
        "success_action_status": "200",
    } | changed
    form = aiohttp.FormData()
    for field, value in fields.items():
        form.add_field(field, value)
    form.add_field("file", io.BytesIO(content), filename=name, content_type="image/png")
    async with aiohttp.ClientSession() as session, session.post(model.host, data=form) as answer:
        return answer.status, await answer.text()


async def uploaded(client: SmsClient) -> str:
    request = sms.GetQualificationOssInfoRequest(biz_type="dysms")
    data = (await client.get_qualification_oss_info_async(request)).body.data
    assert (await post_file(data, "paper.png", b"picture"))[0] == 200
    return f"{data.start_path}/paper.png"


# --- signatures


async def test_a_signature_is_reviewed_filed_and_listed(sandbox, client, clock):
    remark = "登录 A*~/+&=%，https://www.example.com?a=b c"
    created = (await client.create_sms_sign_async(sign("速达快运", remark=remark))).body
    assert (created.code, created.message, created.sign_name) == ("OK", "OK", "速达快运")
    pending = await get_sign(client, "速达快运")
    assert (pending.sign_status, pending.order_id, pending.remark) == (0, created.order_id, remark)
    assert pending.sign_isp_register_detail_list == []
    clock.pass_by(minutes=50)
    approved = await get_sign(client, "速达快运")
    assert approved.sign_status == 1
    assert [one.register_status for one in approved.sign_isp_register_detail_list] == [-1, -1, -1]
    clock.pass_by(minutes=105)
    halfway = await get_sign(client, "速达快运")
    assert {one.operator_code: one.register_status for one in halfway.sign_isp_register_detail_list} == {
        "mobile": 3,
        "unicom": 3,
        "telecom": -1,
    }
    rows = (await client.query_sms_sign_list_async(sms.QuerySmsSignListRequest())).body
    assert [(row.sign_name, row.audit_status) for row in rows.sms_sign_list] == [
        ("速达快运", "AUDIT_STATE_PASS"),
        ("速达科技", "AUDIT_STATE_PASS"),
    ]
    assert (rows.total_count, rows.current_page, rows.page_size) == (2, 1, 10)


async def test_the_seeded_signature_is_effective(client):
    body = await get_sign(client, "速达科技")
    assert (body.sign_status, body.sign_tag, body.third_party, body.qualification_id) == (1, "2", False, 8563)
    assert [one.register_status for one in body.sign_isp_register_detail_list] == [3, 3, 3]
    assert body.sign_isp_register_detail_list[0].register_status_reasons[0].reason_code == "DETECT_SUCCESS"


async def test_the_blocking_transport_signs_alike(client):
    answer = await asyncio.to_thread(client.get_sms_sign, sms.GetSmsSignRequest(sign_name="速达科技"))
    assert answer.body.sign_status == 1


async def test_a_neutral_name_is_rejected_then_updated(client, clock):
    await client.create_sms_sign_async(sign("告警通知"))
    clock.pass_by(minutes=51)
    rejected = await get_sign(client, "告警通知")
    assert rejected.sign_status == 2
    assert "中性" in rejected.audit_info.reject_info
    listed = (await client.query_sms_sign_list_async(sms.QuerySmsSignListRequest(page_size=1))).body
    assert (listed.sms_sign_list[0].audit_status, listed.total_count) == ("AUDIT_STATE_NOT_PASS", 2)
    again = sms.UpdateSmsSignRequest(sign_name="告警通知", sign_source=0, qualification_id=8563)
    updated = (await client.update_sms_sign_async(again)).body
    assert updated.order_id != rejected.order_id
    assert (await get_sign(client, "告警通知")).sign_status == 0
    await refused(client.update_sms_sign_async(again), "SMS_STATUS_ILLEGAL")
    await refused(client.delete_sms_sign_async(sms.DeleteSmsSignRequest(sign_name="告警通知")), "SMS_STATUS_ILLEGAL")


async def test_an_edit_of_an_approved_signature_is_invisible_until_it_passes(sandbox, client, clock):
    edit = sms.UpdateSmsSignRequest(sign_name="速达科技", sign_source=0, qualification_id=8563, remark="新说明")
    order_id = (await client.update_sms_sign_async(edit)).body.order_id
    before = await get_sign(client, "速达科技")
    assert (before.sign_status, before.remark) != (0, "新说明")
    sandbox.reject("alibaba", "速达科技", "资质不清晰")
    assert (await get_sign(client, "速达科技")).sign_status == 1
    second = (await client.update_sms_sign_async(edit)).body.order_id
    clock.pass_by(minutes=50)
    after = await get_sign(client, "速达科技")
    assert (after.remark, after.order_id) == ("新说明", second)
    assert second != order_id
    assert {one.register_status for one in after.sign_isp_register_detail_list} == {-1}


async def test_deleted_signatures_stay_in_the_accepted_list(sandbox, client):
    await client.create_sms_sign_async(sign("速达快运"))
    sandbox.approve("alibaba", "速达快运")
    deleted = (await client.delete_sms_sign_async(sms.DeleteSmsSignRequest(sign_name="速达快运"))).body
    assert deleted.sign_name == "速达快运"
    error = await refused(get_sign(client, "速达快运"), "SignatureNotFound")
    assert error.status_code == 404
    await client.create_sms_sign_async(sign("速达快运"))
    assert [one.name for one in sandbox.accepted("alibaba", "signature")] == ["速达快运", "速达快运"]


@pytest.mark.parametrize(
    ("name", "fields", "code"),
    [
        ("速达科技", {}, "SignName.Exists"),
        ("12345678", {}, "InvalidSignName"),
        ("速达 快运", {}, "InvalidSignName"),
        ("速", {}, "InvalidSignName"),
        (None, {}, "MissingSignName"),
        ("速达快运", {"sign_source": None}, "MissingSignSource"),
        ("速达快运", {"sign_source": 1}, "InvalidSignSource"),
        ("速达快运", {"qualification_id": 1}, "QualificationNotFound"),
        ("速达快运", {"qualification_id": 8570}, "InvalidQualification"),
        ("速达快运", {"third_party": True}, "ParameterMismatch.ThirdParty"),
        ("速达快运", {"qualification_id": 8577}, "ParameterMismatch.ThirdParty"),
        ("启明书店", {"qualification_id": 8577, "third_party": True}, "SmsAuthorizationLetterNotExist"),
        (
            "启明影院",
            {"qualification_id": 8577, "third_party": True, "authorization_letter_id": 5101},
            "SmsSignNotAuthorized",
        ),
        ("速达优选", {"sign_source": 5}, "TrademarkNotExist"),
        ("速达到家", {"sign_source": 2}, "AppIcpRecordNotExist"),
        ("速达到家", {"sign_source": 2, "app_icp_record_id": 7101}, "MissApplySceneContent"),
        (
            "速达到家",
            {"sign_source": 2, "app_icp_record_id": 7101, "apply_scene_content": "应用商店"},
            "InvalidApplySceneContent",
        ),
        ("速达快运", {"more_data": ["123456/none.png"]}, "InvalidMoreData"),
    ],
)
async def test_the_api_refuses_signatures(sandbox, client, name, fields, code):
    await refused(client.create_sms_sign_async(sign(name, **fields)), code)
    assert sandbox.accepted("alibaba") == []
    assert sandbox.calls[-1].status == code


async def test_a_letter_and_a_trademark_open_other_names(sandbox, client):
    letter = {"qualification_id": 8577, "third_party": True, "authorization_letter_id": 5101}
    await client.create_sms_sign_async(sign("启明书店", **letter))
    await client.create_sms_sign_async(sign("速达优选", sign_source=5, trademark_id=6101))
    sandbox.approve("alibaba", "启明书店")
    body = await get_sign(client, "启明书店")
    assert (body.authorization_letter_id, body.authorization_letter_audit_pass, body.third_party) == (5101, True, True)
    assert (await get_sign(client, "速达优选")).trademark_id == 6101


async def test_a_carrier_can_fail_and_a_registration_can_lapse(sandbox, client):
    sandbox.file("速达科技", "unicom", 0, "QUALIFICATION_ERROR", "资质信息与工信部不一致")
    rows = {one.operator_code: one for one in (await get_sign(client, "速达科技")).sign_isp_register_detail_list}
    assert rows["unicom"].register_status == 0
    reason = rows["unicom"].register_status_reasons[0]
    assert (reason.reason_code, reason.reason_desc_list) == ("QUALIFICATION_ERROR", ["资质信息与工信部不一致"])
    assert rows["unicom"].operator_complete_time == "2026-03-04 10:00:00"
    sandbox.disable("alibaba", "速达科技")
    rows = (await get_sign(client, "速达科技")).sign_isp_register_detail_list
    assert [one.register_status for one in rows] == [2, 2, 2]


# --- templates


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


# --- papers and uploads


async def test_a_file_goes_to_oss_and_into_more_data(sandbox, client):
    request = sms.GetOSSInfoForUploadFileRequest(biz_type="fcMediaSms")
    model = (await client.get_ossinfo_for_upload_file_async(request)).body.model
    assert int(model.expire_time) > 0
    assert (await post_file(model, "proof.png", b"picture"))[0] == 200
    key = f"{model.start_path}/proof.png"
    await client.create_sms_sign_async(sign("速达快运", more_data=[key]))
    assert (await get_sign(client, "速达快运")).file_url_list == [key]
    assert sandbox.calls[1].action == "PostObject"


@pytest.mark.parametrize(
    ("changed", "size", "status", "code"),
    [
        ({"signature": "AAAA"}, 1, 403, "SignatureDoesNotMatch"),
        ({"OSSAccessKeyId": "nobody"}, 1, 403, "InvalidAccessKeyId"),
        ({"key": "elsewhere/proof.png"}, 1, 403, "AccessDenied"),
        ({}, 5 * 1024 * 1024 + 1, 400, "EntityTooLarge"),
        ({}, 0, 400, "EntityTooSmall"),
    ],
)
async def test_oss_obeys_the_policy(client, changed, size, status, code):
    model = (await client.get_ossinfo_for_upload_file_async(sms.GetOSSInfoForUploadFileRequest())).body.model
    found = await post_file(model, "proof.png", bytes(size), **changed)
    assert found[0] == status
    assert f"<Code>{code}</Code>" in found[1]


async def test_oss_wants_the_file_last(client):
    model = (await client.get_ossinfo_for_upload_file_async(sms.GetOSSInfoForUploadFileRequest())).body.model
    form = aiohttp.FormData()
    form.add_field("file", b"picture", filename="proof.png")
    form.add_field("key", f"{model.start_path}/proof.png")
    async with aiohttp.ClientSession() as session, session.post(model.host, data=form) as answer:
        assert answer.status == 400
        assert "MalformedPOSTRequest" in await answer.text()


async def test_ocr_info_names_a_bucket(client):
    request = sms.GetSmsOcrOssInfoRequest(task_type="ICP_DOMAIN")
    model = (await client.get_sms_ocr_oss_info_async(request)).body.model
    assert (await post_file(model, "icp.png", b"picture"))[0] == 200
    assert model.bucket


async def test_letters(client):
    picture = await uploaded(client)
    fields = {
        "authorization_letter_name": "启明授权二",
        "authorization": "启明书店有限公司",
        "organization_code": "91330106MA2SANDBX2",
        "proxy_authorization": "速达科技有限公司",
        "authorization_letter_exp_date": "2026-01-01~2027-12-31",
        "authorization_letter_pic": picture,
        "sign_list": ["启明影院", "启明学堂"],
    }
    request = sms.CreateSmsAuthorizationLetterRequest(**fields)
    letter_id = (await client.create_sms_authorization_letter_async(request)).body.data
    await refused(client.create_sms_authorization_letter_async(request), "AuthorizationLetterNameRepeat")
    for change, code in (
        ({"authorization_letter_pic": "1/none.png"}, "AuthorizationOssFileNotUploadError"),
        ({"authorization_letter_exp_date": "2026"}, "AuthorizationLetterDateNotMatchRegex"),
        ({"authorization_letter_exp_date": "2020-01-01~2021-01-01"}, "AuthorizationLetterDateNotValid"),
        ({"authorization": "启明*书店"}, "AuthorizationNotMatchRegex"),
        ({"sign_list": ["名字"] * 101}, "SignNumOverLimit"),
        ({"sign_list": ["a b"]}, "SignNotMatchRegex"),
    ):
        bad = sms.CreateSmsAuthorizationLetterRequest(**fields | {"authorization_letter_name": "别名"} | change)
        await refused(client.create_sms_authorization_letter_async(bad), code)
    by_id = sms.QuerySmsAuthorizationLetterRequest(authorization_letter_id_list=[letter_id])
    row = (await client.query_sms_authorization_letter_async(by_id)).body.data[0]
    assert (row.sign_scope, row.state, row.status) == ("启明影院、启明学堂", "INT", "VALID")
    by_name = sms.QuerySmsAuthorizationLetterRequest(sign_name="启明书店")
    rows = (await client.query_sms_authorization_letter_async(by_name)).body.data
    assert [one.authorization_letter_id for one in rows] == [5101]


async def test_trademarks_and_app_records(client):
    picture = await uploaded(client)
    trademark = sms.CreateSmsTrademarkRequest(
        trademark_name="速达严选",
        trademark_applicant_name="速达科技有限公司",
        trademark_registration_number="58563002",
        trademark_eff_exp_date="2022-03-01~2032-02-28",
        trademark_pic=picture,
    )
    trademark_id = (await client.create_sms_trademark_async(trademark)).body.data
    asked = sms.QuerySmsTrademarkRequest(trademark_id_list=[int(trademark_id), 6101])
    rows = (await client.query_sms_trademark_async(asked)).body.data
    assert [row.trademark_name for row in rows] == ["速达严选", "速达优选"]
    assert rows[0].trademark_pic_url.endswith(picture)
    record = sms.CreateSmsAppIcpRecordRequest(
        app_service_name="速达家",
        app_principal_unit_name="速达科技有限公司",
        app_icp_license_number="浙B2-20240002",
        app_approval_date="2024-05-06",
        app_icp_record_pic=picture,
        domain="https://app.example.com/jia",
    )
    record_id = (await client.create_sms_app_icp_record_async(record)).body.data
    asked = sms.QuerySmsAppIcpRecordRequest(app_icp_record_id_list=[int(record_id)])
    row = (await client.query_sms_app_icp_record_async(asked)).body.data[0]
    assert (row.app_service_name, row.domain) == ("速达家", "https://app.example.com/jia")
    record.app_icp_record_pic = "1/none.png"
    await refused(client.create_sms_app_icp_record_async(record), "AppIcpRecordOssFileNotUploadError")


async def test_qualification_records(sandbox, client):
    everything = (await client.query_sms_qualification_record_async(sms.QuerySmsQualificationRecordRequest())).body.data
    assert [(row.group_id, row.state_name, row.use_by_self) for row in everything.list] == [
        (8563, "PASS", "true"),
        (8570, "NOT_PASS", "true"),
        (8577, "PASS", "false"),
    ]
    request = sms.QuerySmsQualificationRecordRequest(state="NOT_PASS", use_by_self=True)
    rejected = (await client.query_sms_qualification_record_async(request)).body.data
    assert (rejected.total, rejected.list[0].audit_remark != "") == (1, True)
    sandbox.approve("alibaba", 8570)
    await client.create_sms_sign_async(sign("速达快运", qualification_id=8570))


# --- billing


async def test_packages_and_balance(sandbox, billing, clock):
    async def packages(**fields: Any) -> dict[str, Any]:
        request = bss.QueryResourcePackageInstancesRequest(**fields)
        body = (await billing.query_resource_package_instances_async(request)).body
        assert (body.code, body.success) == ("Success", True)
        return {one.instance_id: one for one in body.data.instances.instance}

    first = await packages()
    assert len(first) == 2
    package = (await packages(product_code="dysms"))["SMSBAG-cn-sandbox0001"]
    assert (package.total_amount, package.remaining_amount, package.status) == ("200000", "24000", "Available")
    assert package.expiry_time == "2026-04-13T02:00:00Z"
    clock.pass_by(hours=2, minutes=30)
    sandbox.drain("alibaba", 1000)
    sandbox.top_up("alibaba", 50_000)
    later = await packages(product_code="dysms")
    assert sorted(one.remaining_amount for one in later.values()) == ["18000", "50000"]
    clock.pass_by(days=60)
    assert (await packages())["SMSBAG-cn-sandbox0001"].status == "Expired"
    balance = (await billing.query_account_balance_async()).body.data
    assert (balance.available_amount, balance.currency) == ("1,024.50", "CNY")


# --- gateway


async def test_a_wrong_secret_and_an_unknown_key_are_refused(sandbox):
    good = sandbox.credentials("alibaba")
    request = sms.GetSmsSignRequest(sign_name="速达科技")
    wrong = SmsClient(config(sandbox, Credential(good.key_id, "wrong")))
    await refused(wrong.get_sms_sign_async(request), "SignatureDoesNotMatch")
    unknown = SmsClient(config(sandbox, Credential("nobody", good.secret)))
    await refused(unknown.get_sms_sign_async(request), "InvalidAccessKeyId.NotFound")


async def test_temporary_credentials_need_their_token(sandbox):
    temporary = sandbox.credentials("alibaba", temporary=True)
    request = sms.GetSmsSignRequest(sign_name="速达科技")
    assert (await SmsClient(config(sandbox, temporary)).get_sms_sign_async(request)).body.code == "OK"
    bare = SmsClient(config(sandbox, Credential(temporary.key_id, temporary.secret)))
    await refused(bare.get_sms_sign_async(request), "MissingSecurityToken")


async def test_a_clock_far_off_is_refused(clock):
    wall = datetime.now(UTC)
    async with Sandbox(now=clock, wall=lambda: wall + timedelta(minutes=20)) as sandbox:
        await refused(get_sign(SmsClient(config(sandbox)), "速达科技"), "InvalidTimeStamp.Expired")


async def test_the_longest_texts_fit_the_query(client):
    long = "您的验证码为${code}，请勿告知他人。".ljust(500, "长")
    request = template(
        template_content=long, remark="注" * 500, apply_scene_content="https://www.example.com/" + "景" * 100
    )
    code = (await client.create_sms_template_async(request)).body.template_code
    assert (await get_template(client, code)).template_content == long


async def test_a_throttle_to_order(sandbox, client):
    sandbox.faults.next("alibaba", Fault.THROTTLE, seconds=3)
    error = await refused(get_sign(client, "速达科技"), "Throttling.User")
    assert error.retry_after == 3000
    assert (await get_sign(client, "速达科技")).code == "OK"


async def test_a_business_refusal_with_http_200(sandbox, client):
    sandbox.faults.next("alibaba", Fault.ANSWER, "GetSmsSign", code="isv.PRODUCT_UN_SUBSCRIPT", text="未开通")
    assert (await get_sign(client, "速达科技")).code == "isv.PRODUCT_UN_SUBSCRIPT"


async def test_the_version_decides_the_api(sandbox, client, billing):
    with pytest.raises(DaraException) as caught:
        await client.query_sms_sign_async(sms.QuerySmsSignRequest(sign_name="速达科技"))
    assert caught.value.code == "InvalidAction.NotFound"
    assert sandbox.calls[-1].action == "QuerySmsSign"


# --- the published signing vectors (facts 1.2)


def vector(action: str, query: str, body: bytes = b"", **extra: str) -> str:
    headers = {
        "host": "dysmsapi.aliyuncs.com",
        "x-acs-action": action,
        "x-acs-version": "2017-05-25",
        "x-acs-date": "2026-01-02T03:04:05Z",
        "x-acs-signature-nonce": "0123456789abcdef0123456789abcdef",
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
    } | {name.replace("_", "-"): value for name, value in extra.items()}
    payload = headers["x-acs-content-sha256"]
    return auth.canonical_request("POST", "/", query, headers, sorted(headers), payload)


def test_the_vendors_own_vector():
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-version": "2014-05-26",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-content-sha256": EMPTY,
    }
    query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
    canonical = auth.canonical_request("POST", "/", query, headers, sorted(headers), EMPTY)
    expected = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    assert auth.sign("YourAccessKeySecret", canonical) == expected


def test_vectors_of_the_facts():
    second = vector("GetSmsSign", "SignName=%E9%98%BF%E9%87%8C%E4%BA%91%20A%2A~%2F%2B")
    assert hashlib.sha256(second.encode()).hexdigest() == (
        "aa19a4b536bb255ac2c5e996eb789416623d2172e16b7955eecffcc1311fdf6d"
    )
    assert auth.sign("testsecret", second) == "604c546c12cc28dacad61d0bdbafd69c1982e30bf2fac00092152880f275a882"
    third = vector(
        "CreateSmsSign",
        "SignName=%E9%98%BF%E9%87%8C%E4%BA%91&SignSource=0&SignType=1&QualificationId=8563&ThirdParty=false"
        "&MoreData=%5B%22123456%2Fa.png%22%5D&Remark=%E7%99%BB%E5%BD%95",
        x_acs_security_token="STStoken",
        x_acs_accesskey_id="testid",
    )
    assert auth.sign("testsecret", third) == "39ccb486f2a96487b986dff33a7e370061163a948b982da68ea6eef3e77e1931"
    body = (
        b"PhoneNumberJson=%5B%2213900000000%22%5D&SignNameJson=%5B%22%E9%98%BF%E9%87%8C%E4%BA%91%22%5D"
        b"&TemplateParamJson=%5B%7B%22code%22%3A%221234%22%7D%5D"
    )
    fourth = vector("SendBatchSms", "TemplateCode=SMS_1", body, content_type="application/x-www-form-urlencoded")
    assert auth.sign("testsecret", fourth) == "015ca004f5447f1364dbbb0813acd2752db1ec545ddedddda72fa1df6969ff87"


@pytest.fixture
def signed() -> tuple[dict[str, str], dict[str, Credential]]:
    headers = {
        "host": "h",
        "x-acs-action": "GetSmsSign",
        "x-acs-version": "2017-05-25",
        "x-acs-date": "2026-03-04T02:00:00Z",
        "x-acs-signature-nonce": "n1",
        "x-acs-content-sha256": EMPTY,
    }
    signature = auth.sign("secret", auth.canonical_request("POST", "/", "", headers, sorted(headers), EMPTY))
    names = ";".join(sorted(headers))
    headers["authorization"] = f"ACS3-HMAC-SHA256 Credential=key,SignedHeaders={names},Signature={signature}"
    return headers, {"key": Credential("key", "secret")}


def test_the_clock_may_be_fifteen_minutes_off(signed, clock):
    headers, credentials = signed

    def verify() -> str:
        return auth.verify("POST", "/", headers, b"", credentials=credentials, wall=clock())

    clock.pass_by(minutes=15)
    assert verify() == "n1"
    clock.pass_by(seconds=1)
    with pytest.raises(RefusalError, match=r"InvalidTimeStamp\.Expired"):
        verify()
    headers["x-acs-date"] = "today"
    with pytest.raises(RefusalError, match=r"InvalidTimeStamp\.Format"):
        verify()


def test_what_was_not_signed_is_refused(signed, clock):
    headers, credentials = signed
    for change, body in (({"x-acs-security": "x"}, b""), ({}, b"body"), ({"x-acs-action": "DeleteSmsSign"}, b"")):
        with pytest.raises(RefusalError, match="SignatureDoesNotMatch"):
            auth.verify("POST", "/", headers | change, body, credentials=credentials, wall=clock())


def test_a_nonce_works_once_while_its_date_would(clock):
    nonces = auth.Nonces()
    nonces.use("n1", clock())
    with pytest.raises(RefusalError, match="SignatureNonceUsed"):
        nonces.use("n1", clock())
    clock.pass_by(minutes=31)
    nonces.use("n1", clock())
