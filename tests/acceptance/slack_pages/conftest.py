"""Fixture of the pages in Slack: a team with more people."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from integrations.sandbox import Sandbox
from tests.acceptance.slack_pages.pages import with_more_people
from tests.acceptance.slack_team import Team, team
from tests.emulators.slack.server import Slack
from tests.stage import StageClock


@pytest.fixture
async def here(tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock) -> AsyncIterator[Team]:
    for name in ("root", "carol"):
        user = f"U0{name.upper()}"
        slack.users[user] = {**slack.users["U0BOB"], "id": user, "name": name, "profile": {"display_name": name}}
    async with team(tmp_path, slack, sandbox, clock, with_more_people) as team_:
        yield team_
    assert not slack.refused, slack.refused
