-- When the person of a conversation last wrote or called: the 24 hours after it are the customer service window.

-- Filled a few seconds late; until then the items with flag 4 (their sender opens the window) have it.
CREATE TABLE service_window (
    conversation INTEGER PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;
INSERT INTO service_window
    SELECT conversation, max(min(at, received_at)) FROM item WHERE kind = 0 AND conversation > 0 GROUP BY conversation;

ALTER TABLE mark ADD COLUMN windows_through INTEGER NOT NULL DEFAULT 0;
UPDATE mark SET windows_through = (SELECT coalesce(max(seq), 0) FROM item);
