-- One-time codes. No code is kept, only a keyed hash of it, and no number, only a sealed one.

-- A wish for a code that was answered with one: the exception is used up, as with `confirmed_stop`.
ALTER TABLE contact ADD COLUMN answered_code INTEGER NOT NULL DEFAULT 0;

-- A request for a code, everything about it in one row: what counts tries also ends it, and that it
-- was used outlives it. `number` and `area` are keyed hashes. `hash` is that of the one code that is
-- alive; there is none where the number proves itself by a message.
CREATE TABLE code (
  business_id TEXT NOT NULL,
  code_id TEXT NOT NULL,
  number BLOB NOT NULL,
  area BLOB NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  channels TEXT NOT NULL,
  step INTEGER NOT NULL,
  hash BLOB,
  made INTEGER NOT NULL,
  asked INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  tries_max INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  resend_at INTEGER NOT NULL,
  ended_at INTEGER,
  idempotency BLOB,
  digest BLOB,
  history TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, code_id)
) STRICT, WITHOUT ROWID;

-- One live code per number and purpose. Nothing can be guessed of those that are sent to us.
CREATE UNIQUE INDEX code_live ON code (business_id, number, purpose)
WHERE state = 'waiting' AND hash IS NOT NULL;

CREATE INDEX code_number_time ON code (business_id, number, created_at);
CREATE UNIQUE INDEX code_idempotency ON code (business_id, idempotency)
WHERE idempotency IS NOT NULL;

-- When a number has its next turn: one request at a time, and not too soon.
CREATE TABLE code_number (
  business_id TEXT NOT NULL,
  number BLOB NOT NULL,
  next_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, number)
) STRICT, WITHOUT ROWID;

-- Until when no code is sent to a number, because its holder said so. Apart from the turns, or
-- taking the first of them would be other work for such a number than for one that nobody knows.
CREATE TABLE code_suppression (
  business_id TEXT NOT NULL,
  number BLOB NOT NULL,
  ends_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, number)
) STRICT, WITHOUT ROWID;

-- How much of a limit is used. A stretch of time begins with the first use; `subject` is a keyed hash.
CREATE TABLE code_limit (
  business_id TEXT NOT NULL,
  policy TEXT NOT NULL,
  subject BLOB NOT NULL,
  ends_at INTEGER NOT NULL,
  used INTEGER NOT NULL,
  most INTEGER NOT NULL,
  PRIMARY KEY (business_id, policy, subject)
) STRICT, WITHOUT ROWID;
