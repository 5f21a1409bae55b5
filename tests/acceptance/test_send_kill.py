"""A real process is killed between a vendor's yes to a test message and our record of it: nothing is sent twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.contracts.clock import SystemClock
from bot.contracts.model import Kind, Submission
from bot.running.config import parse
from bot.running.demo import sandbox_config
from bot.running.vendors import ACCOUNTS, vendors_of
from integrations.sandbox import Fault, Sandbox
from tests.acceptance.test_kill import House
from tests.acceptance.test_send import SENDS, VENDORS

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with Sandbox(limits=False) as sandbox:
        house = House(sandbox, tmp_path)
        try:
            yield house
        finally:
            await house.close()


async def approved(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    """An approved template at each vendor, made by somebody else: account → the vendor's id."""
    settings = parse(sandbox_config(sandbox), accounts=ACCOUNTS, environ={}, base=folder)
    values = {
        "name": "取件",
        "type": "notice",
        "content": "您的包裹已到，请及时领取。",
        "sign": "速达科技",
        "remark": "通知",
    }
    refs: dict[str, str] = {}
    async with vendors_of(settings, SystemClock(), pace=0.001) as vendors:
        for account, vendor in VENDORS.items():
            refs[account] = (await vendors[account].reviews.create(Submission(Kind.TEMPLATE, "取件", values, {}))).ref
            sandbox.approve(vendor, refs[account], "template")  # type: ignore[arg-type]
    return refs


async def test_killed_between_the_vendors_yes_and_our_record(house: House, tmp_path: Path) -> None:
    refs = await approved(house.sandbox, tmp_path)

    def states() -> list[str]:
        return [row["state"] for row in house.rows("SELECT state FROM sends ORDER BY id")]

    for number, (account, ref) in enumerate(refs.items(), 1):
        house.sandbox.faults.next(VENDORS[account], Fault.HANG_AFTER, SENDS[account])  # type: ignore[arg-type]
        process = await house.start("say", f"send {account} {ref} 1234 sign=速达科技 confirm")
        await house.until(lambda: len(house.sandbox.sent) == number, of=process)  # noqa: B023 - awaited here
        await house.kill(process)
        assert states()[-1] == "sending"

    process = await house.run()
    await house.until(
        lambda: states() == ["sent", "sent", "unknown"] or states() == ["delivered", "delivered", "unknown"]
    )
    await house.terminate(process)
    assert [one.vendor for one in house.sandbox.sent] == list(VENDORS.values())
    calls = [call.action for call in house.sandbox.calls if call.action in SENDS.values()]
    assert sorted(calls) == sorted(SENDS.values())
