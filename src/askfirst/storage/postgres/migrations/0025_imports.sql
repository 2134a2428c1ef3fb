-- Imports: `sealed` holds the settings, the preview and the rest; `done` counts the parts of its rows that are
-- written, in the transaction of their events.
CREATE TABLE import_job (
  business_id TEXT NOT NULL,
  import_id TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  done BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (business_id, import_id)
);

-- What an import keeps, in parts: its file and its rows (both go once they are written), and its report.
CREATE TABLE import_part (
  business_id TEXT NOT NULL,
  import_id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  part BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (business_id, import_id, kind, part)
);
