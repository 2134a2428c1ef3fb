-- Noes that came late and ended a yes that was said after them: made of the ledger, with the counts of a build.
CREATE TABLE late_stop (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  contact_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  said_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  purposes TEXT NOT NULL,
  PRIMARY KEY (business_id, contact_id, build, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX late_stop_time ON late_stop (business_id, build, recorded_at, position);
