"""The sandbox as a server: faults, the journal, ports, and a clean end."""

import asyncio
import contextlib
import json
import os
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from integrations.sandbox import Fault, Pace, Sandbox, Seed
from integrations.sandbox.limits import Limits, Rate
from integrations.sandbox.ucloud import auth as ucloud_auth

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


async def ask(session: aiohttp.ClientSession, sandbox: Sandbox, action: str, **params: str) -> dict[str, Any]:
    """Make a UCloud call: the simplest of the three protocols."""
    credential = sandbox.credentials("ucloud")
    given = {"Action": action, "PublicKey": credential.key_id, "ProjectId": "org-sandbox", **params}
    given["Signature"] = ucloud_auth.sign(credential.secret, given)
    async with session.post(sandbox.ucloud.url, data=given) as answer:
        return json.loads(await answer.read())


def name(content: str) -> dict[str, str]:
    return {
        "SigContent": content,
        "SigType": "4",
        "SigPurpose": "0",
        "CertificateType": "4",
        "Description": "登录",
    }


@pytest.fixture
async def sandbox():
    async with Sandbox(now=lambda: NOW) as running:
        yield running


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as running:
        yield running


async def until(condition) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110  the journal has no event to wait for
            await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("fault", "error", "made"),
    [
        (Fault.RESET_BEFORE, aiohttp.ClientConnectionError, 0),
        (Fault.RESET_AFTER, aiohttp.ClientConnectionError, 1),
        (Fault.HTTP_500, json.JSONDecodeError, 0),
        (Fault.HTTP_500_AFTER, json.JSONDecodeError, 1),
        (Fault.GARBAGE, json.JSONDecodeError, 1),
    ],
)
async def test_a_fault_happens_before_or_after_the_work(sandbox, session, fault, error, made):
    sandbox.faults.next("ucloud", fault, "CreateUSMSSignature")
    with pytest.raises(error):
        await ask(session, sandbox, "CreateUSMSSignature", **name("速达优选"))
    assert len(sandbox.accepted("ucloud")) == made
    call = sandbox.calls[-1]
    assert (call.action, call.answered) == ("CreateUSMSSignature", fault is Fault.HTTP_500)
    assert call.status == ("OK" if made else fault.value)


@pytest.mark.parametrize(("fault", "made"), [(Fault.HANG_BEFORE, 0), (Fault.HANG_AFTER, 1)])
async def test_a_hang_ends_when_the_server_closes(session, fault, made):
    async with Sandbox() as sandbox:
        sandbox.faults.next("ucloud", fault)
        hanging = asyncio.create_task(ask(session, sandbox, "CreateUSMSSignature", **name("速达优选")))
        await until(lambda: sandbox.calls)
        assert len(sandbox.accepted("ucloud")) == made
        assert not hanging.done()
    with pytest.raises(aiohttp.ClientConnectionError):
        await hanging


async def test_a_client_that_gives_up_leaves_a_clean_server(session):
    async with Sandbox() as sandbox:
        sandbox.faults.next("ucloud", Fault.HANG_AFTER)
        hanging = asyncio.create_task(ask(session, sandbox, "GetBalance"))
        await until(lambda: sandbox.calls)
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
        assert (await ask(session, sandbox, "GetBalance"))["RetCode"] == 0


async def test_a_slow_answer_is_right_and_cut_short_by_closing(session):
    async with Sandbox() as sandbox:
        sandbox.faults.next("ucloud", Fault.SLOW, seconds=0.01)
        assert (await ask(session, sandbox, "GetBalance"))["RetCode"] == 0
        sandbox.faults.next("ucloud", Fault.SLOW, seconds=3600)
        slow = asyncio.create_task(ask(session, sandbox, "GetBalance"))
        await until(lambda: sandbox.faults.left("ucloud") == 0)
    assert (await slow)["RetCode"] == 0


async def test_faults_fit_an_action_and_run_out(sandbox, session):
    sandbox.faults.next("ucloud", Fault.THROTTLE, "GetBalance", times=2)
    sandbox.faults.next("tencent", Fault.THROTTLE)
    codes = [(await ask(session, sandbox, "QueryUSMSSignature", SigContent="速达科技"))["RetCode"]]
    codes += [(await ask(session, sandbox, "GetBalance"))["RetCode"] for _ in range(3)]
    assert codes == [0, 153, 153, 0]
    sandbox.faults.next("ucloud", Fault.THROTTLE)
    sandbox.faults.clear()
    assert (await ask(session, sandbox, "GetBalance"))["RetCode"] == 0


async def test_the_journal_holds_no_secrets_and_no_pictures(sandbox, session):
    await ask(session, sandbox, "CreateUSMSSignature", **name("速达优选"), File="A" * 5000)
    call = sandbox.calls[-1]
    assert call.params["SigContent"] == "速达优选"
    assert call.params["File"] == "AAAAAAAAAAAAAAAAAAAA… (5000 characters)"
    assert not {"Signature", "PublicKey"} & set(call.params)
    assert "sandbox-ucloud-private" not in repr(sandbox.credentials("ucloud"))


def three_free_ports() -> int:
    """Find three ports in a row, below those the system hands out by itself."""
    for first in range(20_000 + os.getpid() % 3_000 * 3, 32_000, 3):
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for port in range(first, first + 3):
                stack.enter_context(socket.create_server(("127.0.0.1", port)))
            return first
    raise AssertionError("no three free ports in a row")


async def test_three_ports_in_a_row():
    first = three_free_ports()
    async with Sandbox(port=first) as sandbox:
        urls = [sandbox.alibaba.url, sandbox.tencent.url, sandbox.ucloud.url]
        assert urls == [f"http://127.0.0.1:{first + offset}" for offset in range(3)]
        assert sandbox.alibaba.billing_url == sandbox.alibaba.url
        with pytest.raises(OSError, match="in use"):
            await Sandbox(port=first).start()


async def test_without_automatic_review_only_verbs_decide(session):
    moment = NOW
    async with Sandbox(now=lambda: moment, auto_review=False) as sandbox:
        await ask(session, sandbox, "CreateUSMSSignature", **name("速达优选"))
        moment += timedelta(days=30)
        found = await ask(session, sandbox, "QueryUSMSSignature", SigContent="速达优选")
        assert found["Data"]["Status"] == 1
        sandbox.reject("ucloud", "速达优选", "商标查询不到")
        found = await ask(session, sandbox, "QueryUSMSSignature", SigContent="速达优选")
        assert (found["Data"]["Status"], found["Data"]["ErrDesc"]) == (3, "商标查询不到")


async def test_pace_and_seed_are_changeable(session):
    moment = NOW
    seed = Seed(ucloud_balance="7.00", signature="新速达")
    async with Sandbox(now=lambda: moment, pace=Pace(ucloud=timedelta(seconds=10)), seed=seed) as sandbox:
        await ask(session, sandbox, "CreateUSMSSignature", **name("速达优选"))
        moment += timedelta(seconds=10)
        found = await ask(session, sandbox, "QueryUSMSSignature", SigContent="速达优选")
        assert found["Data"]["Status"] == 2
        assert (await ask(session, sandbox, "QueryUSMSSignature", SigContent="新速达"))["Data"]["Status"] == 2
        assert (await ask(session, sandbox, "GetBalance"))["AccountInfo"]["Amount"] == "7.00"


@pytest.mark.parametrize("vendor", ["alibaba", "tencent", "ucloud"])
async def test_nonsense_is_refused_and_never_a_server_error(sandbox, session, vendor):
    url = getattr(sandbox, vendor).url
    for body in (b"", b"{", b"\xff\xfe", b"[1, 2]", b"a=b&a=c"):
        for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
            async with session.post(url + "/?x=%FF", data=body, headers={"Content-Type": kind}) as answer:
                assert answer.status in (200, 400)
                assert json.loads(await answer.read())
    assert all(call.status != "OK" for call in sandbox.calls)


async def test_many_calls_at_once(sandbox, session):
    answers = await asyncio.gather(
        *(ask(session, sandbox, "CreateUSMSSignature", **name(f"速达优选{n}")) for n in range(50))
    )
    assert len({one["SigId"] for one in answers}) == 50
    assert len(sandbox.accepted("ucloud", "signature")) == 50


def test_limits_go_by_the_world_clock():
    moment = NOW
    limits = Limits(lambda: moment, enforced=True)
    rates = (Rate(2), Rate(3, None))
    assert [limits.allow("a", rates) for _ in range(3)] == [True, True, False]
    assert limits.allow("b", rates)
    moment += timedelta(seconds=1)
    assert [limits.allow("a", rates) for _ in range(2)] == [True, False]
    moment = datetime(2026, 3, 4, 16, 0, tzinfo=UTC)  # Midnight in China.
    assert limits.allow("a", rates)
    assert all(Limits(lambda: moment, enforced=False).allow("a", rates) for _ in range(9))
