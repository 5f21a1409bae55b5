"""What people stumble over the first time, and what they are told then."""

from datetime import timedelta
from pathlib import Path

from integrations.sandbox import Fault, Sandbox
from tests.acceptance.slack_forms import handed_in, opened
from tests.acceptance.slack_pages.pages import labels
from tests.acceptance.slack_team import SUBMIT, Team, team
from tests.emulators.slack.server import Slack
from tests.stage import StageClock

HOUR = timedelta(hours=1)
TEMPLATE = 'template submit ucloud 登录验证码 type=otp content="您的验证码是${code}，5分钟内有效" remark=登录'


def buttons(message: dict[str, object]) -> str:
    blocks = message["blocks"]
    assert isinstance(blocks, list)
    return str([block for block in blocks if block["type"] == "actions"])


async def lost(here: Team, vendor: str, action: str, said: str) -> None:
    """Submit something of which the answer is lost."""
    here.sandbox.faults.next(vendor, Fault.RESET_AFTER, action)  # type: ignore[arg-type]
    await here.slack.slash(said)
    await here.until("unknown")


async def test_details_say_more_than_the_card(here: Team) -> None:
    await here.slack.slash(SUBMIT)
    card = await here.until("in review")
    assert "Source of the name" not in str(card["text"])
    await here.slack.press("Details", card)

    details = await here.until("Source of the name: company name")
    assert "Waits for: the reviewers of aliyun." in str(details["text"])
    assert "Details" not in buttons(details)  # it would say the same again


async def test_the_same_again_is_refused_with_the_way_to_what_stands(here: Team) -> None:
    await here.slack.slash(SUBMIT)
    await here.until("in review")
    await here.slack.slash(SUBMIT)

    refused = str((await here.until("Signature 速达物流 was not sent."))["text"])
    assert "#1 is the same and is in review" in refused
    assert "Next: /sms show #1" in refused


async def test_a_file_that_is_only_named_is_refused_not_passed_over(here: Team) -> None:
    await here.slack.slash(f"{SUBMIT} paper=licence.png")
    await here.until("a file cannot be named here; attach it instead")
    assert here.calls("CreateSmsSign") == 0


async def test_a_draft_without_a_name_reads_as_one(asking: Team) -> None:
    await asking.slack.slash("template submit tencent")
    await asking.slack.close_view(await opened(asking))
    await asking.slack.until(lambda: asking.slack.whispers)
    await asking.slack.slash("status")

    said = str((await asking.until("1 pending"))["text"])
    assert "#1 template without a name at tencent: draft" in said
    assert "· #1" not in said


async def test_states_are_named_as_they_are_typed(here: Team) -> None:
    await here.slack.slash("sign list state=nonsense")
    said = str((await here.until("I know no state"))["text"])
    assert "in_review, approved, ready" in said
    await here.slack.slash(SUBMIT)
    await here.until("in review")
    await here.slack.slash("sign list state=in_review")
    await here.until("Signatures: 1")


async def test_help_on_a_subject_is_about_that_subject(here: Team) -> None:
    await here.slack.slash("help look")
    said = str((await here.until("What can be said here"))["text"])
    assert "sign list" in said
    assert "sign submit [ACCOUNTS]" not in said


# --- Lost answers ----------------------------------------------------------------------------------------------------


async def test_a_wrong_id_leaves_the_question_with_its_buttons(here: Team) -> None:
    await lost(here, "ucloud", "CreateUSMSTemplate", TEMPLATE)
    await here.slack.slash("delete #1")
    refused = str((await here.until("#1 was not deleted"))["text"])
    assert "Next: /sms settle #1 id=… · /sms settle #1 resend" in refused  # ucloud will never answer
    await here.slack.slash('settle #1 id="U T A"')
    await here.until("“U T A” is no id; copy it from the console of ucloud.")
    await here.slack.slash("settle #1 id=UTA404")
    wrong = await here.until("ucloud has no template under the id UTA404.")
    assert labels(wrong) == ["It is there, id …", "It is not there, send again"]
    assert "#1 stays unknown" in str(wrong["text"])

    await here.slack.press("It is there, id …", wrong)
    view_id = await opened(here)
    await handed_in(here, view_id, {"id": here.sandbox.accepted("ucloud")[0].ref})
    await here.until("I follow it under the id")


async def test_nothing_is_sent_again_while_the_vendor_is_still_asked(here: Team) -> None:
    here.sandbox.faults.next("alibaba", Fault.RESET_AFTER, "CreateSmsSign")
    for question in ("GetSmsSign", "QuerySmsSignList"):
        here.sandbox.faults.next("alibaba", Fault.HTTP_500, question, times=1000)
    await here.slack.slash(SUBMIT)
    await here.until("unknown")
    await here.slack.slash("settle #1 resend")
    await here.until("wait until aliyun has answered")
    here.sandbox.faults.clear()
    await here.pass_time(HOUR)

    await here.until("aliyun has it")
    assert here.calls("CreateSmsSign") == 1


async def test_a_vendor_that_is_broken_is_not_quoted(here: Team) -> None:
    here.sandbox.faults.next("tencent", Fault.HTTP_500, "SmsPackagesStatistics", times=1000)
    await here.slack.slash("quota tencent")
    said = str((await here.until("tencent did not answer"))["text"])
    assert "tencent has a fault of its own right now (HTTP 500)" in said
    assert "could not be read" not in said


# --- Carriers --------------------------------------------------------------------------------------------------------


async def test_what_a_carrier_refuses_is_for_the_submitter_to_mend(here: Team) -> None:
    await here.slack.slash(SUBMIT)
    await here.until("in review")
    here.sandbox.approve("alibaba", "速达物流")
    await here.pass_time(timedelta(minutes=20))
    await here.until("approved by aliyun")
    here.sandbox.file("速达物流", "mobile", 0, "QUALIFICATION_ERROR", "资质不符")
    await here.pass_time(2 * HOUR)

    failed = str((await here.until("a carrier did not file it"))["text"])
    assert "<@U0ALICE>" in failed
    assert "do not go out with this name" in failed
    await here.slack.slash("status #1")
    await here.until("Waits for: alice.")


# --- Subscriptions ---------------------------------------------------------------------------------------------------


async def test_a_subscription_says_what_it_did_and_unsubscribing_ends_all_of_it(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    def admin(text: str) -> str:
        return text.replace('role = "approver"', 'role = "admin"')

    async with team(tmp_path, slack, sandbox, clock, admin) as here:
        await slack.slash("subscribe quota aliyun")
        said = await here.until("Subscribed to quota (aliyun)")
        assert "quota: aliyun" in str(said["text"])
        await slack.slash("unsubscribe quota")
        said = await here.until("Unsubscribed from quota")
        assert "quota:" not in str(said["text"])
        await slack.slash("subscribe")
        await here.until("Still missing: a topic, such as alerts")


# --- Being invited ---------------------------------------------------------------------------------------------------


async def test_invited_into_a_channel_that_is_not_listed_it_says_so_to_all(here: Team) -> None:
    delivery = await here.slack.invite("C0NEW")
    said = await here.until("This conversation is not on my list.", "C0NEW")
    await here.slack.redeliver(delivery)
    assert "only" not in said
    assert 'in config.toml, under [[conversation]]: platform = "slack", id = "C0NEW"; then start me again.' in str(
        said["text"]
    )
    await here.slack.invite("C0OTHER", by="")
    await here.until("not on my list", "C0OTHER")
    assert len(here.slack.said("C0NEW")) == 1


async def test_invited_where_it_is_served_or_when_others_are_it_waits_until_it_is_asked(here: Team) -> None:
    await here.slack.invite("C0SMS")
    await here.slack.invite("C0SMS", who="U0BOB")
    await here.slack.slash("status")
    await here.until("Nothing is pending")
    assert not here.slack.public()


async def test_who_is_not_listed_reads_what_an_operator_needs(here: Team) -> None:
    await here.slack.dm("status", user="U0BOB")
    said = str((await here.until("not on my list", "D0ALICE"))["text"])
    assert 'in config.toml, under [[person]]: slack = "U0BOB"; then start me again.' in said
