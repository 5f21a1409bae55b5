"""What stands in the record for a page in Slack, and how the page is read."""

from typing import Any

from bot.contracts.model import Actor, Kind, Place, State
from bot.store import requests
from tests.acceptance.slack_team import Team
from tests.emulators.slack.team import TEAM

ALICE = Actor("slack", "U0ALICE", team=TEAM, name="alice")

PEOPLE = """
[[person]]
name = "bob"
slack = "U0BOB"
role = "viewer"

[[person]]
name = "root"
slack = "U0ROOT"
role = "admin"
"""


def with_more_people(text: str) -> str:
    return text + PEOPLE


async def store(
    here: Team,
    count: int = 1,
    *,
    state: State = State.REJECTED,
    actor: Actor = ALICE,
    name: str = "速达物流",
    account: str = "aliyun",
    kind: Kind = Kind.SIGNATURE,
    reason: str = "",
) -> None:
    """Put requests into the record as they would stand there after a while."""
    now = here.clock.now()

    def write(db: Any) -> None:
        new = [requests.NewRequest(account, "alibaba", {"name": name}, (), state, reason)]
        for turn in range(count):
            origin = f"test:{name}:{state}:{actor.user}:{account}:{kind}:{turn}"
            place = Place("slack", "C0SMS")
            requests.create_batch(db, origin=origin, kind=kind, name=name, actor=actor, place=place, new=new, now=now)

    await here.bot.services.database.write(write)


def labels(view: dict[str, Any]) -> list[str]:
    return [
        element["text"]["text"]
        for block in view["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    ]


def parts(block: dict[str, Any]) -> list[dict[str, Any]]:
    if block["type"] != "rich_text":
        return []
    sections = [
        item
        for element in block["elements"]
        for item in (element["elements"] if element["type"] == "rich_text_list" else [element])
    ]
    return [part for section in sections for part in section["elements"]]
