"""Personal data is taken out of what was said before anybody reads it, whatever way it was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts import personal
from bot.contracts.errors import Refused, Throttled
from bot.contracts.fields import Fault, FieldType, check_value
from bot.contracts.model import Actor, Incoming, Place

NUMBER, PHONE = "330106199001011234", "13812349876"


def held(text: str) -> tuple[str, dict[str, str]]:
    left, found = personal.taken_out(text)
    return left, dict(personal.told(found))


@pytest.mark.parametrize(
    ("typed", "left", "found"),
    [
        (f"edit #1 handler_id={NUMBER}", "edit #1", {"handler_id": NUMBER}),
        (f"handler_phone: {PHONE}", "", {"handler_phone": PHONE}),
        (f"经办人手机号：{PHONE}", "", {"handler_phone": PHONE}),
        (f"管理员身份证号＝{NUMBER}，管理员姓名＝张三", "", {"handler_id": NUMBER, "handler_name": "张三"}),
        ('edit #1 handler_name="Li Wei" company=甲', "edit #1 company=甲", {"handler_name": "Li Wei"}),
        ("handler_name=Li Wei company=甲", "company=甲", {"handler_name": "Li Wei"}),
        ("HANDLER_NAME=“李伟”", "", {"handler_name": "李伟"}),
        (f"ｈａｎｄｌｅｒ_ｉｄ=「{NUMBER}」", "", {"handler_id": NUMBER}),
        (f"handlr_id={NUMBER}", "", {"handler_id": NUMBER}),  # a slip in the key
        (f"Handler's mobile number: {PHONE}\nremark: x", "remark: x", {"handler_phone": PHONE}),
        (
            f"公司：甲\n经办人姓名：李 伟\n经办人证件号：{NUMBER}",
            "公司：甲",
            {"handler_name": "李 伟", "handler_id": NUMBER},
        ),
        ("edit #1 handler_name=", "edit #1 handler_name=", {}),
        ('content="经办人手机号：${phone}" type=notice', 'content="经办人手机号：${phone}" type=notice', {}),
        ("您的经办人手机号：${phone}，请核对", "您的经办人手机号：${phone}，请核对", {}),
        ("sign submit aliyun 速达物流 source=company", "sign submit aliyun 速达物流 source=company", {}),
        ("link=https://a.example/handler_id", "link=https://a.example/handler_id", {}),
    ],
)
def test_taken_out(typed: str, left: str, found: dict[str, str]) -> None:
    said, private = held(typed)
    assert private == found
    assert said == left


KEYS = st.sampled_from(
    [
        name
        for field in personal.FIELDS.values()
        if field.type is not FieldType.FILE
        for name in (field.key, *field.aliases)
    ]
)
SIGNS = st.sampled_from(["=", ": ", "：", " = ", "＝"])
QUOTES = st.sampled_from([("", ""), ('"', '"'), ("“", "”"), ("「", "」")])
BEFORE = st.sampled_from(
    ["", "edit #1 ", "qualification submit ucloud 速达 company=甲 ", "修改 #1 信用代码=91330106MA2CDEFG0H，"]
)
AFTER = st.sampled_from(["", " remark=ok", "，备注：好", "\nremark: ok"])
SECRETS = (
    st.text(alphabet="张三丰李伟0123456789XxLiWei- ", min_size=2, max_size=20)
    .map(str.strip)
    .filter(lambda one: len(one) > 1)
)


@given(BEFORE, KEYS, SIGNS, QUOTES, SECRETS, AFTER)
def test_no_way_of_typing_leaves_it_in_the_text(
    before: str, key: str, sign: str, quotes: tuple[str, str], secret: str, after: str
) -> None:
    left, found = held(f"{before}{key}{sign}{quotes[0]}{secret}{quotes[1]}{after}")
    assert secret in found.values()
    assert secret not in left.replace(before.strip(), "")


def test_what_a_form_said_is_set_apart_and_was_not_typed() -> None:
    values = (("company", "甲"), ("handler_id", NUMBER))
    incoming = Incoming("edit #1", Actor("slack", "U1"), Place("slack", "C1"), "1", values=values)
    apart, typed = personal.set_apart(incoming)
    assert (apart.values, typed) == ((("company", "甲"),), False)
    assert NUMBER not in repr(apart)
    assert dict(personal.told(apart.papers)) == {"handler_id": NUMBER}
    same, typed = personal.set_apart(apart)
    assert (same, typed) == (apart, False)


def test_what_is_wrong_with_it_is_told_without_it() -> None:
    for key, value in (
        ("handler_phone", "138123"),
        ("handler_id", "33010619900101 12\n34"),
        ("handler_name", "张" * 99),
    ):
        _, problem = check_value(personal.FIELDS[key], key, value)
        assert problem is not None
        assert value[:3] not in repr(problem.value) + problem.instead
    assert check_value(personal.FIELDS["handler_phone"], "handler_phone", "+8613812349876")[1] is None
    _, wrong = check_value(personal.FIELDS["handler_id_dates"], "handler_id_dates", "2020~2030")
    assert wrong is not None
    assert wrong.fault is Fault.BAD_FORM


def test_a_vendor_that_says_it_back_is_quoted_without_it() -> None:
    _, papers = personal.as_papers({"handler_name": "张三丰", "handler_id": "X12345", "handler_phone": PHONE})
    said = Refused("18002", f"张三丰 X12345 {PHONE} {NUMBER} 13700001111 wrong", request_id="r")
    clean = personal.without_in(said, papers)
    assert clean.message == "… … … … 137****1111 wrong"
    assert (type(clean), clean.code, clean.request_id) == (Refused, "18002", "r")
    assert "张三丰" not in str(clean) + repr(clean)
    assert personal.without_in(Refused("1", "fine"), papers).message == "fine"
    assert personal.without_in(Throttled("429", PHONE, retry_after=3), papers).message == "…"
    _, landline = personal.as_papers({"handler_phone": "0755-8612 3456", "handler_name": "Li 12"})
    for spelled in ("0755-8612 3456", "075586123456", "(0755)86123456", "0755 8612-3456"):
        assert personal.without(f"{spelled} of Li 12 wrong, call 400-800-1234", landline) == (
            "… of … wrong, call 400-800-1234" if not spelled.startswith("(") else "(… of … wrong, call 400-800-1234"
        )
    assert personal.without_in(said, {}).message == "张三丰 X12345 138****9876 … 137****1111 wrong"
