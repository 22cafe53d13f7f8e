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

-- Calls that Meta allows only so often for a number.
CREATE TABLE account_call (
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX account_call_number ON account_call (number, kind, at);
