"""What vendors push: the bodies of their documents are read, everything else is refused, and every answer is theirs."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.model import Kind, State
from bot.contracts.push import Hint, NotAPush, Outcome, Pushed, Pushes, PushKind, Receipt, Said
from bot.running.vendors import VENDORS
from integrations.alibaba.config import Unconfirmed as AlibabaReading
from integrations.alibaba.push import Pushes as AlibabaPushes
from integrations.tencent.config import Unconfirmed as TencentReading
from integrations.tencent.push import Pushes as TencentPushes
from integrations.ucloud.push import Pushes as UcloudPushes
from tests.contract.desk import NAMES, Desk, Name

PUSHES: Mapping[Name, Pushes] = MappingProxyType(
    {
        "alibaba": AlibabaPushes(AlibabaReading()),
        "tencent": TencentPushes(TencentReading()),
        "ucloud": UcloudPushes(),
    }
)

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""12:00 in China."""
UNIX = int(NOON.timestamp())

SIGN = {
    "sign_name": "速达物流",
    "sign_status": "rejected",
    "orderId": 20044156924,
    "reason": "名称不符合规范",
    "sign_source": "企事业单位名",
    "create_date": "2026-11-23 10:00:00",
}
TEMPLATE = {
    "template_code": "SMS_480000001",
    "template_name": "登录验证码",
    "template_status": "approved",
    "reason": None,
    "orderId": "20044156925",
}
SMS_REPORT = {
    "phone_number": "13800001234",
    "send_time": "2026-11-23 11:59:50",
    "report_time": "2026-11-23 12:00:00",
    "success": True,
    "err_code": "DELIVERED",
    "err_msg": "用户接收成功",
    "sms_size": "2",
    "biz_id": "932702304080415357^0",
    "out_id": "mark",
}
SMS_UP = {"phone_number": "13800001234", "content": "R", "send_time": "2026-11-23 12:00:00", "sequence_id": 1234567890}
STATUS = {
    "user_receive_time": "2026-11-23 12:00:00",
    "nationcode": "86",
    "mobile": "13800001234",
    "report_status": "FAIL",
    "errmsg": "MK:0001",
    "description": "用户短信接收失败",
    "sid": "2640:168671506416862323300049",
}
REPLY = {"extend": "01", "mobile": "13800001234", "nationcode": "86", "sign": "速达科技", "text": "T", "time": UNIX}
REPORT = {
    "SessionNo": "63B5A1A0",
    "Phone": "13800001234",
    "CostCount": 1,
    "ReceiptTime": UNIX,
    "ReceiptResult": "Unknow",
    "ReceiptCode": "EXPIRED",
    "ReceiptDesc": "过期",
}
UPLINK = {"Phone": "(86)13800001234", "ReplyContent": "好", "ReplyTime": UNIX}

READ: tuple[tuple[Name, PushKind, object, Pushed], ...] = (
    (
        "alibaba",
        PushKind.SIGN,
        [SIGN],
        Pushed(
            hints=(
                Hint(
                    Kind.SIGNATURE,
                    "速达物流",
                    "20044156924",
                    State.REJECTED,
                    "AUDIT_STATE_NOT_PASS",
                    "名称不符合规范",
                ),
            )
        ),
    ),
    (
        "alibaba",
        PushKind.TEMPLATE,
        [TEMPLATE],
        Pushed(hints=(Hint(Kind.TEMPLATE, "SMS_480000001", "20044156925", State.READY, "AUDIT_STATE_PASS"),)),
    ),
    (
        "alibaba",
        PushKind.SIGN,
        [{**SIGN, "sign_status": "frozen", "reason": ""}],
        Pushed(hints=(Hint(Kind.SIGNATURE, "速达物流", "20044156924", None, "frozen"),)),
    ),
    (
        "alibaba",
        PushKind.REPORT,
        [SMS_REPORT, {**SMS_REPORT, "success": False, "err_code": "MOBILE_IN_BLACK", "sms_size": 1}],
        Pushed(
            receipts=(
                Receipt(
                    "932702304080415357^0",
                    "13800001234",
                    Outcome.DELIVERED,
                    "DELIVERED",
                    "用户接收成功",
                    NOON,
                    NOON.replace(hour=3, minute=59, second=50),
                    2,
                    "mark",
                ),
                Receipt(
                    "932702304080415357^0",
                    "13800001234",
                    Outcome.FAILED,
                    "MOBILE_IN_BLACK",
                    "用户接收成功",
                    NOON,
                    NOON.replace(hour=3, minute=59, second=50),
                    1,
                    "mark",
                ),
            )
        ),
    ),
    ("alibaba", PushKind.REPLY, [SMS_UP], Pushed(replies=(Said("13800001234", "R", NOON, "1234567890"),))),
    (
        "tencent",
        PushKind.REPORT,
        [STATUS],
        Pushed(
            receipts=(
                Receipt(
                    "2640:168671506416862323300049",
                    "13800001234",
                    Outcome.FAILED,
                    "MK:0001",
                    "用户短信接收失败",
                    NOON,
                ),
            )
        ),
    ),
    ("tencent", PushKind.REPLY, REPLY, Pushed(replies=(Said("13800001234", "T", NOON, sign="速达科技"),))),
    (
        "tencent",
        PushKind.REPLY,
        {**REPLY, "nationcode": "1", "mobile": "4155550123"},
        Pushed(replies=(Said("+14155550123", "T", NOON, sign="速达科技"),)),
    ),
    (
        "ucloud",
        PushKind.REPORT,
        {"MsgType": 2, "Data": [REPORT]},
        Pushed(receipts=(Receipt("63B5A1A0", "13800001234", Outcome.SILENT, "EXPIRED", "过期", NOON, parts=1),)),
    ),
    (
        "ucloud",
        PushKind.REPORT,
        [{**REPORT, "ReceiptResult": "发送成功", "ReceiptCode": 0}],
        Pushed(receipts=(Receipt("63B5A1A0", "13800001234", Outcome.DELIVERED, "0", "过期", NOON, parts=1),)),
    ),
    (
        "ucloud",
        PushKind.REPLY,
        {"MsgType": 0, "Data": [UPLINK]},
        Pushed(replies=(Said("(86)13800001234", "好", NOON),)),
    ),
)

SHAPES: Mapping[Name, tuple[Mapping[str, object], Mapping[str, object]]] = MappingProxyType(
    {
        "alibaba": ({"code": 0, "msg": "OK"}, {"code": 1, "msg": "why"}),
        "tencent": ({"result": 0, "errmsg": "OK"}, {"result": 1, "errmsg": "why"}),
        "ucloud": ({"code": 0, "message": "ok"}, {"code": 1, "message": "why"}),
    }
)

GOOD = {(name, kind): body for name, kind, body, _ in reversed(READ)}


@pytest.mark.parametrize(("name", "kind", "body", "said"), READ)
def test_what_the_documents_show_is_read(name: Name, kind: PushKind, body: object, said: Pushed) -> None:
    assert PUSHES[name].read(kind, json.dumps(body, ensure_ascii=False).encode()) == said
    assert PUSHES[name].read(kind, json.dumps(body).encode()) == said  # the same with every character escaped


def _spoilt(body: object) -> dict[str, object]:
    """A good body made wrong in one thing each."""
    rows = body if isinstance(body, list) else body["Data"] if isinstance(body, dict) and "Data" in body else None
    row = rows[0] if rows is not None else body

    def whole(changed: object) -> object:
        if rows is None:
            return changed
        return [changed] if isinstance(body, list) else {**body, "Data": [changed]}  # type: ignore[dict-item]

    phone = next((key for key in ("phone_number", "mobile", "Phone") if key in row), None)
    spoilt: dict[str, object] = {
        "text": "hello",
        "null": None,
        "number": 7,
        "item is a text": whole("hello"),
        "item is empty": whole({}),
        "another's": [{"user": 1}],
        "one item too few": [] if rows is None else {"Data": 1},
    }
    if phone:
        spoilt |= {
            "number is a word": whole({**row, phone: "somebody"}),
            "number is a list": whole({**row, phone: ["13800001234"]}),
            "number is absent": whole({key: value for key, value in row.items() if key != phone}),
            "long": whole(
                {**row, "content": "x" * 3000, "text": "x" * 3000, "ReplyContent": "x" * 3000, "sid": "x" * 3000}
            )
            if "biz_id" not in row and "SessionNo" not in row
            else whole({**row, "biz_id": "x" * 300, "SessionNo": ""}),
        }
    return spoilt


@pytest.mark.parametrize(
    ("name", "kind", "body"),
    [
        pytest.param(name, kind, spoilt, id=f"{name}-{kind}-{what}")
        for (name, kind), body in GOOD.items()
        for what, spoilt in _spoilt(body).items()
    ],
)
def test_what_it_is_not_is_refused(name: Name, kind: PushKind, body: object) -> None:
    with pytest.raises(NotAPush) as caught:
        PUSHES[name].read(kind, json.dumps(body).encode())
    assert "138" not in str(caught.value)


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"{", b"[" * 100_000, b'{"MsgType":2,"Data":[]', b"<xml/>", b"NaN", b"1" * 10_000]
)
@pytest.mark.parametrize(("name", "kind"), list(GOOD))
def test_what_is_no_json_is_refused(name: Name, kind: PushKind, body: bytes) -> None:
    with pytest.raises(NotAPush):
        PUSHES[name].read(kind, body)


NEEDED = {
    *("sign_name", "sign_status", "template_code", "template_status", "phone_number", "success", "biz_id", "content"),
    *("mobile", "report_status", "sid", "text", "Phone", "ReceiptResult", "SessionNo", "ReplyContent"),
}
"""What an item is nothing without."""

ODD = (None, "", [], {}, True, -1, 10**13, 1.5, "x" * 3000, "soon")


def _rows(body: object) -> tuple[list[dict[str, object]], Callable[[list[object]], object]]:
    """The items of a body, and how a body is made of items."""
    if isinstance(body, list):
        return body, list
    if isinstance(body, dict) and "Data" in body:
        return body["Data"], lambda rows: {**body, "Data": rows}
    assert isinstance(body, dict)
    return [body], lambda rows: rows[0]


@pytest.mark.parametrize(("name", "kind"), list(GOOD))
def test_what_is_only_good_to_have_refuses_nothing(name: Name, kind: PushKind) -> None:
    """An answer of somebody is told by no other way: a time that nobody can read is no reason to lose it."""
    (row, *_), whole = _rows(GOOD[name, kind])
    for key in row.keys() - NEEDED:
        for odd in ODD:
            if key == "nationcode" and odd not in (None, ""):
                continue  # without its country a number is none
            pushed = PUSHES[name].read(kind, json.dumps(whole([{**row, key: odd}])).encode())
            assert len(pushed.hints + pushed.receipts + pushed.replies) == 1, (key, odd)
            assert pushed.left_out == ()


@pytest.mark.parametrize(("name", "kind"), [one for one in GOOD if one != ("tencent", PushKind.REPLY)])
def test_an_odd_item_does_not_take_its_neighbours_with_it(name: Name, kind: PushKind) -> None:
    (row, *_), whole = _rows(GOOD[name, kind])
    for odd in ({}, None, "x", dict.fromkeys(row)):
        pushed = PUSHES[name].read(kind, json.dumps(whole([row, odd, row])).encode())
        assert len(pushed.hints + pushed.receipts + pushed.replies) == 2
        (why,) = pushed.left_out
        assert why.endswith("(1)")
        assert "138" not in why


@pytest.mark.parametrize("name", NAMES)
def test_another_kinds_body_is_refused(name: Name) -> None:
    """Receipts sent to the address of replies, and so on: two addresses were mixed up in a console."""
    for (vendor, kind), body in GOOD.items():
        for other in PUSHES[name].kinds:
            if vendor == name and other is not kind:
                with pytest.raises(NotAPush):
                    PUSHES[name].read(other, json.dumps(body).encode())


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [*SIGN, *TEMPLATE, *SMS_REPORT, *SMS_UP, *STATUS, *REPLY, *REPORT, *UPLINK, "MsgType", "Data", "x"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@given(value=_VALUES, name=st.sampled_from(NAMES), kind=st.sampled_from(PushKind))
def test_nothing_but_a_refusal_comes_of_strange_bodies(value: object, name: Name, kind: PushKind) -> None:
    try:
        pushed = PUSHES[name].read(kind, json.dumps(value).encode())
    except NotAPush:
        return
    for reply in pushed.replies:
        reply.text.encode()
        assert reply.number
    for receipt in pushed.receipts:
        assert receipt.message
        assert receipt.number


def test_half_a_character_is_no_reason_to_lose_an_answer() -> None:
    body = json.dumps([{**SMS_UP, "content": "好\ud83d"}]).encode()
    (said,) = PUSHES["alibaba"].read(PushKind.REPLY, body).replies
    assert said.text == "好\ufffd"


@pytest.mark.parametrize("name", NAMES)
def test_answers_are_the_vendors_own(name: Name) -> None:
    good, bad = SHAPES[name]
    assert PUSHES[name].answer() == good
    assert PUSHES[name].answer("why") == bad


async def test_every_vendor_says_what_it_pushes(desk: Desk) -> None:
    assert desk.client.pushes is not None
    assert set(desk.client.pushes.kinds) == {kind for name, kind in GOOD if name == desk.name}
    assert set(VENDORS) == set(NAMES)
