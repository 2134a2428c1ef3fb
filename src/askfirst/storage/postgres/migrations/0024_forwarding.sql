-- Meta's webhooks go on to servers of the business's. `receivers`: the ids of those that are live, and
-- a dash for each other. `last_webhook`: the number of the newest delivery that is forwarded.
ALTER TABLE business ADD COLUMN receivers TEXT NOT NULL DEFAULT '';
ALTER TABLE business ADD COLUMN last_webhook BIGINT NOT NULL DEFAULT 0;

-- Deliveries of a business with receivers are numbered, in the order of their commits. `places` are the
-- business's in the delivery, `told` is what was understood; NULL and empty: it is not forwarded.
ALTER TABLE webhook ADD COLUMN number BIGINT;
ALTER TABLE webhook ADD COLUMN places TEXT NOT NULL DEFAULT '';
ALTER TABLE webhook ADD COLUMN signatures TEXT NOT NULL DEFAULT '';
ALTER TABLE webhook ADD COLUMN told TEXT NOT NULL DEFAULT '';

CREATE UNIQUE INDEX webhook_number ON webhook (business_id, number) WHERE number IS NOT NULL;

-- `position`: up to this number all was taken, or set aside. `key_id`: whose client set it in Meta's way.
CREATE TABLE receiver (
  business_id TEXT NOT NULL,
  receiver_id TEXT NOT NULL,
  url TEXT NOT NULL,
  fields TEXT NOT NULL,
  waba_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  state TEXT NOT NULL,
  position BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  failing_since BIGINT,
  reason TEXT NOT NULL DEFAULT '',
  set_aside BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (business_id, receiver_id)
);
