-- Who works in the console. `email` is a keyed hash; name, address, role and what proves who they are is
-- sealed. `totp_step`: the last step of their authenticator that was used.
CREATE TABLE operator (
  business_id TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  email BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  revision INTEGER NOT NULL DEFAULT 0,
  totp_step INTEGER NOT NULL DEFAULT 0,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, operator_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX operator_email ON operator (business_id, email);

-- Invitations that were not taken up: `digest` is the hash of the secret in the link.
CREATE TABLE operator_invitation (
  business_id TEXT NOT NULL,
  digest BLOB NOT NULL,
  operator_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, digest)
) STRICT, WITHOUT ROWID;

-- Sessions: `digest` is the hash of the secret in the cookie; address and browser are sealed.
CREATE TABLE operator_session (
  business_id TEXT NOT NULL,
  digest BLOB NOT NULL,
  session_id TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  ended_at INTEGER,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX operator_session_of ON operator_session (business_id, operator_id, seen_at);
CREATE UNIQUE INDEX operator_session_id ON operator_session (business_id, session_id);

-- Tries to sign in that led nowhere: `subject` is the keyed hash of an operator's or a network's address.
CREATE TABLE sign_in_tries (
  business_id TEXT NOT NULL,
  subject BLOB NOT NULL,
  count INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  opens_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, subject)
) STRICT, WITHOUT ROWID;

-- The audit log of the console: ids and codes only, so that no line ever has to go.
CREATE TABLE audit_entry (
  business_id TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  operator_id TEXT NOT NULL,
  act TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  about TEXT NOT NULL,
  PRIMARY KEY (business_id, entry_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_entry_of_contact ON audit_entry (business_id, contact_id, entry_id) WHERE contact_id <> '';

CREATE TRIGGER audit_entry_is_never_updated BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'lines of the audit log are never updated'); END;

CREATE TRIGGER audit_entry_is_never_deleted BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'lines of the audit log are never deleted'); END;

-- REPLACE deletes without asking the trigger above.
CREATE TRIGGER audit_entry_is_never_replaced BEFORE INSERT ON audit_entry
WHEN EXISTS (SELECT 1 FROM audit_entry
  WHERE business_id = NEW.business_id AND entry_id = NEW.entry_id)
BEGIN SELECT RAISE(ABORT, 'lines of the audit log are never replaced'); END;
