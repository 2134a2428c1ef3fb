-- Exports that a business wants again and again. `revision` names the attempt that may finish; `after` is behind
-- which line the next one begins, of what only grows.
CREATE TABLE export_schedule (
  business_id TEXT NOT NULL,
  schedule_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  format TEXT NOT NULL,
  with_numbers INTEGER NOT NULL,
  every_hours INTEGER NOT NULL,
  destination TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  last_at INTEGER,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  file TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  after_line TEXT NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (business_id, schedule_id)
) STRICT, WITHOUT ROWID;
