"""Alibaba's official SDKs against the sandbox: billing, and what the gateway refuses."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alibabacloud_bssopenapi20171214 import models as bss
from alibabacloud_dysmsapi20170525 import models as sms
from alibabacloud_dysmsapi20170525.client import Client as SmsClient
from darabonba.exceptions import DaraException

from integrations.sandbox import Credential, Fault, Sandbox
from tests.oracle.alibaba.asked import config, get_sign, get_template, refused, template

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


# --- statistics


async def test_sending_statistics_by_day_and_signature(sandbox, client, clock):
    async def told(**fields: Any) -> list[tuple[str, int, int, int, int]]:
        asked = {"is_globe": 1, "start_date": "20260301", "end_date": "20260304", "page_index": 1, "page_size": 10}
        request = sms.QuerySendStatisticsRequest(**asked | fields)
        body = (await client.query_send_statistics_async(request)).body
        assert (body.code, body.data.total_size) == ("OK", len(body.data.target_list))
        return [
            (
                one.send_date,
                one.total_count,
                one.responded_success_count,
                one.responded_fail_count,
                one.no_responded_count,
            )
            for one in body.data.target_list
        ]

    days = await told()
    assert [day for day, *_ in days] == ["20260301", "20260302", "20260303", "20260304"]
    assert sum(days[0][2:]) == 48_000 == days[0][1]
    assert sum(days[3][2:]) == 20_000  # today as far as it has come: ten hours
    sandbox.drain("alibaba", 1000)
    assert sum((await told())[3][2:]) == 21_000
    assert await told(sign_name=sandbox.seed.signature) == await told()
    assert await told(sign_name="nobody") == await told(is_globe=2) == []
    assert sum(one for day in await told(template_type=0) for one in day[2:]) < sum(
        one for day in await told() for one in day[2:]
    )
    request = sms.QuerySendStatisticsRequest(
        is_globe=1, start_date="20260101", end_date="20260304", page_index=1, page_size=10
    )
    await refused(client.query_send_statistics_async(request), "InvalidEndDate")


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
