"""What is submitted to a vendor is reviewed, and can be looked at."""

from datetime import timedelta

import pytest

from bot.contracts.errors import Refused
from bot.contracts.model import Kind, State
from bot.contracts.vendor import FilingView, Missing, Seen, Tracked
from tests.contract.desk import BOTH, FILED, START, UNKNOWN, Desk, changed, every, made, signature, template

# --- A review ---------------------------------------------------------------------------------------------------------


@BOTH
async def test_submitted_and_in_review(desk: Desk, kind: Kind) -> None:
    accepted = await desk.client.reviews.create(made(kind))
    assert desk.accepted(kind) == desk.calls("create", kind) == 1
    assert accepted.ref == desk.sandbox.accepted(desk.name)[0].ref
    assert accepted.request_id

    seen = await desk.seen(kind, accepted.ref)
    assert isinstance(seen, Seen)
    assert (seen.ref, seen.name, seen.state) == (accepted.ref, made(kind).name, State.IN_REVIEW)
    assert seen.word
    assert seen.reason == ""
    assert seen.order == accepted.order
    if seen.created_at is not None:
        assert seen.created_at.utcoffset() == timedelta(0)
        assert abs(seen.created_at - START) < timedelta(minutes=1)


async def test_an_approved_signature_is_ready_when_it_is_filed(desk: Desk) -> None:
    accepted = await desk.client.reviews.create(signature())
    desk.sandbox.approve(desk.name, accepted.ref)
    seen = await desk.seen(Kind.SIGNATURE, accepted.ref)
    assert isinstance(seen, Seen)
    filing = desk.client.capabilities.kinds[Kind.SIGNATURE].filing
    assert seen.state is (State.READY if filing is FilingView.HIDDEN else State.APPROVED)
    carriers = {"mobile", "unicom", "telecom"} if filing is FilingView.PER_CARRIER else set()
    assert {filing.carrier for filing in seen.filings} == carriers

    desk.clock.move(FILED)
    seen = await desk.seen(Kind.SIGNATURE, accepted.ref)
    assert isinstance(seen, Seen)
    assert seen.state is State.READY
    assert {(filing.carrier, filing.status) for filing in seen.filings} == {(carrier, "done") for carrier in carriers}


async def test_an_approved_template_is_ready(desk: Desk) -> None:
    accepted = await desk.client.reviews.create(template())
    desk.sandbox.approve(desk.name, accepted.ref, "template")
    assert await desk.state(Kind.TEMPLATE, accepted.ref) is State.READY


@pytest.mark.parametrize(("name", "kind"), every())
@pytest.mark.parametrize(
    "why", ["签名无法识别主体", "与资质不符：“速达”<b>&amp;</b> '\"%s{}\\ 请看 https://a.example?x=1&y=2"]
)
async def test_rejected_with_the_reason_word_for_word(desk: Desk, kind: Kind, why: str) -> None:
    accepted = await desk.client.reviews.create(made(kind))
    desk.sandbox.reject(desk.name, accepted.ref, why, kind.value)
    seen = await desk.seen(kind, accepted.ref)
    assert isinstance(seen, Seen)
    assert (seen.state, seen.reason) == (State.REJECTED, why)


@BOTH
async def test_mended_after_a_rejection_it_is_reviewed_again(desk: Desk, kind: Kind) -> None:
    first = await desk.client.reviews.create(made(kind))
    desk.decide(kind, first.ref, State.REJECTED)
    again = await desk.client.reviews.update(first.ref, changed(made(kind)))
    assert again.ref == first.ref
    assert await desk.state(kind, first.ref) is State.IN_REVIEW
    assert (desk.calls("create", kind), desk.calls("update", kind), desk.accepted(kind)) == (1, 1, 1)
    desk.decide(kind, first.ref, State.READY)
    assert await desk.state(kind, first.ref) is State.READY


@BOTH
async def test_deleted_it_is_missing(desk: Desk, kind: Kind) -> None:
    accepted = await desk.client.reviews.create(made(kind))
    desk.decide(kind, accepted.ref, State.REJECTED)
    await desk.client.reviews.delete(kind, accepted.ref)
    assert await desk.seen(kind, accepted.ref) == Missing(accepted.ref)
    with pytest.raises(Refused) as refused:
        await desk.client.reviews.delete(kind, accepted.ref)
    assert refused.value.code
    assert desk.calls("delete", kind) == 2


# --- Templates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "content", "numbered"),
    [
        ("otp", "您的验证码是${code}，请尽快填写。", "您的验证码是{1}，请尽快填写。"),
        ("notice", "${who}，订单${no}已发货，${who}请查收${no}。", "{1}，订单{2}已发货，{1}请查收{2}。"),
        ("notice", "今天休息。", "今天休息。"),
        ("promo", "新品${item}上线，欢迎选购，拒收请回复R", "新品{1}上线，欢迎选购，拒收请回复R"),
    ],
)
async def test_placeholders_arrive_in_the_vendors_notation(desk: Desk, type_: str, content: str, numbered: str) -> None:
    await desk.client.reviews.create(template("通知", content, type_))
    (accepted,) = desk.sandbox.accepted(desk.name, "template")
    assert accepted.content in (content, numbered)
    seen = await desk.seen(Kind.TEMPLATE, accepted.ref)
    assert isinstance(seen, Seen)
    assert seen.content == accepted.content


async def test_samples_reach_the_reviewer(desk: Desk) -> None:
    await desk.client.reviews.create(template(**{"sample.code": "271828"}))
    (call,) = [call for call in desk.sandbox.calls if call.action == desk.action("create", Kind.TEMPLATE)]
    assert "271828" in str(call.params)


# --- Looking ----------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("ref", ["0", "no-such-thing", "没有", "'; DROP TABLE signatures; --", "1" * 400])
async def test_what_nobody_has_is_missing_or_not_understood(desk: Desk, kind: Kind, ref: str) -> None:
    """An id that cannot be one must not keep the vendor from answering about the others."""
    accepted = await desk.client.reviews.create(made(kind))
    asked = (Tracked(1, kind, ref, "x"), Tracked(2, kind, accepted.ref, "x"))
    odd, good = await desk.client.reviews.look(asked)
    assert odd.ref == ref
    assert isinstance(odd, Missing) or odd.state is None
    assert isinstance(good, Seen)
    assert good.state is State.IN_REVIEW


@BOTH
async def test_an_unknown_id_is_missing(desk: Desk, kind: Kind) -> None:
    ref = UNKNOWN[desk.name][kind]
    assert await desk.seen(kind, ref) == Missing(ref)


async def test_many_are_answered_each_in_its_place(desk: Desk) -> None:
    refs: dict[tuple[Kind, int], str] = {}
    for number in range(6):
        refs[Kind.SIGNATURE, number] = (await desk.client.reviews.create(signature(f"速达分公司{number}号"))).ref
        refs[Kind.TEMPLATE, number] = (await desk.client.reviews.create(template(f"模板{number}"))).ref
    desk.decide(Kind.SIGNATURE, refs[Kind.SIGNATURE, 2], State.APPROVED)
    desk.decide(Kind.TEMPLATE, refs[Kind.TEMPLATE, 3], State.REJECTED)
    asked = [Tracked(n, kind, ref, "x") for n, ((kind, _), ref) in enumerate(sorted(refs.items()))]
    asked += [Tracked(90 + n, kind, ref, "x") for n, (kind, ref) in enumerate(UNKNOWN[desk.name].items())]
    asked.append(asked[0])
    before = desk.calls()
    answers = await desk.client.reviews.look(asked)
    assert desk.calls() - before <= len(asked) - 1
    assert [answer.ref for answer in answers] == [one.ref for one in asked]
    assert answers[-1] == answers[0]
    assert all(isinstance(answer, Missing) for answer in answers[12:14])
    states = {one.number: answer.state for one, answer in zip(asked, answers, strict=True) if isinstance(answer, Seen)}
    filing = desk.client.capabilities.kinds[Kind.SIGNATURE].filing
    passed = State.READY if filing is FilingView.HIDDEN else State.APPROVED
    assert states == dict.fromkeys(range(12), State.IN_REVIEW) | {2: passed, 9: State.REJECTED}


async def test_nothing_asked_nothing_called(desk: Desk) -> None:
    assert await desk.client.reviews.look(()) == ()
    assert desk.calls() == 0
