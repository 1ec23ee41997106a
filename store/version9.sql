-- Version 9: a trail of calls that was altered can be begun anew. The head, and so its signature, says
-- that it was, and which calls prove nothing since.
ALTER TABLE call_chain ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;     -- last call before the beginning
ALTER TABLE call_chain ADD COLUMN broken_at INTEGER NOT NULL DEFAULT 0; -- call; 0: the head was not signed
ALTER TABLE call_chain ADD COLUMN begun_at INTEGER NOT NULL DEFAULT 0;  -- 0: it was not begun anew
