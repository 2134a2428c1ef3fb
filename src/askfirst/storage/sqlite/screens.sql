-- Lists that are screened, and what they keep.

-- name: add_screen
INSERT INTO screen_job (business_id, screen_id, revision, sealed) VALUES (?1, ?2, 0, ?3);

-- name: screen
SELECT sealed FROM screen_job WHERE business_id = ?1 AND screen_id = ?2;

-- name: screens
SELECT sealed FROM screen_job
WHERE business_id = ?1 AND (?2 = '' OR screen_id < ?2) ORDER BY screen_id DESC LIMIT ?3;

-- name: change_screen
UPDATE screen_job SET revision = revision + 1, sealed = ?4
WHERE business_id = ?1 AND screen_id = ?2 AND revision = ?3
RETURNING screen_id;

-- name: forget_screen
DELETE FROM screen_job WHERE business_id = ?1 AND screen_id = ?2 RETURNING screen_id;

-- name: put_screen_part
INSERT INTO screen_part (business_id, screen_id, attempt, answer, part, sealed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (business_id, screen_id, attempt, answer, part) DO UPDATE SET sealed = excluded.sealed
RETURNING part;

-- name: screen_part
SELECT sealed FROM screen_part
WHERE business_id = ?1 AND screen_id = ?2 AND attempt = ?3 AND answer = ?4 AND part = ?5;

-- name: forget_screen_parts
-- Some of those that no attempt needs but ?3; with -1, some of all.
DELETE FROM screen_part
WHERE business_id = ?1 AND screen_id = ?2 AND (attempt, answer, part) IN (
  SELECT attempt, answer, part FROM screen_part
  WHERE business_id = ?1 AND screen_id = ?2 AND attempt <> ?3
  ORDER BY attempt, answer, part LIMIT ?4)
RETURNING part;

-- name: known_facts
-- What `facts` has of a person, of those whom ?3 look-ups of 16 bytes, one behind the other, name; and each
-- look-up before it. ?4 is the sender.
WITH RECURSIVE place (number) AS (
  SELECT 0 UNION ALL SELECT number + 1 FROM place WHERE number + 1 < ?3)
SELECT a.lookup, c.contact_id, c.standing, c.confirmed_stop, o.opened_at, c.answered_code,
  c.stop_to_confirm, c.stop_said_at, c.failed_days, c.deferred_until, c.held_out_until,
  (SELECT group_concat(m.sent_at || ',' || m.purpose || ',' || m.is_outside || ',' || m.content, ';')
    FROM (SELECT sent_at, purpose, is_outside, content FROM sent_message
      WHERE business_id = ?1 AND contact_id = c.contact_id
      ORDER BY decision_id DESC LIMIT 500) m) AS sent,
  p.began_at AS pair_began_at, p.free_at AS pair_free_at, c.time_zones
FROM place CROSS JOIN alias a ON a.business_id = ?1 AND a.lookup = substr(?2, 1 + 16 * number, 16)
JOIN contact c ON c.business_id = ?1 AND c.contact_id = a.contact_id
LEFT JOIN opening o ON o.business_id = ?1 AND o.contact_id = c.contact_id AND o.phone_number_id = ?4
LEFT JOIN pace p ON p.business_id = ?1 AND p.subject = ?4 || ':' || c.contact_id;
