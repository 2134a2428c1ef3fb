-- Which database this is: a copy has the same id, one that was made anew has another.
-- `head_kept` tells that the newest position was kept outside, so its file must be there.
CREATE TABLE database_id (
  database_id TEXT NOT NULL PRIMARY KEY,
  head_kept INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

INSERT INTO database_id (database_id) VALUES (lower(hex(randomblob(16))));
