"""The figures of alerts and of quota, as people read them."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.contracts.alert import SHARES, Metric
from bot.contracts.vendor import Measure, Reading
from bot.watch.figures import METRICS, about, figure
from bot.watch.headlines import headline
from bot.watch.readings import balance_row, package_row, reading_line, scarcest, subject
from tests.given import MONDAY
from tests.reading import CHINESE, ENGLISH, line
from tests.unit.watch.alerted import VIEWS, alert


def test_a_headline_for_each_metric() -> None:
    assert [line(headline(view, alert(metric=metric))) for view in VIEWS.values() for metric in Metric] == snapshot(
        [
            "**A5 aliyun: 38,200 messages left** (below 50,000)",
            "**A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%)",
            "**A5 aliyun: lasts 2.1 more days** (below 3)",
            "**A5 aliyun: a package expires in 6 days** (below 7)",
            "**A5 aliyun: balance CNY 99.50** (below CNY 100.00)",
            "**A5 aliyun: 20.1% of the messages fail** (above 20%)",
            "**A5 aliyun: frequency limits and refusals are 8.3% above their usual share** (above 5%)",
            "**A5 aliyun: failures by BlackList (on a blacklist) are 12% above their usual share** (above 5%)",
            "**A5 aliyun: 5.4× the usual volume** (above 3)",
            "**A5 aliyun: a surge of messages, 61% of them fail or are refused** (above 30%)",
            "**A5 aliyun: #17, #21 in review for 4.5× the usual time** (above 3)",
            "**A5 aliyun: carriers refuse 2 signatures** (#18, #19)",
            "**A5 aliyun: no usable answer for 7 min**",
            "**A5 aliyun: too many calls for 1 h 35 min**",
            "**A5 aliyun: refuses my calls**",
            "**A5 aliyun: the credentials are refused**",
            "**A5 aliyun: the key lacks a right**",
            "**A5 aliyun: the account is not served**",
            "**A5 aliyun：剩余 38,200 条**（低于 50,000）",
            "**A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%）",
            "**A5 aliyun：还可用 2.1 天**（低于 3）",
            "**A5 aliyun：有套餐 6 天后到期**（低于 7）",
            "**A5 aliyun：余额 99.50 元**（低于 100.00 元）",
            "**A5 aliyun：20.1% 的短信发送失败**（高于 20%）",
            "**A5 aliyun：频控与拒收比平时高 8.3%**（高于 5%）",
            "**A5 aliyun：失败原因 BlackList（黑名单）：比平时高 12%**（高于 5%）",
            "**A5 aliyun：发送量是平时的 5.4 倍**（高于 3）",
            "**A5 aliyun：发送量突增，其中 61% 失败或被拒**（高于 30%）",
            "**A5 aliyun：#17、#21 审核用时已是平时的 4.5 倍**（高于 3）",
            "**A5 aliyun：运营商未通过 2 个签名的报备**（#18、#19）",
            "**A5 aliyun：没有有效应答，已 7 分钟**",
            "**A5 aliyun：被限流，已 1 小时 35 分**",
            "**A5 aliyun：拒绝我的调用**",
            "**A5 aliyun：凭证被拒绝**",
            "**A5 aliyun：密钥权限不足**",
            "**A5 aliyun：账号被停止服务**",
        ]
    )


@pytest.mark.parametrize("metric", Metric)
def test_every_metric_has_words_in_both_languages(metric: Metric) -> None:
    assert METRICS[metric].en.isascii()
    assert not METRICS[metric].zh.isascii()


@pytest.mark.parametrize(
    ("metric", "value", "english", "chinese"),
    [
        (Metric.REMAINING, "0", "0", "0"),
        (Metric.REMAINING, "1234567", "1,234,567", "1,234,567"),
        (Metric.SHARE, "0", "0%", "0%"),
        (Metric.SHARE, "0.0999", "9.9%", "9.9%"),
        (Metric.SHARE, "1", "100%", "100%"),
        (Metric.DAYS_LEFT, "6.9", "6", "6"),
        (Metric.BALANCE, "1234.5", "CNY 1,234.50", "1,234.50 元"),
        (Metric.BALANCE, "-3", "CNY -3.00", "-3.00 元"),
        (Metric.SILENT, "7.5", "7 min", "7 分钟"),
    ],
)
def test_a_figure_as_people_read_it(metric: Metric, value: str, english: str, chinese: str) -> None:
    assert (figure(ENGLISH, metric, Decimal(value)), figure(CHINESE, metric, Decimal(value))) == (english, chinese)


BOUNDS = {  # figure, bound → what the headline says
    (Metric.SHARE, "0.0552", "0.0555"): "5.52% of the packages left** (below 5.55%)",
    (Metric.SHARE, "0.09999", "0.1"): "9.9% of the packages left** (below 10%)",
    (Metric.SHARE, "0.0004", "0.0005"): "0.04% of the packages left** (below 0.05%)",
    (Metric.DAYS_LEFT, "6.45", "6.5"): "expires in 6.4 days** (below 6.5)",
    (Metric.REMAINING, "999.7", "1000"): "999 messages left** (below 1,000)",
    (Metric.BALANCE, "49.999", "50"): "balance CNY 49.999** (below CNY 50.00)",
}


@pytest.mark.parametrize("given_", BOUNDS)
def test_a_figure_is_told_as_exactly_as_its_bound(given_: tuple[Metric, str, str]) -> None:
    metric, value, bound = given_
    one = alert(metric=metric, value=Decimal(value), bound=Decimal(bound), stock=None)
    assert BOUNDS[given_] in line(headline(VIEWS["en"], one))


@given(st.sampled_from([one for one in Metric if not one.of_calls and one is not Metric.FILING]), st.data())
def test_what_is_beyond_a_bound_reads_as_beyond_it(metric: Metric, data: st.DataObject) -> None:
    figures = st.decimals(0, 1 if metric in SHARES else 100, allow_nan=False)
    value, bound = data.draw(figures), data.draw(figures.map(lambda one: round(one, 5)))
    assume(value > bound if metric.rises else value < bound)
    told = line(headline(VIEWS["en"], alert(metric=metric, value=value, bound=bound, stock=None, behind=None)))
    below, limit = (Decimal(figure) for figure in re.findall(r"\d+(?:\.\d+)?", told.partition(":")[2]))
    assert below > limit if metric.rises else below < limit


@pytest.mark.parametrize(
    ("metric", "value", "said"),
    [
        (Metric.DAYS_LEFT, "0.9", "in 0 days"),
        (Metric.DAYS_LEFT, "1.9", "in 1 day**"),
        (Metric.DAYS_LEFT, "2", "in 2 days"),
        (Metric.REMAINING, "0", "0 messages left"),
        (Metric.REMAINING, "1", "1 message left"),
        (Metric.REMAINING, "2", "2 messages left"),
    ],
)
def test_one_is_not_several(metric: Metric, value: str, said: str) -> None:
    assert said in line(
        headline(VIEWS["en"], alert(metric=metric, value=Decimal(value), bound=Decimal(14), stock=None))
    )


@pytest.mark.parametrize(
    ("reading", "english", "chinese"),
    [
        (Reading("330001", Measure.PACKAGE, Decimal(5), sort="gift"), "330001 (gift)", "330001（赠送）"),
        (Reading("330002", Measure.PACKAGE, Decimal(5), sort="bought"), "330002 (bought)", "330002（购买）"),
        (Reading("5", Measure.PACKAGE, Decimal(5), sort="PackageType 8"), "5 (PackageType 8)", "5（PackageType 8）"),
        (Reading("package", Measure.PACKAGE, Decimal(5)), "package", "套餐"),
        (Reading("balance", Measure.BALANCE, Decimal(5), unit="CNY"), "balance", "余额"),
        (Reading("SMSBAG-1", Measure.PACKAGE, Decimal(5)), "SMSBAG-1", "SMSBAG-1"),
    ],
)
def test_a_package_is_named_in_one_language(reading: Reading, english: str, chinese: str) -> None:
    for language, expected in ((ENGLISH, english), (CHINESE, chinese)):
        assert subject(language, reading) == expected
        assert expected in line(reading_line(language, reading))
        if reading.measure is Measure.PACKAGE:
            assert (expected,) in package_row(language, "tencent", reading)


def test_money_is_no_package_and_a_share_reads_alike_everywhere() -> None:
    balance = Reading("balance", Measure.BALANCE, Decimal("12345.67"), unit="CNY")
    assert balance_row(CHINESE, "aliyun", balance) == (("aliyun",), ("12,345.67 元",))
    low = Reading("1", Measure.PACKAGE, Decimal(23_960), total=Decimal(200_000), expires_at=MONDAY.replace(hour=16))
    row = [line(cell) for cell in package_row(ENGLISH, "aliyun", low)]
    assert row == ["aliyun", "1", "23,960", "200,000 (11.9%)", "2026-03-03"]  # the day as it is in China
    assert line(scarcest(ENGLISH, [(low.remaining / Decimal(200_000), "aliyun")])).endswith("aliyun, 11.9%")
    assert "11.9%" in line(reading_line(ENGLISH, low))


@pytest.mark.parametrize(
    ("pace", "told"),
    [("0", 0), ("0.2", 1), ("9.96", 10), ("310.4", 310), ("20571", 20_600), ("999.9", 1_000), ("1234567", 1_230_000)],
)
def test_a_pace_is_told_in_three_digits(pace: str, told: int) -> None:
    assert about(Decimal(pace)) == told


@pytest.mark.parametrize(("minutes", "day"), [(-1, "2026-03-31"), (0, "2026-04-01")])
def test_a_day_is_the_readers_wherever_it_is_written(minutes: int, day: str) -> None:
    """A package that ends at midnight in China ends on that day there, not on the one of another zone."""
    midnight = datetime(2026, 3, 31, 16, 0, tzinfo=UTC)
    reading = Reading("package", Measure.PACKAGE, Decimal(5), expires_at=midnight + timedelta(minutes=minutes))
    for language in (ENGLISH, CHINESE):
        assert day in line(reading_line(language, reading))
        assert day in [line(cell) for cell in package_row(language, "tencent", reading)]
