-- Who wrote some of a draft: none of them publishes it.
CREATE TABLE draft_writer (
  business_id TEXT NOT NULL,
  prompt_key TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  PRIMARY KEY (business_id, prompt_key, operator_id)
) STRICT, WITHOUT ROWID;

-- A draft that somebody asks a colleague to publish. `hash` names the content that they look at.
CREATE TABLE draft_submission (
  business_id TEXT NOT NULL,
  prompt_key TEXT NOT NULL,
  hash TEXT NOT NULL,
  submitted_by TEXT NOT NULL,
  submitted_at INTEGER NOT NULL,
  declined_by TEXT,
  declined_at INTEGER,
  reason TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (business_id, prompt_key)
) STRICT, WITHOUT ROWID;
