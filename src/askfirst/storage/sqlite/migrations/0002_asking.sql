-- Asking: a business's own questions, entries to its chat, what proves a number, personal links.

-- What people are told about a business, which sites may show its questions, and its logo (PNG).
CREATE TABLE profile (
  business_id TEXT NOT NULL PRIMARY KEY,
  content TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  logo BLOB NOT NULL DEFAULT x''
) STRICT, WITHOUT ROWID;

-- A business's own questions. Revision 0 is the draft; a published revision never changes.
CREATE TABLE own_prompt (
  business_id TEXT NOT NULL,
  prompt_key TEXT NOT NULL,
  revision INTEGER NOT NULL,
  content TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, prompt_key, revision)
) STRICT, WITHOUT ROWID;

-- Versions whose question was published anew: taps on old buttons no longer mean yes.
CREATE TABLE retired_prompt (
  business_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (business_id, hash)
) STRICT, WITHOUT ROWID;

-- Links and QR codes with which customers start a chat; `code` stands in the prefilled text.
CREATE TABLE entry (
  business_id TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  code TEXT NOT NULL,
  phone_number_id TEXT NOT NULL,
  name TEXT NOT NULL,
  prompt_key TEXT NOT NULL,
  locale TEXT NOT NULL,
  words TEXT NOT NULL,
  managed_code TEXT NOT NULL,
  managed_url TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (business_id, entry_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX entry_code ON entry (business_id, code);

-- Who came in through which entry; one row per message of Meta's.
CREATE TABLE arrival (
  business_id TEXT NOT NULL,
  source BLOB NOT NULL,
  entry_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  arrived_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, source)
) STRICT, WITHOUT ROWID;

CREATE INDEX arrival_entry ON arrival (business_id, entry_id, arrived_at);

-- Who was asked which question in the chat: once, then silence.
CREATE TABLE asked (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  prompt_key TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, contact_id, prompt_key)
) STRICT, WITHOUT ROWID;

-- A text that only one number can send. `sealed` holds the text and the number.
CREATE TABLE proof (
  business_id TEXT NOT NULL,
  proof_id TEXT NOT NULL,
  lookup BLOB NOT NULL,
  kind TEXT NOT NULL,
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  proven_at INTEGER,
  PRIMARY KEY (business_id, proof_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX proof_lookup ON proof (business_id, lookup);

-- Links to one person's preference page.
CREATE TABLE personal_link (
  business_id TEXT NOT NULL,
  link_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  PRIMARY KEY (business_id, link_id)
) STRICT, WITHOUT ROWID;

-- The keys that sign receipts. A retired one stays published: what it signed stays valid.
CREATE TABLE receipt_key (
  business_id TEXT NOT NULL,
  key_name TEXT NOT NULL,
  public_key BLOB NOT NULL,
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  PRIMARY KEY (business_id, key_name)
) STRICT, WITHOUT ROWID;

-- How often something was done in a stretch of time. `subject` is a keyed hash.
CREATE TABLE limit_count (
  business_id TEXT NOT NULL,
  policy TEXT NOT NULL,
  subject BLOB NOT NULL,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  used INTEGER NOT NULL,
  PRIMARY KEY (business_id, policy, subject, starts_at)
) STRICT, WITHOUT ROWID;
