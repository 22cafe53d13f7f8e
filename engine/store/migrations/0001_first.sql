-- The first schema. Times are unix milliseconds UTC; states and kinds are the numbers of engine/core.
-- What arrives is appended and never rewritten; what happens to it later stands in narrow tables beside it.

-- One message, status, error or change of a webhook POST: its JSON as received, and the facts of the POST.
CREATE TABLE item (
    seq INTEGER PRIMARY KEY,
    post INTEGER NOT NULL,             -- the seq of the POST's first item
    received_at INTEGER NOT NULL,
    bytes INTEGER NOT NULL,            -- of the whole POST
    app TEXT NOT NULL,                 -- whose secret verified it; '' for an unsigned trial
    peer TEXT NOT NULL,
    kind INTEGER NOT NULL,             -- 0 message, 1 status, 2 error, 3 change
    flags INTEGER NOT NULL,            -- 1 a deployment has its number, 2 young enough to be answered
    at INTEGER NOT NULL,               -- its own timestamp
    conversation INTEGER NOT NULL,     -- 0 when it has none
    hash BLOB NOT NULL,                -- 16 bytes of SHA-256 over kind, channel and id
    channel TEXT NOT NULL,
    waba_id TEXT NOT NULL,
    field TEXT NOT NULL,               -- '' means messages
    raw TEXT NOT NULL
) STRICT;

-- Where the messages begin that came for a number without a deployment; gone once it has one.
CREATE TABLE kept (
    channel TEXT NOT NULL,
    app TEXT NOT NULL,                 -- that signed them
    first INTEGER NOT NULL,            -- item.seq
    PRIMARY KEY (channel, app)
) STRICT, WITHOUT ROWID;

-- How the turn of a message ended (state > 0), or how often its agent crashed (state 0).
CREATE TABLE turn (
    seq INTEGER PRIMARY KEY,
    state INTEGER NOT NULL,
    at INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    first_reply INTEGER NOT NULL,      -- the replies have the ids first_reply … first_reply + replies - 1
    replies INTEGER NOT NULL,
    annotations TEXT NOT NULL          -- [["key","value"],…] or ''
) STRICT;

-- What was seen already. Filled a few seconds late, in order of its key; until then item.hash has it.
CREATE TABLE dedup (
    at INTEGER NOT NULL,
    hash BLOB NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (at, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversation (
    id INTEGER PRIMARY KEY,
    created_at INTEGER NOT NULL,
    has_user_id INTEGER NOT NULL,      -- a BSUID points to it
    merged_into INTEGER NOT NULL       -- 0 while it lives
) STRICT;
CREATE INDEX conversation_merged ON conversation (id) WHERE merged_into > 0;

CREATE TABLE alias (
    channel TEXT NOT NULL,
    kind INTEGER NOT NULL,             -- 0 wa_id, 1 bsuid, 2 parent bsuid
    value TEXT NOT NULL,
    conversation INTEGER NOT NULL,
    PRIMARY KEY (channel, kind, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_conversation ON alias (conversation);

CREATE TABLE conversation_state (
    conversation INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL,
    schema INTEGER NOT NULL,
    json TEXT NOT NULL
) STRICT;

CREATE TABLE outbound (
    id INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL,
    turn INTEGER NOT NULL,             -- item.seq that it answers, 0 when none
    created_at INTEGER NOT NULL,
    channel TEXT NOT NULL,
    wa_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    callback TEXT NOT NULL,
    user_callback TEXT NOT NULL,
    payload TEXT NOT NULL
) STRICT;

-- Where the sending stands; no row yet: queued, never tried.
CREATE TABLE outbound_state (
    id INTEGER PRIMARY KEY,
    state INTEGER NOT NULL,
    at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    wamid TEXT NOT NULL,
    error_code INTEGER NOT NULL,
    error_text TEXT NOT NULL
) STRICT;

CREATE TABLE outbound_callback (
    callback TEXT PRIMARY KEY,         -- holds a ULID, so rows come nearly in order
    id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letter (
    id INTEGER PRIMARY KEY,
    inbound INTEGER NOT NULL,          -- 1: message is item.seq, 0: outbound.id
    message INTEGER NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;

-- One row: how far the engine had tidied up, so that a start reads little.
CREATE TABLE mark (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    dedup_through INTEGER NOT NULL,    -- item.hash is in dedup up to this item
    items_through INTEGER NOT NULL,    -- open messages up to this item are all in open_items
    open_items BLOB NOT NULL,          -- 64-bit little-endian numbers
    outbound_through INTEGER NOT NULL,
    unsent BLOB NOT NULL,
    messages INTEGER NOT NULL,         -- counted up to items_counted
    statuses INTEGER NOT NULL,
    unrouted INTEGER NOT NULL,
    items_counted INTEGER NOT NULL
) STRICT;
INSERT INTO mark VALUES (1, 0, 0, x'', 0, x'', 0, 0, 0, 0);
