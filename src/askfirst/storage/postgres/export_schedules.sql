-- Exports that a business wants again and again.

-- name: lock_export_schedules
-- One after the other adds to the schedules of a business: they are counted first.
SELECT pg_advisory_xact_lock(hashtextextended(b.business_id || ':exports', 2))
FROM business b WHERE b.business_id = $1;

-- name: count_export_schedules
SELECT count(*) FROM export_schedule WHERE business_id = $1;

-- name: add_export_schedule
INSERT INTO export_schedule (business_id, schedule_id, kind, format, with_numbers, every_hours, destination, created_at, next_at,
  last_at, outcome, reason, file, row_count, after_line, revision, is_paused)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) RETURNING schedule_id;

-- name: export_schedule
SELECT schedule_id, kind, format, with_numbers, every_hours, destination, created_at, next_at,
  last_at, outcome, reason, file, row_count, after_line, revision, is_paused
FROM export_schedule WHERE business_id = $1 AND schedule_id = $2;

-- name: export_schedules
SELECT schedule_id, kind, format, with_numbers, every_hours, destination, created_at, next_at,
  last_at, outcome, reason, file, row_count, after_line, revision, is_paused
FROM export_schedule WHERE business_id = $1 ORDER BY schedule_id;

-- name: change_export_schedule
-- Where nobody has changed it since: each attempt has its own revision.
UPDATE export_schedule SET format = $4, with_numbers = $5, every_hours = $6, destination = $7, next_at = $8,
  last_at = $9, outcome = $10, reason = $11, file = $12, row_count = $13, after_line = $14, is_paused = $15,
  revision = revision + 1
WHERE business_id = $1 AND schedule_id = $2 AND revision = $3
RETURNING schedule_id;

-- name: remove_export_schedule
DELETE FROM export_schedule WHERE business_id = $1 AND schedule_id = $2 RETURNING schedule_id;
