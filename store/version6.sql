-- Version 6: skills beside the primer. Both are uploads; a name says which one a version is of. The
-- text stands last, so that a list reads no more than it shows.
CREATE TABLE uploads (
    version    INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    about      TEXT NOT NULL DEFAULT '',
    updated_at INTEGER NOT NULL,
    text       TEXT -- NULL: taken back
) STRICT;
INSERT INTO uploads (version, name, updated_at, text)
    SELECT version, 'primer', updated_at, markdown FROM primer;
DROP TABLE primer;
CREATE INDEX uploads_by_name ON uploads (name, version);
