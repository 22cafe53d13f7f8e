-- Accounts that were created by the API. Secrets stand sealed in rows of their own, each bound to its account and field.
CREATE TABLE account (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    state INTEGER NOT NULL,            -- 0 pending_verification, 1 code_sent, 2 active, 3 paused, 4 deleted
    channel TEXT NOT NULL,             -- '' until WhatsApp has given one
    waba_id TEXT NOT NULL,
    agent TEXT NOT NULL,
    details TEXT NOT NULL,             -- JSON
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE account_secret (
    account TEXT NOT NULL,
    field TEXT NOT NULL,
    envelope TEXT NOT NULL,
    PRIMARY KEY (account, field)
) STRICT, WITHOUT ROWID;

-- The calls that Meta allows only so often for a number.
CREATE TABLE setup_history (
    number TEXT PRIMARY KEY,
    history TEXT NOT NULL              -- JSON
) STRICT, WITHOUT ROWID;
