-- Imports, what they keep, and what is known of the people whom their rows name.

-- name: add_import
INSERT INTO import_job (business_id, import_id, created_at, revision, done, sealed)
VALUES ($1, $2, $3, 0, 0, $4);

-- name: import
SELECT sealed, done FROM import_job WHERE business_id = $1 AND import_id = $2;

-- name: imports
SELECT sealed, done FROM import_job
WHERE business_id = $1 AND ($2 = '' OR import_id < $2) ORDER BY import_id DESC LIMIT $3;

-- name: change_import
UPDATE import_job SET revision = revision + 1, done = $4, sealed = $5
WHERE business_id = $1 AND import_id = $2 AND revision = $3
RETURNING import_id;

-- name: finish_import_part
-- The next part, and no other: whoever comes second writes nothing.
UPDATE import_job SET done = done + 1
WHERE business_id = $1 AND import_id = $2 AND done = $3
RETURNING import_id;

-- name: forget_import
DELETE FROM import_job WHERE business_id = $1 AND import_id = $2 RETURNING import_id;

-- name: put_import_part
INSERT INTO import_part (business_id, import_id, kind, part, sealed) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (business_id, import_id, kind, part) DO UPDATE SET sealed = excluded.sealed
RETURNING part;

-- name: import_part
SELECT sealed FROM import_part
WHERE business_id = $1 AND import_id = $2 AND kind = $3 AND part = $4;

-- name: forget_import_parts
DELETE FROM import_part
WHERE business_id = $1 AND import_id = $2 AND kind = $3 AND part IN (
  SELECT part FROM import_part WHERE business_id = $1 AND import_id = $2 AND kind = $3
  ORDER BY part LIMIT $4)
RETURNING part;

-- name: known_names
-- $2 are $3 look-ups of 16 bytes, one behind the other. A row without a contact is a name of somebody who
-- was erased.
SELECT q.lookup, c.contact_id, c.standing
FROM (SELECT substr($2::bytea, 1 + 16 * number, 16) AS lookup
  FROM generate_series(0, $3::int - 1) AS place (number)) q
CROSS JOIN LATERAL (
  SELECT a.contact_id FROM alias a WHERE a.business_id = $1 AND a.lookup = q.lookup LIMIT 1
) a
CROSS JOIN LATERAL (
  SELECT c.contact_id, c.standing FROM contact c
  WHERE c.business_id = $1 AND c.contact_id = a.contact_id LIMIT 1
) c
UNION ALL
SELECT q.lookup, NULL, NULL
FROM (SELECT substr($2::bytea, 1 + 16 * number, 16) AS lookup
  FROM generate_series(0, $3::int - 1) AS place (number)) q
CROSS JOIN LATERAL (
  SELECT 1 FROM suppression s WHERE s.business_id = $1 AND s.lookup = q.lookup LIMIT 1
) s;

-- name: known_sources
-- Of $3 source ids, hashed to 16 bytes, those that were written before.
SELECT q.source
FROM (SELECT substr($2::bytea, 1 + 16 * number, 16) AS source
  FROM generate_series(0, $3::int - 1) AS place (number)) q
CROSS JOIN LATERAL (
  SELECT 1 FROM seen s WHERE s.business_id = $1 AND s.source = q.source LIMIT 1
) s;
