-- Operators of the console, their invitations, sessions, passkeys, tries to sign in, and the audit log.

-- name: add_operator
INSERT INTO operator (business_id, operator_id, email, created_at, sealed)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING operator_id;

-- name: change_operator
UPDATE operator SET sealed = $4, revision = revision + 1
WHERE business_id = $1 AND operator_id = $2 AND revision = $3 RETURNING revision;

-- name: operator
SELECT operator_id, created_at, revision, totp_step, sealed FROM operator
WHERE business_id = $1 AND operator_id = $2;

-- name: operator_by_email
SELECT operator_id, created_at, revision, totp_step, sealed FROM operator
WHERE business_id = $1 AND email = $2;

-- name: operators
SELECT operator_id, created_at, revision, totp_step, sealed FROM operator
WHERE business_id = $1 ORDER BY operator_id;

-- name: use_operator_step
UPDATE operator SET totp_step = $3
WHERE business_id = $1 AND operator_id = $2 AND totp_step < $3 RETURNING totp_step;

-- name: drop_invitations
DELETE FROM operator_invitation WHERE business_id = $1 AND operator_id = $2;

-- name: add_invitation
INSERT INTO operator_invitation (business_id, digest, operator_id, expires_at)
VALUES ($1, $2, $3, $4);

-- name: invitation
SELECT operator_id FROM operator_invitation
WHERE business_id = $1 AND digest = $2 AND expires_at > $3;

-- name: invitation_of
SELECT digest FROM operator_invitation
WHERE business_id = $1 AND operator_id = $2 AND expires_at > $3;

-- name: take_invitation
DELETE FROM operator_invitation
WHERE business_id = $1 AND digest = $2 AND operator_id = $3 AND expires_at > $4
RETURNING operator_id;

-- name: add_session
INSERT INTO operator_session
  (business_id, digest, session_id, operator_id, created_at, seen_at, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: session
SELECT session_id, operator_id, created_at, seen_at, ended_at, sealed FROM operator_session
WHERE business_id = $1 AND digest = $2;

-- name: see_session
UPDATE operator_session SET seen_at = $3
WHERE business_id = $1 AND session_id = $2 AND seen_at < $3 AND ended_at IS NULL;

-- name: sessions
SELECT session_id, operator_id, created_at, seen_at, ended_at, sealed FROM operator_session
WHERE business_id = $1 AND operator_id = $2 AND seen_at >= $3 AND ended_at IS NULL
ORDER BY seen_at DESC LIMIT $4;

-- name: end_session
UPDATE operator_session SET ended_at = $4
WHERE business_id = $1 AND operator_id = $2 AND session_id = $3 AND ended_at IS NULL
RETURNING session_id;

-- name: end_sessions
UPDATE operator_session SET ended_at = $3
WHERE business_id = $1 AND operator_id = $2 AND ended_at IS NULL;

-- name: hold_tries
INSERT INTO sign_in_tries (business_id, subject, count, last_at, opens_at)
VALUES ($1, $2, 0, 0, 0)
ON CONFLICT (business_id, subject) DO UPDATE SET count = sign_in_tries.count
RETURNING count, last_at, opens_at;

-- name: put_tries
UPDATE sign_in_tries SET count = $3, last_at = $4, opens_at = $5
WHERE business_id = $1 AND subject = $2;

-- name: forget_tries
DELETE FROM sign_in_tries WHERE business_id = $1 AND subject = $2;

-- name: sweep_sessions
DELETE FROM operator_session WHERE business_id = $1 AND seen_at < $2;

-- name: sweep_invitations
DELETE FROM operator_invitation WHERE business_id = $1 AND expires_at < $2;

-- name: sweep_tries
DELETE FROM sign_in_tries WHERE business_id = $1 AND last_at < $2;

-- name: put_challenge
INSERT INTO passkey_challenge (business_id, digest, expires_at, sealed) VALUES ($1, $2, $3, $4)
ON CONFLICT (business_id, digest) DO UPDATE
SET expires_at = excluded.expires_at, sealed = excluded.sealed;

-- name: take_challenge
DELETE FROM passkey_challenge WHERE business_id = $1 AND digest = $2
RETURNING expires_at, sealed;

-- name: sweep_challenges
DELETE FROM passkey_challenge WHERE business_id = $1 AND expires_at < $2;

-- name: add_passkey
INSERT INTO operator_passkey
  (business_id, digest, passkey_id, operator_id, created_at, sign_count, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING passkey_id;

-- name: passkey_of_credential
SELECT passkey_id, operator_id, created_at, used_at, sign_count, sealed FROM operator_passkey
WHERE business_id = $1 AND digest = $2;

-- name: passkeys
SELECT passkey_id, operator_id, created_at, used_at, sign_count, sealed FROM operator_passkey
WHERE business_id = $1 ORDER BY passkey_id;

-- name: hold_passkey
UPDATE operator_passkey SET sign_count = sign_count
WHERE business_id = $1 AND operator_id = $2 AND passkey_id = $3
RETURNING passkey_id, operator_id, created_at, used_at, sign_count, sealed;

-- name: put_passkey_label
UPDATE operator_passkey SET sealed = $3 WHERE business_id = $1 AND passkey_id = $2;

-- name: use_passkey
UPDATE operator_passkey SET sign_count = $3, used_at = $4
WHERE business_id = $1 AND digest = $2 AND (sign_count < $3 OR (sign_count = 0 AND $3 = 0))
RETURNING passkey_id;

-- name: remove_passkey
DELETE FROM operator_passkey WHERE business_id = $1 AND operator_id = $2 AND passkey_id = $3
RETURNING passkey_id;

-- name: drop_passkeys
DELETE FROM operator_passkey WHERE business_id = $1 AND operator_id = $2;

-- name: add_audit_entry
INSERT INTO audit_entry (business_id, entry_id, at, operator_id, act, contact_id, reason, about)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: audit_entries
SELECT entry_id, at, operator_id, act, contact_id, reason, about FROM audit_entry
WHERE business_id = $1 AND ($2::text = '' OR entry_id < $2) ORDER BY entry_id DESC LIMIT $3;

-- name: audit_of_contact
SELECT entry_id, at, operator_id, act, contact_id, reason, about FROM audit_entry
WHERE business_id = $1 AND contact_id = $2 AND contact_id <> '' ORDER BY entry_id DESC LIMIT $3;
