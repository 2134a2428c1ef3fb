-- What one-time codes need.

-- name: open_code
-- No row comes back where the idempotency key is known, or the number has a live code for this.
INSERT INTO code (business_id, code_id, number, area, purpose, state, channels, step, hash, made,
  asked, tries, tries_max, created_at, expires_at, resend_at, idempotency, digest, history, sealed,
  told)
VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
  ?19, ?20)
ON CONFLICT DO NOTHING RETURNING code_id;

-- name: find_code
SELECT code_id, purpose, state, channels, step, made, asked, tries, tries_max, created_at,
  expires_at, resend_at, ended_at, history, sealed, digest
FROM code WHERE business_id = ?1 AND code_id = ?2;

-- name: find_code_by_key
SELECT code_id, purpose, state, channels, step, made, asked, tries, tries_max, created_at,
  expires_at, resend_at, ended_at, history, sealed, digest
FROM code WHERE business_id = ?1 AND idempotency = ?2;

-- name: count_try
-- Counted before anything is compared: of a thousand tries at once, three get the hash. One that
-- ends in more than eleven minutes was made by a clock that ran ahead (see Code.result).
UPDATE code SET tries = tries + 1
WHERE business_id = ?1 AND code_id = ?2 AND state = 'waiting' AND hash IS NOT NULL
  AND tries < tries_max AND expires_at > ?3 AND expires_at <= ?3 + 660000000
RETURNING code_id, purpose, state, channels, step, made, asked, tries, tries_max, created_at,
  expires_at, resend_at, ended_at, history, sealed, digest, hash;

-- name: approve_code
-- Once, while it is the code that was compared, and while its business may still fail.
UPDATE code SET state = 'approved', ended_at = ?3, history = history || ?5
WHERE business_id = ?1 AND code_id = ?2 AND state = 'waiting' AND made = ?4
  AND expires_at > ?3 AND expires_at <= ?3 + 660000000
  AND NOT EXISTS (
    SELECT 1 FROM limit_use l
    WHERE l.business_id = ?1 AND l.policy = 'failed_checks' AND l.ends_at > ?3
      AND l.used >= l.most)
RETURNING code_id;

-- name: prove_code
-- The number itself wrote: nothing was guessed, so no limit of guesses holds.
UPDATE code SET state = 'approved', ended_at = ?3, history = history || ?4
WHERE business_id = ?1 AND code_id = ?2 AND state = 'waiting' AND hash IS NULL
  AND expires_at > ?3 AND expires_at <= ?3 + 660000000
RETURNING code_id, purpose, state, channels, step, made, asked, tries, tries_max, created_at,
  expires_at, resend_at, ended_at, history, sealed, digest;

-- name: end_code
-- Says how many tries it had, and whether its newest code was sent.
UPDATE code SET state = 'void', ended_at = ?3, history = history || ?4
WHERE business_id = ?1 AND code_id = ?2 AND state = 'waiting'
RETURNING tries, instr(history, ';sent:' || made || ':') > 0;

-- name: renew_code
-- Puts a new code into the place of the one before: never are both alive. Whoever comes second with
-- the same `made` changes nothing. A resend brings tries, but no more than ?11 of them in all.
UPDATE code SET made = made + 1, step = ?4, hash = ?5, expires_at = ?6,
  resend_at = ?7, asked = asked + ?8, history = history || ?10,
  tries_max = CASE WHEN ?9 < 0 THEN tries_max
    ELSE max(tries, min(tries + ?9, ?11)) END
WHERE business_id = ?1 AND code_id = ?2 AND made = ?3 AND state = 'waiting'
RETURNING code_id, purpose, state, channels, step, made, asked, tries, tries_max, created_at,
  expires_at, resend_at, ended_at, history, sealed, digest;

-- name: note_code
-- Adds a line to the history, once; says whether anything may be due: not where it is over, nor where
-- its code was delivered, or has failed, before it was noted as sent.
UPDATE code SET history = history || ?5
WHERE business_id = ?1 AND code_id = ?2 AND made = ?3 AND instr(history, ?4) = 0
RETURNING code_id, state = 'waiting' AND instr(history, ?6) = 0 AND instr(history, ?7) = 0;

-- name: number_codes
-- What the codes of a number amount to: asked for lately, wrong tries since the last approval (with
-- those that codes for other purposes still allow), and what is alive for this purpose.
SELECT
  ?2,
  coalesce((SELECT max(n.next_at) FROM code_number n
    WHERE n.business_id = ?1 AND n.number = ?2), 0),
  coalesce((SELECT max(u.ends_at) FROM code_suppression u
    WHERE u.business_id = ?1 AND u.number = ?2), 0),
  coalesce((SELECT sum(c.asked) FROM code c
    WHERE c.business_id = ?1 AND c.number = ?2 AND c.created_at > ?3 AND c.hash IS NOT NULL), 0),
  coalesce((SELECT sum(CASE WHEN c.state = 'waiting' AND c.expires_at > ?4 THEN c.tries_max
      ELSE c.tries END) FROM code c
    WHERE c.business_id = ?1 AND c.number = ?2
      AND NOT (c.purpose = ?5 AND c.state = 'waiting' AND c.hash IS NOT NULL)
      AND c.created_at > coalesce((SELECT max(a.created_at) FROM code a
        WHERE a.business_id = ?1 AND a.number = ?2 AND a.state = 'approved'), -1)), 0),
  coalesce((SELECT group_concat(c.code_id || ':' || c.tries) FROM code c
    WHERE c.business_id = ?1 AND c.number = ?2 AND c.purpose = ?5 AND c.state = 'waiting'
      AND c.hash IS NOT NULL), '');

-- name: open_codes_of_number
SELECT code_id FROM code INDEXED BY code_number_time
WHERE business_id = ?1 AND number = ?2 AND state = 'waiting' AND hash IS NOT NULL;

-- name: claim_number
-- One request at a time for a number: no row comes back before its time.
INSERT INTO code_number (business_id, number, next_at) VALUES (?1, ?2, ?4)
ON CONFLICT (business_id, number) DO UPDATE SET next_at = excluded.next_at
WHERE code_number.next_at <= ?3 RETURNING number;

-- name: release_number
-- The turn was taken for nothing: the number may have it now.
DELETE FROM code_number WHERE business_id = ?1 AND number = ?2 AND next_at = ?3 RETURNING number;

-- name: suppress_number
INSERT INTO code_suppression (business_id, number, ends_at) VALUES (?1, ?2, ?3)
ON CONFLICT (business_id, number)
DO UPDATE SET ends_at = max(code_suppression.ends_at, excluded.ends_at) RETURNING number;

-- name: sweep_codes
DELETE FROM code WHERE business_id = ?1 AND created_at < ?2 RETURNING code_id;

-- name: sweep_code_numbers
DELETE FROM code_number WHERE business_id = ?1 AND next_at < ?2 RETURNING number;

-- name: sweep_code_suppressions
DELETE FROM code_suppression WHERE business_id = ?1 AND ends_at < ?2 RETURNING number;
