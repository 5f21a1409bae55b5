"""Alibaba's official SDK against the sandbox: signatures.

The asynchronous calls run in the sandbox's own loop; the synchronous ones, which use another transport, in a thread.
"""

import asyncio

import pytest
from alibabacloud_dysmsapi20170525 import models as sms

from tests.oracle.alibaba.asked import get_sign, refused, sign


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
