-- Stops said in the chat that wait for their confirmation, and what may be one for a question.

-- name: open_stop
-- A stop opens an episode where none is open, or a yes that counts has ended the one before ($5).
UPDATE contact SET stop_to_confirm = $3, stop_said_at = $4
WHERE business_id = $1 AND contact_id = $2 AND (stop_to_confirm = 0 OR stop_to_confirm < $5)
  AND absorbed_by IS NULL
RETURNING contact_id;

-- name: add_stop_confirmation
INSERT INTO stop_confirmation (business_id, position, alias_kind, sealed, sender, purposes,
  languages, said_at, is_doubt)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: find_stop_confirmation
SELECT position, alias_kind, sealed, sender, purposes, languages, said_at, is_doubt
FROM stop_confirmation WHERE business_id = $1 AND position = $2;

-- name: settle_stop_confirmation
DELETE FROM stop_confirmation WHERE business_id = $1 AND position = $2 RETURNING position;
