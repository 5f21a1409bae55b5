"""Trademarks and app filings: entered once with their picture, named by the signature, shown by their ids."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from bot.contracts.errors import Refused, Trouble
from bot.contracts.model import Kind, Paper, Submission
from bot.contracts.vendor import Option
from integrations.alibaba.client import Alibaba
from integrations.alibaba.config import Account
from integrations.http import client as http_client
from integrations.sandbox import Fault
from integrations.sandbox.server import LASTING, Sandbox
from tests.given import AFTER, Clock

KEY = LASTING["alibaba"]
PICTURE = Paper("page.png", b"\x89PNG\r\n\x1a\n" + bytes(40), "image/png")
CREATES = {"trademark": "CreateSmsTrademark", "icp_record": "CreateSmsAppIcpRecord"}
SIGNS: dict[str, dict[str, str]] = {
    "trademark": {"source": "trademark", "trademark_number": "12345678", "trademark_term": "2020-01-01~2030-01-01"},
    "icp_record": {
        "source": "app",
        "icp_number": "浙ICP备1号A",
        "icp_approved": "2025-06-30",
        "link": "https://suda.example/app",
    },
}
both = pytest.mark.parametrize("key", list(SIGNS))


def signature(key: str, name: str = "速达优品", picture: Paper | None = PICTURE, **values: str) -> Submission:
    papers = {key: (picture,)} if picture else {}
    given = {"name": name, "qualification": "8563", "purpose": "self", **SIGNS[key], **values}
    return Submission(Kind.SIGNATURE, name, {k: value for k, value in given.items() if value}, papers)


@pytest.fixture
async def vendor(sandbox: Sandbox, clock: Clock) -> AsyncIterator[Alibaba]:
    url = sandbox.alibaba.url
    keys = {"access_key_id": KEY.key_id, "access_key_secret": KEY.secret}
    account = Account(name="aliyun", endpoint=url, billing_endpoint=url, **keys)  # type: ignore[arg-type]
    made = Alibaba(account, http=http_client(read_seconds=1.0), pace=0.001, now=clock)
    yield made
    await made.aclose()


def calls(sandbox: Sandbox, action: str) -> list[Any]:
    return [call.params for call in sandbox.calls if call.action == action]


@both
async def test_its_picture_is_entered_once_and_named(sandbox: Sandbox, vendor: Alibaba, key: str) -> None:
    await vendor.reviews.create(signature(key))
    await vendor.reviews.create(
        signature(key, "速达良品", **{f"{'trademark' if key == 'trademark' else 'app'}_name": "速达优品"})
    )
    (entered,) = calls(sandbox, CREATES[key])
    first, second = calls(sandbox, "CreateSmsSign")
    parameter = "TrademarkId" if key == "trademark" else "AppIcpRecordId"
    assert first[parameter] == second[parameter]
    assert "速达科技有限公司" in entered.values()  # the qualification's company owns it

    source = "trademarks" if key == "trademark" else "icp_records"
    until = date(2030, 1, 1) if key == "trademark" else None
    assert Option(first[parameter], "速达优品 · 速达科技有限公司", until=until) in await vendor.reviews.options(source)


@both
async def test_an_id_is_named_as_it_is(sandbox: Sandbox, vendor: Alibaba, key: str) -> None:
    ref = str(sandbox.seed.trademark_id if key == "trademark" else sandbox.seed.app_icp_id)
    await vendor.reviews.create(signature(key, picture=None, **{key: ref}))
    assert calls(sandbox, CREATES[key]) == []
    source = "trademarks" if key == "trademark" else "icp_records"
    assert [one.value for one in await vendor.reviews.options(source)] == [ref]  # as the signature names it


@both
async def test_what_is_lacking_is_said_before_anything_is_entered(sandbox: Sandbox, vendor: Alibaba, key: str) -> None:
    lacking = "trademark_term" if key == "trademark" else "icp_number"
    with pytest.raises(Refused) as caught:
        await vendor.reviews.create(signature(key, **{lacking: ""}))
    assert caught.value.advice is not None
    assert f"{lacking}=" in caught.value.advice.en
    assert calls(sandbox, CREATES[key]) == calls(sandbox, "CreateSmsSign") == []


@both
@pytest.mark.parametrize("fault", AFTER)
async def test_a_lost_answer_submits_nothing_and_enters_nothing_again(
    sandbox: Sandbox, vendor: Alibaba, key: str, fault: Fault
) -> None:
    sandbox.faults.next("alibaba", fault, CREATES[key])
    with pytest.raises(Refused) as caught:
        await vendor.reviews.create(signature(key))
    assert caught.value.trouble is Trouble.STATE
    assert caught.value.advice is not None
    assert "Look in the console" in caught.value.advice.en
    assert len(calls(sandbox, CREATES[key])) == 1
    assert calls(sandbox, "CreateSmsSign") == []


async def test_nothing_known_is_nothing_asked(sandbox: Sandbox, vendor: Alibaba) -> None:
    assert await vendor.reviews.options("trademarks") == await vendor.reviews.options("icp_records") == ()
    assert calls(sandbox, "QuerySmsTrademark") == calls(sandbox, "QuerySmsAppIcpRecord") == []
