"""The core of Alibaba's official SDKs against the sandbox of the international site: its calls, answers and refusals."""

from typing import Any

import pytest
from alibabacloud_tea_openapi import models as api
from alibabacloud_tea_openapi.client import Client
from darabonba.runtime import RuntimeOptions

from integrations.sandbox import Sandbox
from tests.oracle.alibaba.asked import config


class Globe:
    """What the site's generated SDK does of each operation: an RPC call with its parameters in the address."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._client = Client(config(sandbox))

    async def __call__(self, action: str, **query: str) -> dict[str, Any]:
        params = api.Params(
            action=action,
            version="2018-05-01",
            protocol="HTTP",
            pathname="/",
            method="POST",
            auth_type="AK",
            style="RPC",
            req_body_type="formData",
            body_type="json",
        )
        answer = await self._client.call_api_async(params, api.OpenApiRequest(query=query), RuntimeOptions())
        body: dict[str, Any] = answer["body"]
        return body


@pytest.fixture
def globe(sandbox: Sandbox) -> Globe:
    return Globe(sandbox)


async def test_a_text_abroad_and_what_became_of_it(sandbox, globe, clock):
    given = {"To": "447700900123", "Message": "Your code is 1234.", "From": "Suda", "TaskId": "mark"}
    sent = await globe("SendMessageToGlobe", **given)
    assert (sent["ResponseCode"], sent["To"], sent["Segments"]) == ("OK", "447700900123", "1")
    clock.pass_by(minutes=1)
    found = await globe("QueryMessage", MessageId=sent["MessageId"])
    assert (found["Status"], found["ErrorCode"], found["To"]) == ("1", "DELIVERED", "447700900123")
    assert found["ReceiveDate"].endswith("+0800")
    mainland = await globe("SendMessageToGlobe", **{**given, "To": "8613800001234"})
    assert mainland["ResponseCode"] == "isv.MOBILE_NUMBER_ILLEGAL"
    assert (await globe("QueryMessage", MessageId="0"))["ResponseCode"] == "MessageNotExist"


async def test_a_go_china_template_to_the_mainland(sandbox, globe):
    given = {"To": "8613800001234", "From": "速达国际", "TemplateCode": "SMS_10245001"}
    assert (await globe("SendMessageWithTemplate", **given))["ResponseCode"] == "isv.TEMPLATE_MISSING_PARAMETERS"
    sent = await globe("SendMessageWithTemplate", TemplateParam='{"code":"1234"}', **given)
    assert (sent["ResponseCode"], bool(sent["MessageId"])) == ("OK", True)
    assert [one.text for one in sandbox.sent] == ["【速达国际】您的验证码是1234，5分钟内有效。"]
