-- The stop that opened a person's episode, and when it was said: what askfirst confirms, once. The
-- episode ends with the next yes that counts. `confirmed_stop` says which ones had their confirmation.
ALTER TABLE contact ADD COLUMN stop_to_confirm INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contact ADD COLUMN stop_said_at INTEGER NOT NULL DEFAULT 0;

-- Stops whose confirmation is still to be sent, and (`is_doubt`) what may be one, about which its
-- person is still to be asked; a row lives for minutes. `sealed` holds the name under
-- which the person wrote.
CREATE TABLE stop_confirmation (
  business_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  alias_kind TEXT NOT NULL,
  sealed BLOB NOT NULL,
  sender TEXT NOT NULL,
  purposes TEXT NOT NULL,
  languages TEXT NOT NULL,
  said_at INTEGER NOT NULL,
  is_doubt INTEGER NOT NULL,
  PRIMARY KEY (business_id, position)
) STRICT, WITHOUT ROWID;

-- Complaints and wishes to be erased, by the position of their event; `outcome` is what an operator did.
CREATE TABLE review (
  business_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  contact_id TEXT NOT NULL,
  about TEXT NOT NULL,
  said_at INTEGER NOT NULL,
  outcome TEXT,
  closed_at INTEGER,
  reason TEXT NOT NULL,
  PRIMARY KEY (business_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX review_open ON review (business_id, position) WHERE closed_at IS NULL;
