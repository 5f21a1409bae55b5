"""The client against the sandbox: what it never does when all does not go well."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.contracts.errors import AnswerLost, Refused, Throttled, Trouble, Unavailable, VendorError
from bot.contracts.model import Kind, Paper, State
from integrations.alibaba.calls import SECONDS_BETWEEN
from integrations.alibaba.client import Alibaba
from integrations.alibaba.config import Account
from integrations.http import client as http_client
from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from tests.given import AFTER, BEFORE, departures, left_at
from tests.unit.alibaba.made import KEY, LICENCE, PACE, alibaba, calls, signature, template

CREATES = [(signature(), "CreateSmsSign"), (template(), "CreateSmsTemplate")]


async def test_a_throttled_create_is_repeated_and_made_once(sandbox: Sandbox, vendor: Alibaba) -> None:
    for submission, action in CREATES:
        sandbox.faults.next("alibaba", Fault.THROTTLE, action, times=2, seconds=0.001)
        accepted = await vendor.reviews.create(submission)
        assert calls(sandbox)[action] == 3
        assert sandbox.accepted("alibaba")[-1].ref == accepted.ref
    assert len(sandbox.accepted("alibaba")) == 2


async def test_a_create_that_is_always_throttled_is_given_up(sandbox: Sandbox, vendor: Alibaba) -> None:
    sandbox.faults.next("alibaba", Fault.THROTTLE, "CreateSmsSign", times=9, seconds=0.002)
    with pytest.raises(Throttled) as caught:
        await vendor.reviews.create(signature())
    assert caught.value.retry_after == 0.002
    assert calls(sandbox) == {"CreateSmsSign": 3}


@pytest.mark.parametrize("fault", AFTER)
async def test_a_lost_answer_is_found_and_never_called_twice(sandbox: Sandbox, fault: Fault) -> None:
    vendor = alibaba(sandbox.alibaba.url, read_seconds=0.4 if fault is Fault.HANG_AFTER else 5.0)
    for submission, action in CREATES:
        sandbox.faults.next("alibaba", fault, action)
        with pytest.raises(AnswerLost):
            await vendor.reviews.create(submission)
        assert calls(sandbox)[action] == 1
        (found,) = await vendor.reviews.find(submission)
        assert found.ref == sandbox.accepted("alibaba")[-1].ref
        assert found.state is State.IN_REVIEW
        assert found.created_at is not None
    await vendor.aclose()


@pytest.mark.parametrize("fault", BEFORE)
async def test_a_lost_request_is_called_once_and_not_found(sandbox: Sandbox, vendor: Alibaba, fault: Fault) -> None:
    for submission, action in CREATES:
        sandbox.faults.next("alibaba", fault, action)
        with pytest.raises(AnswerLost):
            await vendor.reviews.create(submission)
        assert calls(sandbox)[action] == 1
        assert await vendor.reviews.find(submission) == ()
    assert not sandbox.accepted("alibaba")


async def test_changes_and_deletes_are_called_once_too(sandbox: Sandbox, vendor: Alibaba) -> None:
    accepted = await vendor.reviews.create(signature())
    sandbox.reject("alibaba", accepted.ref, "文件不符")
    sandbox.faults.next("alibaba", Fault.HTTP_500, "UpdateSmsSign")
    sandbox.faults.next("alibaba", Fault.RESET_AFTER, "DeleteSmsSign")
    with pytest.raises(AnswerLost):
        await vendor.reviews.update(accepted.ref, signature())
    with pytest.raises(AnswerLost):
        await vendor.reviews.delete(Kind.SIGNATURE, accepted.ref)
    assert (calls(sandbox)["UpdateSmsSign"], calls(sandbox)["DeleteSmsSign"]) == (1, 1)
    with pytest.raises(Refused) as caught:
        await vendor.reviews.delete(Kind.SIGNATURE, accepted.ref)
    assert caught.value.code == "SignatureNotFound"


@pytest.mark.parametrize("fault", [*BEFORE, *AFTER[:3], Fault.THROTTLE])
async def test_a_question_is_asked_again(sandbox: Sandbox, vendor: Alibaba, fault: Fault) -> None:
    sandbox.faults.next("alibaba", fault, "QuerySmsSignList", times=2)
    assert (await vendor.probe()).en == "serves us; 1 signature"
    assert calls(sandbox) == {"QuerySmsSignList": 3}


async def test_a_question_that_is_never_answered(sandbox: Sandbox, vendor: Alibaba) -> None:
    sandbox.faults.next("alibaba", Fault.HTTP_500, times=9)
    with pytest.raises(Unavailable):
        await vendor.reviews.find(signature())
    assert calls(sandbox) == {"GetSmsSign": 3}


@pytest.mark.parametrize("fault", [*BEFORE, *AFTER[:2], Fault.THROTTLE])
@pytest.mark.parametrize("step", ["GetOSSInfoForUploadFile", "PostObject"])
async def test_an_upload_is_repeated_before_the_create(
    sandbox: Sandbox, vendor: Alibaba, fault: Fault, step: str
) -> None:
    sandbox.faults.next("alibaba", fault, step, times=2)
    await vendor.reviews.create(signature(papers={"paper": (LICENCE,)}))
    assert calls(sandbox)[step] == 3
    assert calls(sandbox)["CreateSmsSign"] == 1


async def test_an_upload_that_fails_asks_for_no_signature(sandbox: Sandbox, vendor: Alibaba) -> None:
    sandbox.faults.next("alibaba", Fault.HTTP_500, "PostObject", times=3)
    with pytest.raises(Unavailable):
        await vendor.reviews.create(signature(papers={"paper": (LICENCE,)}))
    sandbox.faults.next("alibaba", Fault.ANSWER, "PostObject", code="AccessDenied", text="policy")
    with pytest.raises(Refused) as caught:
        await vendor.reviews.create(signature(papers={"paper": (LICENCE,)}))
    assert caught.value.code == "OSS.AccessDenied"
    with pytest.raises(Refused) as caught:
        await vendor.reviews.create(signature(papers={"paper": (Paper("a.png", b"\x89PNG" * 1_400_000, "image/png"),)}))
    assert caught.value.code == "PaperSize"
    assert "CreateSmsSign" not in calls(sandbox)


async def test_internal_errors_of_the_vendor(sandbox: Sandbox, vendor: Alibaba) -> None:
    sandbox.faults.next("alibaba", Fault.ANSWER, "CreateSmsSign", code="isp.SYSTEM_ERROR", text="系统错误")
    with pytest.raises(AnswerLost):
        await vendor.reviews.create(signature())
    sandbox.faults.next("alibaba", Fault.ANSWER, "GetSmsSign", code="ServiceUnavailable", text="繁忙")
    assert await vendor.reviews.find(signature()) == ()
    assert calls(sandbox) == {"CreateSmsSign": 1, "GetSmsSign": 2}


async def test_nobody_listens() -> None:
    vendor = alibaba("http://127.0.0.1:1")
    with pytest.raises(Unavailable):
        await vendor.reviews.create(signature())
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
    for ask in (vendor.probe(), left_at(vendor)):
        with pytest.raises(Refused) as caught:
            await ask
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
    assert caught.value.trouble is Trouble.CLOCK
    await vendor.aclose()


async def test_a_name_that_exists(sandbox: Sandbox, vendor: Alibaba) -> None:
    with pytest.raises(Refused) as caught:
        await vendor.reviews.create(signature("速达科技"))
    assert (caught.value.code, caught.value.trouble) == ("SignName.Exists", Trouble.INPUT)
    assert caught.value.request_id
    assert caught.value.advice is not None


async def test_no_error_shows_a_secret(sandbox: Sandbox, vendor: Alibaba) -> None:
    echo = f"{KEY.key_id} {KEY.secret} https://x.aliyuncs.com/a.png?Signature=c2ln"
    sandbox.faults.next("alibaba", Fault.ANSWER, "CreateSmsSign", code="InvalidMoreData", text=echo)
    with pytest.raises(VendorError) as caught:
        await vendor.reviews.create(signature())
    shown = f"{caught.value} {caught.value!r} {vars(caught.value)}"
    assert KEY.key_id not in shown
    assert KEY.secret not in shown
    assert "c2ln" not in shown


async def test_the_published_rates_are_kept() -> None:
    """In a world six hundred times as fast, templates that are made at once leave thirty of its seconds apart.

    How far apart they arrive is the machine's business.
    """
    pace = 1 / 600
    async with Sandbox(auto_review=False, limits=False) as sandbox:
        account = Account(
            name="aliyun", access_key_id=KEY.key_id, access_key_secret=KEY.secret, endpoint=sandbox.alibaba.url
        )
        http = http_client()
        left = departures(http)
        vendor = Alibaba(account, http=http, pace=pace)
        await asyncio.gather(*(vendor.reviews.create(template(f"登录{number}")) for number in range(4)))
        await vendor.aclose()
    assert len(left) == 4
    assert left[-1] - left[0] > 3 * 30 * pace * 0.95


def test_the_published_rates() -> None:
    """Facts 1.4, in seconds between two calls."""
    assert SECONDS_BETWEEN == {
        "CreateSmsTemplate": 30,
        "GetSmsSign": 1 / 150,
        "UpdateSmsTemplate": 1 / 1000,
        "DeleteSmsTemplate": 1 / 1000,
        "SubmitSmsQualification": 5,
        "UpdateSmsQualification": 5,
    }
