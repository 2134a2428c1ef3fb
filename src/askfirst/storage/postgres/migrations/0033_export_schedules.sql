-- Exports that a business wants again and again. `revision` names the attempt that may finish; `after` is behind
-- which line the next one begins, of what only grows.
CREATE TABLE export_schedule (
  business_id TEXT NOT NULL,
  schedule_id TEXT COLLATE "C" NOT NULL,
  kind TEXT NOT NULL,
  format TEXT NOT NULL,
  with_numbers BOOLEAN NOT NULL,
  every_hours BIGINT NOT NULL,
  destination TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  last_at BIGINT,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  file TEXT NOT NULL,
  row_count BIGINT NOT NULL,
  after_line TEXT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (business_id, schedule_id)
);
