-- What happened to requests for codes is told to a server of the operator's. `told`: how many lines of
-- the history were told; nothing, where nobody was to be told when the request was opened.
ALTER TABLE code ADD COLUMN told INTEGER;
