"""The whole path of an account: each step as it stands, and the one thing that can be said next."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.guide import GUIDE
from bot.contracts.model import CarrierFiling, Kind, Request, State
from bot.contracts.sent import SendState, TestMessage
from bot.contracts.vendor import FilingView, KindAbility, Option
from bot.requests.path import Known, Path, Standing, Step, path
from bot.requests.path_cards import path_table
from tests.given import MONDAY, a_request
from tests.reading import shown, views

EDITS = KindAbility(update_in=frozenset({State.REJECTED}))
FILED = replace(EDITS, filing=FilingView.PER_CARRIER)
HIDDEN = replace(EDITS, filing=FilingView.HIDDEN)


def known(*, filing: KindAbility = FILED, **changes: object) -> Known:
    empty = Known("aliyun", "速达物流", (EDITS, filing, EDITS), True, (), (), test_number="13800000000")
    return replace(empty, **changes)  # type: ignore[arg-type]


def request(kind: Kind, state: State, number: int = 5, **changes: object) -> Request:
    return a_request(state, kind=kind, number=number, **changes)


def test_message(state: SendState) -> TestMessage:
    return TestMessage(
        id=3,
        account="aliyun",
        state=state,
        template="SMS_1",
        name="登录验证码",
        type="otp",
        sign="速达物流",
        number="13800000000",
        values={},
        parts=1,
        mark="m",
        sender="slack:U1",
        sender_name="lin",
        place=a_request().place,
        created_at=MONDAY,
        since=MONDAY,
    )


test_message.__test__ = False  # type: ignore[attr-defined]
QUALIFIED = {"qualification": request(Kind.QUALIFICATION, State.READY, 1)}
SIGNED = {**QUALIFIED, "signature": request(Kind.SIGNATURE, State.READY, 2)}
WHOLE = {**SIGNED, "template": request(Kind.TEMPLATE, State.READY, 3)}


def standings(found: Path) -> list[str]:
    return [str(one.standing) for one in found.stages]


@pytest.mark.parametrize(
    ("told", "steps", "command"),
    [
        ({}, "missing later later later later", "qualification submit aliyun …"),
        ({"takes_qualification": False}, "optional missing later later later", "sign submit aliyun 速达物流"),
        (  # nothing lists it, so nobody would be offered it
            {"qualification": request(Kind.QUALIFICATION, State.READY, vendor_ref="8563")},
            "done missing later later later",
            "sign submit aliyun 速达物流 qualification=8563",
        ),
        (  # nobody asks for it
            {"wants_qualification": False, "qualifications": (Option("8563", "甲"),)},
            "done missing later later later",
            "sign submit aliyun 速达物流 qualification=8563",
        ),
        (  # which of them, only a person can say
            {"wants_qualification": False, "qualifications": (Option("8563", "甲"), Option("8577", "乙"))},
            "done missing later later later",
            "sign submit aliyun 速达物流",
        ),
        ({"wants_qualification": False}, "advised missing later later later", "sign submit aliyun 速达物流"),
        (
            {"qualification": request(Kind.QUALIFICATION, State.IN_REVIEW, values={GUIDE: "qualification"})},
            "waiting later later later later",
            "",
        ),
        ({"qualifications": None}, "silent missing later later later", "sign submit aliyun 速达物流"),
        ({"qualifications": (Option("8563", "甲"),)}, "done missing later later later", "sign submit aliyun 速达物流"),
        ({"qualification": request(Kind.QUALIFICATION, State.IN_REVIEW)}, "waiting later later later later", ""),
        ({"qualification": request(Kind.QUALIFICATION, State.REJECTED)}, "trouble later later later later", "edit #5"),
        (
            {"qualification": request(Kind.QUALIFICATION, State.DRAFT, values={GUIDE: "q"})},
            "missing later later later later",
            "settle #5 submitted id=…",
        ),
        ({**QUALIFIED, "signature": request(Kind.SIGNATURE, State.IN_REVIEW)}, "done waiting later later later", ""),
        ({**QUALIFIED, "signature": request(Kind.SIGNATURE, State.DRAFT)}, "done missing later later later", "edit #5"),
        (
            {**QUALIFIED, "signature": request(Kind.SIGNATURE, State.APPROVED)},
            "done done waiting missing later",
            "template submit aliyun …",
        ),
        (
            {
                **QUALIFIED,
                "signature": request(Kind.SIGNATURE, State.APPROVED, filings=(CarrierFiling("mobile", "failed"),)),
            },
            "done done trouble missing later",
            "show #5",
        ),
        (
            {**QUALIFIED, "signatures": (Option("速达物流", "速达物流"),)},
            "done done silent missing later",
            "template submit aliyun …",
        ),
        (
            {
                **QUALIFIED,
                "signatures": (Option("速达科技", "速达科技"),),
                "name": "",
                "template": request(Kind.TEMPLATE, State.READY, 3),
            },
            "done done silent done missing",  # nobody says what the carriers did with it: a test message tells
            "send aliyun #3 13800000000 sign=速达科技",
        ),
        ({**SIGNED, "template": request(Kind.TEMPLATE, State.UNKNOWN)}, "done done done trouble later", "show #5"),
        (WHOLE, "done done done done missing", "send aliyun #3 13800000000 sign=速达物流"),
        ({**WHOLE, "can_test": False}, "done done done done missing", ""),
        ({**WHOLE, "test": test_message(SendState.SENT)}, "done done done done waiting", ""),
        (
            {**WHOLE, "test": test_message(SendState.UNDELIVERED)},
            "done done done done trouble",
            "send aliyun #3 13800000000 sign=速达物流",
        ),
        ({**WHOLE, "test": test_message(SendState.DELIVERED)}, "done done done done done", ""),
        (  # a message arrived with it, so there is one, though no list shows it
            {**WHOLE, "signature": None, "test": test_message(SendState.DELIVERED)},
            "done done silent done done",
            "",
        ),
    ],
)
def test_where_each_step_stands_and_what_comes_next(told: dict[str, object], steps: str, command: str) -> None:
    found = path(known(**told))
    assert " ".join(standings(found)) == steps
    assert (found.next.command if found.next else "") == command


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            {"wants_qualification": False},
            "next sign submit aliyun 速达物流; better first qualification submit aliyun …",
        ),
        ({"wants_qualification": False, **SIGNED, "qualification": None}, "next template submit aliyun …"),
        (
            {"qualification": request(Kind.QUALIFICATION, State.IN_REVIEW, values={GUIDE: "qualification"})},
            "What its console shows first, say here: settle #5 approved",
        ),
    ],
)
def test_what_is_said_beside_what_comes_next(told: dict[str, object], said: str) -> None:
    table = shown(path_table(views()["en"], "速达物流", [path(known(**told))])).replace("`", "")
    assert said in table
    assert ("better" in table) is ("better" in said)


def test_a_filing_that_is_not_shown_holds_nothing_up() -> None:
    found = path(known(filing=HIDDEN, **WHOLE))
    assert standings(found)[2] == "hidden"
    assert found.sends
    assert not path(known(**{**WHOLE, "signature": request(Kind.SIGNATURE, State.APPROVED)})).sends


def test_where_nobody_says_what_the_carriers_did_a_message_that_arrived_does() -> None:
    made = {
        **QUALIFIED,
        "signatures": (Option("速达物流", "速达物流"),),
        "template": request(Kind.TEMPLATE, State.READY),
    }
    assert not path(known(**made)).sends
    assert path(known(**made, test=test_message(SendState.DELIVERED))).sends


REQUESTS = st.one_of(st.none(), st.sampled_from(list(State)))


@given(REQUESTS, REQUESTS, REQUESTS, st.booleans())
def test_whatever_stands_something_is_said_of_it(
    qualification: State | None, signature: State | None, template: State | None, wants: bool
) -> None:
    kinds = {"qualification": qualification, "signature": signature, "template": template}
    told = {key: request(Kind(key), state) for key, state in kinds.items() if state is not None}
    found = path(known(wants_qualification=wants, **told))
    assert [one.step for one in found.stages] == list(Step)
    if found.sends:
        assert all(one.standing is not Standing.TROUBLE for one in found.stages[:4])
    for view in views().values():
        said = shown(path_table(view, "速达物流", [found]))
        assert "aliyun" in said
        assert "None" not in said
