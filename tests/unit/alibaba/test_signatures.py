"""Every request as it is sent, and every answer, with its quirks, as it is read."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from bot.errors import Refused, Unavailable
from bot.model import CarrierFiling, Kind, Paper, State, Submission
from bot.placeholders import names
from bot.ports import Measure, Option, Reading, Seen
from integrations.alibaba import billing, papers, signatures, templates, wire, words
from integrations.alibaba.config import Unconfirmed

SURE = Unconfirmed()
NOW = datetime(2026, 1, 2, tzinfo=UTC)
P = TypeVar("P", bound=wire.Part)


def answer(model: type[P], **fields: Any) -> P:
    content = json.dumps({"Code": "OK", "Message": "OK", "RequestId": "R-1", **fields}).encode()
    return wire.read(wire.Reply(200, {}, content), model, wire.Asked(changes=False), SURE)


# --- Signatures ------------------------------------------------------------------------------------------------------


def signature(**values: str) -> Submission:
    return Submission(
        Kind.SIGNATURE, "速达科技", {"source": "company", "purpose": "self", "qualification": "8563", **values}
    )


def sign_parameters(
    submission: Submission, keys: tuple[str, ...] = (), letter: str = "", unconfirmed: Unconfirmed = SURE
) -> dict[str, str]:
    return signatures.create_signature(submission, papers=keys, letter=letter, unconfirmed=unconfirmed)


def test_a_plain_signature() -> None:
    assert sign_parameters(signature()) == {
        "SignName": "速达科技",
        "SignSource": "0",
        "SignType": "1",
        "QualificationId": "8563",
        "ThirdParty": "false",
    }


def test_a_signature_with_everything() -> None:
    submission = signature(
        source="app", purpose="other", usage="otp", icp_record="7101", link="https://app.example.com/", remark="已上线"
    )
    assert sign_parameters(submission, ("123456/a.png", "123456/b.pdf"), letter="5101") == {
        "SignName": "速达科技",
        "SignSource": "2",
        "SignType": "0",
        "QualificationId": "8563",
        "ThirdParty": "true",
        "AuthorizationLetterId": "5101",
        "AppIcpRecordId": "7101",
        "ApplySceneContent": "https://app.example.com/",
        "MoreData": '["123456/a.png","123456/b.pdf"]',
        "Remark": "已上线",
    }


def test_what_belongs_to_another_source_is_left_out() -> None:
    submission = signature(source="trademark", trademark="6101", icp_record="7101", link="https://example.com")
    assert sign_parameters(submission, letter="5101") == {
        "SignName": "速达科技",
        "SignSource": "5",
        "SignType": "1",
        "QualificationId": "8563",
        "ThirdParty": "false",
        "TrademarkId": "6101",
        "Remark": "https://example.com",
    }


@pytest.mark.parametrize(
    ("remark", "link", "sent"),
    [
        ("已上线", "https://a.cn", "已上线\nhttps://a.cn"),
        ("见 https://a.cn", "https://a.cn", "见 https://a.cn"),
        ("长" * 195, "https://a.cn", "长" * 195),
        ("长" * 200, "", "长" * 200),
    ],
)
def test_the_note_of_a_signature(remark: str, link: str, sent: str) -> None:
    assert sign_parameters(signature(remark=remark, link=link))["Remark"] == sent


def test_booleans_as_the_operator_knows_them() -> None:
    parameters = sign_parameters(signature(), unconfirmed=Unconfirmed(booleans="title"))
    assert parameters["ThirdParty"] == "False"


def test_a_letter() -> None:
    values = {
        "owner": "启明书店有限公司",
        "owner_code": "91330106MA2SANDBX2",
        "applicant": "速达科技有限公司",
        "letter_term": "2026-01-01~2027-01-01",
    }
    digest = hashlib.sha256(b"letter").hexdigest()
    name = signatures.letter_name("启明书店", digest, values)
    assert name == signatures.letter_name("启明书店", digest, dict(values))
    assert name.startswith("启明书店")
    assert name.isalnum()
    assert len(name) <= 100
    assert name != signatures.letter_name("启明书店", digest, values | {"owner": "启明"})
    assert signatures.create_letter(name, "启明书店", values, "9/l.png", SURE) == {
        "AuthorizationLetterName": name,
        "Authorization": "启明书店有限公司",
        "OrganizationCode": "91330106MA2SANDBX2",
        "ProxyAuthorization": "速达科技有限公司",
        "AuthorizationLetterExpDate": "2026-01-01~2027-01-01",
        "AuthorizationLetterPic": "9/l.png",
        "SignList": '["启明书店"]',
    }


def registration(carrier: str, status: object, *reasons: dict[str, Any]) -> dict[str, Any]:
    return {"OperatorCode": carrier, "RegisterStatus": status, "RegisterStatusReasons": list(reasons)}


def got_signature(status: object, *registrations: dict[str, Any], **more: Any) -> Seen:
    found = answer(
        signatures.Signature,
        SignName="速达科技",
        SignStatus=status,
        OrderId="2000000001",
        CreateDate="2026-01-02 11:04:05",
        SignIspRegisterDetailList=list(registrations),
        **more,
    )
    return signatures.seen_signature(found, "速达科技", SURE)


@pytest.mark.parametrize(
    ("status", "state", "word"),
    [
        (0, State.IN_REVIEW, "AUDIT_STATE_INIT"),
        ("0", State.IN_REVIEW, "AUDIT_STATE_INIT"),
        (1, State.APPROVED, "AUDIT_STATE_PASS"),
        (2, State.REJECTED, "AUDIT_STATE_NOT_PASS"),
        (10, State.WITHDRAWN, "AUDIT_STATE_CANCEL"),
        (7, None, "7"),
        (None, None, ""),
    ],
)
def test_states_of_a_signature(status: object, state: State | None, word: str) -> None:
    seen = got_signature(status)
    assert (seen.state, seen.word) == (state, word)


def test_a_rejected_signature() -> None:
    audit = {"AuditDate": "2026-01-02 12:00:00\n", "RejectInfo": "资质无法证明签名归属\n"}
    assert got_signature(2, AuditInfo=audit) == Seen(
        ref="速达科技",
        name="速达科技",
        state=State.REJECTED,
        word="AUDIT_STATE_NOT_PASS",
        reason="资质无法证明签名归属",
        order="2000000001",
        created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
    assert got_signature(1, AuditInfo=audit).reason == ""
    assert got_signature(2, AuditInfo=None).reason == ""


def test_filed_with_all_three_is_ready() -> None:
    done = {"ReasonCode": "DETECT_SUCCESS", "ReasonDescList": []}
    seen = got_signature(
        1, registration("mobile", 3, done), registration("unicom", "1", done), registration("telecom", 3)
    )
    assert seen.state is State.READY
    assert seen.filings == (
        CarrierFiling("mobile", "done"),
        CarrierFiling("unicom", "done"),
        CarrierFiling("telecom", "done"),
    )
    assert got_signature(0, *(registration(one, 3) for one in words.CARRIERS)).state is State.IN_REVIEW


def test_filed_with_two_is_approved() -> None:
    seen = got_signature(1, registration("mobile", 3), registration("unicom", 3))
    assert seen.state is State.APPROVED


def test_every_answer_of_a_carrier() -> None:
    seen = got_signature(
        1,
        registration("mobile", -1, {"ReasonCode": "REGISTERING", "ReasonDescList": ["运营商实名报备中"]}),
        registration("unicom", 0, {"ReasonCode": "REGISTER_TIMEOUT"}, {"ReasonCode": "NEW", "ReasonDescList": None}),
        registration("telecom", 2, {"ReasonCode": "NO_SEND_RECORD", "ReasonDescList": ["半年无发送", "请重新报备"]}),
        registration("radio", -2, {"ReasonCode": "", "ReasonDescList": []}),
        registration("satellite", 8),
    )
    assert seen.state is State.APPROVED
    assert seen.filings == (
        CarrierFiling("mobile", "waiting", "运营商实名报备中"),
        CarrierFiling("unicom", "failed", "报备超时 / filing timed out (REGISTER_TIMEOUT)\nNEW"),
        CarrierFiling("telecom", "lapsed", "半年无发送；请重新报备"),
        CarrierFiling("radio", "missing"),
        CarrierFiling("satellite", "waiting", "RegisterStatus 8"),
    )


def test_the_list_of_signatures() -> None:
    none = {"RejectDate": "", "RejectInfo": "无审核备注", "RejectSubInfo": "无审核备注"}
    why = {"RejectDate": "2026-01-02 12:00:00", "RejectInfo": "文件不符", "RejectSubInfo": "请重新上传"}
    rows = [
        {"SignName": "甲", "AuditStatus": "AUDIT_STATE_INIT", "Reason": none, "CreateDate": "2026-01-02 08:00:00"},
        {"SignName": "乙", "AuditStatus": "AUDIT_STATE_PASS", "Reason": none, "authorizationLetterAuditPass": True},
        {"SignName": "丙", "AuditStatus": "AUDIT_STATE_NOT_PASS", "Reason": why, "OrderId": 77},
        {"SignName": "丁", "AuditStatus": "AUDIT_STATE_CANCEL", "Reason": None},
        {"SignName": "戊", "AuditStatus": "AUDIT_STATE_NEW"},
    ]
    found = answer(signatures.SignatureList, SmsSignList=rows, TotalCount=5, CurrentPage=1, PageSize=50)
    assert found.TotalCount == "5"
    seen = [signatures.seen_listed(item, SURE) for item in found.SmsSignList]
    assert [(one.ref, one.state, one.reason) for one in seen] == [
        ("甲", State.IN_REVIEW, ""),
        ("乙", State.APPROVED, ""),
        ("丙", State.REJECTED, "文件不符\n请重新上传"),
        ("丁", State.WITHDRAWN, ""),
        ("戊", None, ""),
    ]
    assert (seen[2].order, seen[4].word) == ("77", "AUDIT_STATE_NEW")
    assert seen[0].created_at == datetime(2026, 1, 2, tzinfo=UTC)
    assert [signatures.signature_option(item) for item in found.SmsSignList[:2]] == [
        Option("甲", "甲", usable=False),
        Option("乙", "乙", usable=True),
    ]


def test_qualifications_without_personal_data() -> None:
    row = {
        "GroupId": 8563,
        "WorkOrderId": 1_000_000_001,
        "QualificationGroupName": "速达资质",
        "CompanyName": "速达科技有限公司",
        "LegalPersonName": "李明",
        "UseBySelf": "true",
        "AuditRemark": "",
        "CreateDate": "2026-01-02 08:00:00",
    }
    states = ["INIT", "PASS", "NOT_PASS", "CANCEL", "NOT_FINISH"]
    rows = [{**row, "StateName": state, "AuditRemark": f"备注{state}"} for state in states]
    found = answer(signatures.RecordList, Data={"List": rows, "PageNo": 1, "PageSize": 50, "Total": 5})
    assert "李明" not in repr(found)
    seen = [signatures.seen_record(record, SURE) for record in found.Data.List]
    assert [(one.state, one.word, one.reason) for one in seen] == [
        (State.IN_REVIEW, "AUDIT_STATE_INIT", "备注INIT"),
        (State.READY, "AUDIT_STATE_PASS", ""),
        (State.REJECTED, "AUDIT_STATE_NOT_PASS", "备注NOT_PASS"),
        (State.WITHDRAWN, "AUDIT_STATE_CANCEL", "备注CANCEL"),
        (None, "NOT_FINISH", "备注NOT_FINISH"),
    ]
    assert (seen[1].ref, seen[1].name, seen[1].order) == ("8563", "速达资质", "1000000001")
    assert [signatures.qualification_option(record) for record in found.Data.List[:2]] == [
        Option("8563", "速达资质 (速达科技有限公司)", usable=False),
        Option("8563", "速达资质 (速达科技有限公司)", usable=True),
    ]
    assert answer(signatures.RecordList, Data=None).Data.List == ()


def test_letters_and_what_was_created() -> None:
    rows = [{"AuthorizationLetterId": 5101, "AuthorizationLetterName": "启明", "Status": "VALID"}]
    assert answer(signatures.LetterList, Data=rows).Data[0].AuthorizationLetterId == "5101"
    assert answer(signatures.LetterCreated, Data=5102).Data == "5102"
    assert answer(signatures.LetterCreated, Data="5102").Data == "5102"
    made = answer(signatures.Created, SignName="速达科技", OrderId=2_000_000_001)
    assert (made.SignName, made.OrderId, made.RequestId) == ("速达科技", "2000000001", "R-1")


# --- Templates -------------------------------------------------------------------------------------------------------


def template(content: str, **values: str) -> Submission:
    dotted = {key.replace("__", "."): value for key, value in values.items()}
    return Submission(Kind.TEMPLATE, "登录验证", {"type": "otp", "content": content, "sign": "速达科技", **dotted})


def template_parameters(
    submission: Submission, keys: tuple[str, ...] = (), code: str = "", unconfirmed: Unconfirmed = SURE
) -> dict[str, str]:
    return templates.create_template(submission, papers=keys, unconfirmed=unconfirmed, code=code)


def test_a_verification_code() -> None:
    submission = template("验证码${code}，5分钟内有效。", sample__code="1234", link="https://a.cn", remark="登录")
    assert template_parameters(submission) == {
        "TemplateName": "登录验证",
        "TemplateContent": "验证码${code}，5分钟内有效。",
        "TemplateType": "0",
        "RelatedSignName": "速达科技",
        "TemplateRule": '{"code":"numberCaptcha"}',
        "Remark": "登录\nhttps://a.cn\n示例：【速达科技】验证码1234，5分钟内有效。",
        "ApplySceneContent": "https://a.cn",
    }


def test_a_promotion_that_is_changed() -> None:
    submission = template("新品上架，拒收请回复R", type="promo", remark="会员活动")
    assert template_parameters(submission, ("1/a.pdf",), code="SMS_1") == {
        "TemplateCode": "SMS_1",
        "TemplateName": "登录验证",
        "TemplateContent": "新品上架，拒收请回复R",
        "TemplateType": "2",
        "RelatedSignName": "速达科技",
        "Remark": "会员活动",
        "MoreData": '["1/a.pdf"]',
        "ApplySceneContent": "会员活动",
    }


@pytest.mark.parametrize(("type_word", "code"), [("notice", "0"), ("promo", "1"), ("otp", "2")])
def test_an_international_template(type_word: str, code: str) -> None:
    submission = template("Your code is ${code}", type=type_word, international="true", kind__code="numberCaptcha")
    assert template_parameters(submission) == {
        "TemplateName": "登录验证",
        "TemplateContent": "Your code is ${code}",
        "TemplateType": "3",
        "IntlType": code,
        "TemplateRule": '{"code":"numberCaptcha"}',
    }


def test_a_scenario_where_none_was_given() -> None:
    assert template_parameters(template("您的订单已发货", type="notice"))["ApplySceneContent"] == "通知：登录验证"


def test_the_note_has_an_end() -> None:
    submission = template("长" * 400 + "${code}", remark="短" * 190, sample__code="1")
    remark = template_parameters(submission)["Remark"]
    assert len(remark) == 500
    assert remark.startswith("短" * 190 + "\n示例：【速达科技】长")


@pytest.mark.parametrize(
    ("variable", "type_word", "sample", "kind"),
    [
        ("code", "otp", "", "numberCaptcha"),
        ("code", "otp", "123456", "numberCaptcha"),
        ("token", "otp", "A1b2", "characterWithNumber2"),
        ("minutes", "notice", "5", "verifyTime"),
        ("valid", "notice", "", "verifyTime"),
        ("time", "notice", "", "time"),
        ("startDate", "notice", "", "time"),
        ("expire_time", "notice", "", "time"),
        ("money", "notice", "", "money"),
        ("payAmount", "notice", "", "money"),
        ("price", "promo", "", "money"),
        ("name", "notice", "", "name"),
        ("customerName", "notice", "", "name"),
        ("productName", "notice", "", "others"),
        ("companyName", "notice", "", "unit_name"),
        ("userNick", "notice", "", "user_nick"),
        ("phone", "notice", "", "phone_number2"),
        ("contactTel", "notice", "", "phone_number2"),
        ("phone_number", "notice", "", "phone_number2"),
        ("orderNo", "notice", "", "other_number2"),
        ("order_id", "notice", "", "other_number2"),
        ("code", "notice", "", "other_number2"),
        ("pickupCode", "notice", "", "pick_up_code"),
        ("trackingNumber", "notice", "", "tracking_number"),
        ("plate", "notice", "", "license_plate_number"),
        ("email", "notice", "", "email_address"),
        ("shopAddress", "notice", "", "address"),
        ("url", "notice", "", "link_param"),
        ("URL", "notice", "", "link_param"),
        ("orderID", "notice", "", "other_number2"),
        ("product", "notice", "", "others"),
        ("x1", "notice", "", "others"),
        ("nobody", "notice", "", "others"),
    ],
)
def test_kinds_are_guessed(variable: str, type_word: str, sample: str, kind: str) -> None:
    assert templates.guess_kind(variable, type_word, sample) == kind


def test_the_rule_names_every_placeholder_and_no_other() -> None:
    submission = template(
        "${name}，订单${orderNo}已于${time}发货，${name}请留意${extra}",
        type="notice",
        kind__orderNo="tracking_number",
        kind__gone="time",
    )
    rule = templates.rule(submission, Unconfirmed(kind_names={"others": "characterWithNumber2"}))
    assert rule == {
        "name": "name",
        "orderNo": "tracking_number",
        "time": "time",
        "extra": "characterWithNumber2",
    }
    assert tuple(rule) == names(submission.values["content"])


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("0", State.IN_REVIEW),
        ("1", State.READY),
        (1, State.READY),
        ("2", State.REJECTED),
        ("10", State.WITHDRAWN),
        ("15", None),
    ],
)
def test_states_of_a_template(status: object, state: State | None) -> None:
    found = answer(
        templates.Template,
        TemplateCode="SMS_1",
        TemplateName="登录验证",
        TemplateContent="验证码${code}",
        TemplateType="0",
        TemplateStatus=status,
        TemplateTag=2,
        AuditInfo={"AuditDate": "2026-01-02 12:00:00", "RejectInfo": "变量不规范"},
        ApplyScene="登录\n",
        CreateDate="2026-01-02 11:04:05",
        OrderId="2000000009",
    )
    assert templates.seen_template(found, "SMS_1", SURE) == Seen(
        ref="SMS_1",
        name="登录验证",
        state=state,
        word={
            State.IN_REVIEW: "AUDIT_STATE_INIT",
            State.READY: "AUDIT_STATE_PASS",
            State.REJECTED: "AUDIT_STATE_NOT_PASS",
            State.WITHDRAWN: "AUDIT_STATE_CANCEL",
            None: "15",
        }[state],
        reason="变量不规范" if state is State.REJECTED else "",
        order="2000000009",
        created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        content="验证码${code}",
    )


def test_the_list_of_templates() -> None:
    row = {"TemplateName": "登录验证", "TemplateContent": "验证码${code}", "OuterTemplateType": 0, "TemplateType": 2}
    spellings = ["AUDIT_STATE_PASS", "AUDIT_SATE_CANCEL", "AUDIT_STATE_CANCEL", "AUDIT_STATE_INIT"]
    rows = [{**row, "TemplateCode": f"SMS_{at}", "AuditStatus": word} for at, word in enumerate(spellings)]
    found = answer(templates.TemplateList, SmsTemplateList=rows, TotalCount="4")
    seen = [templates.seen_listed(item, SURE) for item in found.SmsTemplateList]
    assert [one.state for one in seen] == [State.READY, State.WITHDRAWN, State.WITHDRAWN, State.IN_REVIEW]
    assert [one.word for one in seen[1:3]] == ["AUDIT_STATE_CANCEL"] * 2


@pytest.mark.parametrize(
    ("name", "content", "same"),
    [
        ("登录验证", "验证码${code}\n请勿泄露", True),
        ("登录验证", "验证码${code}\r\n请勿泄露\n", True),
        ("登录验证", "验证码${Code}\n请勿泄露", False),
        ("登录", "验证码${code}\n请勿泄露", False),
    ],
)
def test_the_same_template(name: str, content: str, same: bool) -> None:
    found = answer(templates.TemplateList, SmsTemplateList=[{"TemplateName": name, "TemplateContent": content}])
    assert templates.is_submission(found.SmsTemplateList[0], template("验证码${code}\n请勿泄露")) is same


# --- Answers in general ----------------------------------------------------------------------------------------------


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


# --- Papers ----------------------------------------------------------------------------------------------------------

PICTURE = Paper("营业执照.png", b"\x89PNG\r\n\x1a\n" + b"x" * 92, "image/png")
ENDPOINT = "https://dysmsapi.aliyuncs.com"


def policy(*conditions: object) -> str:
    text = json.dumps({"expiration": "2026-01-02T04:04:05Z", "conditions": conditions})
    return base64.b64encode(text.encode()).decode()


def ticket(encoded: str, host: str = "https://alicom-fc-media.oss-cn-zhangjiakou.aliyuncs.com") -> papers.Ticket:
    fields = {"AccessKeyId": "oss-id", "Host": host, "Policy": encoded, "Signature": "c2ln", "StartPath": "123456"}
    found = answer(papers.MediaTicket, Model={**fields, "ExpireTime": "1767326645"})
    assert found.ticket == answer(papers.PaperTicket, Data={**fields, "Expire": 1767326645}).ticket
    return found.ticket


def test_the_form_of_an_upload() -> None:
    encoded = policy(["content-length-range", 0, 1048576000], ["starts-with", "$key", "123456"])
    form = papers.form(ticket(encoded), PICTURE, "a-1_b", endpoint=ENDPOINT)
    assert form == papers.Form(
        url="https://alicom-fc-media.oss-cn-zhangjiakou.aliyuncs.com/",
        key="123456/a1b.png",
        fields={
            "key": "123456/a1b.png",
            "policy": encoded,
            "OSSAccessKeyId": "oss-id",
            "signature": "c2ln",
            "success_action_status": "200",
        },
        file_name="a1b.png",
    )
    assert list(form.fields) == ["key", "policy", "OSSAccessKeyId", "signature", "success_action_status"]


@pytest.mark.parametrize(
    ("conditions", "key"),
    [
        ((["eq", "$key", "123456/fixed.png"],), "123456/fixed.png"),
        (({"key": "123456/fixed.png"},), "123456/fixed.png"),
        ((["starts-with", "$key", "other/"],), "other/n.png"),
        ((["in", "$content-type", ["image/png"]], 7), "123456/n.png"),
        ((), "123456/n.png"),
    ],
)
def test_the_policy_names_the_key(conditions: tuple[object, ...], key: str) -> None:
    assert papers.form(ticket(policy(*conditions)), PICTURE, "n", endpoint=ENDPOINT).key == key


def test_the_policy_names_more_fields() -> None:
    conditions = ({"bucket": "b"}, ["eq", "$success_action_status", "201"], {"x-oss-object-acl": "private"})
    fields = papers.form(ticket(policy(*conditions)), PICTURE, "n", endpoint=ENDPOINT).fields
    assert fields["success_action_status"] == "201"
    assert fields["x-oss-object-acl"] == "private"
    assert "bucket" not in fields


@pytest.mark.parametrize(
    "encoded", ["no base64!", base64.b64encode(b"no json").decode(), base64.b64encode(b"[]").decode()]
)
def test_a_policy_that_cannot_be_read(encoded: str) -> None:
    assert papers.form(ticket(encoded), PICTURE, "n", endpoint=ENDPOINT).key == "123456/n.png"


def test_the_policy_names_the_size() -> None:
    encoded = policy(["content-length-range", 1, 99])
    with pytest.raises(Refused) as caught:
        papers.form(ticket(encoded), PICTURE, "n", endpoint=ENDPOINT)
    assert caught.value.code == "PaperSize"
    with pytest.raises(Refused):
        papers.form(ticket(policy()), Paper("a", b"", "image/png"), "n", endpoint=ENDPOINT)


@pytest.mark.parametrize(
    ("host", "endpoint", "good"),
    [
        ("https://b.oss-cn-zhangjiakou.aliyuncs.com", ENDPOINT, True),
        ("//b.oss-cn-zhangjiakou.aliyuncs.com", ENDPOINT, True),
        ("b.oss-cn-zhangjiakou.aliyuncs.com", ENDPOINT, True),
        ("http://127.0.0.1:8701/oss", "http://127.0.0.1:8701", True),
        ("http://b.oss-cn-zhangjiakou.aliyuncs.com", ENDPOINT, False),
        ("https://aliyuncs.com.example.org", ENDPOINT, False),
        ("https://example.org/.aliyuncs.com", ENDPOINT, False),
        ("http://127.0.0.1/oss", ENDPOINT, False),
    ],
)
def test_papers_go_to_the_vendor_only(host: str, endpoint: str, good: bool) -> None:
    if good:
        assert papers.form(ticket(policy(), host), PICTURE, "n", endpoint=endpoint).url.endswith("/")
    else:
        with pytest.raises(Refused) as caught:
            papers.form(ticket(policy(), host), PICTURE, "n", endpoint=endpoint)
        assert caught.value.code == "UploadAddress"


def test_a_ticket_that_is_not_complete() -> None:
    with pytest.raises(Unavailable):
        papers.form(papers.Ticket(Host="https://b.aliyuncs.com"), PICTURE, "n", endpoint=ENDPOINT)


def test_what_the_store_says() -> None:
    assert papers.stored(200, b"") is None
    assert papers.stored(204, b"") is None
    denied = papers.stored(403, b"<Error><Code>AccessDenied</Code><Message>policy secret</Message></Error>")
    assert isinstance(denied, Refused)
    assert (denied.code, "secret" in str(denied)) == ("OSS.AccessDenied", False)
    for status, content in ((503, b"<Code>ServiceUnavailable</Code>"), (400, b"<html>"), (302, b"")):
        assert isinstance(papers.stored(status, content), Unavailable)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\xd0\xcf\x11\xe0", "application/msword"),
        (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"MZ", "application/octet-stream"),
    ],
)
def test_files_are_what_they_begin_with(content: bytes, kind: str) -> None:
    assert papers.media_type(content) == kind


# --- Packages and balance --------------------------------------------------------------------------------------------


def package(**fields: Any) -> billing.Package:
    row = {
        "InstanceId": "SMSBAG-1",
        "CommodityCode": "dysms_dp_cn",
        "PackageType": "FPT_dysms",
        "Remark": "国内短信套餐包",
        "TotalAmount": "200,000",
        "TotalAmountUnit": "条",
        "RemainingAmount": "24000",
        "RemainingAmountUnit": "条",
        "ExpiryTime": "2026-03-01T16:00:00Z",
        "Status": "Available",
        "ApplicableProducts": {"Product": ["dysms"]},
        **fields,
    }
    return billing.Package.model_validate(row)


def test_a_package() -> None:
    assert billing.package_reading(package(), NOW) == Reading(
        subject="国内短信套餐包 SMSBAG-1",
        measure=Measure.PACKAGE,
        remaining=Decimal(24000),
        total=Decimal(200_000),
        unit="messages",
        expires_at=datetime(2026, 3, 1, 16, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("fields", "remaining", "total", "unit"),
    [
        ({"RemainingAmount": "2.4", "RemainingAmountUnit": "万条"}, 24000, 200_000, "messages"),
        ({"RemainingAmountUnit": "GB", "TotalAmountUnit": "GB"}, 24000, 200_000, "GB"),
        ({"RemainingAmountUnit": "GB"}, 24000, None, "GB"),
        ({"TotalAmount": "?", "ExpiryTime": ""}, 24000, None, "messages"),
        ({"RemainingAmount": 24000, "RemainingAmountUnit": None}, 24000, 200_000, "messages"),
    ],
)
def test_units_of_packages(fields: dict[str, Any], remaining: int, total: int | None, unit: str) -> None:
    reading = billing.package_reading(package(**fields), NOW)
    assert reading is not None
    assert (reading.remaining, reading.total, reading.unit) == (remaining, total, unit)


@pytest.mark.parametrize(
    "fields",
    [
        {"Status": "Expired"},
        {"RemainingAmount": "n/a"},
        {"RemainingAmount": "NaN"},
        {"ExpiryTime": "2026-01-01T00:00:00Z"},
    ],
)
def test_packages_that_do_not_count(fields: dict[str, Any]) -> None:
    assert billing.package_reading(package(**fields), NOW) is None


def test_which_packages_are_messages() -> None:
    other = package(CommodityCode="ossbag", PackageType="oss", Remark="存储包", ApplicableProducts={"Product": ["oss"]})
    hidden = package(CommodityCode="x", PackageType="y", Remark="", ApplicableProducts={"Product": ["DYSMS"]})
    assert [billing.is_sms(one, SURE) for one in (package(), other, hidden)] == [True, False, True]
    assert billing.is_sms(other, Unconfirmed(package_product="dysms"))
    assert billing.is_sms(other, Unconfirmed(package_words=("存储",)))
    assert billing.package_readings([other, hidden], SURE, NOW)[0].subject == "y SMSBAG-1"


@pytest.mark.parametrize(
    ("text", "value"), [("1,024.50", "1024.50"), ("0.00", "0"), ("-3.2", "-3.2"), ("", None), ("Infinity", None)]
)
def test_money(text: str, value: str | None) -> None:
    readings = billing.balance_reading(billing.Balance(AvailableAmount=text, Currency="CNY"))
    assert [reading.remaining for reading in readings] == ([Decimal(value)] if value else [])
    assert all(reading.measure is Measure.BALANCE and reading.unit == "CNY" for reading in readings)
