"""The network and the vendors in trouble, seen from the chat: what is told, how often, and that nothing is sent twice."""

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from bot.contracts.alert import Metric
from bot.contracts.model import State
from bot.requests.sending import TRIES
from bot.store import alerts, events, notices
from integrations.http import ATTEMPTS
from integrations.sandbox import Fault, Sandbox, Vendor
from tests.acceptance.gate import stage_with_a_gate
from tests.stage import Stage, StageClock, stage

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

ACCOUNTS: dict[Vendor, str] = {"alibaba": "aliyun", "tencent": "tencent", "ucloud": "ucloud"}
CREATE: dict[Vendor, str] = {"alibaba": "CreateSmsSign", "tencent": "AddSmsSign", "ucloud": "CreateUSMSSignature"}
UPDATE: dict[Vendor, str] = {"alibaba": "UpdateSmsSign", "tencent": "ModifySmsSign", "ucloud": "UpdateUSMSSignature"}
DELETE: dict[Vendor, str] = {"alibaba": "DeleteSmsSign", "tencent": "DeleteSmsSign", "ucloud": "DeleteUSMSSignature"}
QUOTA = {"QueryResourcePackageInstances", "QueryAccountBalance", "SmsPackagesStatistics", "GetBalance"}
SENT = {"QuerySendStatistics", "SendStatusStatistics", "CallbackStatusStatistics", "GetUSMSSendStatistics"} | {
    "GetUSMSTemplateSendStatistics",
    "QuerySmsSignList",
}
"""What is asked in rounds, whatever else there is to do; the list of signatures says whose statistics, once a day."""

ARRIVED = [Fault.HTTP_500_AFTER, Fault.RESET_AFTER, Fault.GARBAGE]
NEVER_ARRIVED = [Fault.HTTP_500, Fault.RESET_BEFORE]
AT_EACH = pytest.mark.parametrize("vendor", ["alibaba", "tencent", "ucloud"])

# How each vendor's answer gets lost in each way is shown in `contract/test_vendor_trouble.py`. From there on it is one way
# for all, so here each vendor and each fault stands once.
LOST_AT: dict[Vendor, tuple[Fault, Fault]] = {
    "alibaba": (Fault.HTTP_500_AFTER, Fault.RESET_BEFORE),
    "tencent": (Fault.RESET_AFTER, Fault.HTTP_500),
    "ucloud": (Fault.GARBAGE, Fault.RESET_BEFORE),
}
"""Vendor → a fault after which it has what was sent, and one after which it has not."""

EACH_ARRIVED = pytest.mark.parametrize(("vendor", "fault"), [(one, LOST_AT[one][0]) for one in LOST_AT])
EACH_NEVER_ARRIVED = pytest.mark.parametrize(("vendor", "fault"), [(one, LOST_AT[one][1]) for one in LOST_AT])

OFTEN = 1000

CAUSES = {
    Fault.HTTP_500: "answered with a fault: `HTTP 500`.",
    Fault.HTTP_500_AFTER: "answered with a fault: `HTTP 500`.",
    Fault.RESET_BEFORE: "the connection broke before",
    Fault.RESET_AFTER: "the connection broke before",
    Fault.GARBAGE: "answered with something that cannot be read.",
}
"""What the chat says of an answer that got lost so."""


async def submitted(s: Stage, vendor: Vendor) -> str:
    return await s.say(f"sign submit {ACCOUNTS[vendor]} 速达物流 source=company")


async def state(s: Stage, number: int = 1) -> State:
    return (await s.request(number)).state


# --- The answer gets lost ------------------------------------------------------------------------------------------------


@EACH_ARRIVED
async def test_a_lost_answer_is_told_and_settled_by_itself(tmp_path: Path, vendor: Vendor, fault: Fault) -> None:
    async with stage(tmp_path) as s:
        s.sandbox.faults.next(vendor, fault, CREATE[vendor])
        said = await submitted(s, vendor)
        assert f"⚠️ #1 signature 速达物流 at {ACCOUNTS[vendor]}: unknown" in said
        assert "will not send it twice" in said
        assert [cause for cause in set(CAUSES.values()) if cause in said] == [CAUSES[fault]]
        assert await state(s) is State.UNKNOWN

        said = await s.pass_time(MINUTE, step=timedelta(seconds=20))
        assert said.count(f"⏳ #1 signature 速达物流 at {ACCOUNTS[vendor]}: in review") == 1
        assert f"{ACCOUNTS[vendor]} has it" in said
        request = await s.request(1)
        assert request.state is State.IN_REVIEW
        assert request.vendor_ref == s.sandbox.accepted(vendor)[0].ref

        await s.pass_time(2 * DAY, step=HOUR)
        assert await state(s) is State.READY
        assert s.calls(vendor, CREATE[vendor]) == len(s.sandbox.accepted(vendor)) == 1


@EACH_NEVER_ARRIVED
async def test_what_never_arrived_is_told_and_can_be_sent_again(tmp_path: Path, vendor: Vendor, fault: Fault) -> None:
    async with stage(tmp_path) as s:
        s.sandbox.faults.next(vendor, fault, CREATE[vendor])
        assert "unknown" in await submitted(s, vendor)
        said = await s.pass_time(timedelta(seconds=50), step=timedelta(seconds=20))
        assert await state(s) is State.UNKNOWN  # a call that is still on its way may arrive
        assert "never reached" not in said
        said = await s.pass_time(3 * MINUTE, step=timedelta(seconds=20))
        assert said.count(f"it never reached {ACCOUNTS[vendor]}") == 1
        assert "`edit #1`" in said
        assert await state(s) is State.FAILED
        assert s.sandbox.accepted(vendor) == []
        assert s.calls(vendor, CREATE[vendor]) == 1

        await s.say("edit #1")
        assert await state(s) is State.IN_REVIEW
        assert s.calls(vendor, CREATE[vendor]) == 2
        assert len(s.sandbox.accepted(vendor)) == 1


@EACH_NEVER_ARRIVED
async def test_what_never_arrived_goes_out_again_with_its_papers_on_one_word(
    tmp_path: Path, vendor: Vendor, fault: Fault
) -> None:
    async with stage(tmp_path) as s:
        s.sandbox.faults.next(vendor, fault, CREATE[vendor])
        await submitted(s, vendor)
        said = await s.pass_time(4 * MINUTE, step=timedelta(seconds=20))
        assert "Its papers are still at hand." in said
        assert "settle #1 resend" in said
        first, second = await asyncio.gather(s.say("settle #1 resend"), s.say("settle #1 resend"))
        assert "there is nothing to settle" in first + second  # pressed twice, sent once
        assert await state(s) is State.IN_REVIEW
        assert s.calls(vendor, CREATE[vendor]) == 2
        assert len(s.sandbox.accepted(vendor)) == 1
        assert s.bot.services.views.of(s.place, s.clock.now()).in_hand == frozenset()


@AT_EACH
async def test_it_can_be_lost_again_and_its_papers_are_still_there(tmp_path: Path, vendor: Vendor) -> None:
    async with stage(tmp_path) as s:
        s.sandbox.faults.next(vendor, Fault.HTTP_500, CREATE[vendor], times=2)
        await submitted(s, vendor)
        for _ in range(2):
            await s.pass_time(4 * MINUTE, step=timedelta(seconds=20))
            assert await state(s) is State.FAILED
            await s.say("settle #1 resend")
        assert await state(s) is State.IN_REVIEW
        assert len(s.sandbox.accepted(vendor)) == 1


@pytest.mark.parametrize(("vendor", "gone"), [("alibaba", "a day"), ("tencent", "a restart"), ("ucloud", "a day")])
async def test_without_its_papers_nothing_goes_out_again(tmp_path: Path, vendor: Vendor, gone: str) -> None:
    clock = StageClock()
    async with Sandbox(now=clock.now, limits=False) as sandbox:
        async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
            sandbox.faults.next(vendor, Fault.HTTP_500, CREATE[vendor])
            await submitted(s, vendor)
            await s.pass_time(4 * MINUTE, step=timedelta(seconds=20))
            if gone == "a day":
                await s.pass_time(DAY, step=HOUR)
                said = await s.say("settle #1 resend")
                assert "no longer at hand" in said
        async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
            said = await s.say("settle #1 resend")
            assert "❌ #1 was not sent again." in said
            assert "edit #1" in said
            assert await state(s) is State.FAILED
            assert "resend" not in await s.say("show #1")
            assert s.calls(vendor, CREATE[vendor]) == 1


@AT_EACH
async def test_what_was_submitted_anew_meanwhile_is_not_sent_beside_it(tmp_path: Path, vendor: Vendor) -> None:
    async with stage(tmp_path) as s:
        s.sandbox.faults.next(vendor, Fault.HTTP_500, CREATE[vendor])
        await submitted(s, vendor)
        await s.pass_time(4 * MINUTE, step=timedelta(seconds=20))
        await submitted(s, vendor)
        assert await state(s, 2) is State.IN_REVIEW
        said = await s.say("settle #1 resend")
        assert "#2 速达物流 is the same and in review; it is not sent beside that." in said
        assert await state(s) is State.FAILED
        assert len(s.sandbox.accepted(vendor)) == 1


@AT_EACH
async def test_the_look_up_fails_too_and_is_repeated(tmp_path: Path, vendor: Vendor) -> None:
    async with stage(tmp_path) as s:
        s.sandbox.faults.next(vendor, Fault.RESET_AFTER, CREATE[vendor])
        await submitted(s, vendor)
        s.sandbox.faults.next(vendor, Fault.HTTP_500, times=OFTEN)
        await s.pass_time(10 * MINUTE, step=MINUTE)
        assert await state(s) is State.UNKNOWN  # no answer is no answer: neither there nor absent
        s.sandbox.faults.clear()
        await s.pass_time(MINUTE, step=timedelta(seconds=20))
        assert await state(s) is State.IN_REVIEW
        assert len(s.sandbox.accepted(vendor)) == 1


@pytest.mark.parametrize(
    ("fault", "to", "number"),
    [
        (Fault.HTTP_500_AFTER, "ucloud", 1),
        (Fault.RESET_AFTER, "all", 3),
        (Fault.GARBAGE, "ucloud", 1),
        (Fault.HTTP_500, "all", 3),
        (Fault.RESET_BEFORE, "ucloud", 1),
    ],
)
async def test_a_lost_ucloud_template_is_a_question_to_a_person(
    tmp_path: Path, fault: Fault, to: str, number: int
) -> None:
    async with stage(tmp_path) as s:
        s.sandbox.faults.next("ucloud", fault, "CreateUSMSTemplate")
        said = await s.say(f'template submit {to} 登录验证码 type=otp content="您的验证码是${{code}}，请尽快填写。"')
        said += await s.pass_time(MINUTE)
        assert " ".join(said.split()).count("is 登录验证码 there? I will not send it twice.") == 1
        assert f"`settle #{number} id=…`" in said
        assert f"`settle #{number} resend`" in said
        assert "https://console.ucloud.cn" in said
        assert "登录验证码 at ucloud" in said
        before = len(s.sandbox.calls)
        await s.pass_time(DAY, step=2 * HOUR)
        assert await state(s, number) is State.UNKNOWN
        asked = Counter(call.action for call in s.sandbox.calls[before:] if call.vendor == "ucloud")
        assert set(asked) <= QUOTA | SENT  # it is not called again, and there is nothing to ask

        accepted = s.sandbox.accepted("ucloud")
        if accepted:
            assert fault in ARRIVED
            await s.say(f"settle #{number} id={accepted[0].ref}")
        else:
            await s.say(f"settle #{number} resend")
        assert len(s.sandbox.accepted("ucloud")) == 1
        assert (await s.request(number)).vendor_ref == s.sandbox.accepted("ucloud")[0].ref
        await s.pass_time(DAY, step=2 * HOUR)
        assert await state(s, number) is State.READY


@AT_EACH
async def test_a_lost_edit_is_settled_by_what_the_vendor_shows(tmp_path: Path, vendor: Vendor) -> None:
    for fault in LOST_AT[vendor]:
        async with stage(tmp_path / fault, auto_review=False) as s:
            await submitted(s, vendor)
            s.sandbox.reject(vendor, "速达物流", "说明不清楚")
            await s.pass_time(2 * HOUR, step=HOUR)
            assert await state(s) is State.REJECTED
            s.sandbox.faults.next(vendor, fault, UPDATE[vendor])
            await s.say("edit #1 remark=新的说明")
            assert await state(s) is State.UNKNOWN
            said = await s.pass_time(5 * MINUTE, step=timedelta(seconds=20))
            if fault in ARRIVED:
                assert await state(s) is State.IN_REVIEW
                assert (await s.request(1)).values["remark"] == "新的说明"
            else:
                assert await state(s) is State.REJECTED
                assert (await s.request(1)).values["remark"] != "新的说明"
                assert said.count(f"I do not know whether {ACCOUNTS[vendor]} took the change") == 1
            assert s.calls(vendor, UPDATE[vendor]) == 1


@EACH_ARRIVED
async def test_a_lost_edit_that_a_person_settles_is_taken_with_what_it_changed(
    tmp_path: Path, vendor: Vendor, fault: Fault
) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await submitted(s, vendor)
        s.sandbox.reject(vendor, "速达物流", "说明不清楚")
        await s.pass_time(2 * HOUR, step=HOUR)
        s.sandbox.faults.next(vendor, fault, UPDATE[vendor])
        await s.say("edit #1 remark=新的说明")
        assert await state(s) is State.UNKNOWN
        await s.say(f"settle #1 id={s.sandbox.accepted(vendor)[0].ref}")
        request = await s.request(1)
        assert request.state is State.IN_REVIEW
        assert request.values["remark"] == "新的说明"
        assert (request.proposed, request.prior) == (None, None)


@pytest.mark.parametrize("fault", LOST_AT["tencent"])
async def test_a_lost_edit_of_what_is_in_review_is_recognised_by_what_it_changed(tmp_path: Path, fault: Fault) -> None:
    """Only Tencent takes one; the state does not tell, since it is in review before and after."""
    submit = 'template submit tencent 登录验证码 type=otp content="您的验证码是${code}，请尽快填写。"'
    async with stage(tmp_path, auto_review=False) as s:
        await s.say("sign submit tencent 速达物流 source=company")
        await s.say(submit)
        for action in ("ModifySmsSign", "ModifySmsTemplate"):
            s.sandbox.faults.next("tencent", fault, action)
        await s.say("edit #1 name=速达快运")
        await s.say('edit #2 content="您的验证码是${number}，请立即填写。"')
        assert [await state(s, number) for number in (1, 2)] == [State.UNKNOWN] * 2
        await s.pass_time(5 * MINUTE, step=timedelta(seconds=20))
        sign, template = await s.request(1), await s.request(2)
        assert [sign.state, template.state] == [State.IN_REVIEW] * 2
        arrived = fault in ARRIVED
        assert (sign.name == "速达快运") == arrived
        assert ("立即" in template.values["content"]) == arrived
        assert s.calls("tencent", "ModifySmsSign") == s.calls("tencent", "ModifySmsTemplate") == 1


@AT_EACH
async def test_a_lost_delete_is_settled_by_what_the_vendor_shows(tmp_path: Path, vendor: Vendor) -> None:
    for fault in LOST_AT[vendor]:
        async with stage(tmp_path / fault, auto_review=False) as s:
            await submitted(s, vendor)
            s.sandbox.reject(vendor, "速达物流", "名称不规范")
            await s.pass_time(2 * HOUR, step=HOUR)
            s.sandbox.faults.next(vendor, fault, DELETE[vendor])
            await s.say("delete #1 confirm")
            assert await state(s) is State.UNKNOWN
            await s.pass_time(5 * MINUTE, step=timedelta(seconds=20))
            assert await state(s) is (State.DELETED if fault in ARRIVED else State.REJECTED)
            assert s.calls(vendor, DELETE[vendor]) == 1


@AT_EACH
async def test_lost_and_then_the_bot_restarts(tmp_path: Path, vendor: Vendor) -> None:
    clock = StageClock()
    async with Sandbox(now=clock.now, limits=False) as sandbox:
        async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
            s.sandbox.faults.next(vendor, Fault.RESET_AFTER, CREATE[vendor])
            await submitted(s, vendor)
        async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
            await s.pass_time(MINUTE, step=timedelta(seconds=20))
            assert await state(s) is State.IN_REVIEW
            assert len(sandbox.accepted(vendor)) == 1


# --- Too fast, or not there ------------------------------------------------------------------------------------------------


@AT_EACH
async def test_throttled_for_a_moment_nobody_notices(tmp_path: Path, vendor: Vendor) -> None:
    async with stage(tmp_path) as s:
        s.sandbox.faults.next(vendor, Fault.THROTTLE, CREATE[vendor], ATTEMPTS - 1)
        said = await submitted(s, vendor)
        assert "in review" in said
        assert "cannot" not in said
        assert s.calls(vendor, CREATE[vendor]) == ATTEMPTS
        assert len(s.sandbox.accepted(vendor)) == 1


@AT_EACH
async def test_throttled_for_longer_it_is_told_once_and_tried_until_it_works(tmp_path: Path, vendor: Vendor) -> None:
    async with stage(tmp_path) as s:
        s.sandbox.faults.next(vendor, Fault.THROTTLE, CREATE[vendor], 3 * ATTEMPTS)
        said = await submitted(s, vendor)
        assert await state(s) is State.QUEUED
        said += await s.pass_time(5 * MINUTE, step=timedelta(seconds=20))
        assert said.count(f"{ACCOUNTS[vendor]} cannot take it now") == 1
        assert await state(s) is State.IN_REVIEW
        assert s.calls(vendor, CREATE[vendor]) == 3 * ATTEMPTS + 1
        assert len(s.sandbox.accepted(vendor)) == 1


@AT_EACH
async def test_a_vendor_that_is_down_is_told_of_once_and_tried_until_it_is_back(tmp_path: Path, vendor: Vendor) -> None:
    async with stage_with_a_gate(tmp_path, vendor) as (s, gate):
        await gate.shut()
        said = await submitted(s, vendor)
        assert await state(s) is State.QUEUED
        said += await s.pass_time(2 * MINUTE, step=timedelta(seconds=20))
        assert said.count(f"{ACCOUNTS[vendor]} cannot take it now") == 1
        assert "Nothing was sent. I try again by myself" in said
        assert s.calls(vendor, CREATE[vendor]) == 0

        await gate.open()
        said = await s.pass_time(5 * MINUTE, step=timedelta(seconds=20))
        assert await state(s) is State.IN_REVIEW
        assert "in review" in said
        assert s.calls(vendor, CREATE[vendor]) == len(s.sandbox.accepted(vendor)) == 1


async def test_a_vendor_that_stays_down_is_given_up_and_said_so(tmp_path: Path) -> None:
    async with stage_with_a_gate(tmp_path, "ucloud") as (s, gate):
        await gate.shut()
        said = await submitted(s, "ucloud")
        said += await s.pass_time(HOUR, step=MINUTE)
        assert await state(s) is State.FAILED
        assert said.count("ucloud cannot take it now") == 1
        assert said.count("not taken by ucloud") == 1
        story = await s.bot.services.database.read(lambda db: events.of_request(db, 1))
        assert sum(1 for event in story if event.data.get("to") == State.SUBMITTING) == TRIES
        await gate.open()
        await s.say("edit #1")
        assert await state(s) is State.IN_REVIEW


async def test_one_vendor_down_the_others_go_on(tmp_path: Path) -> None:
    async with stage_with_a_gate(tmp_path, "tencent") as (s, gate):
        await gate.shut()
        await s.say("sign submit all 速达物流 source=company")
        await s.pass_time(5 * HOUR)
        assert [await state(s, number) for number in (1, 3)] == [State.READY] * 2
        assert await state(s, 2) in (State.QUEUED, State.FAILED)


@AT_EACH
async def test_a_vendor_that_is_down_during_a_review_is_asked_again(tmp_path: Path, vendor: Vendor) -> None:
    async with stage_with_a_gate(tmp_path, vendor) as (s, gate):
        await submitted(s, vendor)
        await gate.shut()
        said = await s.pass_time(6 * HOUR)
        assert await state(s) is State.IN_REVIEW
        assert "#1" not in said
        await gate.open()
        said = await s.pass_time(DAY)
        assert said.count("approved by") == 1
        assert await state(s) is State.READY


# --- Credentials -------------------------------------------------------------------------------------------------------------


@AT_EACH
async def test_wrong_credentials_are_one_alert_that_is_repeated(tmp_path: Path, vendor: Vendor) -> None:
    def spoil(text: str) -> str:
        secret = {
            "alibaba": "sandbox-alibaba-secret",
            "tencent": "sandbox-tencent-secret",
            "ucloud": "sandbox-ucloud-private",
        }
        assert secret[vendor] in text
        return text.replace(secret[vendor], "an-outdated-secret")

    async with stage(tmp_path, change=spoil) as s:
        said = await submitted(s, vendor)
        assert f"#1 signature 速达物流 at {ACCOUNTS[vendor]}: not sent" in said
        assert "This means:" in said
        assert await state(s) is State.FAILED

        said += await s.pass_time(DAY)
        assert said.count("🔴 A1") > 2
        told = await s.bot.services.database.read(
            lambda db: [alert.account for alert in alerts.standing(db) if alert.metric is Metric.CREDENTIALS]
        )
        assert told == [ACCOUNTS[vendor]]
        assert await s.bot.services.database.read(
            lambda db: not list(db.query("SELECT key FROM notices WHERE what = 'operator'"))
        )
        assert "an-outdated-secret" not in said
        assert s.sandbox.accepted(vendor) == []
        assert set(await s.bot.services.database.read(notices.counts)) <= {"sent", "held"}


# --- What it costs when nothing happens ------------------------------------------------------------------------------------------


async def test_a_day_with_nothing_pending_costs_the_rounds_and_nothing_else(tmp_path: Path) -> None:
    async with stage(tmp_path, delivery=86400) as s:
        await s.say("sign submit all 速达物流 source=company")
        await s.pass_time(3 * DAY, step=HOUR)
        assert await s.bot.pending() == ()
        s.sandbox.top_up("alibaba", 10_000_000)  # an alert that is about to close is measured more often
        await s.pass_time(HOUR)

        before = len(s.sandbox.calls)
        await s.pass_time(DAY, step=15 * MINUTE)
        made = Counter(call.action for call in s.sandbox.calls[before:])
        assert made.pop("QuerySmsAuthorizationLetter") <= 1  # whether one runs out, once a day
        assert set(made) == QUOTA | SENT
        poll = s.bot.services.settings.poll
        assert all(made[action] <= DAY / timedelta(seconds=poll.quota_seconds) + 1 for action in QUOTA), made
        at_most = (DAY / timedelta(seconds=poll.delivery_seconds) + 1) * 12  # Tencent: days and hours one by one
        assert all(made[action] <= at_most for action in SENT), made
