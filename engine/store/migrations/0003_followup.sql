-- Follow-ups: turns that agents asked for at a later time. A row goes when its time has come, and an item of kind 4 takes
-- its place in the same transaction; or when it is cancelled or not wanted any more.

CREATE TABLE followup (
    conversation INTEGER NOT NULL,
    key TEXT NOT NULL,
    channel TEXT NOT NULL,
    due INTEGER NOT NULL,
    scheduled_at INTEGER NOT NULL,
    flags INTEGER NOT NULL,            -- 1 unless its person has written, 2 inside the service window only
    wa_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    payload TEXT NOT NULL,             -- a JSON object, or ''
    PRIMARY KEY (conversation, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX followup_due ON followup (channel, due);
