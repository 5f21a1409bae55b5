"""Alibaba's official SDK against the sandbox: papers, and where they are uploaded."""

import io
from typing import Any

import aiohttp
import pytest
from alibabacloud_dysmsapi20170525 import models as sms
from alibabacloud_dysmsapi20170525.client import Client as SmsClient

from tests.oracle.alibaba.asked import get_sign, refused, sign


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


async def test_a_qualification_is_submitted_edited_and_deleted(sandbox, client, clock):
    phone = "13812345678"
    picture = await uploaded(client)
    told = {
        "qualification_name": "速达新资质",
        "use_by_self": True,
        "company_type": "COMPANY",
        "company_name": "速达科技有限公司",
        "organization_code": "91330106MA2SANDBX1",
        "bussiness_license_exp_date": "2020-01-01~2099-12-31",
        "business_license_pics": [
            sms.SubmitSmsQualificationRequestBusinessLicensePics(type="socialCreditLicense", license_pic=picture)
        ],
        "legal_person_name": "王法人",
        "legal_person_idcard_type": "identityCard",
        "legal_person_idcard_no": "330106198001011234",
        "legal_person_id_card_eff_time": "2020-01-01~2040-01-01",
        "admin_name": "张管理",
        "admin_idcard_type": "identityCard",
        "admin_idcard_no": "330106199001011234",
        "admin_idcard_exp_date": "2020-01-01~2040-01-01",
        "admin_idcard_front_face": picture,
        "admin_idcard_pic": picture,
        "admin_phone_no": phone,
        "certify_code": phone[-6:],
        "whether_share": False,
    }
    request = sms.SubmitSmsQualificationRequest(**told)
    await refused(client.submit_sms_qualification_async(request), "CertifyCodeError")
    await client.required_phone_code_async(sms.RequiredPhoneCodeRequest(phone_no=phone))
    right = sms.ValidPhoneCodeRequest(phone_no=phone, certify_code=phone[-6:])
    assert (await client.valid_phone_code_async(right)).body.data is True
    again = await client.required_phone_code_async(sms.RequiredPhoneCodeRequest(phone_no=phone))  # within a minute
    assert again.body.code == "isv.BUSINESS_LIMIT_CONTROL"
    await refused(client.submit_sms_qualification_async(request), "Throttling.User")  # five seconds apart
    clock.pass_by(seconds=5)
    group = int((await client.submit_sms_qualification_async(request)).body.data)
    clock.pass_by(seconds=5)
    await refused(client.submit_sms_qualification_async(request), "QualificationNameAlreadyExist")

    async def ticket() -> int:
        rows = (await client.query_sms_qualification_record_async(sms.QuerySmsQualificationRecordRequest())).body.data
        return next(row.work_order_id for row in rows.list if row.group_id == group)

    sandbox.reject("alibaba", group, "营业执照不清晰")
    edit = {
        "qualification_group_id": group,
        "admin_phone_no": phone,
        "certify_code": phone[-6:],
        "company_name": "速达",
    }
    stale = sms.UpdateSmsQualificationRequest(order_id=1, **edit)
    await refused(client.update_sms_qualification_async(stale), "WorkOrderIdExpired")
    first = await ticket()
    clock.pass_by(seconds=5)
    await client.update_sms_qualification_async(sms.UpdateSmsQualificationRequest(order_id=first, **edit))
    assert await ticket() != first
    gone = sms.DeleteSmsQualificationRequest(qualification_group_id=group, order_id=await ticket())
    await refused(client.delete_sms_qualification_async(gone), "InvalidQualification")
    sandbox.approve("alibaba", group)
    await client.delete_sms_qualification_async(gone)
