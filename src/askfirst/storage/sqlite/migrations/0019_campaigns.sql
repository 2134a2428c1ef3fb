-- The label under which the business counts a send; NULL: it gave none.
ALTER TABLE decision ADD COLUMN campaign TEXT;

CREATE INDEX decision_campaign
ON decision (business_id, campaign, reasons, decision_id, decided_at, verdict, contact_id)
WHERE campaign IS NOT NULL;
