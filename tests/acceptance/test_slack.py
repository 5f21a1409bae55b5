"""Slack, whole: the real Bolt app against the emulator, the real vendor clients against the sandbox."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import ACCOUNTS, Bot, running
from bot.config import parse
from bot.demo import sandbox_config
from bot.doctor import examine
from bot.errors import SetupError
from bot.model import State
from bot.ports import Chat
from bot.store import requests
from integrations.sandbox import Sandbox
from integrations.slack.client import Slack as SlackChat
from tests.emulators.slack import APP_TOKEN, BOT_TOKEN, SCOPES, Slack
from tests.stage import StageClock

CONFIG = f"""
[slack]
bot_token = "{BOT_TOKEN}"
app_token = "{APP_TOKEN}"
base_url = "BASE_URL"

[[conversation]]
platform = "slack"
id = "C0SMS"
topics = ["reviews", "alerts", "operator"]

[[conversation]]
platform = "slack"
id = "C0OUT"
topics = []

[[person]]
name = "alice"
slack = "U0ALICE"
role = "approver"

[[group]]
slack = "S0SMS"
role = "submitter"
"""
SUBMIT = "sign submit aliyun 速达物流 source=company"
PING = 0.2
"""Seconds between pings: every bound of the connections' healing is a multiple of it."""


class Team:
    """The bot, the workspace and the vendors."""

    def __init__(self, bot: Bot, slack: Slack, chat: SlackChat, sandbox: Sandbox, clock: StageClock) -> None:
        self.bot, self.slack, self.chat, self.sandbox, self.clock = bot, slack, chat, sandbox, clock

    async def work(self) -> None:
        for _ in range(3):
            await self.bot.tick()

    async def pass_time(self, span: timedelta, *, step: timedelta = timedelta(minutes=10)) -> None:
        left = span
        while left > timedelta(0):
            self.clock.move(min(step, left))
            left -= step
            await self.work()

    async def until(self, part: str, channel: str = "C0SMS") -> dict[str, object]:
        """Wait until a message with this part has been said."""

        async def working() -> None:
            while True:
                await self.work()
                self.clock.move(timedelta(seconds=5))
                await asyncio.sleep(0)

        task = asyncio.create_task(working())
        try:
            return await self.slack.until(lambda: self.slack.find(part, channel))
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def calls(self, action: str) -> int:
        return sum(1 for call in self.sandbox.calls if call.action == action)


@contextlib.asynccontextmanager
async def team(
    folder: Path,
    slack: Slack,
    sandbox: Sandbox,
    clock: StageClock,
    change: Callable[[str], str] = lambda text: text,
) -> AsyncIterator[Team]:
    config = sandbox_config(sandbox, demo=False).replace("http_listen", "# http_listen")
    text = change(config + CONFIG.replace("BASE_URL", slack.base_url))
    settings = parse(text, accounts=ACCOUNTS, environ={}, base=folder)
    assert settings.slack is not None
    chat = SlackChat(settings.slack, language=lambda _: "en", groups=["S0SMS"], per_channel=0.0, ping_interval=PING)

    def chats(_: Callable[[], Bot]) -> Sequence[Chat]:
        return [chat]

    async with running(settings, clock=clock, chats=chats, data_dir=folder, ticking=False) as bot:
        yield Team(bot, slack, chat, sandbox, clock)


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
    async with Sandbox(now=clock.now) as sandbox:
        yield sandbox


@pytest.fixture
async def here(tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock) -> AsyncIterator[Team]:
    async with team(tmp_path, slack, sandbox, clock) as team_:
        yield team_
    assert not [one for one in slack.refused if "429" not in one], slack.refused


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


async def test_a_button_answers_in_the_cards_thread(here: Team) -> None:
    await here.slack.slash(SUBMIT)
    card = await here.until("in review")
    await here.slack.press("Details", card)
    said = await here.slack.until(lambda: [one for one in here.slack.said() if one.get("thread_ts") == card["ts"]])

    assert "#1" in said[0]["text"]
    assert "subtype" not in said[0]


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
        ((BOT_TOKEN, APP_TOKEN), SCOPES, "bot_token: it is of the wrong kind"),
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


# --- Forms -----------------------------------------------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
DEFAULTS = "defaults = {"


def without_defaults(text: str) -> str:
    """Accounts that fill in nothing by themselves, so that there is something to ask."""
    return "\n".join(line for line in text.splitlines() if not line.startswith(DEFAULTS))


@pytest.fixture
async def asking(tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock) -> AsyncIterator[Team]:
    async with team(tmp_path, slack, sandbox, clock, without_defaults) as team_:
        yield team_
    assert not slack.refused, slack.refused


async def opened(here: Team, label: str) -> str:
    await here.slack.acked(await here.slack.press(label))
    view = await here.slack.until(
        lambda: next((one for one in here.slack.views.values() if "submit" in one and "seen" not in one), None)
    )
    view["seen"] = True
    return str(view["id"])


def asked(here: Team, view_id: str) -> dict[str, dict[str, object]]:
    return {block["block_id"]: block for block in here.slack.views[view_id]["blocks"]}


async def test_a_form_with_a_file_for_what_is_missing(asking: Team) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    await asking.until("more to fill in")
    view_id = await opened(asking, "Fill in")
    fields = asked(asking, view_id)
    assert fields["name"]["element"]["initial_value"] == "速达物流"  # type: ignore[index]
    assert not fields["source"]["optional"]

    file = asking.slack.add_file("licence.png", PNG)
    values = {"source": "company", "remark": "Order notices, https://suda.example"}
    ack = await asking.slack.acked(await asking.slack.submit_view(view_id, values, files={"paper": (file,)}))
    assert ack == {}
    await asking.until("in review")

    assert asking.sandbox.calls[-1].vendor == "ucloud"
    request = await asking.bot.services.database.read(lambda db: requests.get(db, 1))
    assert [paper["name"] for paper in request.papers] == ["licence.png"]
    assert request.values["source"] == "company"


async def test_faults_stand_under_their_fields_and_what_was_typed_survives(asking: Team) -> None:
    await asking.slack.slash("sign submit tencent 速达物流")
    await asking.until("more to fill in")
    view_id = await opened(asking, "Fill in")
    file = asking.slack.add_file("licence.png", PNG)
    asking.slack.files[file].content = PNG + b"\0" * (9 * 1024 * 1024)

    ack = await asking.slack.acked(
        await asking.slack.submit_view(view_id, {"source": "company", "name": "a\u202eb"}, files={"paper": (file,)})
    )
    assert ack["response_action"] == "errors"
    assert {"name", "paper"} <= set(ack["errors"])

    asking.slack.files[file].content = PNG
    again = await asking.slack.submit_view(view_id, {"name": "速达物流"}, files={"paper": (file,)})
    assert await asking.slack.acked(again) == {}
    await asking.until("in review")
    request = await asking.bot.services.database.read(lambda db: requests.get(db, 1))
    assert request.values["source"] == "company"


async def test_one_form_for_several_vendors_asks_shared_fields_once(asking: Team) -> None:
    await asking.slack.slash("sign submit tencent,ucloud 速达物流")
    await asking.until("more to fill in")
    view_id = await opened(asking, "Fill in")
    keys = [block["block_id"] for block in asking.slack.views[view_id]["blocks"]]
    assert len(keys) == len(set(keys))

    file = asking.slack.add_file("licence.png", PNG)
    delivery = await asking.slack.submit_view(
        view_id, {"source": "company", "remark": "Notices"}, files={"paper": (file,)}
    )
    assert await asking.slack.acked(delivery) == {}
    await asking.slack.acked(await asking.slack.redeliver(delivery))
    await asking.until("#1 tencent: in review")
    await asking.until("#2 ucloud: in review")

    assert asking.calls("AddSmsSign") == 1
    assert asking.calls("CreateUSMSSignature") == 1


async def test_a_choice_brings_the_fields_that_depend_on_it(asking: Team) -> None:
    await asking.slack.slash("sign submit tencent 速达物流")
    await asking.until("more to fill in")
    view_id = await opened(asking, "Fill in")
    assert "letter" not in asked(asking, view_id)

    await asking.slack.acked(await asking.slack.choose(view_id, "purpose", "other"))
    await asking.slack.until(lambda: "letter" in asked(asking, view_id))


async def test_a_file_that_the_app_may_not_read_is_said_and_nothing_is_sent(asking: Team) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    await asking.until("more to fill in")
    view_id = await opened(asking, "Fill in")
    file = asking.slack.add_file("licence.png", PNG, readable=False)
    await asking.slack.submit_view(view_id, {"source": "company", "remark": "x"}, files={"paper": (file,)})
    await asking.slack.until(lambda: asking.slack.count("chat.postEphemeral"))

    _, params = next(one for one in asking.slack.calls if one[0] == "chat.postEphemeral")
    assert "files:read" in params["text"]
    assert not [call for call in asking.sandbox.calls if call.action == "CreateUSMSSignature"]


async def test_rejected_then_fixed_from_the_button(here: Team) -> None:
    await here.slack.slash("sign submit tencent 测试 source=company")
    await here.until("in review")
    await here.pass_time(timedelta(hours=4))
    news = await here.until("rejected by tencent")
    assert "<@U0ALICE>" in str(news["text"])

    await here.slack.press("Fix and resubmit", news)
    view = await here.slack.until(lambda: next((one for one in here.slack.views.values() if "submit" in one), None))
    assert await here.slack.acked(await here.slack.submit_view(view["id"], {"name": "速达物流"})) == {}
    await here.until("速达物流 at tencent: in review")
    await here.pass_time(timedelta(hours=4))
    await here.until("速达物流 approved by tencent")


async def test_a_form_does_not_ask_for_what_the_vendor_cannot_change(here: Team) -> None:
    await here.slack.slash("sign submit aliyun 测试 source=company")
    await here.until("in review")
    await here.pass_time(timedelta(hours=4))
    await here.until("rejected by aliyun")
    view_id = await opened(here, "Fix and resubmit")

    assert "name" not in asked(here, view_id)


# --- Around it -------------------------------------------------------------------------------------------------------


async def test_the_doctor_looks_at_every_step_of_the_guide(tmp_path: Path, slack: Slack, sandbox: Sandbox) -> None:
    slack.channels["C0OLD"].archived = True
    text = (sandbox_config(sandbox) + CONFIG.replace("BASE_URL", slack.base_url)).replace(
        'id = "C0OUT"', 'id = "C0OUT"\n\n[[conversation]]\nplatform = "slack"\nid = "C0OLD"'
    )
    settings = parse(text, accounts=ACCOUNTS, environ={}, base=tmp_path)
    said: list[str] = []

    assert await examine(settings, said.append) == 1
    lines = [line for line in said if "slack" in line]
    assert "✓ slack: bot token: workspace T0HOME, user U0BOT" in lines
    assert "✓ slack: C0SMS: the app is a member" in lines
    assert "✗ slack: C0OUT: the app is not in this channel: /invite it there" in lines
    assert "✗ slack: C0OLD: this channel is archived" in lines


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
