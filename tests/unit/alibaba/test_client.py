"""The client against the sandbox: what it does when all goes well."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.contracts.errors import Refused, Trouble, Unavailable
from bot.contracts.model import Kind, State, Submission
from bot.contracts.vendor import Measure, Missing, Option, Seen, Tracked, Vendor
from integrations.alibaba.client import Alibaba
from integrations.sandbox.faults import Fault
from integrations.sandbox.server import TEMPORARY, Sandbox
from tests.given import LETTER, Clock, left_at
from tests.unit.alibaba.made import KEY, LICENCE, THIRD_PARTY, alibaba, calls, signature, template


def tracked(kind: Kind, *refs: str, approved: bool = False) -> list[Tracked]:
    return [Tracked(number, kind, ref, ref, approved=approved) for number, ref in enumerate(refs, start=1)]


async def look(vendor: Alibaba, kind: Kind, ref: str) -> Seen:
    (seen,) = await vendor.reviews.look(tracked(kind, ref))
    assert isinstance(seen, Seen)
    return seen


def test_it_is_a_vendor() -> None:
    made: Vendor = alibaba("http://127.0.0.1:1")
    assert (made.account, made.vendor) == ("aliyun", "alibaba")
    assert made.reviews.fields(Kind.SIGNATURE)[0].key == "name"
    assert repr(made) == "Alibaba('aliyun')"
    assert KEY.secret not in f"{vars(vars(made)['_calls'])['_auth']!r}"


# --- When all goes well ----------------------------------------------------------------------------------------------


async def test_a_signature_from_submission_to_ready(sandbox: Sandbox, vendor: Alibaba, clock: Clock) -> None:
    accepted = await vendor.reviews.create(signature(remark="登录与订单通知", papers={"paper": (LICENCE, LICENCE)}))
    assert (accepted.ref, accepted.order.isdigit(), bool(accepted.request_id)) == ("速达优选", True, True)
    assert calls(sandbox) == {"GetOSSInfoForUploadFile": 2, "PostObject": 2, "CreateSmsSign": 1}
    assert (await look(vendor, Kind.SIGNATURE, "速达优选")).state is State.IN_REVIEW
    sandbox.approve("alibaba", "速达优选")
    seen = await look(vendor, Kind.SIGNATURE, "速达优选")
    assert (seen.state, seen.order) == (State.APPROVED, accepted.order)
    assert [(one.carrier, one.status) for one in seen.filings] == [
        ("mobile", "waiting"),
        ("unicom", "waiting"),
        ("telecom", "waiting"),
    ]
    clock.moment += timedelta(days=1)
    sandbox.file("速达优选", "telecom", 0, "QUALIFICATION_ERROR", "与工信部登记不一致")
    seen = await look(vendor, Kind.SIGNATURE, "速达优选")
    assert seen.state is State.APPROVED
    assert (seen.filings[2].status, seen.filings[2].reason) == ("failed", "与工信部登记不一致")
    sandbox.file("速达优选", "telecom", 1)
    assert (await look(vendor, Kind.SIGNATURE, "速达优选")).state is State.READY
    await vendor.reviews.delete(Kind.SIGNATURE, "速达优选")
    assert await vendor.reviews.look(tracked(Kind.SIGNATURE, "速达优选")) == (Missing("速达优选"),)


async def test_a_rejected_signature_is_changed_and_reviewed_again(sandbox: Sandbox, vendor: Alibaba) -> None:
    first = await vendor.reviews.create(signature())
    sandbox.reject("alibaba", first.ref, "资质无法证明签名归属")
    seen = await look(vendor, Kind.SIGNATURE, first.ref)
    assert (seen.state, seen.reason) == (State.REJECTED, "资质无法证明签名归属")
    again = await vendor.reviews.update(first.ref, signature(remark="官网 https://example.com"))
    assert again.ref == first.ref
    assert again.order != first.order
    assert (await look(vendor, Kind.SIGNATURE, first.ref)).state is State.IN_REVIEW
    with pytest.raises(Refused) as caught:
        await vendor.reviews.delete(Kind.SIGNATURE, first.ref)
    assert (caught.value.trouble, caught.value.code) == (Trouble.STATE, "SMS_STATUS_ILLEGAL")
    with pytest.raises(Refused) as caught:
        await vendor.reviews.update(first.ref, signature("别的名字"))
    assert caught.value.code == "NotRenamed"


async def test_a_letter_as_a_file_is_entered_once(sandbox: Sandbox, vendor: Alibaba) -> None:
    submission = signature("启明到家", papers={"letter": (LETTER,)}, **THIRD_PARTY)
    await vendor.reviews.create(submission)
    (letter,) = [call for call in sandbox.calls if call.action == "CreateSmsAuthorizationLetter"]
    assert letter.params["Authorization"] == "启明书店有限公司"  # of the qualification
    assert letter.params["ProxyAuthorization"] == "速达科技有限公司"  # of the own-use one
    sandbox.reject("alibaba", "启明到家", "文件不清晰")
    await vendor.reviews.update("启明到家", submission)
    assert calls(sandbox) == {
        "QuerySmsQualificationRecord": 2,
        "QuerySmsAuthorizationLetter": 2,
        "GetQualificationOssInfo": 1,
        "PostObject": 1,
        "CreateSmsAuthorizationLetter": 1,
        "CreateSmsSign": 1,
        "UpdateSmsSign": 1,
    }


async def test_a_letter_as_an_id(sandbox: Sandbox, vendor: Alibaba) -> None:
    await vendor.reviews.create(signature("启明书店", letter="5101", **THIRD_PARTY))
    assert calls(sandbox) == {"CreateSmsSign": 1}


@pytest.mark.parametrize("missing", ["owner_code", "letter_term", "letter"])
async def test_a_letter_without_its_particulars(sandbox: Sandbox, vendor: Alibaba, missing: str) -> None:
    values = {key: value for key, value in THIRD_PARTY.items() if key != missing}
    with pytest.raises(Refused) as caught:
        await vendor.reviews.create(
            signature("启明到家", papers={} if missing == "letter" else {"letter": (LETTER,)}, **values)
        )
    assert (caught.value.code, caught.value.trouble) == ("LetterIncomplete", Trouble.INPUT)
    assert not sandbox.calls


async def test_a_letter_whose_answer_is_lost_is_found(sandbox: Sandbox, vendor: Alibaba) -> None:
    submission = signature("启明到家", papers={"letter": (LETTER,)}, owner="启明", applicant="速达", **THIRD_PARTY)
    sandbox.faults.next("alibaba", Fault.RESET_AFTER, "CreateSmsAuthorizationLetter")
    await vendor.reviews.create(submission)
    assert calls(sandbox)["CreateSmsAuthorizationLetter"] == 1
    sandbox.faults.next("alibaba", Fault.RESET_BEFORE, "CreateSmsAuthorizationLetter")
    with pytest.raises(Unavailable):  # the signature was never asked for
        await vendor.reviews.create(
            signature("启明在线", papers={"letter": (LETTER,)}, owner="启明", applicant="速达", **THIRD_PARTY)
        )
    assert calls(sandbox)["CreateSmsSign"] == 1


async def test_a_template_from_submission_to_ready(sandbox: Sandbox, vendor: Alibaba) -> None:
    accepted = await vendor.reviews.create(template())
    assert accepted.ref.startswith("SMS_")
    sandbox.reject("alibaba", accepted.ref, "请补充用途")
    seen = await look(vendor, Kind.TEMPLATE, accepted.ref)
    assert (seen.state, seen.reason, seen.name) == (State.REJECTED, "请补充用途", "登录")
    assert (await vendor.reviews.update(accepted.ref, template(content="您的验证码为${code}"))).ref == accepted.ref
    sandbox.approve("alibaba", accepted.ref)
    seen = await look(vendor, Kind.TEMPLATE, accepted.ref)
    assert (seen.state, seen.content) == (State.READY, "您的验证码为${code}")
    await vendor.reviews.delete(Kind.TEMPLATE, accepted.ref)
    assert await vendor.reviews.look(tracked(Kind.TEMPLATE, accepted.ref)) == (Missing(accepted.ref),)


async def test_marketing_brings_its_proof(sandbox: Sandbox, vendor: Alibaba) -> None:
    submission = Submission(
        Kind.TEMPLATE,
        "会员日",
        {"type": "promo", "content": "会员日全场八折，拒收请回复R", "sign": "速达科技"},
        {"paper": (LICENCE,)},
    )
    accepted = await vendor.reviews.create(submission)
    (made,) = [call for call in sandbox.calls if call.action == "CreateSmsTemplate"]
    assert made.params["TemplateType"] == "2"
    assert "MoreData" in made.params
    assert [one.ref for one in await vendor.reviews.find(submission)] == [accepted.ref]


async def test_an_international_template(sandbox: Sandbox, vendor: Alibaba) -> None:
    accepted = await vendor.reviews.create(template(content="Your code is ${code}", international="true"))
    (made,) = [call for call in sandbox.calls if call.action == "CreateSmsTemplate"]
    assert (made.params["TemplateType"], made.params["IntlType"]) == ("3", "2")
    assert "RelatedSignName" not in made.params
    await look(vendor, Kind.TEMPLATE, accepted.ref)


async def test_many_are_looked_at_by_the_list(sandbox: Sandbox, vendor: Alibaba, clock: Clock) -> None:
    signs = [(await vendor.reviews.create(signature(f"速达{number}店"))).ref for number in range(60)]
    codes = [(await vendor.reviews.create(template(f"登录{number}"))).ref for number in range(60)]
    sandbox.approve("alibaba", signs[7])
    sandbox.reject("alibaba", signs[8], "文件不符")
    sandbox.withdraw(codes[3])
    before = calls(sandbox)
    wanted = [
        *tracked(Kind.SIGNATURE, *signs, "没有这个"),
        *tracked(Kind.TEMPLATE, *codes, "SMS_0"),
        *tracked(Kind.QUALIFICATION, "8563", "8570", "1"),
    ]
    answers = await vendor.reviews.look(wanted)
    assert [one.ref for one in answers] == [one.ref for one in wanted]
    states = {one.ref: one.state for one in answers if isinstance(one, Seen)}
    assert [one.ref for one in answers if isinstance(one, Missing)] == ["没有这个", "SMS_0", "1"]
    assert (states[signs[7]], states[signs[8]], states[codes[3]]) == (
        State.APPROVED,
        State.REJECTED,
        State.WITHDRAWN,
    )
    assert (states["8563"], states["8570"]) == (State.READY, State.REJECTED)
    assert sum(state is State.IN_REVIEW for state in states.values()) == 58 + 59
    assert calls(sandbox) - before == {
        "QuerySmsSignList": 2,
        "GetSmsSign": 2,  # one that passed, for its carriers, and one that the list does not have
        "QuerySmsTemplateList": 2,
        "GetSmsTemplate": 1,
        "QuerySmsQualificationRecord": 1,
    }


async def test_a_few_and_the_approved_are_looked_at_one_by_one(sandbox: Sandbox, vendor: Alibaba) -> None:
    answers = await vendor.reviews.look(
        [*tracked(Kind.SIGNATURE, "速达科技", "没有"), *tracked(Kind.SIGNATURE, "速达科技", approved=True)]
    )
    assert [type(one) for one in answers] == [Seen, Missing, Seen]
    assert calls(sandbox) == {"GetSmsSign": 2}
    assert await vendor.reviews.look([]) == ()


async def test_one_odd_name_does_not_hide_the_others(sandbox: Sandbox, vendor: Alibaba) -> None:
    sandbox.faults.next("alibaba", Fault.ANSWER, "GetSmsSign", code="InvalidSignName", text="格式不正确")
    odd, good = await vendor.reviews.look(tracked(Kind.SIGNATURE, "旧 签名", "速达科技"))
    assert isinstance(odd, Seen)
    assert (odd.state, odd.word, odd.reason) == (None, "InvalidSignName", "格式不正确")
    assert isinstance(good, Seen)
    sandbox.faults.next("alibaba", Fault.ANSWER, "GetSmsTemplate", code="ForbiddenAction", text="账号受限")
    with pytest.raises(Refused):
        await vendor.reviews.look(tracked(Kind.TEMPLATE, "SMS_1"))


async def test_find(sandbox: Sandbox, vendor: Alibaba, clock: Clock) -> None:
    assert await vendor.reviews.find(signature()) == ()
    await vendor.reviews.create(signature())
    (seen,) = await vendor.reviews.find(signature())
    assert seen.created_at == clock.moment.replace(microsecond=0)
    refs = {(await vendor.reviews.create(template())).ref for _ in range(2)}
    await vendor.reviews.create(template(content="登录验证码${code}"))
    assert {one.ref for one in await vendor.reviews.find(template())} == refs
    (found,) = await vendor.reviews.find(Submission(Kind.QUALIFICATION, "速达自用资质"))
    assert found.ref == "8563"


async def test_options_and_probe(sandbox: Sandbox, vendor: Alibaba) -> None:
    offered = await vendor.reviews.options("qualifications")
    assert [(one.value, one.label, one.usable, one.state) for one in offered] == [
        ("8563", "速达自用资质 · 速达科技有限公司", True, State.READY),
        ("8570", "速达自用资质二 · 速达科技有限公司", False, State.REJECTED),
        ("8577", "启明他用资质 · 启明书店有限公司", True, State.READY),
    ]
    assert offered[1].remark
    await vendor.reviews.create(signature())
    assert await vendor.reviews.options("signatures") == (
        Option("速达优选", "速达优选", usable=False),
        Option("速达科技", "速达科技", usable=True),
    )
    (letter,) = await vendor.reviews.options("letters")
    assert (letter.value, letter.label, letter.usable) == ("5101", "启明书店有限公司 · 启明书店、启明读书会", True)
    assert letter.until is not None
    assert (await vendor.probe()).en == "serves us; 2 signatures"


async def test_quota(sandbox: Sandbox, vendor: Alibaba, clock: Clock) -> None:
    package, balance = await left_at(vendor)
    assert package.subject == "国内验证码/通知短信套餐包20万条 SMSBAG-cn-sandbox0001"
    assert (package.remaining, package.total, package.unit) == (Decimal(24_000), Decimal(200_000), "messages")
    assert package.expires_at is not None
    assert (balance.measure, balance.remaining, balance.unit) == (Measure.BALANCE, Decimal("1024.50"), "CNY")
    clock.moment += timedelta(days=41)
    (balance,) = await left_at(vendor)
    assert balance.measure is Measure.BALANCE


async def test_quota_as_the_operator_wants_it(sandbox: Sandbox) -> None:
    vendor = alibaba(sandbox.alibaba.url, quota=("packages",), unconfirmed={"package_product": "oss"})
    (reading,) = await left_at(vendor)
    assert (reading.unit, reading.remaining) == ("GB", Decimal(100))
    assert calls(sandbox) == {"QueryResourcePackageInstances": 1}
    await vendor.aclose()


async def test_a_letter_by_its_id(sandbox: Sandbox, vendor: Alibaba) -> None:
    await vendor.reviews.create(signature("启明书店", **THIRD_PARTY, letter="5101"))
    assert sandbox.calls[-1].params["AuthorizationLetterId"] == "5101"


async def test_temporary_credentials(sandbox: Sandbox) -> None:
    key = TEMPORARY["alibaba"]
    vendor = alibaba(
        sandbox.alibaba.url, access_key_id=key.key_id, access_key_secret=key.secret, security_token=key.token
    )
    assert (await vendor.probe()).en == "serves us; 1 signature"
    await vendor.aclose()


async def test_what_the_api_does_not_offer(sandbox: Sandbox, vendor: Alibaba) -> None:
    abroad = signature(international="true")
    attempts: list[Callable[[], Any]] = [
        lambda: vendor.reviews.create(abroad),
        lambda: vendor.reviews.update("速达优选", abroad),
        lambda: vendor.reviews.delete(Kind.SIGNATURE, "速达优选", international=True),
    ]
    for attempt in attempts:
        with pytest.raises(Refused) as caught:
            await attempt()
        assert caught.value.code == "NotOffered"
    assert not sandbox.calls
