"""The same story is the same record, wherever it is told: Slack and DingTalk differ in looks only.

And one person who is linked in `[[person]]` is one person in both, with one bot between the two chats.
"""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import sqlite_utils

from bot.store import alerts
from integrations.sandbox import Sandbox
from tests.acceptance.both_chats import ALICE, CHANNEL, GROUP, ZHANG, Chats, bot_in
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.stage import StageClock

HOUR = timedelta(hours=1)


async def rows_of(chats: Chats) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The requests and the events, without what says where it was told and by whom, and without times."""

    def read(db: sqlite_utils.Database) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        return list(db["requests"].rows), list(db["events"].rows)

    requests, events = await chats.bot.services.database.read(read)
    return [told(row) for row in requests], sorted((told(row) for row in events), key=json.dumps)


ELSEWHERE = frozenset(
    {"platform", "conversation", "thread", "submitter", "submitter_name", "origin", "hash", "language", "id"}
)
"""What must differ between two chats: where, who, ids of messages; and the chain over them."""


def told(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what must differ."""
    kept = {key: value for key, value in row.items() if key not in ELSEWHERE}
    if str(kept.get("actor", "")).partition(":")[0] in ("slack", "dingtalk"):
        kept["actor"] = "somebody"
    if "data" in kept:
        kept["data"] = {
            key: value for key, value in json.loads(kept["data"]).items() if key != "who" and key not in ELSEWHERE
        }
    return kept


class Tells(Protocol):
    """Says a command in a chat, as whoever is linked there."""

    async def __call__(self, text: str) -> None: ...


SCRIPT = (
    "sign submit all 速达到家 source=company",
    "sign submit tencent 速达 source=company",
    6,
    "edit #4 name=速达优选",
    6,
    "delete #1",
    "yes",
    "delete #2 confirm",
    "ack A1 buying 500k",
    'template submit all 登录码 type=otp content="您的验证码是${code}，5分钟内有效。" sign=速达优选',
    6,
    "resolve A1 bought",
)
"""Commands, and hours that pass between."""


def drained(chats: Chats) -> None:
    """A package runs low."""
    chats.sandbox.drain("alibaba", 10**9)


async def told_in(chats: Chats, tell: Tells) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The record of the script."""
    drained(chats)
    for line in SCRIPT:
        if isinstance(line, int):
            await chats.pass_time(line * HOUR)
        else:
            await tell(line)
            await chats.work()
    return await rows_of(chats)


async def test_told_in_slack_or_in_dingtalk_it_is_the_same_record(tmp_path: Path) -> None:
    records = []
    for platform in ("slack", "dingtalk"):
        clock = StageClock()
        async with (
            Sandbox(now=clock.now, limits=False) as sandbox,
            Slack() as slack,
            DingTalkEmulator(now=lambda clock=clock: clock.now().timestamp()) as dingtalk,
            bot_in(
                tmp_path / platform,
                slack if platform == "slack" else None,
                dingtalk if platform == "dingtalk" else None,
                sandbox,
                clock,
            ) as chats,
        ):

            async def in_slack(text: str, slack: Slack = slack) -> None:
                await slack.acked(await slack.mention(text))

            async def in_dingtalk(text: str, dingtalk: DingTalkEmulator = dingtalk) -> None:
                await dingtalk.acked(dingtalk.frame_of(await dingtalk.say(text)))

            records.append(await told_in(chats, in_slack if platform == "slack" else in_dingtalk))
            assert not slack.refused
            assert not dingtalk.complaints
    (requests, events), (same_requests, same_events) = records
    assert [(row["name"], row["state"]) for row in requests] == [
        ("速达到家", "deleted"),
        ("速达到家", "deleted"),
        ("速达到家", "ready"),
        ("速达优选", "ready"),
        ("登录码", "failed"),  # this account has no such signature
        *[("登录码", "ready")] * 2,
    ]
    assert same_requests == requests
    assert same_events == events


# --- One bot, one person, two chats ----------------------------------------------------------------------------------


async def test_one_person_in_both_chats_is_one_person(tmp_path: Path) -> None:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False) as sandbox,
        Slack() as slack,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as dingtalk,
        bot_in(tmp_path, slack, dingtalk, sandbox, clock) as both,
    ):
        drained(both)
        await both.pass_time(HOUR)
        card = next(one for one in slack.said(CHANNEL) if "A1" in one["text"])
        _, other = dingtalk.card("A1", GROUP)
        assert (card["text"][:5], other.values["title"][:5]) == ("🔴 A1 ", "🔴 A1 ")

        # Acknowledged in Slack by its button: both cards say who.
        await slack.acked(await slack.press("Acknowledge", card, user=ALICE))
        await both.work()
        assert card["text"].startswith("🟡 A1 ")
        assert "Acknowledged by alice" in card["text"]
        assert other.values["title"].startswith("🟡 A1 ")
        assert "alice 已认领" in other.values["body"]
        assert other.values["state"] == "acknowledged"

        clock.move(timedelta(minutes=10))
        # What they asked for in either chat is theirs in both.
        await slack.acked(await slack.mention("sign submit tencent 速达优选 source=company", ALICE))
        await both.work()
        await dingtalk.acked(dingtalk.frame_of(await dingtalk.say("签名 提交 ucloud 速达快运 来源=企业", ZHANG)))
        await both.work()
        await slack.acked(await slack.mention("status mine", ALICE))
        await dingtalk.acked(dingtalk.frame_of(await dingtalk.say("状态 我的", ZHANG)))
        await both.work()
        here, there = slack.said(CHANNEL)[-1]["text"], dingtalk.texts(GROUP)[-1]
        for name in ("速达优选", "速达快运"):
            assert name in here
            assert name in there

        # Closed in DingTalk by the card's button: both cards say so.
        await dingtalk.press(dingtalk.card("A1", GROUP)[0], {"action": "resolve", "id": "A1"}, ZHANG)
        await both.work()
        assert card["text"].startswith("🟡 A1 ")  # closed, and still so
        assert "Resolved by alice, open for 40 min." in card["text"]
        assert "I open a new alert" in card["text"]
        assert other.values["title"].startswith("🟡 A1 ")
        assert other.values["state"] == "resolved"
        found = await both.bot.services.database.read(lambda db: alerts.get(db, 1))
        assert found.acked_by != found.resolved_by
        assert both.bot.services.settings.same_person(found.acked_by, found.resolved_by)
        assert not slack.refused
        assert not dingtalk.complaints
