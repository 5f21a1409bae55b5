"""UCloud's official SDK against the sandbox: sending, and what became of it."""

from tests.oracle.test_ucloud_sdk import refused, template, ucloud

__all__ = ["ucloud"]


async def test_a_message_is_sent_and_its_receipt_is_asked_for(sandbox, ucloud, clock):
    template_id = (await ucloud.usms("create_usms_template", International=False, **template()))["TemplateId"]
    clock.pass_by(hours=3)
    given = {"PhoneNumbers": ["13800001234"], "TemplateId": template_id, "SigContent": "速达科技", "UserId": "mark"}
    await refused(ucloud.usms("send_usms_message", TemplateParams=["1", "2"], **given), 18018)
    session = (await ucloud.usms("send_usms_message", TemplateParams=["1234"], **given))["SessionNo"]
    assert (await ucloud.usms("get_usms_send_receipt", SessionNoSet=[session]))["Data"][0]["ReceiptSet"] == []
    clock.pass_by(minutes=1)
    (told,) = (await ucloud.usms("get_usms_send_receipt", SessionNoSet=[session]))["Data"]
    (row,) = told["ReceiptSet"]
    assert (told["SessionNo"], row["Phone"], row["ReceiptCode"], row["UserId"]) == (
        session,
        "13800001234",
        "DELIVRD",
        "mark",
    )


async def test_a_message_abroad_needs_a_template_for_there_and_no_signature(sandbox, ucloud, clock):
    made = await ucloud.usms("create_usms_template", International=True, **template("Your code is {1}."))
    clock.pass_by(hours=3)
    given = {"TemplateId": made["TemplateId"], "TemplateParams": ["1234"]}
    await ucloud.usms("send_usms_message", PhoneNumbers=["(44)7700900123"], **given)
    await refused(ucloud.usms("send_usms_message", PhoneNumbers=["13800001234"], **given), 18014)
    assert [(one.number, one.text) for one in sandbox.sent] == [("+447700900123", "Your code is 1234.")]
