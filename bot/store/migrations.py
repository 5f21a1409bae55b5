"""The record's schema, step by step. Append only: a step that has shipped is never renamed, reordered or changed.

The columns of `requests`, `events`, `notices`, `alerts`, `samples` and `subscriptions` named in spec 10 are read by
others (Datasette, sqlite-utils, reports). Times are UTC, ISO 8601, milliseconds, `Z`.
"""

import sqlite_utils
from sqlite_utils.migrations import Migrations

from bot.store.initial import INITIAL

MIGRATIONS = Migrations("signpost")


@MIGRATIONS()
def m0001_initial(db: sqlite_utils.Database) -> None:
    """The first schema."""
    for statement in INITIAL.split(";\n\n"):
        db.execute(statement)


@MIGRATIONS()
def m0002_heard(db: sqlite_utils.Database) -> None:
    """Deliveries that were dealt with."""
    db.execute("CREATE TABLE heard (origin TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT")
    db.execute("CREATE INDEX heard_by_age ON heard (at)")


@MIGRATIONS()
def m0003_listed(db: sqlite_utils.Database) -> None:
    """Lists, newest first, without reading the whole record: an index for each way to narrow them."""
    db.execute("CREATE INDEX requests_listed ON requests (account, kind, state)")
    db.execute("DROP INDEX requests_due")  # beside the first one it would no longer be chosen
    db.execute("CREATE INDEX requests_due ON requests (account, next_look_at) WHERE next_look_at IS NOT NULL")
    db.execute("CREATE INDEX requests_submitter ON requests (submitter, account)")
    db.execute("CREATE INDEX events_account ON events (account)")
    db.execute("CREATE INDEX events_actor ON events (actor, account)")


@MIGRATIONS()
def m0004_kept(db: sqlite_utils.Database) -> None:
    """What chats keep over restarts, and which thing a platform message shows."""
    db.execute(
        """CREATE TABLE kept (
               platform TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL,
               PRIMARY KEY (platform, key)) STRICT"""
    )
    db.execute("CREATE INDEX kept_by_age ON kept (at)")
    db.execute("CREATE INDEX messages_shown ON messages (platform, conversation, message_id)")
    db.execute("CREATE INDEX notices_done ON notices (platform, conversation, done_at) WHERE state <> 'due'")


@MIGRATIONS()
def m0005_snoozed(db: sqlite_utils.Database) -> None:
    """Alerts that are snoozed."""
    db.execute("ALTER TABLE alerts ADD COLUMN snoozed_until TEXT")
    db.execute("ALTER TABLE alerts ADD COLUMN snoozed_by TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE alerts ADD COLUMN snoozed_by_name TEXT NOT NULL DEFAULT ''")


@MIGRATIONS()
def m0006_questions(db: sqlite_utils.Database) -> None:
    """Questions are reminded of and forgotten by themselves, and a file can be handed in elsewhere with a code."""
    for column in (
        "thread TEXT NOT NULL DEFAULT ''",
        "name TEXT NOT NULL DEFAULT ''",  # of whoever is asked, for display
        "expires_at TEXT",
        "due_at TEXT",  # when it is reminded of or forgotten, whichever comes first
        "code TEXT NOT NULL DEFAULT ''",
        "wrong INTEGER NOT NULL DEFAULT 0",
        "files_from TEXT NOT NULL DEFAULT ''",
    ):
        db.execute(f"ALTER TABLE dialogues ADD COLUMN {column}")
    # What was asked before this step keeps its day, and is not reminded of.
    tomorrow = "strftime('%Y-%m-%dT%H:%M:%fZ', updated_at, '+1 day')"
    db.execute(f"UPDATE dialogues SET expires_at = {tomorrow}, due_at = {tomorrow}")  # noqa: S608 - our own words
    db.execute("CREATE INDEX dialogues_due ON dialogues (due_at)")
    db.execute("CREATE UNIQUE INDEX dialogues_code ON dialogues (code) WHERE code <> ''")


@MIGRATIONS()
def m0007_open(db: sqlite_utils.Database) -> None:
    """Somebody's requests that are not over yet, without reading those that are."""
    db.execute(
        """CREATE INDEX requests_open ON requests (submitter, account)
           WHERE state NOT IN ('ready', 'deleted', 'cancelled', 'withdrawn')"""
    )


@MIGRATIONS()
def m0008_tallies(db: sqlite_utils.Database) -> None:
    """How many notices there are in each state, counted as they are written; and what is on its way, to be found alone."""
    db.execute("CREATE INDEX notices_leased ON notices (lease_until) WHERE lease_until IS NOT NULL")
    db.execute("CREATE TABLE tallies (state TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID")
    db.execute("INSERT INTO tallies SELECT state, COUNT(*) FROM notices GROUP BY state")
    one_more = """INSERT INTO tallies VALUES (NEW.state, 1) ON CONFLICT (state) DO UPDATE SET n = n + 1;"""
    one_less = """UPDATE tallies SET n = n - 1 WHERE state = OLD.state;"""
    db.execute(f"CREATE TRIGGER notices_come AFTER INSERT ON notices BEGIN {one_more} END")
    db.execute(f"CREATE TRIGGER notices_go AFTER DELETE ON notices BEGIN {one_less} END")
    db.execute(
        f"""CREATE TRIGGER notices_end AFTER UPDATE OF state ON notices WHEN OLD.state <> NEW.state
            BEGIN {one_less} {one_more} END"""
    )


@MIGRATIONS()
def m0009_troubles(db: sqlite_utils.Database) -> None:
    """Trouble with a vendor's calls goes on over restarts, and its alert keeps what the vendor said."""
    db.execute("ALTER TABLE alerts ADD COLUMN refusal TEXT NOT NULL DEFAULT ''")  # JSON; empty where it is about quota
    db.execute(
        """CREATE TABLE troubles (
               account TEXT NOT NULL, metric TEXT NOT NULL, part TEXT NOT NULL,
               since TEXT NOT NULL, last_at TEXT NOT NULL, times INTEGER NOT NULL, refusal TEXT NOT NULL,
               PRIMARY KEY (account, metric, part)) STRICT"""
    )


@MIGRATIONS()
def m0010_sorts(db: sqlite_utils.Database) -> None:
    """How a package was come by has a column of its own; it stood behind the id, in both languages at once."""
    db.execute("ALTER TABLE samples ADD COLUMN sort TEXT NOT NULL DEFAULT ''")
    for sort, behind in (("gift", " (gift 赠送)"), ("bought", " (bought 购买)")):
        db.execute(
            "UPDATE samples SET sort = ?, subject = substr(subject, 1, length(subject) - ?) WHERE subject LIKE ?",
            (sort, len(behind), f"%{behind}"),
        )


@MIGRATIONS()
def m0011_matters(db: sqlite_utils.Database) -> None:
    """What is left in packages is one matter, measured as messages or as a share: one alert that stands, not two."""
    quota = "metric IN ('quota.remaining', 'quota.share')"
    urgency = "CASE severity WHEN 'critical' THEN 2 WHEN 'warning' THEN 1 ELSE 0 END"
    standing = list(
        db.query(f"SELECT id, account FROM alerts WHERE state <> 'resolved' AND {quota} ORDER BY {urgency} DESC, id")  # noqa: S608 - our own words
    )
    kept: dict[str, int] = {}
    for row in standing:
        if (other := kept.setdefault(row["account"], row["id"])) != row["id"]:
            db.execute(
                "UPDATE alerts SET state = 'resolved', resolved_at = last_told_at, resolve_note = ? WHERE id = ?",
                (f"A{other}", row["id"]),
            )
    db.execute(f"UPDATE alerts SET fingerprint = 'quota:' || account WHERE {quota}")  # noqa: S608 - our own words


@MIGRATIONS()
def m0012_stock(db: sqlite_utils.Database) -> None:
    """What is behind an alert's figure, since when nothing is left, and what was closed although it was still so."""
    db.execute("ALTER TABLE alerts ADD COLUMN stock TEXT NOT NULL DEFAULT ''")  # JSON; empty where nobody told
    db.execute("ALTER TABLE alerts ADD COLUMN empty_since TEXT")
    db.execute(
        """CREATE INDEX alerts_put_aside ON alerts (resolved_at)
           WHERE state = 'resolved' AND resolved_by <> '' AND clear_since IS NULL"""
    )


@MIGRATIONS()
def m0013_shifts(db: sqlite_utils.Database) -> None:
    """Who is on call instead of the plan, who was told last, and how far up an alert was taken."""
    db.execute(
        """CREATE TABLE shifts (
               id INTEGER PRIMARY KEY AUTOINCREMENT, oncall TEXT NOT NULL, person TEXT NOT NULL,
               start_at TEXT NOT NULL, end_at TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL) STRICT"""
    )
    db.execute("CREATE INDEX shifts_of ON shifts (oncall, end_at)")
    db.execute("CREATE TABLE handovers (oncall TEXT PRIMARY KEY, person TEXT NOT NULL, at TEXT NOT NULL) STRICT")
    db.execute("ALTER TABLE alerts ADD COLUMN escalated INTEGER NOT NULL DEFAULT 0")  # rungs of the ladder
    db.execute("ALTER TABLE alerts ADD COLUMN called_since TEXT")  # when the ladder began
    db.execute("ALTER TABLE alerts ADD COLUMN held INTEGER NOT NULL DEFAULT 0")  # waits for the end of quiet hours
    db.execute("ALTER TABLE alerts ADD COLUMN flaps INTEGER NOT NULL DEFAULT 0")
    db.execute(
        """CREATE TABLE watchers (
               subject TEXT NOT NULL, who TEXT NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL,
               PRIMARY KEY (subject, who)) STRICT"""
    )


@MIGRATIONS()
def m0014_traffic(db: sqlite_utils.Database) -> None:
    """What was sent and what became of it, by hour and by day."""
    db.execute(
        """CREATE TABLE traffic (
               account TEXT NOT NULL, minutes INTEGER NOT NULL, by TEXT NOT NULL, start TEXT NOT NULL, key TEXT NOT NULL,
               delivered INTEGER NOT NULL, failed INTEGER NOT NULL, waiting INTEGER NOT NULL, refused INTEGER NOT NULL,
               parts INTEGER, codes TEXT NOT NULL, at TEXT NOT NULL,
               PRIMARY KEY (account, minutes, by, start, key)) STRICT, WITHOUT ROWID"""
    )


@MIGRATIONS()
def m0015_behind(db: sqlite_utils.Database) -> None:
    """What is behind an alert on what was sent, or on requests."""
    db.execute("ALTER TABLE alerts ADD COLUMN behind TEXT NOT NULL DEFAULT ''")  # JSON; empty where nobody told


@MIGRATIONS()
def m0016_merged(db: sqlite_utils.Database) -> None:
    """What is urgent goes first, several notices are told in one message, and a conversation that takes nothing is known."""
    db.execute("ALTER TABLE notices ADD COLUMN urgency INTEGER NOT NULL DEFAULT 1")  # the lower, the sooner
    db.execute("ALTER TABLE notices ADD COLUMN merged TEXT NOT NULL DEFAULT ''")  # key of the message it is told in
    db.execute("DROP INDEX notices_due")
    db.execute("CREATE INDEX notices_due ON notices (platform, conversation, urgency, id) WHERE state = 'due'")
    db.execute("CREATE INDEX notices_merged ON notices (merged) WHERE state = 'due' AND merged <> ''")
    db.execute(
        """CREATE TABLE shut (
               platform TEXT NOT NULL, conversation TEXT NOT NULL,
               PRIMARY KEY (platform, conversation)) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """INSERT INTO shut SELECT platform, conversation FROM notices WHERE id IN (
               SELECT MAX(id) FROM notices WHERE state IN ('sent', 'failed') GROUP BY platform, conversation)
           AND state = 'failed'"""
    )


@MIGRATIONS()
def m0017_owed(db: sqlite_utils.Database) -> None:
    """What `why` and the auditor read: reasons in both languages, notices by their message, how many were ever owed."""
    db.execute("ALTER TABLE notices ADD COLUMN reason_zh TEXT NOT NULL DEFAULT ''")
    db.execute(
        """UPDATE notices SET reason = 'not known', reason_zh = '不详'
           WHERE state IN ('failed', 'held') AND reason = ''"""
    )
    db.execute("CREATE INDEX notices_message ON notices (message_id) WHERE message_id <> ''")
    db.execute("CREATE INDEX notices_unexplained ON notices (id) WHERE state IN ('failed', 'held') AND reason = ''")
    db.execute("CREATE TABLE owed (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL) STRICT")
    db.execute("INSERT INTO owed SELECT 1, COALESCE(SUM(n), 0) FROM tallies")
    db.execute("CREATE TRIGGER notices_owed AFTER INSERT ON notices BEGIN UPDATE owed SET n = n + 1; END")


@MIGRATIONS()
def m0018_pushed(db: sqlite_utils.Database) -> None:
    """What vendors send by themselves: answers of people, and reviews that have moved until the vendor has been asked."""
    db.execute(
        """CREATE TABLE replies (
               id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, mark TEXT NOT NULL, number TEXT NOT NULL,
               text TEXT NOT NULL, opt_out INTEGER NOT NULL, sign TEXT NOT NULL, said_at TEXT, at TEXT NOT NULL,
               UNIQUE (account, mark)) STRICT"""
    )
    db.execute("CREATE INDEX replies_of ON replies (account, id)")
    db.execute(
        """CREATE TABLE hints (
               request INTEGER PRIMARY KEY, order_no TEXT NOT NULL, state TEXT NOT NULL, word TEXT NOT NULL,
               reason TEXT NOT NULL, at TEXT NOT NULL) STRICT"""
    )


@MIGRATIONS()
def m0019_sends(db: sqlite_utils.Database) -> None:
    """Test messages, with the whole numbers they went to: the only place where those stand."""
    db.execute(
        """CREATE TABLE sends (
               id INTEGER PRIMARY KEY AUTOINCREMENT, origin TEXT NOT NULL UNIQUE, account TEXT NOT NULL,
               state TEXT NOT NULL, template TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, sign TEXT NOT NULL,
               number TEXT NOT NULL, vars TEXT NOT NULL, parts INTEGER NOT NULL, mark TEXT NOT NULL UNIQUE,
               serial TEXT NOT NULL, code TEXT NOT NULL, said TEXT NOT NULL, refusal TEXT NOT NULL,
               sender TEXT NOT NULL, sender_name TEXT NOT NULL, platform TEXT NOT NULL, conversation TEXT NOT NULL,
               thread TEXT NOT NULL, created_at TEXT NOT NULL, since TEXT NOT NULL, sent_at TEXT, receipt_at TEXT,
               next_look_at TEXT, looks INTEGER NOT NULL) STRICT"""
    )
    db.execute("CREATE INDEX sends_due ON sends (account, next_look_at) WHERE next_look_at IS NOT NULL")
    db.execute("CREATE INDEX sends_to ON sends (account, number, created_at)")
    db.execute("CREATE INDEX sends_state ON sends (state, account)")
    db.execute("CREATE INDEX sends_serial ON sends (account, serial) WHERE serial <> ''")


@MIGRATIONS()
def m0020_guided(db: sqlite_utils.Database) -> None:
    """What people do in a vendor's console, and when they are reminded of it."""
    db.execute(
        """CREATE TABLE guided (
               request INTEGER PRIMARY KEY, since TEXT NOT NULL, times INTEGER NOT NULL, remind_at TEXT NOT NULL) STRICT"""
    )
    db.execute("CREATE INDEX guided_due ON guided (remind_at)")


@MIGRATIONS()
def m0022_expiries(db: sqlite_utils.Database) -> None:
    """When papers at a vendor were looked through last, and what was told of each that runs out."""
    db.execute("CREATE TABLE expiries (account TEXT PRIMARY KEY, next_at TEXT NOT NULL) STRICT")
    db.execute(
        """CREATE TABLE expiring (
               account TEXT NOT NULL, ref TEXT NOT NULL, until TEXT NOT NULL, days INTEGER NOT NULL,
               PRIMARY KEY (account, ref, until, days)) STRICT, WITHOUT ROWID"""
    )


@MIGRATIONS()
def m0023_entries(db: sqlite_utils.Database) -> None:
    """The ids of what was entered at a vendor that lists it to nobody, by a digest of what it was."""
    db.execute(
        """CREATE TABLE entries (
               account TEXT NOT NULL, sort TEXT NOT NULL, particulars TEXT NOT NULL, ref TEXT NOT NULL, at TEXT NOT NULL,
               PRIMARY KEY (account, sort, particulars)) STRICT, WITHOUT ROWID"""
    )


@MIGRATIONS()
def m0026_stale(db: sqlite_utils.Database) -> None:
    """Which alerts have a newer figure than their cards show."""
    db.execute("ALTER TABLE alerts ADD COLUMN stale INTEGER NOT NULL DEFAULT 0")
    db.execute("CREATE INDEX alerts_stale ON alerts (id) WHERE stale = 1")


@MIGRATIONS()
def m0021_second_person(db: sqlite_utils.Database) -> None:
    """What waits for a second person and who agreed; which request takes the place of which, and which fix passed."""
    db.execute("ALTER TABLE requests ADD COLUMN ordered_by TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE requests ADD COLUMN earlier INTEGER REFERENCES requests (id)")
    db.execute(
        """CREATE UNIQUE INDEX requests_earlier ON requests (earlier)
           WHERE earlier IS NOT NULL AND state NOT IN ('deleted', 'cancelled')"""
    )
    db.execute(
        """CREATE TABLE approvals (
               id INTEGER PRIMARY KEY AUTOINCREMENT, request INTEGER NOT NULL REFERENCES requests (id),
               asked TEXT NOT NULL, action TEXT NOT NULL, digest TEXT NOT NULL, acts TEXT NOT NULL, authors TEXT NOT NULL,
               ordered_by TEXT NOT NULL, ordered_by_name TEXT NOT NULL,
               platform TEXT NOT NULL, conversation TEXT NOT NULL, thread TEXT NOT NULL,
               files INTEGER NOT NULL, state TEXT NOT NULL, asked_at TEXT NOT NULL, expires_at TEXT NOT NULL,
               reminded INTEGER NOT NULL DEFAULT 0, due_at TEXT,
               ended_at TEXT, ended_by TEXT NOT NULL DEFAULT '', ended_by_name TEXT NOT NULL DEFAULT '',
               reason TEXT NOT NULL DEFAULT '') STRICT"""
    )
    db.execute("CREATE UNIQUE INDEX approvals_waiting ON approvals (request) WHERE state = 'waiting'")
    db.execute("CREATE INDEX approvals_request ON approvals (request, id)")
    db.execute("CREATE INDEX approvals_asked ON approvals (asked)")
    db.execute("CREATE INDEX approvals_due ON approvals (due_at) WHERE due_at IS NOT NULL")
    db.execute(
        """CREATE TABLE agreements (
               approval INTEGER NOT NULL REFERENCES approvals (id), who TEXT NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL,
               PRIMARY KEY (approval, who)) STRICT, WITHOUT ROWID"""
    )
    # What was agreed to goes out once: when the vendor has it, the same again needs another word.
    db.execute(
        """CREATE TRIGGER approvals_used AFTER UPDATE OF state ON requests
           WHEN NEW.state IN ('in_review', 'deleted') AND OLD.state IN ('submitting', 'unknown')
           BEGIN UPDATE approvals SET state = 'used' WHERE request = NEW.id AND state = 'granted'; END"""
    )
    db.execute(
        """CREATE TABLE resubmissions (
               id INTEGER PRIMARY KEY AUTOINCREMENT, request INTEGER NOT NULL REFERENCES requests (id),
               earlier INTEGER NOT NULL REFERENCES requests (id), account TEXT NOT NULL, kind TEXT NOT NULL,
               reason TEXT NOT NULL, changes TEXT NOT NULL, at TEXT NOT NULL, passed_at TEXT) STRICT"""
    )
    db.execute("CREATE INDEX resubmissions_request ON resubmissions (request, id)")
    db.execute("CREATE INDEX resubmissions_passed ON resubmissions (account, kind, id) WHERE passed_at IS NOT NULL")


@MIGRATIONS()
def m0025_digests(db: sqlite_utils.Database) -> None:
    """What each conversation was told in its last daily digest; reviews by age, and what people have still to mend."""
    db.execute(
        """CREATE TABLE digests (
               platform TEXT NOT NULL, conversation TEXT NOT NULL, at TEXT NOT NULL, upto INTEGER NOT NULL,
               day TEXT NOT NULL DEFAULT '', PRIMARY KEY (platform, conversation)) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX requests_in_review ON requests (account, kind, submitted_at) WHERE state = 'in_review'")
    db.execute("CREATE INDEX requests_refused ON requests (account, since) WHERE state IN ('rejected', 'failed')")
