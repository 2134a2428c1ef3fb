-- What waits in `stop_confirmation` may be a question, too (`is_doubt`): about what may be a stop.
ALTER TABLE stop_confirmation ADD COLUMN is_doubt INTEGER NOT NULL DEFAULT 0;

-- Complaints and wishes to be erased, by the position of their event; `outcome` is what an operator did. The
-- row goes when its person is erased.
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
