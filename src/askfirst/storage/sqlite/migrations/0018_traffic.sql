-- What was sent to a person: what frequency caps and duplicates are counted from. `content` is a keyed hash of
-- what the message said, for this person only. A row goes where its message surely failed, and when no window
-- reaches back to it.
CREATE TABLE sent_message (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  sent_at INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  is_outside INTEGER NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (business_id, contact_id, decision_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX sent_message_age ON sent_message (business_id, sent_at);

-- Bursts: of a sender, and of a sender and a person. `free_at` is when all that was sent is paid for.
CREATE TABLE pace (
  business_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  began_at INTEGER NOT NULL,
  free_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX pace_age ON pace (business_id, free_at);

-- People who were written to outside 24-hour windows, by the hour in which they were last.
CREATE TABLE people_hour (
  business_id TEXT NOT NULL,
  hour INTEGER NOT NULL,
  people INTEGER NOT NULL,
  PRIMARY KEY (business_id, hour)
) STRICT, WITHOUT ROWID;

-- How many of them Meta allows the business's portfolio in 24 hours; null where that is not known.
ALTER TABLE business ADD COLUMN messaging_limit INTEGER;
