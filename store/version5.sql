-- Version 5: a refresh token says itself which grant and which generation it is, so that the rows of
-- the spent ones may go; and who asked for a rotation.
ALTER TABLE refresh_tokens ADD COLUMN lineage INTEGER NOT NULL DEFAULT 0; -- 1: it says so
ALTER TABLE refresh_tokens ADD COLUMN network TEXT NOT NULL DEFAULT '';   -- that it was rotated for
