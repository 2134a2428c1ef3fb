-- Erasing people, and telling them what is held about them.

-- name: person
-- A contact and all contacts that were merged into it.
WITH RECURSIVE person (contact_id) AS (
  VALUES ($2::text)
  UNION
  SELECT c.contact_id FROM contact c
  JOIN person p ON c.business_id = $1 AND c.absorbed_by = p.contact_id
)
SELECT contact_id FROM person;

-- name: add_erasure
INSERT INTO erasure (business_id, contact_id, erased_at, sealed) VALUES ($1, $2, $3, $4)
ON CONFLICT (business_id, contact_id) DO UPDATE SET sealed = excluded.sealed RETURNING contact_id;

-- name: suppress_aliases
-- Keep the keyed hashes of a contact's names, apart from the contact.
INSERT INTO suppression (business_id, lookup, erased_at)
SELECT business_id, lookup, $3::bigint FROM alias WHERE business_id = $1 AND contact_id = $2
ON CONFLICT (business_id, lookup) DO NOTHING RETURNING lookup;

-- name: erase_aliases
DELETE FROM alias WHERE business_id = $1 AND contact_id = $2 RETURNING contact_id;

-- name: erase_evidence
-- Evidence and salt go; the hash in the event stays, and nothing can be tried against it any more.
DELETE FROM evidence WHERE business_id = $1 AND position < $3 AND position IN (
  SELECT e.position FROM event e WHERE e.business_id = $1 AND e.contact_id = $2)
RETURNING position;

-- name: erase_stop_confirmations
DELETE FROM stop_confirmation WHERE business_id = $1 AND position IN (
  SELECT e.position FROM event e WHERE e.business_id = $1 AND e.contact_id = $2)
RETURNING position;

-- name: erase_reviews
DELETE FROM review WHERE business_id = $1 AND position IN (
  SELECT e.position FROM event e WHERE e.business_id = $1 AND e.contact_id = $2)
RETURNING position;

-- name: erase_windows
DELETE FROM opening WHERE business_id = $1 AND contact_id = $2 RETURNING contact_id;

-- name: erase_time_zones
UPDATE contact SET time_zones = '' WHERE business_id = $1 AND contact_id = $2 RETURNING contact_id;

-- name: erase_sent_messages
DELETE FROM sent_message WHERE business_id = $1 AND contact_id = $2 RETURNING contact_id;

-- name: erase_asked
DELETE FROM asked WHERE business_id = $1 AND contact_id = $2 RETURNING contact_id;

-- name: erase_links
DELETE FROM personal_link WHERE business_id = $1 AND contact_id = $2 RETURNING contact_id;

-- name: erase_requests_of
DELETE FROM erase_request WHERE business_id = $1 AND contact_id = $2 RETURNING contact_id;

-- name: erase_late_stops
DELETE FROM late_stop WHERE business_id = $1 AND contact_id = $2 RETURNING contact_id;

-- name: add_suppression
INSERT INTO suppression (business_id, lookup, erased_at) VALUES ($1, $2, $3)
ON CONFLICT (business_id, lookup) DO NOTHING;

-- name: lift_suppression
DELETE FROM suppression WHERE business_id = $1 AND lookup = $2;

-- name: erasures
SELECT contact_id, sealed FROM erasure WHERE business_id = $1 ORDER BY contact_id;

-- name: end_erasure
DELETE FROM erasure WHERE business_id = $1 AND contact_id = $2 RETURNING contact_id;

-- name: kept_webhooks
SELECT webhook_id, received_at, sealed FROM webhook
WHERE business_id = $1 AND webhook_id > $2 ORDER BY webhook_id LIMIT $3;

-- name: drop_webhook
DELETE FROM webhook WHERE business_id = $1 AND webhook_id = $2 RETURNING webhook_id;

-- name: kept_decisions
SELECT decision_id, decided_at, contact_id, sealed FROM decision
WHERE business_id = $1 AND decision_id > $2 AND sealed IS NOT NULL ORDER BY decision_id LIMIT $3;

-- name: empty_decision
UPDATE decision SET sealed = NULL WHERE business_id = $1 AND decision_id = $2
RETURNING decision_id;

-- name: decisions_of
SELECT business_id, decision_id, decided_at, sender, message_kind, template, language, country,
  contact_id, verdict, reasons, rule, purpose, position, policy, retry_at, reservations,
  circumstances, campaign
FROM decision WHERE business_id = $1 AND contact_id = $2 ORDER BY decision_id;

-- name: kept_proofs
SELECT proof_id, sealed, created_at, expires_at, proven_at FROM proof
WHERE business_id = $1 AND proof_id > $2 ORDER BY proof_id LIMIT $3;

-- name: drop_proof
DELETE FROM proof WHERE business_id = $1 AND proof_id = $2 RETURNING proof_id;

-- name: codes_of_number
SELECT code_id, purpose, state, channels, step, made, asked, tries, tries_max, created_at,
  expires_at, resend_at, ended_at, history, sealed
FROM code WHERE business_id = $1 AND number = $2 ORDER BY code_id;

-- name: drop_code
DELETE FROM code WHERE business_id = $1 AND code_id = $2 RETURNING code_id;

-- name: drop_code_number
DELETE FROM code_number WHERE business_id = $1 AND number = $2 RETURNING number;

-- name: kept_dead_letters
SELECT dead_letter_id, received_at, sealed FROM dead_letter
WHERE business_id = $1 AND dead_letter_id > $2 ORDER BY dead_letter_id LIMIT $3;

-- name: rewrite_dead_letter
UPDATE dead_letter SET sealed = $3 WHERE business_id = $1 AND dead_letter_id = $2
RETURNING dead_letter_id;

-- name: own_nodes
-- The accounts and numbers of a business, as Meta names them in a delivery.
SELECT waba_id FROM waba WHERE business_id = $1
UNION SELECT phone_number_id FROM sender WHERE business_id = $1;

-- name: request_erasure
INSERT INTO erase_request (business_id, contact_id, requested_at, surface) VALUES ($1, $2, $3, $4)
ON CONFLICT (business_id, contact_id) DO NOTHING RETURNING contact_id;

-- name: erase_requests
SELECT contact_id, requested_at, surface FROM erase_request
WHERE business_id = $1 AND contact_id > $2 ORDER BY contact_id LIMIT $3;

-- name: evidence_of
SELECT v.position, e.event_id, v.sealed FROM evidence v
JOIN event e ON e.business_id = $1 AND e.position = v.position
WHERE v.business_id = $1 AND e.contact_id = $2 ORDER BY v.position;

-- name: windows_of
SELECT phone_number_id, opened_at FROM opening WHERE business_id = $1 AND contact_id = $2
ORDER BY phone_number_id;

-- name: unreachable_of
SELECT unreachable_at FROM contact
WHERE business_id = $1 AND contact_id = $2 AND unreachable_at IS NOT NULL;

-- name: counted_messages_of
SELECT decision_id, sent_at, purpose FROM sent_message
WHERE business_id = $1 AND contact_id = $2 ORDER BY sent_at, decision_id;

-- name: marketing_messages_of
SELECT decision_id, sent_at, marks FROM marketing_send
WHERE business_id = $1 AND contact_id = $2 ORDER BY sent_at, decision_id;

-- name: looks_of
SELECT at, act, reason FROM audit_entry
WHERE business_id = $1 AND contact_id = $2 ORDER BY at, entry_id;

-- name: links_of
SELECT created_at, expires_at, revoked_at FROM personal_link
WHERE business_id = $1 AND contact_id = $2 ORDER BY created_at;

-- name: asked_of
SELECT prompt_key, asked_at FROM asked WHERE business_id = $1 AND contact_id = $2
ORDER BY asked_at;

-- name: arrivals_of
SELECT entry_id, arrived_at FROM arrival WHERE business_id = $1 AND contact_id = $2
ORDER BY arrived_at;

-- name: reviews_of
SELECT position, contact_id, about, said_at, outcome, closed_at, reason FROM review
WHERE business_id = $1 AND position IN (
  SELECT e.position FROM event e WHERE e.business_id = $1 AND e.contact_id = $2)
ORDER BY position;

-- name: requested_at
SELECT requested_at FROM erase_request WHERE business_id = $1 AND contact_id = $2;
