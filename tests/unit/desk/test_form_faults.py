"""What is wrong in a form is said at once, under the field it is about, in the words of a form."""

from dataclasses import replace

from bot.contracts.fields import Fault, Problem
from bot.contracts.rules import Finding, Hit, Minds, Page, Severity
from bot.contracts.vocabulary import CONTENT, NAME, PAPER, QUALIFICATION
from bot.desk.form_faults import faults
from bot.requests.prepare import Prepared
from tests.reading import SPOKEN

PAGE = Page("https://vendor.example/rules", "2026-11-01")
DECLARED = {"aliyun": (NAME, CONTENT, PAPER, QUALIFICATION), "tencent": (NAME, CONTENT, QUALIFICATION)}


def minds(*rules: str) -> tuple[Finding, ...]:
    return tuple(Finding(rule, Severity.ERROR, Hit(CONTENT.key), Minds(rule, Severity.ERROR, PAGE)) for rule in rules)


def said(*prepared: Prepared, language: str = "en", **files: list[tuple[str, int]]) -> dict[str, str]:
    return faults(SPOKEN[language], prepared, DECLARED, files)


ALIYUN = Prepared("aliyun", {}, {}, (), ())
TENCENT = Prepared("tencent", {}, {}, (), ())


def test_all_that_is_wrong_with_a_text_is_said_together() -> None:
    both = minds("otp-several-variables", "otp-with-link")
    (words,) = said(replace(ALIYUN, minded=both), replace(TENCENT, minded=both)).values()
    assert words == (
        "Two variables in a verification text: One variable, the code; write the minutes as a number. "
        "Link in a verification text: A verification text has no link."
    )


def test_whose_it_is_is_said_where_others_do_not_mind() -> None:
    one, both = minds("otp-several-variables", "otp-with-link")
    found = said(replace(ALIYUN, minded=(one, both)), replace(TENCENT, minded=(both,)), language="zh")
    assert found[CONTENT.key] == (
        "验证码模板含链接：验证码模板不能含链接。aliyun：验证码模板含多个变量：只能有一个变量（验证码），分钟数请写成数字。"
    )


def test_what_only_one_account_asks_for_needs_no_name() -> None:
    wanted = replace(ALIYUN, missing=(PAPER,))
    assert said(wanted, TENCENT)[PAPER.key] == f"This one is needed. {PAPER.hint.en}".strip()
    assert "paper=" not in said(wanted)[PAPER.key]
    assert said(wanted, TENCENT, paper=[("a.png", 10)]) == {}


def test_each_account_has_its_own_reference() -> None:
    wrong = (Problem(QUALIFICATION.key, Fault.NOT_A_CHOICE, "1", QUALIFICATION),)
    found = said(replace(ALIYUN, problems=wrong), TENCENT)
    assert list(found) == [f"{QUALIFICATION.key}@aliyun"]
