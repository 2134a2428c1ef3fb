-- What asking needs: questions of a business's own, entries, proofs, personal links, receipts.

-- name: profile
SELECT content FROM profile WHERE business_id = ?1;

-- name: put_profile
INSERT INTO profile (business_id, content, changed_at) VALUES (?1, ?2, ?3)
ON CONFLICT (business_id) DO UPDATE SET content = excluded.content,
  changed_at = excluded.changed_at;

-- name: put_profile_and_logo
INSERT INTO profile (business_id, content, changed_at, logo) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (business_id) DO UPDATE SET content = excluded.content,
  changed_at = excluded.changed_at, logo = excluded.logo;

-- name: logo
SELECT logo FROM profile WHERE business_id = ?1;

-- name: own_prompts
-- Every draft (revision 0) and the newest published revision of each key.
SELECT prompt_key, revision, content FROM own_prompt o
WHERE o.business_id = ?1 AND (o.revision = 0 OR o.revision = (
  SELECT max(n.revision) FROM own_prompt n
  WHERE n.business_id = ?1 AND n.prompt_key = o.prompt_key))
ORDER BY prompt_key, revision;

-- name: put_draft
INSERT INTO own_prompt (business_id, prompt_key, revision, content, changed_at)
VALUES (?1, ?2, 0, ?3, ?4)
ON CONFLICT (business_id, prompt_key, revision) DO UPDATE SET content = excluded.content,
  changed_at = excluded.changed_at;

-- name: delete_draft
DELETE FROM own_prompt WHERE business_id = ?1 AND prompt_key = ?2 AND revision = 0
RETURNING prompt_key;

-- name: draft
SELECT content FROM own_prompt WHERE business_id = ?1 AND prompt_key = ?2 AND revision = 0;

-- name: add_draft_writer
INSERT INTO draft_writer (business_id, prompt_key, operator_id) VALUES (?1, ?2, ?3)
ON CONFLICT DO NOTHING;

-- name: draft_writers
SELECT operator_id FROM draft_writer WHERE business_id = ?1 AND prompt_key = ?2;

-- name: end_draft_writers
DELETE FROM draft_writer WHERE business_id = ?1 AND prompt_key = ?2;

-- name: put_submission
-- A draft that was declined may be submitted again; the no goes with the old one.
INSERT INTO draft_submission (business_id, prompt_key, hash, submitted_by, submitted_at)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (business_id, prompt_key) DO UPDATE SET hash = excluded.hash,
  submitted_by = excluded.submitted_by, submitted_at = excluded.submitted_at,
  declined_by = NULL, declined_at = NULL, reason = '';

-- name: decline_submission
UPDATE draft_submission SET declined_by = ?3, declined_at = ?4, reason = ?5
WHERE business_id = ?1 AND prompt_key = ?2;

-- name: end_submission
DELETE FROM draft_submission WHERE business_id = ?1 AND prompt_key = ?2;

-- name: submission
SELECT prompt_key, hash, submitted_by, submitted_at, declined_by, declined_at, reason
FROM draft_submission WHERE business_id = ?1 AND prompt_key = ?2;

-- name: submissions
SELECT prompt_key, hash, submitted_by, submitted_at, declined_by, declined_at, reason
FROM draft_submission WHERE business_id = ?1 ORDER BY prompt_key;

-- name: hold_questions
-- Publishing and keeping words go one after another; here one writer does both.
SELECT business_id FROM business WHERE business_id = ?1;

-- name: newest_revision
SELECT coalesce(max(revision), 0) FROM own_prompt WHERE business_id = ?1 AND prompt_key = ?2;

-- name: publish_prompt
INSERT INTO own_prompt (business_id, prompt_key, revision, content, changed_at)
VALUES (?1, ?2, ?3, ?4, ?5);

-- name: keep_version
INSERT INTO prompt (business_id, hash, prompt_key, locale, surface, purposes, words,
  kind)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING;

-- name: version_state
-- Whether words are kept, and whether a tap may still say yes to them.
SELECT p.hash, p.surface, p.kind, c.hash AS current_hash FROM prompt p
LEFT JOIN current_prompt c ON c.business_id = ?1 AND c.hash = p.hash
WHERE p.business_id = ?1 AND p.hash = ?2;

-- name: version
SELECT hash, prompt_key, locale, surface, purposes, words, kind FROM prompt
WHERE business_id = ?1 AND hash = ?2;

-- name: make_current
INSERT INTO current_prompt (business_id, hash) VALUES (?1, ?2) ON CONFLICT DO NOTHING;

-- name: retire_versions
-- Words whose question was published anew: a late yes to them, in the chat, counts no more.
DELETE FROM current_prompt WHERE business_id = ?1 AND hash IN (
  SELECT hash FROM prompt WHERE business_id = ?1 AND prompt_key = ?2);

-- name: retire_version
DELETE FROM current_prompt WHERE business_id = ?1 AND hash = ?2;

-- name: put_entry
INSERT INTO entry (business_id, entry_id, code, phone_number_id, name, prompt_key, locale, words,
  managed_code, managed_url, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- name: entries
SELECT e.entry_id, e.code, e.phone_number_id, e.name, e.prompt_key, e.locale, e.words,
  e.managed_code, e.managed_url, e.created_at, e.ended_at,
  (SELECT count(*) FROM arrival a WHERE a.business_id = ?1 AND a.entry_id = e.entry_id)
    AS arrivals
FROM entry e WHERE e.business_id = ?1 AND e.entry_id > ?2 ORDER BY e.entry_id LIMIT ?3;

-- name: entry
SELECT e.entry_id, e.code, e.phone_number_id, e.name, e.prompt_key, e.locale, e.words,
  e.managed_code, e.managed_url, e.created_at, e.ended_at,
  (SELECT count(*) FROM arrival a WHERE a.business_id = ?1 AND a.entry_id = e.entry_id)
    AS arrivals
FROM entry e WHERE e.business_id = ?1 AND e.entry_id = ?2;

-- name: entry_by_code
SELECT e.entry_id, e.code, e.phone_number_id, e.name, e.prompt_key, e.locale, e.words,
  e.managed_code, e.managed_url, e.created_at, e.ended_at, 0 AS arrivals
FROM entry e WHERE e.business_id = ?1 AND e.code = ?2;

-- name: end_entry
UPDATE entry SET ended_at = ?3 WHERE business_id = ?1 AND entry_id = ?2 AND ended_at IS NULL
RETURNING entry_id;

-- name: add_arrival
INSERT INTO arrival (business_id, source, entry_id, contact_id, arrived_at)
VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING RETURNING entry_id;

-- name: asked_before
-- Whether somebody was asked, also as one of the contacts that were merged into this one.
WITH RECURSIVE person (contact_id) AS (
  VALUES (?2)
  UNION
  SELECT c.contact_id FROM contact c
  JOIN person p ON c.business_id = ?1 AND c.absorbed_by = p.contact_id
)
SELECT 1 FROM asked a
JOIN person p ON a.business_id = ?1 AND a.contact_id = p.contact_id
WHERE a.prompt_key = ?3 LIMIT 1;

-- name: mark_asked
INSERT INTO asked (business_id, contact_id, prompt_key, asked_at)
VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING RETURNING prompt_key;

-- name: put_proof
INSERT INTO proof (business_id, proof_id, lookup, kind, sealed, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: proof
SELECT proof_id, kind, sealed, created_at, expires_at, proven_at FROM proof
WHERE business_id = ?1 AND proof_id = ?2;

-- name: proof_by_lookup
SELECT proof_id, kind, sealed, created_at, expires_at, proven_at FROM proof
WHERE business_id = ?1 AND lookup = ?2;

-- name: mark_proven
UPDATE proof SET proven_at = ?3 WHERE business_id = ?1 AND proof_id = ?2 AND proven_at IS NULL
RETURNING proof_id;

-- name: sweep_proofs
DELETE FROM proof WHERE business_id = ?1 AND expires_at < ?2 RETURNING proof_id;

-- name: put_link
INSERT INTO personal_link (business_id, link_id, contact_id, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT DO NOTHING;

-- name: link
SELECT link_id, contact_id, created_at, expires_at, revoked_at FROM personal_link
WHERE business_id = ?1 AND link_id = ?2;

-- name: revoke_link
UPDATE personal_link SET revoked_at = ?3
WHERE business_id = ?1 AND link_id = ?2 AND revoked_at IS NULL RETURNING link_id;

-- name: sweep_links
DELETE FROM personal_link WHERE business_id = ?1 AND expires_at < ?2 RETURNING link_id;

-- name: survivor
-- Who a contact is now: contacts that were merged away lead to the one that stayed.
WITH RECURSIVE person (contact_id) AS (
  VALUES (?2)
  UNION
  SELECT c.absorbed_by FROM contact c
  JOIN person p ON c.business_id = ?1 AND c.contact_id = p.contact_id
  WHERE c.absorbed_by IS NOT NULL
)
SELECT c.contact_id FROM contact c
JOIN person p ON c.business_id = ?1 AND c.contact_id = p.contact_id
WHERE c.absorbed_by IS NULL;

-- name: aliases
SELECT kind, sealed FROM alias INDEXED BY alias_contact
WHERE business_id = ?1 AND contact_id = ?2 AND sealed IS NOT NULL ORDER BY kind DESC;

-- name: receipt_keys
SELECT key_name, public_key, sealed, created_at, retired_at FROM receipt_key
WHERE business_id = ?1 ORDER BY created_at DESC, key_name;

-- name: add_receipt_key
INSERT INTO receipt_key (business_id, key_name, public_key, sealed, created_at)
VALUES (?1, ?2, ?3, ?4, ?5);

-- name: retire_receipt_keys
UPDATE receipt_key SET retired_at = ?3
WHERE business_id = ?1 AND key_name <> ?2 AND retired_at IS NULL RETURNING key_name;
