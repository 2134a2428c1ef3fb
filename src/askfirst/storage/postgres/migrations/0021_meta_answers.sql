-- What Meta's answers told of how messages reach a contact: the newest days on which none could be brought, as
-- days since 1970; the last day on which one arrived, or they wrote; until when marketing is deferred, or they
-- are in an experiment of Meta's.
ALTER TABLE contact ADD COLUMN failed_days TEXT NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN reached_day BIGINT NOT NULL DEFAULT 0;
ALTER TABLE contact ADD COLUMN deferred_until BIGINT;
ALTER TABLE contact ADD COLUMN held_out_until BIGINT;

UPDATE contact SET failed_days = (unreachable_at / 86400000000)::text
WHERE unreachable_at IS NOT NULL;

-- A status names the message that failed, and so the decision whose place is given back.
CREATE INDEX outcome_message ON outcome (business_id, message) WHERE message IS NOT NULL;

-- How Meta rates a sender, and the limit of its portfolio, as they were last read: 0 is none, null is not known.
CREATE TABLE sender_health (
  business_id TEXT NOT NULL,
  phone_number_id TEXT NOT NULL,
  quality TEXT NOT NULL,
  messaging_limit BIGINT,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (business_id, phone_number_id)
);
