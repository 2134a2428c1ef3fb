-- What happened to requests for codes and was told. Whatever adds to a history enqueues a task.

-- name: find_untold
SELECT code_id, purpose, state, channels, step, made, asked, tries, tries_max, created_at,
  expires_at, resend_at, ended_at, history, sealed, told
FROM code WHERE business_id = $1 AND code_id = $2 AND told IS NOT NULL;

-- name: note_told
UPDATE code SET told = $3 WHERE business_id = $1 AND code_id = $2
RETURNING code_id, purpose, state, channels, step, made, asked, tries, tries_max, created_at,
  expires_at, resend_at, ended_at, history, sealed, told;
