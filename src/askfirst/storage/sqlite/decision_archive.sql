-- Decisions looked up afterwards, and the policies that they followed.

-- name: keep_policy
INSERT INTO policy (business_id, fingerprint, content) VALUES (?1, ?2, ?3)
ON CONFLICT DO NOTHING RETURNING fingerprint;

-- name: kept_policy
SELECT content FROM policy WHERE business_id = ?1 AND fingerprint = ?2;

-- name: one_decision
SELECT business_id, decision_id, decided_at, sender, message_kind, template, language, country,
  contact_id, verdict, reasons, rule, purpose, position, policy, retry_at, reservations,
  circumstances, campaign
FROM decision WHERE business_id = ?1 AND decision_id = ?2;

-- name: decisions_of_contact
-- A page of the decisions on one contact, in the order of their ids.
SELECT business_id, decision_id, decided_at, sender, message_kind, template, language, country,
  contact_id, verdict, reasons, rule, purpose, position, policy, retry_at, reservations,
  circumstances, campaign
FROM decision WHERE business_id = ?1 AND contact_id = ?2 AND decision_id > ?3
ORDER BY decision_id LIMIT ?4;

-- name: decisions_of_campaign
-- A page of the decisions under one label that have one reason, in the order of their ids.
SELECT business_id, decision_id, decided_at, sender, message_kind, template, language, country,
  contact_id, verdict, reasons, rule, purpose, position, policy, retry_at, reservations,
  circumstances, campaign
FROM decision WHERE business_id = ?1 AND campaign = ?2 AND reasons = ?3
  AND decided_at >= ?4 AND decision_id > ?5
ORDER BY decision_id LIMIT ?6;

-- name: campaign_summary
-- How many decisions under one label have each reason, and on how many contacts they are.
SELECT verdict, reasons, count(*), count(DISTINCT contact_id) FROM decision
WHERE business_id = ?1 AND campaign = ?2 AND decided_at >= ?3
GROUP BY verdict, reasons;

-- name: labels
-- A page of the labels that sends had, in their order.
SELECT DISTINCT campaign FROM decision
WHERE business_id = ?1 AND campaign IS NOT NULL AND campaign > ?2 AND decided_at >= ?3
ORDER BY campaign LIMIT ?4;

-- name: outcome_of
SELECT left_at, status FROM outcome WHERE business_id = ?1 AND decision_id = ?2;
