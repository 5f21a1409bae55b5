from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.alert import Metric, Severity
from bot.contracts.vendor import Measure, Reading
from bot.watch import rules
from bot.watch.rules import DEFAULT_RULES, Rule

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def package(remaining: int, total: int | None = 1000, days: float | None = 100, subject: str = "p") -> Reading:
    expires_at = None if days is None else NOW + timedelta(days=days)
    return Reading(
        subject, Measure.PACKAGE, Decimal(remaining), None if total is None else Decimal(total), expires_at=expires_at
    )


def money(amount: str, unit: str = "CNY", subject: str = "balance") -> Reading:
    return Reading(subject, Measure.BALANCE, Decimal(amount), unit=unit)


# --- Measuring ---------------------------------------------------------------------------------------------------------


def test_packages_add_up() -> None:
    assert rules.measure([package(300, days=40), package(500, days=20.5)], NOW) == {
        Metric.REMAINING: Decimal(800),
        Metric.SHARE: Decimal("0.4"),
        Metric.DAYS_LEFT: Decimal("20.5"),
    }


def test_expired_packages_do_not_count() -> None:
    figures = rules.measure([package(300, days=40), package(900, days=-1), package(900, days=0)], NOW)
    assert (figures[Metric.REMAINING], figures[Metric.SHARE]) == (Decimal(300), Decimal("0.3"))


def test_used_up_packages_do_not_make_a_share_look_low() -> None:
    figures = rules.measure([package(0, days=3), package(0, days=5), package(900, days=40)], NOW)
    assert (figures[Metric.SHARE], figures[Metric.DAYS_LEFT]) == (Decimal("0.9"), Decimal(40))


@pytest.mark.parametrize("readings", [[package(0)], [package(0), package(500, days=-3)], [package(-5)]])
def test_nothing_left_is_a_share_of_nothing(readings: list[Reading]) -> None:
    assert rules.measure(readings, NOW) == {Metric.REMAINING: Decimal(0), Metric.SHARE: Decimal(0)}


def test_what_is_not_told_is_not_measured() -> None:
    assert rules.measure([], NOW) == {}
    assert rules.measure([package(5, total=None, days=None)], NOW) == {Metric.REMAINING: Decimal(5)}
    assert rules.measure([package(0, total=None)], NOW) == {Metric.REMAINING: Decimal(0)}
    mixed = rules.measure([package(500), package(7, total=None, days=None)], NOW)
    assert (mixed[Metric.REMAINING], mixed[Metric.SHARE]) == (Decimal(507), Decimal("0.5"))


def test_money_is_counted_by_currency() -> None:
    readings = [money("30.10"), money("20", subject="vouchers"), money("60", "USD")]
    assert rules.measure(readings, NOW) == {Metric.BALANCE: Decimal("50.10")}
    assert rules.measure([money("-3.5")], NOW) == {Metric.BALANCE: Decimal("-3.5")}


# --- Judging -----------------------------------------------------------------------------------------------------------


def found(metrics: dict[Metric, str], active: tuple[Rule, ...] = DEFAULT_RULES) -> list[tuple[str, Severity]]:
    figures = {metric: Decimal(value) for metric, value in metrics.items()}
    return [(finding.rule, finding.severity) for finding in rules.evaluate(active, "aliyun", figures)]


@pytest.mark.parametrize(
    ("metric", "value", "expected"),
    [
        (Metric.SHARE, "0.1", []),
        (Metric.SHARE, "0.0999", [("quota-low", Severity.WARNING)]),
        (Metric.SHARE, "0.0299", [("quota-nearly-out", Severity.CRITICAL)]),
        (Metric.SHARE, "0", [("quota-nearly-out", Severity.CRITICAL)]),
        (Metric.DAYS_LEFT, "14", []),
        (Metric.DAYS_LEFT, "13.9", [("package-expires", Severity.WARNING)]),
        (Metric.BALANCE, "50", []),
        (Metric.BALANCE, "-2", [("balance-low", Severity.WARNING)]),
        (Metric.REMAINING, "0", []),
    ],
)
def test_the_defaults(metric: Metric, value: str, expected: list[tuple[str, Severity]]) -> None:
    assert found({metric: value}) == expected


def test_a_finding_says_all() -> None:
    (finding,) = rules.evaluate(DEFAULT_RULES, "aliyun", {Metric.BALANCE: Decimal(7)})
    assert finding == rules.Breach(
        "balance:aliyun", "balance-low", "aliyun", Metric.BALANCE, Decimal(7), Decimal(50), Severity.WARNING
    )


def test_a_rule_for_one_account_is_not_for_another() -> None:
    rule = Rule("tencent-low", Metric.REMAINING, Decimal(100), "tencent", Severity.CRITICAL)
    assert found({Metric.REMAINING: "5"}, (rule,)) == []
    assert found({Metric.REMAINING: "5"}, (replace(rule, account="aliyun"),)) == [("tencent-low", Severity.CRITICAL)]


LOW = Rule("low", Metric.REMAINING, Decimal(1000), None, Severity.WARNING)
LOWER = Rule("lower", Metric.REMAINING, Decimal(500), None, Severity.WARNING)


@pytest.mark.parametrize("active", [(LOW, LOWER), (LOWER, LOW)])
def test_of_two_equally_urgent_the_tighter_bound_speaks(active: tuple[Rule, ...]) -> None:
    assert found({Metric.REMAINING: "400"}, active) == [("lower", Severity.WARNING)]
    assert found({Metric.REMAINING: "700"}, active) == [("low", Severity.WARNING)]


OWN = Rule("aliyun-low", Metric.REMAINING, Decimal(10_000), "aliyun", Severity.WARNING)


@pytest.mark.parametrize(
    ("own", "left", "share", "expected"),
    [
        (OWN, "9000", "0.09", [("aliyun-low", Severity.WARNING)]),  # equally urgent: one's own
        (OWN, "9000", "0.02", [("quota-nearly-out", Severity.CRITICAL)]),  # the default is more urgent
        (replace(OWN, severity=Severity.CRITICAL), "9000", "0.09", [("aliyun-low", Severity.CRITICAL)]),
        (OWN, "9000", "0.5", [("aliyun-low", Severity.WARNING)]),  # only one's own sees it
        (OWN, "20000", "0.09", [("quota-low", Severity.WARNING)]),  # only the default does
        (replace(OWN, metric=Metric.SHARE, bound=Decimal("0.5")), "9000", "0.09", [("quota-low", Severity.WARNING)]),
    ],
)
def test_one_drop_that_two_rules_see_is_one_finding(
    own: Rule, left: str, share: str, expected: list[tuple[str, Severity]]
) -> None:
    assert found({Metric.REMAINING: left, Metric.SHARE: share}, (*DEFAULT_RULES, own)) == expected


# --- Merging -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """A rule as a configuration file has it."""

    name: str
    metric: str = "quota.remaining"
    bound: Decimal = Decimal(10_000)
    account: str = ""
    severity: str = "critical"
    window: timedelta | None = None
    least: int | None = None
    off: bool = False


def test_configured_rules_stand_beside_the_defaults() -> None:
    merged = rules.merged_rules([Written("aliyun-low", account="aliyun")])
    assert merged[:-1] == DEFAULT_RULES
    assert merged[-1] == Rule("aliyun-low", Metric.REMAINING, Decimal(10_000), "aliyun", Severity.CRITICAL)


def test_the_same_name_replaces_a_default() -> None:
    merged = rules.merged_rules([Written("balance-low", "balance", Decimal(5))])
    assert [rule for rule in merged if rule.name == "balance-low"] == [
        Rule("balance-low", Metric.BALANCE, Decimal(5), None, Severity.CRITICAL)
    ]
    assert len(merged) == len(DEFAULT_RULES)


def test_our_own_rules_can_be_merged_too() -> None:
    assert rules.merged_rules([]) == DEFAULT_RULES


def test_what_is_off_takes_a_default_away_and_adds_nothing() -> None:
    merged = rules.merged_rules([Written("balance-low", off=True), Written("there-is-none", off=True)])
    assert merged == tuple(rule for rule in DEFAULT_RULES if rule.name != "balance-low")


def test_a_rule_on_what_was_sent_has_a_window_and_a_least_volume_of_its_own_or_the_usual_ones() -> None:
    usual, own = rules.merged_rules(
        [
            Written("a", "volume.ratio", Decimal(9)),
            Written("b", "volume.ratio", Decimal(9), window=timedelta(hours=6), least=50),
        ]
    )[-2:]
    assert (usual.window, usual.least) == (rules.WINDOW, rules.LEAST)
    assert (own.window, own.least) == (timedelta(hours=6), 50)


def test_what_there_is_not() -> None:
    with pytest.raises(ValueError, match="mood"):
        rules.merged_rules([Written("x", "quota.mood")])


def test_the_defaults_have_names_of_their_own() -> None:
    assert len({rule.name for rule in DEFAULT_RULES}) == len(DEFAULT_RULES)


# --- Always ------------------------------------------------------------------------------------------------------------

PACKAGES = st.builds(
    package,
    st.integers(0, 10_000),
    st.one_of(st.none(), st.just(10_000)),
    st.one_of(st.none(), st.floats(-50, 400, allow_nan=False)),
)
RULES = st.builds(
    Rule,
    st.text(min_size=1, max_size=3),
    st.sampled_from(Metric),
    st.decimals(0, 100, places=2),
    st.sampled_from([None, "aliyun", "tencent"]),
    st.sampled_from(Severity),
)


@given(st.lists(PACKAGES, max_size=8))
def test_figures_are_sound_and_do_not_depend_on_the_order(readings: list[Reading]) -> None:
    figures = rules.measure(readings, NOW)
    assert 0 <= figures.get(Metric.SHARE, Decimal(0)) <= 1
    assert figures.get(Metric.DAYS_LEFT, Decimal(1)) >= 0
    assert (Metric.REMAINING in figures) == bool(readings)
    assert rules.measure(readings[::-1], NOW) == figures


@given(st.lists(RULES, max_size=8), st.dictionaries(st.sampled_from(Metric), st.decimals(-10, 110, places=2)))
def test_one_finding_a_matter_and_the_most_urgent(active: list[Rule], figures: dict[Metric, Decimal]) -> None:
    findings = rules.evaluate(active, "aliyun", figures)
    assert len({finding.fingerprint for finding in findings}) == len(findings)
    broken = [
        rule
        for rule in active
        if rule.account in (None, "aliyun") and rule.metric in figures and rule.beyond(figures[rule.metric])
    ]
    matter = {rule.metric: rules.fingerprint(rule.metric, "aliyun") for rule in broken}
    assert {finding.fingerprint for finding in findings} == set(matter.values())
    for finding in findings:
        worst = max(rule.severity.rank for rule in broken if matter[rule.metric] == finding.fingerprint)
        assert finding.severity.rank == worst
        assert (finding.value > finding.bound) if finding.metric.rises else (finding.value < finding.bound)


# --- A forecast dances ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "standing", "expected"),
    [
        ("3", (), []),
        ("2.9", (), ["runs-out"]),
        ("4.4", ("runs-out",), ["runs-out"]),  # it crossed once; a little above is not over
        ("4.4", ("quota-low",), []),
        ("4.5", ("runs-out",), []),
    ],
)
def test_what_a_forecast_found_is_over_only_well_beyond_its_bound(
    days: str, standing: tuple[str, ...], expected: list[str]
) -> None:
    found = rules.evaluate(DEFAULT_RULES, "aliyun", {Metric.RUNS_OUT: Decimal(days)}, standing=standing)
    assert [one.rule for one in found] == expected


def test_the_days_left_and_the_share_are_one_matter_and_the_forecast_speaks() -> None:
    figures = {Metric.SHARE: Decimal("0.09"), Metric.RUNS_OUT: Decimal(1)}
    (found,) = rules.evaluate(DEFAULT_RULES, "aliyun", figures)
    assert (found.rule, found.fingerprint) == ("runs-out", "quota:aliyun")
