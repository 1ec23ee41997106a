-- Version 8: whose writes an administrator has paused. A pause of a connection goes with it; one of an
-- API key stays, so that connecting anew does not end it. Nothing authenticates the rows: who can change
-- the file can also take a grant's row away, and a pause gives nobody more than was consented to.
CREATE TABLE write_pauses (
    scope   TEXT NOT NULL, -- all, connection, key
    subject TEXT NOT NULL, -- id of the grant, or key as lists name it; empty: everybody's
    reason  TEXT NOT NULL,
    since   INTEGER NOT NULL,
    PRIMARY KEY (scope, subject)
) STRICT, WITHOUT ROWID;
