"""Answers in general: what they may lack, and when their dates are."""

from datetime import UTC, datetime

import pytest

from bot.contracts.errors import Unavailable
from integrations.alibaba import billing, papers, signatures, templates, wire
from integrations.alibaba.config import Unconfirmed
from tests.unit.alibaba.answered import SURE, answer


def test_answers_may_lack_everything() -> None:
    empty = {"SmsSignList": None, "SmsTemplateList": {}, "Data": [], "Model": "x", "AuditInfo": 7, "SignName": [1]}
    for model in (
        signatures.Signature,
        signatures.SignatureList,
        signatures.RecordList,
        signatures.LetterList,
        signatures.LetterCreated,
        signatures.Created,
        templates.Template,
        templates.TemplateList,
        templates.Created,
        papers.MediaTicket,
        papers.PaperTicket,
        billing.PackageList,
        billing.BalanceAnswer,
    ):
        assert answer(model, **empty).RequestId == "R-1"
        assert answer(model) == model(RequestId="R-1")


def test_a_list_of_something_else_is_no_answer() -> None:
    with pytest.raises(Unavailable) as caught:
        answer(signatures.SignatureList, SmsSignList=["13900000000"])
    assert "13900000000" not in f"{caught.value} {caught.value.__cause__}"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-02 03:04:05", datetime(2026, 1, 1, 19, 4, 5, tzinfo=UTC)),
        ("", None),
        ("2026-01-02", None),
        ("0001-01-01 00:00:00", None),
    ],
)
def test_dates_are_china_time(text: str, moment: datetime | None) -> None:
    assert wire.text_date(text, SURE) == moment


def test_dates_as_the_operator_knows_them() -> None:
    moment = wire.text_date("2026-01-02 03:04:05", Unconfirmed(text_dates_utc_offset=0))
    assert moment == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
