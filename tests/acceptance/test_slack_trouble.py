"""Slack in trouble: calls that fail, conversations that take nothing."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.contracts.model import Place
from bot.store import notices
from integrations.sandbox import Sandbox
from tests.acceptance.slack_crew import HOUR, OFTEN, Crew, reviewed, with_operators
from tests.acceptance.slack_team import SUBMIT, team, without_defaults
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import Channel
from tests.stage import StageClock

# --- Calls -----------------------------------------------------------------------------------------------------------


KINDS = ["429", "500", "500_after", "reset", "reset_after", "internal_error", "hang", "hang_after"]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_post_arrives_once_whatever_happens_to_it(crew: Crew, kind: str) -> None:
    async with crew(call_seconds=0.5) as here:
        here.slack.fail_next("chat.postMessage", kind)
        await here.slack.slash(SUBMIT)
        await here.until("in review")
        await here.pass_time(timedelta(minutes=20))

        assert len([one for one in here.slack.said() if "thread_ts" not in one]) == 1
        assert here.slack.refused in ([], ["chat.postMessage: 429"])


@pytest.mark.parametrize("kind", KINDS)
async def test_a_card_is_up_to_date_whatever_happens_to_its_edit(crew: Crew, kind: str) -> None:
    async with crew(call_seconds=0.5) as here:
        await here.slack.slash(SUBMIT)
        card = await here.until("in review")
        here.slack.fail_next("chat.update", kind)
        await reviewed(here)
        await here.until("approved by aliyun")
        await here.slack.until(lambda: "ready" in card["text"] or "approved" in card["text"])

        assert len([one for one in here.slack.said() if "thread_ts" not in one]) == 1
        assert here.slack.refused in ([], ["chat.update: 429"])


@pytest.mark.parametrize("kind", KINDS)
async def test_a_form_that_slack_does_not_open_is_asked_for_in_words(crew: Crew, kind: str) -> None:
    async with crew(without_defaults, call_seconds=0.5) as here:
        here.slack.fail_next("views.open", kind)
        await here.slack.slash("sign submit ucloud 速达物流")
        said = await here.until("more to fill in")

        assert "ucloud" in str(said["text"])


@pytest.mark.parametrize("kind", ["429", "500", "500_after", "reset", "reset_after"])
async def test_a_form_is_shown_whatever_happens_to_its_update(crew: Crew, kind: str) -> None:
    async with crew(without_defaults) as here:
        here.slack.fail_next("views.update", kind)
        await here.slack.slash("sign submit ucloud 速达物流")
        await here.slack.until(lambda: any("submit" in view for view in here.slack.views.values()))

        assert here.slack.refused in ([], ["views.update: 429"])


@pytest.mark.parametrize("kind", KINDS)
async def test_a_name_that_slack_does_not_tell_holds_up_nobody(crew: Crew, kind: str) -> None:
    async with crew(call_seconds=0.5) as here:
        here.slack.fail_next("users.info", kind, times=3, retry_after=60)
        await here.slack.acked(await here.slack.slash(SUBMIT))
        card = await here.until("in review")

        assert "alice" in str(card["text"])  # as the command itself says


async def test_a_storm_of_429_loses_doubles_and_reorders_nothing(crew: Crew) -> None:
    async with crew() as here:
        here.slack.fail_next("chat.postMessage", "429", times=3, retry_after=1)
        for number, name in enumerate(("速达物流", "速达快运", "速达货运"), 1):
            await here.slack.slash(SUBMIT.replace("速达物流", name))
            await here.slack.until(lambda number=number: here.calls("CreateSmsSign") == number)
        await here.until("速达货运")
        await here.until("#3")

        cards = [one["text"] for one in here.slack.said() if "thread_ts" not in one]
        assert [next(n for n in ("#1", "#2", "#3") if n in card) for card in cards] == ["#1", "#2", "#3"]
        assert here.slack.refused == ["chat.postMessage: 429"] * 3  # and nothing was sent while it was to rest


async def test_after_429_in_one_channel_no_other_is_written_to_either(crew: Crew) -> None:
    async with crew() as here:
        here.slack.fail_next("chat.postMessage", "429", retry_after=1)
        question = "sign submit tencent"  # what is asked is for everybody
        await here.slack.mention(question)
        await here.slack.until(lambda: here.slack.refused)
        await here.slack.mention(question, channel="C0TWO")
        await here.slack.until(lambda: here.slack.public("C0TWO"))
        await here.slack.until(lambda: here.slack.public())

        assert here.slack.refused == ["chat.postMessage: 429"]


async def test_a_burst_keeps_the_pace_of_every_channel(tmp_path: Path, sandbox: Sandbox, clock: StageClock) -> None:
    second = 0.05
    channels = ("C0SMS", "C0OPS", "C0TWO")
    async with Slack(limits=True, second=second) as slack:
        slack.groups["S0SMS"] = []
        slack.channels |= {name: Channel(name) for name in channels}
        async with team(tmp_path, slack, sandbox, clock, with_operators, per_channel=second) as here:
            now = clock.now()

            def owe(db: Any) -> None:
                for number in range(60):
                    why = {"en": "x", "zh": "x"}
                    data = {"platform": "dingtalk", "conversation": f"cid{number:03}", "reason": why, "key": "x"}
                    place = Place("slack", channels[number % 3])
                    key = f"burst:{number}"
                    notices.owe(db, key=key, what="undelivered", subject="x", place=place, now=now, data=data)

            await here.bot.services.database.write(owe)
            await here.work()

        for offset, channel in enumerate(channels):
            told = [one["text"] for one in slack.said(channel)]
            assert [f"cid{number:03}" in text for number, text in zip(range(offset, 60, 3), told, strict=True)] == [
                True
            ] * 20
        assert slack.refused == []


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.postEphemeral", "chat.update"])
async def test_blocks_that_slack_does_not_take_go_as_text(crew: Crew, method: str) -> None:
    async with crew() as here:
        if method == "chat.update":
            await here.slack.slash(SUBMIT)
            await here.until("in review")
            here.slack.fail_next(method, "invalid_blocks")
            await reviewed(here)
            await here.until("approved by aliyun")
        else:
            here.slack.fail_next(method, "invalid_blocks")
            await here.slack.mention("sign submit tencent" if method == "chat.postMessage" else "help")
            await here.until("sign submit" if method == "chat.postEphemeral" else "Answer")
        await here.work()

        tried = [params for name, params in here.slack.calls if name == method]
        without = [params for params in tried if not params.get("blocks")]
        assert len(without) == 1
        assert not here.slack.said("C0OPS")


# --- Conversations that take nothing ---------------------------------------------------------------------------------


def gone(slack: Slack) -> None:
    del slack.channels["C0TWO"]


def archived(slack: Slack) -> None:
    slack.channels["C0TWO"].archived = True


def put_out(slack: Slack) -> None:
    slack.channels["C0TWO"].member = False


def refusing(code: str) -> Callable[[Slack], None]:
    def refuse(slack: Slack) -> None:
        slack.channels["C0TWO"].refuses = code

    return refuse


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (gone, "channel_not_found"),
        (archived, "is_archived"),
        (put_out, "/invite it there"),
        (refusing("user_disabled"), "this user is deactivated"),
        (refusing("restricted_action"), "does not let the app post here"),
        (refusing("restricted_action_read_only_channel"), "read-only"),
        (refusing("msg_too_long"), "too long"),
        (refusing("invalid_blocks"), "does not take the blocks"),
        (refusing("a_word_of_tomorrow"), "a_word_of_tomorrow"),
    ],
)
async def test_the_operators_are_told_once_and_the_others_go_on(
    crew: Crew, how: Callable[[Slack], None], why: str
) -> None:
    async with crew() as here:
        how(here.slack)
        for name in ("速达物流", "速达快运"):  # two pieces of news each, for the carriers file after the review
            await here.slack.slash(SUBMIT.replace("速达物流", name))
            await here.until(name)
        await reviewed(here)
        await here.until("速达物流 approved by aliyun")
        await here.until("速达快运 approved by aliyun")
        posts = here.slack.count("chat.postMessage")
        await here.pass_time(HOUR, step=HOUR / 2)

        (told,) = here.slack.said("C0OPS")
        assert "I cannot write to C0TWO" in told["text"]
        assert why in told["text"]
        assert here.slack.count("chat.postMessage") == posts


async def test_told_again_once_the_conversation_took_something_in_between(crew: Crew) -> None:
    async with crew() as here:
        two = here.slack.channels["C0TWO"]
        for round_, name in enumerate(("速达物流", "速达快运"), 1):
            two.archived = True
            await here.slack.slash(SUBMIT.replace("速达物流", name))
            await here.until(name)
            await reviewed(here)
            await here.until(f"{name} approved by aliyun")
            await here.work()
            assert len(here.slack.said("C0OPS")) == round_
            two.archived = False
            await here.slack.slash(SUBMIT.replace("速达物流", name.replace("速达", "启明")))
            await here.until(name.replace("速达", "启明"))
            await reviewed(here)
            await here.until(f"{name.replace('速达', '启明')} approved by aliyun", "C0TWO")


async def test_of_the_operators_own_conversation_only_the_log_tells(crew: Crew) -> None:
    async with crew() as here:
        here.slack.channels["C0OPS"].archived = here.slack.channels["C0TWO"].archived = True
        await here.slack.slash(SUBMIT)
        await here.until("in review")
        await reviewed(here)
        await here.until("approved by aliyun")
        await here.pass_time(HOUR, step=HOUR / 2)

        tried = [params["channel"] for name, params in here.slack.calls if name == "chat.postMessage"]
        assert tried.count("C0OPS") == 1
        counted = await here.bot.services.database.read(notices.counts)
        assert "due" not in counted


@pytest.mark.parametrize("how", ["deleted", "locked"])
async def test_news_of_a_card_that_is_gone_is_told_beside_it(crew: Crew, how: str) -> None:
    async with crew() as here:
        await here.slack.slash(SUBMIT)
        card = await here.until("in review")
        channel = here.slack.channels["C0SMS"]
        if how == "deleted":
            channel.messages.remove(card)
        else:
            channel.locked.add(str(card["ts"]))
        await reviewed(here)
        news = await here.until("approved by aliyun")

        assert "thread_ts" not in news
        await here.pass_time(HOUR, step=HOUR / 2)
        assert not here.slack.said("C0OPS")
        assert sum("approved by aliyun" in one["text"] for one in here.slack.said()) == 1


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("is_archived", "Only you see this: this channel is archived (is_archived)."),
        ("not_in_channel", "Only you see this: the app is not in this channel: /invite it there (not_in_channel)."),
        ("token_revoked", "Only you see this: the bot token was revoked (token_revoked)."),
    ],
)
async def test_whoever_ordered_something_reads_of_it_where_the_channel_takes_nothing(
    crew: Crew, code: str, why: str
) -> None:
    async with crew() as here:
        here.slack.fail_next("chat.postMessage", code, times=OFTEN)
        await here.slack.slash(SUBMIT)
        await here.slack.until(lambda: here.slack.said(to="U0ALICE"))
        await here.pass_time(HOUR, step=HOUR / 4)
        told = here.slack.said(to="U0ALICE")[0]
        assert "#1 signature 速达物流 at aliyun: in review" in told["text"]
        assert why in told["text"]
        await here.slack.slash("health")
        health = await here.until("takes nothing, since today")
        assert f"({code})" in health["text"]


async def test_a_token_revoked_for_hours_loses_nothing(crew: Crew) -> None:
    async with crew() as here:
        here.slack.fail_next("chat.postMessage", "token_revoked", times=OFTEN)
        await here.slack.slash(SUBMIT)
        await here.slack.until(lambda: here.calls("CreateSmsSign"))
        await here.pass_time(12 * HOUR, step=HOUR)
        here.slack.mend("chat.postMessage")
        await here.until("速达物流")
