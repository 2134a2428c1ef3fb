-- Who works in the console. `email` is a keyed hash; name, address, role and what proves who they are is
-- sealed. `totp_step`: the last step of their authenticator that was used.
CREATE TABLE operator (
  business_id TEXT NOT NULL,
  operator_id TEXT COLLATE "C" NOT NULL,
  email BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  revision BIGINT NOT NULL DEFAULT 0,
  totp_step BIGINT NOT NULL DEFAULT 0,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (business_id, operator_id)
);

CREATE UNIQUE INDEX operator_email ON operator (business_id, email);

-- Invitations that were not taken up: `digest` is the hash of the secret in the link.
CREATE TABLE operator_invitation (
  business_id TEXT NOT NULL,
  digest BYTEA NOT NULL,
  operator_id TEXT COLLATE "C" NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (business_id, digest)
);

-- Sessions: `digest` is the hash of the secret in the cookie; address and browser are sealed.
CREATE TABLE operator_session (
  business_id TEXT NOT NULL,
  digest BYTEA NOT NULL,
  session_id TEXT COLLATE "C" NOT NULL,
  operator_id TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  ended_at BIGINT,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (business_id, digest)
);

CREATE INDEX operator_session_of ON operator_session (business_id, operator_id, seen_at);
CREATE UNIQUE INDEX operator_session_id ON operator_session (business_id, session_id);

-- Tries to sign in that led nowhere: `subject` is the keyed hash of an operator's or a network's address.
CREATE TABLE sign_in_tries (
  business_id TEXT NOT NULL,
  subject BYTEA NOT NULL,
  count BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  opens_at BIGINT NOT NULL,
  PRIMARY KEY (business_id, subject)
);

-- The audit log of the console: ids and codes only, so that no line ever has to go.
CREATE TABLE audit_entry (
  business_id TEXT NOT NULL,
  entry_id TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  operator_id TEXT COLLATE "C" NOT NULL,
  act TEXT NOT NULL,
  contact_id TEXT COLLATE "C" NOT NULL,
  reason TEXT NOT NULL,
  about TEXT NOT NULL,
  PRIMARY KEY (business_id, entry_id)
);

CREATE INDEX audit_entry_of_contact ON audit_entry (business_id, contact_id, entry_id) WHERE contact_id <> '';

-- Rules, not triggers: they work on a distributed table, too.
CREATE FUNCTION audit_entry_refuse_change(what TEXT) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'lines of the audit log are never %', what; END $$;

CREATE RULE audit_entry_is_never_updated AS ON UPDATE TO audit_entry
DO INSTEAD SELECT audit_entry_refuse_change('updated');

CREATE RULE audit_entry_is_never_deleted AS ON DELETE TO audit_entry
DO INSTEAD SELECT audit_entry_refuse_change('deleted');
