"""A fix passes its own rule, changes nothing else, and applying it twice is applying it once."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.model import Kind
from bot.contracts.rules import Draft, Finding
from bot.requests.check.engine import changed, findings, mend
from bot.requests.check.reading import STANDARD_OPT_OUT, Folded
from bot.requests.check.shared import RULES
from bot.running.lint import draft_of
from bot.running.rulebooks import STANDARDS
from tests.unit.requests.check.conftest import example, minded, rows

ALL = tuple(STANDARDS.values())

PIECES = (
    "您的验证码为${code}，", "尊敬的${name}，", "${minutes}分钟内有效。", "订单${order_no}已发货，", "全场五折！", "￥${amount}", "★", "😀", "【云澜】",
    "回T退订", "拒收请回复R", "點擊", "www.example.com", "t.cn/A${x}", "加微信yunlan88", "13900139000", "400-000-0000", "{code}", "[通知]", "${2x}",
    "${mobile}", "，", "。", " ", "请查收", "^_^", "①", "登录", "威信",
)  # fmt: skip

texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join)
names = st.text(st.sampled_from("云澜科技测试通知a1 +【】()_會員😀-"), min_size=1, max_size=16)
drafts = st.one_of(
    st.builds(
        Draft,
        st.just(Kind.TEMPLATE),
        st.sampled_from(["otp", "notice", "promo"]),
        st.booleans(),
        st.just("服务通知"),
        texts,
    ),
    st.builds(
        Draft,
        st.just(Kind.SIGNATURE),
        name=names,
        values=st.just({"source": "company"}),
        company=st.just("杭州云澜网络科技有限公司"),
    ),
)


def with_fixes(draft: Draft) -> list[Finding]:
    return [one for found in minded(draft).values() for one in found if one.hit.fix is not None]


def minds_again(draft: Draft, finding: Finding) -> list[Finding]:
    """The same rule of the same vendor, on the draft with its fix."""
    again = findings(changed(draft, finding.hit), ALL)
    return [one for found in again.values() for one in found if one.minds == finding.minds]


def settle(draft: Draft, finding: Finding) -> Draft:
    """A rule's fixes applied until it has none; a text may break a rule in several places, each mended in turn."""
    for _ in range(12):
        draft = changed(draft, finding.hit)
        left = [
            one
            for found in minded(draft).values()
            for one in found
            if one.minds == finding.minds and one.hit.fix is not None
        ]
        if not left:
            return draft
        finding = left[0]
    raise AssertionError(finding)


@pytest.mark.parametrize("slug", RULES)
def test_the_fix_of_an_example_passes(slug: str) -> None:
    rule = RULES[slug]
    draft = example(rule.kind, rule.bad)
    for finding in (one for one in with_fixes(draft) if one.rule == slug):
        assert not minds_again(draft, finding)


@pytest.mark.parametrize("row", rows("drafts.jsonl"), ids=lambda row: row["id"])
def test_a_fix_changes_only_the_value_it_is_for(row: dict[str, Any]) -> None:
    draft = draft_of("case", row)
    for finding in with_fixes(draft):
        better = changed(draft, finding.hit)
        assert better != draft
        assert (better.kind, better.type, better.international) == (draft.kind, draft.type, draft.international)
        differing = {
            key
            for key in ("name", "content", *draft.values, *better.values)
            if (getattr(draft, key) if key in ("name", "content") else draft.values.get(key))
            != (getattr(better, key) if key in ("name", "content") else better.values.get(key))
        }
        assert differing == {finding.hit.key}


@given(drafts)
def test_fixes_of_a_rule_come_to_an_end_and_then_change_nothing(draft: Draft) -> None:
    for finding in with_fixes(draft):
        settled = settle(draft, finding)
        assert not [one for one in with_fixes(settled) if one.minds == finding.minds]


@given(drafts)
def test_mending_twice_is_mending_once(draft: Draft) -> None:
    once = mend(draft, ALL)
    twice = mend(once.draft, ALL)
    assert twice.draft == once.draft
    assert not twice.fixed


@given(drafts)
def test_mending_never_makes_it_worse(draft: Draft) -> None:
    def errors(found: Any) -> set[tuple[str, str]]:
        return {(vendor, one.rule) for vendor, here in found.items() for one in here if one.severity == "error"}

    assert errors(mend(draft, ALL).left) <= errors(minded(draft))


@given(texts)
def test_every_place_in_a_folded_text_leads_back(text: str) -> None:
    folded = Folded(text)
    for at in range(len(folded.text)):
        one = folded.span(at, at + 1)
        assert 0 <= one.start < one.end <= len(text)
    assert [name.name for name in folded.variables] == re.findall(r"\$\{([^{}$]*)\}", text)


def test_the_text_of_the_story_passes_everywhere() -> None:
    """Conversations 3: a link and two variables in a verification text."""
    draft = Draft(
        Kind.TEMPLATE, "otp", content="您的验证码是${code}，${minutes}分钟内有效。点击 https://a.example/x 查看"
    )
    mended = mend(draft, ALL)
    assert mended.draft.content == "您的验证码是${code}，5分钟内有效。"
    assert not any(mended.left.values())


@pytest.mark.parametrize(
    ("template", "bad", "good"),
    [
        ("promo", "尊敬的会员，全场五折！", "尊敬的会员，全场五折！" + STANDARD_OPT_OUT),
        ("promo", "尊敬的会员，全场五折，退订回T", "尊敬的会员，全场五折，" + STANDARD_OPT_OUT),
        ("promo", "全场五折！回TD退订", "尊敬的会员，全场五折！" + STANDARD_OPT_OUT),
        ("notice", "您消费￥${amount}，余额￥30。", "您消费${amount}元，余额30元。"),
        ("notice", "【云澜】您的订单已发货。", "您的订单已发货。"),
        ("notice", "您的訂單已發貨。", "您的订单已发货。"),
        ("notice", "您的取件码为#code#，请及时领取。", "您的取件码为${code}，请及时领取。"),
        ("notice", "您的快递已到站，请及时领取，退订回T", "您的快递已到站，请及时领取"),
        ("otp", "您正在登录，校验码${code}。", "您正在登录，验证码${code}。"),
        ("otp", "验证码：${code}，请勿泄露。", "验证码：${code}，5分钟内有效，请勿泄露。"),
    ],
)
def test_what_a_bad_text_becomes(template: str, bad: str, good: str) -> None:
    assert mend(Draft(Kind.TEMPLATE, template, content=bad), ALL).draft.content == good
