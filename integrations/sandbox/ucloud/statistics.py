"""UCloud's sending statistics and account balance (facts 4). Statistics by template belong here too."""

from datetime import date, timedelta

from integrations.sandbox import traffic
from integrations.sandbox.ucloud.params import Params
from integrations.sandbox.ucloud.project import Project
from integrations.sandbox.ucloud.refusal import BAD_FORMAT, INVALID, RefusalError

BILLED_PER_THOUSAND = 1_080
HISTORY = timedelta(days=365)
"""How far back the sandbox has sent messages."""


def sending(project: Project, params: Params) -> dict[str, object]:
    """GetUSMSSendStatistics: one row a day, none for today, because the console's are T-1 (facts 4.1)."""
    page, size = params.number("Page", range(1_000_000)), params.number("NumPerPage", range(1, 1001))
    order, direction = params.text("OrderBy"), params.text("OrderType")
    if order not in ("SendDate", "BrevityCode") or direction not in ("asc", "desc"):
        raise RefusalError(INVALID, "Params [OrderBy] or [OrderType] not available")
    start, end = _day(params, "StartDate"), _day(params, "EndDate")
    params.maybe_number("Purpose", (1, 2, 3))
    # 1 is domestic here, the opposite sense to `International` (facts 4.1); nothing was sent abroad.
    domestic = params.number("Domestic", (0, 1)) == 1 and params.maybe("BrevityCode") in ("", "CN")
    first = max(start, (project.world.started_at - HISTORY).date())
    last = min(end, project.today() - timedelta(days=1))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)] if domestic else []
    rows = [_row(project, day) for day in days]
    totals = {
        name: sum(int(str(row[source])) for row in rows)
        for name, source in {
            "SendCount": "Count",
            "SendCostCount": "CostCount",
            "SuccessCount": "SuccessCount",
            "SuccessCostCount": "SuccessCostCount",
            "FailCount": "FailedCount",
            "FailCostCount": "FailedCostCount",
            "UnknownCount": "UnknownCount",
            "UnknownCostCount": "UnknownCostCount",
            "SubmitFailCount": "SubmitFailedCount",
            "SubmitFailCostCount": "SubmitFailedCostCount",
        }.items()
    }
    if direction == "desc":
        rows.reverse()
    shown = rows[page * size : (page + 1) * size]
    return {"Total": len(rows), "StatisticsData": totals, "Data": shown, "Message": ""}


def balance(project: Project, params: Params) -> dict[str, object]:
    """GetBalance: amounts are texts."""
    del params  # Only the common ones.
    amount = f"{project.balance:.2f}"
    return {
        "AccountInfo": {
            "Amount": amount,
            "AmountAvailable": amount,
            "AmountCredit": "0.00",
            "AmountFree": "0.00",
            "AmountFreeze": "0.00",
        }
    }


def _row(project: Project, day: date) -> dict[str, object]:
    count = traffic.on_day(day, project.world.seed.daily_messages) + project.sent_extra.get(day, 0)
    failed = traffic.failed(count)
    unknown = count // 500
    good = count - failed - unknown
    return {
        "SendDate": day.isoformat(),
        "BrevityCode": "CN",
        "Count": count,
        "CostCount": _billed(good) + _billed(failed) + _billed(unknown),
        "SuccessCount": good,
        "SuccessCostCount": _billed(good),
        "FailedCount": failed,
        "FailedCostCount": _billed(failed),
        # Texts where the table says numbers, as in some of the vendor's samples (facts 4.1).
        "UnknownCount": str(unknown),
        "UnknownCostCount": str(_billed(unknown)),
        "SubmitFailedCount": 0,
        "SubmitFailedCostCount": 0,
        "SuccessRate": round(good / count, 4) if count else 0.0,
        "UserId": "",
    }


def _billed(count: int) -> int:
    return count * BILLED_PER_THOUSAND // 1000


def _day(params: Params, name: str) -> date:
    text = params.text(name)
    try:
        # fromisoformat alone would also take `20260304`.
        return date.fromisoformat(text if len(text) == 10 else "")
    except ValueError as error:
        raise RefusalError(BAD_FORMAT, f"Params [{name}] is written YYYY-MM-DD") from error
