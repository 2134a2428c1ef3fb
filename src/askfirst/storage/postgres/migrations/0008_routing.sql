-- Whose account it is: a WABA belongs to one business. What was registered before is claimed, except an
-- account that several businesses registered: whoever proves it first has it.
CREATE TABLE waba (
  business_id TEXT NOT NULL,
  waba_id TEXT NOT NULL,
  claimed_at BIGINT NOT NULL,
  PRIMARY KEY (business_id, waba_id)
);

CREATE UNIQUE INDEX waba_owner ON waba (waba_id);

INSERT INTO waba (business_id, waba_id, claimed_at)
SELECT min(business_id), waba_id, min(changed_at) FROM sender
GROUP BY waba_id HAVING count(DISTINCT business_id) = 1;

DROP INDEX sender_waba;

-- The dead-letter queue: whole deliveries, sealed, of which something could not be routed.
CREATE TABLE dead_letter (
  business_id TEXT NOT NULL,
  dead_letter_id TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (business_id, dead_letter_id)
);

CREATE INDEX dead_letter_received ON dead_letter (business_id, received_at);

-- What a dead letter waits for: an account or a number that nobody has registered; empty where Meta
-- named none. An account of '*' stands for a delivery that was not looked into yet.
CREATE TABLE dead_letter_route (
  business_id TEXT NOT NULL,
  dead_letter_id TEXT NOT NULL,
  waba_id TEXT NOT NULL,
  phone_number_id TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY (business_id, dead_letter_id, waba_id, phone_number_id)
);

CREATE INDEX dead_letter_account
ON dead_letter_route (business_id, waba_id, received_at, dead_letter_id, phone_number_id);

CREATE INDEX dead_letter_number
ON dead_letter_route (business_id, phone_number_id, received_at, dead_letter_id);

-- Deliveries that were kept for nobody until now may hold a stop, too.
INSERT INTO dead_letter (business_id, dead_letter_id, received_at, sealed)
SELECT business_id, webhook_id, received_at, sealed FROM webhook WHERE business_id = 'unrouted';

INSERT INTO dead_letter_route (business_id, dead_letter_id, waba_id, phone_number_id, received_at)
SELECT business_id, dead_letter_id, '*', '', received_at FROM dead_letter;

DELETE FROM webhook WHERE business_id = 'unrouted';
