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


async def test_a_message_abroad_needs_a_template_for_there_and_no_signature(sandbox, tencent, clock):
    text = {"TemplateContent": "Your code is {1}.", "International": 1}
    template_id = (await tencent("AddSmsTemplate", **template(**text))).AddTemplateStatus.TemplateId
    home = (await tencent("AddSmsTemplate", **template())).AddTemplateStatus.TemplateId
    clock.pass_by(minutes=70)
    given = {"SmsSdkAppId": "1400000001", "TemplateParamSet": ["1234"], "SenderId": "Suda"}
    abroad = await tencent(
        "SendSms", PhoneNumberSet=["+447700900123", "+8613800001234"], TemplateId=template_id, **given
    )
    assert [one.Code for one in abroad.SendStatusSet] == [
        "Ok",
        "UnsupportedOperation.GlobalTemplateToChineseMainlandPhone",
    ]
    mainland = await tencent("SendSms", PhoneNumberSet=["+447700900123"], TemplateId=home, SignName="速达科技", **given)
    assert [one.Code for one in mainland.SendStatusSet] == ["UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone"]
    assert [one.text for one in sandbox.sent] == ["Your code is 1234."]
