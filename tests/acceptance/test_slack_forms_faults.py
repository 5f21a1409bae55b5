"""Faults in forms in Slack: where they stand, and what survives them."""

import pytest

from bot.contracts.model import State
from tests.acceptance.slack_forms import ANSWERS, PNG, asked, handed_in, opened, request, shown, through
from tests.acceptance.slack_team import Team
from tests.made_files import ERROR_PAGE, picture


async def test_faults_stand_under_their_fields_and_what_was_typed_survives(asking: Team) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    file = asking.slack.add_file("licence.png", PNG + b"\0" * (9 * 1024 * 1024))

    ack = await handed_in(asking, view_id, {"source": "company", "name": "a\u202eb"}, {"paper": (file,)})
    assert ack["response_action"] == "errors"
    assert set(ack["errors"]) == {"name", "paper"}

    asking.slack.files[file].content = PNG
    await through(asking, view_id, {"name": "速达物流", "remark": "Notices"}, {"paper": (file,)})
    await asking.until("in review")
    assert (await request(asking, 1)).values["source"] == "company"


@pytest.mark.parametrize(
    ("name", "content", "count", "says"),
    [
        ("licence.docx", PNG, 1, "is not one of jpg, png"),
        ("licence.png", PNG + b"\0" * (5 * 1024 * 1024), 1, "is too large"),
    ],
)
async def test_files_are_checked_within_the_acknowledgement(
    asking: Team, name: str, content: bytes, count: int, says: str
) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    files = tuple(asking.slack.add_file(name, content) for _ in range(count))
    ack = await handed_in(asking, view_id, {"source": "company"}, {"paper": files})

    assert says in ack["errors"]["paper"]
    assert not asking.slack.count("files.info")


@pytest.mark.parametrize(
    ("content", "readable", "says"),
    [
        (PNG, False, "files:read"),
        (ERROR_PAGE, True, "is a web page, perhaps one that reports an error; download the file again"),
        (b"%PDF-1.7 not a picture", True, "is damaged or ends early (a PDF document)"),
        (picture("WEBP"), True, "licence.png is a WebP picture; save it as jpg, png or pdf"),
        (PNG[:30], True, "is damaged or ends early (a PNG picture)"),
        (b"", True, "is empty"),
    ],
)
async def test_a_file_that_turns_out_wrong_leads_back_to_its_step_and_nothing_is_lost(
    asking: Team, content: bytes, readable: bool, says: str
) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    file = asking.slack.add_file("licence.png", content, readable=readable)
    await handed_in(asking, view_id, ANSWERS, {"paper": (file,)})
    await opened(asking, "remark")
    ack = await handed_in(asking, view_id, ANSWERS)
    assert ack["response_action"] == "update"
    await asking.slack.until(lambda: says in shown(asking, view_id))
    fields = asked(asking, view_id)
    assert fields["source"]["element"]["initial_option"]["value"] == "company"
    assert not fields["paper"]["optional"]
    assert not [call for call in asking.sandbox.calls if call.action == "CreateUSMSSignature"]
    draft = await request(asking, 1)
    assert draft.state is State.DRAFT
    assert draft.values["remark"] == ANSWERS["remark"]

    good = asking.slack.add_file("licence.png", PNG)
    await through(asking, view_id, {}, {"paper": (good,)})
    await asking.until("in review")
    assert (await request(asking, 1)).values["remark"] == ANSWERS["remark"]


@pytest.mark.parametrize("name", ["licence.jpg", "LICENCE.JPEG", "营业执照", "licence.png.heic"])
async def test_a_picture_is_taken_whatever_picture_it_is_named(asking: Team, name: str) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    await through(asking, view_id, ANSWERS, {"paper": (asking.slack.add_file(name, PNG),)})
    await asking.until("in review")

    (paper,) = (await request(asking, 1)).papers
    assert paper["name"].endswith(".png")


async def test_a_stub_of_a_file_is_asked_for_more(asking: Team) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    file = asking.slack.add_file("licence.png", PNG, stub=True)
    await through(asking, view_id, ANSWERS, {"paper": (file,)})
    await asking.until("in review")

    assert [paper["name"] for paper in (await request(asking, 1)).papers] == ["licence.png"]


async def test_what_went_wrong_after_the_form_was_closed_is_told_to_whoever_closed_it(
    asking: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    file = asking.slack.add_file("licence<!channel>.png", PNG, readable=False)
    await handed_in(asking, view_id, {"source": "company"}, {"paper": (file,)})
    await opened(asking, "remark")
    monkeypatch.setattr("integrations.slack.modals.ANSWER_SECONDS", 0.0)  # it took too long to be answered in time
    asking.slack.fail_next("views.update", "not_found")
    await handed_in(asking, view_id, {"remark": "Notices"})
    await asking.slack.until(lambda: asking.slack.whispers)

    said = asking.slack.whispers[0]["text"]
    assert "files:read" in said
    assert "<!channel>" not in said
    assert "Kept as draft #1" in said
    assert "`/sms edit #1`" in said
    assert asking.slack.whispers[0]["user"] == "U0ALICE"
