-- Lists that are screened, and what they keep.

-- name: add_screen
INSERT INTO screen_job (business_id, screen_id, revision, sealed) VALUES ($1, $2, 0, $3);

-- name: screen
SELECT sealed FROM screen_job WHERE business_id = $1 AND screen_id = $2;

-- name: screens
SELECT sealed FROM screen_job
WHERE business_id = $1 AND ($2 = '' OR screen_id < $2) ORDER BY screen_id DESC LIMIT $3;

-- name: change_screen
UPDATE screen_job SET revision = revision + 1, sealed = $4
WHERE business_id = $1 AND screen_id = $2 AND revision = $3
RETURNING screen_id;

-- name: forget_screen
DELETE FROM screen_job WHERE business_id = $1 AND screen_id = $2 RETURNING screen_id;

-- name: put_screen_part
INSERT INTO screen_part (business_id, screen_id, attempt, answer, part, sealed)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (business_id, screen_id, attempt, answer, part) DO UPDATE SET sealed = excluded.sealed
RETURNING part;

-- name: screen_part
SELECT sealed FROM screen_part
WHERE business_id = $1 AND screen_id = $2 AND attempt = $3 AND answer = $4 AND part = $5;

-- name: forget_screen_parts
-- Some of those that no attempt needs but $3; with -1, some of all.
DELETE FROM screen_part
WHERE business_id = $1 AND screen_id = $2 AND (attempt, answer, part) IN (
  SELECT attempt, answer, part FROM screen_part
  WHERE business_id = $1 AND screen_id = $2 AND attempt <> $3
  ORDER BY attempt, answer, part LIMIT $4)
RETURNING part;

-- name: known_facts
-- What `facts` has of a person, of those whom $3 look-ups of 16 bytes, one behind the other, name; and each
-- look-up before it. $4 is the sender.
SELECT q.lookup, c.contact_id, c.standing, c.confirmed_stop, o.opened_at, c.answered_code,
  c.stop_to_confirm, c.stop_said_at, c.failed_days, c.deferred_until, c.held_out_until, m.sent,
  p.began_at AS pair_began_at, p.free_at AS pair_free_at, c.time_zones
FROM (SELECT substr($2::bytea, 1 + 16 * number, 16) AS lookup
  FROM generate_series(0, $3::int - 1) AS place (number)) q
CROSS JOIN LATERAL (
  SELECT a.contact_id FROM alias a WHERE a.business_id = $1 AND a.lookup = q.lookup LIMIT 1
) a
CROSS JOIN LATERAL (
  SELECT c.contact_id, c.standing, c.confirmed_stop, c.answered_code, c.stop_to_confirm,
    c.stop_said_at, c.failed_days, c.deferred_until, c.held_out_until, c.time_zones
  FROM contact c
  WHERE c.business_id = $1 AND c.contact_id = a.contact_id LIMIT 1
) c
LEFT JOIN LATERAL (
  SELECT o.opened_at FROM opening o
  WHERE o.business_id = $1 AND o.contact_id = c.contact_id AND o.phone_number_id = $4::text
  LIMIT 1
) o ON true
LEFT JOIN LATERAL (
  SELECT string_agg(concat_ws(',', n.sent_at, n.purpose, n.is_outside, n.content), ';') AS sent
  FROM (
    SELECT m.sent_at, m.purpose, m.is_outside, m.content FROM sent_message m
    WHERE m.business_id = $1 AND m.contact_id = c.contact_id
    ORDER BY m.decision_id DESC LIMIT 500
  ) n
) m ON true
LEFT JOIN LATERAL (
  SELECT p.began_at, p.free_at FROM pace p
  WHERE p.business_id = $1 AND p.subject = $4::text || ':' || c.contact_id LIMIT 1
) p ON true;
