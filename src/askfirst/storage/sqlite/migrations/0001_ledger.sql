-- The ledger and what stands beside it. Times are microseconds since 1970, UTC.

-- `subscribers`: the live subscriptions, so that whoever writes events knows them without a look.
CREATE TABLE business (
  business_id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  last_position INTEGER NOT NULL DEFAULT 0,
  subscribers TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row per person as one business knows them. `standing` is a projection of the events.
CREATE TABLE contact (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  standing BLOB NOT NULL,
  confirmed_stop INTEGER NOT NULL DEFAULT 0,
  unreachable_at INTEGER,
  absorbed_by TEXT,
  PRIMARY KEY (business_id, contact_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX contact_absorbed ON contact (business_id, absorbed_by) WHERE absorbed_by IS NOT NULL;

-- Names of contacts: found by keyed hash, kept sealed. An erasure takes the whole row.
CREATE TABLE alias (
  business_id TEXT NOT NULL,
  lookup BLOB NOT NULL,
  contact_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  sealed BLOB,
  PRIMARY KEY (business_id, lookup)
) STRICT, WITHOUT ROWID;

CREATE INDEX alias_contact ON alias (business_id, contact_id);

-- The ledger itself: only ever appended.
CREATE TABLE event (
  business_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  surface TEXT NOT NULL,
  purposes TEXT NOT NULL,
  assurance INTEGER NOT NULL,
  sender TEXT NOT NULL,
  prompt TEXT,
  absorbed TEXT,
  evidence_digest BLOB NOT NULL,
  leaf_hash BLOB NOT NULL,
  PRIMARY KEY (business_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX event_contact ON event (business_id, contact_id, position);

CREATE TRIGGER event_is_never_updated BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'events are never updated'); END;

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

-- REPLACE deletes without asking the trigger above.
CREATE TRIGGER event_is_never_replaced BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event
  WHERE business_id = NEW.business_id AND position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'events are never replaced'); END;

-- What proves an event, sealed, with the salt of the hash that the event carries.
CREATE TABLE evidence (
  business_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  salt BLOB NOT NULL,
  PRIMARY KEY (business_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE prompt (
  business_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  prompt_key TEXT NOT NULL,
  locale TEXT NOT NULL,
  surface TEXT NOT NULL,
  purposes TEXT NOT NULL,
  words TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'question',
  PRIMARY KEY (business_id, hash)
) STRICT, WITHOUT ROWID;

-- When a contact last wrote to a sender: the 24-hour window.
CREATE TABLE opening (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  phone_number_id TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, contact_id, phone_number_id)
) STRICT, WITHOUT ROWID;

-- Names of what Meta delivered, hashed, kept for ever: a second delivery does nothing.
CREATE TABLE seen (
  business_id TEXT NOT NULL,
  source BLOB NOT NULL,
  PRIMARY KEY (business_id, source)
) STRICT, WITHOUT ROWID;

-- Whole webhooks, sealed, kept for a set time.
CREATE TABLE webhook (
  business_id TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, webhook_id)
) STRICT;

-- What an idempotency key was used for; `positions` are the events it made.
CREATE TABLE answered (
  business_id TEXT NOT NULL,
  idempotency BLOB NOT NULL,
  digest BLOB NOT NULL,
  positions TEXT NOT NULL,
  PRIMARY KEY (business_id, idempotency)
) STRICT, WITHOUT ROWID;

-- The row that every admitted or refused send leaves. `sealed` holds recipient and body.
CREATE TABLE decision (
  business_id TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  sender TEXT NOT NULL,
  message_kind TEXT NOT NULL,
  template TEXT NOT NULL,
  language TEXT NOT NULL,
  country TEXT NOT NULL,
  contact_id TEXT,
  verdict TEXT NOT NULL,
  reasons TEXT NOT NULL,
  rule INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  position INTEGER NOT NULL,
  policy TEXT NOT NULL,
  retry_at INTEGER,
  reservations TEXT,
  sealed BLOB,
  PRIMARY KEY (business_id, decision_id)
) STRICT, WITHOUT ROWID;

-- How often something that is bound was used, counted with the decision that uses it.
CREATE TABLE reservation (
  business_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  used INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE outcome (
  business_id TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  left_at INTEGER NOT NULL,
  status INTEGER NOT NULL,
  message BLOB,
  PRIMARY KEY (business_id, decision_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sender (
  business_id TEXT NOT NULL,
  phone_number_id TEXT NOT NULL,
  waba_id TEXT NOT NULL,
  digits TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  token BLOB,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, phone_number_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX sender_owner ON sender (phone_number_id);
CREATE INDEX sender_waba ON sender (waba_id);

CREATE TABLE template (
  business_id TEXT NOT NULL,
  waba_id TEXT NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  category TEXT NOT NULL,
  state TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, waba_id, name, language)
) STRICT, WITHOUT ROWID;

CREATE TABLE api_key (
  business_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  secret_digest BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER,
  PRIMARY KEY (business_id, key_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX api_key_secret ON api_key (secret_digest);

-- Which key versions wrote here: a keyring that lacks one must not start.
CREATE TABLE key_version (
  version INTEGER NOT NULL PRIMARY KEY,
  fingerprint TEXT NOT NULL
) STRICT, WITHOUT ROWID;
