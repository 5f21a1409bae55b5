"""Qualifications at every vendor that takes them through its API; the others say what to do instead."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Literal

import pytest

from bot.contracts import personal
from bot.contracts.errors import AnswerLost, Refused, Unavailable
from bot.contracts.fields import Field, FieldType
from bot.contracts.model import Kind, Paper, State, Submission
from bot.contracts.vendor import Missing, Seen
from bot.requests.orders import described
from integrations.sandbox import Fault
from tests.contract.desk import HASTY, NAMES, OFTEN, PICTURE, Desk, Name, assert_tells_no_secret, desk_at

TAKES: tuple[Name, ...] = ("alibaba", "ucloud")
MARKS = {"handler_name": "张埋名", "handler_id": "330106199001011234", "handler_phone": "13812349876"}
VALUES: Mapping[str, str] = MappingProxyType(
    {
        "name": "速达资质",
        "purpose": "self",
        "company": "速达科技有限公司",
        "credit_code": "91330106MA2CDEFG0H",
    }
)
CREATE: Mapping[str, str] = MappingProxyType(
    {"alibaba": "SubmitSmsQualification", "ucloud": "AddUSMSSignatureQualification"}
)
UPLOAD: Mapping[str, str] = MappingProxyType({"alibaba": "GetQualificationOssInfo", "ucloud": "UploadUSMSFile"})

taking = pytest.mark.parametrize("name", TAKES)


def private_text(field: Field) -> str:
    known = {"dates": "2020-01-01~2040-01-01", "phone": "13800001111", "code": MARKS["handler_phone"][-6:]}
    return MARKS.get(field.key) or known.get(
        field.key.rpartition("_")[2], "330106198501011234" if field.key.endswith("_id") else "李负责"
    )


def qualification(desk: Desk, **changed: str) -> Submission:
    """Everything that this vendor needs, each private text a mark."""
    values: dict[str, str] = {**VALUES, **changed}
    papers: dict[str, tuple[Paper, ...]] = {}
    for field in desk.client.reviews.fields(Kind.QUALIFICATION):
        if not field.needed(values):
            continue
        if field.type is FieldType.FILE:
            papers[field.key] = (PICTURE,)
        elif field.private:
            papers |= personal.as_papers({field.key: private_text(field)})[1]
        elif not values.get(field.key):
            values[field.key] = field.default or (field.choices[0].word if field.choices else "2020-01-01~2099-12-31")
    return Submission(Kind.QUALIFICATION, values["name"], values, papers)


async def code_sent(desk: Desk) -> None:
    """The vendor has sent its code to the handler's phone, where it sends one."""
    if desk.client.codes is not None:
        await desk.client.codes.send(MARKS["handler_phone"])


def decide(desk: Desk, ref: str, why: str = "") -> None:
    kind: Literal["qualification"] = "qualification"
    if why:
        desk.sandbox.reject(desk.name, ref, why, kind)
    else:
        desk.sandbox.approve(desk.name, ref, kind)


@taking
async def test_from_submission_to_deletion(desk: Desk) -> None:
    client = desk.client
    await code_sent(desk)
    accepted = await client.reviews.create(qualification(desk))
    assert await desk.state(Kind.QUALIFICATION, accepted.ref) is State.IN_REVIEW
    decide(desk, accepted.ref, "营业执照图片不清晰，经办人 330106199001011234")
    rejected = await desk.seen(Kind.QUALIFICATION, accepted.ref)
    assert isinstance(rejected, Seen)
    assert (rejected.state, rejected.name) == (State.REJECTED, "速达资质")
    assert rejected.reason == "营业执照图片不清晰，经办人 …"  # the reviewer's words without a person's number

    await client.reviews.update(accepted.ref, qualification(desk, company="速达物流有限公司"))
    assert await desk.state(Kind.QUALIFICATION, accepted.ref) is State.IN_REVIEW
    decide(desk, accepted.ref)
    assert await desk.state(Kind.QUALIFICATION, accepted.ref) is State.READY
    (offered,) = [one for one in await client.reviews.options("qualifications") if one.value == accepted.ref]
    assert offered.usable
    assert "速达物流有限公司" in offered.label

    await client.reviews.delete(Kind.QUALIFICATION, accepted.ref)
    assert isinstance(await desk.seen(Kind.QUALIFICATION, accepted.ref), Missing)


@taking
async def test_everything_private_arrives_and_under_names_that_tell_nothing(desk: Desk) -> None:
    await code_sent(desk)
    await desk.client.reviews.create(qualification(desk))
    (call,) = [one for one in desk.sandbox.calls if one.action == CREATE[desk.name]]
    told = set(map(str, call.params.values()))
    assert set(MARKS.values()) <= told
    uploads = [one for one in desk.sandbox.calls if one.action == UPLOAD[desk.name]]
    assert uploads
    assert all(mark not in str(one.params) for one in uploads for mark in MARKS.values())


@taking
async def test_a_lost_answer_is_found_by_its_name(desk: Desk) -> None:
    await code_sent(desk)
    client = await desk.another(seconds=HASTY)
    desk.sandbox.faults.next(desk.name, Fault.RESET_AFTER, CREATE[desk.name])
    with pytest.raises(AnswerLost) as lost:
        await client.reviews.create(qualification(desk))
    assert not [mark for mark in MARKS.values() if mark in str(lost.value)]
    (found,) = await client.reviews.find(qualification(desk))
    assert found.state is State.IN_REVIEW
    assert desk.accepted(Kind.QUALIFICATION) == 1
    assert await client.reviews.find(qualification(desk, name="别的资质")) == ()


@taking
async def test_an_upload_that_gets_lost_has_submitted_nothing(desk: Desk) -> None:
    desk.sandbox.faults.next(desk.name, Fault.RESET_AFTER, UPLOAD[desk.name], OFTEN)
    with pytest.raises(Unavailable):
        await desk.client.reviews.create(qualification(desk))
    assert desk.accepted() == 0


@pytest.mark.parametrize("name", ["alibaba"])
async def test_a_code_is_sent_and_held_against_what_is_said(desk: Desk) -> None:
    codes, phone = desk.client.codes, MARKS["handler_phone"]
    assert codes is not None
    assert not await codes.check(phone, phone[-6:])  # none was sent
    await codes.send(phone)
    assert await codes.check(phone, phone[-6:])
    assert not await codes.check(phone, "000000")
    fields = {field.key: field for field in desk.client.reviews.fields(Kind.QUALIFICATION)}
    assert [(key, one.sent_to) for key, one in fields.items() if one.sent_to] == [("certify_code", "handler_phone")]
    keys = list(fields)
    assert keys.index("certify_code") - keys.index("handler_phone") > 6  # never in one step of a form
    with pytest.raises(Refused) as wrong:
        await desk.client.reviews.create(replace(qualification(desk), papers=with_code(desk, "000000")))
    assert wrong.value.code == "CertifyCodeError"
    assert wrong.value.advice is not None


def with_code(desk: Desk, code: str) -> Mapping[str, tuple[Paper, ...]]:
    return {**qualification(desk).papers, **personal.as_papers({"certify_code": code})[1]}


@pytest.mark.parametrize("name", NAMES)
async def test_only_who_sends_codes_asks_for_them(desk: Desk) -> None:
    asks = any(field.sent_to for field in desk.client.reviews.fields(Kind.QUALIFICATION))
    assert asks is (desk.client.codes is not None)


@pytest.mark.parametrize("name", NAMES)
async def test_what_is_about_a_person_is_private_and_nothing_else(desk: Desk) -> None:
    for kind in Kind:
        for field in desk.client.reviews.fields(kind):
            assert field.private is personal.private(field.key), field.key
            if field.private:
                assert (field.aliases, field.type) == (
                    personal.FIELDS[field.key].aliases,
                    personal.FIELDS[field.key].type,
                )
                assert not field.default


@taking
async def test_nothing_private_is_described(desk: Desk) -> None:
    submission = qualification(desk)
    kept = described(submission.papers)
    assert {one["key"] for one in kept if not set(one) - {"key", "seal"}} == {
        key for key in submission.papers if personal.private(key)
    }
    assert not [mark for mark in MARKS.values() if mark in repr(submission) or mark in repr(kept)]
    assert_tells_no_secret(repr(submission), desk)


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(TAKES)))
async def test_where_there_is_no_way_for_programs_nothing_is_called(desk: Desk) -> None:
    ability = desk.client.capabilities.kinds[Kind.QUALIFICATION]
    assert not ability.create
    assert desk.client.reviews.fields(Kind.QUALIFICATION) == ()
    assert ability.instead is not None
    assert ability.instead.en
    assert ability.instead.zh
    assert ability.console.startswith("https://")
    async with desk_at("ucloud") as other:
        submission = replace(qualification(other))
    for call in (
        desk.client.reviews.create(submission),
        desk.client.reviews.update("8563", submission),
        desk.client.reviews.delete(Kind.QUALIFICATION, "8563"),
    ):
        with pytest.raises(Refused) as refused:
            await call
        assert refused.value.advice is not None
    assert desk.calls() == 0
