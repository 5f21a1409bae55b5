"""Tencent's official SDK against the sandbox: sending, and what became of it."""

from datetime import timedelta

from tests.oracle.test_tencent_sdk import refused, template, tencent

__all__ = ["tencent"]


async def test_a_message_is_sent_number_by_number_and_found_again(sandbox, tencent, clock):
    template_id = (await tencent("AddSmsTemplate", **template())).AddTemplateStatus.TemplateId
    clock.pass_by(minutes=70)
    given = {
        "SmsSdkAppId": "1400000001",
        "TemplateId": str(template_id),
        "SignName": "速达科技",
        "TemplateParamSet": ["1234"],
        "SessionContext": "mark",
    }
    answer = await tencent("SendSms", PhoneNumberSet=["+8613800001234", "+86123"], **given)
    good, bad = answer.SendStatusSet
    assert (good.Code, good.Fee, good.SessionContext, bool(good.SerialNo)) == ("Ok", 1, "mark", True)
    assert (bad.Code, bad.SerialNo) == ("InvalidParameterValue.IncorrectPhoneNumber", "")
    clock.pass_by(minutes=1)
    begin = int((clock() - timedelta(hours=1)).timestamp())
    found = await tencent.raw(
        "DescribeSendRecordList",
        {"PhoneNumber": "+8613800001234", "SmsSdkAppId": "1400000001", "BeginTime": begin, "Limit": 10},
    )
    (row,) = found["Response"]["SendRecordSet"]
    assert (row["SerialNo"], row["SendStatus"], row["StatusCode"]) == (good.SerialNo, 2, "DELIVRD")
    await refused(
        tencent.raw(
            "DescribeSendRecordList", {"PhoneNumber": "+8613800001234", "SmsSdkAppId": "1", "BeginTime": begin}
        ),
        "UnauthorizedOperation.SmsSdkAppIdVerifyFail",
    )
