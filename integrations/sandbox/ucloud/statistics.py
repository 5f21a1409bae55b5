"""UCloud's sending statistics and account balance (facts 4)."""

from datetime import date, timedelta

from integrations.sandbox.traffic import HISTORY, Sent
from integrations.sandbox.ucloud.params import Params
from integrations.sandbox.ucloud.project import Project
from integrations.sandbox.ucloud.refusal import BAD_FORMAT, INVALID, RefusalError

BILLED_PER_THOUSAND = 1_080
TEMPLATES = {"UTA20250610SEED01": 70, "UTA20250610SEED02": 30}
"""Templates made long ago, and per cent of the messages that they are sent with."""


def sending(project: Project, params: Params) -> dict[str, object]:
    """GetUSMSSendStatistics: one row a day, none for today, because the console's are T-1 (facts 4.1)."""
    params.maybe_number("Purpose", (1, 2, 3))
    rows = [_row(day, project.flow.on_day(day, project.world.now()), 100) for day in _days(project, params)]
    return _page(rows, params)


def by_template(project: Project, params: Params) -> dict[str, object]:
    """GetUSMSTemplateSendStatistics: one row a day and template."""
    wanted = params.maybe("TemplateId")
    rows = [
        {**_row(day, project.flow.on_day(day, project.world.now()), share), "TemplateId": template}
        for day in _days(project, params)
        for template, share in TEMPLATES.items()
        if wanted in ("", template)
    ]
    return _page(rows, params)


def _days(project: Project, params: Params) -> list[date]:
    order = params.text("OrderBy")
    if order not in ("SendDate", "BrevityCode"):
        raise RefusalError(INVALID, "Params [OrderBy] or [OrderType] not available")
    start, end = _day(params, "StartDate"), _day(params, "EndDate")
    # 1 is domestic here, the opposite sense to `International` (facts 4.1); nothing was sent abroad.
    domestic = params.number("Domestic", (0, 1)) == 1 and params.maybe("BrevityCode") in ("", "CN")
    first = max(start, (project.world.started_at - HISTORY).date())
    last = min(end, project.today() - timedelta(days=1))
    return [first + timedelta(days=number) for number in range((last - first).days + 1)] if domestic else []


def _page(rows: list[dict[str, object]], params: Params) -> dict[str, object]:
    page, size = params.number("Page", range(1_000_000)), params.number("NumPerPage", range(1, 1001))
    direction = params.text("OrderType")
    if direction not in ("asc", "desc"):
        raise RefusalError(INVALID, "Params [OrderBy] or [OrderType] not available")
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
    return {"Total": len(rows), "StatisticsData": totals, "Data": rows[page * size : (page + 1) * size], "Message": ""}


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


def _row(day: date, sent: Sent, share: int) -> dict[str, object]:
    count, failed, unknown = (part * share // 100 for part in (sent.count, sent.failed, sent.waiting))
    refused = sent.refused * share // 100
    good = count - failed - unknown
    return {
        "SendDate": day.isoformat(),
        "BrevityCode": "CN",
        "Count": count + refused,
        "CostCount": _billed(good) + _billed(failed) + _billed(unknown),
        "SuccessCount": good,
        "SuccessCostCount": _billed(good),
        "FailedCount": failed,
        "FailedCostCount": _billed(failed),
        # Texts where the table says numbers, as in some of the vendor's samples (facts 4.1).
        "UnknownCount": str(unknown),
        "UnknownCostCount": str(_billed(unknown)),
        "SubmitFailedCount": refused,
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
