-- What happened to requests for codes and still has to be told. Every statement that adds to a history
-- sets `tell_at`, in codes.sql.

-- name: untold_codes
-- Which requests have something to tell: a look over all businesses, twice a second.
SELECT business_id, code_id, tell_at FROM code WHERE tell_at <= ?1 ORDER BY tell_at LIMIT ?2;

-- name: take_up_untold
-- One of many processes takes it up, or puts it off: whoever comes second finds another time there.
UPDATE code SET tell_at = ?4 WHERE business_id = ?1 AND code_id = ?2 AND tell_at = ?3
RETURNING code_id, purpose, state, channels, step, made, asked, tries, tries_max, created_at,
  expires_at, resend_at, ended_at, history, sealed, told;

-- name: note_told
-- A line begins with a semicolon. Where lines were added meanwhile, it stays taken up.
UPDATE code SET told = ?4,
  tell_at = CASE WHEN length(history) - length(replace(history, ';', '')) > ?4
    THEN ?5 END
WHERE business_id = ?1 AND code_id = ?2 AND tell_at = ?3
RETURNING code_id, purpose, state, channels, step, made, asked, tries, tries_max, created_at,
  expires_at, resend_at, ended_at, history, sealed, told, tell_at;
