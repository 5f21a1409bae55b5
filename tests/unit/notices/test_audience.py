"""Who hears of what: topics of the file, what was asked for since, and never what is not spoken of in a conversation."""

from datetime import UTC, datetime

import pytest
import sqlite_utils

from bot.contracts.model import Place
from bot.notices.audience import Audience
from bot.store import subscriptions
from bot.store.migrations import MIGRATIONS

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
OPS, ONE = Place("paper", "ops"), Place("paper", "one")
LISTED = {
    OPS: (frozenset({"alerts"}), frozenset[str]()),
    ONE: (frozenset({"alerts"}), frozenset({"aliyun"})),
}


@pytest.mark.parametrize("topic", ["reviews", "digest", "quota"])
@pytest.mark.parametrize("account", ["", "tencent"])
def test_what_is_not_spoken_of_in_a_conversation_it_cannot_ask_for(topic: str, account: str) -> None:
    db = sqlite_utils.Database(memory=True)
    MIGRATIONS.apply(db)
    for place in (OPS, ONE):
        subscriptions.want(db, place, (topic,), account, wanted=True, by="paper:u", now=NOW)
    audience = Audience(LISTED)
    assert audience.places(db, topic, "tencent") == (OPS,)
    assert (ONE in audience.places(db, topic, "aliyun")) is (account == "")
