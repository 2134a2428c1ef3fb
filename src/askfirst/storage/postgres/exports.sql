-- What is exported: pages in the order of each table's key.

-- name: export_head
SELECT last_position FROM business WHERE business_id = $1;

-- name: export_events
SELECT position, event_id, contact_id, kind, occurred_at, recorded_at, source, surface, purposes,
  assurance, sender, prompt, absorbed, number_proof, choice, evidence_digest
FROM event WHERE business_id = $1 AND position > $2 ORDER BY position LIMIT $3;

-- name: export_contacts
SELECT contact_id, standing, absorbed_by, unreachable_at, deferred_until, held_out_until
FROM contact WHERE business_id = $1 AND contact_id > $2 ORDER BY contact_id LIMIT $3;

-- name: export_names
-- The names of a stretch of contacts.
SELECT contact_id, kind, sealed FROM alias
WHERE business_id = $1 AND contact_id > $2 AND contact_id <= $3 AND sealed IS NOT NULL
ORDER BY contact_id, kind, lookup;

-- name: export_events_evidence
-- What was given to prove a stretch of events.
SELECT position, sealed, salt FROM evidence
WHERE business_id = $1 AND position > $2 AND position <= $3;

-- name: export_evidence
-- What was given to prove the events at some positions.
SELECT p.position, e.event_id, e.evidence_digest, p.sealed, p.salt FROM evidence p
JOIN event e ON e.business_id = $1 AND e.position = p.position
WHERE p.business_id = $1 AND p.position IN (SELECT q.value::bigint FROM json_array_elements_text($2::json) q (value))
ORDER BY p.position;

-- name: export_erasures
SELECT lookup, erased_at FROM suppression
WHERE business_id = $1 AND lookup > $2 ORDER BY lookup LIMIT $3;

-- name: export_decisions
SELECT d.decision_id, d.decided_at, d.contact_id, d.verdict, d.reasons, d.rule, d.purpose,
  d.position, d.policy, d.retry_at, d.sender, d.message_kind, d.template, d.language, d.country,
  d.campaign, o.left_at, o.status
FROM decision d LEFT JOIN outcome o ON o.business_id = $1 AND o.decision_id = d.decision_id
WHERE d.business_id = $1 AND d.decision_id > $2 AND d.decision_id <= $3
ORDER BY d.decision_id LIMIT $4;
