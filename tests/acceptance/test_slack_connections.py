"""Slack's connections: those that die, those that are silent, those that nobody else knows of."""

import time
from typing import Any

import pytest

from integrations.slack.sockets import GHOSTS_AFTER
from tests.acceptance.slack_crew import OFTEN, PING, Crew, Seconds
from tests.acceptance.slack_team import Team


async def answers(here: Team) -> None:
    """Both connections serve."""
    for _ in range(2):
        await here.slack.acked(await here.slack.slash("help"))


async def back(here: Team, opened: int, pings: float) -> None:
    """There are two connections again, at least one of them new, within so many pings."""
    await here.slack.until(lambda: here.slack.opened > opened and len(here.slack.sockets) == 2, seconds=pings * PING)


def failing(here: Team) -> str:
    """What `health` says of Slack; empty when all is well."""
    return next((one.why.en for one in here.bot.services.status.failing() if one.name == "slack"), "")


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
        assert "1 of 2 connections to Slack are down" in failing(here)
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
        told = failing(here)
        assert told.startswith("no connection to Slack"), told
        assert "app_token: Slack does not know it (invalid_auth)" in told

        here.slack.mend("apps.connections.open")
        await back(here, opened + 1, 6)
        await answers(here)
        await here.slack.until(lambda: not failing(here))


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
        told = await here.slack.until(lambda: failing(here))
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
