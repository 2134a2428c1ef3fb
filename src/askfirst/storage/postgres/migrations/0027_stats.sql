-- Counts of the ledger: a build is one set of them, with the position up to which it has every event.
CREATE TABLE stats_build (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  position BIGINT NOT NULL,
  sends_through BIGINT NOT NULL,
  known_until BIGINT NOT NULL,
  zone TEXT NOT NULL,
  format INTEGER NOT NULL,
  is_live INTEGER NOT NULL,
  PRIMARY KEY (business_id, build)
);

-- By one dimension each, beside purpose and day (days since 1970-01-01 in the build's zone).
CREATE TABLE stats_count (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  dimension TEXT NOT NULL,
  purpose TEXT NOT NULL,
  day INTEGER NOT NULL,
  value TEXT NOT NULL,
  opt_ins BIGINT NOT NULL,
  refusals BIGINT NOT NULL,
  stops BIGINT NOT NULL,
  complaints BIGINT NOT NULL,
  gained BIGINT NOT NULL,
  lost BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  agreed BIGINT NOT NULL,
  proven BIGINT NOT NULL,
  messaged BIGINT NOT NULL,
  left_early BIGINT NOT NULL,
  PRIMARY KEY (business_id, build, dimension, purpose, day, value)
);

-- The same by the month (the number of its first day): years are read in a moment.
CREATE TABLE stats_month (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  dimension TEXT NOT NULL,
  purpose TEXT NOT NULL,
  day INTEGER NOT NULL,
  value TEXT NOT NULL,
  opt_ins BIGINT NOT NULL,
  refusals BIGINT NOT NULL,
  stops BIGINT NOT NULL,
  complaints BIGINT NOT NULL,
  gained BIGINT NOT NULL,
  lost BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  agreed BIGINT NOT NULL,
  proven BIGINT NOT NULL,
  messaged BIGINT NOT NULL,
  left_early BIGINT NOT NULL,
  PRIMARY KEY (business_id, build, dimension, purpose, day, value)
);

-- With what each person was counted that the ledger does not say, so that it can be taken away again.
CREATE TABLE stats_person (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  contact_id TEXT NOT NULL,
  facts TEXT NOT NULL,
  is_awaited INTEGER NOT NULL,
  PRIMARY KEY (business_id, build, contact_id)
);

-- How often questions were shown, by the day.
CREATE TABLE stats_shown (
  business_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  prompt TEXT NOT NULL,
  surface TEXT NOT NULL,
  locale TEXT NOT NULL,
  purposes TEXT NOT NULL,
  shown BIGINT NOT NULL,
  PRIMARY KEY (business_id, day, prompt)
);

CREATE INDEX arrival_contact ON arrival (business_id, contact_id);
