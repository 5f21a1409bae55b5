"""How people fill in a form in Slack: opened, step by step, handed in."""

from collections.abc import Mapping
from typing import Any

from bot.contracts.model import Request
from bot.store import requests
from tests.acceptance.slack_team import Team
from tests.made_files import png

PNG = png()
ANSWERS = {"source": "company", "remark": "Order notices, https://suda.example"}


async def opened(here: Team, *keys: str) -> str:
    """Wait for a form that asks for these keys; returns the view's id."""

    def found() -> str | None:
        shown = (view_id for view_id, view in here.slack.views.items() if "submit" in view)
        return next((one for one in shown if set(keys) <= set(asked(here, one))), None)

    return str(await here.slack.until(found))


async def pressed(here: Team, label: str) -> str:
    await here.slack.acked(await here.slack.press(label))
    return await opened(here)


def asked(here: Team, view_id: str) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block for block in here.slack.views[view_id]["blocks"] if block["type"] == "input"}


def shown(here: Team, view_id: str) -> str:
    """What a form says, without its inputs."""
    blocks = here.slack.views[view_id]["blocks"]
    texts = [block["text"] for block in blocks if block["type"] == "section"]
    texts += [text for block in blocks if block["type"] == "context" for text in block["elements"]]
    return "\n".join(text["text"] for text in texts)


async def handed_in(
    here: Team, view_id: str, values: Mapping[str, Any], files: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, Any]:
    """Fill in one step, as far as it asks for these, and hand it in; returns the acknowledgement."""
    keys = asked(here, view_id)
    return await here.slack.acked(
        await here.slack.submit_view(
            view_id,
            {key: value for key, value in values.items() if key in keys},
            files={key: given for key, given in (files or {}).items() if key in keys},
        )
    )


async def through(
    here: Team, view_id: str, values: Mapping[str, Any], files: Mapping[str, tuple[str, ...]] | None = None
) -> None:
    """Go through all steps, until nothing is asked any more."""
    while view_id in here.slack.views and "submit" in here.slack.views[view_id]:
        ack = await handed_in(here, view_id, values, files)
        assert ack.get("response_action") != "errors", ack


async def request(here: Team, number: int) -> Request:
    return await here.bot.services.database.read(lambda db: requests.get(db, number))
