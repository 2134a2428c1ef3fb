-- Counts of the ledger.

-- name: stats_builds
-- The live one first, then the newest.
SELECT build, position, sends_through, known_until, zone, format, is_live FROM stats_build
WHERE business_id = $1 ORDER BY is_live DESC, build DESC;

-- name: add_stats_build
-- Nothing is counted in it yet.
INSERT INTO stats_build (business_id, build, position, sends_through, known_until, zone, format, is_live)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING build;

-- name: move_stats_build
-- From where it was, or not at all: somebody else was quicker.
UPDATE stats_build SET position = $5, sends_through = $6, known_until = $7
WHERE business_id = $1 AND build = $2 AND position = $3 AND sends_through = $4
RETURNING build;

-- name: end_stats_builds
-- Only the one of this number is live.
UPDATE stats_build SET is_live = CASE WHEN build = $2 THEN 1 ELSE 0 END WHERE business_id = $1
RETURNING build;

-- name: drop_stats_build
-- Never the live one.
DELETE FROM stats_build WHERE business_id = $1 AND build = $2 AND is_live = 0 RETURNING build;

-- name: drop_stats_counts
-- Of a build that is gone, some at once.
DELETE FROM stats_count WHERE business_id = $1 AND build = $2
  AND (dimension, purpose, day, value) IN (
    SELECT dimension, purpose, day, value FROM stats_count
    WHERE business_id = $1 AND build = $2 LIMIT $3)
RETURNING day;

-- name: drop_stats_months
-- Of a build that is gone, some at once.
DELETE FROM stats_month WHERE business_id = $1 AND build = $2
  AND (dimension, purpose, day, value) IN (
    SELECT dimension, purpose, day, value FROM stats_month
    WHERE business_id = $1 AND build = $2 LIMIT $3)
RETURNING day;

-- name: drop_stats_people
-- Of a build that is gone, some at once.
DELETE FROM stats_person WHERE business_id = $1 AND build = $2 AND contact_id IN (
  SELECT contact_id FROM stats_person WHERE business_id = $1 AND build = $2 LIMIT $3)
RETURNING build;

-- name: stats_awaited
-- People whom nobody had written to since their last yes, and somebody did in this time.
SELECT s.contact_id, s.sent_at FROM sent_message s
JOIN stats_person p ON p.business_id = $1 AND p.build = $2 AND p.contact_id = s.contact_id
WHERE s.business_id = $1 AND s.sent_at > $3 AND s.sent_at <= $4 AND p.is_awaited = 1
ORDER BY s.sent_at LIMIT $5;

-- name: stats_events
-- All that people ever did, up to the end of a stretch, who did something in it, or are named; and whether it was a
-- complaint.
WITH RECURSIVE person (contact_id) AS (
  SELECT contact_id FROM event WHERE business_id = $1 AND position > $2 AND position <= $3
  UNION
  SELECT q.value FROM json_array_elements_text($4::json) q (value)
  UNION
  SELECT c.contact_id FROM contact c
  JOIN person p ON c.business_id = $1 AND c.absorbed_by = p.contact_id
)
SELECT e.business_id, e.position, e.event_id, e.contact_id, e.kind, e.occurred_at,
  e.recorded_at, e.source, e.surface, e.purposes, e.assurance, e.sender, e.prompt, e.absorbed,
  e.evidence_digest, e.number_proof, e.choice, r.about
FROM person p JOIN event e ON e.business_id = $1 AND e.contact_id = p.contact_id
LEFT JOIN review r ON r.business_id = $1 AND r.position = e.position
WHERE e.position <= $3 ORDER BY e.position;

-- name: stats_people
-- With what people were counted.
SELECT contact_id, facts FROM stats_person
WHERE business_id = $1 AND build = $2 AND contact_id IN (SELECT json_array_elements_text($3::json));

-- name: stats_names
-- Names of people, sealed.
SELECT contact_id, kind, sealed FROM alias
WHERE business_id = $1 AND sealed IS NOT NULL AND contact_id IN (SELECT json_array_elements_text($2::json));

-- name: stats_arrivals
-- By which entry points people came in.
SELECT contact_id, arrived_at, entry_id FROM arrival
WHERE business_id = $1 AND contact_id IN (SELECT json_array_elements_text($2::json))
ORDER BY arrived_at, entry_id;

-- name: stats_messages
-- When the newest message left for each of some people that Meta took.
SELECT q.value, (
  SELECT d.decided_at FROM decision d
  JOIN outcome o ON o.business_id = $1 AND o.decision_id = d.decision_id
  WHERE d.business_id = $1 AND d.contact_id = q.value AND d.verdict = 'allow'
    AND o.status BETWEEN 200 AND 299
  ORDER BY d.decision_id DESC LIMIT 1)
FROM json_array_elements_text($2::json) q (value);

-- name: stats_locales
-- The languages of prompt versions.
SELECT hash, locale FROM prompt WHERE business_id = $1 AND hash IN (SELECT json_array_elements_text($2::json));

-- name: add_stats_counts
-- $3: a JSON array of cells: dimension, purpose, value, day, and a number for each measure.
INSERT INTO stats_count (business_id, build, dimension, purpose, day, value, opt_ins, refusals, stops,
  complaints, gained, lost, answered, agreed, proven, messaged, left_early)
SELECT b.business_id, $2::integer, q->>0, q->>1, (q->>3)::integer, q->>2, (q->>4)::bigint, (q->>5)::bigint,
  (q->>6)::bigint, (q->>7)::bigint, (q->>8)::bigint, (q->>9)::bigint, (q->>10)::bigint,
  (q->>11)::bigint, (q->>12)::bigint, (q->>13)::bigint, (q->>14)::bigint
FROM business b CROSS JOIN LATERAL json_array_elements($3::json) q
WHERE b.business_id = $1
ON CONFLICT (business_id, build, dimension, purpose, day, value) DO UPDATE SET
  opt_ins = stats_count.opt_ins + excluded.opt_ins, refusals = stats_count.refusals + excluded.refusals,
  stops = stats_count.stops + excluded.stops, complaints = stats_count.complaints + excluded.complaints,
  gained = stats_count.gained + excluded.gained, lost = stats_count.lost + excluded.lost,
  answered = stats_count.answered + excluded.answered, agreed = stats_count.agreed + excluded.agreed,
  proven = stats_count.proven + excluded.proven, messaged = stats_count.messaged + excluded.messaged,
  left_early = stats_count.left_early + excluded.left_early
RETURNING day;

-- name: add_stats_months
-- $3: the same by the month, a JSON array of cells: dimension, purpose, value, day, and a number for each measure.
INSERT INTO stats_month (business_id, build, dimension, purpose, day, value, opt_ins, refusals, stops,
  complaints, gained, lost, answered, agreed, proven, messaged, left_early)
SELECT b.business_id, $2::integer, q->>0, q->>1, (q->>3)::integer, q->>2, (q->>4)::bigint, (q->>5)::bigint,
  (q->>6)::bigint, (q->>7)::bigint, (q->>8)::bigint, (q->>9)::bigint, (q->>10)::bigint,
  (q->>11)::bigint, (q->>12)::bigint, (q->>13)::bigint, (q->>14)::bigint
FROM business b CROSS JOIN LATERAL json_array_elements($3::json) q
WHERE b.business_id = $1
ON CONFLICT (business_id, build, dimension, purpose, day, value) DO UPDATE SET
  opt_ins = stats_month.opt_ins + excluded.opt_ins, refusals = stats_month.refusals + excluded.refusals,
  stops = stats_month.stops + excluded.stops, complaints = stats_month.complaints + excluded.complaints,
  gained = stats_month.gained + excluded.gained, lost = stats_month.lost + excluded.lost,
  answered = stats_month.answered + excluded.answered, agreed = stats_month.agreed + excluded.agreed,
  proven = stats_month.proven + excluded.proven, messaged = stats_month.messaged + excluded.messaged,
  left_early = stats_month.left_early + excluded.left_early
RETURNING day;

-- name: put_stats_people
-- $3: a JSON array of people: contact, facts, whether a message to them would change the counts.
INSERT INTO stats_person (business_id, build, contact_id, facts, is_awaited)
SELECT b.business_id, $2::integer, q->>0, q->>1, (q->>2)::integer
FROM business b CROSS JOIN LATERAL json_array_elements($3::json) q
WHERE b.business_id = $1
ON CONFLICT (business_id, build, contact_id) DO UPDATE SET
  facts = excluded.facts, is_awaited = excluded.is_awaited
RETURNING build;

-- name: drop_stats_persons
-- Contacts that are no person of their own any more.
DELETE FROM stats_person
WHERE business_id = $1 AND build = $2 AND contact_id IN (SELECT json_array_elements_text($3::json))
RETURNING build;

-- name: add_late_stops
-- $3: a JSON array of late stops: contact, position, when said, when recorded, purposes.
INSERT INTO late_stop (business_id, build, contact_id, position, said_at, recorded_at, purposes)
SELECT b.business_id, $2::integer, q->>0, (q->>1)::bigint, (q->>2)::bigint, (q->>3)::bigint, (q->4)::text
FROM business b CROSS JOIN LATERAL json_array_elements($3::json) q
WHERE b.business_id = $1
ON CONFLICT DO NOTHING RETURNING position;

-- name: drop_late_stops_of
-- Of people who are told anew, or are another's now.
DELETE FROM late_stop
WHERE business_id = $1 AND build = $2 AND contact_id IN (SELECT json_array_elements_text($3::json))
RETURNING position;

-- name: drop_late_stops
-- Of a build that is gone, some at once.
DELETE FROM late_stop WHERE business_id = $1 AND build = $2 AND (contact_id, position) IN (
  SELECT contact_id, position FROM late_stop WHERE business_id = $1 AND build = $2 LIMIT $3)
RETURNING build;

-- name: count_late_stops
-- Recorded since a moment.
SELECT count(*) FROM late_stop WHERE business_id = $1 AND build = $2 AND recorded_at >= $3;

-- name: late_stops
-- Recorded since a moment, $3, before a place in the list, $4 and $5; the newest first.
SELECT contact_id, position, said_at, recorded_at, purposes FROM late_stop
WHERE business_id = $1 AND build = $2 AND recorded_at >= $3 AND (recorded_at, position) < ($4, $5)
ORDER BY recorded_at DESC, position DESC LIMIT $6;

-- name: stats_by_value
-- Sums by value and stretch of time; whole months of the span, from $9 to before $10, by the month.
SELECT value,
  CASE $7::text WHEN 'day' THEN day WHEN 'week' THEN day - (day + 3) % 7
  WHEN 'month' THEN (date_trunc('month', date '1970-01-01' + day)::date - date '1970-01-01')
  ELSE $5::integer END AS begin,
  sum(opt_ins)::bigint AS opt_ins, sum(refusals)::bigint AS refusals, sum(stops)::bigint AS stops,
  sum(complaints)::bigint AS complaints, sum(gained)::bigint AS gained, sum(lost)::bigint AS lost,
  sum(answered)::bigint AS answered, sum(agreed)::bigint AS agreed, sum(proven)::bigint AS proven,
  sum(messaged)::bigint AS messaged, sum(left_early)::bigint AS left_early,
  sum(CASE WHEN day <= $8::integer THEN agreed ELSE 0 END)::bigint AS settled,
  sum(CASE WHEN day <= $8::integer THEN left_early ELSE 0 END)::bigint AS left_of_settled
FROM (
  SELECT value, day, opt_ins, refusals, stops, complaints, gained, lost, answered,
    agreed, proven, messaged, left_early
  FROM stats_month WHERE business_id = $1 AND build = $2 AND dimension = $3 AND purpose = $4
    AND day >= $9::integer AND day < $10::integer
  UNION ALL
  SELECT value, day, opt_ins, refusals, stops, complaints, gained, lost, answered,
    agreed, proven, messaged, left_early
  FROM stats_count WHERE business_id = $1 AND build = $2 AND dimension = $3 AND purpose = $4
    AND day >= $5::integer AND day < $9::integer
  UNION ALL
  SELECT value, day, opt_ins, refusals, stops, complaints, gained, lost, answered,
    agreed, proven, messaged, left_early
  FROM stats_count WHERE business_id = $1 AND build = $2 AND dimension = $3 AND purpose = $4
    AND day >= $10::integer AND day <= $6::integer
) AS part
GROUP BY 1, 2;

-- name: stats_by_purpose
-- Sums the same by purpose; $4 is any.
SELECT purpose,
  CASE $7::text WHEN 'day' THEN day WHEN 'week' THEN day - (day + 3) % 7
  WHEN 'month' THEN (date_trunc('month', date '1970-01-01' + day)::date - date '1970-01-01')
  ELSE $5::integer END AS begin,
  sum(opt_ins)::bigint AS opt_ins, sum(refusals)::bigint AS refusals, sum(stops)::bigint AS stops,
  sum(complaints)::bigint AS complaints, sum(gained)::bigint AS gained, sum(lost)::bigint AS lost,
  sum(answered)::bigint AS answered, sum(agreed)::bigint AS agreed, sum(proven)::bigint AS proven,
  sum(messaged)::bigint AS messaged, sum(left_early)::bigint AS left_early,
  sum(CASE WHEN day <= $8::integer THEN agreed ELSE 0 END)::bigint AS settled,
  sum(CASE WHEN day <= $8::integer THEN left_early ELSE 0 END)::bigint AS left_of_settled
FROM (
  SELECT purpose, day, opt_ins, refusals, stops, complaints, gained, lost, answered,
    agreed, proven, messaged, left_early
  FROM stats_month WHERE business_id = $1 AND build = $2 AND dimension = $3 AND $4::text <> ''
    AND day >= $9::integer AND day < $10::integer
  UNION ALL
  SELECT purpose, day, opt_ins, refusals, stops, complaints, gained, lost, answered,
    agreed, proven, messaged, left_early
  FROM stats_count WHERE business_id = $1 AND build = $2 AND dimension = $3 AND $4::text <> ''
    AND day >= $5::integer AND day < $9::integer
  UNION ALL
  SELECT purpose, day, opt_ins, refusals, stops, complaints, gained, lost, answered,
    agreed, proven, messaged, left_early
  FROM stats_count WHERE business_id = $1 AND build = $2 AND dimension = $3 AND $4::text <> ''
    AND day >= $10::integer AND day <= $6::integer
) AS part
GROUP BY 1, 2;

-- name: stats_opening
-- Who was reachable before a day, $5, by value: by the month before $6, by the day since.
SELECT value, sum(people)::bigint FROM (
  SELECT value, gained - lost AS people FROM stats_month
  WHERE business_id = $1 AND build = $2 AND dimension = $3 AND purpose = $4 AND day < $6::integer
  UNION ALL
  SELECT value, gained - lost FROM stats_count
  WHERE business_id = $1 AND build = $2 AND dimension = $3 AND purpose = $4
    AND day >= $6::integer AND day < $5::integer
) AS part
GROUP BY 1;

-- name: stats_opening_by_purpose
-- Who was reachable before a day, $5, by purpose: by the month before $6, by the day since.
SELECT purpose, sum(people)::bigint FROM (
  SELECT purpose, gained - lost AS people FROM stats_month
  WHERE business_id = $1 AND build = $2 AND dimension = $3 AND $4::text <> '' AND day < $6::integer
  UNION ALL
  SELECT purpose, gained - lost FROM stats_count
  WHERE business_id = $1 AND build = $2 AND dimension = $3 AND $4::text <> ''
    AND day >= $6::integer AND day < $5::integer
) AS part
GROUP BY 1;

-- name: add_stats_shown
-- $2: a JSON array: day, prompt, surface, locale, purposes between commas, count.
INSERT INTO stats_shown (business_id, day, prompt, surface, locale, purposes, shown)
SELECT b.business_id, (q->>0)::integer, q->>1, q->>2, q->>3, q->>4, (q->>5)::bigint
FROM business b CROSS JOIN LATERAL json_array_elements($2::json) q
WHERE b.business_id = $1
ON CONFLICT (business_id, day, prompt) DO UPDATE SET shown = stats_shown.shown + excluded.shown
RETURNING day;

-- name: stats_shown
-- How often, by surface, language or prompt version, of one purpose or (empty) of all.
SELECT CASE $2::text WHEN 'surface' THEN surface WHEN 'locale' THEN locale WHEN 'prompt' THEN prompt
  ELSE '' END AS value,
  CASE $5::text WHEN 'day' THEN day WHEN 'week' THEN day - (day + 3) % 7
  WHEN 'month' THEN (date_trunc('month', date '1970-01-01' + day)::date - date '1970-01-01')
  ELSE $3::integer END AS begin,
  sum(shown)::bigint AS shown
FROM stats_shown
WHERE business_id = $1 AND day BETWEEN $3::integer AND $4::integer
  AND ($6::text = '' OR strpos(purposes, ',' || $6::text || ',') > 0)
GROUP BY 1, 2;

-- name: decisions_by_verdict
-- Since the begin of a day, $2, which the id $3 begins with: the counted, and those after them. None is behind the
-- Zs: a range with one end is taken for a third of the table, which is then gone through whole.
SELECT verdict, sum(decisions)::bigint AS decisions FROM (
  SELECT verdict, decisions FROM decision_count
  WHERE business_id = $1 AND day >= $2::bigint / 86400000000
  UNION ALL
  SELECT verdict, count(*) FROM decision
  WHERE business_id = $1 AND decided_at >= $2::bigint AND decision_id > greatest($3::text, coalesce(
    (SELECT through FROM decision_counting WHERE business_id = $1), '')) AND decision_id <= 'dec_ZZZZZZZZZZZZZZZZZZZZZZZZZZ'
  GROUP BY verdict
) AS part
GROUP BY verdict;

-- name: decisions_counted_through
SELECT through FROM decision_counting WHERE business_id = $1;

-- name: decisions_to_count
-- How many there are behind the id $2 and before $3, at most $4 of them, and the last of those.
SELECT count(*) AS count, coalesce(max(decision_id), '') AS through FROM (
  SELECT decision_id FROM decision
  WHERE business_id = $1 AND decision_id > $2 AND decision_id < $3
  ORDER BY decision_id LIMIT $4
) AS part;

-- name: move_decisions_counted
-- From where it was, $2; empty: it was nowhere.
INSERT INTO decision_counting (business_id, through) VALUES ($1, $3)
ON CONFLICT (business_id) DO UPDATE SET through = excluded.through
WHERE decision_counting.through = $2
RETURNING through;

-- name: add_decision_counts
INSERT INTO decision_count (business_id, day, verdict, decisions)
SELECT business_id, (decided_at / 86400000000)::integer, verdict, count(*) FROM decision
WHERE business_id = $1 AND decision_id > $2 AND decision_id <= $3
GROUP BY 1, 2, 3
ON CONFLICT (business_id, day, verdict)
DO UPDATE SET decisions = decision_count.decisions + excluded.decisions
RETURNING day;

-- name: campaigns_counted_through
SELECT through FROM campaign_counting WHERE business_id = $1;

-- name: campaigns_to_add
-- What the decisions behind the id $2 up to $3 add. Who had the same answer before is counted already.
SELECT d.campaign, d.verdict, d.reasons, count(*) AS decisions,
  count(DISTINCT CASE WHEN NOT EXISTS (
    SELECT 1 FROM decision e
    WHERE e.business_id = $1 AND e.contact_id = d.contact_id AND e.decision_id COLLATE "C" <= $2
      AND e.campaign = d.campaign AND e.verdict = d.verdict AND e.reasons = d.reasons
  ) THEN d.contact_id END) AS people
FROM decision d
WHERE d.business_id = $1 AND d.decision_id > $2 AND d.decision_id <= $3 AND d.campaign IS NOT NULL
GROUP BY d.campaign, d.verdict, d.reasons;

-- name: move_campaigns_counted
-- From where it was, $2; empty: it was nowhere.
INSERT INTO campaign_counting (business_id, through) VALUES ($1, $3)
ON CONFLICT (business_id) DO UPDATE SET through = excluded.through
WHERE campaign_counting.through = $2
RETURNING through;

-- name: add_campaign_count
INSERT INTO campaign_count (business_id, campaign, verdict, reasons, decisions, people)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (business_id, campaign, verdict, reasons)
DO UPDATE SET decisions = campaign_count.decisions + excluded.decisions,
  people = campaign_count.people + excluded.people
RETURNING campaign;
