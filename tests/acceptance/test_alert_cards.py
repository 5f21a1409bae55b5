"""One card per alert, edited in place; its story in the thread (spec 4, 8)."""

from datetime import timedelta

from bot.store import alerts
from tests.acceptance.slack_team import Team
from tests.given import left_at

HOUR = timedelta(hours=1)


def texts(here: Team) -> list[str]:
    return [str(one["text"]) for one in here.slack.said()]


async def opened(here: Team) -> dict[str, object]:
    """The card of the first alert."""
    readings = [one.remaining for one in await left_at(here.bot.services.vendors["aliyun"]) if one.total]
    here.sandbox.drain("alibaba", int(sum(readings)) - 15_000)  # enough for the hours that follow
    await here.pass_time(timedelta(minutes=20))
    await here.until("A1 aliyun")
    return here.slack.said()[0]


async def test_acknowledged_by_its_button_and_closed_when_topped_up(here: Team) -> None:
    card = await opened(here)
    assert "thread_ts" not in card
    assert str(card["text"]).startswith("🟠 A1 aliyun")

    await here.slack.press("Acknowledge", card)
    await here.slack.until(lambda: "Acknowledged by alice" in str(card["text"]))
    assert str(card["text"]).startswith("🟡 A1 aliyun")
    news = await here.until("Acknowledged by alice.")
    assert (news["thread_ts"], news.get("subtype")) == (card["ts"], None)  # who looks at the card sees it; nobody else

    before = len(texts(here))
    await here.pass_time(2 * HOUR)
    assert len(texts(here)) == before  # silent while somebody is on it

    here.sandbox.top_up("alibaba", 500_000)
    await here.pass_time(HOUR)
    assert str(card["text"]).startswith("🟢 A1 aliyun")
    assert "Resolved by itself" in str(card["text"])
    closed = await here.until("Resolved by itself")
    assert closed["subtype"] == "thread_broadcast"
    assert not [block for block in card["blocks"] if block["type"] == "actions"]  # type: ignore[attr-defined]


async def test_put_off_by_a_click_and_open_again(here: Team) -> None:
    card = await opened(here)
    await here.slack.press("Snooze", card, option="2 h")
    await here.slack.until(lambda: "Snoozed by alice until" in str(card["text"]))
    await here.slack.until(lambda: len(texts(here)) == 2)  # the card, and who did it in its thread
    await here.pass_time(2 * HOUR - timedelta(minutes=20))
    assert len(texts(here)) == 2

    await here.pass_time(timedelta(minutes=40))
    woken = await here.until("it is still so: open again")
    assert woken["thread_ts"] == card["ts"]
    assert str(card["text"]).startswith("🟠 A1 aliyun")


async def test_typed_spans_and_what_is_no_span(here: Team) -> None:
    card = await opened(here)
    for wrong in ("soon", "1m", "8d", "2h2"):
        await here.slack.slash(f"snooze A1 {wrong}")
        await here.until("For how long?")
        here.slack.channels["C0SMS"].messages[:] = [card]
    await here.slack.slash("暂缓 A1 30 minutes")
    await here.slack.until(lambda: "Snoozed by alice" in str(card["text"]))
    found = await here.bot.services.database.read(lambda db: alerts.get(db, 1))
    assert found.snoozed_until is not None
    assert found.snoozed_until - here.clock.now() <= timedelta(minutes=30)


async def test_who_may_not_changes_nothing(here: Team) -> None:
    card = await opened(here)
    await here.slack.press("Acknowledge", card, user="U0BOB")
    refused = await here.until("You may not ack here")
    assert "alice" in str(refused["text"])
    assert str(card["text"]).startswith("🟠")
