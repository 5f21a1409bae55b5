"""What reviewers may mind is said once in a form, under its field; handed in again it goes as it is."""

from bot.contracts.model import State
from tests.acceptance.slack_forms import asked, handed_in, opened, request
from tests.acceptance.slack_team import Team

MINDED = "新品上线，欢迎选购！拒收请回复R"
WORSE = "新品上线，欢迎选购！"


async def to_its_content(here: Team) -> str:
    await here.slack.slash("template submit tencent 上新 type=promo")
    view = await opened(here, "content")
    assert "content" in asked(here, view)
    return view


async def test_it_is_asked_once_and_then_goes(here: Team) -> None:
    view = await to_its_content(here)
    ack = await handed_in(here, view, {"content": MINDED})
    said = ack["errors"]["content"]
    assert "Whom the text addresses: Marketing goes to members" in said
    assert "Reviewers may mind this; hand it in again and it goes as it is." in said
    assert (await request(here, 1)).state is State.DRAFT
    while view in here.slack.views and "submit" in here.slack.views[view]:
        ack = await handed_in(here, view, {"content": MINDED})
        assert ack.get("response_action") != "errors", ack
    await here.until("in review")
    assert here.calls("AddSmsTemplate") == 1


async def test_what_would_be_refused_is_never_sent_however_often_it_is_handed_in(here: Team) -> None:
    view = await to_its_content(here)
    for _ in range(3):
        ack = await handed_in(here, view, {"content": WORSE})
        assert "拒收请回复R" in ack["errors"]["content"]
    better = "尊敬的会员，新品上线，欢迎选购！拒收请回复R"
    while view in here.slack.views and "submit" in here.slack.views[view]:
        ack = await handed_in(here, view, {"content": better})
        assert ack.get("response_action") != "errors", ack
    await here.until("in review")
    assert (await request(here, 1)).values["content"] == better
