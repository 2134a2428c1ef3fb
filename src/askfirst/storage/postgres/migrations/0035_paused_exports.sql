-- A schedule of exports that is paused has no task.
ALTER TABLE export_schedule ADD COLUMN is_paused BOOLEAN NOT NULL DEFAULT false;
