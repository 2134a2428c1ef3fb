-- Subscriptions. Whoever changes which are live locks the business's row first: writers of events, who
-- enqueue a task for each, then see the one or the other.

-- name: lock_subscribers
SELECT last_position FROM business WHERE business_id = ?1;

-- name: note_subscribers
UPDATE business SET subscribers = coalesce((SELECT group_concat(s.subscription_id, ',')
    FROM subscription s WHERE s.business_id = ?1 AND s.state = 'live'), '')
WHERE business_id = ?1 RETURNING business_id;

-- name: count_subscriptions
SELECT count(*) FROM subscription WHERE business_id = ?1;

-- name: add_subscription
INSERT INTO subscription (business_id, subscription_id, url, kinds, purposes, state, position,
  created_at, secret)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING subscription_id;

-- name: find_subscription
SELECT subscription_id, url, kinds, purposes, state, position, created_at, failing_since, reason,
  secret, previous_secret, previous_until
FROM subscription WHERE business_id = ?1 AND subscription_id = ?2;

-- name: list_subscriptions
SELECT subscription_id, url, kinds, purposes, state, position, created_at, failing_since, reason
FROM subscription WHERE business_id = ?1 AND subscription_id > ?2
ORDER BY subscription_id LIMIT ?3;

-- name: set_subscription_state
UPDATE subscription SET state = ?3, failing_since = NULL, reason = ''
WHERE business_id = ?1 AND subscription_id = ?2 RETURNING subscription_id;

-- name: park_subscription
-- It keeps what was wrong; one that was paused meanwhile stays so.
UPDATE subscription SET state = 'parked'
WHERE business_id = ?1 AND subscription_id = ?2 AND state = 'live' RETURNING subscription_id;

-- name: rotate_subscription
UPDATE subscription SET previous_secret = secret, previous_until = ?4, secret = ?3
WHERE business_id = ?1 AND subscription_id = ?2 RETURNING subscription_id;

-- name: move_subscription
-- What is taken is taken: an endpoint that takes something is well.
UPDATE subscription SET position = ?3, failing_since = NULL, reason = ''
WHERE business_id = ?1 AND subscription_id = ?2 RETURNING subscription_id;

-- name: note_subscription_failure
UPDATE subscription SET failing_since = coalesce(failing_since, ?3), reason = ?4
WHERE business_id = ?1 AND subscription_id = ?2 RETURNING failing_since;

-- name: delete_subscription
DELETE FROM subscription WHERE business_id = ?1 AND subscription_id = ?2
RETURNING subscription_id;
