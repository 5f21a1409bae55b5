"""The client before answers that the sandbox does not give."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from bot.contracts.errors import AnswerLost, Refused, VendorError
from integrations.alibaba.client import Alibaba
from integrations.sandbox.server import Sandbox
from tests.given import LETTER, left_at
from tests.unit.alibaba.made import THIRD_PARTY, alibaba, calls, signature, template


@asynccontextmanager
async def answering(answer: Callable[[str, dict[str, str]], dict[str, Any]]) -> AsyncIterator[tuple[str, list[str]]]:
    """A server that answers each operation as told, and notes what it was asked."""
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        action = request.headers["x-acs-action"]
        asked.append(action)
        return web.json_response({"Code": "OK", "RequestId": "R", **answer(action, dict(request.query))})

    app = web.Application()
    app.router.add_post("/", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}", asked
    finally:
        await runner.cleanup()


async def test_a_server_with_smaller_pages_is_read_to_the_end() -> None:
    """Else a template that exists would seem not to, and be made twice."""

    def page(action: str, query: dict[str, str]) -> dict[str, Any]:
        number = int(query["PageIndex"])
        rows = [
            {"TemplateCode": f"SMS_{number}{at}", "TemplateName": "登录", "TemplateContent": "验证码"}
            for at in range(10)
        ]
        return {"SmsTemplateList": rows if number <= 3 else [], "TotalCount": 30}

    async with answering(page) as (url, asked):
        vendor = alibaba(url)
        found = await vendor.reviews.find(template(content="验证码"))
        await vendor.aclose()
    assert len(found) == 30
    assert len(asked) == 3


async def test_a_list_without_a_count_ends_with_a_page_that_is_not_full() -> None:
    def page(action: str, query: dict[str, str]) -> dict[str, Any]:
        size = 50 if query["PageIndex"] == "1" else 3
        return {"SmsSignList": [{"SignName": f"签名{at}", "AuditStatus": "AUDIT_STATE_PASS"} for at in range(size)]}

    async with answering(page) as (url, asked):
        vendor = alibaba(url)
        assert len(await vendor.reviews.options("signatures")) == 53
        await vendor.aclose()
    assert len(asked) == 2


@pytest.mark.parametrize(("rows", "calls_made"), [([300, 3], 2), ([300, 0], 2), ([120], 1), ([0], 1)])
async def test_packages_without_a_count_are_read_to_the_end(rows: list[int], calls_made: int) -> None:
    """Their pages are larger than those of the reviews; one of them is full at its own size."""

    def page(action: str, query: dict[str, str]) -> dict[str, Any]:
        assert action == "QueryResourcePackageInstances"
        number = int(query["PageNum"]) - 1
        here = [
            {
                "InstanceId": f"SMSBAG-{number}-{at}",
                "Remark": "dysms",
                "TotalAmount": "10",
                "RemainingAmount": "5",
                "Status": "Available",
            }
            for at in range(rows[number])
        ]
        return {"Code": "Success", "Success": True, "Data": {"Instances": {"Instance": here}}}

    async with answering(page) as (url, asked):
        vendor = alibaba(url, quota=["packages"])
        readings = await left_at(vendor)
        await vendor.aclose()
    assert (len(asked), len(readings)) == (calls_made, sum(rows))


async def test_a_template_without_a_code_is_looked_up() -> None:
    async with answering(lambda _action, _query: {}) as (url, asked):
        vendor = alibaba(url)
        with pytest.raises(AnswerLost):
            await vendor.reviews.create(template())
        await vendor.aclose()
    assert asked == ["CreateSmsTemplate"]


async def test_a_letter_without_an_id_asks_for_no_signature(sandbox: Sandbox) -> None:
    def answer(action: str, query: dict[str, str]) -> dict[str, Any]:
        if action != "GetQualificationOssInfo":
            return {}
        ticket = {"AccessKeyId": "id", "Host": f"{sandbox.alibaba.url}/oss", "Policy": "e30=", "Signature": "s"}
        return {"Data": {**ticket, "StartPath": "1"}}

    async with answering(answer) as (url, asked):
        vendor = alibaba(url)
        with pytest.raises(VendorError):
            await vendor.reviews.create(
                signature("启明到家", papers={"letter": (LETTER,)}, owner="启明", applicant="速达", **THIRD_PARTY)
            )
        await vendor.aclose()
    assert "CreateSmsSign" not in asked


async def test_a_letter_without_its_parties(sandbox: Sandbox, vendor: Alibaba) -> None:
    """A qualification that is not in the list cannot tell the owner of the name."""
    values = {**THIRD_PARTY, "qualification": "9999"}
    with pytest.raises(Refused) as caught:
        await vendor.reviews.create(signature("启明到家", papers={"letter": (LETTER,)}, **values))
    assert caught.value.code == "LetterIncomplete"
    assert calls(sandbox) == {"QuerySmsQualificationRecord": 1}
