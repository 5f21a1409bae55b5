"""Who is on call, who is called next, who hears of it: typed, pressed, in Slack and in DingTalk, over restarts."""

import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.notices.pictures import Draw
from integrations.sandbox import Sandbox
from tests.acceptance.both_chats import ALICE, CHANNEL, GROUP, ZHANG, Chats, bot_in
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.given import left_at
from tests.stage import StageClock, stage, undrawn

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

CREW = f"""
[[person]]
name = "Li Wei"
slack = "{ALICE}"
role = "admin"
[[person]]
name = "李伟"
slack = "U0BOB"
dingtalk = "{ZHANG}"
role = "responder"
[[oncall]]
name = "primary"
rotation = ["Li Wei", "李伟"]
every = "1d"
start = 2026-11-23T09:00:00+08:00
slack_group = "S0DUTY"
[[escalation]]
after = "0m"
notify = ["conversation", "oncall:primary"]
[[escalation]]
after = "15m"
notify = ["next:primary"]
"""


class Crew:
    """The bot and both chats."""

    def __init__(self, both: Chats, slack: Slack, dingtalk: DingTalkEmulator, clock: StageClock) -> None:
        self.both, self.slack, self.dingtalk, self.clock = both, slack, dingtalk, clock

    async def say(self, text: str, user: str = ALICE) -> str:
        """Typed in Slack; what is said there since, to everybody or to whoever asked."""
        before = len(self.slack.said(CHANNEL))
        await self.slack.acked(await self.slack.mention(text, user))
        await self.both.work()
        return "\n".join(str(one["text"]) for one in self.slack.said(CHANNEL)[before:])

    async def pass_by(self, span: timedelta) -> str:
        before = len(self.slack.said(CHANNEL))
        left = span
        while left > timedelta(0):
            self.clock.move(min(MINUTE, left))
            left -= MINUTE
            await self.both.bot.tick()
        await self.both.work()
        return "\n".join(str(one["text"]) for one in self.slack.said(CHANNEL)[before:])

    def card(self) -> str:
        return next(str(one["text"]) for one in self.slack.said(CHANNEL) if str(one["text"])[2:5] == "A1 ")


@contextlib.asynccontextmanager
async def crew(
    folder: Path,
    slack: Slack,
    dingtalk: DingTalkEmulator,
    sandbox: Sandbox,
    clock: StageClock,
    change: Callable[[str], str] = lambda text: text,
    draw: Draw = undrawn,
) -> AsyncIterator[Crew]:
    async with bot_in(folder, slack, dingtalk, sandbox, clock, CREW, change, draw) as both:
        yield Crew(both, slack, dingtalk, clock)


@pytest.fixture
async def world() -> AsyncIterator[tuple[Slack, DingTalkEmulator, Sandbox, StageClock]]:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False) as sandbox,
        Slack() as slack,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as dingtalk,
    ):
        slack.groups["S0DUTY"] = []
        slack.scopes += ",usergroups:write"
        yield slack, dingtalk, sandbox, clock
        assert not slack.refused
        assert not dingtalk.complaints


World = tuple[Slack, DingTalkEmulator, Sandbox, StageClock]


async def test_nobody_answers_the_next_one_is_called_and_both_chats_see_who_took_it(
    tmp_path: Path, world: World
) -> None:
    slack, dingtalk, sandbox, clock = world
    sandbox.drain("alibaba", 10**9)
    async with crew(tmp_path, slack, dingtalk, sandbox, clock) as here:
        await here.pass_by(2 * MINUTE)
        assert f"on call: <@{ALICE}>" in here.card()  # mentioned where they have an id
        assert "on call: Li Wei" in await here.say("A1")  # whoever asks reads it too, and nobody is called by that
        _, other = dingtalk.card("A1", GROUP)
        assert "值班：Li Wei" in other.values["title"]  # named where not
        said = await here.pass_by(10 * MINUTE)
        assert "now also" not in said
        said = await here.pass_by(6 * MINUTE)
        assert said.count("Still open: now also <@U0BOB>.") == 1
        await dingtalk.press(dingtalk.card("A1", GROUP)[0], {"action": "ack", "id": "A1"}, ZHANG)
        await here.both.work()
        assert here.card().startswith("🟡 A1")
        assert "now also" not in await here.pass_by(HOUR)


async def test_the_ladder_goes_on_where_it_was_after_a_restart(tmp_path: Path, world: World) -> None:
    slack, dingtalk, sandbox, clock = world
    sandbox.drain("alibaba", 10**9)
    async with crew(tmp_path, slack, dingtalk, sandbox, clock) as here:
        await here.pass_by(10 * MINUTE)
    clock.move(3 * MINUTE)
    async with crew(tmp_path, slack, dingtalk, sandbox, clock) as here:
        assert "now also" not in await here.pass_by(MINUTE)
        assert (await here.pass_by(3 * MINUTE)).count("now also <@U0BOB>") == 1
    async with crew(tmp_path, slack, dingtalk, sandbox, clock) as here:
        assert "now also" not in await here.pass_by(10 * MINUTE)


async def test_escalate_is_typed_or_pressed_and_says_when_there_is_nobody_further(tmp_path: Path, world: World) -> None:
    slack, dingtalk, sandbox, clock = world
    sandbox.drain("alibaba", 10**9)
    async with crew(tmp_path, slack, dingtalk, sandbox, clock) as here:
        await here.pass_by(2 * MINUTE)
        card = next(one for one in slack.said(CHANNEL) if str(one["text"])[2:5] == "A1 ")
        await slack.acked(await slack.press("Escalate", card, user=ALICE))
        await here.both.work()
        assert any("Escalated by" in str(one["text"]) and "<@U0BOB>" in str(one["text"]) for one in slack.said(CHANNEL))
        assert "There is nobody further to call for A1" in await here.say("escalate A1")
        assert "now also" not in await here.pass_by(20 * MINUTE)


async def test_take_give_swap_and_the_note_at_the_hand_over(tmp_path: Path, world: World) -> None:
    slack, dingtalk, sandbox, clock = world
    async with crew(tmp_path, slack, dingtalk, sandbox, clock) as here:
        await here.pass_by(MINUTE)
        assert slack.groups["S0DUTY"] == [ALICE]
        said = await here.say("oncall")
        assert "On call · primary: Li Wei until tomorrow 09:00; then 李伟 from tomorrow 09:00" in said
        said = await here.say("oncall give 李伟 4h")
        assert "On call, primary: 李伟 until today" in said
        assert slack.groups["S0DUTY"] == ["U0BOB"]
        assert any("On call, primary: <@U0BOB> until" in str(one["text"]) for one in slack.said(CHANNEL))
        said = await here.pass_by(4 * HOUR)
        assert f"On call, primary: <@{ALICE}> until tomorrow 09:00, after 李伟" in said
        assert "On call, primary: Li Wei until today" in await here.say('oncall give "li wei" 2h', "U0BOB")
        assert "On call, primary: 李伟 until" in await here.say("oncall take 30m", "U0BOB")
        said = await here.say('oncall swap "Li Wei"', "U0BOB")
        assert "李伟 and Li Wei have swapped in primary" in said
        assert "For how long?" in await here.say("oncall take soon")
        assert "I know nobody called “nobody”. On call can be: Li Wei, 李伟." in await here.say("oncall give nobody 4h")
        assert "primary: " in await here.say("oncall next")


async def test_the_user_group_is_tried_again_until_slack_has_it(tmp_path: Path, world: World) -> None:
    slack, dingtalk, sandbox, clock = world
    granted, slack.scopes = slack.scopes, slack.scopes.replace(",usergroups:write", "")
    async with crew(tmp_path, slack, dingtalk, sandbox, clock) as here:
        await here.pass_by(3 * MINUTE)
        assert slack.groups["S0DUTY"] == []
        said = await here.say("health")
        assert "the user group S0DUTY does not have who is on call: the app lacks a scope" in said
        tries = slack.count("usergroups.users.update")
        await here.pass_by(10 * MINUTE)
        assert slack.count("usergroups.users.update") - tries <= 3  # less and less often
        slack.scopes = granted
        await here.pass_by(20 * MINUTE)
        assert slack.groups["S0DUTY"] == [ALICE]
        assert "S0DUTY" not in await here.say("health")
        tries = slack.count("usergroups.users.update")
        await here.pass_by(5 * MINUTE)
        assert slack.count("usergroups.users.update") == tries
    assert {one.split(":")[1].split()[0] for one in slack.refused} == {"missing_scope"}
    slack.refused.clear()


async def test_in_chinese_with_a_mention_and_without_the_right(tmp_path: Path, world: World) -> None:
    slack, dingtalk, sandbox, clock = world
    async with crew(
        tmp_path, slack, dingtalk, sandbox, clock, lambda text: text.replace('role = "responder"', 'role = "viewer"')
    ) as here:
        await here.pass_by(MINUTE)
        assert "On call, primary: 李伟" in await here.say("值班 交班 <@U0BOB> 2小时")
        assert "You may not" in await here.say("oncall take 4h", "U0BOB")
        assert "On call · primary: 李伟" in await here.say("值班 谁", "U0BOB")


async def test_whom_no_mention_reaches_is_told_one_to_one(tmp_path: Path, world: World) -> None:
    slack, dingtalk, sandbox, clock = world
    sandbox.drain("alibaba", 10**9)
    async with crew(tmp_path, slack, dingtalk, sandbox, clock) as here:
        await here.say("unsubscribe alerts")  # the channel hears of nothing more: DingTalk alone does
        await here.pass_by(2 * MINUTE)
        direct = [str(one["text"]) for one in slack.said(slack.direct(ALICE).id)]
        assert len(direct) == 1
        assert direct[0].startswith("🔴 A1")
        assert "on call: <@" in direct[0]


def quiet(text: str) -> str:
    """Nothing is told in the morning but what is urgent."""
    return text.replace("[alerts]", '[alerts]\nquiet_hours = "09:00-12:00"')


async def test_what_is_not_urgent_waits_for_the_end_of_quiet_hours(tmp_path: Path, world: World) -> None:
    slack, dingtalk, sandbox, clock = world
    async with crew(tmp_path, slack, dingtalk, sandbox, clock, quiet) as here:
        (left,) = [one.remaining for one in await left_at(here.both.bot.services.vendors["aliyun"]) if one.total]
        sandbox.drain("alibaba", int(left) - 15_000)
        assert "A1" not in await here.pass_by(2 * HOUR)  # from 09:30
        assert "A1 aliyun" in await here.say("alerts")
        said = await here.pass_by(40 * MINUTE)
        assert "🟠 A1 aliyun" in said
        assert f"on call: <@{ALICE}>" in here.card()
        sandbox.drain("alibaba", 10**9)
        assert "🔴 A1 aliyun" in await here.pass_by(HOUR)


@pytest.mark.also_refusing
async def test_whoever_watches_is_told_too(tmp_path: Path, world: World) -> None:
    slack, dingtalk, sandbox, clock = world
    sandbox.drain("alibaba", 10**9)
    async with crew(tmp_path, slack, dingtalk, sandbox, clock) as here:
        await here.pass_by(2 * MINUTE)
        assert "A1" in await here.say("watch A1", "U0BOB")
        await here.say("ack A1")
        direct = [str(one["text"]) for one in slack.said(slack.direct("U0BOB").id)]
        assert any("Acknowledged by" in text for text in direct)
        assert "no longer" in await here.say("unwatch A1", "U0BOB")


async def test_a_calendar_that_cannot_be_had_is_named(tmp_path: Path) -> None:
    plan = '\n[[oncall]]\nname = "nights"\nics = "nights.ics"\n'
    async with stage(tmp_path, change=lambda text: text + plan) as s:
        await s.pass_time(MINUTE)
        assert "the calendar cannot be read: its file cannot be read" in " ".join((await s.say("oncall")).split())
        said = await s.say("health")
        assert "nights" in said
        assert "its file cannot be read" in said


@pytest.mark.parametrize("said", ["take 4h", "give", 'give "Li Wei"', "swap"])
async def test_where_nothing_is_planned_nothing_else_is_asked_for(tmp_path: Path, said: str) -> None:
    async with stage(tmp_path) as s:
        assert "there is no [[oncall]] in the configuration" in (await s.say(f"oncall {said}")).replace("`", "")


async def test_where_nobody_is_named_nobody_can_be_given_a_shift(tmp_path: Path) -> None:
    (tmp_path / "plan.ics").write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n", encoding="utf-8")
    plan = '\n[[oncall]]\nname = "primary"\nics = "plan.ics"\n'
    async with stage(tmp_path, change=lambda text: text + plan) as s:
        said = await s.say("oncall give")
        assert "Only people named in the configuration can be on call" in said
        assert "On call can be" not in said
