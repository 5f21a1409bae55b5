"""Forms in Slack, whole: the real Bolt app against the emulator, the real vendor clients against the sandbox."""

from datetime import timedelta

from bot.store import requests
from tests.acceptance.slack_team import Team

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


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
