"""Every rule finds what it is about, and lets pass what is beside it."""

from typing import Any

import pytest

from bot.contracts.model import Kind
from bot.contracts.rules import Draft, Severity
from bot.requests.check.engine import findings
from bot.requests.check.shared import RULES
from bot.requests.check.topics import ALL, BY_KEY
from bot.running.lint import draft_of
from bot.running.rulebooks import STANDARDS, standards_of
from integrations.ucloud.config import Account as UcloudAccount
from tests.unit.requests.check.conftest import example, minded, rows, slugs

OWN = rows("drafts.jsonl")
TOPICS = {topic.rule for topic in ALL}


@pytest.mark.parametrize("slug", RULES)
def test_a_rule_finds_its_bad_example_and_not_its_good_one(slug: str) -> None:
    rule = RULES[slug]
    assert slug in slugs(example(rule.kind, rule.bad))
    assert slug not in slugs(example(rule.kind, rule.good))


@pytest.mark.parametrize("slug", RULES)
def test_a_good_example_of_one_rule_breaks_no_other(slug: str) -> None:
    rule = RULES[slug]
    assert not {found for found in slugs(example(rule.kind, rule.good)) if found not in MEANT.get(slug, set())}


MEANT = {
    # A good example keeps the rule it stands for; carriers mind the link or the number in it all the same.
    "variable-inside-link": {"link-in-text"},
    "variable-link-path": {"link-in-text"},
    "short-link-plus-variable": {"link-in-text"},
    "too-many-contacts": {"phone-in-text"},
}


@pytest.mark.parametrize("key", BY_KEY)
def test_a_topic_is_known_by_its_trade_and_not_by_a_word_beside_it(key: str) -> None:
    topic = BY_KEY[key]
    kind = "notice" if "notice" in topic.types else "promo"
    assert topic.rule in slugs(Draft(Kind.TEMPLATE, kind, content=topic.bad))
    assert topic.rule not in slugs(Draft(Kind.TEMPLATE, kind, content=topic.good))


@pytest.mark.parametrize("row", OWN, ids=lambda row: row["id"])
def test_our_own_cases(row: dict[str, Any]) -> None:
    found, meant = slugs(draft_of("case", row)), set(row["rules"])
    if meant:
        assert found & meant or (found & TOPICS and meant & TOPICS)
    else:
        assert not found


@pytest.mark.parametrize("vendor", STANDARDS)
def test_a_vendor_has_each_rule_once_and_says_where_it_was_read(vendor: str) -> None:
    entries = STANDARDS[vendor].minds
    assert len({entry.rule for entry in entries}) == len(entries)
    for entry in entries:
        assert entry.rule in RULES
        assert entry.page.where, entry.rule
        assert entry.page.date, entry.rule
        assert entry.topics <= set(BY_KEY), entry.rule
        assert entry.types <= RULES[entry.rule].types, entry.rule


def test_a_limit_that_an_account_overrules_is_the_rules_too() -> None:
    told = {"name": "ucloud", "public_key": "key", "private_key": "secret", "project_id": "org-1"}
    draft = Draft(Kind.SIGNATURE, name="优刻得科技股份有限公司上海分公司")
    for longest, minds in ((12, True), (20, False)):
        account = UcloudAccount.model_validate({**told, "unconfirmed": {"longest_signature": longest}})
        standards = standards_of(account)
        assert standards is not None
        found = {one.rule for one in findings(draft, (standards,))["ucloud"]}
        assert ("signature-length" in found) is minds


def test_every_rule_is_some_vendors() -> None:
    assert {entry.rule for one in STANDARDS.values() for entry in one.minds} == set(RULES)


def test_errors_come_first() -> None:
    draft = Draft(Kind.TEMPLATE, "otp", content="验证码${code}，${minutes}分钟内有效，点击 www.example.com 领红包")
    found = [one.severity for one in minded(draft)["alibaba"]]
    assert found == sorted(found, key=lambda one: one is not Severity.ERROR)
    assert {Severity.ERROR, Severity.WARNING} == set(found)


@pytest.mark.parametrize(
    "hidden",
    [
        "您的贷 款已审批，请查收。",
        "您的贷\u200b款已审批，请查收。",
        "您的貸款已审批，请查收。",
        "您的贷\u3000款已审批，请查收。",
    ],
)
def test_a_word_cannot_hide_behind_blanks_script_or_what_nobody_sees(hidden: str) -> None:
    assert "loan" in slugs(Draft(Kind.TEMPLATE, "notice", content=hidden))


@pytest.mark.parametrize("name", ["ＴＥＳＴ云澜", "tEsT云澜", "测 试云澜", "測試云澜", "tеst云澜"])
def test_a_name_cannot_hide_a_word_either(name: str) -> None:
    assert "signature-test-word" in slugs(Draft(Kind.SIGNATURE, name=name))


@pytest.mark.parametrize(
    ("said", "is_one"),
    [
        *(("QQ login", False), ("WeChat payment of", False), ("a LINE message", False)),
        *(("QQ 55667788", True), ("WeChat yunlan88", True), ("wechat: yunlan", True), ("QQ：55667788", True)),
        *(("WeChat ID yunlan", True), ("wechat account yunlan", True), ("微信yunlan", True), ("微信 yunlan", True)),
    ],
)
def test_behind_a_chats_name_a_mere_word_is_no_account(said: str, *, is_one: bool) -> None:
    found = slugs(Draft(Kind.TEMPLATE, "otp", content=f"Your code is ${{code}}, {said} 。"))
    assert bool({"otp-with-contact", "social-account-in-text"} & set(found)) is is_one


def test_the_place_is_that_of_the_text_as_typed() -> None:
    content = "您的訂單，請加威\u200b信ｙｕｎｌａｎ８８。"
    for finding in minded(Draft(Kind.TEMPLATE, "notice", content=content))["tencent"]:
        hit = finding.hit
        assert 0 <= hit.start < hit.end <= len(content)
        if finding.rule == "social-account-in-text":
            assert content[hit.start : hit.end].startswith("加")
