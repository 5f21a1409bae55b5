"""The first five minutes at the terminal: the demo, typed at its prompt or piped into it."""

from datetime import timedelta
from pathlib import Path

from bot.running.demo import SEED
from tests.stage import Stage, stage

HOUR = timedelta(hours=1)
STEP = timedelta(minutes=10)


class _Transcript:
    """What stands on the screen, with a line between where the page has something to say.

    Args:
        can_ask: lines are typed, so what is missing is asked for.
    """

    def __init__(self, s: Stage, *, can_ask: bool) -> None:
        self._s = s
        self._can_ask = can_ask
        self.screen = [s.read(0)]

    async def type(self, line: str) -> None:
        answer = await self._s.say(line, can_ask=self._can_ask)
        self.screen.append(f"> {line}\n{answer.lstrip(chr(10))}")

    async def later(self, span: timedelta, remark: str) -> None:
        told = await self._s.pass_time(span, step=STEP)
        self.screen.append(f"-- {remark} --\n{told}")

    def text(self) -> str:
        return "\n".join(part.strip("\n") + "\n" for part in self.screen)


async def typed(folder: Path) -> str:
    """Typed, in English: what is missing is asked for.

    Args:
        folder: where the record is.
    """
    async with stage(folder, language="en", seed=SEED, quota=900, delivery=86400, width=100, greets=True) as s:
        seen = _Transcript(s, can_ask=True)
        for line in ("hi", "sign submit", "all", "速达", "1"):
            await seen.type(line)
        await seen.later(HOUR * 2, "two hours of the demo pass in 12 seconds")
        await seen.type("edit #2")
        await seen.type("name=速达物流")
        await seen.later(HOUR * 2.5, "15 seconds")
        await seen.type("alerts")
        await seen.type("ack A1 buying more")
        s.sandbox.top_up("alibaba", 500_000)
        await seen.later(HOUR / 2, "somebody buys a package")
        await seen.type("status")
        return seen.text()


async def piped(folder: Path) -> str:
    """Piped in, in Chinese: each line is a whole command.

    Args:
        folder: where the record is.
    """
    async with stage(folder, language="zh", seed=SEED, quota=900, delivery=86400, width=100, greets=True) as s:
        seen = _Transcript(s, can_ask=False)
        await seen.type("签名 提交 全部 速达 来源=企业")
        await seen.later(HOUR * 2, "演示中的两小时，实际 12 秒")
        await seen.type("修改 #2 名称=速达物流")
        await seen.later(HOUR * 2.5, "15 秒")
        await seen.type("认领 A1 正在采购")
        s.sandbox.top_up("alibaba", 500_000)
        await seen.later(HOUR / 2, "有人购买了套餐")
        await seen.type("状态")
        return seen.text()
