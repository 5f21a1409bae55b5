"""The same in a DingTalk group: what its robot posts, edits and is pressed for while the record takes nothing."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import pytest

from integrations.sandbox import Sandbox
from tests.acceptance import refusable
from tests.emulators.dingtalk.server import DingTalkEmulator

CONFIG = """
[dingtalk]
client_id = "{client_id}"
client_secret = "{client_secret}"
api_base = "{url}"
oapi_base = "{url}"
allowed_webhook_hosts = ["{host}"]
card_template_id = "emulated-template.schema"
[[conversation]]
platform = "dingtalk"
id = "cidGroupOne=="
language = "zh"
topics = ["reviews", "alerts", "operator"]
[[person]]
name = "张三"
dingtalk = "manager4567"
role = "approver"
"""
POST, EDIT = "/robot/sendBySession", "/v1.0/card/instances"
ADD = "AddSmsSign"

pytestmark = pytest.mark.timeout(300)


class Group(refusable.Refusing):
    """A group whose robot's record can be taken away."""

    causes: ClassVar = {"locked": "正被另一个程序占用", "full": "磁盘", "read_only": "只能读取，不能写入"}
    nothing_done = "什么也没有做：记录目前无法写入"
    trifle = "签名 提交 tencent 另一个名字 来源=企业"

    def __init__(self, sandbox: Sandbox, folder: Path, dingtalk: DingTalkEmulator) -> None:
        super().__init__(sandbox, folder)
        self.dingtalk = dingtalk
        config = folder / "config.toml"
        told = CONFIG.format(
            client_id=dingtalk.client_id, client_secret=dingtalk.client_secret, url=dingtalk.url, host=dingtalk.host
        )
        config.write_text(config.read_text() + told)

    async def connected(self) -> None:
        await self.dingtalk.until(lambda: self.dingtalk.connected > 0, patience=60)

    async def says(self, text: str) -> None:
        await self.dingtalk.acked(self.dingtalk.frame_of(await self.dingtalk.say(text)))

    def texts(self) -> list[str]:
        return self.dingtalk.texts()

    async def press(self, action: str) -> None:
        track, _ = self.dingtalk.card("A1")
        await self.dingtalk.press(track, {"action": action, "id": "A1"})


@pytest.fixture
async def group(tmp_path: Path) -> AsyncIterator[Group]:
    async with (
        Sandbox(limits=False, auto_review=False) as sandbox,
        DingTalkEmulator(messages_a_minute=1_000) as dingtalk,
    ):
        group = Group(sandbox, tmp_path, dingtalk)
        try:
            yield group
        finally:
            await group.close()
        assert not dingtalk.complaints


@pytest.mark.parametrize("way", Group.causes)
async def test_at_each_write_of_the_chat(group: Group, way: str) -> None:
    group.sandbox.drain("alibaba", 10_000_000)
    await group.open()
    await group.told("A1")
    await a_vendor_answers(group, way)
    await the_group_takes_a_message(group, way)
    await somebody_takes_the_alert(group, way)

    await group.until(lambda: not group.rows("SELECT 1 FROM notices WHERE state = 'due'"))
    await group.says("健康")
    await group.told("一切正常")
    await group.terminate(group.process)
    assert group.rows("SELECT key FROM notices WHERE state NOT IN ('sent', 'held')") == []
    assert group.accepted("signature") == [0, 1, 0]


async def a_vendor_answers(group: Group, way: str) -> None:
    """An order that is refused, told in words; and the answer to one that was sent."""
    async with group.without_record(way):
        await group.refused("签名 提交 tencent 速达物流 来源=企业")
        assert any(group.causes[way] in text for text in group.texts() if group.nothing_done in text)
        await group.says("健康")
        await group.told("记录无法写入")
    assert (group.states(), group.calls(ADD)) == ([], 0)
    gate = group.sandbox.faults.hold("tencent", ADD)
    await group.says("签名 提交 tencent 速达物流 来源=企业")
    await group.until(lambda: gate.waiting == 1)
    async with group.without_record(way):
        gate.open()
        await group.until(lambda: group.calls(ADD) == 1)
    await group.comes_to(r1="in_review")
    await group.until(lambda: not group.rows("SELECT 1 FROM notices WHERE state = 'due'"))


async def the_group_takes_a_message(group: Group, way: str) -> None:
    """A message and a card's edit: that they were taken."""
    for path, reason in ((POST, "太短"), (EDIT, "太长")):
        await group.until(lambda: not group.rows("SELECT 1 FROM notices WHERE state = 'due'"))
        group.dingtalk.delay_next(path)
        before = group.dingtalk.count(path)
        group.sandbox.reject("tencent", "速达物流", reason)
        await group.soon(lambda path=path, before=before: group.dingtalk.count(path) > before)
        async with group.without_record(way):
            group.dingtalk.release()
        await group.soon(lambda reason=reason: group.heard(reason) > 0)
        await group.until(lambda: not group.rows("SELECT 1 FROM notices WHERE state = 'due'"))
        told = Counter(text for text in group.texts() if reason in text)
        assert told.total() > 0
        assert [text for text, times in told.items() if times > 1] == []
        await group.says("修改 #1 名称=速达物流")
        await group.comes_to(r1="in_review")


async def somebody_takes_the_alert(group: Group, way: str) -> None:
    """An acknowledgement, typed and pressed."""
    async with group.without_record(way):
        await group.refused("认领 A1 采购中")
        told = group.heard(group.nothing_done)
        await group.press("ack")
        await group.until(lambda: group.heard(group.nothing_done) > told)
    assert group.rows("SELECT state FROM alerts") == [{"state": "open"}]
    await group.press("ack")
    await group.until(lambda: group.rows("SELECT state FROM alerts") == [{"state": "acknowledged"}])
    assert len(group.rows("SELECT 1 FROM events WHERE what = 'alert-acknowledged'")) == 1
