"""Slack, whole: the real Bolt app against the emulator, the real vendor clients against the sandbox."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.contracts.chat import Post
from bot.contracts.errors import SetupError
from bot.contracts.message import Message
from bot.contracts.model import Place, State
from bot.running.demo import sandbox_config
from bot.store import requests
from integrations.sandbox import Sandbox
from tests.acceptance.slack_team import CONFIG, SUBMIT, Team, team, without_defaults
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import APP_TOKEN, BOT_TOKEN, SCOPES, Channel
from tests.stage import StageClock


async def test_submit_a_card_edited_in_place_and_the_result_in_its_thread(here: Team) -> None:
    delivery = await here.slack.slash(SUBMIT)
    assert await here.slack.acked(delivery) == {}
    card = await here.until("in review")

    await here.pass_time(timedelta(hours=4))
    news = await here.until("approved by aliyun")

    assert news["thread_ts"] == card["ts"]
    assert news["subtype"] == "thread_broadcast"
    assert "<@U0ALICE>" in str(news["text"])
    assert card["edits"]
    assert "ready" in str(card["text"])
    assert here.slack.count("chat.update") >= 1
    assert "U0ALICE" not in str(card["text"])  # who only waits is not pinged again


async def test_the_same_delivery_twice_acts_once(here: Team) -> None:
    delivery = await here.slack.slash(SUBMIT)
    again = await here.slack.redeliver(delivery)
    await here.slack.acked(delivery)
    await here.slack.acked(again)
    await here.until("in review")
    await here.slack.acked(await here.slack.redeliver(delivery))
    marker = await here.slack.mention("help")
    await here.slack.acked(marker)
    await here.until("sign submit")

    assert here.calls("CreateSmsSign") == 1
    assert sum("速达物流" in message["text"] for message in here.slack.said()) == 1


async def test_a_batch_to_three_vendors_is_one_card(here: Team) -> None:
    await here.slack.slash("sign submit all 速达物流 source=company")
    card = await here.until("at 3 vendors")

    assert "#1 aliyun" in str(card["text"])
    assert len([one for one in here.slack.said() if "thread_ts" not in one]) == 1


async def test_who_may_not_is_told_who_may(here: Team) -> None:
    here.slack.groups.clear()
    here.slack.users["U0CAROL"] = {**here.slack.users["U0BOB"], "id": "U0CAROL", "name": "carol"}
    await here.slack.slash(SUBMIT, user="U0CAROL")
    refusal = await here.until("You may not")

    assert "alice" in str(refusal["text"])
    assert here.calls("CreateSmsSign") == 0


async def test_a_member_of_a_user_group_has_its_role(here: Team) -> None:
    await here.slack.slash(SUBMIT, user="U0BOB")

    assert "bob" in str((await here.until("in review"))["text"])


async def test_outsiders_are_refused_whatever_they_press(here: Team) -> None:
    await here.slack.slash(SUBMIT)
    card = await here.until("in review")
    await here.slack.press("Details", card, user="U0EVE", team="T0OTHER")
    await here.until("I only serve people of this organisation")
    await here.slack.mention("status", user="U0EVE")
    await here.slack.until(lambda: sum("I only serve" in one["text"] for one in here.slack.said()) == 2)


async def test_a_button_answers_whoever_pressed_it_where_they_pressed(here: Team) -> None:
    await here.slack.slash(SUBMIT)
    card = await here.until("in review")
    await here.slack.press("Details", card)
    said = await here.slack.until(lambda: [one for one in here.slack.said() if one.get("only")])

    assert "#1" in said[0]["text"]
    assert said[0]["only"] == "U0ALICE"
    assert "thread_ts" not in said[0]
    assert "/sms" in said[0]["text"]

    await here.pass_time(timedelta(hours=4))
    news = await here.until("approved by aliyun")
    await here.slack.press("Details", news, user="U0BOB")
    said = await here.slack.until(lambda: [one for one in here.slack.said() if one.get("only") == "U0BOB"])
    assert said[0]["thread_ts"] == card["ts"]
    assert "/sms" not in said[0]["text"]  # Slack takes none in threads


async def test_who_types_wrong_or_looks_something_up_is_answered_alone(here: Team) -> None:
    for typed, answer in (("help", "sign submit"), ("sing submit", "Did you mean"), ("status", "Nothing is pending")):
        await here.slack.slash(typed)
        assert (await here.until(answer))["only"] == "U0ALICE"
    await here.slack.mention("status")
    await here.slack.until(lambda: len(here.slack.whispers) == 1)
    assert not here.slack.public()


async def test_whoever_cannot_be_answered_where_they_asked_is_answered_one_to_one(here: Team) -> None:
    here.slack.channels["C0SMS"].left.add("U0ALICE")
    await here.slack.mention("status")
    await here.until("Nothing is pending", "D0ALICE")
    here.slack.refused.clear()
    assert not here.slack.said()


async def test_a_mention_in_a_thread_is_answered_there(here: Team) -> None:
    await here.slack.slash(SUBMIT)
    card = await here.until("in review")
    await here.slack.mention("status #1", thread=str(card["ts"]))

    await here.slack.until(lambda: [one for one in here.slack.said() if one.get("thread_ts") == card["ts"]])


async def test_one_to_one_is_for_people_who_are_named(here: Team) -> None:
    await here.slack.dm("status")
    await here.until("#", "D0ALICE") if here.slack.find("#", "D0ALICE") else None
    await here.slack.until(lambda: here.slack.said("D0ALICE"))
    await here.slack.dm("status", user="U0BOB")
    await here.slack.until(lambda: here.slack.find("not on my list", "D0ALICE"))


async def test_where_the_bot_is_no_member_only_the_asker_is_answered(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    async with team(tmp_path, slack, sandbox, clock):
        await slack.slash("help", channel="C0OUT")
        answers = await slack.until(lambda: [body for uses in slack.responses.values() for body in uses])

    assert answers[0]["response_type"] == "ephemeral"
    assert "sign submit" in answers[0]["text"]


async def test_killed_between_vendor_and_post(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    """The vendor has it, the post arrived, its answer did not, and then the process ends: nothing is doubled."""
    slack.fail_next("chat.postMessage", "reset_after")
    async with team(tmp_path, slack, sandbox, clock) as first:
        await slack.slash(SUBMIT)
        card = await first.until("速达物流")
    async with team(tmp_path, slack, sandbox, clock) as second:
        await second.pass_time(timedelta(hours=4))
        news = await second.until("approved by aliyun")
        request = await second.bot.services.database.read(lambda db: requests.get(db, 1))
        calls = second.calls("CreateSmsSign")

    assert calls == 1
    assert request.state in (State.APPROVED, State.READY)
    assert news["thread_ts"] == card["ts"]
    cards = [one for one in slack.said() if "thread_ts" not in one and "速达物流" in one["text"]]
    assert [one["ts"] for one in cards] == [card["ts"]]


@pytest.mark.parametrize("kind", ["429", "500", "500_after", "reset", "reset_after", "internal_error"])
async def test_trouble_with_a_post_neither_loses_nor_doubles_it(here: Team, kind: str) -> None:
    here.slack.fail_next("chat.postMessage", kind)
    await here.slack.slash(SUBMIT)
    await here.until("in review")
    await here.pass_time(timedelta(minutes=20))

    assert len([one for one in here.slack.said() if "thread_ts" not in one]) == 1
    assert here.slack.refused in ([], ["chat.postMessage: 429"])


@pytest.mark.parametrize("kind", ["429", "500", "reset_after"])
async def test_trouble_with_an_answer_neither_loses_nor_doubles_it(here: Team, kind: str) -> None:
    here.slack.fail_next("chat.postMessage", kind)
    await here.slack.slash("help")
    await here.until("sign submit")
    await here.slack.slash("quota")
    await here.slack.until(lambda: len(here.slack.said()) >= 2)

    assert sum("sign submit" in one["text"] for one in here.slack.said()) == 1


async def test_deaf_connections_are_replaced(here: Team) -> None:
    before = here.slack.opened
    here.slack.go_deaf()
    await here.slack.until(lambda: here.slack.opened >= before + 2 and not here.slack.deaf, seconds=20)

    await here.slack.acked(await here.slack.slash("help"))
    await here.until("sign submit")


@pytest.mark.parametrize("how", [{}, {"reset": True}, {"reason": "refresh_requested"}])
async def test_a_lost_connection_comes_back_and_the_other_serves_meanwhile(here: Team, how: dict[str, object]) -> None:
    before = here.slack.opened
    await here.slack.drop_socket(**how)  # type: ignore[arg-type]
    await here.slack.until(lambda: here.slack.opened > before, seconds=20)
    await here.slack.until(lambda: len(here.slack.sockets) == 2, seconds=20)

    await here.slack.acked(await here.slack.slash("help"))
    await here.slack.acked(await here.slack.slash("help"))
    async with asyncio.timeout(20):
        while here.chat.failing:  # the watchdog looks every half ping
            await here.slack.acked(await here.slack.slash("nonsense"))


async def test_a_refused_ticket_does_not_end_it(here: Team) -> None:
    """The SDK would try the same used-up address for ever."""
    here.slack.bad_tickets = 1
    before = here.slack.opened
    await here.slack.drop_socket(reset=True)
    await here.slack.until(lambda: here.slack.opened > before and len(here.slack.sockets) == 2, seconds=30)


@pytest.mark.parametrize(
    ("change", "scopes", "words"),
    [
        ((BOT_TOKEN, "xoxb-wrong"), SCOPES, "bot_token: Slack does not know it"),
        ((APP_TOKEN, "xapp-wrong"), SCOPES, "app_token: Slack does not know it"),
        ((BOT_TOKEN, APP_TOKEN), SCOPES, "bot_token: it is of the wrong kind (not_allowed_token_type): copy it from"),
        (("", ""), SCOPES.replace("chat:write,", ""), "chat:write (posting and editing messages)"),
    ],
)
async def test_a_wrong_token_or_a_missing_scope_is_said_at_start(
    tmp_path: Path, sandbox: Sandbox, clock: StageClock, change: tuple[str, str], scopes: str, words: str
) -> None:
    async with Slack(scopes=scopes) as slack:
        with pytest.raises(SetupError) as caught:
            async with team(tmp_path, slack, sandbox, clock, lambda text: text.replace(*change) if change[0] else text):
                pass

    assert words in str(caught.value)
    assert "xoxb-wrong" not in str(caught.value)


async def test_500_commands_at_once_are_all_acknowledged(here: Team) -> None:
    deliveries = [await here.slack.slash("nonsense") for _ in range(500)]
    for delivery in deliveries:
        await here.slack.acked(delivery)

    assert all(delivery.acked for delivery in deliveries)


@pytest.mark.parametrize("edits", [False, True])
async def test_nothing_is_posted_or_edited_while_something_waits_for_its_acknowledgement(
    here: Team, edits: bool
) -> None:
    def post(text: str) -> Post:
        return Post(Place("slack", "C0SMS"), Message(title=(text,)), "en", f"key:{text}")

    message = await here.chat.post(post("first"))
    before = len(here.slack.calls)
    with here.chat._unacknowledged.delivery():
        saying = asyncio.create_task(
            here.chat.edit(message, post("second")) if edits else here.chat.post(post("second"))
        )
        for _ in range(50):
            await asyncio.sleep(0)
        assert len(here.slack.calls) == before
    await saying
    assert here.slack.find("second")


async def test_a_flooded_channel_holds_up_no_other(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    flooded = ["C0SMS", *(f"C0FLOOD{number}" for number in range(3))]
    others = [f"C0CALM{number}" for number in range(5)]
    slack.channels |= {name: Channel(name) for name in (*flooded[1:], *others)}
    listed = "".join(f'\n[[conversation]]\nplatform = "slack"\nid = "{one}"\n' for one in (*flooded[1:], *others))

    # One message in nine seconds: each flooded channel is answered once, its other answers wait for their turn here.
    def asks(text: str) -> str:
        return without_defaults(text) + listed

    async with team(tmp_path, slack, sandbox, clock, asks, per_channel=9.0):
        for number in range(200):
            # A question is for everybody, and waits for its turn in the channel.
            await slack.mention(f"sign submit ucloud 速达{number}", channel=flooded[number % len(flooded)])
        for one in others:
            await slack.slash("help", channel=one)
            await slack.until(lambda one=one: slack.said(one))
        assert sum(len(slack.said(one)) for one in flooded) < 200, "the flood was still there"
    assert not slack.refused


# --- Around it -------------------------------------------------------------------------------------------------------


async def test_run_starts_slack_and_environment_variables_of_slack_change_nothing(
    tmp_path: Path, slack: Slack, sandbox: Sandbox
) -> None:
    """With a client id and secret in the environment Bolt would drop the token; a proxy would swallow loopback."""
    config = tmp_path / "config.toml"
    config.write_text(
        sandbox_config(sandbox) + CONFIG.replace("BASE_URL", slack.base_url),
        encoding="utf-8",
    )
    nowhere = "http://127.0.0.1:9"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        "--config",
        str(config),
        env={
            "PATH": "",
            "SLACK_CLIENT_ID": "1.2",
            "SLACK_CLIENT_SECRET": "x",
            "SLACK_BOT_TOKEN": "xoxb-other",
            "HTTPS_PROXY": nowhere,
        },
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        await slack.until(lambda: len(slack.sockets) == 2, seconds=20)
        await slack.acked(await slack.slash("help"))
        await slack.until(lambda: slack.find("sign submit"))
    finally:
        process.terminate()
        _, errors = await asyncio.wait_for(process.communicate(), 15)

    assert process.returncode == 0
    assert b"xoxb" not in errors
    assert b"xapp" not in errors
    assert b"/respond/" not in errors
    assert b"will be unused" not in errors, "what the library tells its own developers"
