-- What a template was before, how Meta rates it, what it says and what was read out of that. A change
-- is what the registry saw itself: NULL where it saw none. `accepted_change` is the change of category
-- that an operator has accepted.
ALTER TABLE template ADD COLUMN previous_category TEXT;
ALTER TABLE template ADD COLUMN category_changed_at INTEGER;
ALTER TABLE template ADD COLUMN accepted_change INTEGER;
ALTER TABLE template ADD COLUMN state_changed_at INTEGER;
ALTER TABLE template ADD COLUMN quality TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE template ADD COLUMN quality_changed_at INTEGER;
ALTER TABLE template ADD COLUMN content TEXT;
ALTER TABLE template ADD COLUMN content_changed_at INTEGER;
ALTER TABLE template ADD COLUMN has_stop INTEGER;
ALTER TABLE template ADD COLUMN is_advertising INTEGER;

-- Changes of category that a subscription has not taken yet.
CREATE TABLE template_notice (
  business_id TEXT NOT NULL,
  subscription_id TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  waba_id TEXT NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  previous_category TEXT NOT NULL,
  category TEXT NOT NULL,
  PRIMARY KEY (business_id, subscription_id, changed_at, waba_id, name, language)
) STRICT, WITHOUT ROWID;
