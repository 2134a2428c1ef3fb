-- Passkeys of operators. `digest` is the hash of the credential's id; the id, the public key and the label are sealed.
-- `sign_count`: how often it was used by its own count.
CREATE TABLE operator_passkey (
  business_id TEXT NOT NULL,
  digest BLOB NOT NULL,
  passkey_id TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER,
  sign_count INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, digest)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX operator_passkey_id ON operator_passkey (business_id, passkey_id);

-- What browsers were asked and have not answered: `digest` is the hash of a secret in their cookie.
CREATE TABLE passkey_challenge (
  business_id TEXT NOT NULL,
  digest BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, digest)
) STRICT, WITHOUT ROWID;
