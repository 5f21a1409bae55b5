"""The demo's tour: every line is understood, every step comes to its end, and what it promises is told."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.running import tour
from integrations.sandbox import Sandbox
from tests.stage import StageClock, stage

STRIDE = timedelta(hours=4)

IN_ORDER = {
    "en": (
        "> sign submit all",
        "rejected by tencent",
        "rejected by ucloud",
        "> resubmit #2",
        "now also wang",
        "wang> ack A1",
        "Resolved by itself",
        "> template submit all",
        "news from the carriers",
        "#1 signature 速达 at aliyun is ready",
        "T1 to 138****1234 delivered",
        "Messages can go out at aliyun, tencent, ucloud",
        "Why things were rejected",
        "days of work",
    ),
    "zh": (
        "> 签名 提交",
        "#2 签名 速达（tencent）未通过",
        "wang> 认领 A1",
        "自动关闭",
        "T1 已送达",
        "已可发送",
        "被拒原因",
    ),
}


@pytest.mark.parametrize("language", IN_ORDER)
async def test_the_tour_tells_two_weeks(tmp_path: Path, language: str) -> None:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, pace=tour.PACE, seed=tour.SEED, limits=False) as sandbox,
        stage(
            tmp_path,
            language=language,
            sandbox=sandbox,
            clock=clock,
            change=lambda text: text + tour.ON_CALL,
            quota=3600,
        ) as s,
    ):
        start = s.written()

        async def pause() -> None:
            await s.pass_time(STRIDE, step=STRIDE)

        left = await tour.play(s.bot, s.terminal, sandbox, s.place, language, pause, s.work)
        said = s.read(start)
    assert not left
    found = [said.find(text) for text in IN_ORDER[language]]
    assert [text for text, at in zip(IN_ORDER[language], found, strict=True) if at < 0] == []
    assert found == sorted(found)
    assert not re.findall("\n❌ (?!#)", said)  # nothing that was typed is refused
