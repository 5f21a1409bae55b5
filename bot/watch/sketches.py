"""The picture of an alert on quota: what was left and what is expected; where nobody can tell yet, what is left."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

import sqlite_utils

from bot.contracts.alert import AlertState, Metric
from bot.contracts.traffic import Counting
from bot.notices.compose import Drawing, Sketch
from bot.store import alerts, samples
from bot.watch import runway
from bot.watch.forecast import Forecast, forecast
from bot.watch.outlook_cards import burn_down, burn_down_text
from bot.watch.readings import left_bars, left_chart, left_text
from bot.wording.view import View

DRAWN = frozenset({Metric.REMAINING, Metric.SHARE, Metric.RUNS_OUT, Metric.DAYS_LEFT})
"""Alerts on packages have a picture; money is no share of anything, and nobody forecasts it."""


class Sketches:
    """Pictures of alerts.

    Args:
        counting: account → how its vendor counts what was sent; none where it does not.
        kind: which day of the week a day is like, for forecasts.
    """

    def __init__(self, counting: Mapping[str, Counting | None], kind: Callable[[date], int]) -> None:
        self._counting = counting
        self._kind = kind

    def of(self, db: sqlite_utils.Database, view: View, number: int) -> Sketch | None:
        """The picture of an alert, as of the last reading; none of what is over, and of what is no package.

        What it is made from is read here, for this is a step of a transaction; it is made later.
        """
        alert = alerts.get(db, number)
        last = samples.latest(db, alert.account)
        if alert.metric not in DRAWN or alert.state is AlertState.RESOLVED or not last:
            return None
        account, language, now = alert.account, view.language, last[0].at
        readings = tuple(one.reading for one in last)
        counting = self._counting.get(account)
        known = None if counting is None else runway.inputs(db, account, counting, readings, now)
        measured = runway.measured(db, account, now)

        def drawing() -> Drawing | None:
            found = self._forecast(known, now)
            if found is not None:
                text = burn_down_text(language, account)
                return Drawing("runs-out.png", text, burn_down(language, account, measured, found, view.now))
            bars = left_bars(language, account, readings)
            return Drawing("quota.png", left_text(language, bars), left_chart(language, bars, now)) if bars else None

        return drawing

    def _forecast(self, known: runway.Inputs | None, now: datetime) -> Forecast | None:
        if known is None:
            return None
        usage, packages, as_of = known
        return forecast(usage, packages, now, as_of=as_of, kind=self._kind) if packages else None
