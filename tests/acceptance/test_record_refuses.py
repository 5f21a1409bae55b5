"""The record takes nothing while somebody answers: locked by another program, or the disk full. A real process, no restart.

What the vendors took and what stands in the chat is counted: nothing is lost, nothing is doubled, and it is told.
"""

import contextlib
import resource
import sqlite3
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from integrations.sandbox import Fault, Sandbox, Vendor
from tests.acceptance.test_kill import CREATE, SIGNATURE, TEMPLATE
from tests.acceptance.test_slack_kill import PATIENCE, Shop
from tests.emulators.slack.server import Slack

LATE = 1.0  # seconds by which the vendor's answer comes late: time enough to take the record away
REFUSED = "the record takes nothing"
EDIT: dict[Vendor, str] = {"tencent": "ModifySmsSign"}
DELETE: dict[Vendor, str] = {"ucloud": "DeleteUSMSSignature"}


class Refusing(Shop):
    """A shop whose record can be taken away."""

    def logged(self, text: str) -> int:
        return self._output().read_text().count(text)

    @contextlib.contextmanager
    def locked(self, _: Process) -> Iterator[None]:
        """Another program holds it."""
        with contextlib.closing(sqlite3.connect(self._record, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.rollback()

    @contextlib.contextmanager
    def full(self, process: Process) -> Iterator[None]:
        """No file of the process can grow: what the write-ahead log takes is used up."""
        room = self._record.with_name("signpost.db-wal").stat().st_size
        before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (room, before[1]))
        yield
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)

    async def told(self, text: str) -> None:
        await self.slack.until(lambda: self.slack.find(text), seconds=PATIENCE)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Refusing]:
    async with Sandbox(limits=False, auto_review=False) as sandbox, Slack() as slack:
        slack.groups["S0SMS"] = []
        shop = Refusing(sandbox, tmp_path, slack)
        try:
            yield shop
        finally:
            await shop.close()


async def running(shop: Refusing) -> Process:
    process = await shop.run()
    await shop.slack.until(lambda: len(shop.slack.sockets) == 2, seconds=PATIENCE)
    return process


async def refused_while(shop: Refusing, take_away: str, process: Process, vendor: Vendor, action: str) -> None:
    """Take the record away while the vendor answers this operation late; give it back when that was refused."""
    calls = sum(1 for call in shop.sandbox.calls if call.action == action)
    await shop.until(lambda: sum(1 for call in shop.sandbox.calls if call.action == action) > calls)
    before = shop.logged(REFUSED)
    with getattr(shop, take_away)(process):
        await shop.until(lambda: shop.logged(REFUSED) > before)
        await shop.slack.acked(await shop.slack.slash("sign submit tencent 另一个名字 source=company"))
        await shop.told("Nothing was done: my record takes nothing now")
        await shop.slack.acked(await shop.slack.slash("health"))
        await shop.told("my record takes nothing")


@pytest.mark.parametrize(
    ("take_away", "vendor", "what"),
    [
        ("locked", "ucloud", "template"),  # whose id would be lost for good
        ("full", "ucloud", "template"),
        ("locked", "tencent", "signature"),
    ],
)
async def test_a_vendor_has_taken_it(shop: Refusing, take_away: str, vendor: Vendor, what: str) -> None:
    process = await running(shop)
    action = CREATE[what][vendor]  # type: ignore[index]
    shop.sandbox.faults.next(vendor, Fault.SLOW, action, seconds=LATE)
    say = (TEMPLATE if what == "template" else SIGNATURE).format(to=vendor)
    await shop.slack.acked(await shop.slack.slash(say))
    await refused_while(shop, take_away, process, vendor, action)

    await shop.until(lambda: shop.states() == ["in_review"])
    assert shop.refs() == [shop.sandbox.accepted(vendor)[0].ref]
    assert sum(shop.accepted(what)) == sum(shop.called(what)) == 1  # type: ignore[arg-type]
    await shop.told("in review")
    # Once, whatever fails because of it; a full disk takes a write that finds room in the log's file, and is full again.
    assert shop.logged(REFUSED) == 1 or take_away == "full"
    await shop.terminate(process)
    assert len([one for one in shop.cards() if "#1 " in one["text"]]) == 1


async def _in_review(shop: Refusing, vendor: Vendor) -> None:
    await shop.slack.acked(await shop.slack.slash(SIGNATURE.format(to=vendor)))
    await shop.until(lambda: shop.states() == ["in_review"])


async def _rejected(shop: Refusing, vendor: Vendor) -> None:
    await _in_review(shop, vendor)
    shop.sandbox.reject(vendor, "速达物流", "名称不规范")
    shop.make_due()
    await shop.until(lambda: shop.states() == ["rejected"])


@pytest.mark.parametrize(
    ("vendor", "first", "text", "action", "then"),
    [
        ("tencent", _in_review, "edit #1 name=速达快运", EDIT["tencent"], "in_review"),
        ("ucloud", _rejected, "delete #1 confirm", DELETE["ucloud"], "deleted"),
    ],
    ids=["edit", "delete"],
)
async def test_a_vendor_has_taken_a_change(
    shop: Refusing, vendor: Vendor, first: Callable[..., object], text: str, action: str, then: str
) -> None:
    process = await running(shop)
    await first(shop, vendor)  # type: ignore[misc]
    shop.sandbox.faults.next(vendor, Fault.SLOW, action, seconds=LATE)
    await shop.slack.acked(await shop.slack.slash(text))
    await refused_while(shop, "locked", process, vendor, action)
    await shop.until(lambda: shop.states() == [then])
    assert sum(1 for call in shop.sandbox.calls if call.action == action) == 1
    if then == "in_review":
        assert shop.rows("SELECT name FROM requests") == [{"name": "速达快运"}]
    await shop.terminate(process)


async def test_a_vendor_has_decided(shop: Refusing) -> None:
    process = await running(shop)
    await _in_review(shop, "tencent")
    shop.sandbox.reject("tencent", "速达物流", "名称不规范")
    shop.sandbox.faults.next("tencent", Fault.SLOW, "DescribeSmsSignList", seconds=LATE)
    shop.make_due()
    await refused_while(shop, "locked", process, "tencent", "DescribeSmsSignList")
    await shop.until(lambda: shop.states() == ["rejected"])
    await shop.told("名称不规范")
    await shop.terminate(process)
    assert len([one for one in shop.slack.said() if "rejected by tencent" in one["text"]]) == 1
