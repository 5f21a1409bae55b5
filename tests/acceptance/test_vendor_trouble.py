"""A vendor that is down or refuses us: one alert for an account and a trouble, whoever met it; it closes by itself."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.contracts.alert import Alert, AlertState, Metric, Severity
from bot.contracts.model import State
from bot.store import alerts
from bot.watch.lifecycle import CLEAR_FOR
from integrations.sandbox import Fault, Sandbox, Vendor
from tests.acceptance.gate import stage_with_a_gate
from tests.acceptance.test_faults import ACCOUNTS, AT_EACH, OFTEN, QUOTA, state, submitted
from tests.stage import Stage, StageClock, rounds, stage

SECONDS = timedelta(seconds=20)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

CREDENTIALS: dict[Vendor, str] = {
    "alibaba": "InvalidAccessKeyId.NotFound",
    "tencent": "AuthFailure.SecretIdNotFound",
    "ucloud": "172",
}
KEYS: dict[Vendor, str] = {"alibaba": "access_key_id", "tencent": "secret_id", "ucloud": "public_key"}
PERMISSION: dict[Vendor, str] = {"alibaba": "Forbidden.RAM", "tencent": "UnauthorizedOperation", "ucloud": "290"}
ACCOUNT: dict[Vendor, str] = {
    "alibaba": "isv.ACCOUNT_ABNORMAL",
    "tencent": "UnauthorizedOperation.SdkAppIdIsDisabled",
    "ucloud": "173",
}


def usual(text: str) -> str:
    """Quota each hour and a repeat each half hour, as they are unless somebody configures them."""
    return rounds(text, quota=3600).replace('repeat = "6h"', 'repeat = "30m"')


async def opened(s: Stage) -> tuple[Alert, ...]:
    """Every alert about calls that there ever was."""

    def read(db: object) -> tuple[Alert, ...]:
        found = []
        number = 1
        while (alert := alerts.find(db, number)) is not None:  # type: ignore[arg-type]
            found.append(alert)
            number += 1
        return tuple(one for one in found if one.metric.of_calls)

    return await s.bot.services.database.read(read)


async def only(s: Stage) -> Alert:
    (alert,) = await opened(s)
    return alert


# --- Down --------------------------------------------------------------------------------------------------------------


@AT_EACH
async def test_down_for_two_minutes_nobody_hears_of_an_alert(tmp_path: Path, vendor: Vendor) -> None:
    async with stage_with_a_gate(tmp_path, vendor) as (s, gate):
        await gate.shut()
        await submitted(s, vendor)
        said = await s.pass_time(2 * MINUTE, step=SECONDS)
        await gate.open()
        said += await s.pass_time(30 * MINUTE, step=MINUTE)
        assert await opened(s) == ()
        assert not {"🔴", "🟠"} & set(said)
        assert "All is well" in await s.say("health")
        assert await state(s) is State.IN_REVIEW


@AT_EACH
async def test_down_for_longer_is_one_alert_that_worsens_repeats_and_closes_by_itself(
    tmp_path: Path, vendor: Vendor
) -> None:
    account = ACCOUNTS[vendor]
    async with stage_with_a_gate(tmp_path, vendor) as (s, gate):
        await submitted(s, vendor)
        await gate.shut()
        await s.say(f"sign submit {account} 速达快运 source=company")
        said = await s.pass_time(4 * MINUTE, step=SECONDS)
        assert await opened(s) == ()
        said = await s.pass_time(2 * MINUTE, step=SECONDS)
        assert said.count(f"🟠 A1 {account}: no usable answer for 5 min") == 1
        assert f"There is no connection to {account} right now." in said
        assert "goes on by itself when" in said
        assert "https://" in said
        assert (await only(s)).severity is Severity.WARNING

        said = await s.pass_time(26 * MINUTE, step=MINUTE)
        assert said.count(f"A1 {account}: no usable answer for 30 min · It has become worse.") == 1
        assert (await only(s)).severity is Severity.CRITICAL
        said = await s.pass_time(6 * HOUR + 15 * MINUTE, step=15 * MINUTE)
        assert said.count("Still so, for 6 h") == 1  # as often as any other
        assert f"A1 {account}" in await s.say("alerts")
        assert (await s.say("health")).count(account) == 1  # the trouble is named once, whoever met it

        await gate.open()
        said = await s.pass_time(CLEAR_FOR + 6 * MINUTE, step=MINUTE)
        assert said.count(f"🟢 A1 {account}: ") == 1
        assert said.count(f"Resolved by itself: {account} answers again.") == 1
        alert = await only(s)
        assert (alert.state, alert.resolved_by) == (AlertState.RESOLVED, "")
        assert "All is well" in await s.say("health")
        await s.pass_time(12 * HOUR)
        assert await state(s) in (State.APPROVED, State.READY)  # what was put off went on
        await only(s)


@AT_EACH
async def test_what_was_queued_goes_on_when_it_is_over(tmp_path: Path, vendor: Vendor) -> None:
    async with stage_with_a_gate(tmp_path, vendor) as (s, gate):
        await gate.shut()
        await submitted(s, vendor)
        said = await s.pass_time(7 * MINUTE, step=SECONDS)
        assert said.count(f"A1 {ACCOUNTS[vendor]}: no usable answer") == 1
        assert await state(s) is State.QUEUED
        await gate.open()
        await s.pass_time(9 * MINUTE, step=SECONDS)
        assert await state(s) is State.IN_REVIEW
        assert len(s.sandbox.accepted(vendor)) == 1


@pytest.mark.parametrize(
    ("vendor", "fault"),
    [("alibaba", Fault.HTTP_500), ("tencent", Fault.RESET_BEFORE), ("ucloud", Fault.GARBAGE)],  # as in `test_faults`
)
async def test_however_no_answer_comes(tmp_path: Path, vendor: Vendor, fault: Fault) -> None:
    async with stage(tmp_path, change=usual) as s:
        await submitted(s, vendor)
        s.sandbox.faults.next(vendor, fault, times=OFTEN)
        await s.pass_time(HOUR + 10 * MINUTE, step=MINUTE)
        assert (await only(s)).metric is Metric.SILENT
        s.sandbox.faults.clear()
        await s.pass_time(CLEAR_FOR + 10 * MINUTE, step=MINUTE)
        assert (await only(s)).state is AlertState.RESOLVED


async def test_first_broken_then_out_of_reach_is_one_trouble(tmp_path: Path) -> None:
    vendor: Vendor = "tencent"
    async with stage_with_a_gate(tmp_path, vendor) as (s, gate):
        await submitted(s, vendor)
        s.sandbox.faults.next(vendor, Fault.HTTP_500, times=OFTEN)
        await s.say(f"sign submit {ACCOUNTS[vendor]} 速达快运 source=company")
        await s.pass_time(8 * MINUTE, step=SECONDS)
        await gate.shut()
        await s.pass_time(10 * MINUTE, step=SECONDS)
        await only(s)


@AT_EACH
async def test_throttled_for_long(tmp_path: Path, vendor: Vendor) -> None:
    async with stage(tmp_path) as s:
        s.sandbox.faults.next(vendor, Fault.THROTTLE, times=OFTEN)
        said = await s.pass_time(8 * MINUTE, step=SECONDS)
        assert said.count(f"🟠 A1 {ACCOUNTS[vendor]}: too many calls for 5 min") == 1
        s.sandbox.faults.clear()
        said = await s.pass_time(CLEAR_FOR + 3 * MINUTE, step=MINUTE)
        assert "Resolved by itself" in said


# --- Refused -----------------------------------------------------------------------------------------------------------


@AT_EACH
@pytest.mark.parametrize(
    ("codes", "metric", "headline"),
    [
        (CREDENTIALS, Metric.CREDENTIALS, "the credentials are refused"),
        (PERMISSION, Metric.PERMISSION, "the key lacks a right"),
        (ACCOUNT, Metric.ACCOUNT, "the account is not served"),
    ],
)
async def test_refused_for_what_a_person_must_mend_is_told_within_two_minutes(
    tmp_path: Path, vendor: Vendor, codes: dict[Vendor, str], metric: Metric, headline: str
) -> None:
    account = ACCOUNTS[vendor]
    async with stage(tmp_path, change=usual) as s:
        s.sandbox.faults.next(vendor, Fault.ANSWER, times=OFTEN, code=codes[vendor], text="no")
        said = await s.pass_time(2 * MINUTE, step=SECONDS)
        assert said.count(f"🔴 A1 {account}: {headline}") == 1
        assert f"Code `{codes[vendor]}`" in said
        assert "request id" in said
        assert (f"`account.{account}.{KEYS[vendor]}`" in said) == (metric is Metric.CREDENTIALS)
        assert (await only(s)).severity is Severity.CRITICAL
        assert (await only(s)).metric is metric


@pytest.mark.parametrize(("vendor", "codes"), [("alibaba", CREDENTIALS), ("tencent", PERMISSION), ("ucloud", ACCOUNT)])
async def test_refused_for_long_it_is_repeated_and_closes_by_itself(
    tmp_path: Path, vendor: Vendor, codes: dict[Vendor, str]
) -> None:
    async with stage(tmp_path, change=usual) as s:
        s.sandbox.faults.next(vendor, Fault.ANSWER, times=OFTEN, code=codes[vendor], text="no")
        await s.pass_time(2 * MINUTE, step=SECONDS)
        said = await s.pass_time(2 * HOUR, step=5 * MINUTE)
        heads = [line for line in said.splitlines() if line.startswith("🔴 A1")]
        assert len(heads) > 2
        assert all("Still so" in line for line in heads)  # repeated, never told anew
        s.sandbox.faults.clear()
        said = await s.pass_time(CLEAR_FOR + 6 * MINUTE, step=MINUTE)
        assert said.count("Resolved by itself") == 1
        assert (await only(s)).state is AlertState.RESOLVED


@pytest.mark.parametrize(
    ("vendor", "code"), [("alibaba", "InvalidTimeStamp.Expired"), ("tencent", "AuthFailure.SignatureExpire")]
)
async def test_a_clock_that_is_off_is_told_as_that(tmp_path: Path, vendor: Vendor, code: str) -> None:
    """Nobody looks for a fault in the keys, and nobody is told to start the program again."""
    account = ACCOUNTS[vendor]
    async with stage(tmp_path, change=usual) as s:
        s.sandbox.faults.next(vendor, Fault.ANSWER, times=OFTEN, code=code, text="no")
        said = await s.pass_time(2 * MINUTE, step=SECONDS)
        assert said.count(f"🔴 A1 {account}: the clock of this machine is off") == 1
        assert "I need no restart" in said
        assert "The credentials are" not in said
        assert f"{account}: the clock of this machine is off ({code})" in await s.say("health")
        s.sandbox.faults.clear()
        said = await s.pass_time(CLEAR_FOR + 6 * MINUTE, step=MINUTE)
        assert said.count("Resolved by itself") == 1


@AT_EACH
async def test_one_refusal_is_a_slip(tmp_path: Path, vendor: Vendor) -> None:
    async with stage(tmp_path, change=usual) as s:
        s.sandbox.faults.next(vendor, Fault.ANSWER, code=CREDENTIALS[vendor], text="no")
        await s.pass_time(3 * HOUR, step=5 * MINUTE)
        assert await opened(s) == ()
        assert s.sandbox.faults.left(vendor) == 0


@AT_EACH
async def test_both_pollers_and_a_submitter_meet_it_at_once(tmp_path: Path, vendor: Vendor) -> None:
    async with stage(tmp_path) as s:
        await submitted(s, vendor)
        s.sandbox.faults.next(vendor, Fault.ANSWER, times=OFTEN, code=CREDENTIALS[vendor], text="no")
        s.clock.move(HOUR)  # both are due
        begun = s.written()
        await asyncio.gather(
            s.say(f"sign submit {ACCOUNTS[vendor]} 速达快运 source=company"),
            s.say(f"quota {ACCOUNTS[vendor]}"),
            s.work(),
        )
        assert "🔴" not in s.read(begun)  # in one moment it is one slip
        said = await s.pass_time(10 * MINUTE, step=SECONDS)
        assert said.count("🔴 A1") == 1
        assert (await only(s)).metric is Metric.CREDENTIALS


@AT_EACH
async def test_a_right_that_only_quota_lacks_is_told_while_reviews_are_answered(tmp_path: Path, vendor: Vendor) -> None:
    async with stage(tmp_path, quota=900) as s:
        await submitted(s, vendor)
        for action in QUOTA:
            s.sandbox.faults.next(vendor, Fault.ANSWER, action, times=OFTEN, code=PERMISSION[vendor], text="no")
        await s.pass_time(HOUR, step=5 * MINUTE)
        alert = await only(s)
        assert (alert.metric, alert.state, alert.clear_since) == (Metric.PERMISSION, AlertState.OPEN, None)


# --- Who does what, who hears, what stays -----------------------------------------------------------------------------


async def test_a_restart_in_between_is_still_one_trouble(tmp_path: Path) -> None:
    vendor: Vendor = "alibaba"
    account = ACCOUNTS[vendor]
    clock = StageClock()
    async with Sandbox(now=clock.now, limits=False) as sandbox:

        def down() -> None:
            sandbox.faults.next(vendor, Fault.HTTP_500, times=100 * OFTEN)

        async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
            down()
            await submitted(s, vendor)
            await s.pass_time(3 * MINUTE, step=SECONDS)
            assert await opened(s) == ()
        async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
            said = await s.pass_time(4 * MINUTE, step=SECONDS)
            assert said.count(f"🟠 A1 {account}: no usable answer for 5 min") == 1
        async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
            said = await s.pass_time(10 * MINUTE, step=SECONDS)
            assert not {"🔴", "🟠"} & set(said)
            await only(s)
            assert account in await s.say("health")
            sandbox.faults.clear()
        async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
            said = await s.pass_time(CLEAR_FOR + 6 * MINUTE, step=MINUTE)
            assert said.count("Resolved by itself") == 1
            assert (await only(s)).state is AlertState.RESOLVED


async def test_taken_put_off_and_closed_like_any_other(tmp_path: Path) -> None:
    async with stage_with_a_gate(tmp_path, "ucloud") as (s, gate):
        await gate.shut()
        await submitted(s, "ucloud")
        await s.pass_time(6 * MINUTE, step=SECONDS)
        await s.pass_time(25 * MINUTE, step=MINUTE)
        assert "Acknowledged by submitter" in await s.say("ack A1 called their support")
        said = await s.pass_time(20 * MINUTE, step=MINUTE)
        assert not {"🔴", "🟠"} & set(said)
        assert "open again" in await s.say("unack A1")
        assert "Snoozed by submitter" in await s.say("snooze A1 2h")
        assert "Resolved by submitter" in await s.say("resolve A1")
        await s.pass_time(5 * HOUR, step=10 * MINUTE)
        assert len(await opened(s)) == 1  # left alone until it would be repeated
        await s.pass_time(2 * HOUR, step=10 * MINUTE)
        assert len(await opened(s)) == 2


async def test_who_hears_of_alerts_and_the_operators_hear_it_each_once(tmp_path: Path) -> None:
    def with_operators(text: str) -> str:
        more = '\n[[conversation]]\nplatform = "terminal"\nid = "{id}"\ntopics = [{topics}]\n'
        return text + more.format(id="ops", topics='"operator"') + more.format(id="plain", topics='"reviews", "quota"')

    async with stage(tmp_path, change=with_operators) as s:
        s.sandbox.faults.next("tencent", Fault.ANSWER, times=OFTEN, code=CREDENTIALS["tencent"], text="no")
        await s.pass_time(5 * MINUTE, step=SECONDS)
        owed = await s.bot.services.database.read(
            lambda db: [
                (row["conversation"], row["what"])
                for row in db.query(
                    "SELECT * FROM notices WHERE subject = 'alert:1' AND state = 'sent' ORDER BY conversation"
                )
            ]
        )
        assert owed == [(s.place.conversation, "card"), ("ops", "card")]
        others = await s.bot.services.database.read(
            lambda db: list(db.query("SELECT key FROM notices WHERE what = 'operator'"))
        )
        assert others == []


async def test_in_chinese(tmp_path: Path) -> None:
    vendor: Vendor = "ucloud"
    account = ACCOUNTS[vendor]
    async with stage(tmp_path, language="zh") as s:
        s.sandbox.faults.next(vendor, Fault.HTTP_500, times=OFTEN)
        said = await s.pass_time(8 * MINUTE, step=SECONDS)
        assert said.count(f"🟠 A1 {account}：没有有效应答，已 5 分钟") == 1
        assert "恢复后，仍在排队或审核中的申请自动继续" in said
        s.sandbox.faults.clear()
        said = await s.pass_time(CLEAR_FOR + 3 * MINUTE, step=MINUTE)
        assert f"自动关闭：{account} 已恢复应答" in said
