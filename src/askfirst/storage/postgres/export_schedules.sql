-- Exports that a business wants again and again.

-- name: count_export_schedules
SELECT count(*) FROM export_schedule WHERE business_id = $1;

-- name: add_export_schedule
INSERT INTO export_schedule (business_id, schedule_id, kind, format, with_numbers, every_hours, destination, created_at, next_at,
  last_at, outcome, reason, file, row_count, after_line, revision)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING schedule_id;

-- name: export_schedule
SELECT schedule_id, kind, format, with_numbers, every_hours, destination, created_at, next_at,
  last_at, outcome, reason, file, row_count, after_line, revision
FROM export_schedule WHERE business_id = $1 AND schedule_id = $2;

-- name: export_schedules
SELECT schedule_id, kind, format, with_numbers, every_hours, destination, created_at, next_at,
  last_at, outcome, reason, file, row_count, after_line, revision
FROM export_schedule WHERE business_id = $1 ORDER BY schedule_id;

-- name: change_export_schedule
-- Where nobody has begun since: another attempt has another revision.
UPDATE export_schedule SET next_at = $4, last_at = $5, outcome = $6, reason = $7, file = $8,
  row_count = $9, after_line = $10, revision = revision + 1
WHERE business_id = $1 AND schedule_id = $2 AND revision = $3
RETURNING schedule_id;

-- name: remove_export_schedule
DELETE FROM export_schedule WHERE business_id = $1 AND schedule_id = $2 RETURNING schedule_id;
