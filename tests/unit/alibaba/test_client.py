"""The client against the sandbox: what it does when all goes well, and what it never does when it does not."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web

from bot.errors import AnswerLost, Refused, Throttled, Trouble, Unavailable, VendorError
from bot.model import Kind, Paper, State, Submission
from bot.ports import Measure, Missing, Option, Seen, Tracked, Vendor
from integrations.alibaba.client import SECONDS_BETWEEN, UNPUBLISHED_SECONDS, Alibaba
from integrations.alibaba.config import Account
from integrations.http import client as http_client
from integrations.sandbox.faults import Fault
from integrations.sandbox.server import LASTING, TEMPORARY, Sandbox

PACE = 0.0005
LICENCE = Paper("营业执照.png", b"\x89PNG\r\n\x1a\n" + b"paper" * 50, "image/png")
LETTER = Paper("letter.jpg", b"\xff\xd8\xff" + b"letter" * 50, "image/jpeg")
KEY = LASTING["alibaba"]


class Clock:
    def __init__(self) -> None:
        self.moment = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.moment


def alibaba(url: str, *, read_seconds: float = 5.0, now: Clock | None = None, **changes: Any) -> Alibaba:
    values = {
        "name": "aliyun",
        "access_key_id": KEY.key_id,
        "access_key_secret": KEY.secret,
        "endpoint": url,
        "billing_endpoint": url,
        **changes,
    }
    return Alibaba(Account(**values), http=http_client(read_seconds=read_seconds), pace=PACE, now=now)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    async with Sandbox(now=clock, auto_review=False, limits=False) as running:
        yield running


@pytest.fixture
async def vendor(sandbox: Sandbox, clock: Clock) -> AsyncIterator[Alibaba]:
    made = alibaba(sandbox.alibaba.url, now=clock)
    yield made
    await made.aclose()


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No log line of any test carries a secret or a paper."""
    caplog.set_level(logging.DEBUG)
    yield
    for secret in (KEY.secret, "paperpaper", "letterletter"):
        assert secret not in caplog.text


def signature(name: str = "速达优选", papers: dict[str, tuple[Paper, ...]] | None = None, **values: str) -> Submission:
    given = {"source": "company", "purpose": "self", "usage": "general", "qualification": "8563", **values}
    return Submission(Kind.SIGNATURE, name, given, papers or {})


THIRD_PARTY = {
    "purpose": "other",
    "qualification": "8577",
    "owner_code": "91330106MA2SANDBX2",
    "letter_term": "2020-01-01~2099-12-31",
}


def template(name: str = "登录", content: str = "验证码${code}，5分钟内有效，用于登录。", **values: str) -> Submission:
    given = {"type": "otp", "content": content, "sign": "速达科技", "sample.code": "123456", **values}
    return Submission(Kind.TEMPLATE, name, given)


def calls(sandbox: Sandbox) -> Counter[str]:
    return Counter(call.action for call in sandbox.calls)


def tracked(kind: Kind, *refs: str, approved: bool = False) -> list[Tracked]:
    return [Tracked(number, kind, ref, ref, approved=approved) for number, ref in enumerate(refs, start=1)]


async def look(vendor: Alibaba, kind: Kind, ref: str) -> Seen:
    (seen,) = await vendor.look(tracked(kind, ref))
    assert isinstance(seen, Seen)
    return seen


def test_it_is_a_vendor() -> None:
    made: Vendor = alibaba("http://127.0.0.1:1")
    assert (made.account, made.vendor) == ("aliyun", "alibaba")
    assert made.fields(Kind.SIGNATURE)[0].key == "name"
    assert repr(made) == "Alibaba('aliyun')"
    assert KEY.secret not in f"{vars(made)['_auth']!r}"


# --- When all goes well ----------------------------------------------------------------------------------------------


async def test_a_signature_from_submission_to_ready(sandbox: Sandbox, vendor: Alibaba, clock: Clock) -> None:
    accepted = await vendor.create(signature(remark="登录与订单通知", papers={"paper": (LICENCE, LICENCE)}))
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
    await vendor.delete(Kind.SIGNATURE, "速达优选")
    assert await vendor.look(tracked(Kind.SIGNATURE, "速达优选")) == (Missing("速达优选"),)


async def test_a_rejected_signature_is_changed_and_reviewed_again(sandbox: Sandbox, vendor: Alibaba) -> None:
    first = await vendor.create(signature())
    sandbox.reject("alibaba", first.ref, "资质无法证明签名归属")
    seen = await look(vendor, Kind.SIGNATURE, first.ref)
    assert (seen.state, seen.reason) == (State.REJECTED, "资质无法证明签名归属")
    again = await vendor.update(first.ref, signature(remark="官网 https://example.com"))
    assert again.ref == first.ref
    assert again.order != first.order
    assert (await look(vendor, Kind.SIGNATURE, first.ref)).state is State.IN_REVIEW
    with pytest.raises(Refused) as caught:
        await vendor.delete(Kind.SIGNATURE, first.ref)
    assert (caught.value.trouble, caught.value.code) == (Trouble.STATE, "SMS_STATUS_ILLEGAL")
    with pytest.raises(Refused) as caught:
        await vendor.update(first.ref, signature("别的名字"))
    assert caught.value.code == "NotRenamed"


async def test_a_letter_as_a_file_is_entered_once(sandbox: Sandbox, vendor: Alibaba) -> None:
    submission = signature("启明到家", papers={"letter": (LETTER,)}, **THIRD_PARTY)
    await vendor.create(submission)
    (letter,) = [call for call in sandbox.calls if call.action == "CreateSmsAuthorizationLetter"]
    assert letter.params["Authorization"] == "启明书店有限公司"  # of the qualification
    assert letter.params["ProxyAuthorization"] == "速达科技有限公司"  # of the own-use one
    sandbox.reject("alibaba", "启明到家", "文件不清晰")
    await vendor.update("启明到家", submission)
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
    await vendor.create(signature("启明书店", letter="5101", **THIRD_PARTY))
    assert calls(sandbox) == {"CreateSmsSign": 1}


@pytest.mark.parametrize("missing", ["owner_code", "letter_term", "letter"])
async def test_a_letter_without_its_particulars(sandbox: Sandbox, vendor: Alibaba, missing: str) -> None:
    values = {key: value for key, value in THIRD_PARTY.items() if key != missing}
    with pytest.raises(Refused) as caught:
        await vendor.create(
            signature("启明到家", papers={} if missing == "letter" else {"letter": (LETTER,)}, **values)
        )
    assert (caught.value.code, caught.value.trouble) == ("LetterIncomplete", Trouble.INPUT)
    assert not sandbox.calls


async def test_a_letter_whose_answer_is_lost_is_found(sandbox: Sandbox, vendor: Alibaba) -> None:
    submission = signature("启明到家", papers={"letter": (LETTER,)}, owner="启明", applicant="速达", **THIRD_PARTY)
    sandbox.faults.next("alibaba", Fault.RESET_AFTER, "CreateSmsAuthorizationLetter")
    await vendor.create(submission)
    assert calls(sandbox)["CreateSmsAuthorizationLetter"] == 1
    sandbox.faults.next("alibaba", Fault.RESET_BEFORE, "CreateSmsAuthorizationLetter")
    with pytest.raises(Unavailable):  # the signature was never asked for
        await vendor.create(
            signature("启明在线", papers={"letter": (LETTER,)}, owner="启明", applicant="速达", **THIRD_PARTY)
        )
    assert calls(sandbox)["CreateSmsSign"] == 1


async def test_a_template_from_submission_to_ready(sandbox: Sandbox, vendor: Alibaba) -> None:
    accepted = await vendor.create(template())
    assert accepted.ref.startswith("SMS_")
    sandbox.reject("alibaba", accepted.ref, "请补充用途")
    seen = await look(vendor, Kind.TEMPLATE, accepted.ref)
    assert (seen.state, seen.reason, seen.name) == (State.REJECTED, "请补充用途", "登录")
    assert (await vendor.update(accepted.ref, template(content="您的验证码为${code}"))).ref == accepted.ref
    sandbox.approve("alibaba", accepted.ref)
    seen = await look(vendor, Kind.TEMPLATE, accepted.ref)
    assert (seen.state, seen.content) == (State.READY, "您的验证码为${code}")
    await vendor.delete(Kind.TEMPLATE, accepted.ref)
    assert await vendor.look(tracked(Kind.TEMPLATE, accepted.ref)) == (Missing(accepted.ref),)


async def test_marketing_brings_its_proof(sandbox: Sandbox, vendor: Alibaba) -> None:
    submission = Submission(
        Kind.TEMPLATE,
        "会员日",
        {"type": "promo", "content": "会员日全场八折，拒收请回复R", "sign": "速达科技"},
        {"paper": (LICENCE,)},
    )
    accepted = await vendor.create(submission)
    (made,) = [call for call in sandbox.calls if call.action == "CreateSmsTemplate"]
    assert made.params["TemplateType"] == "2"
    assert "MoreData" in made.params
    assert [one.ref for one in await vendor.find(submission)] == [accepted.ref]


async def test_an_international_template(sandbox: Sandbox, vendor: Alibaba) -> None:
    accepted = await vendor.create(template(content="Your code is ${code}", international="true"))
    (made,) = [call for call in sandbox.calls if call.action == "CreateSmsTemplate"]
    assert (made.params["TemplateType"], made.params["IntlType"]) == ("3", "2")
    assert "RelatedSignName" not in made.params
    await look(vendor, Kind.TEMPLATE, accepted.ref)


async def test_many_are_looked_at_by_the_list(sandbox: Sandbox, vendor: Alibaba, clock: Clock) -> None:
    signs = [(await vendor.create(signature(f"速达{number}店"))).ref for number in range(60)]
    codes = [(await vendor.create(template(f"登录{number}"))).ref for number in range(60)]
    sandbox.approve("alibaba", signs[7])
    sandbox.reject("alibaba", signs[8], "文件不符")
    sandbox.withdraw(codes[3])
    before = calls(sandbox)
    wanted = [
        *tracked(Kind.SIGNATURE, *signs, "没有这个"),
        *tracked(Kind.TEMPLATE, *codes, "SMS_0"),
        *tracked(Kind.QUALIFICATION, "8563", "8570", "1"),
    ]
    answers = await vendor.look(wanted)
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
    answers = await vendor.look(
        [*tracked(Kind.SIGNATURE, "速达科技", "没有"), *tracked(Kind.SIGNATURE, "速达科技", approved=True)]
    )
    assert [type(one) for one in answers] == [Seen, Missing, Seen]
    assert calls(sandbox) == {"GetSmsSign": 2}
    assert await vendor.look([]) == ()


async def test_one_odd_name_does_not_hide_the_others(sandbox: Sandbox, vendor: Alibaba) -> None:
    sandbox.faults.next("alibaba", Fault.ANSWER, "GetSmsSign", code="InvalidSignName", text="格式不正确")
    odd, good = await vendor.look(tracked(Kind.SIGNATURE, "旧 签名", "速达科技"))
    assert isinstance(odd, Seen)
    assert (odd.state, odd.word, odd.reason) == (None, "InvalidSignName", "格式不正确")
    assert isinstance(good, Seen)
    sandbox.faults.next("alibaba", Fault.ANSWER, "GetSmsTemplate", code="ForbiddenAction", text="账号受限")
    with pytest.raises(Refused):
        await vendor.look(tracked(Kind.TEMPLATE, "SMS_1"))


async def test_find(sandbox: Sandbox, vendor: Alibaba, clock: Clock) -> None:
    assert await vendor.find(signature()) == ()
    await vendor.create(signature())
    (seen,) = await vendor.find(signature())
    assert seen.created_at == clock.moment.replace(microsecond=0)
    refs = {(await vendor.create(template())).ref for _ in range(2)}
    await vendor.create(template(content="登录验证码${code}"))
    assert {one.ref for one in await vendor.find(template())} == refs
    (found,) = await vendor.find(Submission(Kind.QUALIFICATION, "速达自用资质"))
    assert found.ref == "8563"


async def test_options_and_probe(sandbox: Sandbox, vendor: Alibaba) -> None:
    assert await vendor.options("qualifications") == (
        Option("8563", "速达自用资质 (速达科技有限公司)", usable=True),
        Option("8570", "速达自用资质二 (速达科技有限公司)", usable=False),
        Option("8577", "启明他用资质 (启明书店有限公司)", usable=True),
    )
    await vendor.create(signature())
    assert await vendor.options("signatures") == (
        Option("速达优选", "速达优选", usable=False),
        Option("速达科技", "速达科技", usable=True),
    )
    assert await vendor.options("letters") == ()
    assert await vendor.probe() == "QuerySmsSignList: OK, TotalCount 2"


async def test_quota(sandbox: Sandbox, vendor: Alibaba, clock: Clock) -> None:
    package, balance = await vendor.quota()
    assert package.subject == "国内验证码/通知短信套餐包20万条 SMSBAG-cn-sandbox0001"
    assert (package.remaining, package.total, package.unit) == (Decimal(24_000), Decimal(200_000), "messages")
    assert package.expires_at is not None
    assert (balance.measure, balance.remaining, balance.unit) == (Measure.BALANCE, Decimal("1024.50"), "CNY")
    clock.moment += timedelta(days=41)
    (balance,) = await vendor.quota()
    assert balance.measure is Measure.BALANCE


async def test_quota_as_the_operator_wants_it(sandbox: Sandbox) -> None:
    vendor = alibaba(sandbox.alibaba.url, quota=("packages",), unconfirmed={"package_product": "oss"})
    (reading,) = await vendor.quota()
    assert (reading.unit, reading.remaining) == ("GB", Decimal(100))
    assert calls(sandbox) == {"QueryResourcePackageInstances": 1}
    await vendor.aclose()


async def test_a_letter_by_its_id(sandbox: Sandbox, vendor: Alibaba) -> None:
    await vendor.create(signature("启明书店", **THIRD_PARTY, letter="5101"))
    assert sandbox.calls[-1].params["AuthorizationLetterId"] == "5101"


async def test_temporary_credentials(sandbox: Sandbox) -> None:
    key = TEMPORARY["alibaba"]
    vendor = alibaba(
        sandbox.alibaba.url, access_key_id=key.key_id, access_key_secret=key.secret, security_token=key.token
    )
    assert await vendor.probe() == "QuerySmsSignList: OK, TotalCount 1"
    await vendor.aclose()


async def test_what_the_api_does_not_offer(sandbox: Sandbox, vendor: Alibaba) -> None:
    abroad = signature(international="true")
    qualification = Submission(Kind.QUALIFICATION, "速达")
    attempts: list[Callable[[], Any]] = [
        lambda: vendor.create(abroad),
        lambda: vendor.update("速达优选", abroad),
        lambda: vendor.delete(Kind.SIGNATURE, "速达优选", international=True),
        lambda: vendor.create(qualification),
        lambda: vendor.update("8563", qualification),
        lambda: vendor.delete(Kind.QUALIFICATION, "8563"),
    ]
    for attempt in attempts:
        with pytest.raises(Refused) as caught:
            await attempt()
        assert caught.value.code == "NotOffered"
    assert not sandbox.calls


# --- When it does not ------------------------------------------------------------------------------------------------

CREATES = [(signature(), "CreateSmsSign"), (template(), "CreateSmsTemplate")]
AFTER = [Fault.HTTP_500_AFTER, Fault.RESET_AFTER, Fault.GARBAGE, Fault.HANG_AFTER]
BEFORE = [Fault.HTTP_500, Fault.RESET_BEFORE]


async def test_a_throttled_create_is_repeated_and_made_once(sandbox: Sandbox, vendor: Alibaba) -> None:
    for submission, action in CREATES:
        sandbox.faults.next("alibaba", Fault.THROTTLE, action, times=2, seconds=0.001)
        accepted = await vendor.create(submission)
        assert calls(sandbox)[action] == 3
        assert sandbox.accepted("alibaba")[-1].ref == accepted.ref
    assert len(sandbox.accepted("alibaba")) == 2


async def test_a_create_that_is_always_throttled_is_given_up(sandbox: Sandbox, vendor: Alibaba) -> None:
    sandbox.faults.next("alibaba", Fault.THROTTLE, "CreateSmsSign", times=9, seconds=0.002)
    with pytest.raises(Throttled) as caught:
        await vendor.create(signature())
    assert caught.value.retry_after == 0.002
    assert calls(sandbox) == {"CreateSmsSign": 3}


@pytest.mark.parametrize("fault", AFTER)
async def test_a_lost_answer_is_found_and_never_called_twice(sandbox: Sandbox, fault: Fault) -> None:
    vendor = alibaba(sandbox.alibaba.url, read_seconds=0.4 if fault is Fault.HANG_AFTER else 5.0)
    for submission, action in CREATES:
        sandbox.faults.next("alibaba", fault, action)
        with pytest.raises(AnswerLost):
            await vendor.create(submission)
        assert calls(sandbox)[action] == 1
        (found,) = await vendor.find(submission)
        assert found.ref == sandbox.accepted("alibaba")[-1].ref
        assert found.state is State.IN_REVIEW
        assert found.created_at is not None
    await vendor.aclose()


@pytest.mark.parametrize("fault", BEFORE)
async def test_a_lost_request_is_called_once_and_not_found(sandbox: Sandbox, vendor: Alibaba, fault: Fault) -> None:
    for submission, action in CREATES:
        sandbox.faults.next("alibaba", fault, action)
        with pytest.raises(AnswerLost):
            await vendor.create(submission)
        assert calls(sandbox)[action] == 1
        assert await vendor.find(submission) == ()
    assert not sandbox.accepted("alibaba")


async def test_changes_and_deletes_are_called_once_too(sandbox: Sandbox, vendor: Alibaba) -> None:
    accepted = await vendor.create(signature())
    sandbox.reject("alibaba", accepted.ref, "文件不符")
    sandbox.faults.next("alibaba", Fault.HTTP_500, "UpdateSmsSign")
    sandbox.faults.next("alibaba", Fault.RESET_AFTER, "DeleteSmsSign")
    with pytest.raises(AnswerLost):
        await vendor.update(accepted.ref, signature())
    with pytest.raises(AnswerLost):
        await vendor.delete(Kind.SIGNATURE, accepted.ref)
    assert (calls(sandbox)["UpdateSmsSign"], calls(sandbox)["DeleteSmsSign"]) == (1, 1)
    with pytest.raises(Refused) as caught:
        await vendor.delete(Kind.SIGNATURE, accepted.ref)
    assert caught.value.code == "SignatureNotFound"


@pytest.mark.parametrize("fault", [*BEFORE, *AFTER[:3], Fault.THROTTLE])
async def test_a_question_is_asked_again(sandbox: Sandbox, vendor: Alibaba, fault: Fault) -> None:
    sandbox.faults.next("alibaba", fault, "QuerySmsSignList", times=2)
    assert await vendor.probe() == "QuerySmsSignList: OK, TotalCount 1"
    assert calls(sandbox) == {"QuerySmsSignList": 3}


async def test_a_question_that_is_never_answered(sandbox: Sandbox, vendor: Alibaba) -> None:
    sandbox.faults.next("alibaba", Fault.HTTP_500, times=9)
    with pytest.raises(Unavailable):
        await vendor.find(signature())
    assert calls(sandbox) == {"GetSmsSign": 3}


@pytest.mark.parametrize("fault", [*BEFORE, *AFTER[:2], Fault.THROTTLE])
@pytest.mark.parametrize("step", ["GetOSSInfoForUploadFile", "PostObject"])
async def test_an_upload_is_repeated_before_the_create(
    sandbox: Sandbox, vendor: Alibaba, fault: Fault, step: str
) -> None:
    sandbox.faults.next("alibaba", fault, step, times=2)
    await vendor.create(signature(papers={"paper": (LICENCE,)}))
    assert calls(sandbox)[step] == 3
    assert calls(sandbox)["CreateSmsSign"] == 1


async def test_an_upload_that_fails_asks_for_no_signature(sandbox: Sandbox, vendor: Alibaba) -> None:
    sandbox.faults.next("alibaba", Fault.HTTP_500, "PostObject", times=3)
    with pytest.raises(Unavailable):
        await vendor.create(signature(papers={"paper": (LICENCE,)}))
    sandbox.faults.next("alibaba", Fault.ANSWER, "PostObject", code="AccessDenied", text="policy")
    with pytest.raises(Refused) as caught:
        await vendor.create(signature(papers={"paper": (LICENCE,)}))
    assert caught.value.code == "OSS.AccessDenied"
    with pytest.raises(Refused) as caught:
        await vendor.create(signature(papers={"paper": (Paper("a.png", b"\x89PNG" * 1_400_000, "image/png"),)}))
    assert caught.value.code == "PaperSize"
    assert "CreateSmsSign" not in calls(sandbox)


async def test_internal_errors_of_the_vendor(sandbox: Sandbox, vendor: Alibaba) -> None:
    sandbox.faults.next("alibaba", Fault.ANSWER, "CreateSmsSign", code="isp.SYSTEM_ERROR", text="系统错误")
    with pytest.raises(AnswerLost):
        await vendor.create(signature())
    sandbox.faults.next("alibaba", Fault.ANSWER, "GetSmsSign", code="ServiceUnavailable", text="繁忙")
    assert await vendor.find(signature()) == ()
    assert calls(sandbox) == {"CreateSmsSign": 1, "GetSmsSign": 2}


async def test_nobody_listens() -> None:
    vendor = alibaba("http://127.0.0.1:1")
    with pytest.raises(Unavailable):
        await vendor.create(signature())
    await vendor.aclose()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"access_key_secret": "wrong"}, "SignatureDoesNotMatch"),
        ({"access_key_id": "LTAInobody"}, "InvalidAccessKeyId.NotFound"),
    ],
)
async def test_what_the_operator_got_wrong(sandbox: Sandbox, changes: dict[str, str], code: str) -> None:
    vendor = alibaba(sandbox.alibaba.url, **changes)
    for ask in (vendor.probe, vendor.quota):
        with pytest.raises(Refused) as caught:
            await ask()
        assert (caught.value.code, caught.value.trouble) == (code, Trouble.CREDENTIALS)
        assert "LTAInobody" not in str(caught.value)
    await vendor.aclose()


async def test_a_clock_that_is_off(sandbox: Sandbox) -> None:
    account = Account(
        name="aliyun", access_key_id=KEY.key_id, access_key_secret=KEY.secret, endpoint=sandbox.alibaba.url
    )
    vendor = Alibaba(account, http=http_client(), pace=PACE, wall=lambda: datetime.now(UTC) - timedelta(minutes=16))
    with pytest.raises(Refused) as caught:
        await vendor.probe()
    assert caught.value.code.startswith("InvalidTimeStamp")
    assert caught.value.trouble is Trouble.CREDENTIALS
    await vendor.aclose()


async def test_a_name_that_exists(sandbox: Sandbox, vendor: Alibaba) -> None:
    with pytest.raises(Refused) as caught:
        await vendor.create(signature("速达科技"))
    assert (caught.value.code, caught.value.trouble) == ("SignName.Exists", Trouble.INPUT)
    assert caught.value.request_id
    assert caught.value.advice is not None


async def test_no_error_shows_a_secret(sandbox: Sandbox, vendor: Alibaba) -> None:
    echo = f"{KEY.key_id} {KEY.secret} https://x.aliyuncs.com/a.png?Signature=c2ln"
    sandbox.faults.next("alibaba", Fault.ANSWER, "CreateSmsSign", code="InvalidMoreData", text=echo)
    with pytest.raises(VendorError) as caught:
        await vendor.create(signature())
    shown = f"{caught.value} {caught.value!r} {vars(caught.value)}"
    assert KEY.key_id not in shown
    assert KEY.secret not in shown
    assert "c2ln" not in shown


async def test_the_published_rates_are_kept() -> None:
    """In a world six hundred times as fast, templates that are made at once arrive thirty of its seconds apart."""
    started = datetime.now(UTC)
    async with Sandbox(now=lambda: started + (datetime.now(UTC) - started) * 600, auto_review=False) as sandbox:
        account = Account(
            name="aliyun", access_key_id=KEY.key_id, access_key_secret=KEY.secret, endpoint=sandbox.alibaba.url
        )
        # A little slower than one in six hundred, so that a busy machine does not decide the test.
        vendor = Alibaba(account, http=http_client(), pace=1 / 400)
        await asyncio.gather(*(vendor.create(template(f"登录{number}")) for number in range(4)))
        await vendor.aclose()
        assert [call.status for call in sandbox.calls] == ["OK"] * 4


def test_the_published_rates() -> None:
    assert SECONDS_BETWEEN["CreateSmsTemplate"] == 30
    assert UNPUBLISHED_SECONDS == 0.2


# --- Answers that the sandbox does not give --------------------------------------------------------------------------


@asynccontextmanager
async def answering(answer: Callable[[str, dict[str, str]], dict[str, Any]]) -> AsyncIterator[tuple[str, list[str]]]:
    """A server that answers each operation as told, and notes what it was asked."""
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        action = request.headers["x-acs-action"]
        asked.append(action)
        return web.json_response({"Code": "OK", "RequestId": "R", **answer(action, dict(request.query))})

    app = web.Application()
    app.router.add_post("/", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}", asked
    finally:
        await runner.cleanup()


async def test_a_server_with_smaller_pages_is_read_to_the_end() -> None:
    """Else a template that exists would seem not to, and be made twice."""

    def page(action: str, query: dict[str, str]) -> dict[str, Any]:
        number = int(query["PageIndex"])
        rows = [
            {"TemplateCode": f"SMS_{number}{at}", "TemplateName": "登录", "TemplateContent": "验证码"}
            for at in range(10)
        ]
        return {"SmsTemplateList": rows if number <= 3 else [], "TotalCount": 30}

    async with answering(page) as (url, asked):
        vendor = alibaba(url)
        found = await vendor.find(template(content="验证码"))
        await vendor.aclose()
    assert len(found) == 30
    assert len(asked) == 3


async def test_a_list_without_a_count_ends_with_a_page_that_is_not_full() -> None:
    def page(action: str, query: dict[str, str]) -> dict[str, Any]:
        size = 50 if query["PageIndex"] == "1" else 3
        return {"SmsSignList": [{"SignName": f"签名{at}", "AuditStatus": "AUDIT_STATE_PASS"} for at in range(size)]}

    async with answering(page) as (url, asked):
        vendor = alibaba(url)
        assert len(await vendor.options("signatures")) == 53
        await vendor.aclose()
    assert len(asked) == 2


async def test_a_template_without_a_code_is_looked_up() -> None:
    async with answering(lambda _action, _query: {}) as (url, asked):
        vendor = alibaba(url)
        with pytest.raises(AnswerLost):
            await vendor.create(template())
        await vendor.aclose()
    assert asked == ["CreateSmsTemplate"]


async def test_a_letter_without_an_id_asks_for_no_signature(sandbox: Sandbox) -> None:
    def answer(action: str, query: dict[str, str]) -> dict[str, Any]:
        if action != "GetQualificationOssInfo":
            return {}
        ticket = {"AccessKeyId": "id", "Host": f"{sandbox.alibaba.url}/oss", "Policy": "e30=", "Signature": "s"}
        return {"Data": {**ticket, "StartPath": "1"}}

    async with answering(answer) as (url, asked):
        vendor = alibaba(url)
        with pytest.raises(VendorError):
            await vendor.create(
                signature("启明到家", papers={"letter": (LETTER,)}, owner="启明", applicant="速达", **THIRD_PARTY)
            )
        await vendor.aclose()
    assert "CreateSmsSign" not in asked


async def test_a_letter_without_its_parties(sandbox: Sandbox, vendor: Alibaba) -> None:
    """A qualification that is not in the list cannot tell the owner of the name."""
    values = {**THIRD_PARTY, "qualification": "9999"}
    with pytest.raises(Refused) as caught:
        await vendor.create(signature("启明到家", papers={"letter": (LETTER,)}, **values))
    assert caught.value.code == "LetterIncomplete"
    assert calls(sandbox) == {"QuerySmsQualificationRecord": 1}
