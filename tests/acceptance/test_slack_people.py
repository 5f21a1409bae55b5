"""Who people are in Slack: members of user groups, outsiders, colleagues of the same organisation."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from integrations.sandbox import Sandbox
from integrations.slack.people import GROUPS_STALE
from tests.acceptance.slack_crew import OFTEN, Crew, Seconds, reviewed
from tests.acceptance.slack_team import SUBMIT, Team, team, without_defaults
from tests.emulators.slack.server import Slack
from tests.made_files import png
from tests.stage import StageClock

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
        file = slack.add_file("licence.png", png())
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
        await slack.until(lambda: [one for one in slack.said() if one.get("only") == "W0CARA"])
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
