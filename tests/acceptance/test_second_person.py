"""What `[policy]` names waits for a second person: in the terminal, in both languages, over restarts."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.contracts.model import Actor, Kind, State
from bot.store import approvals
from integrations.sandbox import Sandbox
from tests.acceptance.test_personal_data import licence
from tests.acceptance.test_phone_code import NUMBER, PERSONS, PHONE
from tests.acceptance.test_phone_code import SUBMIT as QUALIFICATION
from tests.stage import ME, Stage, StageClock, stage

BOB = Actor("terminal", "bob", name="bob")
CAROL = Actor("terminal", "carol", name="carol")
SIGN = "sign submit aliyun 速达物流 source=company"
PROMO = (
    'template submit tencent 双十一 type=promo content="双十一全场五折，点击 https://suda.example 查看，拒收请回复R"'
)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PEOPLE = """
[[person]]
name = "ops-lead"
slack = "U0123456789"
role = "approver"
"""


def policy(*acts: str, more: str = "") -> Callable[[str], str]:
    """A configuration in which these wait for somebody."""
    named = ", ".join(f'"{act}"' for act in acts)
    return lambda text: f"{text}\n[policy]\nsecond_person = [{named}]\n{more}\n{PEOPLE}"


async def state(here: Stage, number: int = 1) -> State:
    return (await here.request(number)).state


# --- Submissions ------------------------------------------------------------------------------------------------------


async def test_a_submission_waits_and_goes_out_once_when_somebody_else_agrees(tmp_path: Path) -> None:
    async with stage(tmp_path, change=policy("submit")) as here:
        said = await here.say(SIGN)
        assert "#1 signature 速达物流 at aliyun: waiting for approval" in said
        assert "It waits until ops-lead approves it; nothing was sent to aliyun." in said
        assert "to be submitted, waits for approval · ops-lead" in said
        assert "• Name: 速达物流" in said  # exactly what somebody agrees to
        assert "• Papers: business-licence.png" in said
        assert here.calls("alibaba", "CreateSmsSign") == 0

        own = await here.say("approve #1")
        assert "You wrote or ordered #1 yourself: somebody else must decide." in own
        assert "Ask ops-lead." in own

        said = await here.say("approve #1", actor=BOB)
        assert "#1 signature 速达物流 at aliyun: approved" in said
        assert "in review" in said
        assert here.calls("alibaba", "CreateSmsSign") == 1
        again = await here.say("approve #1", actor=CAROL)
        assert "#1 is in review; it waits for nobody." in again
        await here.work()
        assert here.calls("alibaba", "CreateSmsSign") == 1


async def test_it_is_asked_for_in_chinese(tmp_path: Path) -> None:
    async with stage(tmp_path, language="zh", change=policy("submit")) as here:
        said = await here.say("签名 提交 阿里云 速达物流 来源=企业")
        assert "#1 签名 速达物流（aliyun）：待提交，等待批准 · ops-lead" in said
        assert "由 submitter 发起。提交须由第二个人批准，批准前不会提交。" in said
        assert "#1 是你自己写的或发起的，须由别人决定。" in await here.say("同意 #1")
        said = await here.say("拒绝 #1 先别发", actor=BOB)
        assert "#1 签名 速达物流（aliyun）：bob 不同意 @submitter" in said
        assert "先别发" in said
        assert await state(here) is State.DRAFT
        assert "bob 不同意：“先别发”" in await here.say("状态 #1")


async def test_only_what_is_named_waits(tmp_path: Path) -> None:
    async with stage(tmp_path, change=policy("promo")) as here:
        assert "in review" in await here.say(SIGN)
        said = await here.say(PROMO)
        assert "Marketing templates need a second person" in said
        assert await state(here, 2) is State.AWAITING_APPROVAL
        await here.say("approve #2", actor=BOB)
        assert await state(here, 2) is State.IN_REVIEW


async def test_a_signature_for_another_company_waits(tmp_path: Path) -> None:
    async with stage(tmp_path, change=policy("third_party")) as here:
        assert "in review" in await here.say(SIGN)
        letter = tmp_path / "letter.png"
        letter.write_bytes((Path(__file__).parents[2] / "bot/running/samples/business-licence.png").read_bytes())
        said = await here.say(f"sign submit tencent 速达到家 source=company purpose=other letter={letter}")
        assert "Signatures for another company need a second person" in said, said


async def test_several_of_one_command_are_asked_for_once_and_approved_together_or_not_at_all(tmp_path: Path) -> None:
    async with stage(tmp_path, change=policy("submit")) as here:
        said = await here.say("sign submit all 速达到家 source=company")
        assert said.count("wait for approval · ops-lead") == 1
        await here.say("sign submit tencent 速达快运 source=company", actor=BOB)
        said = await here.say("approve #1 #4", actor=BOB)
        assert "You wrote or ordered #4 yourself" in said
        assert await state(here) is State.AWAITING_APPROVAL
        said = await here.say("approve #1 #2 #3", actor=BOB)
        assert "#1, #2, #3: approved" in said
        assert [await state(here, number) for number in (1, 2, 3)] == [State.IN_REVIEW] * 3


# --- An edit voids it -------------------------------------------------------------------------------------------------


async def test_any_edit_voids_what_was_agreed_to(tmp_path: Path) -> None:
    async with stage(tmp_path, change=policy("submit", more="quorum = 2")) as here:
        assert "2 people have to agree." in await here.say(SIGN)
        said = await here.say("approve #1", actor=BOB)
        assert "1 more person has to." in said
        said = await here.say("edit #1 remark=另一个说明")
        assert "• Note to the reviewer: 另一个说明" in said
        said = await here.say("approve #1", actor=CAROL)  # bob's word is gone with what he read
        assert "1 more person has to." in said
        assert "You approved #1 already." in await here.say("approve #1", actor=CAROL)
        assert here.calls("alibaba", "CreateSmsSign") == 0
        await here.say("approve #1", actor=BOB)
        assert await state(here) is State.IN_REVIEW
        assert here.calls("alibaba", "CreateSmsSign") == 1


async def test_whoever_edits_is_an_author_from_then_on(tmp_path: Path) -> None:
    async with stage(tmp_path, change=policy("submit")) as here:
        await here.say(SIGN)
        await here.say("edit #1 remark=另一个说明", actor=BOB)
        assert "You wrote or ordered #1 yourself" in await here.say("approve #1", actor=BOB)
        assert "You wrote or ordered #1 yourself" in await here.say("approve #1")
        await here.say("approve #1", actor=CAROL)
        assert await state(here) is State.IN_REVIEW


async def test_the_same_again_changes_nothing_and_what_was_read_before_an_edit_is_not_approved(tmp_path: Path) -> None:
    async with stage(tmp_path, change=policy("submit")) as here:
        await here.say(SIGN)
        first = await here.bot.services.database.read(lambda db: approvals.waiting(db, 1))
        await here.say("edit #1 source=company")
        assert await here.bot.services.database.read(lambda db: approvals.waiting(db, 1)) == first
        assert first is not None
        code = f"v{first.digest[:7]}"
        await here.say("edit #1 remark=另一个说明")
        said = await here.say(f"approve #1 {code}", actor=BOB)
        assert "#1 is not what you read any more: it was changed since." in said
        assert await state(here) is State.AWAITING_APPROVAL


# --- Deletions and changes of what a vendor has -----------------------------------------------------------------------


async def test_a_deletion_waits_says_what_breaks_and_the_vendor_is_followed_meanwhile(tmp_path: Path) -> None:
    async with stage(tmp_path, change=policy("delete")) as here:
        await here.say(SIGN)
        await here.pass_time(HOUR)
        await here.say(
            'template submit aliyun 登录码 type=otp content="您的验证码是${code}，5分钟内有效。" sign=速达物流'
        )
        said = await here.say("delete #1")
        assert "It then waits for approval by ops-lead." in said
        assert "These templates name it: #2 登录码." in said
        said = await here.say("delete #1 confirm")
        assert "#1 signature 速达物流 at aliyun: to be deleted, waits for approval · ops-lead" in said
        assert "These templates name it: #2 登录码." in said  # whoever agrees reads it, too
        assert await state(here) is State.AWAITING_APPROVAL
        assert "The deletion of #1 速达物流 waits for approval" in await here.say("delete #1 confirm")
        assert "The deletion of #1 速达物流 waits for approval" in await here.say("edit #1 remark=x")
        assert "#1 signature 速达物流 at aliyun is ready" in await here.pass_time(5 * HOUR)  # the carriers filed it
        assert await state(here) is State.AWAITING_APPROVAL
        said = await here.say("deny #1 it is still used", actor=BOB)
        assert "bob said no @submitter" in said
        assert "It stands as before: ready." in said
        assert await state(here) is State.READY

        await here.say("delete #1 confirm")
        await here.say("approve #1", actor=BOB)
        assert await state(here) is State.DELETED
        assert here.calls("alibaba", "DeleteSmsSign") == 1


async def test_a_change_waits_with_what_it_changes_and_what_was_denied_changes_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, change=policy("edit")) as here:
        await here.say("sign submit tencent 速达物流 source=company")
        said = await here.say("edit #1 remark=另一个说明")
        assert "to be changed, waits for approval" in said
        assert "→ 另一个说明" in said
        assert "• Name" not in said  # only what changes
        assert "at tencent: to be changed" in said
        await here.say("withdraw #1")
        assert await state(here) is State.IN_REVIEW
        assert (await here.request(1)).proposed is None
        assert here.calls("tencent", "ModifySmsSign") == 0
        await here.say("edit #1 remark=另一个说明")
        await here.say("approve #1", actor=BOB)
        assert (await here.request(1)).values["remark"] == "另一个说明"
        assert here.calls("tencent", "ModifySmsSign") == 1


async def test_what_went_on_at_the_vendor_meanwhile_is_not_changed_there(tmp_path: Path) -> None:
    async with stage(tmp_path, change=policy("edit")) as here:
        await here.say("sign submit tencent 速达物流 source=company")
        await here.say("edit #1 remark=另一个说明")
        await here.pass_time(6 * HOUR)  # decided: it can no longer be changed there
        said = await here.say("approve #1", actor=BOB)
        assert "#1 was not approved: it went on meanwhile." in said
        assert here.calls("tencent", "ModifySmsSign") == 0


async def test_what_the_vendor_no_longer_has_waits_for_nobody(tmp_path: Path) -> None:
    async with stage(tmp_path, change=policy("edit")) as here:
        await here.say("sign submit tencent 速达物流 source=company")
        await here.say("edit #1 remark=另一个说明")
        ref = (await here.request(1)).vendor_ref
        await here.bot.services.vendors["tencent"].reviews.delete(
            Kind.SIGNATURE, ref, international=False
        )  # in its console
        await here.pass_time(2 * HOUR)
        assert await state(here) is State.DELETED
        assert "it waits for nobody" in await here.say("approve #1", actor=BOB)


# --- No, and in time --------------------------------------------------------------------------------------------------


async def test_a_reason_is_asked_for(tmp_path: Path) -> None:
    async with stage(tmp_path, change=policy("submit")) as here:
        await here.say(SIGN)
        assert "Still missing: the reason." in await here.say("deny #1", actor=BOB, can_ask=True)
        assert await state(here) is State.AWAITING_APPROVAL
        said = await here.say("not before the holiday", actor=BOB, can_ask=True)
        assert "> not before the holiday" in said
        assert "Nothing was sent. It is kept as a draft." in said
        # What was denied can be mended and waits again.
        assert "waits for approval" in await here.say("edit #1 remark=另一个说明")


async def test_only_whoever_ordered_it_takes_it_back(tmp_path: Path) -> None:
    async with stage(tmp_path, change=policy("submit")) as here:
        await here.say(SIGN)
        assert "#1 was not taken back: submitter ordered it." in await here.say("withdraw #1", actor=BOB)
        assert "taken back by submitter" in await here.say("withdraw #1")
        assert await state(here) is State.DRAFT
        assert "cancelled" in await here.say("delete #1 confirm")


async def test_those_who_may_are_reminded_once_and_then_it_is_over(tmp_path: Path) -> None:
    async with stage(tmp_path, change=policy("submit", more='approval_expires = "3d"')) as here:
        await here.say(SIGN)
        said = await here.pass_time(2 * DAY, step=6 * HOUR)
        assert said.count("still waits for approval · ops-lead") == 1
        said = await here.pass_time(2 * DAY, step=6 * HOUR)
        assert "still waits for approval" not in said
        assert "#1 signature 速达物流 at aliyun: nobody agreed in time @submitter" in said
        assert "It waited for 3 days." in said
        assert await state(here) is State.DRAFT
        assert here.calls("alibaba", "CreateSmsSign") == 0


# --- Over a restart ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("same_file", [True, False], ids=["the same file", "another file"])
async def test_over_a_restart_files_are_asked_for_again_and_the_word_holds_for_the_same_ones(
    tmp_path: Path, same_file: bool
) -> None:
    clock = StageClock()
    samples = Path(__file__).parents[2] / "bot/running/samples/business-licence.png"
    paper = tmp_path / "licence.png"
    paper.write_bytes(samples.read_bytes())
    change = policy("submit")
    async with Sandbox(now=clock.now) as sandbox:
        async with stage(tmp_path, sandbox=sandbox, clock=clock, change=change) as here:
            await here.say(f"{SIGN} paper={paper}")
        async with stage(tmp_path, sandbox=sandbox, clock=clock, change=change) as here:
            assert await state(here) is State.AWAITING_APPROVAL
            said = await here.say("approve #1", actor=BOB)
            assert "Its files are no longer at hand" in said
            assert await state(here) is State.DRAFT
            assert here.calls("alibaba", "CreateSmsSign") == 0
            if not same_file:
                paper.write_bytes(paper.read_bytes() + b"\0")
            said = await here.say(f"edit #1 paper={paper}")
            if same_file:
                assert "in review" in said
                assert here.calls("alibaba", "CreateSmsSign") == 1
            else:
                assert "waits for approval" in said
                assert await state(here) is State.AWAITING_APPROVAL


async def test_what_was_agreed_to_and_done_is_not_agreed_to_for_ever(tmp_path: Path) -> None:
    async with stage(tmp_path, change=policy("edit")) as here:
        await here.say("sign submit tencent 速达物流 source=company")
        await here.say("edit #1 remark=一个说明")
        await here.say("approve #1", actor=BOB)
        await here.say("edit #1 remark=另一个说明")
        await here.say("approve #1", actor=BOB)
        said = await here.say("edit #1 remark=一个说明")  # as it was once agreed to
        assert "waits for approval" in said
        assert here.calls("tencent", "ModifySmsSign") == 2


async def test_who_asked_is_me(tmp_path: Path) -> None:
    async with stage(tmp_path, change=policy("submit")) as here:
        await here.say(SIGN)
        order = await here.bot.services.database.read(lambda db: approvals.waiting(db, 1))
        assert order is not None
        assert order.authors == (ME.key,)


# --- Personal data ----------------------------------------------------------------------------------------------------


@pytest.mark.also_refusing
async def test_personal_data_waits_in_memory_only_and_is_agreed_to_as_it_was_given(tmp_path: Path) -> None:
    folder, told = tmp_path / "data", []
    persons = "\n".join(f"{key}: {value}" for key, value in PERSONS.items())
    files = " ".join(f"{key}={licence(tmp_path)}" for key in ("paper", "handler_front", "handler_back"))

    async def say(here: Stage, text: str, actor: Actor = ME) -> str:
        told.append(await here.say(text, can_ask=True, actor=actor))
        return told[-1]

    async with stage(folder, change=policy("submit", "edit")) as here:
        await say(here, f"{QUALIFICATION} {files}")
        await say(here, persons)
        assert "to be submitted, waits for approval" in await say(here, PHONE[-6:])
        assert "given; not shown and not kept" in told[-1]
        other = persons.replace(NUMBER, NUMBER[:-1] + "5")
        await say(here, f"edit #1 {files}\n{other}")
        again = await say(here, PHONE[-6:])
        assert "waits for approval" in again  # one letter of what nobody sees is another order
        assert here.calls("alibaba", "SubmitSmsQualification") == 0
        assert "in review" in await say(here, "approve #1", BOB)
        (call,) = [one for one in here.sandbox.calls if one.action == "SubmitSmsQualification"]
        assert NUMBER[:-1] + "5" in str(call.params)
