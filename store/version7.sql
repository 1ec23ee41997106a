-- Version 7: every call of a tool, for the administrator. Each row's hash takes in the hash of the row
-- before it (store/chain.cpp), and the head is signed, so that a row that was changed, or taken from
-- the middle or the end, shows.
CREATE TABLE calls (
    id       INTEGER PRIMARY KEY AUTOINCREMENT, -- without gaps
    at       INTEGER NOT NULL,
    grant_id TEXT NOT NULL, -- no reference: the row outlives the grant
    label    TEXT NOT NULL,
    key_id   TEXT NOT NULL, -- of the API key at Twenty
    client   TEXT NOT NULL,
    tool     TEXT NOT NULL,
    object   TEXT NOT NULL,
    ids      TEXT NOT NULL, -- comma list; of records that were written, or may have been
    rows     INTEGER NOT NULL,
    outcome  TEXT NOT NULL,
    bytes    INTEGER NOT NULL,
    ms       INTEGER NOT NULL,
    request  TEXT NOT NULL, -- id of the request, as in the log
    hash     BLOB NOT NULL
) STRICT;
CREATE INDEX calls_by_grant ON calls (grant_id, id);
CREATE TRIGGER calls_are_append_only BEFORE UPDATE ON calls
BEGIN
    SELECT RAISE(ABORT, 'a call that was written down does not change');
END;

CREATE TABLE call_chain (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    first     INTEGER NOT NULL, -- call that is kept; 0: none
    last      INTEGER NOT NULL,
    before    BLOB NOT NULL, -- hash of the call before the first
    hash      BLOB NOT NULL, -- of the last call
    signature BLOB NOT NULL
) STRICT;
