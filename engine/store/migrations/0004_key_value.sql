-- What the agents of a deployment keep under keys of their own. Versions count writes of all keys, so that none comes twice.
CREATE TABLE key_value (
    deployment TEXT NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (deployment, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE key_value_version (last INTEGER NOT NULL) STRICT;
INSERT INTO key_value_version VALUES (0);
