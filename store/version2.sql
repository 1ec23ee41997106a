-- Version 2: what a session subscribed to survives a restart.
ALTER TABLE sessions ADD COLUMN subscriptions TEXT NOT NULL DEFAULT ''; -- URIs, one a line
