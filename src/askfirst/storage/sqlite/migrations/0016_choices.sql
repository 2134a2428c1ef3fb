-- What the person chose, of events that are a choice: a pause, or how often at most.
ALTER TABLE event ADD COLUMN choice TEXT;
