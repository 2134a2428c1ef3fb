-- Which files that Meta keeps were named to a business, by a webhook or by the answer to an upload: their
-- ids, hashed. `phone_number_id` is the sender that they were named to (empty: only its account is known).
CREATE TABLE media (
  business_id TEXT NOT NULL,
  media BYTEA NOT NULL,
  phone_number_id TEXT NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (business_id, media)
);

CREATE INDEX media_age ON media (business_id, seen_at);
