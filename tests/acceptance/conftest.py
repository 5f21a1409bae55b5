"""Fixtures of the Slack tests: the workspace, the vendors, the bot between them."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox import Sandbox
from tests.acceptance.slack_crew import PING, Crew, with_operators
from tests.acceptance.slack_team import Team, team, without_defaults
from tests.drawn import draw_here
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import Channel
from tests.refusing import refuse_once
from tests.stage import StageClock


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A story that is marked `also_refusing` is told twice."""
    if metafunc.definition.get_closest_marker("also_refusing") is not None:
        metafunc.fixturenames.insert(0, "record")
        metafunc.parametrize("record", ["", "refusing"], indirect=True, ids=["", "refusing"])


@pytest.fixture
def record(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The record as usual, or one that refuses each write once."""
    opened = refuse_once(monkeypatch) if request.param else ()
    yield
    assert bool(request.param) == any(one.refused for one in opened)


@pytest.fixture(autouse=True)
def pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are drawn here; in a process that a test starts, by the program that draws them."""
    draw_here(monkeypatch)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as slack:
        slack.groups["S0SMS"] = ["U0BOB"]
        yield slack


@pytest.fixture
def clock() -> StageClock:
    return StageClock()


@pytest.fixture
async def sandbox(clock: StageClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(now=clock.now, limits=False) as sandbox:
        yield sandbox


@pytest.fixture
async def here(tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock) -> AsyncIterator[Team]:
    async with team(tmp_path, slack, sandbox, clock) as team_:
        yield team_
    assert not unforeseen(slack, "429"), slack.refused


@pytest.fixture
async def asking(tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock) -> AsyncIterator[Team]:
    async with team(tmp_path, slack, sandbox, clock, without_defaults) as team_:
        yield team_
    assert not unforeseen(slack), slack.refused


def unforeseen(slack: Slack, *foreseen: str) -> list[str]:
    """What Slack refused although it should not have been asked.

    A form that somebody changed or handed in while its next look was made is newer than that look: the conflict is wanted.
    """
    return [one for one in slack.refused if not any(why in one for why in ("hash_conflict", *foreseen))]


@pytest.fixture
def crew(tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock) -> Crew:
    slack.channels |= {name: Channel(name) for name in ("C0OPS", "C0TWO")}

    def make(change: Callable[[str], str] = with_operators, **how: Any) -> AbstractAsyncContextManager[Team]:
        return team(tmp_path, slack, sandbox, clock, change, **{"ping_interval": PING, **how})

    return make
