-- The sum of the migrations, for reading. Written by scripts/schema.py; do not edit.

CREATE TABLE alias (
  business_id TEXT NOT NULL,
  lookup BLOB NOT NULL,
  contact_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  sealed BLOB,
  PRIMARY KEY (business_id, lookup)
) STRICT, WITHOUT ROWID;

CREATE INDEX alias_contact ON alias (business_id, contact_id);

CREATE TABLE answered (
  business_id TEXT NOT NULL,
  idempotency BLOB NOT NULL,
  digest BLOB NOT NULL,
  positions TEXT NOT NULL,
  PRIMARY KEY (business_id, idempotency)
) STRICT, WITHOUT ROWID;

CREATE TABLE api_key (
  business_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  secret_digest BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER,
  PRIMARY KEY (business_id, key_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX api_key_secret ON api_key (secret_digest);

CREATE TABLE arrival (
  business_id TEXT NOT NULL,
  source BLOB NOT NULL,
  entry_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  arrived_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, source)
) STRICT, WITHOUT ROWID;

CREATE INDEX arrival_contact ON arrival (business_id, contact_id);

CREATE INDEX arrival_entry ON arrival (business_id, entry_id, arrived_at);

CREATE TABLE asked (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  prompt_key TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, contact_id, prompt_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_entry (
  business_id TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  operator_id TEXT NOT NULL,
  act TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  about TEXT NOT NULL,
  PRIMARY KEY (business_id, entry_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_entry_is_never_deleted BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'lines of the audit log are never deleted'); END;

CREATE TRIGGER audit_entry_is_never_replaced BEFORE INSERT ON audit_entry
WHEN EXISTS (SELECT 1 FROM audit_entry
  WHERE business_id = NEW.business_id AND entry_id = NEW.entry_id)
BEGIN SELECT RAISE(ABORT, 'lines of the audit log are never replaced'); END;

CREATE TRIGGER audit_entry_is_never_updated BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'lines of the audit log are never updated'); END;

CREATE INDEX audit_entry_of_contact ON audit_entry (business_id, contact_id, entry_id) WHERE contact_id <> '';

CREATE TABLE brake (
  business_id TEXT NOT NULL,
  brake_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  holds TEXT NOT NULL,
  colour TEXT NOT NULL,
  cause TEXT NOT NULL,
  since INTEGER NOT NULL,
  lifts_at INTEGER,
  detail TEXT NOT NULL,
  set_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  lifted_at INTEGER,
  PRIMARY KEY (business_id, brake_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX brake_on ON brake (business_id, subject, cause, holds) WHERE lifted_at IS NULL;

CREATE TABLE brake_change (
  business_id TEXT NOT NULL,
  change_id TEXT NOT NULL,
  brake_id TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  step TEXT NOT NULL,
  colour TEXT NOT NULL,
  lifts_at INTEGER,
  detail TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (business_id, change_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE brake_count (
  business_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  day INTEGER NOT NULL,
  mark TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (business_id, subject, day, mark)
) STRICT, WITHOUT ROWID;

CREATE TABLE brake_follower (
  business_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  looked_at INTEGER NOT NULL,
  PRIMARY KEY (business_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE brake_subject (
  business_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  sends INTEGER NOT NULL,
  filled_at INTEGER,
  passed_at INTEGER,
  judged_from INTEGER NOT NULL,
  PRIMARY KEY (business_id, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE business (
  business_id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  last_position INTEGER NOT NULL DEFAULT 0,
  subscribers TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL
, messaging_limit INTEGER, receivers TEXT NOT NULL DEFAULT '', last_webhook INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

CREATE TABLE campaign_count (
  business_id TEXT NOT NULL,
  campaign TEXT NOT NULL,
  verdict TEXT NOT NULL,
  reasons TEXT NOT NULL,
  decisions INTEGER NOT NULL,
  people INTEGER NOT NULL,
  PRIMARY KEY (business_id, campaign, verdict, reasons)
) STRICT, WITHOUT ROWID;

CREATE TABLE campaign_counting (
  business_id TEXT NOT NULL,
  through TEXT NOT NULL,
  PRIMARY KEY (business_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE clock_acceptance (
  business_id TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, recorded_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE code (
  business_id TEXT NOT NULL,
  code_id TEXT NOT NULL,
  number BLOB NOT NULL,
  area BLOB NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  channels TEXT NOT NULL,
  step INTEGER NOT NULL,
  hash BLOB,
  made INTEGER NOT NULL,
  asked INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  tries_max INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  resend_at INTEGER NOT NULL,
  ended_at INTEGER,
  idempotency BLOB,
  digest BLOB,
  history TEXT NOT NULL,
  sealed BLOB NOT NULL, told INTEGER,
  PRIMARY KEY (business_id, code_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX code_idempotency ON code (business_id, idempotency)
WHERE idempotency IS NOT NULL;

CREATE UNIQUE INDEX code_live ON code (business_id, number, purpose)
WHERE state = 'waiting' AND hash IS NOT NULL;

CREATE INDEX code_number_time ON code (business_id, number, created_at);

CREATE TABLE code_number (
  business_id TEXT NOT NULL,
  number BLOB NOT NULL,
  next_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE code_suppression (
  business_id TEXT NOT NULL,
  number BLOB NOT NULL,
  ends_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  standing BLOB NOT NULL,
  confirmed_stop INTEGER NOT NULL DEFAULT 0,
  unreachable_at INTEGER,
  absorbed_by TEXT, answered_code INTEGER NOT NULL DEFAULT 0, stop_to_confirm INTEGER NOT NULL DEFAULT 0, stop_said_at INTEGER NOT NULL DEFAULT 0, failed_days TEXT NOT NULL DEFAULT '', reached_day INTEGER NOT NULL DEFAULT 0, deferred_until INTEGER, held_out_until INTEGER, time_zones TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (business_id, contact_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX contact_absorbed ON contact (business_id, absorbed_by) WHERE absorbed_by IS NOT NULL;

CREATE TABLE current_prompt (
  business_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (business_id, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE database_id (
  database_id TEXT NOT NULL PRIMARY KEY,
  head_kept INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letter (
  business_id TEXT NOT NULL,
  dead_letter_id TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, dead_letter_id)
) STRICT;

CREATE INDEX dead_letter_received ON dead_letter (business_id, received_at);

CREATE TABLE dead_letter_route (
  business_id TEXT NOT NULL,
  dead_letter_id TEXT NOT NULL,
  waba_id TEXT NOT NULL,
  phone_number_id TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, dead_letter_id, waba_id, phone_number_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX dead_letter_account
ON dead_letter_route (business_id, waba_id, received_at, dead_letter_id, phone_number_id);

CREATE INDEX dead_letter_number
ON dead_letter_route (business_id, phone_number_id, received_at, dead_letter_id);

CREATE TABLE decision (
  business_id TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  sender TEXT NOT NULL,
  message_kind TEXT NOT NULL,
  template TEXT NOT NULL,
  language TEXT NOT NULL,
  country TEXT NOT NULL,
  contact_id TEXT,
  verdict TEXT NOT NULL,
  reasons TEXT NOT NULL,
  rule INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  position INTEGER NOT NULL,
  policy TEXT NOT NULL,
  retry_at INTEGER,
  reservations TEXT,
  sealed BLOB, circumstances TEXT, campaign TEXT,
  PRIMARY KEY (business_id, decision_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX decision_campaign
ON decision (business_id, campaign, reasons, decision_id, decided_at, verdict, contact_id)
WHERE campaign IS NOT NULL;

CREATE INDEX decision_contact ON decision (business_id, contact_id, decision_id)
WHERE contact_id IS NOT NULL;

CREATE TABLE decision_count (
  business_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  decisions INTEGER NOT NULL,
  PRIMARY KEY (business_id, day, verdict)
) STRICT, WITHOUT ROWID;

CREATE TABLE decision_counting (
  business_id TEXT NOT NULL,
  through TEXT NOT NULL,
  PRIMARY KEY (business_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft_submission (
  business_id TEXT NOT NULL,
  prompt_key TEXT NOT NULL,
  hash TEXT NOT NULL,
  submitted_by TEXT NOT NULL,
  submitted_at INTEGER NOT NULL,
  declined_by TEXT,
  declined_at INTEGER,
  reason TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (business_id, prompt_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft_writer (
  business_id TEXT NOT NULL,
  prompt_key TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  PRIMARY KEY (business_id, prompt_key, operator_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
  business_id TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  code TEXT NOT NULL,
  phone_number_id TEXT NOT NULL,
  name TEXT NOT NULL,
  prompt_key TEXT NOT NULL,
  locale TEXT NOT NULL,
  words TEXT NOT NULL,
  managed_code TEXT NOT NULL,
  managed_url TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (business_id, entry_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX entry_code ON entry (business_id, code);

CREATE TABLE erase_request (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  surface TEXT NOT NULL,
  PRIMARY KEY (business_id, contact_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE erasure (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  erased_at INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, contact_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  business_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  surface TEXT NOT NULL,
  purposes TEXT NOT NULL,
  assurance INTEGER NOT NULL,
  sender TEXT NOT NULL,
  prompt TEXT,
  absorbed TEXT,
  evidence_digest BLOB NOT NULL,
  leaf_hash BLOB NOT NULL, number_proof INTEGER, choice TEXT,
  PRIMARY KEY (business_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX event_contact ON event (business_id, contact_id, position);

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

CREATE TRIGGER event_is_never_replaced BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event
  WHERE business_id = NEW.business_id AND position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'events are never replaced'); END;

CREATE TRIGGER event_is_never_updated BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'events are never updated'); END;

CREATE INDEX event_name ON event (business_id, event_id);

CREATE TABLE evidence (
  business_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  salt BLOB NOT NULL,
  PRIMARY KEY (business_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE export_schedule (
  business_id TEXT NOT NULL,
  schedule_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  format TEXT NOT NULL,
  with_numbers INTEGER NOT NULL,
  every_hours INTEGER NOT NULL,
  destination TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  last_at INTEGER,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  file TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  after_line TEXT NOT NULL,
  revision INTEGER NOT NULL, is_paused INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (business_id, schedule_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE held_message (
  business_id TEXT NOT NULL,
  held_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  sender TEXT NOT NULL,
  purpose TEXT NOT NULL,
  campaign TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  held_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER,
  sealed BLOB,
  PRIMARY KEY (business_id, held_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX held_message_contact ON held_message (business_id, contact_id);

CREATE INDEX held_message_ended ON held_message (business_id, ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE import_job (
  business_id TEXT NOT NULL,
  import_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  done INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, import_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_part (
  business_id TEXT NOT NULL,
  import_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  part INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, import_id, kind, part)
) STRICT;

CREATE TABLE key_version (
  version INTEGER NOT NULL PRIMARY KEY,
  fingerprint TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE late_stop (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  contact_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  said_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  purposes TEXT NOT NULL,
  PRIMARY KEY (business_id, contact_id, build, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX late_stop_time ON late_stop (business_id, build, recorded_at, position);

CREATE TABLE "limit_use" (
  business_id TEXT NOT NULL,
  policy TEXT NOT NULL,
  subject BLOB NOT NULL,
  ends_at INTEGER NOT NULL,
  used INTEGER NOT NULL,
  most INTEGER NOT NULL,
  PRIMARY KEY (business_id, policy, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE marketing_send (
  business_id TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  sent_at INTEGER NOT NULL,
  subjects TEXT NOT NULL,
  marks INTEGER NOT NULL,
  message TEXT,
  PRIMARY KEY (business_id, decision_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX marketing_send_age ON marketing_send (business_id, sent_at);

CREATE INDEX marketing_send_contact ON marketing_send (business_id, contact_id, sent_at);

CREATE INDEX marketing_send_message ON marketing_send (business_id, message) WHERE message IS NOT NULL;

CREATE TABLE media (
  business_id TEXT NOT NULL,
  media BLOB NOT NULL,
  phone_number_id TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, media)
) STRICT, WITHOUT ROWID;

CREATE INDEX media_age ON media (business_id, seen_at);

CREATE TABLE opening (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  phone_number_id TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, contact_id, phone_number_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE operator (
  business_id TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  email BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  revision INTEGER NOT NULL DEFAULT 0,
  totp_step INTEGER NOT NULL DEFAULT 0,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, operator_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX operator_email ON operator (business_id, email);

CREATE TABLE operator_invitation (
  business_id TEXT NOT NULL,
  digest BLOB NOT NULL,
  operator_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE operator_passkey (
  business_id TEXT NOT NULL,
  digest BLOB NOT NULL,
  passkey_id TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER,
  sign_count INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, digest)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX operator_passkey_id ON operator_passkey (business_id, passkey_id);

CREATE TABLE operator_session (
  business_id TEXT NOT NULL,
  digest BLOB NOT NULL,
  session_id TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  ended_at INTEGER,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, digest)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX operator_session_id ON operator_session (business_id, session_id);

CREATE INDEX operator_session_of ON operator_session (business_id, operator_id, seen_at);

CREATE TABLE outcome (
  business_id TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  left_at INTEGER NOT NULL,
  status INTEGER NOT NULL,
  message BLOB,
  PRIMARY KEY (business_id, decision_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX outcome_message ON outcome (business_id, message) WHERE message IS NOT NULL;

CREATE TABLE own_prompt (
  business_id TEXT NOT NULL,
  prompt_key TEXT NOT NULL,
  revision INTEGER NOT NULL,
  content TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, prompt_key, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE pace (
  business_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  began_at INTEGER NOT NULL,
  free_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX pace_age ON pace (business_id, free_at);

CREATE TABLE passkey_challenge (
  business_id TEXT NOT NULL,
  digest BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE people_hour (
  business_id TEXT NOT NULL,
  hour INTEGER NOT NULL,
  people INTEGER NOT NULL,
  PRIMARY KEY (business_id, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE personal_link (
  business_id TEXT NOT NULL,
  link_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  PRIMARY KEY (business_id, link_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX personal_link_contact ON personal_link (business_id, contact_id);

CREATE TABLE policy (
  business_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (business_id, fingerprint)
) STRICT, WITHOUT ROWID;

CREATE TABLE profile (
  business_id TEXT NOT NULL PRIMARY KEY,
  content TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  logo BLOB NOT NULL DEFAULT x''
) STRICT, WITHOUT ROWID;

CREATE TABLE prompt (
  business_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  prompt_key TEXT NOT NULL,
  locale TEXT NOT NULL,
  surface TEXT NOT NULL,
  purposes TEXT NOT NULL,
  words TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'question',
  PRIMARY KEY (business_id, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE proof (
  business_id TEXT NOT NULL,
  proof_id TEXT NOT NULL,
  lookup BLOB NOT NULL,
  kind TEXT NOT NULL,
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  proven_at INTEGER,
  PRIMARY KEY (business_id, proof_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX proof_lookup ON proof (business_id, lookup);

CREATE TABLE receipt_key (
  business_id TEXT NOT NULL,
  key_name TEXT NOT NULL,
  public_key BLOB NOT NULL,
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  PRIMARY KEY (business_id, key_name)
) STRICT, WITHOUT ROWID;

CREATE TABLE receiver (
  business_id TEXT NOT NULL,
  receiver_id TEXT NOT NULL,
  url TEXT NOT NULL,
  fields TEXT NOT NULL,
  waba_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  state TEXT NOT NULL,
  position INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  failing_since INTEGER,
  reason TEXT NOT NULL DEFAULT '',
  set_aside INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (business_id, receiver_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE reservation (
  business_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  used INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE review (
  business_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  contact_id TEXT NOT NULL,
  about TEXT NOT NULL,
  said_at INTEGER NOT NULL,
  outcome TEXT,
  closed_at INTEGER,
  reason TEXT NOT NULL,
  PRIMARY KEY (business_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX review_open ON review (business_id, position) WHERE closed_at IS NULL;

CREATE TABLE screen_job (
  business_id TEXT NOT NULL,
  screen_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, screen_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE screen_part (
  business_id TEXT NOT NULL,
  screen_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  answer TEXT NOT NULL,
  part INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (business_id, screen_id, attempt, answer, part)
) STRICT;

CREATE TABLE seen (
  business_id TEXT NOT NULL,
  source BLOB NOT NULL,
  PRIMARY KEY (business_id, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE sender (
  business_id TEXT NOT NULL,
  phone_number_id TEXT NOT NULL,
  waba_id TEXT NOT NULL,
  digits TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  token BLOB,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, phone_number_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX sender_owner ON sender (phone_number_id);

CREATE TABLE sender_health (
  business_id TEXT NOT NULL,
  phone_number_id TEXT NOT NULL,
  quality TEXT NOT NULL,
  messaging_limit INTEGER,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, phone_number_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sent_message (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  sent_at INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  is_outside INTEGER NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (business_id, contact_id, decision_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX sent_message_age ON sent_message (business_id, sent_at);

CREATE TABLE server_epoch (
  epoch INTEGER NOT NULL PRIMARY KEY,
  place TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sign_in_tries (
  business_id TEXT NOT NULL,
  subject BLOB NOT NULL,
  count INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  opens_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE stats_build (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  position INTEGER NOT NULL,
  sends_through INTEGER NOT NULL,
  known_until INTEGER NOT NULL,
  zone TEXT NOT NULL,
  format INTEGER NOT NULL,
  is_live INTEGER NOT NULL,
  PRIMARY KEY (business_id, build)
) STRICT, WITHOUT ROWID;

CREATE TABLE stats_count (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  dimension TEXT NOT NULL,
  purpose TEXT NOT NULL,
  day INTEGER NOT NULL,
  value TEXT NOT NULL,
  opt_ins INTEGER NOT NULL,
  refusals INTEGER NOT NULL,
  stops INTEGER NOT NULL,
  complaints INTEGER NOT NULL,
  gained INTEGER NOT NULL,
  lost INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  agreed INTEGER NOT NULL,
  proven INTEGER NOT NULL,
  messaged INTEGER NOT NULL,
  left_early INTEGER NOT NULL,
  PRIMARY KEY (business_id, build, dimension, purpose, day, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE stats_month (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  dimension TEXT NOT NULL,
  purpose TEXT NOT NULL,
  day INTEGER NOT NULL,
  value TEXT NOT NULL,
  opt_ins INTEGER NOT NULL,
  refusals INTEGER NOT NULL,
  stops INTEGER NOT NULL,
  complaints INTEGER NOT NULL,
  gained INTEGER NOT NULL,
  lost INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  agreed INTEGER NOT NULL,
  proven INTEGER NOT NULL,
  messaged INTEGER NOT NULL,
  left_early INTEGER NOT NULL,
  PRIMARY KEY (business_id, build, dimension, purpose, day, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE stats_person (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  contact_id TEXT NOT NULL,
  facts TEXT NOT NULL,
  is_awaited INTEGER NOT NULL,
  PRIMARY KEY (business_id, build, contact_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE stats_shown (
  business_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  prompt TEXT NOT NULL,
  surface TEXT NOT NULL,
  locale TEXT NOT NULL,
  purposes TEXT NOT NULL,
  shown INTEGER NOT NULL,
  PRIMARY KEY (business_id, day, prompt)
) STRICT, WITHOUT ROWID;

CREATE TABLE stop_confirmation (
  business_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  alias_kind TEXT NOT NULL,
  sealed BLOB NOT NULL,
  sender TEXT NOT NULL,
  purposes TEXT NOT NULL,
  languages TEXT NOT NULL,
  said_at INTEGER NOT NULL, is_doubt INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (business_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscription (
  business_id TEXT NOT NULL,
  subscription_id TEXT NOT NULL,
  url TEXT NOT NULL,
  kinds TEXT NOT NULL,
  purposes TEXT NOT NULL,
  state TEXT NOT NULL,
  position INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  failing_since INTEGER,
  reason TEXT NOT NULL DEFAULT '',
  secret BLOB NOT NULL,
  previous_secret BLOB,
  previous_until INTEGER,
  PRIMARY KEY (business_id, subscription_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE suppression (
  business_id TEXT NOT NULL,
  lookup BLOB NOT NULL,
  erased_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, lookup)
) STRICT, WITHOUT ROWID;

CREATE TABLE task (
  business_id TEXT NOT NULL,
  queue TEXT NOT NULL,
  task_id TEXT NOT NULL,
  state TEXT NOT NULL,
  due_at INTEGER,
  lease INTEGER,
  again_at INTEGER,
  attempts INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (business_id, queue, task_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX task_due ON task (due_at) WHERE due_at IS NOT NULL;

CREATE INDEX task_due_of_business ON task (business_id, queue, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE template (
  business_id TEXT NOT NULL,
  waba_id TEXT NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  category TEXT NOT NULL,
  state TEXT NOT NULL,
  seen_at INTEGER NOT NULL, previous_category TEXT, category_changed_at INTEGER, accepted_change INTEGER, state_changed_at INTEGER, quality TEXT NOT NULL DEFAULT 'unknown', quality_changed_at INTEGER, content TEXT, content_changed_at INTEGER, has_stop INTEGER, is_advertising INTEGER,
  PRIMARY KEY (business_id, waba_id, name, language)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE waba (
  business_id TEXT NOT NULL,
  waba_id TEXT NOT NULL,
  claimed_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, waba_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX waba_owner ON waba (waba_id);

CREATE TABLE webhook (
  business_id TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  sealed BLOB NOT NULL, number INTEGER, places TEXT NOT NULL DEFAULT '', signatures TEXT NOT NULL DEFAULT '', told TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (business_id, webhook_id)
) STRICT;

CREATE UNIQUE INDEX webhook_number ON webhook (business_id, number) WHERE number IS NOT NULL;
