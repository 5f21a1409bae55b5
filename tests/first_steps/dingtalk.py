"""The first five minutes in a DingTalk group: the real SDK against the emulator, the real vendor clients against the sandbox."""

import contextlib
import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

from tests.acceptance.test_dingtalk import GROUP, PNG, Stage, program, without_papers, world
from tests.contract.rooms.dingtalk import in_dingtalk as read
from tests.emulators.dingtalk.team import Shown
from tests.stage import rounds

HOUR = timedelta(hours=1)
STEP = timedelta(minutes=10)
ZHANG = "manager4567"


class _Transcript:
    """A group as its people see it, read as it goes.

    Args:
        s: the program on its stage.
        private: the words before what one person is told alone.
    """

    def __init__(self, s: Stage, private: str) -> None:
        self._s = s
        self._private = private
        self.lines: list[str] = []

    async def say(self, text: str, *, picture: str = "") -> None:
        """Write to the robot, with a picture in the same message where it has a name."""
        start = len(self._s.emulator.shown)
        said = self._s.emulator.say_rich(text, PNG) if picture else self._s.emulator.say(text)
        self.lines.append(f"张三> @Signpost {text}{picture}")
        await self._s.heard(await said, start)
        self._look(start)

    async def later(self, span: timedelta) -> None:
        """Let time pass, and read what comes meanwhile."""
        for _ in range(int(span / STEP)):
            start = len(self._s.emulator.shown)
            self._s.clock.move(STEP)
            await self._s.work()
            self._look(start)

    def note(self, text: str) -> None:
        self.lines.append(f"-- {text} --")

    def _look(self, start: int) -> None:
        self.lines += [self._seen(one) for one in self._s.emulator.shown[start:]]

    def _seen(self, shown: Shown) -> str:
        lines = [_line(line, shown) for line in shown.text.split("\n") if line]  # a blank one begins a paragraph
        text = re.sub("(配对码 |the code )[0-9]{4}", r"\g<1>4758", "\n".join(lines)).replace(f"@{ZHANG}", "@张三")
        return f"{self._private} {text}" if shown.conversation != GROUP else text

    def text(self) -> str:
        return "\n\n".join(self.lines)


def _line(line: str, shown: Shown) -> str:
    """A line as it is read, with what stands before an item or a quotation."""
    found = re.match(r"(?P<item>- )|(?P<number>[0-9]+\. )|(?P<quote>> )", line)
    if found is None:
        return read(line, shown.title, shown.mentions).text
    sign = "• " if found["item"] else found[0]
    return sign + read(line[found.end() :], shown.title, shown.mentions).text


def _quiet(text: str) -> str:
    """Papers are asked for; quota is looked at seldom enough for one alert."""
    return rounds(without_papers(text), quota=10500)


@contextlib.asynccontextmanager
async def _group(
    folder: Path, private: str, change: Callable[[str], str] = _quiet
) -> AsyncIterator[tuple[_Transcript, Stage]]:
    """A group with the robot in it, nothing said yet."""
    async with world() as (clock, sandbox, emulator), program(folder, clock, sandbox, emulator, change) as s:
        yield _Transcript(s, private), s


async def in_chinese(folder: Path) -> str:
    """A greeting, a guided dialogue with a picture, a rejection and its fix, an alert that somebody takes.

    Args:
        folder: where the record is.
    """
    async with _group(folder, "（私聊）") as (seen, s):
        for text in ("你好", "提交签名", "全部", "速达", "企业"):
            await seen.say(text)
        await seen.say("", picture="〔图片〕")
        await seen.later(HOUR * 1.5)
        await seen.say("修改 #2")
        await seen.say("名称=速达物流")
        await seen.say("", picture="〔图片〕")
        await seen.later(HOUR * 1.5)
        await seen.say("认领 A1 正在采购")
        s.sandbox.top_up("alibaba", 500_000)
        seen.note("有人购买了套餐")
        await seen.later(HOUR * 3.5)
        await seen.say("状态")
        return seen.text()


async def in_english(folder: Path) -> str:
    """The same in one line, short.

    Args:
        folder: where the record is.
    """

    def english(text: str) -> str:
        return _quiet(text).replace('language = "zh"', 'language = "en"')

    async with _group(folder, "(one to one)", english) as (seen, _):
        await seen.say("hi")
        await seen.say("sign submit tencent 速达 source=company ", picture="[picture]")
        await seen.later(HOUR * 1.5)
        await seen.say("edit #1 name=速达物流 ", picture="[picture]")
        await seen.later(HOUR * 1.5)
        await seen.say("ack A1")
        return seen.text()
