"""What every vendor's client must do: one suite, run against each of them over real sockets.

The clients are the production ones, the other side is the sandbox, which shares no code with them.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot import fields as vocabulary
from bot.errors import AnswerLost, Refused, Throttled, Trouble, Unavailable, VendorError
from bot.fields import Field, FieldType, When, check_value
from bot.model import Kind, State
from bot.ports import FilingView, LookUp, Measure, Missing, Reading, Seen, Tracked, Vendor
from integrations.http import ATTEMPTS
from integrations.sandbox import Fault
from tests.contract.desk import (
    BAD_SIGNATURE,
    FILED,
    KINDS,
    NAMES,
    REACHABLE,
    START,
    UNKNOWN,
    Desk,
    Name,
    Verb,
    assert_tells_no_secret,
    changed,
    every,
    made,
    signature,
    template,
)

OFTEN = 50  # faults; more than anybody tries
HASTY = 0.25  # seconds that a client waits for an answer which never comes

NOT_DONE = (Fault.HTTP_500, Fault.RESET_BEFORE, Fault.HANG_BEFORE)
DONE = (Fault.HTTP_500_AFTER, Fault.RESET_AFTER, Fault.HANG_AFTER, Fault.GARBAGE)

BOTH = pytest.mark.parametrize(("name", "kind"), every())


def sought(kind: Kind, desk: Desk) -> bool:
    """Whether a lost create can be looked for."""
    return desk.client.capabilities.kinds[kind].look_up is not LookUp.NOT_AT_ALL


async def done(client: Vendor, verb: Verb, kind: Kind, ref: str = "") -> str:
    """Change something: create it, or update or delete what is there. Returns its id."""
    match verb:
        case "create":
            return (await client.create(made(kind))).ref
        case "update":
            return (await client.update(ref, changed(made(kind)))).ref
        case _:
            await client.delete(kind, ref)
            return ref


# --- A review ----------------------------------------------------------------------------------------------------------


@BOTH
async def test_submitted_and_in_review(desk: Desk, kind: Kind) -> None:
    accepted = await desk.client.create(made(kind))
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
    accepted = await desk.client.create(signature())
    desk.sandbox.approve(desk.name, accepted.ref)
    seen = await desk.seen(Kind.SIGNATURE, accepted.ref)
    assert isinstance(seen, Seen)
    filing = desk.client.capabilities.filing
    assert seen.state is (State.READY if filing is FilingView.HIDDEN else State.APPROVED)
    carriers = {"mobile", "unicom", "telecom"} if filing is FilingView.PER_CARRIER else set()
    assert {filing.carrier for filing in seen.filings} == carriers

    desk.clock.move(FILED)
    seen = await desk.seen(Kind.SIGNATURE, accepted.ref)
    assert isinstance(seen, Seen)
    assert seen.state is State.READY
    assert {(filing.carrier, filing.status) for filing in seen.filings} == {(carrier, "done") for carrier in carriers}


async def test_an_approved_template_is_ready(desk: Desk) -> None:
    accepted = await desk.client.create(template())
    desk.sandbox.approve(desk.name, accepted.ref, "template")
    assert await desk.state(Kind.TEMPLATE, accepted.ref) is State.READY


@pytest.mark.parametrize(("name", "kind"), every())
@pytest.mark.parametrize(
    "why", ["签名无法识别主体", "与资质不符：“速达”<b>&amp;</b> '\"%s{}\\ 请看 https://a.example?x=1&y=2"]
)
async def test_rejected_with_the_reason_word_for_word(desk: Desk, kind: Kind, why: str) -> None:
    accepted = await desk.client.create(made(kind))
    desk.sandbox.reject(desk.name, accepted.ref, why, kind.value)
    seen = await desk.seen(kind, accepted.ref)
    assert isinstance(seen, Seen)
    assert (seen.state, seen.reason) == (State.REJECTED, why)


@BOTH
async def test_mended_after_a_rejection_it_is_reviewed_again(desk: Desk, kind: Kind) -> None:
    first = await desk.client.create(made(kind))
    desk.decide(kind, first.ref, State.REJECTED)
    again = await desk.client.update(first.ref, changed(made(kind)))
    assert again.ref == first.ref
    assert await desk.state(kind, first.ref) is State.IN_REVIEW
    assert (desk.calls("create", kind), desk.calls("update", kind), desk.accepted(kind)) == (1, 1, 1)
    desk.decide(kind, first.ref, State.READY)
    assert await desk.state(kind, first.ref) is State.READY


@BOTH
async def test_deleted_it_is_missing(desk: Desk, kind: Kind) -> None:
    accepted = await desk.client.create(made(kind))
    desk.decide(kind, accepted.ref, State.REJECTED)
    await desk.client.delete(kind, accepted.ref)
    assert await desk.seen(kind, accepted.ref) == Missing(accepted.ref)
    with pytest.raises(Refused) as refused:
        await desk.client.delete(kind, accepted.ref)
    assert refused.value.code
    assert desk.calls("delete", kind) == 2


# --- Capabilities are true -----------------------------------------------------------------------------------------------


STANDING = [
    pytest.param(name, kind, state, id=f"{name}-{kind}-{state}")
    for (name, kind), states in REACHABLE.items()
    for state in states
]


@pytest.mark.parametrize(("name", "kind", "state"), STANDING)
async def test_edited_in_the_states_that_it_says_and_in_no_other(desk: Desk, kind: Kind, state: State) -> None:
    accepted = await desk.client.create(made(kind))
    desk.decide(kind, accepted.ref, state)
    assert await desk.state(kind, accepted.ref) is state
    update = desk.client.update(accepted.ref, changed(made(kind)))
    if state in desk.client.capabilities.kinds[kind].update_in:
        assert (await update).ref == accepted.ref
    else:
        await assert_refused(update, desk)
        assert await desk.state(kind, accepted.ref) is state
    assert desk.calls("update", kind) == 1
    assert desk.accepted() == 1


@pytest.mark.parametrize(("name", "kind", "state"), STANDING)
async def test_deleted_in_the_states_that_it_says_and_in_no_other(desk: Desk, kind: Kind, state: State) -> None:
    accepted = await desk.client.create(made(kind))
    desk.decide(kind, accepted.ref, state)
    delete = desk.client.delete(kind, accepted.ref)
    if state in desk.client.capabilities.kinds[kind].delete_in:
        await delete
        assert await desk.seen(kind, accepted.ref) == Missing(accepted.ref)
    else:
        await assert_refused(delete, desk)
        assert await desk.state(kind, accepted.ref) is state
    assert desk.calls("delete", kind) == 1


async def assert_refused(call: Awaitable[object], desk: Desk) -> Refused:
    """Refused by the vendor, so told that a person can do something about it."""
    with pytest.raises(Refused) as caught:
        await call
    refused = caught.value
    assert refused.code
    assert refused.request_id
    assert refused.advice is not None
    assert refused.advice.en
    assert refused.advice.zh
    assert_tells_no_secret(refused, desk)
    return refused


@BOTH
async def test_an_edit_of_the_name(desk: Desk, kind: Kind) -> None:
    accepted = await desk.client.create(made(kind))
    desk.decide(kind, accepted.ref, State.REJECTED)
    renamed = replace(changed(made(kind)), name="速达快运")
    renamed = replace(renamed, values={**renamed.values, "name": renamed.name})
    if desk.client.capabilities.kinds[kind].renames:
        await desk.client.update(accepted.ref, renamed)
        seen = await desk.seen(kind, accepted.ref)
        assert isinstance(seen, Seen)
        assert seen.name == "速达快运"
    else:
        with pytest.raises(Refused) as refused:
            await desk.client.update(accepted.ref, renamed)
        assert refused.value.advice is not None
        assert desk.calls("update", kind) == 0


async def test_what_cannot_be_submitted_is_not_called(desk: Desk) -> None:
    ability = desk.client.capabilities.kinds[Kind.QUALIFICATION]
    assert not ability.create
    assert desk.client.fields(Kind.QUALIFICATION) == ()
    assert ability.instead is not None
    assert ability.instead.en
    assert ability.instead.zh
    assert ability.console.startswith("https://")
    qualification = replace(signature(), kind=Kind.QUALIFICATION)
    for call in (
        desk.client.create(qualification),
        desk.client.update("8563", qualification),
        desk.client.delete(Kind.QUALIFICATION, "8563"),
    ):
        with pytest.raises(Refused) as refused:
            await call
        assert refused.value.advice is not None
    assert desk.calls() == 0


async def test_what_cannot_be_looked_for_is_not_called(desk: Desk) -> None:
    for kind in KINDS:
        if not sought(kind, desk):
            with pytest.raises(Refused) as refused:
                await desk.client.find(made(kind))
            assert refused.value.advice is not None
            assert desk.calls() == 0


async def test_capabilities_are_complete(desk: Desk) -> None:
    capabilities = desk.client.capabilities
    assert capabilities.title.en
    assert capabilities.title.zh
    assert set(capabilities.kinds) == set(Kind)
    assert capabilities.hours.source
    opening, closing = capabilities.hours.monday_to_friday
    assert 0 <= opening < closing <= 24
    for kind in KINDS:
        ability = capabilities.kinds[kind]
        assert ability.create
        assert ability.console.startswith("https://")
        assert ability.usually > timedelta(0)
        assert State.REJECTED in ability.update_in
        assert State.REJECTED in ability.delete_in
    assert (desk.client.vendor, desk.client.account) == (desk.name, "here")


# --- Templates -----------------------------------------------------------------------------------------------------------


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
    await desk.client.create(template("通知", content, type_))
    (accepted,) = desk.sandbox.accepted(desk.name, "template")
    assert accepted.content in (content, numbered)
    seen = await desk.seen(Kind.TEMPLATE, accepted.ref)
    assert isinstance(seen, Seen)
    assert seen.content == accepted.content


async def test_samples_reach_the_reviewer(desk: Desk) -> None:
    await desk.client.create(template(**{"sample.code": "271828"}))
    (call,) = [call for call in desk.sandbox.calls if call.action == desk.action("create", Kind.TEMPLATE)]
    assert "271828" in str(call.params)


# --- Looking -------------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("ref", ["0", "no-such-thing", "没有", "'; DROP TABLE signatures; --", "1" * 400])
async def test_what_nobody_has_is_missing_or_not_understood(desk: Desk, kind: Kind, ref: str) -> None:
    """An id that cannot be one must not keep the vendor from answering about the others."""
    accepted = await desk.client.create(made(kind))
    asked = (Tracked(1, kind, ref, "x"), Tracked(2, kind, accepted.ref, "x"))
    odd, good = await desk.client.look(asked)
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
        refs[Kind.SIGNATURE, number] = (await desk.client.create(signature(f"速达分公司{number}号"))).ref
        refs[Kind.TEMPLATE, number] = (await desk.client.create(template(f"模板{number}"))).ref
    desk.decide(Kind.SIGNATURE, refs[Kind.SIGNATURE, 2], State.APPROVED)
    desk.decide(Kind.TEMPLATE, refs[Kind.TEMPLATE, 3], State.REJECTED)
    asked = [Tracked(n, kind, ref, "x") for n, ((kind, _), ref) in enumerate(sorted(refs.items()))]
    asked += [Tracked(90 + n, kind, ref, "x") for n, (kind, ref) in enumerate(UNKNOWN[desk.name].items())]
    asked.append(asked[0])
    before = desk.calls()
    answers = await desk.client.look(asked)
    assert desk.calls() - before <= len(asked) - 1
    assert [answer.ref for answer in answers] == [one.ref for one in asked]
    assert answers[-1] == answers[0]
    assert all(isinstance(answer, Missing) for answer in answers[12:14])
    states = {one.number: answer.state for one, answer in zip(asked, answers, strict=True) if isinstance(answer, Seen)}
    passed = State.READY if desk.client.capabilities.filing is FilingView.HIDDEN else State.APPROVED
    assert states == dict.fromkeys(range(12), State.IN_REVIEW) | {2: passed, 9: State.REJECTED}


async def test_nothing_asked_nothing_called(desk: Desk) -> None:
    assert await desk.client.look(()) == ()
    assert desk.calls() == 0


# --- Lost and found --------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("fault", DONE)
async def test_a_lost_create_that_arrived_is_found(desk: Desk, kind: Kind, fault: Fault) -> None:
    await assert_lost(desk, "create", kind, fault)
    assert (desk.accepted(), desk.calls("create", kind)) == (1, 1)
    if not sought(kind, desk):
        return
    (seen,) = await desk.client.find(made(kind))
    assert (seen.ref, seen.name) == (desk.sandbox.accepted(desk.name)[0].ref, made(kind).name)
    assert seen.state is State.IN_REVIEW
    assert await desk.state(kind, seen.ref) is State.IN_REVIEW


@BOTH
@pytest.mark.parametrize("fault", NOT_DONE)
async def test_a_lost_create_that_did_not_arrive_is_not_found(desk: Desk, kind: Kind, fault: Fault) -> None:
    await assert_lost(desk, "create", kind, fault)
    assert (desk.accepted(), desk.calls("create", kind)) == (0, 1)
    if sought(kind, desk):
        assert await desk.client.find(made(kind)) == ()


async def assert_lost(desk: Desk, verb: Verb, kind: Kind, fault: Fault, ref: str = "") -> None:
    """A change whose answer got lost is called once, and said to be lost."""
    client = await desk.another(seconds=HASTY) if fault in (Fault.HANG_BEFORE, Fault.HANG_AFTER) else desk.client
    desk.sandbox.faults.next(desk.name, fault, desk.action(verb, kind))
    before = desk.calls(verb, kind)
    with pytest.raises(AnswerLost) as lost:
        await done(client, verb, kind, ref)
    assert_tells_no_secret(lost.value, desk)
    assert desk.calls(verb, kind) - before == 1
    assert desk.sandbox.faults.left(desk.name) == 0


@BOTH
@pytest.mark.parametrize("verb", ["update", "delete"])
@pytest.mark.parametrize("fault", [*NOT_DONE, *DONE])
async def test_a_lost_change_is_never_called_twice(desk: Desk, kind: Kind, verb: Verb, fault: Fault) -> None:
    accepted = await desk.client.create(made(kind))
    desk.decide(kind, accepted.ref, State.REJECTED)
    await assert_lost(desk, verb, kind, fault, accepted.ref)
    seen = await desk.seen(kind, accepted.ref)
    if fault in NOT_DONE:
        assert isinstance(seen, Seen)
        assert seen.state is State.REJECTED
    elif verb == "delete":
        assert isinstance(seen, Missing)
    else:
        assert isinstance(seen, Seen)
        assert seen.state is State.IN_REVIEW
    assert desk.accepted() == 1


@BOTH
async def test_only_what_is_the_same_is_found(desk: Desk, kind: Kind) -> None:
    if not sought(kind, desk):
        return
    assert await desk.client.find(made(kind)) == ()
    await desk.client.create(made(kind, "速达快运"))
    if kind is Kind.TEMPLATE:
        await desk.client.create(template(content="您的动态码是${code}，五分钟内有效。"))
    assert await desk.client.find(made(kind)) == ()
    accepted = await desk.client.create(made(kind))
    for state in (State.IN_REVIEW, State.REJECTED, State.READY):
        desk.decide(kind, accepted.ref, state)
        (seen,) = await desk.client.find(made(kind))
        assert seen.ref == accepted.ref
    await desk.client.delete(kind, accepted.ref)
    assert await desk.client.find(made(kind)) == ()


async def test_a_template_on_a_later_page_is_found(desk: Desk) -> None:
    if not sought(Kind.TEMPLATE, desk):
        return
    wanted = await desk.client.create(template())
    for number in range(101):  # the longest page of any vendor has 100 rows; lists show the newest first
        await desk.client.create(template(f"模板{number}"))
    (seen,) = await desk.client.find(template())
    assert seen.ref == wanted.ref


# --- Throttled -------------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("verb", ["create", "update", "delete"])
async def test_throttled_once_then_taken_once(desk: Desk, kind: Kind, verb: Verb) -> None:
    ref = ""
    if verb != "create":
        ref = (await desk.client.create(made(kind))).ref
        desk.decide(kind, ref, State.REJECTED)
    desk.sandbox.faults.next(desk.name, Fault.THROTTLE, desk.action(verb, kind))
    ref = await done(desk.client, verb, kind, ref)
    assert desk.calls(verb, kind) == 2
    assert desk.accepted() == 1
    seen = await desk.seen(kind, ref)
    assert isinstance(seen, Missing) if verb == "delete" else isinstance(seen, Seen)


@BOTH
async def test_throttled_for_long_is_told_and_nothing_is_taken(desk: Desk, kind: Kind) -> None:
    desk.sandbox.faults.next(desk.name, Fault.THROTTLE, desk.action("create", kind), OFTEN)
    with pytest.raises(Throttled) as throttled:
        await desk.client.create(made(kind))
    assert throttled.value.trouble is Trouble.LIMIT
    assert throttled.value.code
    assert desk.calls("create", kind) == ATTEMPTS
    assert desk.accepted() == 0
    desk.sandbox.faults.clear()
    await desk.client.create(made(kind))
    assert desk.accepted() == 1


# --- Reads in trouble --------------------------------------------------------------------------------------------------------

Read = Callable[[Vendor, str], Awaitable[object]]

READS: dict[str, Read] = {
    "look": lambda client, ref: client.look((Tracked(1, Kind.SIGNATURE, ref, "x"),)),
    "find": lambda client, _: client.find(signature()),
    "options": lambda client, _: client.options("qualifications"),
    "quota": lambda client, _: client.quota(),
    "probe": lambda client, _: client.probe(),
}


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("fault", [*NOT_DONE, *DONE, Fault.THROTTLE])
async def test_a_question_is_asked_again(desk: Desk, read: str, fault: Fault) -> None:
    ref = (await desk.client.create(signature())).ref
    client = await desk.another(seconds=HASTY) if fault in (Fault.HANG_BEFORE, Fault.HANG_AFTER) else desk.client
    before = desk.calls()
    expected = await READS[read](client, ref)
    usual = desk.calls() - before
    desk.sandbox.faults.next(desk.name, fault)
    assert await READS[read](client, ref) == expected
    assert desk.calls() - before == 2 * usual + 1


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("fault", [Fault.HTTP_500, Fault.RESET_AFTER, Fault.GARBAGE, Fault.THROTTLE])
async def test_a_question_that_gets_no_answer_ends(desk: Desk, read: str, fault: Fault) -> None:
    desk.sandbox.faults.next(desk.name, fault, times=OFTEN)
    with pytest.raises(Throttled if fault is Fault.THROTTLE else Unavailable) as caught:
        await READS[read](desk.client, UNKNOWN[desk.name][Kind.SIGNATURE])
    assert_tells_no_secret(caught.value, desk)
    assert desk.calls() == ATTEMPTS


async def test_a_question_that_hangs_ends(desk: Desk) -> None:
    client = await desk.another(seconds=0.2)
    desk.sandbox.faults.next(desk.name, Fault.HANG_AFTER, times=OFTEN)
    async with asyncio.timeout(10):
        with pytest.raises(Unavailable):
            await client.probe()
    assert desk.calls() == ATTEMPTS


async def test_nobody_listens_nothing_was_accepted(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = await desk.another(address=f"http://127.0.0.1:{port}")
    for call in (client.probe(), client.create(template()), client.delete(Kind.TEMPLATE, "1"), client.quota()):
        with pytest.raises(Unavailable) as caught:
            await call
        assert_tells_no_secret(caught.value, desk)
    assert desk.calls() == 0


# --- Credentials ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["secret", "key_id"])
async def test_wrong_credentials_are_the_operators_business(desk: Desk, wrong: str) -> None:
    client = await desk.another(**{wrong: "a-wrong-one-00000001"})  # type: ignore[arg-type]
    before = desk.calls()
    calls = (*(read(client, "1") for read in READS.values()), client.create(template()), client.delete(KINDS[0], "1"))
    for call in calls:
        refused = await assert_refused(call, desk)
        assert refused.trouble is Trouble.CREDENTIALS
        assert "a-wrong-one-00000001" not in str(refused) or wrong == "key_id"
    assert desk.accepted() == 0
    assert desk.calls() - before == len(calls)  # asking again does not make a key right


async def test_temporary_credentials_do_the_job(desk: Desk) -> None:
    client = await desk.another(temporary=True)
    accepted = await client.create(signature())
    assert isinstance(await desk.seen(Kind.SIGNATURE, accepted.ref, client), Seen)
    assert await client.probe()
    assert await client.quota()


async def test_a_temporary_key_without_its_token_is_refused(desk: Desk) -> None:
    client = await desk.another(temporary=True, token="another-token")
    refused = await assert_refused(client.probe(), desk)
    assert refused.trouble is Trouble.CREDENTIALS


# --- Nothing leaks ---------------------------------------------------------------------------------------------------------------


async def test_a_vendor_that_repeats_a_secret_is_not_quoted(desk: Desk) -> None:
    client = await desk.another(temporary=True)
    credential = desk.sandbox.credentials(desk.name, temporary=True)
    text = f"string to sign: POST&token={credential.token}&secret={credential.secret}"
    code = BAD_SIGNATURE[desk.name]
    for call in (client.create(template()), client.probe()):
        desk.sandbox.faults.next(desk.name, Fault.ANSWER, code=code, text=text)
        with pytest.raises(VendorError) as caught:
            await call
        assert caught.value.code == code
        assert_tells_no_secret(caught.value, desk)


@pytest.mark.parametrize("temporary", [False, True])
async def test_no_secret_and_no_paper_is_ever_told(
    desk: Desk, temporary: bool, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    client = await desk.another(temporary=temporary)
    for kind in KINDS:
        for fault in (*NOT_DONE, *DONE, Fault.THROTTLE):
            if fault in (Fault.HANG_BEFORE, Fault.HANG_AFTER):
                continue
            desk.sandbox.faults.next(desk.name, fault, desk.action("create", kind), OFTEN)
            with pytest.raises(VendorError) as caught:
                await client.create(
                    template("活动", "新品上线，拒收请回复R", "promo") if kind is KINDS[1] else signature()
                )
            assert_tells_no_secret(caught.value, desk)
            desk.sandbox.faults.clear()
    assert_tells_no_secret(repr(client) + str(client), desk)
    captured = capfd.readouterr()
    assert_tells_no_secret(captured.out + captured.err + caplog.text, desk)


# --- Options, quota, probe ---------------------------------------------------------------------------------------------------------


async def test_options_name_what_the_vendor_has(desk: Desk) -> None:
    qualifications = await desk.client.options("qualifications")
    assert "8563" in {option.value for option in qualifications if option.usable}
    assert all(option.label for option in qualifications)
    signatures = await desk.client.options("signatures")
    if signatures:
        assert desk.sandbox.seed.signature in {option.value for option in signatures if option.usable}
        await desk.client.create(signature("速达物流"))
        again = {option.value: option.usable for option in await desk.client.options("signatures")}
        assert again["速达物流"] is False
    assert await desk.client.options("stars") == ()


async def test_each_reference_field_has_its_options(desk: Desk) -> None:
    for kind in KINDS:
        for field in desk.client.fields(kind):
            assert bool(field.options) == (field.type is FieldType.REFERENCE), field.key
            if field.options:
                assert await desk.client.options(field.options), (kind, field.key)


async def test_quota_tells_what_is_left(desk: Desk) -> None:
    assert desk.client.capabilities.quota
    readings = await desk.client.quota()
    assert readings
    subjects = [reading.subject for reading in readings]
    assert len(set(subjects)) == len(subjects)
    for reading in readings:
        assert reading.subject
        assert reading.unit
        assert reading.remaining >= 0
        assert reading.remaining.is_finite()
        assert reading.total is None or reading.total >= reading.remaining
        assert reading.expires_at is None or reading.expires_at > desk.clock.now()
        assert (reading.unit == "messages") == (reading.measure is Measure.PACKAGE)

    measure = Measure.PACKAGE if any(one.measure is Measure.PACKAGE for one in readings) else Measure.BALANCE
    before = left(readings, measure)
    desk.sandbox.drain(desk.name, 1000)
    drained = left(await desk.client.quota(), measure)
    assert drained < before
    if measure is Measure.PACKAGE:
        assert drained == before - 1000
    desk.sandbox.top_up(desk.name, 50_000)
    desk.clock.move(timedelta(hours=2))  # Tencent tells of a package an hour after it was bought (facts 4)
    assert drained + 40_000 < left(await desk.client.quota(), measure) <= drained + 50_000  # use goes on meanwhile


def left(readings: tuple[Reading, ...], measure: Measure) -> Decimal:
    return sum((reading.remaining for reading in readings if reading.measure is measure), Decimal(0))


async def test_probe_is_one_call_that_changes_nothing(desk: Desk) -> None:
    said = await desk.client.probe()
    assert said
    assert len(said) < 200
    assert desk.calls() == 1
    assert desk.accepted() == 0
    assert_tells_no_secret(said, desk)


async def test_closed_it_calls_nobody(name: Name, desk: Desk) -> None:
    await desk.client.aclose()
    with pytest.raises(RuntimeError):
        await desk.client.probe()
    assert desk.calls() == 0


# --- Declarations --------------------------------------------------------------------------------------------------------------------

USUAL: dict[str, Field] = {field.key: field for field in vars(vocabulary).values() if isinstance(field, Field)}
"""The vocabulary that all vendors share."""


async def test_name_comes_first(desk: Desk) -> None:
    for kind in KINDS:
        first = desk.client.fields(kind)[0]
        assert first.key == "name"
        assert first.needed({})


async def test_every_field_is_spoken_of_in_both_languages(desk: Desk) -> None:
    for kind in KINDS:
        for field in desk.client.fields(kind):
            for words in (field.label, field.hint, field.why, field.pattern_says):
                if words is not None:
                    assert words.en.strip(), field.key
                    assert words.zh.strip(), field.key
            for choice in field.choices:
                assert choice.label.en.strip(), choice.word
                assert choice.label.zh.strip(), choice.word
            if field.key not in USUAL:
                assert field.why is not None, f"{field.key}: asked for by this vendor alone, so it says why"


async def test_no_word_means_two_things(desk: Desk) -> None:
    for kind in KINDS:
        names = [vocabulary.fold(word) for field in desk.client.fields(kind) for word in (field.key, *field.aliases)]
        assert len(names) == len(set(names)), kind


async def test_choices_have_codes_and_take_their_own_words(desk: Desk) -> None:
    for kind in KINDS:
        for field in desk.client.fields(kind):
            assert bool(field.choices) == (field.type is FieldType.CHOICE), field.key
            assert len({choice.word for choice in field.choices}) == len(field.choices)
            for choice in field.choices:
                for word in (choice.word, choice.label.en, choice.label.zh, *choice.aliases):
                    assert field.choice(word) == choice, (field.key, word)


async def test_conditions_and_defaults_are_about_what_is_there(desk: Desk) -> None:
    for kind in KINDS:
        declared = {field.key: field for field in desk.client.fields(kind)}
        for field in declared.values():
            conditions = [one for one in (field.required, field.shown) if isinstance(one, When)]
            for condition in conditions:
                assert condition.key in declared, (field.key, condition.key)
                about = declared[condition.key]
                for word in condition.words:
                    assert word == "" or check_value(about, about.key, word) == (word, None), (field.key, word)
            if field.default:
                assert check_value(field, field.key, field.default) == (field.default, None), field.key


async def test_limits_say_where_they_were_read(desk: Desk) -> None:
    """A limit of this vendor's own has a source; one of the vocabulary is ours."""
    for kind in KINDS:
        for field in desk.client.fields(kind):
            assert field.max_length > 0, field.key
            assert field.min_length <= field.max_length, field.key
            assert bool(field.pattern) == (field.pattern_says is not None), field.key
            if field.type is FieldType.FILE:
                assert field.media_types, field.key
                assert 0 < field.max_bytes <= 20 * 1024 * 1024, field.key
                assert field.max_files >= 1, field.key
            usual = USUAL.get(field.key, Field(field.key, field.label, field.hint))
            limits = ("min_length", "max_length", "pattern", "media_types", "max_bytes", "max_files")
            own = any(getattr(field, limit) != getattr(usual, limit) for limit in limits)
            coded = any(choice.code != "" for choice in field.choices)
            if own or coded:
                assert field.source, f"{kind} {field.key}"


def test_every_vendor_of_the_program_is_here() -> None:
    from bot.app import ACCOUNTS, VENDORS

    assert set(NAMES) == set(VENDORS) == set(ACCOUNTS)
