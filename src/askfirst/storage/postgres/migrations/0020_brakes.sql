-- Holds on what a business sends. One that is lifted stays, to be read.
CREATE TABLE brake (
  business_id TEXT NOT NULL,
  brake_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  holds TEXT NOT NULL,
  colour TEXT NOT NULL,
  cause TEXT NOT NULL,
  since BIGINT NOT NULL,
  lifts_at BIGINT,
  detail TEXT NOT NULL,
  set_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  lifted_at BIGINT,
  PRIMARY KEY (business_id, brake_id)
);

CREATE UNIQUE INDEX brake_on ON brake (business_id, subject, cause, holds) WHERE lifted_at IS NULL;

-- What happened to them: only ever added to.
CREATE TABLE brake_change (
  business_id TEXT NOT NULL,
  change_id TEXT NOT NULL,
  brake_id TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  step TEXT NOT NULL,
  colour TEXT NOT NULL,
  lifts_at BIGINT,
  detail TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (business_id, change_id)
);

-- What brakes can be on: how many messages it has sent while it is new, when these were all out, when it stopped
-- being new; and from when on what people do is counted.
CREATE TABLE brake_subject (
  business_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  sends INTEGER NOT NULL,
  filled_at BIGINT,
  passed_at BIGINT,
  judged_from BIGINT NOT NULL,
  PRIMARY KEY (business_id, subject)
);

-- What people did, by the day (UTC, since the epoch) on which they were written to.
CREATE TABLE brake_count (
  business_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  day BIGINT NOT NULL,
  mark TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (business_id, subject, day, mark)
);

-- Marketing messages of the last days: `message` is the keyed hash of Meta's id, `marks` has a bit for each thing
-- that became of it, so that each is counted once.
CREATE TABLE marketing_send (
  business_id TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  sent_at BIGINT NOT NULL,
  subjects TEXT NOT NULL,
  marks INTEGER NOT NULL,
  message TEXT,
  PRIMARY KEY (business_id, decision_id)
);

CREATE INDEX marketing_send_contact ON marketing_send (business_id, contact_id, sent_at);
CREATE INDEX marketing_send_message ON marketing_send (business_id, message) WHERE message IS NOT NULL;
CREATE INDEX marketing_send_age ON marketing_send (business_id, sent_at);

-- How far the ledger was followed for what people object to, and until when it was looked what never arrived.
CREATE TABLE brake_follower (
  business_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  looked_at BIGINT NOT NULL,
  PRIMARY KEY (business_id)
);

-- What a business used before is not new: its templates, and the ways in which people said yes.
INSERT INTO brake_subject (business_id, subject, sends, filled_at, passed_at, judged_from)
SELECT DISTINCT business_id, 'template:' || name, 200, 0, 0, 0 FROM template;

INSERT INTO brake_subject (business_id, subject, sends, filled_at, passed_at, judged_from)
SELECT DISTINCT business_id, 'method:' || surface || '.' ||
  CASE assurance WHEN 1 THEN 'asserted' WHEN 2 THEN 'shown' ELSE 'confirmed' END, 200, 0, 0, 0
FROM event WHERE kind = 'granted';
