"""The record takes nothing at any of its writes: locked by another program, full, or read-only. Real processes, no restart.

One process for each way in which a record refuses, and in it one story: at each write the record is taken away, what is
under way goes on outside (a vendor answers, a chat takes a message, somebody speaks), and the record is given back. What
the vendors took and what stands in the chat is counted: nothing is lost, nothing is doubled, and it is told.
"""

import signal
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from integrations.http import ATTEMPTS
from integrations.sandbox import Fault, Sandbox, Vendor
from tests.acceptance import refusable
from tests.acceptance.refusable import CAUSES, REFUSED
from tests.acceptance.test_kill import CREATE, SIGNATURE, TEMPLATE
from tests.acceptance.test_slack_kill import PATIENCE, Shop
from tests.emulators.slack.server import Slack


class Refusing(refusable.Refusing, Shop):
    """A shop whose record can be taken away."""

    async def connected(self) -> None:
        await self.slack.until(lambda: len(self.slack.sockets) == 2, seconds=PATIENCE)

    async def says(self, text: str) -> None:
        await self.slack.acked(await self.slack.slash(text))

    def texts(self) -> list[str]:
        return [message["text"] for message in self.slack.said()]


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Refusing]:
    async with Sandbox(limits=False, auto_review=False) as sandbox, Slack() as slack:
        slack.groups["S0SMS"] = []
        shop = Refusing(sandbox, tmp_path, slack)
        try:
            yield shop
        finally:
            await shop.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("way", CAUSES)
async def test_at_each_write(shop: Refusing, way: str) -> None:
    await an_alert_opens(shop, way)
    await orders_are_given(shop, way)
    await vendors_answer(shop, way)
    await vendors_are_looked_up(shop, way)
    await reviewers_decide(shop, way)
    await changes_are_ordered(shop, way)
    await a_chat_takes_a_message(shop, way)
    await somebody_takes_the_alert(shop, way)
    await nothing_is_lost_or_doubled(shop)


async def an_alert_opens(shop: Refusing, way: str) -> None:
    """Samples, and the alert they cause."""
    shop.sandbox.drain("alibaba", 10_000_000)
    gate = shop.sandbox.faults.hold("alibaba", "QueryAccountBalance")
    await shop.open()
    await shop.until(lambda: gate.waiting == 1)
    async with shop.without_record(way):
        gate.open()
        await shop.until(lambda: shop.calls("QueryAccountBalance") == 1)
    await shop.told("A1 aliyun")
    assert shop.rows("SELECT id FROM alerts") == [{"id": 1}]


async def orders_are_given(shop: Refusing, way: str) -> None:
    """Intents: nothing is stored, so nothing is sent."""
    async with shop.without_record(way):
        await shop.refused(SIGNATURE.format(to="all"))
        await shop.refused(TEMPLATE.format(to="ucloud"))
        await shop.says("health")
        await shop.told(CAUSES[way])
    assert shop.states() == []
    assert sum(shop.called("signature") + shop.called("template")) == 0


async def vendors_answer(shop: Refusing, way: str) -> None:
    """What came of a call: taken, refused, lost, too fast; and an order whose turn has not come."""
    create: dict[Vendor, str] = CREATE["signature"]
    gates = [shop.sandbox.faults.hold(vendor, action) for vendor, action in create.items()]
    shop.sandbox.faults.next("alibaba", Fault.ANSWER, create["alibaba"], code="isv.SIGN_NAME_ILLEGAL", text="不规范")
    shop.sandbox.faults.next("ucloud", Fault.RESET_AFTER, create["ucloud"])
    await shop.says(SIGNATURE.format(to="all"))  # 1 refused, 2 taken, 3 lost
    await shop.until(lambda: all(gate.waiting == 1 for gate in gates))
    await shop.says(TEMPLATE.format(to="ucloud"))  # 4 waits for its turn
    await shop.until(lambda: len(shop.states()) == 4)
    look_up = shop.sandbox.faults.hold("ucloud", "QueryUSMSSignature")
    async with shop.without_record(way):
        for gate in gates:
            gate.open()
        await shop.until(lambda: shop.called("signature") == [1, 1, 1])
    await shop.comes_to(r1="failed", r2="in_review", r3="unknown", r4="in_review")
    assert shop.refs()[1] == shop.sandbox.accepted("tencent")[0].ref
    assert shop.refs()[3] == shop.sandbox.accepted("ucloud", "template")[0].ref
    look_up.open()
    await shop.comes_to(r3="in_review")

    action = CREATE["template"]["tencent"]
    gate = shop.sandbox.faults.hold("tencent", action)
    shop.sandbox.faults.next("tencent", Fault.THROTTLE, action, ATTEMPTS)
    await shop.says(TEMPLATE.format(to="tencent"))  # 5 comes too fast, and is sent again when its time has come
    await shop.until(lambda: gate.waiting == 1)
    async with shop.without_record(way):
        gate.open()
        await shop.until(lambda: shop.calls(action) == ATTEMPTS)
    await shop.comes_to(r5="queued")
    await shop.told("tencent cannot take it now")
    await shop.soon(lambda: shop.states()[4] == "in_review")
    assert shop.accepted("template") == [0, 1, 1]
    assert shop.accepted("signature") == [0, 1, 1]
    assert shop.called("signature") == [1, 1, 1]


async def vendors_are_looked_up(shop: Refusing, way: str) -> None:
    """What a look-up says of a lost call, and what a person says where there is none."""
    signature, template = CREATE["signature"]["alibaba"], CREATE["template"]["ucloud"]
    gate = shop.sandbox.faults.hold("alibaba", "GetSmsSign")
    shop.sandbox.faults.next("alibaba", Fault.RESET_AFTER, signature)
    shop.sandbox.faults.next("ucloud", Fault.RESET_BEFORE, template)
    await shop.says("sign submit aliyun 速达快运 source=company")  # 6
    await shop.until(lambda: len(shop.states()) == 6)
    await shop.says('template submit ucloud 取件提醒 type=notice content="您的包裹${code}已到，请取件。"')  # 7
    await shop.comes_to(r6="unknown", r7="unknown")
    await shop.soon(lambda: gate.waiting > 0)
    async with shop.without_record(way):
        gate.open()
        await shop.until(lambda: shop.calls("GetSmsSign") > 0)
        await shop.refused("settle #7 resend")
    await shop.comes_to(r6="in_review", r7="unknown")
    assert shop.called("template")[2] == 2
    await shop.says("settle #7 resend")
    await shop.comes_to(r7="in_review")
    assert shop.accepted("template") == [0, 1, 2]
    assert shop.accepted("signature") == [1, 1, 1]


async def reviewers_decide(shop: Refusing, way: str) -> None:
    """Reviews: what a vendor says of what is in review, and that one could not be asked."""
    gate = shop.sandbox.faults.hold("tencent", "DescribeSmsSignList")
    other = shop.sandbox.faults.hold("ucloud", "QueryUSMSSignature")
    shop.sandbox.reject("tencent", "速达物流", "名称不规范")
    await shop.soon(lambda: gate.waiting > 0 and other.waiting > 0)
    shop.sandbox.faults.next("ucloud", Fault.HTTP_500, "QueryUSMSSignature", ATTEMPTS)
    async with shop.without_record(way):
        looked = shop.calls("DescribeSmsSignList")
        gate.open()
        other.open()
        await shop.until(lambda: shop.calls("DescribeSmsSignList") > looked)
    await shop.comes_to(r2="rejected", r3="in_review")
    await shop.told("名称不规范")


async def changes_are_ordered(shop: Refusing, way: str) -> None:
    """Edits and deletions: the orders, the question before one, and what came of the calls."""
    edit, delete = "ModifySmsSign", "DeleteUSMSSignature"
    shop.sandbox.reject("ucloud", "速达物流", "资料不符")
    await shop.soon(lambda: shop.states()[2] == "rejected")
    async with shop.without_record(way):
        await shop.refused("edit #2 name=速达同城")
        await shop.refused("delete #3")
        await shop.refused("delete #3 confirm")
    await shop.comes_to(r2="rejected", r3="rejected")
    assert shop.calls(edit) == shop.calls(delete) == 0

    gates = [shop.sandbox.faults.hold("tencent", edit), shop.sandbox.faults.hold("ucloud", delete)]
    await shop.says("edit #2 name=速达同城")
    await shop.says("delete #3 confirm")
    await shop.until(lambda: all(gate.waiting == 1 for gate in gates))
    async with shop.without_record(way):
        for gate in gates:
            gate.open()
        await shop.until(lambda: shop.calls(edit) == shop.calls(delete) == 1)
    await shop.comes_to(r2="in_review", r3="deleted")
    assert shop.rows("SELECT name FROM requests WHERE id = 2") == [{"name": "速达同城"}]
    assert shop.calls(edit) == shop.calls(delete) == 1


async def a_chat_takes_a_message(shop: Refusing, way: str) -> None:
    """Messages: that one was taken, that one is to be tried again, and whose turn it is next."""
    for how, reason in (("", "太短"), ("500", "太长")):
        gate = shop.slack.hold("chat.postMessage")
        shop.sandbox.reject("tencent", "速达同城", reason)
        await shop.soon(lambda gate=gate: gate.waiting > 0)
        if how:
            shop.slack.fail_next("chat.postMessage", how)
        async with shop.without_record(way):
            gate.open()
        await shop.told(reason)
        await shop.until(lambda: not shop.rows("SELECT 1 FROM notices WHERE state = 'due'"))
        await shop.says("edit #2 name=速达同城")
        await shop.comes_to(r2="in_review")


async def somebody_takes_the_alert(shop: Refusing, way: str) -> None:
    """An acknowledgement, pressed and typed; and that something was dealt with."""
    async with shop.without_record(way):
        await shop.refused("ack A1 buying")
        told = shop.heard(shop.nothing_done)
        await shop.slack.acked(await shop.slack.press("Acknowledge"))
        await shop.slack.until(lambda: shop.heard(shop.nothing_done) > told, seconds=PATIENCE)
        asked = await shop.slack.slash("alerts")
        await shop.slack.acked(asked)
        await shop.told("Alerts: 1")
    assert shop.rows("SELECT state FROM alerts") == [{"state": "open"}]
    answered = shop.heard("Alerts: 1")
    await shop.slack.acked(await shop.slack.redeliver(asked))
    await shop.slack.acked(await shop.slack.press("Acknowledge"))
    await shop.until(lambda: shop.rows("SELECT state FROM alerts") == [{"state": "acknowledged"}])
    assert shop.heard("Alerts: 1") == answered
    assert len(shop.rows("SELECT 1 FROM events WHERE what = 'alert-acknowledged'")) == 1


def nothing_is_said_twice(shop: Refusing) -> Counter[str]:
    keys = Counter(
        message["metadata"]["event_payload"]["key"] for message in shop.slack.said() if "metadata" in message
    )
    assert [key for key, count in keys.items() if count > 1] == []
    return keys


async def nothing_is_lost_or_doubled(shop: Refusing) -> None:
    await shop.until(lambda: not shop.rows("SELECT 1 FROM notices WHERE state = 'due'"))
    await shop.says("health")
    await shop.told("All is well")
    await shop.terminate(shop.process)
    assert shop.rows("SELECT key FROM notices WHERE state NOT IN ('sent', 'held')") == []
    keys = nothing_is_said_twice(shop)
    sent = {row["key"] for row in shop.rows("SELECT key FROM notices WHERE state = 'sent'")}
    assert {key for key in keys if not key.startswith("reply:")} <= sent
    assert shop.accepted("signature") == [1, 1, 1]
    assert shop.accepted("template") == [0, 1, 2]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("back", [True, False], ids=["given back in time", "not given back"])
async def test_a_clean_stop_with_outcomes_in_hand(shop: Refusing, back: bool) -> None:
    """A vendor's id that it tells once only, and that a chat took a message."""
    await shop.open()
    await shop.says("sign submit tencent 速达物流 source=company")
    await shop.told("in review")
    post = shop.slack.hold("chat.postMessage")
    shop.sandbox.reject("tencent", "速达物流", "名称不规范")
    await shop.soon(lambda: post.waiting > 0)
    call = shop.sandbox.faults.hold("ucloud", CREATE["template"]["ucloud"])
    await shop.says(TEMPLATE.format(to="ucloud"))
    await shop.until(lambda: call.waiting == 1)

    with shop.locked():
        call.open()
        post.open()
        await shop.until(lambda: shop.logged('"event": "taken"') == 2 and shop.logged(REFUSED) > 0)
        await shop.until(lambda: in_threads(shop, "名称不规范") == 1)
        if not back:
            await shop.terminate(shop.process)
            assert shop.logged("outcomes are not stored; the next start settles them") == 1
        else:
            shop.process.send_signal(signal.SIGTERM)
            await shop.until(lambda: shop.logged('"event": "stopping"') == 1)
    assert await shop.ended(shop.process) == 0
    logged = shop.logged_lines()

    shop.process = await shop.run()
    await shop.connected()
    ref = shop.sandbox.accepted("ucloud", "template")[0].ref
    if not back:
        await shop.comes_to(r2="unknown")
        (taken,) = [line for line in logged if '"event": "taken"' in line and '"request": 2' in line]
        assert f'"ref": "{ref}"' in taken
        await shop.says(f"settle #2 id={ref}")
    await shop.comes_to(r1="rejected", r2="in_review")
    assert shop.refs()[1] == ref
    await shop.until(lambda: not shop.rows("SELECT 1 FROM notices WHERE state = 'due'"))
    await shop.terminate(shop.process)
    assert (shop.accepted("template"), shop.called("template")) == ([0, 0, 1], [0, 0, 1])
    assert in_threads(shop, "名称不规范") == 1
    nothing_is_said_twice(shop)


def in_threads(shop: Refusing, text: str) -> int:
    return sum(text in message["text"] for message in shop.slack.said() if "thread_ts" in message)
