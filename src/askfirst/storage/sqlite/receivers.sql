-- Receivers of webhooks. Whoever changes which are live locks the business's row first: writers of
-- webhooks, who number them and enqueue a task for each, then see the one or the other.

-- name: lock_receivers
SELECT last_webhook FROM business WHERE business_id = ?1;

-- name: note_receivers
UPDATE business SET receivers = coalesce((
    SELECT group_concat(CASE r.state WHEN 'live' THEN r.receiver_id ELSE '-' END, ',')
    FROM receiver r WHERE r.business_id = ?1), '')
WHERE business_id = ?1 RETURNING business_id;

-- name: count_receivers
SELECT count(*) FROM receiver WHERE business_id = ?1;

-- name: add_receiver
INSERT INTO receiver (business_id, receiver_id, url, fields, waba_id, key_id, state, position,
  created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING receiver_id;

-- name: find_receiver
SELECT r.receiver_id, r.url, r.fields, r.waba_id, r.key_id, r.state, r.position, r.created_at,
  r.failing_since, r.reason, r.set_aside, b.last_webhook
FROM receiver r JOIN business b ON b.business_id = ?1
WHERE r.business_id = ?1 AND r.receiver_id = ?2;

-- name: receiver_of_key
SELECT r.receiver_id, r.url, r.fields, r.waba_id, r.key_id, r.state, r.position, r.created_at,
  r.failing_since, r.reason, r.set_aside, b.last_webhook
FROM receiver r JOIN business b ON b.business_id = ?1
WHERE r.business_id = ?1 AND r.waba_id = ?2 AND r.key_id = ?3;

-- name: list_receivers
SELECT r.receiver_id, r.url, r.fields, r.waba_id, r.key_id, r.state, r.position, r.created_at,
  r.failing_since, r.reason, r.set_aside, b.last_webhook
FROM receiver r JOIN business b ON b.business_id = ?1
WHERE r.business_id = ?1 AND r.receiver_id > ?2 ORDER BY r.receiver_id LIMIT ?3;

-- name: set_receiver_state
UPDATE receiver SET state = ?3, failing_since = NULL, reason = ''
WHERE business_id = ?1 AND receiver_id = ?2 RETURNING receiver_id;

-- name: set_receiver_url
UPDATE receiver SET url = ?3, state = 'live', failing_since = NULL, reason = ''
WHERE business_id = ?1 AND receiver_id = ?2 RETURNING receiver_id;

-- name: park_receiver
-- It keeps what was wrong; one that was paused meanwhile stays so.
UPDATE receiver SET state = 'parked'
WHERE business_id = ?1 AND receiver_id = ?2 AND state = 'live' RETURNING receiver_id;

-- name: move_receiver
-- What is taken is taken: a server that takes something is well.
UPDATE receiver SET position = ?3, failing_since = NULL, reason = ''
WHERE business_id = ?1 AND receiver_id = ?2 RETURNING receiver_id;

-- name: set_aside_webhook
UPDATE receiver SET position = ?3, failing_since = NULL, reason = '', set_aside = set_aside + 1
WHERE business_id = ?1 AND receiver_id = ?2 RETURNING receiver_id;

-- name: note_receiver_failure
UPDATE receiver SET failing_since = coalesce(failing_since, ?3), reason = ?4
WHERE business_id = ?1 AND receiver_id = ?2 RETURNING failing_since;

-- name: delete_receiver
DELETE FROM receiver WHERE business_id = ?1 AND receiver_id = ?2 RETURNING receiver_id;

-- name: pending_webhooks
-- The next by their numbers, until they are ?4 bytes together; the first whatever its size.
SELECT number, webhook_id, received_at, sealed, places, signatures, told FROM (
  SELECT w.*, sum(length(w.sealed)) OVER (ORDER BY w.number) - length(w.sealed) AS bytes_before
  FROM (SELECT * FROM webhook WHERE business_id = ?1 AND number > ?2
    ORDER BY number LIMIT ?3) AS w) AS q
WHERE bytes_before < ?4 ORDER BY number;

-- name: number_before
SELECT coalesce(max(number), 0) FROM webhook
WHERE business_id = ?1 AND number IS NOT NULL AND received_at < ?2;
