-- Names of people who were erased: keyed hashes of them, and nothing that tells who they were. No claim of a
-- yes counts for such a name, until a message that Meta signed says it.
CREATE TABLE suppression (
  business_id TEXT NOT NULL,
  lookup BYTEA NOT NULL,
  erased_at BIGINT NOT NULL,
  PRIMARY KEY (business_id, lookup)
);

-- Erasures whose kept bodies are still being looked through, for minutes. `sealed` holds the names to look
-- for; the row goes with the last of them.
CREATE TABLE erasure (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  erased_at BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (business_id, contact_id)
);

-- People who asked for their data to be erased. The row goes when they are.
CREATE TABLE erase_request (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  surface TEXT NOT NULL,
  PRIMARY KEY (business_id, contact_id)
);
