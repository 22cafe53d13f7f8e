-- What the history of a conversation and of a message is read by. What is appended has no index: each row points to the
-- one before it, and a conversation to its last.

ALTER TABLE item ADD COLUMN prev INTEGER NOT NULL DEFAULT 0;      -- the item of its conversation before it
ALTER TABLE outbound ADD COLUMN prev INTEGER NOT NULL DEFAULT 0;  -- the message to its conversation before it

-- Statuses belong to the conversation of their message, too.
UPDATE item SET conversation = o.conversation
    FROM outbound_callback c JOIN outbound o ON o.id = c.id
    WHERE item.kind = 1 AND item.conversation = 0
      AND c.callback = json_extract(item.raw, '$.statuses[0].biz_opaque_callback_data');
UPDATE item SET prev = p.prev
    FROM (SELECT seq, lag(seq, 1, 0) OVER (PARTITION BY conversation ORDER BY seq) AS prev FROM item WHERE conversation > 0) p
    WHERE item.seq = p.seq;
UPDATE outbound SET prev = p.prev
    FROM (SELECT id, lag(id, 1, 0) OVER (PARTITION BY conversation ORDER BY id) AS prev FROM outbound) p
    WHERE outbound.id = p.id;

-- Filled a few seconds late; until then the items and the outbound messages have it.
CREATE TABLE conversation_tail (
    conversation INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    item INTEGER NOT NULL,             -- its last
    outbound INTEGER NOT NULL,         -- its last
    active_at INTEGER NOT NULL,        -- when its last message came or was made
    window_at INTEGER NOT NULL         -- when its person last wrote or called: 24 hours from then the window is open
) STRICT;
INSERT INTO conversation_tail
    SELECT c.id,
           coalesce((SELECT channel FROM alias a WHERE a.conversation = c.id LIMIT 1), ''),
           coalesce(i.last, 0), coalesce(o.last, 0), max(coalesce(i.at, 0), coalesce(o.at, 0)), coalesce(w.at, 0)
    FROM conversation c
    LEFT JOIN (SELECT conversation, max(seq) AS last, max(iif(kind = 1, 0, received_at)) AS at FROM item
               WHERE conversation > 0 GROUP BY conversation) i ON i.conversation = c.id
    LEFT JOIN (SELECT conversation, max(id) AS last, max(created_at) AS at FROM outbound GROUP BY conversation) o
        ON o.conversation = c.id
    LEFT JOIN service_window w ON w.conversation = c.id;
DROP TABLE service_window;
ALTER TABLE mark RENAME COLUMN windows_through TO tails_through;
ALTER TABLE mark ADD COLUMN outbound_tails_through INTEGER NOT NULL DEFAULT 0;
UPDATE mark SET tails_through = (SELECT coalesce(max(seq), 0) FROM item),
                outbound_tails_through = (SELECT coalesce(max(id), 0) FROM outbound);

-- Who answered, and since when.
CREATE TABLE agent_version (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL                 -- its id and version
) STRICT;
ALTER TABLE turn ADD COLUMN agent INTEGER NOT NULL DEFAULT 0;     -- agent_version.id, 0 when not known
ALTER TABLE turn ADD COLUMN began_at INTEGER NOT NULL DEFAULT 0;

-- When Graph took it. A try that ended otherwise has a row of its own.
ALTER TABLE outbound_state ADD COLUMN sent_at INTEGER NOT NULL DEFAULT 0;
CREATE TABLE attempt (
    outbound INTEGER NOT NULL,
    at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    state INTEGER NOT NULL,            -- what the message became
    error_code INTEGER NOT NULL,
    error_text TEXT NOT NULL,
    PRIMARY KEY (outbound, at, tries)
) STRICT, WITHOUT ROWID;

CREATE INDEX dead_letter_message ON dead_letter (inbound, message);
