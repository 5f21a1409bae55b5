"""When packages run out, in words: near ones with their hour, far ones as a day, and how sure it is."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.contracts.alert import Metric, Stock
from bot.watch.forecast import Forecast
from bot.watch.headlines import headline
from bot.watch.outlook_cards import outlook_line
from tests.given import MONDAY
from tests.reading import CHINESE, ENGLISH, line
from tests.unit.watch.alerted import VIEWS, alert

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def forecast(at: timedelta | None, early: timedelta | None, late: timedelta | None, wasted: float = 0.0) -> Forecast:
    when = [None if one is None else MONDAY + one for one in (at, early, late)]
    return Forecast(when[0], when[1], when[2], 12_400.0, (), wasted)


@pytest.mark.parametrize(
    ("found", "english", "chinese"),
    [
        (
            forecast(30 * HOUR, 20 * HOUR, 40 * HOUR),
            (
                "aliyun: runs out tomorrow about 16:00 (80% range: tomorrow 06:00 to Wed 4 Mar 02:00), "
                "at about 12,400 messages a day."
            ),
            "aliyun：预计明天 16:00 左右用完（80% 区间：明天 06:00 至 3月4日 周三 02:00），每天约 12,400 条。",
        ),
        (
            forecast(40 * DAY, 30 * DAY, None, 50.0),
            (
                "aliyun: runs out about Sat 11 Apr (80% range: from Wed 1 Apr on), at about 12,400 messages a day. "
                "Of it about 50 expire unused."
            ),
            "",
        ),
        (
            forecast(30 * DAY, 30 * DAY - HOUR, 30 * DAY + HOUR),
            "aliyun: runs out about Wed 1 Apr (80% range: Wed 1 Apr), at about 12,400 messages a day.",
            "",
        ),
        (
            forecast(None, None, None),
            "aliyun: lasts more than 400 days at about 12,400 messages a day.",
            "aliyun：按每天约 12,400 条计，可用 400 天以上。",
        ),
    ],
)
def test_the_line_of_an_account(found: Forecast, english: str, chinese: str) -> None:
    assert line(outlook_line(ENGLISH, "aliyun", found, MONDAY)) == english
    if chinese:
        assert line(outlook_line(CHINESE, "aliyun", found, MONDAY)).replace(" ", "") == chinese.replace(" ", "")


def test_an_alert_says_when_and_how_sure_that_is() -> None:
    stock = Stock(Decimal(38_200), runs_out=MONDAY + 30 * HOUR, early=MONDAY + 20 * HOUR, late=MONDAY + 40 * HOUR)
    assert Stock.from_json(stock.to_json()) == stock
    said = line(headline(VIEWS["en"], alert(metric=Metric.RUNS_OUT, stock=stock)))
    assert said.startswith("**A5 aliyun: runs out ")
    assert " about 16:00** (80% range: " in said
