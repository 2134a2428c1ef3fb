-- What Meta says about templates. What a change replaces stays as what was before, with the time of
-- the change. A change of category is noted, for each subscription that wants all there is, before it
-- is written.

-- name: note_template_change
-- Note a change of category of one language of a name, or of all; what is older than what is known
-- is none. `?7` is the latest time at which anything can have been seen.
INSERT INTO template_notice (business_id, subscription_id, changed_at, waba_id, name, language,
  previous_category, category)
SELECT t.business_id, s.subscription_id, ?6, t.waba_id, t.name, t.language, t.category, ?5
FROM template t
JOIN subscription s ON s.business_id = ?1 AND s.state = 'live' AND s.kinds = ''
WHERE t.business_id = ?1 AND t.waba_id = ?2 AND t.name = ?3 AND (?4 = '' OR t.language = ?4)
  AND t.category <> ?5 AND (t.seen_at <= ?6 OR t.seen_at > ?7)
ON CONFLICT DO NOTHING;

-- name: noticed_subscriptions
SELECT DISTINCT subscription_id FROM template_notice WHERE business_id = ?1;

-- name: template_notices
-- The changes of category that a subscription has not taken yet, the oldest first.
SELECT changed_at, waba_id, name, language, previous_category, category FROM template_notice
WHERE business_id = ?1 AND subscription_id = ?2
ORDER BY changed_at, waba_id, name, language LIMIT ?3;

-- name: drop_template_notice
DELETE FROM template_notice
WHERE business_id = ?1 AND subscription_id = ?2 AND changed_at = ?3 AND waba_id = ?4 AND name = ?5
  AND language = ?6
RETURNING subscription_id;

-- name: drop_template_notices
DELETE FROM template_notice WHERE business_id = ?1 AND subscription_id = ?2
RETURNING subscription_id;

-- name: sight_template
-- Take one language of a name; what is not said stays, what was never known is marketing. What was
-- seen in the future was seen by a clock that ran ahead: it does not outlive what is seen now. Quality
-- and words say nothing of how old the rest is.
INSERT INTO template (business_id, waba_id, name, language, category, state, seen_at, quality,
  content, has_stop, is_advertising)
VALUES (?1, ?2, ?3, ?4, coalesce(?5, 'marketing'), coalesce(?6, 'in_service'), ?7,
  coalesce(?9, 'unknown'), ?10, ?11, ?12)
ON CONFLICT (business_id, waba_id, name, language) DO UPDATE SET
  category = coalesce(?5, category),
  previous_category = CASE WHEN ?5 <> category THEN category ELSE previous_category END,
  category_changed_at = CASE WHEN ?5 <> category THEN ?7 ELSE category_changed_at END,
  state = coalesce(?6, state),
  state_changed_at = CASE WHEN ?6 <> state THEN ?7 ELSE state_changed_at END,
  quality = coalesce(?9, quality),
  quality_changed_at = CASE WHEN ?9 <> quality THEN ?7 ELSE quality_changed_at END,
  content = coalesce(?10, content),
  content_changed_at = CASE WHEN ?10 <> content THEN ?7 ELSE content_changed_at END,
  has_stop = coalesce(?11, has_stop), is_advertising = coalesce(?12, is_advertising),
  seen_at = CASE WHEN ?5 IS NULL AND ?6 IS NULL THEN seen_at ELSE ?7 END
WHERE seen_at <= ?7 OR seen_at > ?8;

-- name: sight_template_all
-- Take every known language of a name; words are in a language, so there are none.
UPDATE template SET category = coalesce(?4, category),
  previous_category = CASE WHEN ?4 <> category THEN category ELSE previous_category END,
  category_changed_at = CASE WHEN ?4 <> category THEN ?6 ELSE category_changed_at END,
  state = coalesce(?5, state),
  state_changed_at = CASE WHEN ?5 <> state THEN ?6 ELSE state_changed_at END,
  quality = coalesce(?8, quality),
  quality_changed_at = CASE WHEN ?8 <> quality THEN ?6 ELSE quality_changed_at END,
  seen_at = CASE WHEN ?4 IS NULL AND ?5 IS NULL THEN seen_at ELSE ?6 END
WHERE business_id = ?1 AND waba_id = ?2 AND name = ?3 AND (seen_at <= ?6 OR seen_at > ?7);

-- name: put_template
-- A list that was read is at most an hour old: what was seen later was seen by a clock that ran ahead.
INSERT INTO template (business_id, waba_id, name, language, category, state, seen_at,
  previous_category, quality, content, has_stop, is_advertising)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
ON CONFLICT (business_id, waba_id, name, language) DO UPDATE SET
  category = ?5,
  previous_category = CASE WHEN ?5 <> category THEN category
    ELSE coalesce(previous_category, ?8) END,
  category_changed_at = CASE WHEN ?5 <> category THEN ?7 ELSE category_changed_at END,
  state = ?6,
  state_changed_at = CASE WHEN ?6 <> state THEN ?7 ELSE state_changed_at END,
  quality = ?9,
  quality_changed_at = CASE WHEN ?9 <> quality THEN ?7 ELSE quality_changed_at END,
  content = coalesce(?10, content),
  content_changed_at = CASE WHEN ?10 <> content THEN ?7 ELSE content_changed_at END,
  has_stop = coalesce(?11, has_stop), is_advertising = coalesce(?12, is_advertising),
  seen_at = ?7
WHERE seen_at <= ?7 OR seen_at > ?7 + 3600000000;

-- name: templates
SELECT business_id, waba_id, name, language, category, state, seen_at, previous_category,
  category_changed_at, accepted_change, state_changed_at, quality, quality_changed_at, content,
  content_changed_at, has_stop, is_advertising
FROM template
WHERE business_id = ?1 AND name || '/' || language || '/' || waba_id > ?2
ORDER BY name || '/' || language || '/' || waba_id LIMIT ?3;

-- name: templates_of_name
SELECT business_id, waba_id, name, language, category, state, seen_at, previous_category,
  category_changed_at, accepted_change, state_changed_at, quality, quality_changed_at, content,
  content_changed_at, has_stop, is_advertising
FROM template WHERE business_id = ?1 AND name = ?2 ORDER BY language, waba_id;

-- name: accept_template
-- Accept that Meta moved a template to marketing: this change, and no later one.
UPDATE template SET accepted_change = category_changed_at
WHERE business_id = ?1 AND name = ?2 AND (?3 = '' OR language = ?3) AND category = 'marketing'
RETURNING name;
