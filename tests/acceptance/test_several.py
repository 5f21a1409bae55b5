"""Several alerts or requests in one command, and pairs with commas between: all as typed, or nothing is done."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.contracts.alert import AlertState
from bot.contracts.model import Actor, State
from bot.store import alerts
from tests.stage import Stage, stage

HOUR = timedelta(hours=1)
OTHER = Actor("terminal", "colleague", name="colleague")


async def with_two_alerts(s: Stage) -> None:
    await s.pass_time(4 * HOUR)
    await s.bot.services.database.write(
        lambda db: alerts.put(db, replace(alerts.get(db, 1), number=0, fingerprint="another", account="tencent"))
    )


async def alert_states(s: Stage) -> list[AlertState]:
    found = await s.bot.services.database.read(lambda db: [alerts.get(db, 1), alerts.get(db, 2)])
    return [alert.state for alert in found]


@pytest.mark.parametrize("typed", ["ack A1 A2", "ack A1,A2", "ack 1 and 2", "认领 A1、A2", "ack all", "认领 全部"])
async def test_both_alerts_are_taken(tmp_path: Path, typed: str) -> None:
    async with stage(tmp_path, quota=900) as s:
        await with_two_alerts(s)
        assert "A1, A2 are yours." in await s.say(typed)
        assert await alert_states(s) == [AlertState.ACKNOWLEDGED] * 2
        assert "There is no such alert here now." in await s.say("ack all")


async def test_a_note_and_a_span_are_for_all_of_them(tmp_path: Path) -> None:
    async with stage(tmp_path, quota=900) as s:
        await with_two_alerts(s)
        said = await s.say("ack A1 A2 buying 500k")
        assert "A1, A2 are yours." in said
        notes = await s.bot.services.database.read(lambda db: [alerts.get(db, one).ack_note for one in (1, 2)])
        assert notes == ["buying 500k"] * 2
        assert "A1, A2 are open again." in await s.say("unack all")
        assert "A1, A2 are snoozed." in await s.say("snooze A1, A2: 半小时")
        assert await alert_states(s) == [AlertState.SNOOZED] * 2
        assert "A1, A2 are resolved." in await s.say("resolve all bought")
        assert await alert_states(s) == [AlertState.RESOLVED] * 2


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("ack A1 A2", "A1 is already taken by colleague."),
        ("ack A2 A7", "There is no alert A7 here."),
        ("ack A2 A7 A8", "There are no alerts A7, A8 here."),
        ("ack A2 7 more", "could be a number or a note"),
        ("snooze A2 A7 2h", "There is no alert A7 here."),
        ("snooze A2 A1 soon", "For how long?"),
    ],
)
async def test_all_alerts_or_none(tmp_path: Path, typed: str, why: str) -> None:
    async with stage(tmp_path, quota=900) as s:
        await with_two_alerts(s)
        await s.say("ack A1", actor=OTHER)
        assert why in await s.say(typed)
        assert await alert_states(s) == [AlertState.ACKNOWLEDGED, AlertState.OPEN]


async def test_all_requests_or_none_are_deleted(tmp_path: Path) -> None:
    async with stage(tmp_path, quota=900) as s:
        await s.say("sign submit aliyun,tencent 速达物流 source=company")
        await s.say("sign submit ucloud 速达快运 source=company")
        assert "Nothing was deleted: not all of them can be." in await s.say("delete #2 #3 confirm")
        assert "There is no #9 here." in await s.say("delete #2 #9 confirm")
        await s.pass_time(3 * timedelta(days=1), step=HOUR)
        assert [(await s.request(number)).state for number in (1, 2, 3)] == [State.READY] * 3
        said = await s.say("delete #1, #2 和 #3")
        assert "Delete #1, #2, #3, all of them?" in said
        assert said.count("This cannot be undone") == 3
        assert "Delete #1, #2, #3? Please answer" in await s.say("maybe")
        assert "Being deleted at the vendors: #1, #2, #3." in await s.say("yes")
        assert [(await s.request(number)).state for number in (1, 2, 3)] == [State.DELETED] * 3


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        (
            "来源：企业，资质：8888，说明：订单通知",
            {"source": "company", "qualification": "8888", "remark": "订单通知"},
        ),
        ("来源=企业；说明：订单、配送；资质：8888。", {"qualification": "8888", "remark": "订单、配送"}),
        ("source=company, link=https://suda.example, qualification=8888,", {"qualification": "8888"}),
    ],
)
async def test_the_values_are_the_ones_that_were_typed(tmp_path: Path, typed: str, values: Mapping[str, str]) -> None:
    async with stage(tmp_path, quota=900) as s:
        await s.say(f"sign submit aliyun 速达物流 {typed}")
        stored = (await s.request(1)).values
        assert {key: stored[key] for key in values} == values
