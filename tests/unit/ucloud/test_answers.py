"""Golden: every shape of answer as it is read."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.errors import AnswerLost, Refused, Throttled, Trouble, Unavailable, VendorError
from bot.contracts.model import State
from bot.contracts.states import AT_VENDOR, MOVES
from bot.contracts.vendor import Measure, Missing, Option, Reading, Seen
from integrations.ucloud import answers
from tests.unit.ucloud.submitted import IN_BASE64

KINDS: list[type[answers.Answer]] = [
    answers.Signatures,
    answers.Templates,
    answers.Qualifications,
    answers.Usage,
    answers.Balance,
    answers.Created,
]


# --- Answers ---------------------------------------------------------------------------------------------------------


ID = {"x-ucloud-request-uuid": "id-1"}


def read(
    answer: type[answers.AnswerT], body: object, *, status: int = 200, changes: bool = False, **headers: str
) -> answers.AnswerT:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return answers.decoded(answer, status, httpx.Headers({**ID, **headers}), raw, changes=changes)


def error(body: object, *, status: int = 200, changes: bool = False, **headers: str) -> VendorError:
    with pytest.raises(VendorError) as caught:
        read(answers.Created, body, status=status, changes=changes, **headers)
    return caught.value


@pytest.mark.parametrize("code", [0, "0", " 0 ", 0.0])
def test_success_is_a_zero_in_any_form(code: object) -> None:
    assert read(answers.Created, {"RetCode": code, "Message": "submit success", "SigId": "SIG1"}).signature == "SIG1"


@pytest.mark.parametrize(("status", "state"), [(0, State.IN_REVIEW), (1, State.IN_REVIEW), (2, State.READY),
                                               (3, State.REJECTED), (4, State.DISABLED)])  # fmt: skip
@pytest.mark.parametrize("form", [int, str])
def test_a_signature_is_seen(status: int, state: State, form: type) -> None:
    data = {"SigId": "SIG1", "SigContent": "【优刻得科技】", "Status": form(status), "ErrDesc": "名称不一致"}
    (found,) = read(answers.Signatures, {"RetCode": 0, "Data": data}).found
    seen = answers.seen_signature(found)
    assert (seen.ref, seen.name, seen.state, seen.reason) == ("SIG1", "优刻得科技", state, "名称不一致")
    assert seen.word.startswith(f"{status} ")


def test_a_template_is_seen() -> None:
    data = {
        "TemplateId": "UTA1",
        "Purpose": "1",
        "TemplateName": "登录验证码",
        "Template": "验证码{1}",
        "Status": 3,
        "ErrDesc": "缺少说明",
        "CreateTime": "1772589600",
        "Instruction": "",
    }
    (found,) = read(answers.Templates, {"RetCode": "0", "Data": data}).found
    assert answers.seen_template(found) == Seen(
        ref="UTA1",
        name="登录验证码",
        state=State.REJECTED,
        word="3 审核未通过",
        reason="缺少说明",
        created_at=datetime(2026, 3, 4, 2, 0, tzinfo=UTC),
        content="验证码{1}",
    )


@pytest.mark.parametrize(
    ("status", "state", "word"),
    [
        (0, State.WITHDRAWN, "0 草稿"),
        (1, State.IN_REVIEW, "1 审核中"),
        (2, State.READY, "2 审核通过"),
        (3, State.REJECTED, "3 审核未通过"),
        (4, State.DISABLED, "4 人工禁用"),
        (9, None, "9"),
    ],
)
def test_a_qualification_has_a_table_of_its_own(status: int, state: State | None, word: str) -> None:
    row = {"QualificationId": 8563, "Name": "自用", "Status": status, "ErrDesc": None, "CreateTime": 0}
    (found,) = read(answers.Qualifications, {"RetCode": 0, "Total": "1", "Data": [row]}).rows
    assert answers.seen_qualification(found) == Seen(ref="8563", name="自用", state=state, word=word)


def test_whatever_is_said_next_of_a_qualification_is_a_move_that_the_record_has() -> None:
    """A draft in the console was none, and ended in a fault of ours."""
    for status in range(6):
        row = {"QualificationId": 8563, "Name": "自用", "Status": status}
        (found,) = read(answers.Qualifications, {"RetCode": 0, "Data": [row]}).rows
        state = answers.seen_qualification(found).state
        for before in AT_VENDOR:
            assert state is None or state is before or state in MOVES[before], (before, status)


@pytest.mark.parametrize(("status", "word"), [(7, "7"), ("reviewing", "reviewing"), (None, ""), ([], "")])
def test_an_unknown_status_is_reported_not_guessed(status: object, word: str) -> None:
    (found,) = read(answers.Signatures, {"RetCode": 0, "Data": {"SigId": "SIG1", "Status": status}}).found
    assert answers.seen_signature(found) == Seen(ref="SIG1", name="", state=None, word=word)


@pytest.mark.parametrize(
    "data",
    [None, {}, [], "", {"SigId": "", "SigContent": "", "Status": 0, "ErrDesc": ""}, {"SigId": "SIG2", "Status": 2}],
    ids=str,
)
def test_nothing_found_is_missing(data: object) -> None:
    found = read(answers.Signatures, {"RetCode": 0, "Data": data}).found
    assert answers.only("SIG1", [answers.seen_signature(one) for one in found]) == Missing("SIG1")
    assert read(answers.Signatures, {"RetCode": 0}).found == []


def test_data_that_lacks_only_its_id_is_what_was_asked_for() -> None:
    (found,) = read(answers.Signatures, {"RetCode": 0, "Data": {"SigContent": "优刻得", "Status": 2}}).found
    seen = answers.only("SIG1", [answers.seen_signature(found)])
    assert isinstance(seen, Seen)
    assert (seen.ref, seen.state) == ("SIG1", State.READY)


def test_several_equal_signatures_may_come_as_a_list() -> None:
    data = [{"SigId": "SIG1", "SigContent": "优刻得"}, {"SigId": "SIG2", "SigContent": "优刻得"}, "junk", {}]
    assert [one.ref for one in read(answers.Signatures, {"RetCode": 0, "Data": data}).found] == ["SIG1", "SIG2"]


def test_an_option_names_the_company_and_no_person() -> None:
    row = {
        "QualificationId": "8563",
        "Name": "自用资质",
        "CompanyName": "速达科技有限公司",
        "HandlerName": "李明",
        "ManagerName": "李明",
        "Status": "2",
    }
    (found,) = read(answers.Qualifications, {"RetCode": 0, "Data": [row]}).rows
    assert answers.option(found) == Option(
        "8563", "自用资质 · 速达科技有限公司", usable=True, state=State.READY, word="2 审核通过"
    )
    assert "李明" not in repr(found)


def test_an_option_that_is_not_approved_is_not_usable() -> None:
    rows = [{"QualificationId": "1", "CompanyName": "甲", "Name": "甲", "Status": 1}, {"QualificationId": "2"}]
    found = read(answers.Qualifications, {"RetCode": 0, "Data": rows}).rows
    shown = [answers.option(one) for one in found]
    assert [(one.value, one.label, one.usable) for one in shown] == [("1", "甲", False), ("2", "2", False)]
    assert [one.state for one in shown] == [State.IN_REVIEW, None]


def test_a_reviewers_remark_names_no_number_of_a_person() -> None:
    row = {"QualificationId": "9", "Status": 3, "ErrDesc": "经办人 330106199001011234（13812345678）核验不通过"}
    (found,) = read(answers.Qualifications, {"RetCode": 0, "Data": [row]}).rows
    assert answers.seen_qualification(found).reason == "经办人 …（138****5678）核验不通过"
    assert answers.option(found).remark == "经办人 …（138****5678）核验不通过"


@pytest.mark.parametrize(
    ("body", "remaining"),
    [
        ({"AccountInfo": {"Amount": "100.5", "AmountAvailable": "90.25"}}, "90.25"),
        ({"AccountInfo": {"Amount": "1,024.50"}}, "1024.50"),
        ({"Amount": 100.5, "AmountAvailable": 0, "AmountCredit": 10}, "0"),
        ({"AccountInfo": None, "AmountAvailable": -3}, "-3"),
        ({"AccountInfo": {}, "Amount": "7"}, "7"),
    ],
)
def test_the_balance_in_both_shapes(body: dict[str, object], remaining: str) -> None:
    reading = read(answers.Balance, {"RetCode": 0, **body}).reading()
    assert reading == Reading("balance", Measure.BALANCE, Decimal(remaining), unit="CNY")


def test_a_balance_without_an_amount_is_no_reading() -> None:
    for body in ({}, {"AccountInfo": {"Amount": "plenty"}}, {"Amount": True}, {"Amount": "NaN"}, {"Amount": "1e9999"}):
        with pytest.raises(Unavailable):
            read(answers.Balance, {"RetCode": 0, **body}).reading()


def test_usage_is_what_was_billed_without_what_failed_at_submission() -> None:
    usage = read(
        answers.Usage,
        {
            "RetCode": "0",
            "StatisticsData": {"SendCount": 90, "SendCostCount": "100", "SubmitFailCostCount": 7},
            "Data": [{"CostCount": 1}],
        },
    )
    assert usage.parts(submit_failed_billed=False) == 93
    assert usage.parts(submit_failed_billed=True) == 100


def test_usage_is_counted_from_the_days_where_the_sum_is_missing() -> None:
    days = [{"CostCount": "60", "SubmitFailedCostCount": 5}, {"CostCount": 40}, {}]
    for sums in ({}, {"StatisticsData": None}, {"StatisticsData": {}}):
        assert read(answers.Usage, {"RetCode": 0, "Data": days, **sums}).parts(submit_failed_billed=False) == 95
    assert read(answers.Usage, {"RetCode": 0, "Total": 0}).parts(submit_failed_billed=False) == 0


# --- Refusals and broken answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [18003, "18003"])
def test_a_refusal_has_its_code_words_and_request_id(code: object) -> None:
    refused = error({"RetCode": code, "Message": "Params [File] not available"}, changes=True)
    assert type(refused) is Refused
    assert (refused.code, refused.message, refused.request_id) == ("18003", "Params [File] not available", "id-1")


def test_too_fast_by_code_and_by_status() -> None:
    assert type(error({"RetCode": "153", "Message": "slow down"})) is Throttled
    assert type(error({"RetCode": 153}, status=503, changes=True)) is Throttled
    later = error(b"", status=429, changes=True, **{"retry-after": "7"})
    assert isinstance(later, Throttled)
    assert later.retry_after == 7
    dated = error(b"", status=429, **{"retry-after": "Wed, 04 Mar 2026 02:00:00 GMT"})
    assert isinstance(dated, Throttled)
    assert dated.retry_after is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"<html>oops</html>"),
        (502, b""),
        (503, {"RetCode": 18003, "Message": "not the API's word"}),
        (500, {"RetCode": 0, "SigId": "SIG1"}),
        (200, b"<html>a login page</html>"),
        (200, b""),
        (200, b"[]"),
        (200, b"\xff\xfe"),
        (200, b"[" * 100_000),
        (200, {}),
        (200, {"RetCode": None}),
        (200, {"RetCode": "ok"}),
        (200, {"RetCode": 0.5}),
        (200, {"RetCode": "1e999999"}),
        (200, {"RetCode": True}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_answer_may_have_been_a_yes(status: int, body: object) -> None:
    assert type(error(body, status=status, changes=True)) is AnswerLost
    assert type(error(body, status=status, changes=False)) is Unavailable


@pytest.mark.parametrize(("status", "code"), [(200, 153), (429, 0), (500, 1), (200, 110), (200, 18004), (200, 18003)])
def test_no_error_keeps_an_echo(status: int, code: int) -> None:
    raised = error(
        {"RetCode": code, "Message": f"File {IN_BASE64 * 8}, 330106199001010000"}, status=status, changes=True
    )
    assert raised.message == "File …, …"


@pytest.mark.parametrize("status", [301, 403, 404, 413])
def test_a_gate_before_the_api_refuses(status: int) -> None:
    refused = error(b"<html></html>", status=status, changes=True)
    assert type(refused) is Refused
    assert refused.code == f"HTTP {status}"


def test_a_refusal_with_a_status_of_its_own_is_read() -> None:
    assert error({"RetCode": 171, "Message": "Signature VerifyAC Error"}, status=403).trouble is Trouble.CREDENTIALS


@pytest.mark.parametrize("answer", KINDS)
@pytest.mark.parametrize("junk", ["text", 5, True, None, [1, [2]], {"a": {"b": []}}])
def test_no_field_of_a_strange_shape_breaks_the_reading(answer: type[answers.Answer], junk: object) -> None:
    names = [str(info.alias) for info in answer.model_fields.values()]
    read(answer, {"RetCode": 0, "Message": junk, **dict.fromkeys(names, junk)})
    read(answer, {"RetCode": 0, "Data": [dict.fromkeys(["SigId", "Status", "CreateTime", "CostCount"], junk)]})


NAMES = sorted({str(info.alias) for kind in KINDS for info in kind.model_fields.values()} | {"RetCode", "Message"})
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)


@given(
    answer=st.sampled_from(KINDS),
    body=st.dictionaries(st.sampled_from(NAMES), JSON).map(json.dumps) | st.text() | JSON.map(json.dumps),
    status=st.sampled_from([200, 200, 204, 302, 403, 429, 500]),
    changes=st.booleans(),
)
def test_whatever_comes_back_is_an_answer_or_a_vendors_error(
    answer: type[answers.Answer], body: str, status: int, changes: bool
) -> None:
    raised: VendorError | None = None
    try:
        read(answer, body.encode(errors="surrogatepass"), status=status, changes=changes)
    except VendorError as error:
        raised = error
    # Only a change can be lost; a question is unanswered. (That nothing was submitted, only a code of its own says.)
    assert changes or not isinstance(raised, AnswerLost)
    assert not changes or not isinstance(raised, Unavailable) or raised.code in ("18004", "18007")


def test_half_a_character_is_no_reason_to_fail() -> None:
    body = b'{"RetCode": 0, "Message": "\\ud800", "SigId": "SIG1\\udc00"}'
    assert read(answers.Created, body, changes=True).signature == "SIG1\ufffd"


@pytest.mark.parametrize("created", [0, "0", "soon", 10**18, -(10**18)])
def test_a_time_that_is_none(created: object) -> None:
    (found,) = read(answers.Templates, {"RetCode": 0, "Data": {"TemplateId": "1", "CreateTime": created}}).found
    assert answers.seen_template(found).created_at is None
