"""What is for numbers abroad: submitted, followed, found, changed, deleted and sent, apart from what is for the mainland."""

from datetime import timedelta

import pytest

from bot.contracts.errors import AnswerLost
from bot.contracts.fields import Fault, check_value
from bot.contracts.model import Kind, State, Submission
from bot.contracts.push import Outcome
from bot.contracts.sending import Outgoing, Sending
from bot.contracts.traffic import china_day
from bot.contracts.vendor import Missing, Seen, Tracked
from bot.contracts.vocabulary import INTERNATIONAL
from integrations.sandbox import Fault as Trouble
from tests.contract.desk import HASTY, NAMES, PICTURE, Desk, assert_refused, signature, sought, template

ABROAD, AT_HOME = "+44 7700-900123", "13800001234"
TEXT = "Your parcel ${code} is at ${place}."
SIGNS = [name for name in NAMES if name != "alibaba"]
"""Where a signature is for one or the other; at Alibaba Cloud it is for both."""


def abroad(kind: Kind, name: str = "Sudago", content: str = TEXT) -> Submission:
    """A submission that every vendor takes for numbers abroad."""
    if kind is Kind.SIGNATURE:
        return signature(name, international="true")
    made = template(name, content, "notice", international="true")
    return Submission(kind, name, {key: value for key, value in made.values.items() if key != "sign"}, made.papers)


def sending(desk: Desk) -> Sending:
    assert desk.client.messages is not None
    return desk.client.messages


async def seen(desk: Desk, kind: Kind, ref: str) -> Seen | Missing:
    (found,) = await desk.client.reviews.look((Tracked(1, kind, ref, "whatever", international=True),))
    return found


async def ready(desk: Desk, content: str = TEXT) -> str:
    accepted = await desk.client.reviews.create(abroad(Kind.TEMPLATE, content=content))
    desk.decide(Kind.TEMPLATE, accepted.ref, State.READY)
    return accepted.ref


def outgoing(ref: str, number: str = ABROAD, sign: str = "") -> Outgoing:
    return Outgoing(number, ref, sign, (("code", "A12"), ("place", "the desk")), "0" * 32)


def own(desk: Desk) -> str:
    """What a message abroad cannot go without."""
    return "" if sending(desk).unsigned_abroad else "速达科技"


KINDS = [
    (name, kind)
    for name in NAMES
    for kind in (Kind.SIGNATURE, Kind.TEMPLATE)
    if (name, kind) != ("alibaba", Kind.SIGNATURE)
]


@pytest.mark.parametrize(("name", "kind"), KINDS)
async def test_from_submission_to_its_end(desk: Desk, kind: Kind) -> None:
    wanted = abroad(kind)
    accepted = await desk.client.reviews.create(wanted)
    first = await seen(desk, kind, accepted.ref)
    assert isinstance(first, Seen)
    assert first.state is State.IN_REVIEW
    assert first.international in (True, None)
    if sought(kind, desk):
        assert [one.ref for one in await desk.client.reviews.find(wanted)] == [accepted.ref]

    desk.decide(kind, accepted.ref, State.REJECTED)
    rejected = await seen(desk, kind, accepted.ref)
    assert isinstance(rejected, Seen)
    assert rejected.state is State.REJECTED
    changes = {"remark": "again"} if kind is Kind.SIGNATURE else {"content": "Your order ${code} is at ${place}."}
    mended = Submission(kind, wanted.name, {**wanted.values, **changes}, wanted.papers)
    assert (await desk.client.reviews.update(accepted.ref, mended)).ref == accepted.ref
    desk.decide(kind, accepted.ref, State.READY)
    approved = await seen(desk, kind, accepted.ref)
    assert isinstance(approved, Seen)
    assert approved.state is State.READY

    await desk.client.reviews.delete(kind, accepted.ref, international=True)
    assert await seen(desk, kind, accepted.ref) == Missing(accepted.ref)


async def test_a_lost_answer_is_found_among_those_for_abroad(desk: Desk) -> None:
    if not sought(Kind.TEMPLATE, desk):
        pytest.skip("no template is found without its id there")
    at_home = template("Sudago", "您的包裹${code}已到${place}。", "notice")
    await desk.client.reviews.create(at_home)
    client = await desk.another(seconds=HASTY)
    desk.sandbox.faults.next(desk.name, Trouble.RESET_AFTER, desk.action("create", Kind.TEMPLATE))
    wanted = abroad(Kind.TEMPLATE)
    with pytest.raises(AnswerLost):
        await client.reviews.create(wanted)
    (found,) = await desk.client.reviews.find(wanted)
    assert found.international is True
    assert isinstance(await seen(desk, Kind.TEMPLATE, found.ref), Seen)


async def test_the_same_words_for_the_mainland_are_another_template(desk: Desk) -> None:
    if not sought(Kind.TEMPLATE, desk):
        pytest.skip("no template is found without its id there")
    wanted = abroad(Kind.TEMPLATE)
    at_home = Submission(wanted.kind, wanted.name, {**wanted.values, "international": "false", "sign": "速达科技"}, {})
    refs = [(await desk.client.reviews.create(one)).ref for one in (wanted, at_home)]
    assert [[one.ref for one in await desk.client.reviews.find(each)] for each in (wanted, at_home)] == [
        [ref] for ref in refs
    ]


async def test_a_message_goes_abroad_and_is_followed(desk: Desk) -> None:
    handed = await sending(desk).send(outgoing(await ready(desk), sign=own(desk)))
    (taken,) = desk.sandbox.sent
    assert taken.number == "+447700900123"
    assert taken.text == ("[速达科技]" if own(desk) else "") + "Your parcel A12 is at the desk."
    desk.clock.move(timedelta(minutes=1))
    (receipt,) = await sending(desk).receipts(ABROAD, china_day(desk.clock.now()), [handed.message])
    assert receipt.outcome is Outcome.DELIVERED
    assert await sending(desk).receipts(AT_HOME, china_day(desk.clock.now()), [handed.message]) == ()


@pytest.mark.parametrize("name", SIGNS)
async def test_only_a_signature_for_abroad_goes_abroad(desk: Desk) -> None:
    ref = await ready(desk)
    await assert_refused(sending(desk).send(outgoing(ref, sign="速达科技")), desk)
    accepted = await desk.client.reviews.create(abroad(Kind.SIGNATURE))
    desk.decide(Kind.SIGNATURE, accepted.ref, State.READY)
    await sending(desk).send(outgoing(ref, sign="Sudago"))
    assert [one.text for one in desk.sandbox.sent] == ["[Sudago]Your parcel A12 is at the desk."]


async def test_what_is_for_abroad_does_not_go_to_the_mainland_nor_the_other_way_round(desk: Desk) -> None:
    await assert_refused(sending(desk).send(outgoing(await ready(desk), AT_HOME, own(desk) or "速达科技")), desk)
    accepted = await desk.client.reviews.create(template("取件", "您的包裹${code}已到${place}。", "notice"))
    desk.decide(Kind.TEMPLATE, accepted.ref, State.READY)
    await assert_refused(sending(desk).send(outgoing(accepted.ref, sign="速达科技")), desk)
    assert desk.sandbox.sent == []


async def test_what_is_for_abroad_stays_so(desk: Desk) -> None:
    for kind, ability in desk.client.capabilities.kinds.items():
        declared = [field.key for field in desk.client.reviews.fields(kind) if field.default == "false"]
        if kind is not Kind.QUALIFICATION and INTERNATIONAL.key in declared:
            assert INTERNATIONAL.key in ability.fixed


@pytest.mark.parametrize("name", ["alibaba"])
async def test_a_signature_that_is_for_both_says_so_and_is_not_submitted_otherwise(desk: Desk) -> None:
    (field,) = [one for one in desk.client.reviews.fields(Kind.SIGNATURE) if one.key == INTERNATIONAL.key]
    _, problem = check_value(field, field.key, "yes")
    assert problem is not None
    assert problem.fault is Fault.BAD_FORM
    assert check_value(field, field.key, "no") == ("false", None)
    await assert_refused_unsent(desk)


async def assert_refused_unsent(desk: Desk) -> None:
    wanted = signature("速达物流", international="true")
    with pytest.raises(Exception, match="NotOffered"):
        await desk.client.reviews.create(Submission(wanted.kind, wanted.name, wanted.values, {"paper": (PICTURE,)}))
    assert desk.accepted() == 0
