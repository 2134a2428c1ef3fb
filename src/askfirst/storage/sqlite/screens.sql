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
