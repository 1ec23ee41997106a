-- Version 1 of the database. The number stands in PRAGMA user_version; a later version is one
-- more row in store/migrations.cpp and never an edit of this file.
--
-- Times are unix seconds. No token, code or client secret is ever written, only SHA-256 of
-- it. What must be kept secret is sealed (XChaCha20-Poly1305): a grant's props open with its
-- data key alone, and the data key is wrapped once for each live token, under a key made of
-- that token and the server key `kid`. File, server key and a live token are needed together.

-- The random secret that signs client and session ids, sealed under the server key `kid`.
CREATE TABLE instance (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    kid    BLOB NOT NULL,
    sealed BLOB NOT NULL
) STRICT;

-- What one person consented to. client_id, resource, scope and expires_at are authenticated
-- together with props; label, names and fingerprint are for lists only. A grant that ends is
-- deleted, and everything below goes with it.
CREATE TABLE grants (
    id             TEXT PRIMARY KEY,
    client_id      TEXT NOT NULL,
    client_name    TEXT NOT NULL,
    redirect_uri   TEXT NOT NULL,
    resource       TEXT NOT NULL,
    scope          TEXT NOT NULL,
    fingerprint    TEXT NOT NULL, -- keyed hash of the API key
    label          TEXT NOT NULL,
    workspace_name TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    last_used_at   INTEGER NOT NULL, -- last exchange at /token
    expires_at     INTEGER NOT NULL, -- absolute end
    props          BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_by_key ON grants (fingerprint, client_id, last_used_at);

-- Authorization codes. A used one stays a while without its wrap, to detect a replay.
CREATE TABLE codes (
    id           BLOB PRIMARY KEY, -- SHA-256 of the code
    grant_id     TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    challenge    TEXT NOT NULL,
    expires_at   INTEGER NOT NULL,
    used_at      INTEGER,
    kid          BLOB NOT NULL,
    wrap         BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX codes_by_grant ON codes (grant_id);

CREATE TABLE access_tokens (
    id         BLOB PRIMARY KEY, -- SHA-256 of the token
    grant_id   TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    refresh_id BLOB, -- the refresh token handed out with it
    generation INTEGER NOT NULL,
    scope      TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    kid        BLOB NOT NULL,
    wrap       BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX access_tokens_by_grant ON access_tokens (grant_id, generation);
CREATE INDEX access_tokens_by_expiry ON access_tokens (expires_at);

-- The chain of refresh tokens of a grant: one current, its predecessor, and the retired ones,
-- which are known so that their reuse is noticed.
CREATE TABLE refresh_tokens (
    id           BLOB PRIMARY KEY, -- SHA-256 of the token
    grant_id     TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    generation   INTEGER NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('current', 'previous', 'retired')),
    seen         INTEGER NOT NULL DEFAULT 0, -- 1: its access token was used, so it arrived
    expires_at   INTEGER NOT NULL,           -- idle end
    changed_at   INTEGER NOT NULL,           -- entered its state
    kid          BLOB NOT NULL,
    wrap         BLOB,
    nonce        BLOB,                       -- of its rotation: remakes the same successors
    rotation_kid BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_by_grant ON refresh_tokens (grant_id, state);
CREATE UNIQUE INDEX one_current ON refresh_tokens (grant_id) WHERE state = 'current';
CREATE UNIQUE INDEX one_previous ON refresh_tokens (grant_id) WHERE state = 'previous';

-- What an MCP session negotiated. A row with ended_at is a session that its client deleted.
CREATE TABLE sessions (
    id                  TEXT NOT NULL UNIQUE,
    grant_id            TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    protocol_version    TEXT NOT NULL,
    client_info         TEXT NOT NULL,
    client_capabilities TEXT NOT NULL,
    updated_at          INTEGER NOT NULL,
    ended_at            INTEGER
) STRICT;
CREATE INDEX sessions_by_grant ON sessions (grant_id, updated_at);
CREATE INDEX sessions_by_age ON sessions (updated_at);

-- The primer's last versions; the highest counts. NULL: taken back, the bundled one applies.
CREATE TABLE primer (
    version    INTEGER PRIMARY KEY AUTOINCREMENT,
    markdown   TEXT,
    updated_at INTEGER NOT NULL
) STRICT;
