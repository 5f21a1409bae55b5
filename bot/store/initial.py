"""The first schema; what came since is in `bot.store.migrations`. It has shipped and is never changed."""

INITIAL = """
CREATE TABLE batches (
    id INTEGER PRIMARY KEY,
    origin TEXT NOT NULL UNIQUE,       -- the chat's id of the command: the same delivery twice is one batch
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    submitter TEXT NOT NULL,
    submitter_name TEXT NOT NULL,
    platform TEXT NOT NULL,
    conversation TEXT NOT NULL,
    thread TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- shown as #17; a number is never used again
    batch INTEGER NOT NULL REFERENCES batches (id),
    account TEXT NOT NULL,
    vendor TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    action TEXT NOT NULL,              -- create, update, delete: what a queued request wants
    vendor_ref TEXT NOT NULL DEFAULT '',
    fields TEXT NOT NULL,              -- JSON: what the vendor has, or is to get
    papers TEXT NOT NULL DEFAULT '[]', -- JSON: key, name, size, sha256; never the content
    proposed TEXT,                     -- JSON: what an edit under way would make of fields
    prior TEXT,                        -- the state to fall back to when an edit or delete is refused
    ticket TEXT NOT NULL DEFAULT '',   -- the vendor's order number
    word TEXT NOT NULL DEFAULT '',     -- the vendor's own word for the state
    reason TEXT NOT NULL DEFAULT '',
    refusal TEXT,                      -- JSON: code, message, request id and meaning of a refused call
    filings TEXT NOT NULL DEFAULT '[]',
    submitter TEXT NOT NULL,
    submitter_name TEXT NOT NULL,
    platform TEXT NOT NULL,
    conversation TEXT NOT NULL,
    thread TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    since TEXT NOT NULL,
    submitted_at TEXT,
    next_look_at TEXT,
    looks INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX requests_batch ON requests (batch);

CREATE INDEX requests_state ON requests (state, account);

CREATE INDEX requests_due ON requests (next_look_at) WHERE next_look_at IS NOT NULL;

CREATE INDEX requests_name ON requests (name);

CREATE INDEX requests_conversation ON requests (platform, conversation, id);

CREATE UNIQUE INDEX requests_vendor_ref ON requests (account, kind, vendor_ref)
    WHERE vendor_ref <> '' AND state NOT IN ('deleted', 'cancelled', 'failed', 'draft');

CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    what TEXT NOT NULL,
    request INTEGER,
    alert INTEGER,
    account TEXT NOT NULL,
    actor TEXT NOT NULL,               -- platform:user, or 'vendor' or 'signpost'
    data TEXT NOT NULL,                -- JSON
    hash TEXT NOT NULL                 -- SHA-256 over the hash of the row before and this row
) STRICT;

CREATE INDEX events_request ON events (request, id);

CREATE INDEX events_alert ON events (alert, id);

CREATE INDEX events_at ON events (at);

CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,          -- the same notice is owed once
    what TEXT NOT NULL,                -- card, news, alert
    subject TEXT NOT NULL,             -- batch:12, request:17, alert:5
    platform TEXT NOT NULL,
    conversation TEXT NOT NULL,
    thread TEXT NOT NULL,
    data TEXT NOT NULL,                -- JSON: what it will say, as of when it was owed
    state TEXT NOT NULL,               -- due, sent, failed, held
    reason TEXT NOT NULL DEFAULT '',   -- why failed or held
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at TEXT NOT NULL,
    lease_until TEXT,
    message_id TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    done_at TEXT
) STRICT;

CREATE INDEX notices_due ON notices (platform, conversation, id) WHERE state = 'due';

CREATE INDEX notices_subject ON notices (subject, id);

CREATE TABLE messages (
    platform TEXT NOT NULL,
    conversation TEXT NOT NULL,
    subject TEXT NOT NULL,             -- the thing whose card it is
    message_id TEXT NOT NULL,
    PRIMARY KEY (platform, conversation, subject)
) STRICT;

CREATE TABLE dialogues (
    platform TEXT NOT NULL,
    conversation TEXT NOT NULL,
    user TEXT NOT NULL,
    data TEXT NOT NULL,                -- JSON: what is being asked, what was answered; never a paper
    updated_at TEXT NOT NULL,
    PRIMARY KEY (platform, conversation, user)
) STRICT;

CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- shown as A5
    fingerprint TEXT NOT NULL,
    rule TEXT NOT NULL,
    account TEXT NOT NULL,
    severity TEXT NOT NULL,
    state TEXT NOT NULL,               -- open, acknowledged, resolved
    metric TEXT NOT NULL,
    value TEXT NOT NULL,
    bound TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    last_told_at TEXT NOT NULL,
    acked_by TEXT NOT NULL DEFAULT '',
    acked_by_name TEXT NOT NULL DEFAULT '',
    acked_at TEXT,
    ack_note TEXT NOT NULL DEFAULT '',
    clear_since TEXT,
    resolved_at TEXT,
    resolved_by TEXT NOT NULL DEFAULT '',
    resolved_by_name TEXT NOT NULL DEFAULT '',
    resolve_note TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE UNIQUE INDEX alerts_open_once ON alerts (fingerprint) WHERE state <> 'resolved';

CREATE TABLE samples (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    account TEXT NOT NULL,
    subject TEXT NOT NULL,
    measure TEXT NOT NULL,             -- package, balance
    remaining TEXT NOT NULL,           -- a decimal number as text
    total TEXT,
    unit TEXT NOT NULL,
    expires_at TEXT,
    estimated INTEGER NOT NULL
) STRICT;

CREATE INDEX samples_latest ON samples (account, at);

CREATE TABLE subscriptions (
    platform TEXT NOT NULL,
    conversation TEXT NOT NULL,
    topic TEXT NOT NULL,
    account TEXT NOT NULL DEFAULT '',  -- '' = every account of the conversation
    wanted INTEGER NOT NULL,           -- 0 = unsubscribed from what the configuration lists
    by TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (platform, conversation, topic, account)
) STRICT
"""
