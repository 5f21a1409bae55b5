"""The client against the sandbox: what it does when all goes well, and what it never does when it does not."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from aiohttp import web

from bot.contracts.errors import AnswerLost, Refused, Throttled, Trouble, Unavailable, VendorError
from bot.contracts.model import Kind, State, Submission
from bot.contracts.vendor import Missing, Option, Seen, Tracked, Vendor
from integrations.http import client as http_client
from integrations.sandbox.faults import Fault
from integrations.sandbox.server import LASTING, TEMPORARY, Sandbox
from integrations.tencent.calls import CALLS_PER_SECOND
from integrations.tencent.client import Tencent
from integrations.tencent.config import Account
from tests.given import AFTER, BEFORE, LETTER, LICENCE, Clock, calls, departures, left_at

PACE = 0.001
KEY = LASTING["tencent"]


def account(url: str, **changes: Any) -> Account:
    return Account(
        **{
            "name": "tencent",
            "vendor": "tencent",
            "secret_id": KEY.key_id,
            "secret_key": KEY.secret,
            "endpoint": url,
            "sdk_app_id": "1400000001",
            **changes,
        }
    )


def tencent(url: str, *, read_seconds: float = 5.0, now: Clock | None = None, **changes: Any) -> Tencent:
    return Tencent(account(url, **changes), http=http_client(read_seconds=read_seconds), pace=PACE, now=now)


@pytest.fixture
async def vendor(sandbox: Sandbox, clock: Clock) -> AsyncIterator[Tencent]:
    made = tencent(sandbox.tencent.url, now=clock)
    yield made
    await made.aclose()


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No log line of any test carries a secret or a paper."""
    caplog.set_level(logging.DEBUG)
    yield
    for secret in (KEY.secret, KEY.key_id, "cGFwZXJwYXBlcg"):
        assert secret not in caplog.text


def signature(name: str = "速达优选", **values: str) -> Submission:
    given = {"source": "company", "purpose": "self", "qualification": "8563", "international": "false", **values}
    return Submission(Kind.SIGNATURE, name, given, {"paper": (LICENCE,), "letter": (LETTER,)})


def template(name: str = "登录", content: str = "验证码${code}，${minutes}分钟内有效，请勿泄露。") -> Submission:
    return Submission(
        Kind.TEMPLATE, name, {"type": "otp", "content": content, "sample.code": "123456", "sample.minutes": "5"}
    )


def tracked(kind: Kind, *refs: str, international: bool = False) -> list[Tracked]:
    return [Tracked(number, kind, ref, "", international) for number, ref in enumerate(refs, start=1)]


async def state(vendor: Tencent, kind: Kind, ref: str) -> State | None:
    (seen,) = await vendor.reviews.look(tracked(kind, ref))
    assert isinstance(seen, Seen)
    return seen.state


def test_it_is_a_vendor() -> None:
    made: Vendor = tencent("http://127.0.0.1:1")
    assert (made.account, made.vendor) == ("tencent", "tencent")
    assert made.reviews.fields(Kind.QUALIFICATION) == ()
    assert KEY.secret not in repr(made)


# --- When all goes well ----------------------------------------------------------------------------------------------


async def test_a_signature_from_submission_to_ready(sandbox: Sandbox, vendor: Tencent, clock: Clock) -> None:
    accepted = await vendor.reviews.create(signature(remark="登录与订单通知"))
    assert accepted.ref.isdigit()
    assert accepted.request_id
    assert await state(vendor, Kind.SIGNATURE, accepted.ref) is State.IN_REVIEW
    sandbox.approve("tencent", accepted.ref)
    assert await state(vendor, Kind.SIGNATURE, accepted.ref) is State.APPROVED
    clock.moment += timedelta(days=1)
    assert await state(vendor, Kind.SIGNATURE, accepted.ref) is State.READY
    await vendor.reviews.delete(Kind.SIGNATURE, accepted.ref)
    assert await vendor.reviews.look(tracked(Kind.SIGNATURE, accepted.ref)) == (Missing(accepted.ref),)


async def test_a_rejected_signature_is_changed_and_reviewed_again(sandbox: Sandbox, vendor: Tencent) -> None:
    accepted = await vendor.reviews.create(signature(purpose="other"))
    sandbox.reject("tencent", accepted.ref, "签名无法识别主体")
    (seen,) = await vendor.reviews.look(tracked(Kind.SIGNATURE, accepted.ref))
    assert isinstance(seen, Seen)
    assert (seen.state, seen.reason) == (State.REJECTED, "签名无法识别主体")
    again = await vendor.reviews.update(accepted.ref, signature("速达到家"))
    assert again.ref == accepted.ref
    assert await state(vendor, Kind.SIGNATURE, accepted.ref) is State.IN_REVIEW
    sandbox.approve("tencent", accepted.ref)
    with pytest.raises(Refused) as caught:
        await vendor.reviews.update(accepted.ref, signature("速达到家"))
    assert caught.value.trouble is Trouble.STATE


async def test_a_template_from_submission_to_ready(sandbox: Sandbox, vendor: Tencent) -> None:
    accepted = await vendor.reviews.create(template())
    sandbox.reject("tencent", accepted.ref, "请补充用途")
    assert await state(vendor, Kind.TEMPLATE, accepted.ref) is State.REJECTED
    assert (await vendor.reviews.update(accepted.ref, template(content="您的验证码为${code}"))).ref == accepted.ref
    sandbox.approve("tencent", accepted.ref)
    (seen,) = await vendor.reviews.look(tracked(Kind.TEMPLATE, accepted.ref))
    assert isinstance(seen, Seen)
    assert (seen.state, seen.content) == (State.READY, "您的验证码为{1}")
    await vendor.reviews.delete(Kind.TEMPLATE, accepted.ref)
    assert await vendor.reviews.look(tracked(Kind.TEMPLATE, accepted.ref)) == (Missing(accepted.ref),)


async def test_an_international_signature_needs_no_qualification(sandbox: Sandbox, vendor: Tencent) -> None:
    submission = Submission(Kind.SIGNATURE, "SudaGo", {"source": "app", "international": "true"}, {"paper": (LICENCE,)})
    accepted = await vendor.reviews.create(submission)
    assert await vendor.reviews.look(tracked(Kind.SIGNATURE, accepted.ref)) == (Missing(accepted.ref),)
    (seen,) = await vendor.reviews.look(tracked(Kind.SIGNATURE, accepted.ref, international=True))
    assert isinstance(seen, Seen)
    assert seen.state is State.IN_REVIEW
    assert [found.ref for found in await vendor.reviews.find(submission)] == [accepted.ref]


async def test_everything_is_looked_at_in_few_calls(sandbox: Sandbox, vendor: Tencent) -> None:
    signs = [(await vendor.reviews.create(signature(name))).ref for name in ("速达一号店", "速达二号店")]
    made = (await vendor.reviews.create(template())).ref
    before = len(sandbox.calls)
    strangers = [str(number) for number in range(1, 150)]
    asked = [
        *tracked(Kind.SIGNATURE, *signs, *strangers, "no-number"),
        *tracked(Kind.TEMPLATE, made, signs[0]),
    ]
    answers = await vendor.reviews.look(asked)
    assert [answer.ref for answer in answers] == [item.ref for item in asked]
    assert [isinstance(answer, Seen) for answer in answers] == [True, True, *[False] * 150, True, False]
    # 151 signatures are two calls; the second has none, which only the whole list may confirm; one for the templates.
    assert len(sandbox.calls) - before == 4


async def test_options_and_probe(sandbox: Sandbox, vendor: Tencent) -> None:
    assert await vendor.reviews.options("signatures") == (Option("速达科技", "速达科技", international=False),)
    assert await vendor.reviews.options("qualifications") == (
        Option("8563", "速达自用资质", usable=True, state=State.READY),
    )
    assert await vendor.reviews.options("letters") == ()
    assert (await vendor.probe()).en == "serves us; ap-guangzhou has signatures"


async def test_quota(sandbox: Sandbox, vendor: Tencent) -> None:
    gift, bought = await left_at(vendor)
    assert (gift.subject, gift.sort, gift.remaining, gift.total) == ("330001", "gift", Decimal(1000), Decimal(1000))
    assert (bought.subject, bought.sort, bought.remaining) == ("330002", "bought", Decimal(380_000))
    assert bought.expires_at is not None
    assert bought.unit == "messages"


async def test_temporary_credentials(sandbox: Sandbox) -> None:
    key = TEMPORARY["tencent"]
    made = tencent(sandbox.tencent.url, secret_id=key.key_id, secret_key=key.secret, token=key.token)
    assert (await made.probe()).en == "serves us; ap-guangzhou has signatures"
    await made.aclose()


async def test_the_international_site_tells_no_quota(sandbox: Sandbox) -> None:
    made = tencent(sandbox.tencent.url, site="international")
    assert made.quota is None
    assert await made.reviews.options("qualifications") == ()
    await made.aclose()
    assert not sandbox.calls


async def test_qualifications_are_refused_here_with_the_steps(vendor: Tencent, sandbox: Sandbox) -> None:
    submission = Submission(Kind.QUALIFICATION, "速达")
    for attempt in (
        vendor.reviews.create(submission),
        vendor.reviews.update("1", submission),
        vendor.reviews.delete(Kind.QUALIFICATION, "1"),
        vendor.reviews.find(submission),
    ):
        with pytest.raises(Refused) as caught:
            await attempt
        assert caught.value.advice is not None
    assert not sandbox.calls


async def test_a_qualification_stands_as_the_signatures_that_name_it_show(vendor: Tencent, sandbox: Sandbox) -> None:
    named, unnamed = await vendor.reviews.look(
        (*tracked(Kind.QUALIFICATION, "8563"), *tracked(Kind.QUALIFICATION, "4711"))
    )
    assert isinstance(named, Seen)
    assert isinstance(unnamed, Seen)
    assert (named.state, named.word, named.name) == (State.READY, "1 已通过", "速达自用资质")
    assert (unnamed.state, unnamed.word) == (State.IN_REVIEW, "")  # nothing is known, so nothing is missing
    assert calls(sandbox, "DescribeSmsSignList") == 1


# --- When it does not ------------------------------------------------------------------------------------------------


async def test_a_throttled_create_is_repeated_and_made_once(sandbox: Sandbox, vendor: Tencent) -> None:
    sandbox.faults.next("tencent", Fault.THROTTLE, "AddSmsSign", times=2)
    accepted = await vendor.reviews.create(signature())
    assert calls(sandbox, "AddSmsSign") == 3
    assert [made.ref for made in sandbox.accepted("tencent")] == [accepted.ref]


async def test_a_create_that_is_always_throttled_is_given_up(sandbox: Sandbox, vendor: Tencent) -> None:
    sandbox.faults.next("tencent", Fault.THROTTLE, "AddSmsSign", times=9)
    with pytest.raises(Throttled):
        await vendor.reviews.create(signature())
    assert calls(sandbox, "AddSmsSign") == 3


@pytest.mark.parametrize("fault", AFTER)
async def test_a_lost_answer_is_found_and_never_called_twice(sandbox: Sandbox, fault: Fault) -> None:
    vendor = tencent(sandbox.tencent.url, read_seconds=0.2)
    for submission, action in ((signature(), "AddSmsSign"), (template(), "AddSmsTemplate")):
        sandbox.faults.next("tencent", fault, action)
        with pytest.raises(AnswerLost):
            await vendor.reviews.create(submission)
        assert calls(sandbox, action) == 1
        (found,) = await vendor.reviews.find(submission)
        assert found.ref == sandbox.accepted("tencent")[-1].ref
        assert found.state is State.IN_REVIEW
        assert found.created_at is not None
    await vendor.aclose()


@pytest.mark.parametrize("fault", BEFORE)
async def test_a_lost_request_is_called_once_and_not_found(sandbox: Sandbox, vendor: Tencent, fault: Fault) -> None:
    for submission, action in ((signature(), "AddSmsSign"), (template(), "AddSmsTemplate")):
        sandbox.faults.next("tencent", fault, action)
        with pytest.raises(AnswerLost):
            await vendor.reviews.create(submission)
        assert calls(sandbox, action) == 1
        assert await vendor.reviews.find(submission) == ()
    assert not sandbox.accepted("tencent")


async def test_changes_and_deletes_are_called_once_too(sandbox: Sandbox, vendor: Tencent) -> None:
    accepted = await vendor.reviews.create(signature())
    sandbox.faults.next("tencent", Fault.HTTP_500_AFTER, "ModifySmsSign")
    sandbox.faults.next("tencent", Fault.RESET_AFTER, "DeleteSmsSign")
    with pytest.raises(AnswerLost):
        await vendor.reviews.update(accepted.ref, signature("速达到家"))
    with pytest.raises(AnswerLost):
        await vendor.reviews.delete(Kind.SIGNATURE, accepted.ref)
    assert (calls(sandbox, "ModifySmsSign"), calls(sandbox, "DeleteSmsSign")) == (1, 1)
    with pytest.raises(Refused) as caught:
        await vendor.reviews.delete(Kind.SIGNATURE, accepted.ref)
    assert caught.value.code == "FailedOperation.SignIdNotExist"


@pytest.mark.parametrize("fault", [*BEFORE, *AFTER[:3], Fault.THROTTLE])
async def test_a_question_is_asked_again(sandbox: Sandbox, vendor: Tencent, fault: Fault) -> None:
    sandbox.faults.next("tencent", fault, "DescribeSmsSignList", times=2)
    assert (await vendor.probe()).en == "serves us; ap-guangzhou has signatures"
    assert calls(sandbox, "DescribeSmsSignList") == 3


async def test_a_question_that_is_never_answered(sandbox: Sandbox, vendor: Tencent) -> None:
    sandbox.faults.next("tencent", Fault.HTTP_500, times=9)
    with pytest.raises(Unavailable):
        await vendor.reviews.find(signature())
    assert calls(sandbox, "DescribeSmsSignList") == 3


async def test_internal_errors_of_the_vendor(sandbox: Sandbox, vendor: Tencent) -> None:
    sandbox.faults.next("tencent", Fault.ANSWER, "AddSmsSign", code="InternalError.Timeout", text="超时")
    with pytest.raises(AnswerLost):
        await vendor.reviews.create(signature())
    sandbox.faults.next("tencent", Fault.ANSWER, "DescribeSmsSignList", code="InternalError", text="内部错误")
    assert await vendor.reviews.find(signature()) == ()
    assert (calls(sandbox, "AddSmsSign"), calls(sandbox, "DescribeSmsSignList")) == (1, 2)


async def test_none_said_as_an_error(sandbox: Sandbox, vendor: Tencent) -> None:
    signs, templates = "FailedOperation.MissingSignatureList", "FailedOperation.MissingTemplateList"
    sandbox.faults.next("tencent", Fault.ANSWER, "DescribeSmsSignList", code=signs)
    assert await vendor.reviews.look(tracked(Kind.SIGNATURE, "1110001")) == (Missing("1110001"),)
    sandbox.faults.next("tencent", Fault.ANSWER, "DescribeSmsTemplateList", code=templates)
    assert await vendor.reviews.find(template()) == ()
    sandbox.faults.next("tencent", Fault.ANSWER, "DescribeSmsSignList", code=signs)
    assert (await vendor.probe()).en == "serves us; ap-guangzhou has no signature yet"


async def test_one_missing_thing_does_not_hide_the_others(sandbox: Sandbox, vendor: Tencent) -> None:
    """Should the vendor answer "none" because one of the ids is unknown, the whole list settles it."""
    sandbox.faults.next("tencent", Fault.ANSWER, "DescribeSmsSignList", code="FailedOperation.MissingSignatureList")
    seen, missing = await vendor.reviews.look(tracked(Kind.SIGNATURE, "1110001", "1"))
    assert isinstance(seen, Seen)
    assert missing == Missing("1")


async def test_nobody_listens() -> None:
    vendor = tencent("http://127.0.0.1:1")
    with pytest.raises(Unavailable):
        await vendor.reviews.create(signature())
    await vendor.aclose()


@pytest.mark.parametrize(
    ("changes", "trouble"),
    [
        ({"secret_key": "wrong"}, Trouble.CREDENTIALS),
        ({"secret_id": "AKIDnobody"}, Trouble.CREDENTIALS),
        ({"sdk_app_id": "1499999999"}, Trouble.CREDENTIALS),
        ({"region": "ap-nowhere"}, Trouble.CREDENTIALS),
    ],
)
async def test_what_the_operator_got_wrong(sandbox: Sandbox, changes: dict[str, str], trouble: Trouble) -> None:
    vendor = tencent(sandbox.tencent.url, **changes)
    with pytest.raises(Refused) as caught:
        await left_at(vendor)
    assert caught.value.trouble is trouble
    assert changes.get("secret_id", "-none-") not in str(caught.value)
    await vendor.aclose()


async def test_a_clock_that_is_off(sandbox: Sandbox) -> None:
    vendor = Tencent(
        account(sandbox.tencent.url),
        http=http_client(),
        pace=PACE,
        wall=lambda: datetime.now(UTC) - timedelta(minutes=6),
    )
    with pytest.raises(Refused) as caught:
        await vendor.probe()
    assert caught.value.code == "AuthFailure.SignatureExpire"
    assert caught.value.trouble is Trouble.CLOCK
    await vendor.aclose()


@pytest.mark.parametrize("name", ["速达科技", "速达测"])
async def test_names_the_vendor_has_already(sandbox: Sandbox, vendor: Tencent, name: str) -> None:
    if name != "速达科技":
        await vendor.reviews.create(signature(name))
    with pytest.raises(Refused) as caught:
        await vendor.reviews.create(signature(name))
    assert caught.value.trouble is Trouble.STATE
    assert caught.value.request_id


async def test_no_error_shows_a_paper_or_a_secret(sandbox: Sandbox, vendor: Tencent) -> None:
    echo = f"bad ProofImage cGFwZXJwYXBlcg{'QUJD' * 50} of {KEY.key_id}"
    sandbox.faults.next("tencent", Fault.ANSWER, "AddSmsSign", code="InvalidParameterValue.ImageInvalid", text=echo)
    with pytest.raises(VendorError) as caught:
        await vendor.reviews.create(signature())
    shown = f"{caught.value} {caught.value!r} {vars(caught.value)}"
    assert "cGFwZXJ" not in shown
    assert KEY.key_id not in shown


async def test_the_published_rates_are_kept() -> None:
    """In a world twenty times as fast, creates that are made at once leave at most once in its second.

    How far apart they arrive is the machine's business.
    """
    pace = 1 / 20
    async with Sandbox(auto_review=False, limits=False) as sandbox:
        http = http_client()
        left = departures(http)
        vendor = Tencent(account(sandbox.tencent.url), http=http, pace=pace)
        await asyncio.gather(*(vendor.reviews.create(signature(f"速达{number}号店")) for number in range(4)))
        assert len(left) == 4
        assert left[-1] - left[0] > 3 * pace * 0.95
        left.clear()
        await asyncio.gather(*(vendor.probe() for _ in range(40)))
        await vendor.aclose()
    rate = CALLS_PER_SECOND["DescribeSmsSignList"]
    assert len(left) == 40
    assert left[-1] - left[0] > 39 * pace / rate * 0.95


# --- Long lists: the sandbox holds at most fifty signatures -----------------------------------------------------------


@asynccontextmanager
async def listing(total: int, *, ignore_offset: bool = False) -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
    """A server that pages through so many signatures, and notes what it was asked."""
    asked: list[dict[str, Any]] = []

    async def answer(request: web.Request) -> web.Response:
        body = await request.json()
        asked.append(body)
        start = 0 if ignore_offset else body["Offset"]
        rows = [
            {"SignId": number, "SignName": f"签名{number}", "StatusCode": 0, "International": body["International"]}
            for number in range(start, min(start + body["Limit"], total))
        ]
        return web.json_response({"Response": {"DescribeSignListStatusSet": rows, "RequestId": "r"}})

    app = web.Application()
    app.router.add_post("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(("total", "offsets"), [(0, [0]), (99, [0]), (100, [0, 100]), (250, [0, 100, 200])])
async def test_lists_are_read_to_the_end(total: int, offsets: list[int]) -> None:
    async with listing(total) as (url, asked):
        vendor = tencent(url)
        found = await vendor.reviews.find(signature(f"签名{total - 1}"))
        assert [seen.ref for seen in found] == ([str(total - 1)] if total else [])
        assert [body["Offset"] for body in asked] == offsets
        assert {body["Limit"] for body in asked} == {100}
        await vendor.aclose()


async def test_a_list_that_repeats_itself_ends() -> None:
    async with listing(300, ignore_offset=True) as (url, asked):
        vendor = tencent(url)
        assert await vendor.reviews.find(signature("签名299")) == ()
        assert len(asked) == 2
        await vendor.aclose()


async def test_the_bytes_that_are_signed_are_the_bytes_that_are_sent() -> None:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"Response": {"AddSignStatus": {"SignId": 7}, "RequestId": "r"}})

    made = Tencent(
        account("https://sms.tencentcloudapi.com"), http=httpx.AsyncClient(transport=httpx.MockTransport(answer))
    )
    assert (await made.reviews.create(signature())).ref == "7"
    (request,) = requests
    headers = request.headers
    assert headers["Host"] == "sms.tencentcloudapi.com"
    assert headers["Content-Type"] == "application/json"
    assert (headers["X-TC-Action"], headers["X-TC-Version"]) == ("AddSmsSign", "2021-01-11")
    assert (headers["X-TC-Region"], headers["X-TC-Language"]) == ("ap-guangzhou", "zh-CN")
    await made.aclose()
