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

-- name: campaign_counted
-- The same since ever: what was counted, and what came after that. Reasons are looked for one by one, so that
-- what was counted is passed over.
WITH RECURSIVE reason (code) AS (
  SELECT * FROM (SELECT reasons FROM decision INDEXED BY decision_campaign
    WHERE business_id = ?1 AND campaign = ?2 ORDER BY reasons LIMIT 1) AS first
  UNION ALL
  SELECT (SELECT n.reasons FROM decision n INDEXED BY decision_campaign
    WHERE n.business_id = ?1 AND n.campaign = ?2 AND n.reasons > reason.code
    ORDER BY n.reasons LIMIT 1)
  FROM reason WHERE reason.code IS NOT NULL
), counted (through) AS (
  SELECT coalesce((SELECT through FROM campaign_counting WHERE business_id = ?1), '')
)
SELECT verdict, reasons, sum(decisions) AS decisions, sum(people) AS people FROM (
  SELECT verdict, reasons, decisions, people FROM campaign_count
  WHERE business_id = ?1 AND campaign = ?2
  UNION ALL
  SELECT d.verdict, d.reasons, count(*), count(DISTINCT CASE WHEN NOT EXISTS (
    SELECT 1 FROM decision e INDEXED BY decision_contact
    WHERE e.business_id = ?1 AND e.contact_id = d.contact_id AND e.decision_id <= (SELECT through FROM counted)
      AND e.campaign = d.campaign AND e.verdict = d.verdict AND e.reasons = d.reasons
  ) THEN d.contact_id END)
  FROM reason CROSS JOIN decision d INDEXED BY decision_campaign
    ON d.business_id = ?1 AND d.campaign = ?2 AND d.reasons = reason.code
    AND d.decision_id > (SELECT through FROM counted)
  GROUP BY d.verdict, d.reasons
) AS part
GROUP BY verdict, reasons;

-- name: labels
-- A page of the labels that sends had, in their order.
SELECT DISTINCT campaign FROM decision
WHERE business_id = ?1 AND campaign IS NOT NULL AND campaign > ?2 AND decided_at >= ?3
ORDER BY campaign LIMIT ?4;

-- name: labels_ever
-- The same since ever: labels are looked for one by one, so that their decisions are passed over.
WITH RECURSIVE label (name) AS (
  SELECT * FROM (SELECT campaign FROM decision INDEXED BY decision_campaign
    WHERE business_id = ?1 AND campaign > ?2 ORDER BY campaign LIMIT 1) AS first
  UNION ALL
  SELECT (SELECT n.campaign FROM decision n INDEXED BY decision_campaign
    WHERE n.business_id = ?1 AND n.campaign > label.name ORDER BY n.campaign LIMIT 1)
  FROM label WHERE label.name IS NOT NULL
)
SELECT name FROM label WHERE name IS NOT NULL LIMIT ?3;

-- name: outcome_of
SELECT left_at, status FROM outcome WHERE business_id = ?1 AND decision_id = ?2;
