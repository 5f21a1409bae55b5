"""The emulator refuses of views what Slack refuses; otherwise the tests of forms would prove little."""

import copy
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack.rules import Invalid, check_errors, check_view
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import BOT_TOKEN

VIEW: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Signature"},
    "submit": {"type": "plain_text", "text": "Submit"},
    "close": {"type": "plain_text", "text": "Cancel"},
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "value", "max_length": 20},
        },
        {
            "type": "input",
            "block_id": "accounts",
            "label": {"type": "plain_text", "text": "Accounts"},
            "element": {
                "type": "multi_static_select",
                "action_id": "value",
                "options": [{"text": {"type": "plain_text", "text": one}, "value": one} for one in "abc"],
            },
        },
        {
            "type": "actions",
            "elements": [{"type": "button", "action_id": "back", "text": {"type": "plain_text", "text": "Back"}}],
        },
    ],
}


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    view = copy.deepcopy(VIEW)
    change(view)
    return view


def test_what_slack_takes() -> None:
    check_view(VIEW)


@pytest.mark.parametrize(
    "change",
    [
        lambda view: view.pop("title"),
        lambda view: view.pop("submit"),
        lambda view: view.update(title={"type": "plain_text", "text": "x" * 25}),
        lambda view: view.update(private_metadata="x" * 3001),
        lambda view: view.update(callback_id="x" * 256),
        lambda view: view.update(blocks=[]),
        lambda view: view["blocks"].extend([{"type": "divider"}] * 98),
        lambda view: view["blocks"].append({"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}),
        lambda view: view["blocks"][1].update(block_id="name"),
        lambda view: view["blocks"][0].update(block_id="x" * 256),
        lambda view: view["blocks"][0].update(hint={"type": "mrkdwn", "text": "a"}),
        lambda view: view["blocks"][0].update(element=view["blocks"][2]["elements"][0]),
        lambda view: view["blocks"][0]["element"].update(initial_value="x" * 21),
        lambda view: view["blocks"][0]["element"].update(max_length=3001),
        lambda view: view["blocks"][1]["element"].update(initial_options=[]),
        lambda view: view["blocks"][1]["element"].update(
            options=[{"text": {"type": "plain_text", "text": "x" * 76}, "value": "a"}]
        ),
        lambda view: view["blocks"][1]["element"].update(
            options=[{"text": {"type": "plain_text", "text": str(one)}, "value": str(one)} for one in range(101)]
        ),
        lambda view: view["blocks"][1]["element"].update(
            type="checkboxes",
            options=[{"text": {"type": "plain_text", "text": str(one)}, "value": str(one)} for one in range(11)],
        ),
        lambda view: view["blocks"][2]["elements"].append({"type": "file_input", "action_id": "file"}),
        lambda view: view["blocks"][0].update(
            element={"type": "file_input", "action_id": "file", "filetypes": [".png"]}
        ),
        lambda view: view["blocks"][0].update(element={"type": "file_input", "action_id": "file", "max_files": 11}),
    ],
)
def test_what_slack_refuses(change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(Invalid):
        check_view(changed(change))


def test_errors_belong_to_inputs() -> None:
    check_errors({"name": "too long"}, VIEW)
    for errors in ({}, {"other": "x"}, {"name": ""}, {"name": ["x"]}, None):
        with pytest.raises(Invalid):
            check_errors(errors, VIEW)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as slack:
        yield slack


def client(slack: Slack) -> AsyncWebClient:
    return AsyncWebClient(token=BOT_TOKEN, base_url=slack.base_url)


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_a_trigger_opens_one_view_and_not_for_long(slack: Slack) -> None:
    web = client(slack)
    trigger = slack._trigger()
    await web.views_open(trigger_id=trigger, view=VIEW)

    assert await refused(web.views_open(trigger_id=trigger, view=VIEW)) == "exchanged_trigger_id"
    assert await refused(web.views_open(trigger_id="made up", view=VIEW)) == "invalid_trigger_id"
    slack.expire_triggers()
    assert await refused(web.views_open(trigger_id=slack._trigger(), view=VIEW)) == "expired_trigger_id"


async def test_a_stale_update_is_refused_and_what_was_typed_stays_with_its_block(slack: Slack) -> None:
    web = client(slack)
    opened = (await web.views_open(trigger_id=slack._trigger(), view=VIEW))["view"]
    slack.fill_in(opened["id"], {"name": "typed", "accounts": ("a",)})
    shorter = changed(lambda view: view["blocks"].pop(1))
    await web.views_update(view_id=opened["id"], view=shorter, hash=opened["hash"])

    assert await refused(web.views_update(view_id=opened["id"], view=VIEW, hash=opened["hash"])) == "hash_conflict"
    assert await refused(web.views_update(view_id="V0", view=VIEW)) == "not_found"
    assert list(slack.views[opened["id"]]["state"]["values"]) == ["name"]
