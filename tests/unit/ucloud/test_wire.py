"""Golden: every call as it is sent."""

import base64
from datetime import date
from typing import Any

import pytest

from bot.contracts.errors import Refused, Trouble
from bot.contracts.model import Kind, Paper, Submission
from integrations.ucloud import wire
from integrations.ucloud.config import Account
from tests.unit.ucloud.submitted import IN_BASE64, LICENCE, signature

LETTER = Paper("letter.pdf", b"%PDF-1.7 letter", "application/pdf")


def account(**unconfirmed: Any) -> Account:
    return Account.model_validate(
        {
            "name": "ucloud",
            "public_key": "PUBLIC",
            "private_key": "PRIVATE",
            "project_id": "org-abc",
            "unconfirmed": unconfirmed,
        }
    )


def template(content: str = "验证码${code}，${minutes}分钟内有效。", **values: str) -> Submission:
    return Submission(Kind.TEMPLATE, "登录验证码", {"type": "otp", "content": content, **values})


def test_a_signature_is_created() -> None:
    assert wire.create(account(), signature()) == {
        "Action": "CreateUSMSSignature",
        "ProjectId": "org-abc",
        "SigContent": "优刻得科技",
        "SigType": "0",
        "SigPurpose": "0",
        "CertificateType": "0",
        "File": f"image/jpeg;base64,{IN_BASE64}",
        "Description": "登录与订单通知",
        "International": "false",
    }


def test_a_signature_for_another_company_with_everything() -> None:
    submission = signature(
        {"paper": (LICENCE,), "letter": (LETTER,)},
        source="trademark",
        purpose="other",
        qualification="8563",
        link="https://example.com/shop",
        international="true",
    )
    assert wire.create(account(), submission) == {
        "Action": "CreateUSMSSignature",
        "ProjectId": "org-abc",
        "SigContent": "优刻得科技",
        "SigType": "4",
        "SigPurpose": "1",
        "CertificateType": "4",
        "File": f"image/jpeg;base64,{IN_BASE64}",
        "ProxyFile": f"application/pdf;base64,{base64.b64encode(LETTER.content).decode()}",
        "Description": "登录与订单通知",
        "SceneDesc": "https://example.com/shop",
        "International": "true",
        "QualificationId": "8563",
    }


def test_a_signature_is_changed_with_and_without_its_paper() -> None:
    expected = {
        "Action": "UpdateUSMSSignature",
        "ProjectId": "org-abc",
        "SigId": "SIG1",
        "SigContent": "优刻得科技",
        "SigType": "5",
        "SigPurpose": "0",
        "CertificateType": "5",
        "SceneDesc": "登录与订单通知 https://example.com/shop",
    }
    values = {"source": "government", "purpose": "self", "link": "https://example.com/shop"}
    assert wire.update(account(), "SIG1", signature({}, **values)) == expected
    assert wire.update(account(), "SIG1", signature(**values)) == {
        **expected,
        "File": f"image/jpeg;base64,{IN_BASE64}",
    }


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("typed", f"image/jpeg;base64,{IN_BASE64}"),
        ("data_url", f"data:image/jpeg;base64,{IN_BASE64}"),
        ("bare", IN_BASE64),
    ],
)
def test_the_form_of_a_file_is_a_setting(form: str, expected: str) -> None:
    assert wire.create(account(file_form=form), signature())["File"] == expected


def test_a_template_is_created() -> None:
    submission = template(remark="登录", **{"sample.code": "1234"})
    assert wire.create(account(), submission) == {
        "Action": "CreateUSMSTemplate",
        "ProjectId": "org-abc",
        "TemplateName": "登录验证码",
        "Template": "验证码{1}，{2}分钟内有效。",
        "Remark": "登录",
        "Instruction": "{1}：code，示例：1234；{2}：minutes",
        "Purpose": "1",
        "International": "false",
    }


def test_placeholders_are_numbered_by_first_appearance() -> None:
    sent = wire.create(account(), template("${b}和${a}，${b}", **{"sample.a": "甲", "sample.b": "乙"}))
    assert sent["Template"] == "{1}和{2}，{1}"
    assert sent["Instruction"] == "{1}：b，示例：乙；{2}：a，示例：甲"


def test_a_text_without_placeholders_has_no_instruction() -> None:
    assert "Instruction" not in wire.create(account(), template("验证码已失效"))


@pytest.mark.parametrize(
    ("values", "purpose", "unsubscribe"),
    [
        ({"type": "promo"}, "3", "拒收请回复R"),
        ({"type": "promo", "international": "true"}, "3", None),
        ({"type": "notice"}, "2", None),
    ],
)
def test_only_domestic_marketing_says_how_to_unsubscribe(
    values: dict[str, str], purpose: str, unsubscribe: str | None
) -> None:
    sent = wire.create(account(), template(**values))
    assert (sent["Purpose"], sent.get("UnsubscribeInfo")) == (purpose, unsubscribe)


def test_the_brackets_of_unsubscribing_are_a_setting() -> None:
    sent = wire.create(account(unsubscribe="【拒收请回复R】"), template(type="promo"))
    assert sent["UnsubscribeInfo"] == "【拒收请回复R】"


def test_a_template_is_changed() -> None:
    assert wire.update(account(), "UTA1", template("验证码${code}")) == {
        "Action": "UpdateUSMSTemplate",
        "ProjectId": "org-abc",
        "TemplateId": "UTA1",
        "TemplateName": "登录验证码",
        "Template": "验证码{1}",
        "Instruction": "{1}：code",
    }


def test_deletes_and_queries() -> None:
    project = {"ProjectId": "org-abc"}
    assert wire.delete(account(), Kind.SIGNATURE, "SIG1") == {
        "Action": "DeleteUSMSSignature",
        **project,
        "SigIds.0": "SIG1",
    }
    assert wire.delete(account(), Kind.TEMPLATE, "UTA1") == {
        "Action": "DeleteUSMSTemplate",
        **project,
        "TemplateIds.0": "UTA1",
    }
    assert wire.signature_query(account(), ref="SIG1") == {
        "Action": "QueryUSMSSignature",
        **project,
        "SigId": "SIG1",
    }
    assert wire.signature_query(account(), content="优刻得") == {
        "Action": "QueryUSMSSignature",
        **project,
        "SigContent": "优刻得",
    }
    assert wire.template_query(account(), "UTA1") == {
        "Action": "QueryUSMSTemplate",
        **project,
        "TemplateId": "UTA1",
    }
    assert wire.balance_query(account()) == {"Action": "GetBalance", **project}


def test_lists() -> None:
    assert wire.qualifications_query(account(page_size=20), 3) == {
        "Action": "GetUSMSSignatureQualification",
        "ProjectId": "org-abc",
        "Page": "3",
        "NumPerPage": "20",
        "OrderBy": "CreateTime",
        "OrderType": "desc",
    }
    assert wire.usage_query(account(), date(2026, 3, 1), date(2026, 3, 30)) == {
        "Action": "GetUSMSSendStatistics",
        "ProjectId": "org-abc",
        "Page": "0",
        "NumPerPage": "100",
        "OrderBy": "SendDate",
        "OrderType": "asc",
        "StartDate": "2026-03-01",
        "EndDate": "2026-03-30",
        "Domestic": "1",
    }


def test_what_this_vendor_does_not_take_is_refused_before_it_is_sent() -> None:
    with pytest.raises(Refused) as caught:
        wire.create(account(), signature(source="website"))
    assert (caught.value.code, caught.value.trouble) == ("source=website", Trouble.INPUT)
