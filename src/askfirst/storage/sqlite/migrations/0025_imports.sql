-- Imports: `sealed` holds the settings, the preview and the rest; `done` counts the parts of its rows that are
-- written, in the transaction of their events.
CREATE TABLE import_job (
  business_id TEXT NOT NULL,
  import_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  done INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, import_id)
) STRICT, WITHOUT ROWID;

-- What an import keeps, in parts: its file and its rows (both go once they are written), and its report.
CREATE TABLE import_part (
  business_id TEXT NOT NULL,
  import_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  part INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, import_id, kind, part)
) STRICT;
