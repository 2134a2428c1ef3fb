-- Messages that clients handed over because they may leave only later.

-- name: lock_contact
-- One writer at a time: nothing else can be written meanwhile.
SELECT contact_id FROM contact WHERE business_id = ?1 AND contact_id = ?2;

-- name: hold_message
-- Not where a no that ends such messages came behind the decision that lets it wait.
INSERT INTO held_message (business_id, held_id, contact_id, sender, purpose, campaign, state, reason,
  decision_id, position, held_at, due_at, expires_at, sealed)
SELECT c.business_id, ?2, c.contact_id, ?4, ?5, ?6, 'held', ?7, ?8, ?9, ?10, ?11, ?12, ?13
FROM contact c
WHERE c.business_id = ?1 AND c.contact_id = ?3 AND c.absorbed_by IS NULL AND NOT EXISTS (
  SELECT 1 FROM event e WHERE e.business_id = ?1 AND e.contact_id = ?3 AND e.position > ?9
    AND instr(',' || ?14 || ',', ',' || e.kind || ',') > 0)
RETURNING held_id;

-- name: find_held
SELECT held_id, contact_id, sender, purpose, campaign, state, reason, decision_id, position, held_at,
  due_at, expires_at, ended_at, sealed
FROM held_message WHERE business_id = ?1 AND held_id = ?2;

-- name: open_held
SELECT held_id, contact_id, sender, purpose, campaign, state, reason, decision_id, position, held_at,
  due_at, expires_at, ended_at, sealed
FROM held_message WHERE business_id = ?1 AND held_id > ?2 AND ended_at IS NULL
ORDER BY held_id LIMIT ?3;

-- name: ended_held
SELECT held_id, contact_id, sender, purpose, campaign, state, reason, decision_id, position, held_at,
  due_at, expires_at, ended_at, sealed
FROM held_message WHERE business_id = ?1 AND held_id > ?2 AND ended_at IS NOT NULL
ORDER BY held_id LIMIT ?3;

-- name: reserve_held
-- The one try: no row changes where the message is not held any more.
UPDATE held_message SET state = 'leaving', decision_id = ?3
WHERE business_id = ?1 AND held_id = ?2 AND state = 'held';

-- name: wait_on
-- Nothing of it has left. ?3 is the state that it was in.
UPDATE held_message SET state = 'held', due_at = ?4, reason = ?5
WHERE business_id = ?1 AND held_id = ?2 AND state = ?3 AND ended_at IS NULL
RETURNING held_id;

-- name: end_held
UPDATE held_message SET state = ?4, ended_at = ?5, reason = ?6, sealed = ?7
WHERE business_id = ?1 AND held_id = ?2 AND state = ?3 AND ended_at IS NULL
RETURNING held_id;

-- name: stop_held
-- A no to these purposes, or to everything, where ?4 is empty, ends what is held for the person.
UPDATE held_message INDEXED BY held_message_contact
SET state = 'stopped', ended_at = ?3, reason = ?5, sealed = NULL
WHERE business_id = ?1 AND contact_id = ?2 AND state = 'held' AND (?4 = ''
  OR instr(',' || ?4 || ',', ',' || purpose || ',') > 0
  OR instr(',' || ?4 || ',', ',' || substr(purpose || '.', 1, instr(purpose || '.', '.') - 1) || ',') > 0)
RETURNING held_id;

-- name: move_held
UPDATE held_message SET contact_id = ?1 WHERE business_id = ?2 AND contact_id = ?3;

-- name: live_subscribers
SELECT subscribers FROM business WHERE business_id = ?1;

-- name: erase_held
DELETE FROM held_message WHERE business_id = ?1 AND contact_id = ?2 RETURNING held_id;

-- name: held_of
SELECT held_id, contact_id, sender, purpose, campaign, state, reason, decision_id, position, held_at,
  due_at, expires_at, ended_at, sealed
FROM held_message INDEXED BY held_message_contact
WHERE business_id = ?1 AND contact_id = ?2 ORDER BY held_id;

-- name: sweep_held
DELETE FROM held_message WHERE business_id = ?1 AND held_id IN (
  SELECT held_id FROM held_message WHERE business_id = ?1 AND ended_at < ?2 LIMIT ?3);
