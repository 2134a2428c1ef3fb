-- Brakes, and what they are judged by.

-- name: list_brakes
-- The newest first. $2: lifted ones, too; $3: from before this id, empty for the first page.
SELECT brake_id, subject, holds, colour, cause, since, lifts_at, detail, set_by, reason, lifted_at
FROM brake WHERE business_id = $1 AND (lifted_at IS NULL OR $2::integer = 1) AND ($3::text = '' OR brake_id < $3)
ORDER BY brake_id DESC LIMIT $4;

-- name: brakes_on
-- All that are on: few, mostly none.
SELECT brake_id, subject, holds, colour, cause, since, lifts_at, detail, set_by, reason, lifted_at
FROM brake WHERE business_id = $1 AND lifted_at IS NULL ORDER BY brake_id LIMIT 1000;

-- name: brake_by_id
SELECT brake_id, subject, holds, colour, cause, since, lifts_at, detail, set_by, reason, lifted_at
FROM brake WHERE business_id = $1 AND brake_id = $2;

-- name: lock_brakes
-- One after the other changes the brakes of a business; a lock of its own, so that nobody who writes events waits.
SELECT pg_advisory_xact_lock(hashtextextended(b.business_id || ':brakes', 2))
FROM business b WHERE b.business_id = $1;

-- name: try_lock_brakes
-- The same lock, where nobody has it; no row: somebody has.
SELECT 1 FROM business b
WHERE b.business_id = $1 AND pg_try_advisory_xact_lock(hashtextextended(b.business_id || ':brakes', 2));

-- name: put_brake
INSERT INTO brake (business_id, brake_id, subject, holds, colour, cause, since, lifts_at, detail, set_by,
  reason, lifted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (business_id, brake_id) DO UPDATE SET
  colour = excluded.colour, lifts_at = excluded.lifts_at, detail = excluded.detail,
  set_by = excluded.set_by, reason = excluded.reason, lifted_at = excluded.lifted_at
RETURNING brake_id;

-- name: add_brake_change
INSERT INTO brake_change (business_id, change_id, brake_id, changed_at, step, colour, lifts_at, detail,
  changed_by, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING change_id;

-- name: brake_change_by_id
SELECT change_id, brake_id, changed_at, step, colour, lifts_at, detail, changed_by, reason
FROM brake_change WHERE business_id = $1 AND change_id = $2;

-- name: brake_changes
-- What happened to one brake, the oldest first.
SELECT change_id, brake_id, changed_at, step, colour, lifts_at, detail, changed_by, reason
FROM brake_change WHERE business_id = $1 AND brake_id = $2 ORDER BY change_id LIMIT 1000;

-- name: brake_subject
SELECT subject, sends, filled_at, passed_at, judged_from FROM brake_subject
WHERE business_id = $1 AND subject = $2;

-- name: brake_subjects
SELECT subject, sends, filled_at, passed_at, judged_from FROM brake_subject
WHERE business_id = $1 AND subject = ANY ($2::text[]);

-- name: put_brake_subjects
INSERT INTO brake_subject (business_id, subject, sends, filled_at, passed_at, judged_from)
SELECT b.business_id, q.* FROM business b
CROSS JOIN unnest($2::text[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[]) q
WHERE b.business_id = $1
ON CONFLICT (business_id, subject) DO UPDATE SET
  sends = excluded.sends, filled_at = excluded.filled_at, passed_at = excluded.passed_at;

-- name: pass_brake_subject
UPDATE brake_subject SET passed_at = $3 WHERE business_id = $1 AND subject = $2 AND passed_at IS NULL
RETURNING subject;

-- name: judge_subject_from
-- What was sent before is not counted any more.
INSERT INTO brake_subject (business_id, subject, sends, judged_from) VALUES ($1, $2, 0, $3)
ON CONFLICT (business_id, subject) DO UPDATE SET judged_from = excluded.judged_from
RETURNING subject;

-- name: forget_brake_counts
DELETE FROM brake_count WHERE business_id = $1 AND subject = $2 RETURNING subject;

-- name: add_brake_count
INSERT INTO brake_count (business_id, subject, day, mark, count) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (business_id, subject, day, mark) DO UPDATE SET count = brake_count.count + excluded.count
RETURNING subject;

-- name: brake_counts
SELECT day, mark, count FROM brake_count WHERE business_id = $1 AND subject = $2 AND day >= $3;

-- name: insert_marketing_sends
INSERT INTO marketing_send (business_id, decision_id, contact_id, sent_at, subjects, marks)
SELECT b.business_id, q.*, 0 FROM business b
CROSS JOIN unnest($2::text[], $3::text[], $4::bigint[], $5::text[]) q
WHERE b.business_id = $1;

-- name: name_marketing_sends
-- By the key of each: before it has statistics, PostgreSQL would rather join the arrays to all sends of the business.
UPDATE marketing_send SET message = ($3::text[])[array_position($2::text[], decision_id)]
WHERE business_id = $1 AND decision_id = ANY ($2::text[]);

-- name: known_marketing_sends
-- $2: a JSON array of hashes.
SELECT message, marks, subjects, sent_at FROM marketing_send
WHERE business_id = $1 AND message IN (SELECT json_array_elements_text($2::json));

-- name: mark_message
UPDATE marketing_send SET marks = marks | $3
WHERE business_id = $1 AND message = $2 AND marks & $3 = 0
RETURNING subjects, sent_at;

-- name: mark_messages
-- $3: a JSON array of hashes.
UPDATE marketing_send SET marks = marks | $2::integer
WHERE business_id = $1 AND message IN (SELECT json_array_elements_text($3::json))
RETURNING message;

-- name: mark_unarrived
-- It did not arrive, though one to the same person had before it. $4: the bit of what arrived.
UPDATE marketing_send SET marks = marks | $3
WHERE business_id = $1 AND message = $2 AND marks & $3 = 0 AND marks & $4 = 0
  AND EXISTS (SELECT 1 FROM marketing_send e WHERE e.business_id = $1
    AND e.contact_id = marketing_send.contact_id AND e.sent_at + 0 < marketing_send.sent_at
    AND e.marks & $4 <> 0)
RETURNING subjects, sent_at;

-- name: find_unarrived
SELECT m.message FROM marketing_send m
WHERE m.business_id = $1 AND m.sent_at > $2 AND m.sent_at <= $3 AND m.marks & $4 = 0
  AND m.message IS NOT NULL
ORDER BY m.sent_at LIMIT 1000;

-- name: mark_newest_send
-- What a person objects to is the newest that they got, within a time.
UPDATE marketing_send SET marks = marks | $5
WHERE business_id = $1 AND marks & $5 = 0 AND decision_id = (
  SELECT m.decision_id FROM marketing_send m
  WHERE m.business_id = $1 AND m.contact_id = $2 AND m.sent_at + 0 > $3 AND m.sent_at + 0 <= $4
  ORDER BY m.sent_at + 0 DESC LIMIT 1)
RETURNING subjects, sent_at;

-- name: brake_follower
SELECT f.position, f.looked_at, b.last_position FROM business b
LEFT JOIN brake_follower f ON f.business_id = $1
WHERE b.business_id = $1;

-- name: put_brake_follower
INSERT INTO brake_follower (business_id, position, looked_at) VALUES ($1, $2, $3)
ON CONFLICT (business_id) DO UPDATE SET
  position = greatest(brake_follower.position, excluded.position),
  looked_at = greatest(brake_follower.looked_at, excluded.looked_at)
RETURNING business_id;

-- name: objections_after
-- What people objected to, in the order of the ledger; imports and history are about older messages.
SELECT e.position, e.contact_id, e.kind, e.purposes, e.recorded_at, r.about
FROM event e LEFT JOIN review r ON r.business_id = $1 AND r.position = e.position
WHERE e.business_id = $1 AND e.position > $2 AND e.position <= $3
  AND e.kind IN ('withdrawn', 'refused', 'native_stopped', 'doubted')
  AND e.source NOT IN ('import', 'history')
ORDER BY e.position;

-- name: erase_marketing_sends
DELETE FROM marketing_send WHERE business_id = $1 AND contact_id = $2 RETURNING contact_id;

-- name: move_marketing_sends
UPDATE marketing_send SET contact_id = $2 WHERE business_id = $1 AND contact_id = $3;

-- name: sweep_marketing_sends
DELETE FROM marketing_send WHERE business_id = $1 AND sent_at < $2;

-- name: sweep_brake_counts
-- $2 is a moment: a day has 86,400,000,000 microseconds.
DELETE FROM brake_count WHERE business_id = $1 AND day < $2 / 86400000000;
