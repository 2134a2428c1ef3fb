-- What happened to requests for codes is told to a server of the operator's. `told`: how many lines of
-- the history were told; nothing, where nobody was to be told when the request was opened. `tell_at`:
-- from when on there is something to tell, or until when somebody has taken it up.
ALTER TABLE code ADD COLUMN told INTEGER;
ALTER TABLE code ADD COLUMN tell_at BIGINT;

CREATE INDEX code_untold ON code (tell_at) WHERE tell_at IS NOT NULL;
