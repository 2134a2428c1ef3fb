-- The dead-letter queue of deliveries that nobody is registered for. Its rows are all of one business,
-- which stands for nobody.

-- name: keep_dead_letter
-- The same body again changes nothing, and returns nothing.
INSERT INTO dead_letter (business_id, dead_letter_id, received_at, sealed) VALUES (?, ?, ?, ?)
ON CONFLICT DO NOTHING RETURNING dead_letter_id;

-- name: route_dead_letter
-- Say what a letter waits for.
INSERT INTO dead_letter_route (business_id, dead_letter_id, waba_id, phone_number_id, received_at)
SELECT business_id, dead_letter_id, ?3, ?4, received_at FROM dead_letter
WHERE business_id = ?1 AND dead_letter_id = ?2
ON CONFLICT DO NOTHING;

-- name: dead_letter
SELECT received_at, sealed FROM dead_letter WHERE business_id = ? AND dead_letter_id = ?;

-- name: dead_letter_routes
SELECT waba_id, phone_number_id FROM dead_letter_route
WHERE business_id = ? AND dead_letter_id = ?;

-- name: dead_letters_of_account
-- A page in the order in which they came.
SELECT DISTINCT received_at, dead_letter_id FROM dead_letter_route
WHERE business_id = ?1 AND waba_id = ?2 AND (received_at, dead_letter_id) > (?3, ?4)
ORDER BY received_at, dead_letter_id LIMIT ?5;

-- name: dead_letters_of_number
SELECT DISTINCT received_at, dead_letter_id FROM dead_letter_route
WHERE business_id = ?1 AND phone_number_id = ?2 AND (received_at, dead_letter_id) > (?3, ?4)
ORDER BY received_at, dead_letter_id LIMIT ?5;

-- name: next_dead_account
-- Walk from account to account without reading their letters.
SELECT waba_id FROM dead_letter_route WHERE business_id = ? AND waba_id > ?
ORDER BY waba_id LIMIT 1;

-- name: count_dead_letters
-- How many letters wait for an account, counted no further than a limit, since when, for which number.
SELECT count(*), min(received_at), max(phone_number_id) FROM (
  SELECT dead_letter_id, received_at, max(phone_number_id) AS phone_number_id
  FROM dead_letter_route WHERE business_id = ?1 AND waba_id = ?2
  GROUP BY received_at, dead_letter_id ORDER BY received_at, dead_letter_id LIMIT ?3) AS waiting;

-- name: lock_dead_letter
-- What waits for what is settled by one at a time.
SELECT dead_letter_id FROM dead_letter WHERE business_id = ? AND dead_letter_id = ?;

-- name: unroute_dead_letter
DELETE FROM dead_letter_route
WHERE business_id = ? AND dead_letter_id = ? AND waba_id = ? AND phone_number_id = ?;

-- name: drop_dead_letter
-- A letter that waits for nothing any more goes.
DELETE FROM dead_letter WHERE business_id = ?1 AND dead_letter_id = ?2 AND NOT EXISTS (
  SELECT 1 FROM dead_letter_route r WHERE r.business_id = ?1 AND r.dead_letter_id = ?2);

-- name: old_dead_letters
-- Those whose time is over.
SELECT dead_letter_id FROM dead_letter WHERE business_id = ? AND received_at < ?
ORDER BY received_at LIMIT ?;

-- name: unroute_dead_letter_wholly
DELETE FROM dead_letter_route WHERE business_id = ? AND dead_letter_id = ?;
