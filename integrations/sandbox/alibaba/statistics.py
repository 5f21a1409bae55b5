"""Alibaba's sending statistics: one row a day, today's as far as it has come (facts 6.3)."""

from datetime import date, timedelta

from integrations.sandbox.alibaba.office import Office
from integrations.sandbox.alibaba.params import Params
from integrations.sandbox.alibaba.refusal import RefusalError
from integrations.sandbox.traffic import Sent

LONGEST = timedelta(days=31)
"""The vendor names no longest span; the sandbox takes no more than its clients should ask for."""
OF_TYPE = {"0": 70, "1": 30, "2": 0, "3": 0, "7": 0}
"""Per cent of the messages of each TemplateType."""


def query(office: Office, params: Params) -> dict[str, object]:
    """QuerySendStatistics; days on which nothing was sent have no row."""
    page, size = params.number("PageIndex", among=range(1, 1_000)), params.number("PageSize", among=range(1, 51))
    abroad = params.number("IsGlobe", among=(1, 2)) == 2
    first, last = day_of(params, "StartDate"), day_of(params, "EndDate")
    if last < first or last - first > LONGEST:
        raise RefusalError("InvalidEndDate", "The specified EndDate is invalid.")
    kind, sign = params.maybe("TemplateType"), params.maybe("SignName")
    if kind and kind not in OF_TYPE:
        raise RefusalError("InvalidTemplateType", "The specified TemplateType is invalid.")
    share = OF_TYPE[kind] if kind else 100
    if abroad or sign not in ("", office.world.seed.signature):
        share = 0
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    rows = [_row(day, office.flow.on_day(day, office.world.now()), share) for day in days if day <= office.today()]
    found = [row for row in rows if row["TotalCount"]]
    return {"Data": {"TotalSize": len(found), "TargetList": found[(page - 1) * size : page * size]}}


def _row(day: date, sent: Sent, share: int) -> dict[str, object]:
    return {
        "SendDate": f"{day:%Y%m%d}",
        "TotalCount": sent.count * share // 100,  # each is one part: the package drains as fast
        "RespondedSuccessCount": sent.good * share // 100,
        "RespondedFailCount": sent.failed * share // 100,
        "NoRespondedCount": sent.waiting * share // 100,
    }


def day_of(params: Params, name: str) -> date:
    """Return a required day, `yyyyMMdd`."""
    text = params.text(name)
    try:
        return date.fromisoformat(text if len(text) == 8 else "")
    except ValueError as error:
        raise RefusalError(f"Invalid{name}", f"The specified {name} is invalid: yyyyMMdd is expected.") from error
