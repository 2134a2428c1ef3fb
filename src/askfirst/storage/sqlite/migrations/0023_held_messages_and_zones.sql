-- Messages that clients handed over because they may leave only later. `sealed` has the content while one is
-- held, and Meta's id of it once it was sent, which tells the number.
CREATE TABLE held_message (
  business_id TEXT NOT NULL,
  held_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  sender TEXT NOT NULL,
  purpose TEXT NOT NULL,
  campaign TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  held_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER,
  sealed BLOB,
  PRIMARY KEY (business_id, held_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX held_message_contact ON held_message (business_id, contact_id);

CREATE INDEX held_message_ended ON held_message (business_id, ended_at) WHERE ended_at IS NOT NULL;

-- The time zones that the business says a person lives in, by their IANA names, separated by commas: one, or one of
-- each side after a merge. Empty: their number tells.
ALTER TABLE contact ADD COLUMN time_zones TEXT NOT NULL DEFAULT '';
