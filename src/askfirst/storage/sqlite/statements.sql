-- Every statement that the SQLite backend runs. Each filters on business_id, except where a
-- business is being looked for.

-- name: ensure_business
-- Give a business its row before its first event.
INSERT INTO business (business_id, name, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING;

-- name: head
SELECT last_position, subscribers, receivers, last_webhook FROM business WHERE business_id = ?;

-- name: move_last_webhook
UPDATE business SET last_webhook = ? WHERE business_id = ?;

-- name: move_head
UPDATE business SET last_position = ? WHERE business_id = ?;

-- name: put_business
INSERT INTO business (business_id, name, created_at) VALUES (?, ?, ?)
ON CONFLICT (business_id) DO UPDATE SET name = excluded.name;

-- name: business
SELECT business_id, name FROM business WHERE business_id = ?;

-- name: businesses
-- All tenants, for the scheduled work of the process.
SELECT business_id FROM business;

-- name: load_alias
SELECT c.contact_id, c.standing, c.unreachable_at, c.failed_days, c.reached_day,
  c.deferred_until, c.held_out_until
FROM alias a JOIN contact c ON c.business_id = a.business_id AND c.contact_id = a.contact_id
WHERE a.business_id = ? AND a.lookup = ?;

-- name: load_aliases
-- ?2 are ?3 look-ups of 16 bytes, one behind the other: one statement for a batch costs two thirds of
-- one for each. A row without a contact is a name of somebody who was erased.
WITH RECURSIVE place (number) AS (
  SELECT 0 UNION ALL SELECT number + 1 FROM place WHERE number + 1 < ?3)
SELECT a.lookup, c.contact_id, c.standing, c.unreachable_at, c.failed_days, c.reached_day,
  c.deferred_until, c.held_out_until
FROM place CROSS JOIN alias a ON a.business_id = ?1 AND a.lookup = substr(?2, 1 + 16 * number, 16)
JOIN contact c ON c.business_id = a.business_id AND c.contact_id = a.contact_id
UNION ALL
SELECT s.lookup, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM place CROSS JOIN suppression s ON s.business_id = ?1
  AND s.lookup = substr(?2, 1 + 16 * number, 16);

-- name: load_contact
SELECT contact_id, standing, unreachable_at, failed_days, reached_day, deferred_until,
  held_out_until
FROM contact WHERE business_id = ? AND contact_id = ?;

-- name: names
-- All names of one contact.
SELECT lookup, kind FROM alias INDEXED BY alias_contact
WHERE business_id = ? AND contact_id = ?;

-- name: load_prompt
SELECT hash, purposes FROM prompt WHERE business_id = ? AND hash = ?;

-- name: load_answered
SELECT digest, positions FROM answered WHERE business_id = ? AND idempotency = ?;

-- name: event_at
SELECT business_id, position, event_id, contact_id, kind, occurred_at, recorded_at, source,
  surface, purposes, assurance, sender, prompt, absorbed, evidence_digest, number_proof, choice
FROM event WHERE business_id = ? AND position = ?;

-- name: history
-- A page of the events of one contact and of all contacts merged into it.
WITH RECURSIVE person (contact_id) AS (
  VALUES (?2)
  UNION
  SELECT c.contact_id FROM contact c
  JOIN person p ON c.business_id = ?1 AND c.absorbed_by = p.contact_id
)
SELECT e.business_id, e.position, e.event_id, e.contact_id, e.kind, e.occurred_at,
  e.recorded_at, e.source, e.surface, e.purposes, e.assurance, e.sender, e.prompt, e.absorbed,
  e.evidence_digest, e.number_proof, e.choice
FROM person p JOIN event e INDEXED BY event_contact
  ON e.business_id = ?1 AND e.contact_id = p.contact_id
WHERE e.position > ?3 ORDER BY e.position LIMIT ?4;

-- name: events
SELECT business_id, position, event_id, contact_id, kind, occurred_at, recorded_at, source,
  surface, purposes, assurance, sender, prompt, absorbed, evidence_digest, number_proof, choice
FROM event WHERE business_id = ? AND position > ? ORDER BY position LIMIT ?;

-- name: find_events
-- Those that a filter lets through, of a stretch of the ledger. An act on everything concerns all.
SELECT business_id, position, event_id, contact_id, kind, occurred_at, recorded_at, source,
  surface, purposes, assurance, sender, prompt, absorbed, evidence_digest, number_proof, choice
FROM event WHERE business_id = ?1 AND position > ?2 AND position <= ?3
  AND (?4 = '' OR instr(',' || ?4 || ',', ',' || kind || ',') > 0)
  AND (?5 = '[]' OR purposes = '' OR EXISTS (SELECT 1 FROM json_each(?5) AS wanted
    WHERE instr(',' || purposes || ',', wanted.value) > 0))
  AND (?6 = '' OR surface = ?6) AND recorded_at >= ?7
ORDER BY position LIMIT ?8;

-- name: leaves
SELECT position, leaf_hash FROM event
WHERE business_id = ? AND position > ? ORDER BY position LIMIT ?;

-- name: insert_contact
INSERT INTO contact (business_id, contact_id, standing, unreachable_at, failed_days, reached_day,
  deferred_until, held_out_until, absorbed_by)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: update_contact
UPDATE contact SET standing = ?, unreachable_at = ?, failed_days = ?, reached_day = ?,
  deferred_until = ?, held_out_until = ?, absorbed_by = ?
WHERE business_id = ? AND contact_id = ?;

-- name: insert_alias
INSERT INTO alias (business_id, lookup, contact_id, kind, sealed) VALUES (?, ?, ?, ?, ?);

-- name: move_alias
-- Give one name to another contact: it belongs to somebody else now.
UPDATE alias SET contact_id = ? WHERE business_id = ? AND lookup = ?;

-- name: refold
UPDATE contact SET standing = ? WHERE business_id = ? AND contact_id = ?;

-- name: move_aliases
UPDATE alias SET contact_id = ? WHERE business_id = ? AND contact_id = ?;

-- name: insert_event
INSERT INTO event (business_id, position, event_id, contact_id, kind, occurred_at, recorded_at,
  source, surface, purposes, assurance, sender, prompt, absorbed, evidence_digest, number_proof,
  choice, leaf_hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: insert_evidence
INSERT INTO evidence (business_id, position, sealed, salt) VALUES (?, ?, ?, ?);

-- name: insert_prompt
INSERT INTO prompt (business_id, hash, prompt_key, locale, surface, purposes, words,
  kind)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: insert_seen
INSERT INTO seen (business_id, source) VALUES (?, ?);

-- name: insert_answered
INSERT INTO answered (business_id, idempotency, digest, positions) VALUES (?, ?, ?, ?);

-- name: insert_webhook
INSERT INTO webhook (business_id, webhook_id, received_at, sealed, number, places, signatures, told)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: sweep_webhooks
-- Bodies are kept for a set time; the ids that make deduplication last stay in seen.
DELETE FROM webhook WHERE business_id = ?1 AND webhook_id IN (
  SELECT webhook_id FROM webhook WHERE business_id = ?1 AND received_at < ?2 LIMIT ?3);

-- name: sweep_decisions
UPDATE decision SET sealed = NULL WHERE business_id = ?1 AND decision_id IN (
  SELECT decision_id FROM decision
  WHERE business_id = ?1 AND decided_at < ?2 AND sealed IS NOT NULL LIMIT ?3);

-- name: sweep_reservations
-- Counts that ended long ago are forgotten; what they counted for is over.
DELETE FROM reservation WHERE business_id = ?1 AND (kind, key) IN (
  SELECT kind, key FROM reservation WHERE business_id = ?1 AND ends_at < ?2 LIMIT ?3);

-- name: open_window
INSERT INTO opening (business_id, contact_id, phone_number_id, opened_at) VALUES (?, ?, ?, ?)
ON CONFLICT (business_id, contact_id, phone_number_id)
DO UPDATE SET opened_at = max(opened_at, excluded.opened_at);

-- name: move_windows
INSERT INTO opening (business_id, contact_id, phone_number_id, opened_at)
SELECT business_id, ?, phone_number_id, opened_at FROM opening
WHERE business_id = ? AND contact_id = ?
ON CONFLICT (business_id, contact_id, phone_number_id)
DO UPDATE SET opened_at = max(opened_at, excluded.opened_at);

-- name: move_confirmation
-- A stop that had its one confirmation, a wish that had its one code, has had it after a merge, too.
-- Where both had a stop to confirm and one was confirmed, neither waits: it is one person.
UPDATE contact SET (confirmed_stop, answered_code, stop_to_confirm, stop_said_at) = (
  SELECT
    CASE WHEN max(contact.confirmed_stop, other.confirmed_stop) = 0 THEN 0
      ELSE max(contact.stop_to_confirm, other.stop_to_confirm,
        contact.confirmed_stop, other.confirmed_stop) END,
    max(contact.answered_code, other.answered_code),
    max(contact.stop_to_confirm, other.stop_to_confirm),
    CASE WHEN other.stop_to_confirm > contact.stop_to_confirm THEN other.stop_said_at
      ELSE contact.stop_said_at END
  FROM contact other
  WHERE other.business_id = contact.business_id AND other.contact_id = ?)
WHERE business_id = ? AND contact_id = ?;

-- name: name_media
INSERT INTO media (business_id, media, phone_number_id, seen_at) VALUES (?, ?, ?, ?)
ON CONFLICT (business_id, media) DO UPDATE SET
  phone_number_id = excluded.phone_number_id, seen_at = max(seen_at, excluded.seen_at);

-- name: media_sender
SELECT phone_number_id FROM media WHERE business_id = ? AND media = ?;

-- name: sweep_media
DELETE FROM media WHERE business_id = ?1 AND media IN (
  SELECT media FROM media WHERE business_id = ?1 AND seen_at < ?2 LIMIT ?3);

-- name: facts
-- All that a decision rests on, for one name of the recipient.
SELECT b.last_position, s.waba_id, s.digits, s.name AS sender_name, s.state AS sender_state,
  t.category, t.state AS template_state, t.seen_at, t.previous_category, t.category_changed_at,
  t.accepted_change, t.has_stop, t.is_advertising, c.contact_id, c.standing, c.confirmed_stop,
  o.opened_at, c.answered_code, c.stop_to_confirm, c.stop_said_at,
  c.failed_days, c.deferred_until, c.held_out_until,
  (SELECT json_group_array(json_array(k.brake_id, k.subject, k.holds, k.colour, k.cause, k.since, k.lifts_at,
      k.detail, k.set_by, k.reason))
    FROM (SELECT * FROM brake WHERE business_id = b.business_id AND lifted_at IS NULL
      ORDER BY brake_id LIMIT 201) k) AS brakes,
  (SELECT group_concat(m.sent_at || ',' || m.purpose || ',' || m.is_outside || ',' || m.content, ';')
    FROM (SELECT sent_at, purpose, is_outside, content FROM sent_message
      WHERE business_id = b.business_id AND contact_id = c.contact_id
      ORDER BY decision_id DESC LIMIT 500) m) AS sent,
  p.began_at AS pair_began_at, p.free_at AS pair_free_at,
  w.began_at AS sender_began_at, w.free_at AS sender_free_at, b.messaging_limit,
  CASE WHEN b.messaging_limit IS NOT NULL THEN
    (SELECT group_concat(h.hour || ',' || h.people, ';')
      FROM (SELECT hour, people FROM people_hour WHERE business_id = b.business_id
        ORDER BY hour DESC LIMIT 26) h) END AS people,
  c.time_zones,
  (SELECT epoch FROM server_epoch) AS epoch
FROM business b
LEFT JOIN sender s ON s.business_id = b.business_id AND s.phone_number_id = ?
LEFT JOIN template t ON t.business_id = b.business_id AND t.waba_id = s.waba_id
  AND t.name = ? AND t.language = ?
LEFT JOIN alias a ON a.business_id = b.business_id AND a.lookup = ?
LEFT JOIN contact c ON c.business_id = b.business_id AND c.contact_id = a.contact_id
LEFT JOIN opening o ON o.business_id = b.business_id AND o.contact_id = c.contact_id
  AND o.phone_number_id = ?
LEFT JOIN pace p ON p.business_id = b.business_id
  AND p.subject = s.phone_number_id || ':' || c.contact_id
LEFT JOIN pace w ON w.business_id = b.business_id AND w.subject = s.phone_number_id
WHERE b.business_id = ?;

-- name: traffic
-- What the rules about frequency rest on, for one contact and sender; a contact that was merged has no row.
SELECT c.contact_id,
  (SELECT group_concat(m.sent_at || ',' || m.purpose || ',' || m.is_outside || ',' || m.content, ';')
    FROM sent_message m WHERE m.business_id = ?1 AND m.contact_id = c.contact_id
      AND +m.sent_at > ?4) AS sent,
  p.began_at AS pair_began_at, p.free_at AS pair_free_at,
  w.began_at AS sender_began_at, w.free_at AS sender_free_at, b.messaging_limit,
  CASE WHEN b.messaging_limit IS NOT NULL THEN
    (SELECT group_concat(h.hour || ',' || h.people, ';') FROM people_hour h
      WHERE h.business_id = ?1 AND h.hour > ?5) END AS people
FROM contact c
JOIN business b ON b.business_id = ?1
LEFT JOIN pace p ON p.business_id = ?1 AND p.subject = ?3 || ':' || c.contact_id
LEFT JOIN pace w ON w.business_id = ?1 AND w.subject = ?3
WHERE c.business_id = ?1 AND c.contact_id = ?2 AND c.absorbed_by IS NULL;

-- name: insert_sent_message
INSERT INTO sent_message (business_id, contact_id, decision_id, sent_at, purpose, is_outside, content)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: put_pace
INSERT INTO pace (business_id, subject, began_at, free_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (business_id, subject)
DO UPDATE SET began_at = excluded.began_at, free_at = excluded.free_at;

-- name: slow_pace
-- Meta takes nothing before a moment: no burst is left until then.
INSERT INTO pace (business_id, subject, began_at, free_at) VALUES (?1, ?2, 0, ?3)
ON CONFLICT (business_id, subject)
DO UPDATE SET began_at = 0, free_at = max(free_at, excluded.free_at);

-- name: count_people
INSERT INTO people_hour (business_id, hour, people) VALUES (?1, ?2, ?3)
ON CONFLICT (business_id, hour) DO UPDATE SET people = max(0, people + excluded.people);

-- name: outside_messages
-- When a contact was written to outside windows, and by which decisions: the newest first.
SELECT decision_id, sent_at FROM sent_message
WHERE business_id = ?1 AND contact_id = ?2 AND is_outside = 1 ORDER BY +sent_at DESC LIMIT 2;

-- name: give_back
-- A place is its decision's: given back once, however often that is said.
DELETE FROM sent_message WHERE business_id = ?1 AND contact_id = ?2 AND decision_id = ?3
RETURNING is_outside;

-- name: decision_of_message
-- By which decision a message left, and to whom; ?2 is a hash of its id.
SELECT o.decision_id, d.contact_id FROM outcome o
JOIN decision d ON d.business_id = o.business_id AND d.decision_id = o.decision_id
WHERE o.business_id = ?1 AND o.message = ?2;

-- name: time_zones
SELECT time_zones FROM contact WHERE business_id = ?1 AND contact_id = ?2;

-- name: set_time_zone
UPDATE contact SET time_zones = ?3
WHERE business_id = ?1 AND contact_id = ?2 AND absorbed_by IS NULL RETURNING contact_id;

-- name: move_time_zones
-- Where the business names another zone for each side, the person may be in either.
UPDATE contact SET time_zones = (
  SELECT CASE WHEN contact.time_zones = '' THEN other.time_zones
    WHEN other.time_zones IN ('', contact.time_zones) THEN contact.time_zones
    ELSE contact.time_zones || ',' || other.time_zones END
  FROM contact other WHERE other.business_id = ?2 AND other.contact_id = ?3)
WHERE business_id = ?2 AND contact_id = ?1 AND EXISTS (
  SELECT 1 FROM contact other WHERE other.business_id = ?2 AND other.contact_id = ?3);

-- name: move_sent_messages
UPDATE sent_message SET contact_id = ?1 WHERE business_id = ?2 AND contact_id = ?3;

-- name: sweep_sent_messages
DELETE FROM sent_message WHERE business_id = ?1 AND (contact_id, decision_id) IN (
  SELECT contact_id, decision_id FROM sent_message
  WHERE business_id = ?1 AND sent_at < ?2 LIMIT ?3);

-- name: sweep_paces
DELETE FROM pace WHERE business_id = ?1 AND subject IN (
  SELECT subject FROM pace WHERE business_id = ?1 AND free_at < ?2 LIMIT ?3);

-- name: sweep_people
DELETE FROM people_hour WHERE business_id = ?1 AND hour IN (
  SELECT hour FROM people_hour WHERE business_id = ?1 AND hour < ?2 / 3600000000 LIMIT ?3);

-- name: put_messaging_limit
UPDATE business SET messaging_limit = ?2 WHERE business_id = ?1;

-- name: insert_decision
INSERT INTO decision (business_id, decision_id, decided_at, sender, message_kind, template,
  language, country, contact_id, verdict, reasons, rule, purpose, position, policy, retry_at,
  reservations, circumstances, campaign, sealed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: reserve
-- Count one more of a kind and key: no row changes where the bound is used up.
INSERT INTO reservation AS r (business_id, kind, key, used, ends_at)
VALUES (?1, ?2, ?3, 1, ?5)
ON CONFLICT (business_id, kind, key) DO UPDATE SET used = r.used + 1,
  ends_at = max(r.ends_at, excluded.ends_at)
WHERE r.business_id = ?1 AND r.used < ?4;

-- name: reserve_stop_confirmation
-- One confirmation per stop: no row changes where it was confirmed, or is not the one that waits.
UPDATE contact SET confirmed_stop = ?3
WHERE business_id = ?1 AND contact_id = ?2 AND confirmed_stop < ?3 AND stop_to_confirm = ?3
  AND absorbed_by IS NULL;

-- name: reserve_code
-- One code per wish: no row changes where a newer or the same wish was answered with one.
UPDATE contact SET answered_code = ?3
WHERE business_id = ?1 AND contact_id = ?2 AND answered_code < ?3 AND absorbed_by IS NULL;

-- name: insert_outcome
INSERT INTO outcome (business_id, decision_id, left_at, status, message) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: decisions
SELECT business_id, decision_id, decided_at, sender, message_kind, template, language, country,
  contact_id, verdict, reasons, rule, purpose, position, policy, retry_at, reservations,
  circumstances, campaign
FROM decision WHERE business_id = ? AND decision_id > ? ORDER BY decision_id LIMIT ?;

-- name: put_health
INSERT INTO sender_health (business_id, phone_number_id, quality, messaging_limit, seen_at)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (business_id, phone_number_id) DO UPDATE SET quality = excluded.quality,
  messaging_limit = excluded.messaging_limit, seen_at = excluded.seen_at
WHERE excluded.seen_at >= seen_at;

-- name: health
SELECT business_id, phone_number_id, quality, messaging_limit, seen_at FROM sender_health
WHERE business_id = ?;

-- name: put_sender
INSERT INTO sender (business_id, phone_number_id, waba_id, digits, name, state, token, changed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (business_id, phone_number_id) DO UPDATE SET waba_id = excluded.waba_id,
  digits = excluded.digits, name = excluded.name, state = excluded.state,
  token = coalesce(excluded.token, token), changed_at = excluded.changed_at;

-- name: senders
SELECT business_id, phone_number_id, waba_id, digits, name, state FROM sender
WHERE business_id = ? ORDER BY phone_number_id;

-- name: sender_token
SELECT token FROM sender WHERE business_id = ? AND phone_number_id = ?;

-- name: owner_by_number
-- Whose sender is this? One business at most.
SELECT business_id FROM sender WHERE phone_number_id = ?;

-- name: owner_by_waba
-- Whose account is this? One business at most.
SELECT business_id FROM waba WHERE waba_id = ?;

-- name: claim_waba
-- Another business's claim is in the way by the unique index, never overwritten.
INSERT INTO waba (business_id, waba_id, claimed_at) VALUES (?, ?, ?)
ON CONFLICT (business_id, waba_id) DO NOTHING;

-- name: add_key
INSERT INTO api_key (business_id, key_id, name, scopes, secret_digest, created_at)
VALUES (?, ?, ?, ?, ?, ?);

-- name: key_by_digest
-- Whose key is this? The answer names the business.
SELECT business_id, key_id, name, scopes, created_at, revoked_at FROM api_key
WHERE secret_digest = ? AND revoked_at IS NULL;

-- name: keys
SELECT business_id, key_id, name, scopes, created_at, revoked_at FROM api_key
WHERE business_id = ? ORDER BY key_id;

-- name: revoke_key
UPDATE api_key SET revoked_at = ? WHERE business_id = ? AND key_id = ? AND revoked_at IS NULL;
