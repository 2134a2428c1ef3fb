-- The clock, held against the ledger.

-- name: newest_events_after
-- The newest event of each business, by position: what a clock that is right is not behind.
SELECT b.business_id, e.recorded_at FROM business b
CROSS JOIN LATERAL (
  SELECT e.recorded_at FROM event e
  WHERE e.business_id = b.business_id AND e.position = b.last_position LIMIT 1
) e
WHERE e.recorded_at > $1
  AND NOT EXISTS (SELECT 1 FROM clock_acceptance a
    WHERE a.business_id = b.business_id AND a.recorded_at >= e.recorded_at)
ORDER BY b.business_id;

-- name: accept_clock
INSERT INTO clock_acceptance (business_id, recorded_at, accepted_at) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING RETURNING business_id;
