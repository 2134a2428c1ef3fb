-- Checking the past: read in pages, each in one statement and so in one state of the database.

-- name: audit_database
-- Which database is this, and was a head kept of it?
SELECT database_id, head_kept FROM database_id;

-- name: note_head_kept
UPDATE database_id SET head_kept = 1;

-- name: audit_newest
-- The newest position of each business, as it stands beside the events.
SELECT business_id, last_position FROM business ORDER BY business_id;

-- name: audit_leaf
-- The newest event up to a position.
SELECT position, leaf_hash FROM event
WHERE business_id = $1 AND position <= $2 ORDER BY position DESC LIMIT 1;

-- name: audit_events
SELECT business_id, position, event_id, contact_id, kind, occurred_at, recorded_at, source,
  surface, purposes, assurance, sender, prompt, absorbed, evidence_digest, number_proof,
  choice, leaf_hash
FROM event WHERE business_id = $1 AND position > $2 ORDER BY position LIMIT $3;

-- name: audit_contacts
-- A page of contacts with their events, and what stands of those that were merged into them.
SELECT c.contact_id, c.standing, c.absorbed_by, o.standing, o.absorbed_by,
  e.business_id, e.position, e.event_id, e.contact_id, e.kind, e.occurred_at,
  e.recorded_at, e.source, e.surface, e.purposes, e.assurance, e.sender, e.prompt, e.absorbed,
  e.evidence_digest, e.number_proof, e.choice, e.leaf_hash
FROM (
  SELECT business_id, contact_id, standing, absorbed_by FROM contact
  WHERE business_id = $1 AND contact_id > $2 ORDER BY contact_id LIMIT $3
) c
LEFT JOIN event e ON e.business_id = $1 AND e.contact_id = c.contact_id
LEFT JOIN contact o ON o.business_id = $1 AND o.contact_id = e.absorbed
ORDER BY c.contact_id, e.position;

-- name: audit_contact
-- The same of one contact.
SELECT c.contact_id, c.standing, c.absorbed_by, o.standing, o.absorbed_by,
  e.business_id, e.position, e.event_id, e.contact_id, e.kind, e.occurred_at,
  e.recorded_at, e.source, e.surface, e.purposes, e.assurance, e.sender, e.prompt, e.absorbed,
  e.evidence_digest, e.number_proof, e.choice, e.leaf_hash
FROM (
  SELECT business_id, contact_id, standing, absorbed_by FROM contact
  WHERE business_id = $1 AND contact_id = $2
) c
LEFT JOIN event e ON e.business_id = $1 AND e.contact_id = c.contact_id
LEFT JOIN contact o ON o.business_id = $1 AND o.contact_id = e.absorbed
ORDER BY e.position;

-- name: audit_strays
-- Events whose contact is gone; those of the ledger itself have none.
SELECT e.position, e.contact_id FROM (
  SELECT business_id, position, contact_id FROM event
  WHERE business_id = $1 AND position > $2 ORDER BY position LIMIT $3
) e
LEFT JOIN contact c ON c.business_id = $1 AND c.contact_id = e.contact_id
WHERE c.contact_id IS NULL AND e.contact_id <> 'con_00000000000000000000000000';

-- name: audit_names
-- A page of names, each with the contact that it leads to, and whether that one is alive.
SELECT a.lookup, a.contact_id, c.contact_id IS NOT NULL AND c.absorbed_by IS NULL FROM (
  SELECT business_id, lookup, contact_id FROM alias
  WHERE business_id = $1 AND lookup > $2 ORDER BY lookup LIMIT $3
) a
LEFT JOIN contact c ON c.business_id = $1 AND c.contact_id = a.contact_id
ORDER BY a.lookup;

-- name: audit_astray
SELECT 1 FROM alias a
LEFT JOIN contact c ON c.business_id = $1 AND c.contact_id = a.contact_id
WHERE a.business_id = $1 AND a.contact_id = $2
  AND (c.contact_id IS NULL OR c.absorbed_by IS NOT NULL) LIMIT 1;

-- name: audit_guards
-- What keeps events as they are, where it is on and does what it should.
SELECT rulename, '' FROM pg_rules
WHERE schemaname = current_schema() AND tablename = 'event'
  AND definition LIKE '%INSTEAD%event_refuse_change(%'
  AND EXISTS (SELECT 1 FROM pg_rewrite r WHERE r.rulename = pg_rules.rulename
    AND r.ev_class = 'event'::regclass AND r.ev_enabled IN ('O', 'A'))
  AND EXISTS (SELECT 1 FROM pg_proc f WHERE f.oid = to_regproc('event_refuse_change')
    AND btrim(f.prosrc, E' \n') = 'BEGIN RAISE EXCEPTION ''events are never %'', what; END')
UNION ALL
SELECT t.tgname, '' FROM pg_trigger t
WHERE t.tgrelid = 'event'::regclass AND t.tgenabled IN ('O', 'A')
  AND t.tgfoid = to_regproc('event_refuse_truncate') AND t.tgtype & 32 = 32
  AND EXISTS (SELECT 1 FROM pg_proc f WHERE f.oid = t.tgfoid
    AND btrim(f.prosrc, E' \n') = 'BEGIN RAISE EXCEPTION ''events are never truncated''; END');

-- name: audit_hold
-- Keep other writers off a business's positions until this transaction ends.
SELECT last_position FROM business WHERE business_id = $1 FOR UPDATE;

-- name: reserve_positions
-- What was lost keeps its positions: no later event takes one of them.
UPDATE business SET last_position = $2 WHERE business_id = $1 AND last_position < $2;

-- name: accept_event
INSERT INTO event (business_id, position, event_id, contact_id, kind, occurred_at, recorded_at,
  source, surface, purposes, assurance, sender, prompt, absorbed, evidence_digest, number_proof,
  choice, leaf_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18);

-- name: accept_evidence
INSERT INTO evidence (business_id, position, sealed, salt) VALUES ($1, $2, $3, $4);

-- name: acceptances
-- Operators' words about the ledger, with what they say, sealed.
SELECT p.sealed, e.business_id, e.position, e.event_id, e.contact_id, e.kind, e.occurred_at,
  e.recorded_at, e.source, e.surface, e.purposes, e.assurance, e.sender, e.prompt, e.absorbed,
  e.evidence_digest, e.number_proof, e.choice, e.leaf_hash
FROM event e
JOIN evidence p ON p.business_id = $1 AND p.position = e.position
WHERE e.business_id = $1 AND e.contact_id = 'con_00000000000000000000000000'
ORDER BY e.position;

-- name: contact_events
SELECT business_id, position, event_id, contact_id, kind, occurred_at, recorded_at, source,
  surface, purposes, assurance, sender, prompt, absorbed, evidence_digest, number_proof, choice
FROM event
WHERE business_id = $1 AND contact_id = $2 ORDER BY position;

-- name: rebuild_standing
-- Write what the events say over what stood beside them.
INSERT INTO contact (business_id, contact_id, standing) VALUES ($1, $2, $3)
ON CONFLICT (business_id, contact_id) DO UPDATE SET standing = excluded.standing;

-- name: mend_merge
UPDATE contact SET absorbed_by = $3 WHERE business_id = $1 AND contact_id = $2;

-- name: mend_names
-- Let names of a merged contact lead to the one that it was merged into.
UPDATE alias SET contact_id = c.absorbed_by FROM contact c
WHERE alias.business_id = $1 AND alias.contact_id = $2
  AND c.business_id = $1 AND c.contact_id = $2 AND c.absorbed_by IS NOT NULL;

-- name: refuse_change
CREATE OR REPLACE FUNCTION event_refuse_change(what TEXT) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'events are never %', what; END $$;

-- name: refuse_truncate
CREATE OR REPLACE FUNCTION event_refuse_truncate() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'events are never truncated'; END $$;

-- name: event_is_never_updated
CREATE OR REPLACE RULE event_is_never_updated AS ON UPDATE TO event
DO INSTEAD SELECT event_refuse_change('updated');

-- name: event_is_never_deleted
CREATE OR REPLACE RULE event_is_never_deleted AS ON DELETE TO event
DO INSTEAD SELECT event_refuse_change('deleted');

-- name: event_is_never_truncated
CREATE OR REPLACE TRIGGER event_is_never_truncated BEFORE TRUNCATE ON event
FOR EACH STATEMENT EXECUTE FUNCTION event_refuse_truncate();

-- name: enable_updated
ALTER TABLE event ENABLE RULE event_is_never_updated;

-- name: enable_deleted
ALTER TABLE event ENABLE RULE event_is_never_deleted;

-- name: enable_truncated
ALTER TABLE event ENABLE TRIGGER event_is_never_truncated;
