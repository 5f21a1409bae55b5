"""People who are linked in the configuration are one in both chats."""

from datetime import UTC, datetime
from pathlib import Path

import sqlite_utils

from bot.contracts.message import Items, Mention, Message, Table, Text
from bot.contracts.settings import Settings
from bot.desk import people
from bot.requests import announce
from bot.running.config import parse
from bot.running.vendors import ACCOUNTS
from bot.store import events
from bot.store.migrations import MIGRATIONS

CONFIG = """
[[person]]
name = "alice"
slack = "U0ALICE"
dingtalk = "manager4567"
role = "approver"
[[person]]
name = "bob"
slack = "U0BOB"
role = "viewer"
"""


def settings(folder: Path) -> Settings:
    return parse(CONFIG, accounts=ACCOUNTS, environ={}, base=folder)


def test_everything_a_person_did_is_theirs_wherever_they_did_it(tmp_path: Path) -> None:
    db = sqlite_utils.Database(memory=True, execute_plugins=False)
    MIGRATIONS.apply(db)
    did = ("slack:T0HOME/U0ALICE", "dingtalk:ding1/manager4567", "slack:T0HOME/U0BOB", "vendor", "slack:U0ALICE")
    for actor in did:
        for _ in range(3):
            events.append(db, at=datetime(2026, 1, 1, tzinfo=UTC), what="created", actor=actor, account="aliyun")

    assert events.actors(db) == tuple(sorted(did))
    assert set(people.all_of(db, "slack:T0HOME/U0ALICE", settings(tmp_path))) == {did[0], did[1], did[4]}
    assert people.all_of(db, "slack:T0HOME/U0NOBODY", settings(tmp_path)) == ("slack:T0HOME/U0NOBODY",)
    assert set(people.all_of(db, people.a_key_of(settings(tmp_path).people[1]), settings(tmp_path))) == {
        "slack:U0BOB",
        did[2],
    }
    db.close()


def test_in_an_empty_record_nobody_did_anything() -> None:
    db = sqlite_utils.Database(memory=True, execute_plugins=False)
    MIGRATIONS.apply(db)

    assert events.actors(db) == ()
    db.close()


def test_who_is_only_named_is_not_mentioned() -> None:
    alice = Mention("slack:T0HOME/U0ALICE", "alice")
    said = Message(
        (alice, " waits"), blocks=(Text((alice,)), Items(((alice,), ("x", alice))), Table(("a",), (((alice,),),)))
    )

    named = announce.named_only(said)
    assert named.title == ("· alice", " waits")
    assert named.blocks == (
        Text(("· alice",)),
        Items((("· alice",), ("x", "· alice"))),
        Table(("a",), ((("· alice",),),)),
    )
