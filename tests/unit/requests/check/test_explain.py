"""Reviewers' reasons and the rules they speak of."""

from typing import Any

import pytest

from bot.contracts.model import Kind
from bot.requests.check import counts
from bot.requests.check.explain import MOST, explain, meaning
from bot.requests.check.phrases import PHRASES, TOPIC_WORDS
from bot.requests.check.shared import RULES
from bot.requests.check.unseen import UNSEEN
from bot.running.rulebooks import REASONS
from tests.unit.requests.check.conftest import rows


@pytest.mark.parametrize("row", rows("reasons.jsonl"), ids=lambda row: row["id"])
def test_our_own_reasons(row: dict[str, Any]) -> None:
    found = explain(row["text"], (), Kind(row["kind"])).rules
    if row["rules"]:
        assert set(found[:3]) & set(row["rules"])
    else:
        assert not found


@pytest.mark.parametrize("phrase", [*PHRASES, *TOPIC_WORDS, *(one for own in REASONS.values() for one in own)])
def test_a_phrase_speaks_of_rules_that_are_there(phrase: Any) -> None:
    for slug in phrase.rules:
        title, says = meaning(slug)
        assert title.en
        assert title.zh
        assert says.en
        assert says.zh


def test_every_rule_and_every_unseen_reason_is_spoken_of() -> None:
    """What a reviewer can mind can be explained; topics and variables of the application are among them."""
    spoken = {
        slug for one in (*PHRASES, *TOPIC_WORDS, *(o for own in REASONS.values() for o in own)) for slug in one.rules
    }
    silent = (
        set(RULES) - spoken - {"contact-in-signature", "banned-topic-name", "digital-without-optout"}
    )  # by kind, type
    assert silent == {rule.id for rule in counts.RULES}  # which the vendor's interface minds, and no reviewer
    assert not set(UNSEEN) - spoken


def test_what_cannot_be_seen_says_why() -> None:
    for slug, one in UNSEEN.items():
        assert slug not in RULES
        assert one.why.en
        assert one.why.zh


def test_several_reasons_in_one_text_are_each_found() -> None:
    found = explain(
        "1、短信内容含有链接，请删除；2、推广短信未添加退订方式；3、模板内容有错别字", (), Kind.TEMPLATE, "promo"
    ).rules
    assert {"link-in-text", "promo-without-optout", "disguised-spelling"} <= set(found)
    assert len(found) <= MOST


def test_the_kind_of_what_was_rejected_decides_between_two_rules() -> None:
    assert explain("含有特殊符号", (), Kind.SIGNATURE).rules[0] == "signature-characters"
    assert explain("含有特殊符号", (), Kind.TEMPLATE).rules[0] == "special-symbols"


@pytest.mark.parametrize("reason", ["", "，", "xyzzy", "请联系客服", "N/A", "审核不通过"])
def test_what_nothing_explains_stays_unexplained(reason: str) -> None:
    assert explain(reason).rules == ()
