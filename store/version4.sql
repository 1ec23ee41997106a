-- Version 4: what happened, for the administrator; what kind of client a grant was made for, and
-- grants in the order of their age, for lists.
CREATE TABLE audit (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,           -- of the last one that this row counts
    times    INTEGER NOT NULL DEFAULT 1, -- how many it counts
    kind     TEXT NOT NULL,              -- a name of store/audit.cpp
    grant_id TEXT NOT NULL,              -- '': none. No reference: the row outlives the grant
    source   TEXT NOT NULL,              -- network of the caller; '': not known, or the server itself
    detail   TEXT NOT NULL               -- short, without secrets
) STRICT;
CREATE INDEX audit_by_kind ON audit (kind);
CREATE INDEX audit_by_age ON audit (at);
-- What a row says stays said. Only its count goes on, and only age and number take it away.
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OF id, at, kind, grant_id, source, detail ON audit
BEGIN
    SELECT RAISE(ABORT, 'an audit row does not change');
END;

ALTER TABLE grants ADD COLUMN client_kind TEXT; -- NULL: not known
CREATE INDEX grants_by_age ON grants (created_at, id);
