"""What `doctor` says of a vendor that did not answer: what happened, not that nobody knows our own code."""

import pytest

from bot.contracts.errors import NoAnswer, Unavailable
from bot.contracts.probe import Found
from bot.contracts.vendor import Vendor
from bot.running.doctor import ask_vendor
from integrations.http import client
from integrations.tencent.client import Tencent
from integrations.tencent.config import Account

ACCOUNT = Account(
    name="tencent",
    vendor="tencent",
    secret_id="AKIDx",
    secret_key="y",
    sdk_app_id="1400000001",
    endpoint="http://127.0.0.1:9",
)


async def test_nobody_listens() -> None:
    async with client() as http:
        vendor: Vendor = Tencent(ACCOUNT, http=http, pace=0.0001)
        (finding,) = await ask_vendor(vendor)
        await vendor.aclose()
    assert finding.found is Found.WRONG
    assert "There is no connection to the vendor right now" in finding.what.en
    assert "目前无法连接" in finding.what.zh
    assert "code" not in finding.what.en.partition("(")[0]


@pytest.mark.parametrize("code", [*NoAnswer, "HTTP 503", "HTTP 403"])
async def test_each_way_of_no_answer_is_told(code: str) -> None:
    class Silent:
        quota = None

        async def probe(self) -> None:
            raise Unavailable(code, "no answer")

    (finding,) = await ask_vendor(Silent())  # type: ignore[arg-type]
    own = code in (NoAnswer.RESTART, NoAnswer.OWN_FAULT)  # of a change only, which `doctor` never makes
    assert ("nobody knows this code" in finding.what.en) is own
    assert ("代码含义未知" in finding.what.zh) is own
