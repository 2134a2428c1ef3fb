-- The ledger and what stands beside it. Times are microseconds since 1970, UTC.

-- `subscribers`: the live subscriptions, so that whoever writes events knows them without a look.
CREATE TABLE business (
  business_id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  last_position BIGINT NOT NULL DEFAULT 0,
  subscribers TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL
);

-- One row per person as one business knows them. `standing` is a projection of the events.
CREATE TABLE contact (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  standing BYTEA NOT NULL,
  confirmed_stop BIGINT NOT NULL DEFAULT 0,
  unreachable_at BIGINT,
  absorbed_by TEXT,
  PRIMARY KEY (business_id, contact_id)
);

CREATE INDEX contact_absorbed ON contact (business_id, absorbed_by) WHERE absorbed_by IS NOT NULL;

-- Names of contacts: found by keyed hash, kept sealed. An erasure takes the whole row.
CREATE TABLE alias (
  business_id TEXT NOT NULL,
  lookup BYTEA NOT NULL,
  contact_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  sealed BYTEA,
  PRIMARY KEY (business_id, lookup)
);

CREATE INDEX alias_contact ON alias (contact_id);

-- The ledger itself: only ever appended.
CREATE TABLE event (
  business_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  event_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  occurred_at BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  source TEXT NOT NULL,
  surface TEXT NOT NULL,
  purposes TEXT NOT NULL,
  assurance SMALLINT NOT NULL,
  sender TEXT NOT NULL,
  prompt TEXT,
  absorbed TEXT,
  evidence_digest BYTEA NOT NULL,
  leaf_hash BYTEA NOT NULL,
  PRIMARY KEY (business_id, position)
);

CREATE INDEX event_contact ON event (contact_id, position);

-- Rules, not triggers: they also stop the owner, and they work on a distributed table.
CREATE RULE event_is_never_updated AS ON UPDATE TO event DO INSTEAD NOTHING;
CREATE RULE event_is_never_deleted AS ON DELETE TO event DO INSTEAD NOTHING;

-- What proves an event, sealed, with the salt of the hash that the event carries.
CREATE TABLE evidence (
  business_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  salt BYTEA NOT NULL,
  PRIMARY KEY (business_id, position)
);

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
);

-- When a contact last wrote to a sender: the 24-hour window.
CREATE TABLE opening (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  phone_number_id TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  PRIMARY KEY (business_id, contact_id, phone_number_id)
);

-- Names of what Meta delivered, hashed, kept for ever: a second delivery does nothing.
CREATE TABLE seen (
  business_id TEXT NOT NULL,
  source BYTEA NOT NULL,
  PRIMARY KEY (business_id, source)
);

-- Whole webhooks, sealed, kept for a set time.
CREATE TABLE webhook (
  business_id TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (business_id, webhook_id)
);

-- What an idempotency key was used for; `positions` are the events it made.
CREATE TABLE answered (
  business_id TEXT NOT NULL,
  idempotency BYTEA NOT NULL,
  digest BYTEA NOT NULL,
  positions TEXT NOT NULL,
  PRIMARY KEY (business_id, idempotency)
);

-- The row that every admitted or refused send leaves. `sealed` holds recipient and body.
CREATE TABLE decision (
  business_id TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  sender TEXT NOT NULL,
  message_kind TEXT NOT NULL,
  template TEXT NOT NULL,
  language TEXT NOT NULL,
  country TEXT NOT NULL,
  contact_id TEXT,
  verdict TEXT NOT NULL,
  reasons TEXT NOT NULL,
  rule SMALLINT NOT NULL,
  purpose TEXT NOT NULL,
  position BIGINT NOT NULL,
  policy TEXT NOT NULL,
  retry_at BIGINT,
  reservations TEXT,
  sealed BYTEA,
  PRIMARY KEY (business_id, decision_id)
);

-- How often something that is bound was used, counted with the decision that uses it.
CREATE TABLE reservation (
  business_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  used BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  PRIMARY KEY (business_id, kind, key)
);

CREATE TABLE outcome (
  business_id TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  left_at BIGINT NOT NULL,
  status INTEGER NOT NULL,
  message BYTEA,
  PRIMARY KEY (business_id, decision_id)
);

CREATE TABLE sender (
  business_id TEXT NOT NULL,
  phone_number_id TEXT NOT NULL,
  waba_id TEXT NOT NULL,
  digits TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  token BYTEA,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (business_id, phone_number_id)
);

CREATE UNIQUE INDEX sender_owner ON sender (phone_number_id);
CREATE INDEX sender_waba ON sender (waba_id);

CREATE TABLE template (
  business_id TEXT NOT NULL,
  waba_id TEXT NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  category TEXT NOT NULL,
  state TEXT NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (business_id, waba_id, name, language)
);

CREATE TABLE api_key (
  business_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  secret_digest BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT,
  PRIMARY KEY (business_id, key_id)
);

CREATE UNIQUE INDEX api_key_secret ON api_key (secret_digest);

-- Which key versions wrote here: a keyring that lacks one must not start.
CREATE TABLE key_version (
  version INTEGER NOT NULL PRIMARY KEY,
  fingerprint TEXT NOT NULL
);
