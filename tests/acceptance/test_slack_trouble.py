"""Slack in trouble: connections that die, calls that fail, conversations that take nothing, people from elsewhere."""

import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.model import Place
from bot.store import notices
from integrations.sandbox import Sandbox
from integrations.slack.people import GROUPS_STALE
from integrations.slack.sockets import GHOSTS_AFTER
from tests.acceptance.slack_team import SUBMIT, Team, team, without_defaults
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import Channel
from tests.stage import StageClock

PING = 0.4
"""Seconds between pings; the bounds below are those of `integrations.slack.sockets`, in pings."""
OPERATORS = """
[[conversation]]
platform = "slack"
id = "C0OPS"
topics = ["operator"]

[[conversation]]
platform = "slack"
id = "C0TWO"
topics = ["reviews"]
"""
OFTEN = 1_000_000
HOUR = timedelta(hours=1)

Crew = Callable[..., AbstractAsyncContextManager[Team]]


class Seconds:
    """A clock of seconds that can be moved on."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self._ahead

    def move(self, seconds: float) -> None:
        self._ahead += seconds


def with_operators(text: str) -> str:
    """A conversation of the operators' own, and a second one that hears of reviews."""
    return text.replace('topics = ["reviews", "alerts", "operator"]', 'topics = ["reviews"]') + OPERATORS


@pytest.fixture
def crew(tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock) -> Crew:
    slack.channels |= {name: Channel(name) for name in ("C0OPS", "C0TWO")}

    def make(change: Callable[[str], str] = with_operators, **how: Any) -> AbstractAsyncContextManager[Team]:
        return team(tmp_path, slack, sandbox, clock, change, **{"ping_interval": PING, **how})

    return make


async def answers(here: Team) -> None:
    """Both connections serve."""
    for _ in range(2):
        await here.slack.acked(await here.slack.slash("help"))


async def back(here: Team, opened: int, pings: float) -> None:
    """There are two connections again, at least one of them new, within so many pings."""
    await here.slack.until(lambda: here.slack.opened > opened and len(here.slack.sockets) == 2, seconds=pings * PING)


async def reviewed(here: Team) -> None:
    """Time passes until the reviewers have decided."""
    await here.pass_time(4 * HOUR, step=HOUR)


# --- Connections -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "how", [{}, {"reset": True}, {"reason": "refresh_requested"}], ids=["close", "reset", "refresh"]
)
async def test_a_lost_connection_is_back_within_two_pings(crew: Crew, how: dict[str, Any]) -> None:
    async with crew() as here:
        opened = here.slack.opened
        await here.slack.drop_socket(**how)
        await back(here, opened, 2)
        await answers(here)
        assert not here.chat.failing


async def test_a_silent_peer_is_left_within_three_pings(crew: Crew) -> None:
    async with crew() as here:
        opened = here.slack.opened
        here.slack.go_deaf()
        await here.slack.until(lambda: here.slack.opened == opened + 2 and not here.slack.deaf, seconds=3 * PING)
        await answers(here)


async def test_a_warning_and_then_the_refresh_lose_nothing(crew: Crew) -> None:
    async with crew() as here:
        opened = here.slack.opened
        await here.slack.drop_socket(reason="warning")
        first = await here.slack.slash("help")
        await here.slack.drop_socket(reason="refresh_requested")
        second = await here.slack.slash("help")
        await here.slack.acked(first)
        await here.slack.acked(second)
        await back(here, opened, 4)
        await answers(here)


async def test_a_refused_ticket_costs_six_pings(crew: Crew) -> None:
    """The SDK would try the same used-up address for ever."""
    async with crew() as here:
        here.slack.bad_tickets = 1
        opened = here.slack.opened
        await here.slack.drop_socket(reset=True)
        await back(here, opened, 6)


async def test_tickets_refused_for_a_while_then_six_pings(crew: Crew) -> None:
    """Through a fresh address and a client replaced, up to the moment when Slack takes tickets again."""
    async with crew() as here:
        here.slack.bad_tickets = OFTEN
        opened, asked = here.slack.opened, here.slack.count("apps.connections.open")
        await here.slack.drop_socket(reset=True)
        # The reconnection, the fresh address, and the first one of the client that replaces it.
        await here.slack.until(lambda: here.slack.count("apps.connections.open") == asked + 3, seconds=12 * PING)
        assert "1 of 2 connections to Slack are down" in here.bot.services.health()["slack"]
        await here.slack.acked(await here.slack.slash("help"))  # the other one serves meanwhile

        here.slack.bad_tickets = 0
        await back(here, opened, 6)
        await here.slack.until(lambda: not here.chat.failing)


async def test_a_token_refused_later_is_told_and_healed_when_it_is_mended(crew: Crew) -> None:
    async with crew() as here:
        here.slack.fail_next("apps.connections.open", "invalid_auth", times=OFTEN)
        asked, opened = here.slack.count("apps.connections.open"), here.slack.opened
        for left in (1, 0):
            await here.slack.drop_socket(reset=True)
            await here.slack.until(lambda left=left: len(here.slack.sockets) == left)
        await here.slack.until(lambda: here.slack.count("apps.connections.open") >= asked + 4, seconds=12 * PING)
        told = here.bot.services.health()["slack"]
        assert told.startswith("no connection to Slack"), told
        assert "app_token: Slack does not know it (invalid_auth)" in told

        here.slack.mend("apps.connections.open")
        await back(here, opened + 1, 6)
        await answers(here)
        await here.slack.until(lambda: not here.bot.services.health()["slack"])


async def test_sent_away_at_once_it_knocks_once_a_ping(crew: Crew) -> None:
    """`too_many_websockets`: the SDK would come back at once, again and again."""
    async with crew() as here:
        here.slack.crowded = OFTEN
        asked = here.slack.count("apps.connections.open")
        begun = time.monotonic()
        await here.slack.drop_socket(reset=True)
        await here.slack.until(lambda: here.slack.count("apps.connections.open") >= asked + 4, seconds=8 * PING)
        assert time.monotonic() - begun > 2.9 * PING

        here.slack.crowded, opened = 0, here.slack.opened
        await back(here, opened, 3)
        await answers(here)


async def test_ghost_connections_are_told_after_ten_minutes_and_a_second_count(crew: Crew) -> None:
    seconds = Seconds()
    async with crew(now=seconds) as here:
        here.slack.ghosts, opened = 3, here.slack.opened
        await here.slack.drop_socket(reason="refresh_requested")
        await back(here, opened, 2)
        await answers(here)
        assert not here.chat.failing

        opened = here.slack.opened
        seconds.move(GHOSTS_AFTER + 1)
        await back(here, opened, 3)  # one connection is opened anew, for Slack counts only then
        told = await here.slack.until(lambda: here.bot.services.health()["slack"])
        assert told.startswith("Slack counts 5 connections, we hold 2")
        await answers(here)

        here.slack.ghosts, opened = 0, here.slack.opened
        seconds.move(GHOSTS_AFTER + 1)
        await back(here, opened, 3)
        await here.slack.until(lambda: not here.chat.failing)


async def test_a_count_too_high_just_after_a_reconnection_is_nothing(crew: Crew) -> None:
    seconds = Seconds()
    async with crew(now=seconds) as here:
        here.slack.ghosts, opened = 1, here.slack.opened
        await here.slack.drop_socket()
        await back(here, opened, 2)
        await answers(here)
        here.slack.ghosts, opened = 0, here.slack.opened
        seconds.move(GHOSTS_AFTER + 1)
        await back(here, opened, 3)
        await answers(here)
        assert not here.chat.failing


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
        await here.slack.slash("help")
        await here.slack.until(lambda: here.slack.refused)
        await here.slack.slash("help", channel="C0TWO")
        await here.slack.until(lambda: here.slack.find("sign submit", "C0TWO"))
        await here.slack.until(lambda: here.slack.find("sign submit"))

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


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
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
            await here.slack.slash("help")
            await here.until("sign submit")
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


async def test_a_token_revoked_for_hours_loses_nothing(crew: Crew) -> None:
    async with crew() as here:
        here.slack.fail_next("chat.postMessage", "token_revoked", times=OFTEN)
        await here.slack.slash(SUBMIT)
        await here.slack.until(lambda: here.calls("CreateSmsSign"))
        await here.pass_time(12 * HOUR, step=HOUR)
        here.slack.mend("chat.postMessage")
        await here.until("速达物流")


# --- People ----------------------------------------------------------------------------------------------------------


async def test_user_groups_are_asked_once_and_again_when_slack_says_they_changed(crew: Crew) -> None:
    async with crew() as here:
        assert here.chat.groups == {"S0SMS": frozenset({"U0BOB"})}
        await here.slack.slash(SUBMIT, user="U0BOB")
        await here.until("in review")
        assert here.slack.count("usergroups.users.list") == 1

        await here.slack.acked(await here.slack.members_changed("S0OTHER", ["U0BOB"]))  # nobody's business here
        await here.slack.members_changed("S0SMS", [])
        await here.slack.until(lambda: here.slack.count("usergroups.users.list") == 2)
        await here.slack.until(lambda: here.chat.groups == {"S0SMS": frozenset()})
        await here.slack.slash(SUBMIT.replace("速达物流", "速达快运"), user="U0BOB")
        await here.until("You may not")


async def test_a_group_that_cannot_be_read_for_an_hour_has_nobody(crew: Crew) -> None:
    seconds = Seconds()
    async with crew(now=seconds) as here:
        here.slack.fail_next("usergroups.users.list", "plan_upgrade_required", times=OFTEN)
        seconds.move(GROUPS_STALE - 60)
        await here.slack.slash(SUBMIT, user="U0BOB")
        await here.until("in review")

        seconds.move(120)
        await here.slack.slash(SUBMIT.replace("速达物流", "速达快运"), user="U0BOB")
        await here.until("You may not")
        assert here.calls("CreateSmsSign") == 1


async def test_a_group_that_is_gone_has_nobody_at_once(crew: Crew) -> None:
    async with crew() as here:
        await here.slack.members_changed("S0SMS", None)
        await here.slack.until(lambda: here.chat.groups == {"S0SMS": frozenset()})


OUTSIDE = "I only serve people of this organisation"


async def test_an_outsider_hands_in_no_form_and_has_no_home(crew: Crew) -> None:
    async with crew(without_defaults) as here:
        slack = here.slack
        await slack.slash("sign submit tencent 速达物流")
        view = await slack.until(lambda: next((one for one in slack.views.values() if "submit" in one), None))
        file = slack.add_file("licence.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
        inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        await slack.submit_view(
            view["id"],
            {"source": "company"},
            user="U0EVE",
            files={"paper": (file,)} if "paper" in inputs else {},
        )
        await here.until(OUTSIDE)
        await slack.open_home("U0EVE")
        await slack.until(lambda: OUTSIDE in str(slack.homes.get("U0EVE")))
        assert here.calls("AddSmsSign") == 0


async def test_outsiders_get_nowhere(crew: Crew) -> None:
    async with crew() as here:
        slack = here.slack
        await slack.slash(SUBMIT)
        card = await here.until("in review")
        await reviewed(here)
        slack.channels["C0SMS"].shared = True

        def refusals() -> int:
            return sum(OUTSIDE in one["text"] for one in slack.said())

        await slack.slash(SUBMIT.replace("速达物流", "速达快运"), user="U0EVE", team="T0OTHER")
        await slack.until(lambda: refusals() == 1)
        await slack.mention("status", user="U0EVE")
        await slack.until(lambda: refusals() == 2)
        await slack.press("Details", card, user="U0EVE", team="T0OTHER")
        await slack.until(lambda: refusals() == 3)
        assert here.calls("CreateSmsSign") == 1


# --- Enterprise Grid -------------------------------------------------------------------------------------------------

ORG = "E0ORG"
PEOPLE = """
[[person]]
name = "cara"
slack = "W0CARA"
role = "submitter"
"""


@contextlib.asynccontextmanager
async def organisation(
    tmp_path: Path, sandbox: Sandbox, clock: StageClock, *, org_wide: bool = False
) -> AsyncIterator[Team]:
    async with Slack(enterprise=ORG, org_wide=org_wide) as slack:
        slack.workspaces = ("T0HOME", "T0SISTER") if org_wide else ("T0HOME",)
        slack.groups["S0SMS"] = ["U0BOB", "W0DORA"]
        for user, workspace, enterprise in (
            ("W0CARA", "T0SISTER", ORG),
            ("W0DORA", "T0COUSIN", ORG),
            ("W0EVE", "T0FAR", "E0FAR"),
        ):
            slack.users[user] = {
                **slack.users["U0BOB"],
                "id": user,
                "name": user.lower(),
                "profile": {"display_name": user[2:].lower()},
                "team_id": workspace,
                "enterprise_user": {"id": user, "enterprise_id": enterprise},
            }
        async with team(tmp_path, slack, sandbox, clock, lambda text: text + PEOPLE) as here:
            yield here


@pytest.mark.parametrize("org_wide", [False, True], ids=["one workspace", "whole organisation"])
async def test_a_colleague_from_another_workspace_is_one_of_ours(
    tmp_path: Path, sandbox: Sandbox, clock: StageClock, org_wide: bool
) -> None:
    async with organisation(tmp_path, sandbox, clock, org_wide=org_wide) as here:
        slack = here.slack
        await slack.slash(SUBMIT, user="W0CARA", team="T0SISTER")
        card = await here.until("in review")
        assert "cara" in str(card["text"])
        await slack.press("Details", card, user="W0CARA")
        await slack.until(lambda: [one for one in slack.said() if one.get("thread_ts") == card["ts"]])
        await slack.mention(SUBMIT.replace("速达物流", "速达快运"), user="W0DORA")  # by the user group
        await here.until("速达快运")
        assert not slack.find(OUTSIDE)

        await slack.mention("status", user="W0EVE")
        await here.until(OUTSIDE)
        await slack.press("Details", card, user="W0EVE")
        await slack.until(lambda: sum(OUTSIDE in one["text"] for one in slack.said()) == 2)


async def test_who_cannot_be_asked_about_stays_an_outsider(tmp_path: Path, sandbox: Sandbox, clock: StageClock) -> None:
    async with organisation(tmp_path, sandbox, clock) as here:
        here.slack.fail_next("users.info", "internal_error", times=5)
        await here.slack.mention(SUBMIT, user="W0CARA")
        await here.until(OUTSIDE)
        assert here.calls("CreateSmsSign") == 0
