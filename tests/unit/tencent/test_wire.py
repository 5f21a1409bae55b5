import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from tencentcloud.sms.v20210111 import models

from bot.contracts.errors import AnswerLost, Refused, Throttled, Trouble, Unavailable
from bot.contracts.model import Kind, Paper, State, Submission
from bot.contracts.vendor import Measure, Option, Reading, Seen
from integrations.tencent import answers, declared, wire

SIGN = wire.Form("domestic", {field.key: field for field in declared.signature_fields("domestic")})
SIGN_ABROAD = wire.Form("international", {field.key: field for field in declared.signature_fields("international")})
TEMPLATE = wire.Form("domestic", {field.key: field for field in declared.template_fields()})
TEMPLATE_ABROAD = wire.Form("international", {field.key: field for field in declared.template_fields()})

LICENCE = Paper("licence.png", b"\x89PNG\r\n\x1a\n\xfb\xff", "image/png")
LETTER = Paper("letter.jpg", b"\xff\xd8\xff\xe0", "image/jpeg")


def signature(name: str = "速达科技", *, letter: bool = False, **values: str) -> Submission:
    papers = {"paper": (LICENCE,)} | ({"letter": (LETTER,)} if letter else {})
    return Submission(Kind.SIGNATURE, name, values, papers)


def template(content: str, *, name: str = "登录", **values: str) -> Submission:
    values = {key.replace("sample_", "sample."): value for key, value in values.items()}
    return Submission(Kind.TEMPLATE, name, {"content": content, **values})


def check_with_sdk(action: str, body: dict[str, Any]) -> None:
    """The SDK warns of parameters it does not know, and warnings are errors here."""
    getattr(models, f"{action}Request")().from_json_string(json.dumps(body))


# --- Requests --------------------------------------------------------------------------------------------------------


def test_add_sign_domestic() -> None:
    body = wire.add_sign(
        signature(source="company", qualification="8563", link="https://example.com/app", remark="登录与订单"), SIGN
    )
    assert body == {
        "SignName": "速达科技",
        "SignType": 0,
        "DocumentType": 0,
        "International": 0,
        "SignPurpose": 0,
        "ProofImage": "iVBORw0KGgr7/w==",
        "Remark": "登录与订单\nhttps://example.com/app",
        "QualificationId": 8563,
    }
    check_with_sdk("AddSmsSign", body)


def test_add_sign_for_others_carries_the_letter() -> None:
    body = wire.add_sign(signature("启明", letter=True, source="trademark", purpose="other", qualification="1"), SIGN)
    assert body == {
        "SignName": "启明",
        "SignType": 4,
        "DocumentType": 7,
        "International": 0,
        "SignPurpose": 1,
        "ProofImage": "iVBORw0KGgr7/w==",
        "CommissionImage": "/9j/4A==",
        "QualificationId": 1,
    }
    check_with_sdk("AddSmsSign", body)


def test_the_letter_is_not_sent_for_own_use() -> None:
    body = wire.add_sign(signature(letter=True, source="company", qualification="1"), SIGN)
    assert "CommissionImage" not in body


def test_modify_sign_international() -> None:
    body = wire.modify_sign(
        "1110", signature("SudaGo", source="app", document="app_screenshot", international="true"), SIGN
    )
    assert body == {
        "SignId": 1110,
        "SignName": "SudaGo",
        "SignType": 1,
        "DocumentType": 4,
        "International": 1,
        "SignPurpose": 0,
        "ProofImage": "iVBORw0KGgr7/w==",
    }
    check_with_sdk("ModifySmsSign", body)


def test_the_international_site_has_no_qualification() -> None:
    body = wire.add_sign(signature("Suda", source="mini_program", qualification="5"), SIGN_ABROAD)
    assert body == {
        "SignName": "Suda",
        "SignType": 6,
        "DocumentType": 0,
        "International": 0,
        "SignPurpose": 0,
        "ProofImage": "iVBORw0KGgr7/w==",
    }


@pytest.mark.parametrize("site", ["domestic", "international"])
def test_every_source_gets_a_document_that_fits(site: declared.Site) -> None:
    form = SIGN if site == "domestic" else SIGN_ABROAD
    table = {
        0: {0, 1},
        1: {0, 1, 2, 3, 4},
        2: {0, 1, 2, 3, 5},
        3: {0, 1, 2, 3, 8},
        4: {7},
        5: {2, 3},
        6: {0, 1, 2, 3, 6},
    }
    for choice in form.fields["source"].choices:
        body = wire.add_sign(signature(source=choice.word, international="true"), form)
        assert body["DocumentType"] in table[body["SignType"]]
        for document in form.fields["document"].choices:
            submission = signature(source=choice.word, document=document.word, international="true")
            if document.code in table[body["SignType"]]:
                assert wire.add_sign(submission, form)["DocumentType"] == document.code
            else:
                with pytest.raises(Refused) as caught:
                    wire.add_sign(submission, form)
                assert caught.value.code == "DocumentType"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"source": "app", "qualification": "1"}, "SignType"),
        ({"source": "planet", "qualification": "1"}, "SignType"),
        ({"source": "company", "purpose": "nobody"}, "SignPurpose"),
        ({"source": "company"}, "QualificationId"),
        ({"source": "company", "qualification": "Q-1"}, "QualificationId"),
        ({"source": "company", "qualification": "1", "purpose": "other"}, "CommissionImage"),
    ],
)
def test_what_cannot_pass_is_not_sent(values: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as caught:
        wire.add_sign(signature(**values), SIGN)
    assert caught.value.code == code
    assert caught.value.trouble is Trouble.INPUT
    assert caught.value.advice is not None


def test_no_paper_no_call() -> None:
    with pytest.raises(Refused, match="ProofImage"):
        wire.add_sign(Submission(Kind.SIGNATURE, "速达科技", {"source": "company", "qualification": "1"}), SIGN)


def test_a_request_over_ten_megabytes_stays_here() -> None:
    large = Paper("large.png", b"x" * 7_500_001, "image/png")
    body = wire.add_sign(
        Submission(Kind.SIGNATURE, "速达科技", {"source": "company", "qualification": "1"}, {"paper": (large,)}), SIGN
    )
    with pytest.raises(Refused) as caught:
        wire.encode(body)
    assert caught.value.trouble is Trouble.LIMIT
    assert "eHh4" not in repr(caught.value)


@pytest.mark.parametrize("size", [4_999_999, 5_000_000])
def test_one_picture_of_the_allowed_size_fits(size: int) -> None:
    paper = Paper("p.png", b"x" * size, "image/png")
    submission = Submission(
        Kind.SIGNATURE, "速达科技", {"source": "company", "qualification": "1"}, {"paper": (paper,)}
    )
    assert len(wire.encode(wire.add_sign(submission, SIGN))) <= wire.REQUEST_BYTES


def test_signature_lists_and_delete() -> None:
    assert wire.delete_sign("1110") == {"SignId": 1110}
    assert wire.list_signs(1, ids=[3, 4]) == {"International": 1, "Limit": 100, "Offset": 0, "SignIdSet": [3, 4]}
    assert wire.list_signs(0, offset=200) == {"International": 0, "Limit": 100, "Offset": 200}
    check_with_sdk("DescribeSmsSignList", wire.list_signs(1, ids=[3, 4]))
    with pytest.raises(Refused, match="SignId"):
        wire.delete_sign("速达科技")


def test_add_template() -> None:
    body = wire.add_template(
        template(
            "验证码${code}，${minutes}分钟内有效，勿泄露${code}",
            type="otp",
            remark="登录验证",
            sample_code="123456",
            sample_minutes="5",
        ),
        TEMPLATE,
    )
    assert body == {
        "TemplateName": "登录",
        "TemplateContent": "验证码{1}，{2}分钟内有效，勿泄露{1}",
        "SmsType": 3,
        "International": 0,
        "Remark": "登录验证\n示例：验证码123456，5分钟内有效，勿泄露123456\n变量：{1}=code，{2}=minutes",
    }
    check_with_sdk("AddSmsTemplate", body)


def test_a_template_without_remark_or_placeholders_has_a_remark() -> None:
    body = wire.add_template(template("会员日满减，拒收请回复R", type="promo"), TEMPLATE)
    assert body["Remark"] == "示例：会员日满减，拒收请回复R"
    assert body["SmsType"] == 1


def test_modify_template_sends_the_id_as_a_number() -> None:
    body = wire.modify_template(
        "2220001",
        template("Your code is ${code}", name="login", type="notice", international="true", sample_code="1234"),
        TEMPLATE_ABROAD,
    )
    assert body == {
        "TemplateId": 2220001,
        "TemplateName": "login",
        "TemplateContent": "Your code is {1}",
        "SmsType": 2,
        "International": 1,
        "Remark": "Sample: Your code is 1234\nPlaceholders: {1}=code",
    }
    check_with_sdk("ModifySmsTemplate", body)


def test_template_lists_and_delete() -> None:
    assert wire.delete_template("7") == {"TemplateId": 7}
    assert wire.list_templates(0, ids=[7]) == {"International": 0, "Limit": 100, "Offset": 0, "TemplateIdSet": [7]}
    check_with_sdk("DescribeSmsTemplateList", wire.list_templates(0, ids=[7]))


def test_packages_are_asked_for_in_china_time_up_to_an_hour_ago() -> None:
    body = wire.packages(
        "1400000000", datetime(2026, 5, 1, 18, 59, tzinfo=UTC), window_days=730, utc_offset=8, offset=500
    )
    assert body == {
        "SmsSdkAppId": "1400000000",
        "Limit": 500,
        "Offset": 500,
        "BeginTime": "2024050201",
        "EndTime": "2026050201",
    }
    check_with_sdk("SmsPackagesStatistics", body)


# --- Answers ---------------------------------------------------------------------------------------------------------


def opened(body: Any, *, status: int = 200, write: bool = False) -> dict[str, Any]:
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return answers.opened(httpx.Response(status, content=content), write=write, secrets=("AKIDSECRET",))


def signs(*rows: dict[str, Any]) -> tuple[answers.Signature, ...]:
    inner = opened({"Response": {"DescribeSignListStatusSet": list(rows), "RequestId": "r"}})
    return answers.rows(inner, "DescribeSignListStatusSet", answers.Signature)


ROW = {
    "SignId": 1110,
    "International": 0,
    "StatusCode": 0,
    "ReviewReply": "",
    "SignName": "速达科技",
    "CreateTime": 1617379200,
    "QualificationId": 8563,
    "QualificationName": "速达自用资质",
    "QualificationStatusCode": 1,
}


@pytest.mark.parametrize(
    ("changes", "state", "word", "reason"),
    [
        ({}, State.READY, "StatusCode=0", ""),
        ({"StatusCode": 1}, State.IN_REVIEW, "StatusCode=1", ""),
        ({"StatusCode": 2}, State.APPROVED, "StatusCode=2", ""),
        ({"StatusCode": -1, "ReviewReply": "签名无法识别主体"}, State.REJECTED, "StatusCode=-1", "签名无法识别主体"),
        ({"StatusCode": -1, "ReviewReply": None}, State.REJECTED, "StatusCode=-1", ""),
        ({"StatusCode": 9}, None, "StatusCode=9", ""),
        ({"StatusCode": "frozen"}, None, "StatusCode=frozen", ""),
        ({"StatusCode": None}, None, "StatusCode=None", ""),
        ({"StatusCode": "0"}, State.READY, "StatusCode=0", ""),
        (
            {"QualificationStatusCode": 3},
            State.READY,
            "StatusCode=0 QualificationStatusCode=3",
            "该签名的资质需补充材料后重新提交。 The signature's qualification needs more material, then another submission.",
        ),
        ({"QualificationStatusCode": 4}, State.READY, "StatusCode=0", ""),
        ({"QualificationStatusCode": 2, "StatusCode": 1}, State.IN_REVIEW, "StatusCode=1", ""),
        ({"QualificationStatusCode": 5, "International": 1}, State.READY, "StatusCode=0", ""),
    ],
)
def test_what_a_signature_row_means(changes: dict[str, Any], state: State | None, word: str, reason: str) -> None:
    (row,) = signs(ROW | changes)
    assert wire.seen_sign(row) == Seen(
        ref="1110",
        name="速达科技",
        state=state,
        word=word,
        reason=reason,
        created_at=datetime(2021, 4, 2, 16, tzinfo=UTC),
        international=bool(changes.get("International")),
    )


def test_a_sample_row_without_qualification() -> None:
    (row,) = signs({"SignId": 7, "SignName": "腾讯云", "StatusCode": 0, "CreateTime": 0, "NewField": [1]})
    seen = Seen(ref="7", name="腾讯云", state=State.READY, word="StatusCode=0", international=False)
    assert wire.seen_sign(row) == seen


@pytest.mark.parametrize("status", [2, 3, 5])
def test_qualification_warnings(status: int) -> None:
    (row,) = signs(ROW | {"QualificationStatusCode": status})
    seen = wire.seen_sign(row)
    assert seen.state is State.READY
    assert seen.word.endswith(f"QualificationStatusCode={status}")
    assert seen.reason


def test_template_rows() -> None:
    inner = opened(
        {
            "Response": {
                "DescribeTemplateStatusSet": [
                    {
                        "TemplateId": 2220001,
                        "International": 3,
                        "StatusCode": -1,
                        "ReviewReply": "变量不可相邻",
                        "TemplateName": "登录",
                        "CreateTime": 1617379200,
                        "TemplateContent": "验证码{1}，{2}分钟内有效",
                    }
                ],
                "RequestId": "r",
            }
        }
    )
    (row,) = answers.rows(inner, "DescribeTemplateStatusSet", answers.Template)
    assert wire.seen_template(row) == Seen(
        ref="2220001",
        name="登录",
        state=State.REJECTED,
        word="StatusCode=-1",
        reason="变量不可相邻",
        created_at=datetime(2021, 4, 2, 16, tzinfo=UTC),
        content="验证码{1}，{2}分钟内有效",
    )
    assert wire.same_text(template("验证码${code}，${minutes}分钟内有效"), row)
    assert wire.same_text(template("验证码${a}，${b}分钟内有效\n"), row)
    assert not wire.same_text(template("验证码${code}"), row)
    assert not wire.same_text(template("验证码${code}，${minutes}分钟内有效", name="注册"), row)


@pytest.mark.parametrize("body", [{"DescribeSignListStatusSet": []}, {"DescribeSignListStatusSet": None}, {}])
def test_an_empty_list_in_every_form(body: dict[str, Any]) -> None:
    assert answers.rows(opened({"Response": body}), "DescribeSignListStatusSet", answers.Signature) == ()


@pytest.mark.parametrize("row", [{"SignName": "no id"}, "text", 7])
def test_unreadable_rows(row: Any) -> None:
    with pytest.raises(Unavailable) as caught:
        signs(row)
    assert "no id" not in str(caught.value)


def test_options() -> None:
    found = signs(
        ROW,
        ROW | {"SignId": 1111, "SignName": "启明", "StatusCode": 2},
        ROW | {"SignId": 1112, "SignName": "优选", "QualificationId": 9, "QualificationStatusCode": 2},
        {"SignId": 1113, "SignName": "Suda", "International": 1, "StatusCode": 0},
    )
    assert wire.signature_options(found) == (
        Option("速达科技", "速达科技", usable=True, international=False),
        Option("启明", "启明", usable=False, international=False),
        Option("优选", "优选", usable=True, international=False),
        Option("Suda", "Suda", usable=True, international=True),
    )
    assert wire.qualification_options(found) == (
        Option("9", "速达自用资质", usable=False, state=State.REJECTED),
        Option("8563", "速达自用资质", usable=True, state=State.READY),
    )
    assert [(one.ref, one.state, one.word) for one in wire.seen_qualifications(found)] == [
        ("8563", State.READY, "1 已通过"),
        ("9", State.REJECTED, "2 已驳回"),
    ]


def test_readings_leave_out_what_is_not_in_force() -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    second = int(now.timestamp())
    package = {
        "PackageId": 1,
        "PackageType": 1,
        "PackageAmount": 1000,
        "CurrentUsage": 400,
        "PackageCreateTime": second - 9,
        "PackageEffectiveTime": second - 5,
        "PackageExpiredTime": second + 60,
    }
    rows = [
        package,
        package | {"PackageId": 2, "PackageType": 0, "CurrentUsage": 1001},
        package | {"PackageId": 3, "PackageExpiredTime": second},
        package | {"PackageId": 4, "PackageEffectiveTime": second + 1},
        package | {"PackageId": 5, "PackageType": 8, "PackageExpiredTime": 0},
    ]
    inner = opened({"Response": {"SmsPackagesStatisticsSet": rows}})
    expires = datetime(2026, 5, 1, 0, 1, tzinfo=UTC)
    total = Decimal(1000)
    assert wire.readings(answers.rows(inner, "SmsPackagesStatisticsSet", answers.Package), now) == (
        Reading("1", Measure.PACKAGE, Decimal(600), total, expires_at=expires, sort="bought"),
        Reading("2", Measure.PACKAGE, Decimal(0), total, expires_at=expires, sort="gift"),
        Reading("5", Measure.PACKAGE, Decimal(600), total, sort="PackageType 8"),
    )


def test_nonsense_times_are_no_times() -> None:
    assert wire.moment(10**18) is None
    assert wire.moment(-5) is None


@pytest.mark.parametrize(
    ("block", "expected"),
    [({"SignId": 1110}, "1110"), ({"SignId": "1110"}, "1110")],
)
def test_new_ids_are_kept_as_text(block: dict[str, Any], expected: str) -> None:
    assert answers.new_id({"AddSignStatus": block}, "AddSignStatus", "SignId") == expected


@pytest.mark.parametrize("block", [None, {}, {"SignId": None}, {"SignId": ""}, {"SignId": True}, [], {"SignId": "x"}])
def test_a_create_without_an_id_is_a_lost_answer(block: Any) -> None:
    with pytest.raises(AnswerLost):
        answers.new_id({"AddSignStatus": block}, "AddSignStatus", "SignId")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<html>502</html>", 502),
        (b'{"Response":{"AddSignStatus":{"SignId":1}}}', 500),
        (b"", 200),
        (b"[]", 200),
        (b"{}", 200),
        (b'{"Response":null}', 200),
        (b'{"Response":{"Error":{}}}', 200),
        (b'{"Response":{"Error":"text"}}', 200),
        (b"\xff\xfe", 200),
        (b"", 302),
        (b"", 429),
    ],
)
def test_no_usable_answer(body: bytes, status: int) -> None:
    with pytest.raises(AnswerLost):
        opened(body, status=status, write=True)
    with pytest.raises(Unavailable):
        opened(body, status=status, write=False)


def error(code: str, message: str = "text") -> dict[str, Any]:
    return {"Response": {"Error": {"Code": code, "Message": message}, "RequestId": "req-1"}}


@pytest.mark.parametrize("write", [True, False])
def test_refusals_and_throttles_are_the_same_for_reads_and_writes(*, write: bool) -> None:
    with pytest.raises(Refused) as refused:
        opened(error("FailedOperation.SignNumberLimit", "签名个数达到最大值"), write=write)
    assert refused.value.request_id == "req-1"
    assert refused.value.message == "签名个数达到最大值"
    for code in ("RequestLimitExceeded", "RequestLimitExceeded.UinLimitExceeded"):
        with pytest.raises(Throttled):
            opened(error(code), write=write)


def test_an_internal_error_may_have_acted() -> None:
    with pytest.raises(AnswerLost) as lost:
        opened(error("InternalError.Timeout"), write=True)
    assert lost.value.request_id == "req-1"
    with pytest.raises(Unavailable):
        opened(error("InternalError"), write=False)


def test_the_vendors_words_are_cleaned() -> None:
    message = f"SecretId AKIDSECRET, id 11010519491231002X, image {'QUJD' * 60}, {'长' * 400}"
    with pytest.raises(Refused) as caught:
        opened(error("AuthFailure.SecretIdNotFound", message))
    shown = f"{caught.value} {caught.value!r} {caught.value.message}"
    for secret in ("AKIDSECRET", "11010519491231002X", "QUJDQUJD", "长" * 301):
        assert secret not in shown
