-- Counts of the ledger: a build is one set of them, with the position up to which it has every event.
CREATE TABLE stats_build (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  position INTEGER NOT NULL,
  sends_through INTEGER NOT NULL,
  known_until INTEGER NOT NULL,
  zone TEXT NOT NULL,
  format INTEGER NOT NULL,
  is_live INTEGER NOT NULL,
  PRIMARY KEY (business_id, build)
) STRICT, WITHOUT ROWID;

-- By one dimension each, beside purpose and day (days since 1970-01-01 in the build's zone).
CREATE TABLE stats_count (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  dimension TEXT NOT NULL,
  purpose TEXT NOT NULL,
  day INTEGER NOT NULL,
  value TEXT NOT NULL,
  opt_ins INTEGER NOT NULL,
  refusals INTEGER NOT NULL,
  stops INTEGER NOT NULL,
  complaints INTEGER NOT NULL,
  gained INTEGER NOT NULL,
  lost INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  agreed INTEGER NOT NULL,
  proven INTEGER NOT NULL,
  messaged INTEGER NOT NULL,
  left_early INTEGER NOT NULL,
  PRIMARY KEY (business_id, build, dimension, purpose, day, value)
) STRICT, WITHOUT ROWID;

-- The same by the month (the number of its first day): years are read in a moment.
CREATE TABLE stats_month (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  dimension TEXT NOT NULL,
  purpose TEXT NOT NULL,
  day INTEGER NOT NULL,
  value TEXT NOT NULL,
  opt_ins INTEGER NOT NULL,
  refusals INTEGER NOT NULL,
  stops INTEGER NOT NULL,
  complaints INTEGER NOT NULL,
  gained INTEGER NOT NULL,
  lost INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  agreed INTEGER NOT NULL,
  proven INTEGER NOT NULL,
  messaged INTEGER NOT NULL,
  left_early INTEGER NOT NULL,
  PRIMARY KEY (business_id, build, dimension, purpose, day, value)
) STRICT, WITHOUT ROWID;

-- With what each person was counted that the ledger does not say, so that it can be taken away again.
CREATE TABLE stats_person (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  contact_id TEXT NOT NULL,
  facts TEXT NOT NULL,
  is_awaited INTEGER NOT NULL,
  PRIMARY KEY (business_id, build, contact_id)
) STRICT, WITHOUT ROWID;

-- How often questions were shown, by the day.
CREATE TABLE stats_shown (
  business_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  prompt TEXT NOT NULL,
  surface TEXT NOT NULL,
  locale TEXT NOT NULL,
  purposes TEXT NOT NULL,
  shown INTEGER NOT NULL,
  PRIMARY KEY (business_id, day, prompt)
) STRICT, WITHOUT ROWID;

CREATE INDEX arrival_contact ON arrival (business_id, contact_id);
