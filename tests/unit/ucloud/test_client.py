"""The client against the sandbox: what it does when all goes well, and what it never does when it does not."""

import logging
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web

from bot.contracts.errors import AnswerLost, Refused, Throttled, Trouble, Unavailable
from bot.contracts.model import Kind, Paper, State, Submission
from bot.contracts.vendor import Measure, Missing, Seen, Tracked, Vendor
from integrations.http import client as http_client
from integrations.sandbox import Fault, Sandbox
from integrations.sandbox.server import LASTING, TEMPORARY
from integrations.ucloud.client import Ucloud
from integrations.ucloud.config import Account
from tests.given import LETTER, LICENCE, Clock, calls, left_at

PACE = 0.001
MOMENT = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
KEY, TEMPORARY_KEY = LASTING["ucloud"], TEMPORARY["ucloud"]
LOST = [Fault.HTTP_500, Fault.HTTP_500_AFTER, Fault.RESET_BEFORE, Fault.RESET_AFTER, Fault.GARBAGE, Fault.HANG_AFTER]


def ucloud(url: str, *, read_seconds: float = 5.0, now: Clock | None = None, **changes: Any) -> Ucloud:
    account = Account.model_validate(
        {
            "name": "ucloud",
            "public_key": KEY.key_id,
            "private_key": KEY.secret,
            "endpoint": url,
            "project_id": "org-sandbox",
            **changes,
        }
    )
    return Ucloud(account, http=http_client(read_seconds=read_seconds), pace=PACE, now=now or Clock(MOMENT))


@pytest.fixture
def clock() -> Clock:
    return Clock(MOMENT)


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    async with Sandbox(now=clock, auto_review=False) as running:
        yield running


@pytest.fixture
async def vendor(sandbox: Sandbox, clock: Clock) -> AsyncIterator[Ucloud]:
    made = ucloud(sandbox.ucloud.url, now=clock)
    yield made
    await made.aclose()


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No log line of any test carries a key or a paper."""
    caplog.set_level(logging.DEBUG)
    yield
    for secret in (KEY.secret, KEY.key_id, TEMPORARY_KEY.token, "cGFwZXJwYXBlcg"):
        assert secret
        assert secret not in caplog.text


def signature(name: str = "速达快运", **values: str) -> Submission:
    given = {"source": "company", "purpose": "self", "remark": "登录与订单通知", "qualification": "8563", **values}
    return Submission(Kind.SIGNATURE, name, given, {"paper": (LICENCE,), "letter": (LETTER,)})


def template(content: str = "验证码${code}，${minutes}分钟内有效。", **values: str) -> Submission:
    given = {"type": "otp", "content": content, "sample.code": "123456", **values}
    return Submission(Kind.TEMPLATE, "登录验证码", given)


def tracked(kind: Kind, *refs: str) -> list[Tracked]:
    return [Tracked(number, kind, ref, "") for number, ref in enumerate(refs, start=1)]


async def seen(vendor: Ucloud, kind: Kind, ref: str) -> Seen:
    (found,) = await vendor.reviews.look(tracked(kind, ref))
    assert isinstance(found, Seen)
    return found


async def test_it_is_a_vendor() -> None:
    made: Vendor = ucloud("http://127.0.0.1:1")
    assert (made.account, made.vendor) == ("ucloud", "ucloud")
    assert made.reviews.fields(Kind.QUALIFICATION)[0].key == "name"
    assert made.reviews.fields(Kind.SIGNATURE)[0].key == made.reviews.fields(Kind.TEMPLATE)[0].key == "name"
    assert KEY.secret not in repr(made)
    await made.aclose()


# --- When all goes well ----------------------------------------------------------------------------------------------


async def test_a_signature_from_submission_to_deletion(sandbox: Sandbox, vendor: Ucloud) -> None:
    accepted = await vendor.reviews.create(signature())
    assert accepted.ref.startswith("SIG")
    assert accepted.request_id
    assert (await seen(vendor, Kind.SIGNATURE, accepted.ref)).state is State.IN_REVIEW
    sandbox.reject("ucloud", accepted.ref, "名称不唯一")
    rejected = await seen(vendor, Kind.SIGNATURE, accepted.ref)
    assert (rejected.state, rejected.reason) == (State.REJECTED, "名称不唯一")
    again = await vendor.reviews.update(accepted.ref, signature("速达快递", purpose="other"))
    assert again.ref == accepted.ref
    changed = await seen(vendor, Kind.SIGNATURE, accepted.ref)
    assert (changed.state, changed.name) == (State.IN_REVIEW, "速达快递")
    sandbox.approve("ucloud", accepted.ref)
    assert (await seen(vendor, Kind.SIGNATURE, accepted.ref)).state is State.READY
    sandbox.disable("ucloud", accepted.ref, "投诉过多")
    assert (await seen(vendor, Kind.SIGNATURE, accepted.ref)).state is State.DISABLED
    await vendor.reviews.delete(Kind.SIGNATURE, accepted.ref)
    assert await vendor.reviews.look(tracked(Kind.SIGNATURE, accepted.ref)) == (Missing(accepted.ref),)


async def test_a_template_from_submission_to_deletion(sandbox: Sandbox, vendor: Ucloud) -> None:
    accepted = await vendor.reviews.create(template())
    sandbox.reject("ucloud", accepted.ref, "缺少用途")
    rejected = await seen(vendor, Kind.TEMPLATE, accepted.ref)
    assert (rejected.state, rejected.reason) == (State.REJECTED, "缺少用途")
    assert rejected.content == "验证码{1}，{2}分钟内有效。"
    assert rejected.created_at == datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
    await vendor.reviews.update(accepted.ref, template("登录验证码${code}"))
    assert (await seen(vendor, Kind.TEMPLATE, accepted.ref)).state is State.IN_REVIEW
    sandbox.approve("ucloud", accepted.ref)
    assert (await seen(vendor, Kind.TEMPLATE, accepted.ref)).state is State.READY
    await vendor.reviews.delete(Kind.TEMPLATE, accepted.ref)
    assert await vendor.reviews.look(tracked(Kind.TEMPLATE, accepted.ref)) == (Missing(accepted.ref),)


async def test_international_and_marketing_are_taken(sandbox: Sandbox, vendor: Ucloud) -> None:
    await vendor.reviews.create(signature("SudaExpress", international="true"))
    await vendor.reviews.create(template("全场八折", type="promo"))
    await vendor.reviews.create(template("Sale ${rate}", type="promo", international="true"))
    assert len(sandbox.accepted("ucloud")) == 3


async def test_every_tracked_thing_is_answered_and_each_is_asked_for_once(sandbox: Sandbox, vendor: Ucloud) -> None:
    first, second = await vendor.reviews.create(signature()), await vendor.reviews.create(signature("速达货运"))
    mine = await vendor.reviews.create(template())
    asked = [
        *tracked(Kind.SIGNATURE, second.ref, "SIG-unknown", first.ref, second.ref),
        *tracked(Kind.TEMPLATE, mine.ref),
        *tracked(Kind.QUALIFICATION, "8570", "1"),
    ]
    found = await vendor.reviews.look(asked)
    assert [one.ref for one in found] == [one.ref for one in asked]
    assert [type(one) for one in found] == [Seen, Missing, Seen, Seen, Seen, Seen, Missing]
    assert isinstance(found[5], Seen)
    assert found[5].state is State.REJECTED
    assert calls(sandbox, "QueryUSMSSignature") == 3
    assert calls(sandbox, "QueryUSMSTemplate") == 1
    assert calls(sandbox, "GetUSMSSignatureQualification") == 1
    assert await vendor.reviews.look([]) == ()


async def test_a_signature_is_found_by_its_text_and_a_template_never(vendor: Ucloud) -> None:
    assert await vendor.reviews.find(signature()) == ()
    accepted = await vendor.reviews.create(signature())
    (found,) = await vendor.reviews.find(signature())
    assert (found.ref, found.name, found.state) == (accepted.ref, "速达快运", State.IN_REVIEW)
    with pytest.raises(Refused) as caught:
        await vendor.reviews.find(template())
    assert caught.value.advice is not None


async def test_qualifications_are_offered(vendor: Ucloud) -> None:
    offered = await vendor.reviews.options("qualifications")
    assert "速达自用资质 · 速达科技有限公司" in [one.label for one in offered]
    assert {one.value: one.usable for one in offered} == {"8563": True, "8570": False, "8577": True}
    assert await vendor.reviews.options("signatures") == ()


@pytest.mark.parametrize("page_size", [1, 2, 3])
async def test_qualifications_on_several_pages(sandbox: Sandbox, page_size: int) -> None:
    vendor = ucloud(sandbox.ucloud.url, unconfirmed={"page_size": page_size})
    assert len(await vendor.reviews.options("qualifications")) == 3
    assert calls(sandbox, "GetUSMSSignatureQualification") == -(-3 // page_size)
    await vendor.aclose()


async def test_temporary_credentials(sandbox: Sandbox) -> None:
    given = {"public_key": TEMPORARY_KEY.key_id, "private_key": TEMPORARY_KEY.secret}
    vendor = ucloud(sandbox.ucloud.url, **given, security_token=TEMPORARY_KEY.token)
    assert (await vendor.probe()).en == "serves us; 3 qualifications"
    await vendor.aclose()
    without = ucloud(sandbox.ucloud.url, **given)
    with pytest.raises(Refused) as caught:
        await without.probe()
    assert (caught.value.code, caught.value.trouble) == ("174", Trouble.CREDENTIALS)
    await without.aclose()


@pytest.mark.parametrize(
    ("changes", "code", "trouble"),
    [
        ({"private_key": "wrong"}, "171", Trouble.CREDENTIALS),
        ({"public_key": "nobody"}, "172", Trouble.CREDENTIALS),
        ({"project_id": "org-other"}, "292", Trouble.PERMISSION),
    ],
)
async def test_the_probe_says_what_is_wrong(
    sandbox: Sandbox, changes: dict[str, str], code: str, trouble: Trouble
) -> None:
    vendor = ucloud(sandbox.ucloud.url, **changes)
    with pytest.raises(Refused) as caught:
        await vendor.probe()
    assert (caught.value.code, caught.value.trouble) == (code, trouble)
    assert caught.value.request_id
    assert len(sandbox.calls) == 1
    await vendor.aclose()


# --- Quota -----------------------------------------------------------------------------------------------------------


async def test_the_balance_alone_where_no_package_is_configured(vendor: Ucloud) -> None:
    (reading,) = await left_at(vendor)
    assert (reading.measure, reading.remaining, reading.unit) == (Measure.BALANCE, Decimal("320.50"), "CNY")


@pytest.mark.parametrize("statistics_days", [1, 7, 30, 366])
async def test_what_is_left_of_the_package(sandbox: Sandbox, clock: Clock, statistics_days: int) -> None:
    vendor = ucloud(
        sandbox.ucloud.url,
        now=clock,
        package={"amount": 100_000, "since": "2026-02-20", "expires": "2027-02-19"},
        unconfirmed={"statistics_days": statistics_days},
    )
    _, before = await left_at(vendor)
    assert (before.measure, before.estimated, before.total) == (Measure.PACKAGE, True, Decimal(100_000))
    assert before.expires_at == datetime(2027, 2, 19, 16, 0, tzinfo=UTC)
    assert 0 < before.remaining < 100_000
    days = 13  # 20 February to 4 March, both included
    assert calls(sandbox, "GetUSMSSendStatistics") == -(-days // statistics_days)
    sandbox.drain("ucloud", 1_000)
    clock.moment += timedelta(days=1)
    _, after = await left_at(vendor)
    # A Wednesday's 2,400 and the drained thousand, 108 parts to a hundred messages, rounded down for each outcome.
    assert before.remaining - after.remaining == Decimal(3_671)
    await vendor.aclose()


@pytest.mark.parametrize(
    ("package", "remaining", "queries"),
    [
        ({"amount": 5, "since": "2026-02-20"}, 0, 1),
        ({"amount": 500, "since": "2026-03-05"}, 500, 0),
        ({"amount": 900_000, "since": "2026-02-01", "expires": "2026-03-03"}, 0, 2),
    ],
    ids=["used up", "begins tomorrow", "lapsed"],
)
async def test_packages_at_their_ends(
    sandbox: Sandbox, clock: Clock, package: dict[str, Any], remaining: int, queries: int
) -> None:
    vendor = ucloud(sandbox.ucloud.url, now=clock, package=package)
    _, reading = await left_at(vendor)
    assert reading.remaining == remaining
    assert calls(sandbox, "GetUSMSSendStatistics") == queries
    await vendor.aclose()


async def test_a_key_without_right_to_the_money_still_tells_the_package(sandbox: Sandbox, clock: Clock) -> None:
    vendor = ucloud(sandbox.ucloud.url, now=clock, package={"amount": 100_000, "since": "2026-03-01"})
    sandbox.faults.next("ucloud", Fault.ANSWER, "GetBalance", code="299", text="IAM denied")
    (reading,) = await left_at(vendor)
    assert reading.measure is Measure.PACKAGE
    await vendor.aclose()


async def test_a_key_without_right_to_the_money_is_told_where_there_is_nothing_else(
    sandbox: Sandbox, vendor: Ucloud
) -> None:
    sandbox.faults.next("ucloud", Fault.ANSWER, "GetBalance", code="299", text="IAM denied")
    with pytest.raises(Refused) as caught:
        await left_at(vendor)
    assert caught.value.trouble is Trouble.PERMISSION


# --- When it does not go well ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", LOST)
async def test_a_lost_answer_is_looked_up_and_never_called_again(
    sandbox: Sandbox, vendor: Ucloud, fault: Fault
) -> None:
    hasty = ucloud(sandbox.ucloud.url, read_seconds=0.3 if fault is Fault.HANG_AFTER else 5.0)
    sandbox.faults.next("ucloud", fault, "CreateUSMSSignature")
    with pytest.raises(AnswerLost) as caught:
        await hasty.reviews.create(signature())
    await hasty.aclose()
    assert calls(sandbox, "CreateUSMSSignature") == 1
    assert KEY.secret not in str(caught.value) + repr(caught.value)
    made = sandbox.accepted("ucloud", "signature")
    assert [one.ref for one in await vendor.reviews.find(signature())] == [one.ref for one in made]


async def test_a_yes_without_an_id_is_a_lost_answer(sandbox: Sandbox, vendor: Ucloud) -> None:
    sandbox.faults.next("ucloud", Fault.ANSWER, "CreateUSMSTemplate", code="0", text="submit success")
    with pytest.raises(AnswerLost):
        await vendor.reviews.create(template())
    assert calls(sandbox, "CreateUSMSTemplate") == 1


@pytest.mark.parametrize("code", ["110", "130", "150", "151", "200"])
async def test_a_broken_gateway_is_a_lost_answer_for_every_change(sandbox: Sandbox, vendor: Ucloud, code: str) -> None:
    changes = {
        "CreateUSMSSignature": lambda: vendor.reviews.create(signature()),
        "CreateUSMSTemplate": lambda: vendor.reviews.create(template()),
        "UpdateUSMSSignature": lambda: vendor.reviews.update("SIG1", signature()),
        "UpdateUSMSTemplate": lambda: vendor.reviews.update("UTA1", template()),
        "DeleteUSMSSignature": lambda: vendor.reviews.delete(Kind.SIGNATURE, "SIG1"),
        "DeleteUSMSTemplate": lambda: vendor.reviews.delete(Kind.TEMPLATE, "UTA1"),
    }
    for action, change in changes.items():
        sandbox.faults.next("ucloud", Fault.ANSWER, action, code=code, text="timeout")
        with pytest.raises(AnswerLost) as caught:
            await change()
        assert caught.value.code == code
        assert caught.value.request_id
        assert calls(sandbox, action) == 1


@pytest.mark.parametrize(("fault", "code"), [(Fault.THROTTLE, ""), (Fault.ANSWER, "18004"), (Fault.ANSWER, "18007")])
async def test_what_was_not_accepted_is_sent_again(sandbox: Sandbox, vendor: Ucloud, fault: Fault, code: str) -> None:
    sandbox.faults.next("ucloud", fault, "CreateUSMSSignature", 2, code=code)
    accepted = await vendor.reviews.create(signature())
    assert calls(sandbox, "CreateUSMSSignature") == 3
    assert [one.ref for one in sandbox.accepted("ucloud")] == [accepted.ref]


async def test_throttled_for_good_is_told_so(sandbox: Sandbox, vendor: Ucloud) -> None:
    sandbox.faults.next("ucloud", Fault.THROTTLE, times=100)
    with pytest.raises(Throttled):
        await vendor.reviews.create(signature())
    with pytest.raises(Throttled):
        await vendor.reviews.look(tracked(Kind.SIGNATURE, "SIG1"))
    assert sandbox.accepted("ucloud") == []


@pytest.mark.parametrize("fault", [Fault.HTTP_500, Fault.RESET_BEFORE, Fault.GARBAGE, Fault.THROTTLE])
async def test_a_question_is_asked_again(sandbox: Sandbox, vendor: Ucloud, fault: Fault) -> None:
    sandbox.faults.next("ucloud", fault, "QueryUSMSSignature", 2)
    (found,) = await vendor.reviews.find(signature("速达科技"))
    assert found.state is State.READY
    assert calls(sandbox, "QueryUSMSSignature") == 3


async def test_a_question_without_an_answer_is_unavailable(sandbox: Sandbox, vendor: Ucloud) -> None:
    sandbox.faults.next("ucloud", Fault.HTTP_500, times=3)
    with pytest.raises(Unavailable):
        await vendor.reviews.look(tracked(Kind.SIGNATURE, "SIG1"))
    sandbox.faults.next("ucloud", Fault.ANSWER, times=3, code="150", text="service unavailable")
    with pytest.raises(Unavailable) as caught:
        await left_at(vendor)
    assert caught.value.code == "150"


@pytest.mark.parametrize(
    ("code", "trouble"), [("18003", Trouble.INPUT), ("18016", Trouble.STATE), ("99999", Trouble.UNEXPECTED)]
)
async def test_a_refusal_is_final(sandbox: Sandbox, vendor: Ucloud, code: str, trouble: Trouble) -> None:
    sandbox.faults.next("ucloud", Fault.ANSWER, "CreateUSMSTemplate", code=code, text="模板名称重复")
    with pytest.raises(Refused) as caught:
        await vendor.reviews.create(template())
    assert (caught.value.code, caught.value.message, caught.value.trouble) == (code, "模板名称重复", trouble)
    assert calls(sandbox, "CreateUSMSTemplate") == 1


async def test_only_a_code_for_missing_things_makes_one_missing(sandbox: Sandbox, vendor: Ucloud) -> None:
    sandbox.faults.next("ucloud", Fault.ANSWER, "QueryUSMSSignature", code="18003", text="invalid")
    with pytest.raises(Refused):
        await vendor.reviews.look(tracked(Kind.SIGNATURE, "SIG1"))
    overruled = ucloud(sandbox.ucloud.url, unconfirmed={"missing_codes": [18003]})
    sandbox.faults.next("ucloud", Fault.ANSWER, "QueryUSMSSignature", code="18003", text="invalid")
    assert await overruled.reviews.look(tracked(Kind.SIGNATURE, "SIG1")) == (Missing("SIG1"),)
    await overruled.aclose()


async def test_nobody_there_is_unavailable_and_nothing_is_lost() -> None:
    vendor = ucloud("http://127.0.0.1:1")
    with pytest.raises(Unavailable):
        await vendor.reviews.create(signature())
    with pytest.raises(Unavailable):
        await vendor.probe()
    await vendor.aclose()


async def test_papers_of_the_largest_size_arrive_whole(sandbox: Sandbox) -> None:
    vendor = ucloud(sandbox.ucloud.url, read_seconds=10)
    largest = Paper("licence.png", LICENCE.content + bytes(4 * 1024 * 1024 - LICENCE.size), "image/png")
    values = dict(signature(purpose="other").values)
    await vendor.reviews.create(
        Submission(Kind.SIGNATURE, "速达快运", values, {"paper": (largest,), "letter": (largest,)})
    )
    assert len(sandbox.accepted("ucloud")) == 1
    await vendor.aclose()


async def test_calls_keep_their_distance(sandbox: Sandbox) -> None:
    vendor = Ucloud(ucloud(sandbox.ucloud.url)._account, http=http_client(), pace=0.05)
    begun = time.monotonic()
    for _ in range(4):
        await vendor.probe()
    # 5 a second at this pace is one each 10 ms; the first leaves at once.
    assert time.monotonic() - begun >= 0.029
    await vendor.aclose()


@pytest.mark.parametrize(("rows", "calls_made"), [([2, 2, 1], 3), ([2, 0], 2), ([1], 1), ([0], 1)])
async def test_a_list_without_a_total_is_read_until_a_page_is_not_full(rows: list[int], calls_made: int) -> None:
    asked: list[int] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(int((await request.post())["Page"]))  # type: ignore[arg-type]
        here = [{"QualificationId": f"{len(asked)}{at}"} for at in range(rows[len(asked) - 1])]
        return web.json_response({"RetCode": 0, "Data": here})

    app = web.Application()
    app.router.add_post("/", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    vendor = ucloud(f"http://{host}:{port}", unconfirmed={"page_size": 2})
    try:
        assert len(await vendor.reviews.options("qualifications")) == sum(rows)
    finally:
        await vendor.aclose()
        await runner.cleanup()
    assert len(asked) == calls_made
