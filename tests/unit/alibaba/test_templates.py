"""Templates: every request as it is sent, and every answer, with its quirks, as it is read."""

from datetime import UTC, datetime

import pytest

from bot.contracts.model import Kind, State, Submission
from bot.contracts.placeholders import names
from bot.contracts.vendor import Seen
from integrations.alibaba import templates
from integrations.alibaba.config import Unconfirmed
from tests.unit.alibaba.answered import SURE, answer


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
        international=False,
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
