"""What alerts owe to conversations: nothing that says nothing new, however long nothing is delivered."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlite_utils

from bot.contracts.alert import AlertState, Metric, Severity
from bot.contracts.model import Actor, Place
from bot.contracts.settings import Alerts as AlertSettings
from bot.notices.audience import Audience
from bot.store import alerts, claims, notices
from bot.store.database import Database
from bot.watch.alerts import LOOKED_AT_WITHIN, Alerts
from bot.watch.announce import SAYS_STILL, AlertAnnouncer
from bot.watch.duty import Duty
from bot.watch.lifecycle import CLEAR_FOR
from bot.watch.rules import Breach
from tests.reading import views
from tests.standing import lay

PLACE = Place("slack", "C0SMS")
EVERY = timedelta(minutes=30)
BREACHES = [
    Breach(f"quota.share:a{number}", "quota-low", f"a{number}", Metric.SHARE, Decimal("0.05"), Decimal("0.1"), severity)
    for number, severity in enumerate([Severity.WARNING, Severity.CRITICAL, Severity.WARNING])
]


class Watch:
    """Alerts on a record, and the time."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.time = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
        audience = Audience({PLACE: (frozenset({"alerts"}), frozenset())})
        settings = AlertSettings.model_validate({"repeat": "30m", "ack_expires": "4h"})
        self.settings = settings
        self.announcer = AlertAnnouncer(audience, Duty(zone=UTC), settings)
        self.alerts = Alerts(database, self.announcer, self, settings)

    def now(self) -> datetime:
        return self.time

    async def found(self) -> None:
        for one in BREACHES:
            await self.database.write(
                lambda db, one=one: self.alerts.take(db, one.account, [one], [one.fingerprint], self.time)
            )

    async def repeated(self, times: int) -> None:
        for _ in range(times):
            self.time += EVERY
            await self.alerts.remind()

    async def owed(self) -> dict[tuple[str, str], int]:
        rows = await self.database.read(
            lambda db: list(db.query("SELECT subject, what FROM notices WHERE state = 'due'"))
        )
        return dict(Counter((row["subject"], row["what"]) for row in rows))

    async def due(self, subject: str) -> tuple[notices.Notice, ...]:
        """The news of an alert that are not told yet."""
        rows = await self.database.read(
            lambda db: list(db.query("SELECT * FROM notices WHERE state = 'due' AND what = 'alert' ORDER BY id"))
        )
        return tuple(one for one in map(notices.of_row, rows) if one.subject == subject)

    async def delivered(self, *, alone: bool = True) -> None:
        """Everything that is owed, one notice of the conversation after the other; a card told with others is none."""
        while claimed := await self.database.write(
            lambda db: claims.claim(db, {"slack": None}, self.time, timedelta(minutes=1))
        ):
            for (notice,) in claimed:
                await self.database.write(lambda db, one=notice: self._sent(db, one, alone))

    def _sent(self, db: sqlite_utils.Database, notice: notices.Notice, alone: bool) -> None:
        notices.finish(db, notice, "sent", now=self.time)
        if notice.what == "card" and alone:
            notices.remember_message(db, notice.place, notice.subject, f"message of {notice.subject}")


@pytest.fixture
async def watch(tmp_path: Path) -> AsyncIterator[Watch]:
    async with Database(await lay(tmp_path / "signpost.db")) as database:
        watch = Watch(database)
        await watch.found()
        yield watch


CARDS = {(f"alert:{number}", "card"): 1 for number in (1, 2, 3)}
NEWS = {(f"alert:{number}", "alert"): 1 for number in (1, 2, 3)}


async def test_a_card_that_was_not_shown_yet_is_all_that_is_owed(watch: Watch) -> None:
    assert await watch.owed() == CARDS
    await watch.repeated(10)
    assert await watch.owed() == CARDS


async def test_repeats_do_not_pile_up(watch: Watch) -> None:
    await watch.delivered()
    await watch.repeated(10)
    assert await watch.owed() == CARDS | NEWS
    await watch.delivered()
    assert await watch.owed() == {}


async def test_what_somebody_did_is_told_beside_a_repeat_that_is_still_to_come(watch: Watch) -> None:
    await watch.delivered()
    await watch.repeated(1)
    await watch.alerts.act("ack", [1], Actor("slack", "U1", name="mei"))
    owed = await watch.owed()
    assert owed["alert:1", "alert"] == 2  # the repeat, and that it is taken
    assert owed["alert:1", "card"] == 1


async def test_a_card_shows_another_figure_soon_but_not_with_each_measurement(watch: Watch) -> None:
    """In between repeats, whatever the state; nothing else is told."""
    await watch.delivered()
    await watch.alerts.act("ack", [1], Actor("slack", "U1", name="mei"))
    await watch.delivered()
    edits = []
    for minute in range(25):
        watch.time += timedelta(minutes=1)
        lower = replace(BREACHES[0], value=Decimal("0.05") - Decimal(minute) / 1000)
        await watch.database.write(
            lambda db, one=lower: watch.alerts.take(db, one.account, [one], [one.fingerprint], watch.time)
        )
        owed = await watch.owed()
        assert set(owed) <= {("alert:1", "card")}
        edits += [minute] if owed else []
        await watch.delivered()
    assert edits == [1, 11, 21]


async def test_a_card_shows_the_last_figure_though_no_other_measurement_follows(watch: Watch) -> None:
    """What came too soon after an edit is shown when its time has come, over a restart too, and once."""
    await watch.delivered()
    await watch.alerts.act("ack", [1], Actor("slack", "U1", name="mei"))
    await watch.delivered()
    for figure in ("0.04", "0.03"):
        watch.time += timedelta(minutes=4)
        lower = replace(BREACHES[0], value=Decimal(figure))
        await watch.database.write(
            lambda db, one=lower: watch.alerts.take(db, one.account, [one], [one.fingerprint], watch.time)
        )
        assert (await watch.owed() == {}) is (figure == "0.03")
        await watch.delivered()
    edits = []
    watch.alerts = Alerts(watch.database, watch.announcer, watch, watch.settings)
    for minute in range(9, 40):
        watch.time += timedelta(minutes=1)
        await watch.alerts.remind()
        owed = await watch.owed()
        edits += [minute] if owed.get(("alert:1", "card")) else []
        await watch.delivered()
    assert edits == [14]


async def test_what_was_told_with_others_has_no_card_to_keep_fresh(watch: Watch) -> None:
    """A thousand alerts in one message: another figure of each is no reason for a thousand more."""
    await watch.delivered(alone=False)
    for figure in ("0.04", "0.03"):
        watch.time += timedelta(minutes=11)
        lower = replace(BREACHES[0], value=Decimal(figure))
        await watch.database.write(
            lambda db, one=lower: watch.alerts.take(db, one.account, [one], [one.fingerprint], watch.time)
        )
        await watch.alerts.remind()
        assert await watch.owed() == {}


async def test_a_figure_that_changes_while_the_card_is_on_its_way_is_shown_once_it_stands(watch: Watch) -> None:
    ((card,), *_) = await watch.database.write(
        lambda db: claims.claim(db, {"slack": None}, watch.time, timedelta(minutes=1))
    )
    of = BREACHES[int(card.subject[-1]) - 1]
    lower = replace(of, value=Decimal("0.04"))
    await watch.database.write(lambda db: watch.alerts.take(db, of.account, [lower], [of.fingerprint], watch.time))
    await watch.alerts.remind()
    owed = await watch.owed()
    assert owed[card.subject, "card"] == 1  # the one on its way
    await watch.database.write(lambda db: watch._sent(db, card, alone=True))
    await watch.alerts.remind()
    assert (await watch.owed())[card.subject, "card"] == 1  # with the figure of now


async def test_an_edit_that_is_still_to_come_is_not_owed_twice(watch: Watch) -> None:
    await watch.delivered()
    for minutes in (11, 11):
        watch.time += timedelta(minutes=minutes)
        lower = replace(BREACHES[0], value=Decimal(1) / Decimal(minutes + watch.time.minute))
        await watch.database.write(
            lambda db, one=lower: watch.alerts.take(db, one.account, [one], [one.fingerprint], watch.time)
        )
    assert await watch.owed() == {("alert:1", "card"): 1}


@pytest.mark.parametrize(
    ("before", "wait"),
    [(None, EVERY), ("ack", timedelta(hours=4)), ("snooze", timedelta(hours=1))],
    ids=["a repeat", "taken too long ago", "snoozed long enough"],
)
@pytest.mark.parametrize("then", ["it stands", "it is taken", "it is resolved", "it is well"])
async def test_nothing_is_told_to_be_so_still_that_is_not(
    watch: Watch, before: str | None, wait: timedelta, then: str
) -> None:
    """What a conversation could not take for a while is worded when it goes out, with the figure of that moment."""
    mei = Actor("slack", "U1", name="mei")
    await watch.delivered()
    if before:
        await watch.alerts.act(before, [1], mei, until=watch.time + wait)
        await watch.delivered()
    watch.time += wait
    await watch.alerts.remind()
    match then:
        case "it is taken":
            await watch.alerts.act("ack", [1], mei)
        case "it is resolved":
            await watch.alerts.act("resolve", [1], mei)
        case "it is well":
            of = BREACHES[0]
            await watch.database.write(lambda db: watch.alerts.take(db, of.account, [], [of.fingerprint], watch.time))
    news = [one for one in await watch.due("alert:1") if one.data["what"] in SAYS_STILL]
    assert len(news) == 1
    view = views(watch.time)["en"]
    said = await watch.database.read(lambda db: watch.announcer.wordings["alert"](db, view, news[0]))
    assert (said.message is not None) is (then == "it stands")


@pytest.mark.parametrize("measured", [True, False], ids=["measured again", "never measured again"])
async def test_what_closes_by_itself_closes_with_the_figure_of_that_moment(watch: Watch, measured: bool) -> None:
    """The measurement that is due then and the passing of time come in any order; where none comes, time alone will do."""
    of = BREACHES[0]

    async def well(share: str) -> None:
        figure = {Metric.SHARE: Decimal(share)}
        await watch.database.write(
            lambda db: watch.alerts.take(db, of.account, [], [of.fingerprint], watch.time, metrics=figure)
        )

    await well("0.74")
    watch.time += CLEAR_FOR
    await watch.alerts.remind()
    if measured:
        await well("0.73")
    else:
        watch.time += LOOKED_AT_WITHIN
        await watch.alerts.remind()

    alert = await watch.database.read(lambda db: alerts.get(db, 1))
    assert alert.state is AlertState.RESOLVED
    assert alert.value == Decimal("0.73" if measured else "0.74")
