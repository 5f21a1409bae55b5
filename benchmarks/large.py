"""A record as large as it gets: so many requests, each with its events and notices, written past the program.

Quickly and not durably, but as the program would have left it: the chain of events is whole, the notices are counted.
"""

import json
import random
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import report  # noqa: F401 - puts the repository on the import path

from bot.contracts.model import Kind, State
from bot.store import events
from bot.store.moments import to_text

PENDING_ROWS = 300
NAMES = 100_000
EVENTS, NOTICES = 2, 3  # of each request
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
ACCOUNTS = ("aliyun", "tencent", "ucloud")


@dataclass(frozen=True, slots=True)
class Large:
    """What is written: so many requests over about a year, the last minutes of which are now.

    Args:
        requests: how many; a third as many batches.
    """

    requests: int

    def fill(self, path: Path) -> float:
        """Write them into a record that is empty; returns the seconds it took."""
        start = time.perf_counter()
        db = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000", "temp_store=MEMORY"):
            db.execute(f"PRAGMA {pragma}")
        laid = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
        aside = db.execute(laid).fetchall()
        for kind, name, _ in aside:
            db.execute(f"DROP {kind} {name}")
        db.execute("BEGIN")
        db.executemany(
            "INSERT INTO batches VALUES (?, ?, 'signature', ?, ?, ?, 'slack', 'C0BENCH', '', ?)",
            self._batches(),
        )
        columns = (
            "id, batch, account, vendor, kind, name, state, action, vendor_ref, fields, reason, submitter, submitter_name, "
            "platform, conversation, thread, created_at, updated_at, since, submitted_at, next_look_at"
        )
        db.executemany(f"INSERT INTO requests ({columns}) VALUES ({', '.join('?' * 21)})", self._rows())  # noqa: S608 - our own names
        db.executemany("INSERT INTO events VALUES (?, ?, ?, ?, NULL, ?, ?, ?, ?)", self._events())
        columns = (
            "key, what, subject, platform, conversation, thread, data, state, reason, attempts, due_at, message_id, "
            "created_at, done_at"
        )
        db.executemany(f"INSERT INTO notices ({columns}) VALUES ({', '.join('?' * 14)})", self._notices())  # noqa: S608 - our own names
        db.execute("INSERT INTO tallies SELECT state, COUNT(*) FROM notices GROUP BY state")
        for _, _, sql in aside:
            db.execute(sql)
        db.execute("COMMIT")
        db.close()
        return time.perf_counter() - start

    def _at(self, number: int) -> str:
        return to_text(NOW - timedelta(days=347) * (1 - number / self.requests))

    def _batches(self) -> Iterator[tuple[Any, ...]]:
        for batch in range(1, self.requests // 3 + 2):
            who = _who(batch * 3)
            yield (
                batch,
                f"slack:{batch}",
                f"名称{batch % NAMES}",
                f"slack:U{who:04}",
                f"user {who}",
                self._at(batch * 3),
            )

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        chance = random.Random(7)  # noqa: S311 - repeatable, nothing secret
        ended = [State.READY] * 70 + [State.REJECTED] * 15 + [State.DELETED] * 10 + [State.FAILED] * 5
        waiting = set(range(self.requests - 3 * PENDING_ROWS, self.requests, 3)) | set(range(1000, 1000 + 20))
        for number in range(1, self.requests + 1):
            account = ACCOUNTS[number % 3]
            who = 1 if number in (500, 5000, 50_000) else _who(number)
            kind = Kind.TEMPLATE if number // 3 % 4 else Kind.SIGNATURE
            state = State.IN_REVIEW if number in waiting else chance.choice(ended)
            if number in (700, 701):
                state = State.WITHDRAWN
            at = self._at(number)
            fields = json.dumps(
                {"name": f"名称{number // 3 % NAMES}", "type": "otp", "content": "您的验证码是${code}。"}
            )
            yield (
                number,
                number // 3 + 1,
                account,
                "alibaba",
                kind.value,
                f"名称{number // 3 % NAMES}",
                state.value,
                "create",
                f"REF{number}",
                fields,
                "签名无法识别主体" if state is State.REJECTED else "",
                f"slack:U{who:04}",
                f"user {who}",
                "slack",
                "C0BENCH",
                "",
                at,
                at,
                at,
                at,
                to_text(NOW + timedelta(minutes=number % 60 - 5)) if state is State.IN_REVIEW else None,
            )

    def _events(self) -> Iterator[tuple[Any, ...]]:
        before, last = events.START, 0
        for number in range(1, self.requests + 1):
            account = ACCOUNTS[number % 3]
            who = 1 if number in (500, 5000, 50_000) else _who(number)
            at = self._at(number)
            for what, actor, data in (
                ("created", f"slack:U{who:04}", '{"state": "queued"}'),
                ("moved", "vendor", json.dumps(_moved(number))),
            ):
                row = {"at": at, "what": what, "request": number, "alert": None}
                row |= {"account": account, "actor": actor, "data": data}
                before, last = events._hash(before, row), last + 1  # noqa: SLF001 - the chain that `verify` follows
                yield last, at, what, number, account, actor, data, before

    def _notices(self) -> Iterator[tuple[Any, ...]]:
        chance = random.Random(9)  # noqa: S311 - repeatable, nothing secret
        ended = ["sent"] * 94 + ["held"] * 5 + ["failed"]
        for number in range(1, self.requests + 1):
            at = self._at(number)
            for turn, what in enumerate(("card", "news", "news")):
                state = chance.choice(ended)
                yield (
                    f"{what}:{number}:{turn}",
                    what,
                    f"request:{number}",
                    "slack",
                    "C0BENCH",
                    "",
                    '{"news": "approved", "reason": "", "by": "vendor"}',
                    state,
                    "" if state == "sent" else "nothing new",
                    1,
                    at,
                    f"C0BENCH:{number}.{turn}" if state == "sent" else "",
                    at,
                    at,
                )


def _moved(number: int) -> dict[str, str]:
    """What the vendor said of it: mostly the decision, of every seventh a rejection in one of a hundred wordings."""
    if number % 10 == 0:
        return {"from": "submitting", "to": "in_review", "action": "create"}
    if number % 7 == 0:
        return {
            "from": "in_review",
            "to": "rejected",
            "action": "create",
            "reason": f"签名无法识别主体（{number % 100}）",
        }
    return {"from": "in_review", "to": "ready", "action": "create"}


def _who(number: int) -> int:
    return number * 7 // 3 % 40 + 2  # forty people; the first one is me, who asked for little long ago
