"""Signatures: every request as it is sent, and every answer, with its quirks, as it is read."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.contracts.model import CarrierFiling, Kind, State, Submission
from bot.contracts.vendor import Option, Seen
from integrations.alibaba import signatures, words
from integrations.alibaba.config import Unconfirmed
from tests.unit.alibaba.answered import SURE, answer


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
        CarrierFiling("unicom", "done", words.BEGIN_SMALL),
        CarrierFiling("telecom", "done"),
    )
    assert got_signature(0, *(registration(one, 3) for one in words.CARRIERS)).state is State.IN_REVIEW


@pytest.mark.parametrize("code", ["UNBINDING_QUA", "BINDING_INCOMPLETE_QUA"])
def test_what_is_not_begun_for_want_of_a_qualification_failed(code: str) -> None:
    """Nothing begins it but a change of the signature or of its qualification (facts 2.4)."""
    (said,) = got_signature(1, registration("mobile", -2, {"ReasonCode": code})).filings
    assert (said.status, code in said.reason) == ("failed", True)
    (said,) = got_signature(1, registration("mobile", -2, {"ReasonCode": "NON_REGISTER"})).filings
    assert said.status == "missing"


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
        (State.REJECTED, "NOT_FINISH", "备注NOT_FINISH"),
    ]
    unsaid = answer(signatures.RecordList, Data={"List": [{**row, "StateName": "NOT_FINISH"}]}).Data.List[0]
    assert signatures.seen_record(unsaid, SURE).reason == words.MORE_MATERIAL
    assert signatures.qualification_option(unsaid).remark == words.MORE_MATERIAL
    assert (seen[1].ref, seen[1].name, seen[1].order) == ("8563", "速达资质", "1000000001")
    offered = [signatures.qualification_option(record) for record in found.Data.List]
    assert [(one.value, one.label, one.usable) for one in offered[:2]] == [
        ("8563", "速达资质 · 速达科技有限公司", False),
        ("8563", "速达资质 · 速达科技有限公司", True),
    ]
    assert (offered[2].state, offered[2].remark) == (State.REJECTED, "备注NOT_PASS")
    assert answer(signatures.RecordList, Data=None).Data.List == ()


def test_letters_and_what_was_created() -> None:
    rows = [{"AuthorizationLetterId": 5101, "AuthorizationLetterName": "启明", "Status": "VALID"}]
    assert answer(signatures.LetterList, Data=rows).Data[0].AuthorizationLetterId == "5101"
    assert answer(signatures.LetterCreated, Data=5102).Data == "5102"
    assert answer(signatures.LetterCreated, Data="5102").Data == "5102"
    made = answer(signatures.Created, SignName="速达科技", OrderId=2_000_000_001)
    assert (made.SignName, made.OrderId, made.RequestId) == ("速达科技", "2000000001", "R-1")
