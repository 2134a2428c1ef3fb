-- What a decision rested on beside the ledger, as JSON without personal data: with it, the ledger and the
-- policy, the decision can be made again. NULL: decided before this was kept.
ALTER TABLE decision ADD COLUMN circumstances TEXT;

CREATE INDEX decision_contact ON decision (business_id, contact_id, decision_id COLLATE "C")
WHERE contact_id IS NOT NULL;

-- Each policy that decisions followed, as the text that its fingerprint is the hash of.
CREATE TABLE policy (
  business_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (business_id, fingerprint)
);

-- An event is looked up by its id, too.
CREATE INDEX event_name ON event (business_id, event_id);
