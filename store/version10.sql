-- Version 10: what calls changed in the workspace, so that its person can see it and take it back. The
-- values are sealed under a key that takes the API key (store/change_seal); what stands in the open is
-- authenticated with them. An end is sealed with the state that it gave.
CREATE TABLE changes (
    number      INTEGER PRIMARY KEY AUTOINCREMENT, -- in the order of their beginning
    id          TEXT NOT NULL UNIQUE,
    grant_id    TEXT NOT NULL, -- no reference: the row outlives the grant
    fingerprint TEXT NOT NULL, -- of its API key, as the grant has it
    call        TEXT NOT NULL,
    request     TEXT NOT NULL, -- id of the request, as in the log and in the trail of calls
    tool        TEXT NOT NULL,
    object      TEXT NOT NULL,
    effect      TEXT NOT NULL,
    undoes      TEXT NOT NULL, -- id of a change; '': none
    at          INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('begun', 'done', 'refused', 'unknown')),
    records     INTEGER NOT NULL, -- how many it changes, or that it was asked to
    bytes       INTEGER NOT NULL, -- that the row counts with
    ids         TEXT NOT NULL,    -- comma list, of records
    begun       BLOB,             -- NULL: it was refused at once
    ended       BLOB              -- NULL: nobody has said how it ended
) STRICT;
CREATE INDEX changes_by_grant ON changes (grant_id);
CREATE INDEX changes_by_age ON changes (at);
CREATE INDEX changes_under_way ON changes (number) WHERE state = 'begun';
CREATE INDEX changes_that_undo ON changes (undoes) WHERE undoes <> '';
CREATE TRIGGER changes_keep_what_was_asked BEFORE UPDATE OF number, id, grant_id, fingerprint, call,
    request, tool, object, effect, undoes, at, records, ids ON changes
BEGIN
    SELECT RAISE(ABORT, 'what was asked of a change does not change');
END;

-- How much each grant holds, and (grant_id '') all of them: bounds are looked at before each change.
CREATE TABLE change_sums (
    grant_id TEXT PRIMARY KEY,
    changes  INTEGER NOT NULL,
    bytes    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX change_sums_by_size ON change_sums (bytes);
CREATE TRIGGER change_comes AFTER INSERT ON changes
BEGIN
    INSERT INTO change_sums VALUES (new.grant_id, 1, new.bytes), ('', 1, new.bytes)
        ON CONFLICT (grant_id) DO UPDATE SET changes = changes + 1, bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER change_grows AFTER UPDATE OF bytes ON changes
BEGIN
    UPDATE change_sums SET bytes = bytes + new.bytes - old.bytes WHERE grant_id IN (new.grant_id, '');
END;
CREATE TRIGGER change_goes AFTER DELETE ON changes
BEGIN
    UPDATE change_sums SET changes = changes - 1, bytes = bytes - old.bytes
        WHERE grant_id IN (old.grant_id, '');
    DELETE FROM change_sums WHERE grant_id = old.grant_id AND changes = 0;
END;

-- How many records each connection changed lately, in pieces of five minutes, and how many it might.
CREATE TABLE change_counts (
    grant_id TEXT NOT NULL, -- no reference: the row outlives the grant, by a day
    piece    INTEGER NOT NULL, -- unix seconds / 300
    records  INTEGER NOT NULL,
    hour     INTEGER NOT NULL, -- its quota, in an hour and in a day; 0: none
    day      INTEGER NOT NULL,
    PRIMARY KEY (grant_id, piece)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_counts_by_age ON change_counts (piece);
