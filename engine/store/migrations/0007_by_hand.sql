-- What a person decided about a message stands among the tries at sending it.
ALTER TABLE attempt ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';   -- the name of the API key; '' when the engine tried
