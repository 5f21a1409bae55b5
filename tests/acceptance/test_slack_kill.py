"""A real process is killed between a vendor's yes and the post in Slack: nothing is doubled, nothing is lost.

The program runs as users run it, against the emulated workspace and the sandbox, which both stay. What was under way
when it was killed comes again after the restart, as Slack may deliver it again.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox import Fault, Sandbox
from tests.acceptance.slack_team import CONFIG, SUBMIT, without_defaults
from tests.acceptance.test_kill import CREATE, House
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import Delivery
from tests.made_files import png

PNG = png()
PATIENCE = 120.0  # seconds for what takes a few: a bound for what never comes, however busy the machine is

pytestmark = pytest.mark.timeout(300)


class Shop(House):
    """A house with a workspace."""

    def __init__(self, sandbox: Sandbox, folder: Path, slack: Slack) -> None:
        super().__init__(sandbox, folder)
        self.slack = slack
        config = folder / "config.toml"
        config.write_text(config.read_text() + CONFIG.replace("BASE_URL", slack.base_url))

    def ask_for_everything(self) -> None:
        """No account fills in anything by itself."""
        config = self.folder / "config.toml"
        config.write_text(without_defaults(config.read_text()))

    def cards(self) -> list[dict[str, Any]]:
        return [one for one in self.slack.said() if "thread_ts" not in one]

    def tried(self) -> list[dict[str, Any]]:
        return [params for method, params in self.slack.calls if method == "chat.postMessage"]

    async def killed_over_a_post(self, how: str, delivery: Delivery, process: Any) -> None:
        """Kill the process while Slack keeps it waiting for the answer to what it posts."""
        await self.slack.acked(delivery)
        await self.slack.until(lambda: self.slack.count("chat.postMessage"), seconds=PATIENCE)
        assert len(self.cards()) == (how == "hang_after")
        await self.kill(process)

    async def again(self, *deliveries: Delivery) -> None:
        """Start again, have these delivered again, and end well: what was begun is then done."""
        process = await self.run()
        await self.slack.until(lambda: len(self.slack.sockets) == 2, seconds=PATIENCE)
        await self.slack.until(lambda: self.slack.find("in review"), seconds=PATIENCE)
        for delivery in deliveries:
            await self.slack.acked(await self.slack.redeliver(delivery))
            await self.slack.acked(await self.slack.redeliver(delivery))
        await self.slack.acked(await self.slack.slash("help"))
        await self.slack.until(lambda: self.slack.find("sign submit"), seconds=PATIENCE)
        await self.terminate(process)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    async with Sandbox(limits=False) as sandbox, Slack() as slack:
        slack.groups["S0SMS"] = []
        shop = Shop(sandbox, tmp_path, slack)
        try:
            yield shop
        finally:
            await shop.close()
        # A form that has closed by itself is not shown again by a delivery that comes twice.
        assert not [one for one in slack.refused if "views.update: not_found" not in one], slack.refused


WAYS = pytest.mark.parametrize("how", ["hang", "hang_after"], ids=["not posted", "posted"])


@WAYS
async def test_a_command(shop: Shop, how: str) -> None:
    process = await shop.run()
    shop.slack.fail_next("chat.postMessage", how)
    delivery = await shop.slack.slash(SUBMIT)
    await shop.killed_over_a_post(how, delivery, process)
    assert shop.accepted("signature") == [1, 0, 0]

    await shop.again(delivery)
    (card,) = [one for one in shop.cards() if "#1" in one["text"]]
    assert "in review" in card["text"]
    assert card["metadata"]["event_payload"]["key"] == "card:batch:1"
    assert not [one for one in shop.cards() if "#2" in one["text"]]
    assert shop.accepted("signature") == shop.called("signature") == [1, 0, 0]
    assert shop.states() == ["in_review"]
    assert shop.rows("SELECT 1 FROM notices WHERE state <> 'sent'") == []


@WAYS
async def test_a_button(shop: Shop, how: str) -> None:
    shop.sandbox.faults.next("ucloud", Fault.RESET_BEFORE, CREATE["template"]["ucloud"])
    process = await shop.run()
    text = 'template submit ucloud 登录验证码 type=otp content="您的验证码是${code}，请尽快填写。"'
    await shop.slack.acked(await shop.slack.slash(text))
    question = await shop.slack.until(
        lambda: next((one for one in shop.slack.said() if _asks(one)), None), seconds=PATIENCE
    )
    assert shop.accepted("template") == [0, 0, 0]

    before = len(shop.slack.said())
    shop.slack.fail_next("chat.postMessage", how)
    shop.slack.fail_next("chat.update", how)
    delivery = await shop.slack.press("It is not there, send again", question)
    await shop.slack.acked(delivery)
    await shop.until(lambda: shop.states() == ["in_review"])
    await shop.slack.until(lambda: shop.slack.count("chat.update") or len(shop.tried()) > before, seconds=PATIENCE)
    await shop.kill(process)

    shop.slack.mend("chat.postMessage")
    shop.slack.mend("chat.update")
    await shop.again(delivery)
    assert shop.accepted("template") == [0, 0, 1]
    assert shop.called("template") == [0, 0, 2]
    assert shop.states() == ["in_review"]
    assert len(shop.cards()) <= before + 1 + 1  # the help, and at most what was on its way


@WAYS
async def test_a_form(shop: Shop, how: str) -> None:
    shop.ask_for_everything()
    process = await shop.run()
    await shop.slack.acked(await shop.slack.slash("sign submit ucloud 速达物流"))
    view_id = str(
        await shop.slack.until(lambda: next((one for one, view in shop.slack.views.items() if "submit" in view), None))
    )
    shop.slack.fail_next("chat.postMessage", how)
    file = shop.slack.add_file("licence.png", PNG)
    values = {"source": "company", "remark": "Order notices, https://suda.example"}
    delivery: Delivery | None = None
    while "submit" in shop.slack.views.get(view_id, {}):
        blocks = shop.slack.views[view_id]["blocks"]
        asked = {block["block_id"] for block in blocks if block["type"] == "input"}
        delivery = await shop.slack.submit_view(
            view_id,
            {key: value for key, value in values.items() if key in asked},
            files={"paper": (file,)} if "paper" in asked else {},
        )
        assert "errors" not in await shop.slack.acked(delivery)
    assert delivery is not None
    await shop.killed_over_a_post(how, delivery, process)
    assert shop.accepted("signature") == [0, 0, 1]

    await shop.again(delivery)
    assert len([one for one in shop.cards() if "速达物流" in one["text"]]) == 1
    assert shop.accepted("signature") == shop.called("signature") == [0, 0, 1]
    assert shop.states() == ["in_review"]


def _asks(message: dict[str, Any]) -> bool:
    return any("send again" in str(block) for block in message.get("blocks") or [])
