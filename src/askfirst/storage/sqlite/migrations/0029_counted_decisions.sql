-- Decisions on sends by day (days since 1970-01-01, UTC) and verdict, up to the id in decision_counting.
CREATE TABLE decision_count (
  business_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  decisions INTEGER NOT NULL,
  PRIMARY KEY (business_id, day, verdict)
) STRICT, WITHOUT ROWID;

CREATE TABLE decision_counting (
  business_id TEXT NOT NULL,
  through TEXT NOT NULL,
  PRIMARY KEY (business_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX personal_link_contact ON personal_link (business_id, contact_id);
