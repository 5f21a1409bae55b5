"""Before one more is submitted than a vendor takes, the person reads so; a count can be wrong, so it goes when they say so."""

from pathlib import Path

import pytest
import sqlite_utils

from bot.contracts.model import Actor, Kind, State
from bot.store import requests
from tests.stage import Stage, stage

SIGNATURE = "sign submit tencent 速达快运 source=company qualification=1 remark=通知"
TEMPLATE = 'template submit aliyun 取件 type=notice sign=速达科技 remark=通知 content="您的订单${order}已发货。" sample.order=A1'


async def filled(here: Stage, account: str, vendor: str, kind: Kind, count: int) -> None:
    """Have the record say that so many were submitted today and are ready."""

    def seed(db: sqlite_utils.Database) -> None:
        now = here.clock.now()
        new = [requests.NewRequest(account, vendor, {"name": "速达"}, (), State.QUEUED)] * count
        me = Actor("terminal", "me")
        requests.create_batch(db, origin="seeded", kind=kind, name="速达", actor=me, place=here.place, new=new, now=now)
        for number in range(1, count + 1):
            sent = requests.move(db, requests.get(db, number), State.SUBMITTING, now=now, actor="signpost")
            in_review = requests.move(db, sent, State.IN_REVIEW, now=now, actor="vendor", vendor_ref=f"seeded-{number}")
            requests.move(db, in_review, State.READY, now=now, actor="vendor")

    await here.bot.services.database.write(seed)


@pytest.mark.parametrize(
    ("account", "vendor", "kind", "most", "typed", "told"),
    [
        ("tencent", "tencent", Kind.SIGNATURE, 50, SIGNATURE, "as many signatures as an account may have “50/50”"),
        ("aliyun", "alibaba", Kind.TEMPLATE, 100, TEMPLATE, "as many templates as may be submitted in a day “100/100”"),
    ],
)
async def test_the_count_is_told_before_the_call(
    tmp_path: Path, account: str, vendor: str, kind: Kind, most: int, typed: str, told: str
) -> None:
    async with stage(tmp_path, auto_review=False) as here:
        await filled(here, account, vendor, kind, most)
        said = await here.say(typed, can_ask=True)
        assert told in said
        assert "it goes as it is when you say so" in said
        assert not here.sandbox.accepted(vendor)
