-- One-time codes. No code is kept, only a keyed hash of it, and no number, only a sealed one.

-- A wish for a code that was answered with one: the exception is used up, as with `confirmed_stop`.
ALTER TABLE contact ADD COLUMN answered_code BIGINT NOT NULL DEFAULT 0;

-- A request for a code, everything about it in one row: what counts tries also ends it, and that it
-- was used outlives it. `number` and `area` are keyed hashes. `hash` is that of the one code that is
-- alive; there is none where the number proves itself by a message.
CREATE TABLE code (
  business_id TEXT NOT NULL,
  code_id TEXT NOT NULL,
  number BYTEA NOT NULL,
  area BYTEA NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  channels TEXT NOT NULL,
  step INTEGER NOT NULL,
  hash BYTEA,
  made INTEGER NOT NULL,
  asked INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  tries_max INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  resend_at BIGINT NOT NULL,
  ended_at BIGINT,
  idempotency BYTEA,
  digest BYTEA,
  history TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (business_id, code_id)
);

-- One live code per number and purpose. Nothing can be guessed of those that are sent to us.
CREATE UNIQUE INDEX code_live ON code (business_id, number, purpose)
WHERE state = 'waiting' AND hash IS NOT NULL;

CREATE INDEX code_number_time ON code (business_id, number, created_at);
CREATE UNIQUE INDEX code_idempotency ON code (business_id, idempotency)
WHERE idempotency IS NOT NULL;

-- When a number has its next turn: one request at a time, and not too soon.
CREATE TABLE code_number (
  business_id TEXT NOT NULL,
  number BYTEA NOT NULL,
  next_at BIGINT NOT NULL,
  PRIMARY KEY (business_id, number)
);

-- Until when no code is sent to a number, because its holder said so. Apart from the turns, or
-- taking the first of them would be other work for such a number than for one that nobody knows.
CREATE TABLE code_suppression (
  business_id TEXT NOT NULL,
  number BYTEA NOT NULL,
  ends_at BIGINT NOT NULL,
  PRIMARY KEY (business_id, number)
);

-- How much of a limit is used. A stretch of time begins with the first use; `subject` is a keyed hash.
CREATE TABLE code_limit (
  business_id TEXT NOT NULL,
  policy TEXT NOT NULL,
  subject BYTEA NOT NULL,
  ends_at BIGINT NOT NULL,
  used BIGINT NOT NULL,
  most BIGINT NOT NULL,
  PRIMARY KEY (business_id, policy, subject)
);
