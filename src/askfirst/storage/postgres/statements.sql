-- Every statement that the PostgreSQL backend runs. Each filters on business_id, except where
-- a business is being looked for. Batches come as arrays of one business: one shard's task.
-- Look-ups in a batch are lateral with a limit: the planner cannot turn them round, so that a
-- plan made while a table was empty is still an index look-up when it holds millions.

-- name: ensure_business
-- Give a business its row before its first event.
INSERT INTO business (business_id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: lock_head
-- Writers of one business go one after another: positions are commit order, without gaps.
SELECT last_position, subscribers, receivers, last_webhook FROM business WHERE business_id = $1
FOR UPDATE;

-- name: head
SELECT last_position FROM business WHERE business_id = $1;

-- name: move_last_webhook
UPDATE business SET last_webhook = $2 WHERE business_id = $1;

-- name: move_head
UPDATE business SET last_position = $2 WHERE business_id = $1;

-- name: put_business
INSERT INTO business (business_id, name, created_at) VALUES ($1, $2, $3)
ON CONFLICT (business_id) DO UPDATE SET name = excluded.name;

-- name: business
SELECT business_id, name FROM business WHERE business_id = $1;

-- name: businesses
-- All tenants, for the scheduled work of the process.
SELECT business_id FROM business ORDER BY business_id;

-- name: load_aliases
-- A row without a contact is a name of somebody who was erased.
SELECT q.lookup, c.contact_id, c.standing, c.unreachable_at, c.failed_days, c.reached_day,
  c.deferred_until, c.held_out_until
FROM unnest($2::bytea[]) AS q (lookup)
CROSS JOIN LATERAL (
  SELECT a.contact_id FROM alias a WHERE a.business_id = $1 AND a.lookup = q.lookup LIMIT 1
) a
CROSS JOIN LATERAL (
  SELECT c.contact_id, c.standing, c.unreachable_at, c.failed_days, c.reached_day,
    c.deferred_until, c.held_out_until
  FROM contact c
  WHERE c.business_id = $1 AND c.contact_id = a.contact_id LIMIT 1
) c
UNION ALL
SELECT q.lookup, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM unnest($2::bytea[]) AS q (lookup)
CROSS JOIN LATERAL (
  SELECT 1 FROM suppression s WHERE s.business_id = $1 AND s.lookup = q.lookup LIMIT 1
) s;

-- name: load_contact
SELECT contact_id, standing, unreachable_at, failed_days, reached_day, deferred_until,
  held_out_until
FROM contact
WHERE business_id = $1 AND contact_id = $2;

-- name: names
-- All names of some contacts.
SELECT lookup, kind, contact_id FROM alias
WHERE business_id = $1 AND contact_id = ANY ($2::text[]);

-- name: load_seen
SELECT source FROM seen WHERE business_id = $1 AND source = ANY ($2::bytea[]);

-- name: load_prompts
SELECT hash, purposes FROM prompt WHERE business_id = $1 AND hash = ANY ($2::text[]);

-- name: load_answered
SELECT idempotency, digest, positions FROM answered
WHERE business_id = $1 AND idempotency = ANY ($2::bytea[]);

-- name: events_at
SELECT business_id, position, event_id, contact_id, kind, occurred_at, recorded_at, source,
  surface, purposes, assurance, sender, prompt, absorbed, evidence_digest, number_proof, choice
FROM event WHERE business_id = $1 AND position = ANY ($2::bigint[]);

-- name: history
-- A page of the events of one contact and of all contacts merged into it.
WITH RECURSIVE person (contact_id) AS (
  VALUES ($2::text)
  UNION
  SELECT c.contact_id FROM contact c
  JOIN person p ON c.business_id = $1 AND c.absorbed_by = p.contact_id
)
SELECT e.business_id, e.position, e.event_id, e.contact_id, e.kind, e.occurred_at,
  e.recorded_at, e.source, e.surface, e.purposes, e.assurance, e.sender, e.prompt, e.absorbed,
  e.evidence_digest, e.number_proof, e.choice
FROM event e JOIN person p ON e.business_id = $1 AND e.contact_id = p.contact_id
WHERE e.position > $3 ORDER BY e.position LIMIT $4;

-- name: events
SELECT business_id, position, event_id, contact_id, kind, occurred_at, recorded_at, source,
  surface, purposes, assurance, sender, prompt, absorbed, evidence_digest, number_proof, choice
FROM event WHERE business_id = $1 AND position > $2 ORDER BY position LIMIT $3;

-- name: find_events
-- Those that a filter lets through, of a stretch of the ledger. An act on everything concerns all.
SELECT business_id, position, event_id, contact_id, kind, occurred_at, recorded_at, source,
  surface, purposes, assurance, sender, prompt, absorbed, evidence_digest, number_proof, choice
FROM event WHERE business_id = $1 AND position > $2 AND position <= $3
  AND ($4::text = '' OR kind = ANY (string_to_array($4::text, ',')))
  AND ($5::text = '[]' OR purposes = ''
    OR EXISTS (SELECT 1 FROM json_array_elements_text($5::json) AS wanted
      WHERE strpos(',' || purposes || ',', wanted) > 0))
  AND ($6::text = '' OR surface = $6) AND recorded_at >= $7
ORDER BY position LIMIT $8;

-- name: leaves
SELECT position, leaf_hash FROM event
WHERE business_id = $1 AND position > $2 ORDER BY position LIMIT $3;

-- name: insert_contacts
INSERT INTO contact (business_id, contact_id, standing, unreachable_at, failed_days, reached_day,
  deferred_until, held_out_until, absorbed_by)
SELECT b.business_id, q.* FROM business b
CROSS JOIN unnest($2::text[], $3::bytea[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[],
  $8::bigint[], $9::text[]) q
WHERE b.business_id = $1;

-- name: update_contact
UPDATE contact SET standing = $3, unreachable_at = $4, failed_days = $5, reached_day = $6,
  deferred_until = $7, held_out_until = $8, absorbed_by = $9
WHERE business_id = $1 AND contact_id = $2;

-- name: insert_aliases
INSERT INTO alias (business_id, lookup, contact_id, kind, sealed)
SELECT b.business_id, q.* FROM business b
CROSS JOIN unnest($2::bytea[], $3::text[], $4::text[], $5::bytea[]) q
WHERE b.business_id = $1;

-- name: move_alias
-- Give one name to another contact: it belongs to somebody else now.
UPDATE alias SET contact_id = $2 WHERE business_id = $1 AND lookup = $3;

-- name: refold
UPDATE contact SET standing = $3 WHERE business_id = $1 AND contact_id = $2;

-- name: move_aliases
UPDATE alias SET contact_id = $2 WHERE business_id = $1 AND contact_id = $3;

-- name: insert_events
INSERT INTO event (business_id, position, event_id, contact_id, kind, occurred_at, recorded_at,
  source, surface, purposes, assurance, sender, prompt, absorbed, evidence_digest, number_proof,
  choice, leaf_hash)
SELECT b.business_id, q.* FROM business b
CROSS JOIN unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[],
  $7::bigint[], $8::text[], $9::text[], $10::text[], $11::smallint[], $12::text[], $13::text[],
  $14::text[], $15::bytea[], $16::smallint[], $17::text[], $18::bytea[]) q
WHERE b.business_id = $1;

-- name: insert_evidence
INSERT INTO evidence (business_id, position, sealed, salt)
SELECT b.business_id, q.* FROM business b
CROSS JOIN unnest($2::bigint[], $3::bytea[], $4::bytea[]) q
WHERE b.business_id = $1;

-- name: insert_prompt
INSERT INTO prompt (business_id, hash, prompt_key, locale, surface, purposes, words,
  kind)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING;

-- name: insert_seen
INSERT INTO seen (business_id, source)
SELECT b.business_id, q.* FROM business b
CROSS JOIN unnest($2::bytea[]) q
WHERE b.business_id = $1;

-- name: insert_answered
INSERT INTO answered (business_id, idempotency, digest, positions) VALUES ($1, $2, $3, $4);

-- name: insert_webhooks
INSERT INTO webhook (business_id, webhook_id, received_at, sealed, number, places, signatures, told)
SELECT b.business_id, q.* FROM business b
CROSS JOIN unnest(
  $2::text[], $3::bigint[], $4::bytea[], $5::bigint[], $6::text[], $7::text[], $8::text[]) q
WHERE b.business_id = $1;

-- name: sweep_webhooks
-- Bodies are kept for a set time; the ids that make deduplication last stay in seen.
DELETE FROM webhook WHERE business_id = $1 AND received_at < $2;

-- name: sweep_decisions
UPDATE decision SET sealed = NULL
WHERE business_id = $1 AND decided_at < $2 AND sealed IS NOT NULL;

-- name: sweep_reservations
-- Counts that ended long ago are forgotten; what they counted for is over.
DELETE FROM reservation WHERE business_id = $1 AND ends_at < $2;

-- name: open_windows
INSERT INTO opening (business_id, contact_id, phone_number_id, opened_at)
SELECT b.business_id, q.* FROM business b
CROSS JOIN unnest($2::text[], $3::text[], $4::bigint[]) q
WHERE b.business_id = $1
ON CONFLICT (business_id, contact_id, phone_number_id)
DO UPDATE SET opened_at = greatest(opening.opened_at, excluded.opened_at);

-- name: move_windows
INSERT INTO opening (business_id, contact_id, phone_number_id, opened_at)
SELECT business_id, $2, phone_number_id, opened_at FROM opening
WHERE business_id = $1 AND contact_id = $3
ON CONFLICT (business_id, contact_id, phone_number_id)
DO UPDATE SET opened_at = greatest(opening.opened_at, excluded.opened_at);

-- name: move_confirmation
-- A stop that had its one confirmation, a wish that had its one code, has had it after a merge, too.
-- Where both had a stop to confirm and one was confirmed, neither waits: it is one person.
UPDATE contact c SET
  confirmed_stop = CASE WHEN greatest(c.confirmed_stop, other.confirmed_stop) = 0 THEN 0
    ELSE greatest(c.stop_to_confirm, other.stop_to_confirm,
      c.confirmed_stop, other.confirmed_stop) END,
  answered_code = greatest(c.answered_code, other.answered_code),
  stop_to_confirm = greatest(c.stop_to_confirm, other.stop_to_confirm),
  stop_said_at = CASE WHEN other.stop_to_confirm > c.stop_to_confirm THEN other.stop_said_at
    ELSE c.stop_said_at END
FROM contact other
WHERE c.business_id = $1 AND c.contact_id = $2
  AND other.business_id = $1 AND other.contact_id = $3;

-- name: name_media
INSERT INTO media (business_id, media, phone_number_id, seen_at)
SELECT b.business_id, q.* FROM business b
CROSS JOIN unnest($2::bytea[], $3::text[], $4::bigint[]) q
WHERE b.business_id = $1
ON CONFLICT (business_id, media) DO UPDATE SET phone_number_id = excluded.phone_number_id,
  seen_at = greatest(media.seen_at, excluded.seen_at);

-- name: media_sender
SELECT phone_number_id FROM media WHERE business_id = $1 AND media = ANY($2::bytea[])
ORDER BY seen_at DESC LIMIT 1;

-- name: sweep_media
DELETE FROM media WHERE business_id = $1 AND seen_at < $2;

-- name: share_contacts
-- Take the shared lock of every contact that these names lead to, in one order for all.
SELECT pg_advisory_xact_lock_shared(hashtextextended(known.contact_id, 0)), known.contact_id
FROM (
  SELECT DISTINCT c.contact_id
  FROM unnest($2::bytea[]) AS q (lookup)
  CROSS JOIN LATERAL (
    SELECT a.contact_id FROM alias a WHERE a.business_id = $1 AND a.lookup = q.lookup LIMIT 1
  ) a
  CROSS JOIN LATERAL (
    SELECT c.contact_id FROM contact c
    WHERE c.business_id = $1 AND c.contact_id = a.contact_id LIMIT 1
  ) c
  ORDER BY c.contact_id
) known;

-- name: fence_contacts
-- Wait until no send holds one of these contacts: taken through their rows, in one order. Tells how
-- many seconds old the session is that took the locks, which is the one on the contact's node.
SELECT pg_advisory_xact_lock(hashtextextended(known.contact_id, 0)),
  extract(epoch FROM clock_timestamp() - known.backend_start)::double precision AS session_age
FROM (
  SELECT c.contact_id, s.backend_start
  FROM contact c CROSS JOIN pg_stat_get_activity(pg_backend_pid()) AS s
  WHERE c.business_id = $1 AND c.contact_id = ANY ($2::text[]) ORDER BY c.contact_id
) known;

-- name: facts
-- All that decisions rest on, one row for each name asked about.
SELECT b.last_position, s.waba_id, s.digits, s.name AS sender_name, s.state AS sender_state,
  t.category, t.state AS template_state, t.seen_at, t.previous_category, t.category_changed_at,
  t.accepted_change, t.has_stop, t.is_advertising, c.contact_id, c.standing, c.confirmed_stop,
  o.opened_at, c.answered_code, c.stop_to_confirm, c.stop_said_at,
  c.failed_days, c.deferred_until, c.held_out_until,
  (SELECT json_agg(json_build_array(k.brake_id, k.subject, k.holds, k.colour, k.cause, k.since, k.lifts_at,
      k.detail, k.set_by, k.reason))::text
    FROM (SELECT * FROM brake f WHERE f.business_id = $1 AND f.lifted_at IS NULL
      ORDER BY f.brake_id LIMIT 201) k) AS brakes,
  m.sent, p.began_at AS pair_began_at, p.free_at AS pair_free_at,
  w.began_at AS sender_began_at, w.free_at AS sender_free_at, b.messaging_limit, h.people,
  c.time_zones,
  (SELECT max(k.version) FROM key_version k) AS key_version,
  (SELECT max(v.version) FROM schema_version v) AS schema_version
FROM unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::bytea[])
  AS q (place, sender, template, language, lookup)
CROSS JOIN LATERAL (
  SELECT b.last_position, b.messaging_limit FROM business b WHERE b.business_id = $1 LIMIT 1
) b
LEFT JOIN LATERAL (
  SELECT s.waba_id, s.digits, s.name, s.state FROM sender s
  WHERE s.business_id = $1 AND s.phone_number_id = q.sender LIMIT 1
) s ON true
LEFT JOIN LATERAL (
  SELECT t.category, t.state, t.seen_at, t.previous_category, t.category_changed_at,
    t.accepted_change, t.has_stop, t.is_advertising
  FROM template t
  WHERE t.business_id = $1 AND t.waba_id = s.waba_id AND t.name = q.template
    AND t.language = q.language LIMIT 1
) t ON true
LEFT JOIN LATERAL (
  SELECT a.contact_id FROM alias a WHERE a.business_id = $1 AND a.lookup = q.lookup LIMIT 1
) a ON true
LEFT JOIN LATERAL (
  SELECT c.contact_id, c.standing, c.confirmed_stop, c.answered_code, c.stop_to_confirm,
    c.stop_said_at, c.failed_days, c.deferred_until, c.held_out_until, c.time_zones
  FROM contact c
  WHERE c.business_id = $1 AND c.contact_id = a.contact_id LIMIT 1
) c ON true
LEFT JOIN LATERAL (
  SELECT o.opened_at FROM opening o
  WHERE o.business_id = $1 AND o.contact_id = c.contact_id AND o.phone_number_id = q.sender
  LIMIT 1
) o ON true
LEFT JOIN LATERAL (
  SELECT string_agg(concat_ws(',', n.sent_at, n.purpose, n.is_outside, n.content), ';') AS sent
  FROM (
    SELECT m.sent_at, m.purpose, m.is_outside, m.content FROM sent_message m
    WHERE m.business_id = $1 AND m.contact_id = c.contact_id
    ORDER BY m.decision_id DESC LIMIT 500
  ) n
) m ON true
LEFT JOIN LATERAL (
  SELECT p.began_at, p.free_at FROM pace p
  WHERE p.business_id = $1 AND p.subject = q.sender || ':' || c.contact_id LIMIT 1
) p ON true
LEFT JOIN LATERAL (
  SELECT p.began_at, p.free_at FROM pace p
  WHERE p.business_id = $1 AND p.subject = q.sender LIMIT 1
) w ON true
LEFT JOIN LATERAL (
  SELECT string_agg(concat_ws(',', n.hour, n.people), ';') AS people
  FROM (
    SELECT h.hour, h.people FROM people_hour h
    WHERE h.business_id = $1 AND b.messaging_limit IS NOT NULL ORDER BY h.hour DESC LIMIT 26
  ) n
) h ON true
ORDER BY q.place;

-- name: lock_traffic
-- One after another counts for a contact, a sender, the people of a business: taken through the business's
-- row, so on its shard's node, and in one order for all.
SELECT pg_advisory_xact_lock(hashtextextended(wanted.subject, 1))
FROM (
  SELECT q.subject FROM business b
  CROSS JOIN unnest($2::text[]) AS q (subject)
  WHERE b.business_id = $1 ORDER BY q.subject COLLATE "C"
) wanted;

-- name: traffic
-- What the rules about frequency rest on, read behind those locks: one row for each contact and sender. A
-- contact that was merged has no row. `+ 0`: what one person was sent is found by that person; by time, which
-- PostgreSQL takes for as few rows before it has statistics, it would go through all sends of a month.
SELECT c.contact_id, q.sender, m.sent, p.began_at AS pair_began_at, p.free_at AS pair_free_at,
  w.began_at AS sender_began_at, w.free_at AS sender_free_at, b.messaging_limit, h.people
FROM unnest($2::text[], $3::text[]) AS q (contact_id, sender)
CROSS JOIN LATERAL (
  SELECT b.messaging_limit FROM business b WHERE b.business_id = $1 LIMIT 1
) b
CROSS JOIN LATERAL (
  SELECT c.contact_id FROM contact c
  WHERE c.business_id = $1 AND c.contact_id = q.contact_id AND c.absorbed_by IS NULL LIMIT 1
) c
LEFT JOIN LATERAL (
  SELECT string_agg(concat_ws(',', m.sent_at, m.purpose, m.is_outside, m.content), ';') AS sent
  FROM sent_message m
  WHERE m.business_id = $1 AND m.contact_id = c.contact_id AND m.sent_at + 0 > $4
) m ON true
LEFT JOIN LATERAL (
  SELECT p.began_at, p.free_at FROM pace p
  WHERE p.business_id = $1 AND p.subject = q.sender || ':' || c.contact_id LIMIT 1
) p ON true
LEFT JOIN LATERAL (
  SELECT p.began_at, p.free_at FROM pace p
  WHERE p.business_id = $1 AND p.subject = q.sender LIMIT 1
) w ON true
LEFT JOIN LATERAL (
  SELECT string_agg(concat_ws(',', h.hour, h.people), ';') AS people FROM people_hour h
  WHERE h.business_id = $1 AND b.messaging_limit IS NOT NULL AND h.hour > $5
) h ON true;

-- name: insert_sent_messages
INSERT INTO sent_message (business_id, contact_id, decision_id, sent_at, purpose, is_outside, content)
SELECT b.business_id, q.* FROM business b
CROSS JOIN unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::smallint[], $7::text[]) q
WHERE b.business_id = $1;

-- name: put_paces
INSERT INTO pace (business_id, subject, began_at, free_at)
SELECT b.business_id, q.* FROM business b
CROSS JOIN unnest($2::text[], $3::bigint[], $4::bigint[]) q
WHERE b.business_id = $1
ON CONFLICT (business_id, subject)
DO UPDATE SET began_at = excluded.began_at, free_at = excluded.free_at;

-- name: slow_pace
-- Meta takes nothing before a moment: no burst is left until then.
INSERT INTO pace (business_id, subject, began_at, free_at) VALUES ($1, $2, 0, $3)
ON CONFLICT (business_id, subject)
DO UPDATE SET began_at = 0, free_at = greatest(pace.free_at, excluded.free_at);

-- name: count_people
INSERT INTO people_hour (business_id, hour, people)
SELECT b.business_id, q.* FROM business b
CROSS JOIN unnest($2::bigint[], $3::bigint[]) q
WHERE b.business_id = $1
ON CONFLICT (business_id, hour)
DO UPDATE SET people = greatest(0, people_hour.people + excluded.people);

-- name: outside_messages
-- When a contact was written to outside windows, and by which decisions: the newest first.
SELECT decision_id, sent_at FROM sent_message
WHERE business_id = $1 AND contact_id = $2 AND is_outside = 1 ORDER BY sent_at DESC LIMIT 2;

-- name: give_back
-- A place is its decision's: given back once, however often that is said.
DELETE FROM sent_message WHERE business_id = $1 AND contact_id = $2 AND decision_id = $3
RETURNING is_outside;

-- name: decision_of_message
-- By which decision a message left, and to whom; $2 is a hash of its id.
SELECT o.decision_id, d.contact_id FROM outcome o
JOIN decision d ON d.business_id = $1 AND d.decision_id = o.decision_id
WHERE o.business_id = $1 AND o.message = $2;

-- name: time_zones
SELECT time_zones FROM contact WHERE business_id = $1 AND contact_id = $2;

-- name: set_time_zone
UPDATE contact SET time_zones = $3
WHERE business_id = $1 AND contact_id = $2 AND absorbed_by IS NULL RETURNING contact_id;

-- name: move_time_zones
-- Where the business names another zone for each side, the person may be in either.
UPDATE contact SET time_zones = CASE WHEN contact.time_zones = '' THEN other.time_zones
    WHEN other.time_zones IN ('', contact.time_zones) THEN contact.time_zones
    ELSE contact.time_zones || ',' || other.time_zones END
FROM contact other
WHERE contact.business_id = $1 AND contact.contact_id = $2
  AND other.business_id = $1 AND other.contact_id = $3;

-- name: move_sent_messages
UPDATE sent_message SET contact_id = $2 WHERE business_id = $1 AND contact_id = $3;

-- name: sweep_sent_messages
DELETE FROM sent_message WHERE business_id = $1 AND sent_at < $2;

-- name: sweep_paces
DELETE FROM pace WHERE business_id = $1 AND free_at < $2;

-- name: sweep_people
DELETE FROM people_hour WHERE business_id = $1 AND hour < $2::bigint / 3600000000;

-- name: put_messaging_limit
UPDATE business SET messaging_limit = $2 WHERE business_id = $1;

-- name: insert_decisions
INSERT INTO decision (business_id, decision_id, decided_at, sender, message_kind, template,
  language, country, contact_id, verdict, reasons, rule, purpose, position, policy, retry_at,
  reservations, circumstances, campaign, sealed)
SELECT b.business_id, q.* FROM business b
CROSS JOIN unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[],
  $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::smallint[], $13::text[],
  $14::bigint[], $15::text[], $16::bigint[], $17::text[], $18::text[], $19::text[], $20::bytea[]) q
WHERE b.business_id = $1;

-- name: reserve
-- Count one more of a kind and key: no row changes where the bound is used up.
INSERT INTO reservation AS r (business_id, kind, key, used, ends_at)
VALUES ($1, $2, $3, 1, $5)
ON CONFLICT (business_id, kind, key) DO UPDATE SET used = r.used + 1,
  ends_at = greatest(r.ends_at, excluded.ends_at)
WHERE r.business_id = $1 AND r.used < $4
RETURNING used;

-- name: reserve_stop_confirmation
-- One confirmation per stop: no row changes where it was confirmed, or is not the one that waits.
UPDATE contact SET confirmed_stop = $3
WHERE business_id = $1 AND contact_id = $2 AND confirmed_stop < $3 AND stop_to_confirm = $3
  AND absorbed_by IS NULL
RETURNING contact_id;

-- name: reserve_code
-- One code per wish: no row changes where a newer or the same wish was answered with one.
UPDATE contact SET answered_code = $3
WHERE business_id = $1 AND contact_id = $2 AND answered_code < $3 AND absorbed_by IS NULL
RETURNING contact_id;

-- name: insert_outcomes
INSERT INTO outcome (business_id, decision_id, left_at, status, message)
SELECT b.business_id, q.* FROM business b
CROSS JOIN unnest($2::text[], $3::bigint[], $4::integer[], $5::bytea[]) q
WHERE b.business_id = $1
ON CONFLICT DO NOTHING;

-- name: decisions
SELECT business_id, decision_id, decided_at, sender, message_kind, template, language, country,
  contact_id, verdict, reasons, rule, purpose, position, policy, retry_at, reservations,
  circumstances, campaign
FROM decision WHERE business_id = $1 AND decision_id > $2
ORDER BY decision_id LIMIT $3;

-- name: put_health
INSERT INTO sender_health AS h (business_id, phone_number_id, quality, messaging_limit, seen_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (business_id, phone_number_id) DO UPDATE SET quality = excluded.quality,
  messaging_limit = excluded.messaging_limit, seen_at = excluded.seen_at
WHERE h.business_id = $1 AND excluded.seen_at >= h.seen_at;

-- name: health
SELECT business_id, phone_number_id, quality, messaging_limit, seen_at FROM sender_health
WHERE business_id = $1;

-- name: put_sender
INSERT INTO sender AS s
  (business_id, phone_number_id, waba_id, digits, name, state, token, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (business_id, phone_number_id) DO UPDATE SET waba_id = excluded.waba_id,
  digits = excluded.digits, name = excluded.name, state = excluded.state,
  token = coalesce(excluded.token, s.token), changed_at = excluded.changed_at;

-- name: senders
SELECT business_id, phone_number_id, waba_id, digits, name, state FROM sender
WHERE business_id = $1 ORDER BY phone_number_id COLLATE "C";

-- name: sender_token
SELECT token FROM sender WHERE business_id = $1 AND phone_number_id = $2;

-- name: owner_by_number
-- Whose sender is this? One business at most.
SELECT business_id FROM sender WHERE phone_number_id = $1;

-- name: owner_by_waba
-- Whose account is this? One business at most.
SELECT business_id FROM waba WHERE waba_id = $1;

-- name: claim_waba
-- Another business's claim is in the way by the unique index, never overwritten.
INSERT INTO waba (business_id, waba_id, claimed_at) VALUES ($1, $2, $3)
ON CONFLICT (business_id, waba_id) DO NOTHING;

-- name: add_key
INSERT INTO api_key (business_id, key_id, name, scopes, secret_digest, created_at)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: key_by_digest
-- Whose key is this? The answer names the business.
SELECT business_id, key_id, name, scopes, created_at, revoked_at FROM api_key
WHERE secret_digest = $1 AND revoked_at IS NULL;

-- name: keys
SELECT business_id, key_id, name, scopes, created_at, revoked_at FROM api_key
WHERE business_id = $1 ORDER BY key_id COLLATE "C";

-- name: revoke_key
UPDATE api_key SET revoked_at = $1
WHERE business_id = $2 AND key_id = $3 AND revoked_at IS NULL RETURNING key_id;
