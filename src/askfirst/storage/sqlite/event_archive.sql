-- Events looked up afterwards, and what was kept to prove them.

-- name: event_by_id
SELECT business_id, position, event_id, contact_id, kind, occurred_at, recorded_at, source,
  surface, purposes, assurance, sender, prompt, absorbed, evidence_digest, number_proof, choice
FROM event INDEXED BY event_name
WHERE business_id = ?1 AND event_id = ?2;

-- name: evidence_at
SELECT sealed, salt FROM evidence WHERE business_id = ?1 AND position = ?2;
