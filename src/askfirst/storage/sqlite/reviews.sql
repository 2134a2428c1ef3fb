-- Complaints and wishes to be erased that were written in the chat, for an operator to look at.

-- name: add_review
INSERT INTO review (business_id, position, contact_id, about, said_at, reason)
VALUES (?1, ?2, ?3, ?4, ?5, '');

-- name: open_reviews
SELECT position, contact_id, about, said_at, outcome, closed_at, reason FROM review
WHERE business_id = ?1 AND position > ?2 AND closed_at IS NULL ORDER BY position LIMIT ?3;

-- name: closed_reviews
SELECT position, contact_id, about, said_at, outcome, closed_at, reason FROM review
WHERE business_id = ?1 AND position > ?2 AND closed_at IS NOT NULL ORDER BY position LIMIT ?3;

-- name: close_review
UPDATE review SET outcome = ?3, closed_at = ?4, reason = ?5
WHERE business_id = ?1 AND position = ?2 AND closed_at IS NULL
RETURNING position, contact_id, about, said_at, outcome, closed_at, reason;

-- name: review_backlog
SELECT count(*) AS open, coalesce(min(said_at), 0) AS since FROM review INDEXED BY review_open
WHERE business_id = ?1 AND closed_at IS NULL;
