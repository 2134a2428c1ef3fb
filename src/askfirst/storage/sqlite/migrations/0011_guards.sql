-- Who may write here: whoever opens the file takes the next epoch (a fencing token), and each write
-- looks whether it is still the newest. `place` is the name under which the file was opened last.
CREATE TABLE server_epoch (
  epoch INTEGER NOT NULL PRIMARY KEY,
  place TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO server_epoch (epoch, place) VALUES (0, '');

-- Newest events whose time stamps lie ahead of the clock, and that an operator took as they are.
CREATE TABLE clock_acceptance (
  business_id TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, recorded_at)
) STRICT, WITHOUT ROWID;
