"""The first five minutes in a Slack channel: the real Bolt app against the emulator, the real vendor clients against the sandbox."""

import contextlib
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from integrations.sandbox import Sandbox
from tests.acceptance.slack_forms import asked, opened
from tests.acceptance.slack_story import Story, read, ucloud_asks
from tests.acceptance.slack_team import Team, team
from tests.acceptance.slack_team import in_chinese as chinese
from tests.emulators.slack.server import Slack
from tests.made_files import png
from tests.stage import StageClock, rounds

HOUR = timedelta(hours=1)
BOB, ALICE = "U0BOB", "U0ALICE"
PATIENT = 5.0
"""Seconds between pings: this is about words, and a busy machine must not look like a connection that is gone."""
PAPER = "licence.png"
NAMES = {BOB: "Bob", ALICE: "Alice"}


def _named(text: str) -> str:
    """Two people with names; one account asks for papers, so that there is something to fill in."""
    text = rounds(ucloud_asks(text), quota=10500).replace('name = "alice"', 'name = "Alice"')
    return f'{text}\n[[person]]\nname = "Bob"\nslack = "{BOB}"\nrole = "submitter"\n'


class _Transcript:
    """A channel as its people see it, read as it goes."""

    def __init__(self, here: Team) -> None:
        self.here = here
        self._story = Story(here)
        self._read: dict[str, str] = {}
        self.lines: list[str] = []

    def text(self) -> str:
        return "\n\n".join(self.lines)

    def note(self, text: str) -> None:
        self.lines.append(f"-- {text} --")

    async def type(self, text: str, user: str = BOB) -> None:
        self.lines.append(f"{NAMES[user]}> /sms {text}".rstrip())
        await self.here.slack.acked(await self.here.slack.slash(text, user))
        await self.news()

    async def press(self, label: str, part: str, user: str = BOB) -> None:
        self.lines.append(f"{NAMES[user]} presses [{label}]")
        await self.here.slack.acked(await self.here.slack.press(label, self._story.message(part), user=user))
        await self.news()

    async def later(self, span: timedelta, step: timedelta = timedelta(minutes=10)) -> None:
        left = span
        while left > timedelta(0):
            await self.here.pass_time(step, step=step)
            left -= step
            self._look()

    async def news(self) -> None:
        """What stands in the channel and did not before, or stands there otherwise."""
        await self._story.settled()
        self._look()

    def _look(self) -> None:
        for message in self.here.slack.said():
            now = _spoken(read(message))
            before = self._read.get(message["ts"])
            if before != now:
                self._read[message["ts"]] = now
                self.lines.append(now if before is None else f"~ {now}")

    async def fill(
        self, view_id: str, values: Mapping[str, Any], files: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    ) -> None:
        """Fill in a step of a form, as far as it asks for these, and hand it in: shown as it was handed in."""
        view = self.here.slack.views[view_id]
        keys = asked(self.here, view_id)
        given = {key: value for key, value in values.items() if key in keys}
        papers = {key: value for key, value in files.items() if key in keys}
        said = await self.here.slack.submit_view(view_id, given, user=BOB, files=papers)
        faults = (await self.here.slack.acked(said)).get("errors", {})
        rows = _form(view, {**given, **{key: [PAPER] for key in papers}}, faults)
        self.lines.append("\n".join(f"  | {row}" for row in rows))


def _form(view: Mapping[str, Any], given: Mapping[str, Any], faults: Mapping[str, str]) -> Iterator[str]:
    """A form as people see it: what stands in each field, what it says about it, what is wrong with it."""
    yield view["title"]["text"]
    for block in view["blocks"]:
        match block["type"]:
            case "input":
                optional = "?" if block.get("optional") else ""
                yield f"{block['label']['text']}{optional}: {_filled(block['element'], given.get(block['block_id']))}".rstrip()
                if block["block_id"] in faults:
                    yield f"    ! {faults[block['block_id']]}"
                if "hint" in block:
                    yield f"    {block['hint']['text']}"
            case "section":
                yield block["text"]["text"]
            case "context":
                yield from (element["text"] for element in block["elements"])
            case "actions":
                yield " ".join(f"[{one['text']['text']}]" for one in block["elements"])
            case other:
                raise AssertionError(f"a block {other} has no reader")
    yield f"[{view['submit']['text']}]"


def _filled(element: Mapping[str, Any], given: Any) -> str:
    """What stands in a field: what was filled in, or what stood there when it was opened."""
    options = {one["value"]: one["text"]["text"] for one in element.get("options", ())}
    if given is None:
        before = element.get("initial_options") or [element.get("initial_option") or {}]
        given = [one["value"] for one in before if one] if options else element.get("initial_value", "")
    several = [given] if isinstance(given, str) else given
    return ", ".join(options.get(one, one) for one in several)


def _spoken(text: str) -> str:
    return re.sub(r"@(U0\w+)", lambda found: f"@{NAMES[found[1]]}", text)


@contextlib.asynccontextmanager
async def _channel(folder: Path, change: Callable[[str], str]) -> AsyncIterator[tuple[_Transcript, Slack, Sandbox]]:
    """A channel with the bot in it, nothing said yet."""
    clock = StageClock()
    async with (
        Slack() as slack,
        Sandbox(now=clock.now, limits=False) as sandbox,
        team(folder, slack, sandbox, clock, change, ping_interval=PATIENT) as here,
    ):
        yield _Transcript(here), slack, sandbox


async def in_english(folder: Path) -> str:
    """A greeting, a form, three vendors, a rejection and its fix, an alert that somebody takes.

    Args:
        folder: where the record is.
    """
    async with _channel(folder, _named) as (seen, slack, sandbox):
        await seen.type("")
        await seen.press("Submit a signature", "What shall be done?")
        view = await opened(seen.here, "accounts")
        everywhere = ("aliyun", "tencent", "ucloud")
        await seen.fill(view, {"accounts": everywhere, "name": "速达!!"})
        await seen.fill(view, {"accounts": everywhere, "name": "速达"})
        view = await opened(seen.here, "source")
        paper = {"paper": (slack.add_file(PAPER, png()),)}
        await seen.fill(view, {"source": "company"}, paper)
        await seen.fill(view, {"remark": "Order notices, https://suda.example"})
        await seen.news()
        await seen.later(HOUR * 2)
        await seen.press("Fix and resubmit", "rejected by tencent")
        view = await opened(seen.here, "name")
        await seen.fill(view, {"name": "速达物流"})
        await seen.fill(view, {}, paper)
        await seen.news()
        await seen.later(HOUR)
        await seen.press("Acknowledge", "A1", ALICE)
        sandbox.top_up("alibaba", 500_000)
        seen.note("Alice buys a package")
        await seen.later(HOUR * 3)
        await seen.later(HOUR / 2)
        return seen.text()


async def in_chinese(folder: Path) -> str:
    """The same in one line, short.

    Args:
        folder: where the record is.
    """
    async with _channel(folder, lambda text: chinese(_named(text))) as (seen, _, _):
        await seen.type("你好")
        await seen.type("签名 提交 tencent 速达 来源=企业")
        await seen.later(HOUR * 1.5)
        await seen.press("修改并重新提交", "（tencent）未通过")
        view = await opened(seen.here, "name")
        await seen.fill(view, {"name": "速达物流"})
        await seen.fill(view, {})
        await seen.news()
        await seen.later(HOUR * 1.5)
        await seen.press("认领", "A1", ALICE)
        return seen.text()
