-- Limits: how often something may be done.

-- name: take_limit
-- Counts; no row comes back where the limit is reached.
INSERT INTO limit_use (business_id, policy, subject, ends_at, used, most)
VALUES ($1, $3, $4, $5, $6, $7)
ON CONFLICT (business_id, policy, subject) DO UPDATE SET
  used = CASE WHEN limit_use.ends_at <= $2 THEN excluded.used
    ELSE limit_use.used + excluded.used END,
  ends_at = CASE WHEN limit_use.ends_at <= $2 THEN excluded.ends_at ELSE limit_use.ends_at END,
  most = excluded.most
WHERE limit_use.ends_at <= $2 OR limit_use.used + excluded.used <= excluded.most
RETURNING subject, policy;

-- name: take_two_limits
-- Two at once; a row comes back for each that is not reached.
INSERT INTO limit_use (business_id, policy, subject, ends_at, used, most)
VALUES ($1, $3, $4, $5, $6, $7), ($1, $8, $9, $10, $11, $12)
ON CONFLICT (business_id, policy, subject) DO UPDATE SET
  used = CASE WHEN limit_use.ends_at <= $2 THEN excluded.used
    ELSE limit_use.used + excluded.used END,
  ends_at = CASE WHEN limit_use.ends_at <= $2 THEN excluded.ends_at ELSE limit_use.ends_at END,
  most = excluded.most
WHERE limit_use.ends_at <= $2 OR limit_use.used + excluded.used <= excluded.most
RETURNING subject, policy;

-- name: give_back_limit
-- Takes back what was counted in a stretch that is not over, nor ends later than $6 (if given: it
-- began after what is given back). Where nothing is left of it, it ends: the next use begins another.
UPDATE limit_use SET used = greatest(0, used - $4),
  ends_at = CASE WHEN used <= $4 THEN $5 ELSE ends_at END
WHERE business_id = $1 AND policy = $2 AND subject = $3 AND ends_at > $5
  AND ($6::bigint IS NULL OR ends_at <= $6::bigint)
RETURNING policy;

-- name: limit_ends
-- When a limit that is reached is over.
SELECT ends_at FROM limit_use WHERE business_id = $1 AND policy = $2 AND subject = $3;

-- name: sweep_limits
DELETE FROM limit_use WHERE business_id = $1 AND ends_at < $2 RETURNING policy;
