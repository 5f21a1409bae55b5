"""Lines that must stand on their own: what a list found, what happened to one thing, what is said of what has no name."""

from datetime import timedelta
from pathlib import Path

from tests.stage import stage

HOUR = timedelta(hours=1)


async def test_what_happened_to_one_thing_is_told_once_and_as_what_it_was(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.say("sign submit tencent 速达物流 source=company")
        await s.pass_time(10 * HOUR)
        await s.say("delete #1")
        await s.say("no")
        await s.say("delete #1")
        await s.say("yes")
        await s.pass_time(HOUR)
        said = await s.say("history #1")
        told = [line.split(" · ")[1] for line in said.splitlines() if line.startswith("• ")]
        assert told[:6] == [
            "#1 deleted",
            "#1 being sent",
            "#1 to be deleted",
            "#1 asked whether to delete it",
            "#1 not to be deleted",
            "#1 asked whether to delete it",
        ]


async def test_the_answers_of_one_dialogue_are_no_change_of_what_anybody_had_seen(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.say("template submit tencent", can_ask=True)
        for answer in ("登录码", "otp", "您的验证码是${code}，5分钟内有效。"):
            await s.say(answer, can_ask=True)
        said = await s.say("history #1")
        told = [line.split(" · ")[1] for line in said.splitlines() if line.startswith("• ")]
        assert told == [
            "#1 in review",
            "#1 being sent",
            "#1 queued",
            "#1 filled in",
            "#1 filled in",
            "#1 draft begun for tencent",
        ]


async def test_status_says_who_is_waited_for_and_not_itself_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.say("sign submit tencent 速达物流 source=company")
        said = await s.say("status #1")
        assert "Waits for: the reviewers of tencent." in said
        assert said.count("Next:") == 1
        assert "`status #1`" not in said
        assert "`path 速达物流`" in said
        await s.pass_time(3 * HOUR)
        assert "`status #1`" not in await s.say("status #1")


async def test_health_counts_what_was_not_needed_and_names_chats_as_people_do(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        assert "not needed" in await s.say("health")
