"""Lists that page, typed: in the terminal and in DingTalk, in both languages. In Slack: `slack_pages/test_lists.py`."""

from pathlib import Path
from typing import Any

import pytest

from bot.contracts.model import Actor, Kind, Place, State
from bot.running.bot import Bot
from bot.store import requests
from tests.acceptance import test_dingtalk as ding
from tests.stage import ME, stage

COUNT = 45


async def store(bot: Bot, actor: Actor, *, kind: Kind = Kind.SIGNATURE, state: State = State.READY) -> None:
    """As many requests as take three pages."""

    def write(db: Any) -> None:
        new = [requests.NewRequest("aliyun", "alibaba", {"name": "速达物流"}, (), state)]
        for turn in range(COUNT):
            requests.create_batch(
                db,
                origin=f"test:{kind}:{turn}",
                kind=kind,
                name="速达物流",
                actor=actor,
                place=Place(actor.platform, "elsewhere"),
                new=new,
                now=bot.services.clock.now(),
            )

    await bot.services.database.write(write)


@pytest.mark.parametrize(
    ("command", "state"),
    [
        ("sign list", State.READY),
        ("sign list aliyun,tencent state=rejected", State.REJECTED),
        ("sign list all", State.READY),
        ("sign list state=pending", State.IN_REVIEW),
        ("status", State.IN_REVIEW),
        ("status pending", State.IN_REVIEW),
        ("status mine", State.READY),
        ("history since=7d account=aliyun", State.READY),
        ("history by=@me", State.READY),
        ("show 速达物流", State.READY),
    ],
)
async def test_the_next_page_is_asked_for_with_the_command_that_is_shown(
    tmp_path: Path, command: str, state: State
) -> None:
    async with stage(tmp_path) as s:
        await store(s.bot, ME, state=state)
        said = await s.say(command)
        seen = [said]
        for number in (2, 3):
            typed = f"{command.removesuffix(' pending') if command.startswith('status') else command} page={number}"
            assert typed in said, said
            said = await s.say(typed)
            assert f"page {number} of 3" in said
            seen.append(said)
        assert "page 1 of 3" in seen[0]
        assert "page=4" not in said
        assert "page 2 of 3" in await s.say(typed.replace("page=3", "page=2"))


async def test_pages_in_chinese(tmp_path: Path) -> None:
    async with stage(tmp_path, language="zh") as s:
        await store(s.bot, ME, state=State.APPROVED)
        said = await s.say("签名 列表 全部 状态=已通过，尚不可用")
        assert "第 1 页，共 3 页" in said
        assert "签名 列表 全部 状态=已通过 页=2" in said
        assert "第 2 页，共 3 页" in await s.say("签名 列表 全部 状态=已通过 页=２")
        assert "没有第 9 页，最后一页是第 3 页。" in await s.say("签名列表 页=9")
        assert "第 3 页，共 3 页" in await s.say("状态 我的 页：3")
        assert "“0”不是页码。" in await s.say("历史 页=0")


async def test_every_request_of_a_list_stands_on_one_of_its_pages(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await store(s.bot, ME)
        pages = [await s.say(f"sign list page={number}") for number in (1, 2, 3)]

    for number in range(1, COUNT + 1):
        assert sum(f"#{number} " in page for page in pages) == 1


async def test_a_short_list_says_nothing_of_pages(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.say("sign submit aliyun 速达物流 source=company")
        assert "page" not in await s.say("sign list")
        assert "page" not in await s.say("status")
        assert "page" not in await s.say("history")


async def test_pages_in_dingtalk(tmp_path: Path) -> None:
    async with ding.stage(tmp_path) as s:
        await store(s.bot, Actor("dingtalk", "manager4567", name="张三"))
        (first,) = await s.said("签名 列表")
        assert "第 1 页，共 3 页" in first.text
        assert "签名 列表 页=2" in first.text
        (second,) = await s.said("签名 列表 页=2")
        assert "第 2 页，共 3 页" in second.text
        (mine,) = await s.said("状态 我的 页=3")
        assert "第 3 页，共 3 页" in mine.text
