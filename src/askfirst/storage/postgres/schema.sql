-- The sum of the migrations, for reading. Written by scripts/schema.py; do not edit.

CREATE OR REPLACE FUNCTION public.audit_entry_refuse_change(what text)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
BEGIN RAISE EXCEPTION 'lines of the audit log are never %', what; END $function$;

CREATE OR REPLACE FUNCTION public.check_epoch()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
DECLARE
  held INTEGER := current_setting('askfirst.key_version');
  fingerprint_held TEXT := current_setting('askfirst.key_fingerprint');
BEGIN
  PERFORM pg_advisory_xact_lock_shared(1634952814);
  IF EXISTS (
    SELECT 1 FROM key_version
    WHERE version > held OR (version = held AND fingerprint <> fingerprint_held)
  ) THEN
    RAISE EXCEPTION 'keyring' USING ERRCODE = 'AF001';
  END IF;
  IF EXISTS (
    SELECT 1 FROM schema_version
    WHERE version > current_setting('askfirst.schema_version')::integer
  ) THEN
    RAISE EXCEPTION 'schema' USING ERRCODE = 'AF001';
  END IF;
END
$function$;

CREATE OR REPLACE FUNCTION public.event_refuse_change(what text)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
BEGIN RAISE EXCEPTION 'events are never %', what; END $function$;

CREATE OR REPLACE FUNCTION public.event_refuse_truncate()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN RAISE EXCEPTION 'events are never truncated'; END $function$;

CREATE TABLE public.alias (
  business_id TEXT NOT NULL,
  lookup BYTEA NOT NULL,
  contact_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  sealed BYTEA,
  CONSTRAINT alias_pkey PRIMARY KEY (business_id, lookup)
);

CREATE INDEX alias_contact ON public.alias USING btree (contact_id);

CREATE TABLE public.answered (
  business_id TEXT NOT NULL,
  idempotency BYTEA NOT NULL,
  digest BYTEA NOT NULL,
  positions TEXT NOT NULL,
  CONSTRAINT answered_pkey PRIMARY KEY (business_id, idempotency)
);

CREATE TABLE public.api_key (
  business_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  secret_digest BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT,
  CONSTRAINT api_key_pkey PRIMARY KEY (business_id, key_id)
);

CREATE UNIQUE INDEX api_key_secret ON public.api_key USING btree (secret_digest);

CREATE TABLE public.arrival (
  business_id TEXT NOT NULL,
  source BYTEA NOT NULL,
  entry_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  arrived_at BIGINT NOT NULL,
  CONSTRAINT arrival_pkey PRIMARY KEY (business_id, source)
);

CREATE INDEX arrival_contact ON public.arrival USING btree (business_id, contact_id);

CREATE INDEX arrival_entry ON public.arrival USING btree (business_id, entry_id, arrived_at);

CREATE TABLE public.asked (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  prompt_key TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  CONSTRAINT asked_pkey PRIMARY KEY (business_id, contact_id, prompt_key)
);

CREATE TABLE public.audit_entry (
  business_id TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  operator_id TEXT NOT NULL,
  act TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  about TEXT NOT NULL,
  CONSTRAINT audit_entry_pkey PRIMARY KEY (business_id, entry_id)
);

CREATE INDEX audit_entry_of_contact ON public.audit_entry USING btree (business_id, contact_id, entry_id) WHERE (contact_id <> ''::text);

CREATE RULE audit_entry_is_never_deleted AS
    ON DELETE TO public.audit_entry DO INSTEAD  SELECT audit_entry_refuse_change('deleted'::text) AS audit_entry_refuse_change;

CREATE RULE audit_entry_is_never_updated AS
    ON UPDATE TO public.audit_entry DO INSTEAD  SELECT audit_entry_refuse_change('updated'::text) AS audit_entry_refuse_change;

CREATE TABLE public.brake (
  business_id TEXT NOT NULL,
  brake_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  holds TEXT NOT NULL,
  colour TEXT NOT NULL,
  cause TEXT NOT NULL,
  since BIGINT NOT NULL,
  lifts_at BIGINT,
  detail TEXT NOT NULL,
  set_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  lifted_at BIGINT,
  CONSTRAINT brake_pkey PRIMARY KEY (business_id, brake_id)
);

CREATE UNIQUE INDEX brake_on ON public.brake USING btree (business_id, subject, cause, holds) WHERE (lifted_at IS NULL);

CREATE TABLE public.brake_change (
  business_id TEXT NOT NULL,
  change_id TEXT NOT NULL,
  brake_id TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  step TEXT NOT NULL,
  colour TEXT NOT NULL,
  lifts_at BIGINT,
  detail TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  CONSTRAINT brake_change_pkey PRIMARY KEY (business_id, change_id)
);

CREATE TABLE public.brake_count (
  business_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  day BIGINT NOT NULL,
  mark TEXT NOT NULL,
  count BIGINT NOT NULL,
  CONSTRAINT brake_count_pkey PRIMARY KEY (business_id, subject, day, mark)
);

CREATE TABLE public.brake_follower (
  business_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  looked_at BIGINT NOT NULL,
  CONSTRAINT brake_follower_pkey PRIMARY KEY (business_id)
);

CREATE TABLE public.brake_subject (
  business_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  sends INTEGER NOT NULL,
  filled_at BIGINT,
  passed_at BIGINT,
  judged_from BIGINT NOT NULL,
  CONSTRAINT brake_subject_pkey PRIMARY KEY (business_id, subject)
);

CREATE TABLE public.business (
  business_id TEXT NOT NULL,
  name TEXT NOT NULL,
  last_position BIGINT NOT NULL DEFAULT 0,
  subscribers TEXT NOT NULL DEFAULT ''::text,
  created_at BIGINT NOT NULL,
  messaging_limit BIGINT,
  receivers TEXT NOT NULL DEFAULT ''::text,
  last_webhook BIGINT NOT NULL DEFAULT 0,
  CONSTRAINT business_pkey PRIMARY KEY (business_id)
);

CREATE TABLE public.campaign_count (
  business_id TEXT NOT NULL,
  campaign TEXT NOT NULL,
  verdict TEXT NOT NULL,
  reasons TEXT NOT NULL,
  decisions BIGINT NOT NULL,
  people BIGINT NOT NULL,
  CONSTRAINT campaign_count_pkey PRIMARY KEY (business_id, campaign, verdict, reasons)
);

CREATE TABLE public.campaign_counting (
  business_id TEXT NOT NULL,
  through TEXT NOT NULL,
  CONSTRAINT campaign_counting_pkey PRIMARY KEY (business_id)
);

CREATE TABLE public.clock_acceptance (
  business_id TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  accepted_at BIGINT NOT NULL,
  CONSTRAINT clock_acceptance_pkey PRIMARY KEY (business_id, recorded_at)
);

CREATE TABLE public.code (
  business_id TEXT NOT NULL,
  code_id TEXT NOT NULL,
  number BYTEA NOT NULL,
  area BYTEA NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  channels TEXT NOT NULL,
  step INTEGER NOT NULL,
  hash BYTEA,
  made INTEGER NOT NULL,
  asked INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  tries_max INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  resend_at BIGINT NOT NULL,
  ended_at BIGINT,
  idempotency BYTEA,
  digest BYTEA,
  history TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  told INTEGER,
  CONSTRAINT code_pkey PRIMARY KEY (business_id, code_id)
);

CREATE INDEX code_number_time ON public.code USING btree (business_id, number, created_at);

CREATE UNIQUE INDEX code_idempotency ON public.code USING btree (business_id, idempotency) WHERE (idempotency IS NOT NULL);

CREATE UNIQUE INDEX code_live ON public.code USING btree (business_id, number, purpose) WHERE ((state = 'waiting'::text) AND (hash IS NOT NULL));

CREATE TABLE public.code_number (
  business_id TEXT NOT NULL,
  number BYTEA NOT NULL,
  next_at BIGINT NOT NULL,
  CONSTRAINT code_number_pkey PRIMARY KEY (business_id, number)
);

CREATE TABLE public.code_suppression (
  business_id TEXT NOT NULL,
  number BYTEA NOT NULL,
  ends_at BIGINT NOT NULL,
  CONSTRAINT code_suppression_pkey PRIMARY KEY (business_id, number)
);

CREATE TABLE public.contact (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  standing BYTEA NOT NULL,
  confirmed_stop BIGINT NOT NULL DEFAULT 0,
  unreachable_at BIGINT,
  absorbed_by TEXT,
  answered_code BIGINT NOT NULL DEFAULT 0,
  stop_to_confirm BIGINT NOT NULL DEFAULT 0,
  stop_said_at BIGINT NOT NULL DEFAULT 0,
  failed_days TEXT NOT NULL DEFAULT ''::text,
  reached_day BIGINT NOT NULL DEFAULT 0,
  deferred_until BIGINT,
  held_out_until BIGINT,
  time_zones TEXT NOT NULL DEFAULT ''::text,
  CONSTRAINT contact_pkey PRIMARY KEY (business_id, contact_id)
);

CREATE INDEX contact_absorbed ON public.contact USING btree (business_id, absorbed_by) WHERE (absorbed_by IS NOT NULL);

CREATE TABLE public.current_prompt (
  business_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  CONSTRAINT current_prompt_pkey PRIMARY KEY (business_id, hash)
);

CREATE TABLE public.database_id (
  database_id TEXT NOT NULL,
  head_kept SMALLINT NOT NULL DEFAULT 0,
  CONSTRAINT database_id_pkey PRIMARY KEY (database_id)
);

CREATE TABLE public.dead_letter (
  business_id TEXT NOT NULL,
  dead_letter_id TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  CONSTRAINT dead_letter_pkey PRIMARY KEY (business_id, dead_letter_id)
);

CREATE INDEX dead_letter_received ON public.dead_letter USING btree (business_id, received_at);

CREATE TABLE public.dead_letter_route (
  business_id TEXT NOT NULL,
  dead_letter_id TEXT NOT NULL,
  waba_id TEXT NOT NULL,
  phone_number_id TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  CONSTRAINT dead_letter_route_pkey PRIMARY KEY (business_id, dead_letter_id, waba_id, phone_number_id)
);

CREATE INDEX dead_letter_account ON public.dead_letter_route USING btree (business_id, waba_id, received_at, dead_letter_id, phone_number_id);

CREATE INDEX dead_letter_number ON public.dead_letter_route USING btree (business_id, phone_number_id, received_at, dead_letter_id);

CREATE TABLE public.decision (
  business_id TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  sender TEXT NOT NULL,
  message_kind TEXT NOT NULL,
  template TEXT NOT NULL,
  language TEXT NOT NULL,
  country TEXT NOT NULL,
  contact_id TEXT,
  verdict TEXT NOT NULL,
  reasons TEXT NOT NULL,
  rule SMALLINT NOT NULL,
  purpose TEXT NOT NULL,
  position BIGINT NOT NULL,
  policy TEXT NOT NULL,
  retry_at BIGINT,
  reservations TEXT,
  sealed BYTEA,
  circumstances TEXT,
  campaign TEXT,
  CONSTRAINT decision_pkey PRIMARY KEY (business_id, decision_id)
);

CREATE INDEX decision_campaign ON public.decision USING btree (business_id, campaign, reasons, decision_id COLLATE "C") INCLUDE (decided_at, verdict, contact_id) WHERE (campaign IS NOT NULL);

CREATE INDEX decision_contact ON public.decision USING btree (business_id, contact_id, decision_id COLLATE "C") WHERE (contact_id IS NOT NULL);

CREATE TABLE public.decision_count (
  business_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  decisions BIGINT NOT NULL,
  CONSTRAINT decision_count_pkey PRIMARY KEY (business_id, day, verdict)
);

CREATE TABLE public.decision_counting (
  business_id TEXT NOT NULL,
  through TEXT NOT NULL,
  CONSTRAINT decision_counting_pkey PRIMARY KEY (business_id)
);

CREATE TABLE public.draft_submission (
  business_id TEXT NOT NULL,
  prompt_key TEXT NOT NULL,
  hash TEXT NOT NULL,
  submitted_by TEXT NOT NULL,
  submitted_at BIGINT NOT NULL,
  declined_by TEXT,
  declined_at BIGINT,
  reason TEXT NOT NULL DEFAULT ''::text,
  CONSTRAINT draft_submission_pkey PRIMARY KEY (business_id, prompt_key)
);

CREATE TABLE public.draft_writer (
  business_id TEXT NOT NULL,
  prompt_key TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  CONSTRAINT draft_writer_pkey PRIMARY KEY (business_id, prompt_key, operator_id)
);

CREATE TABLE public.entry (
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
  created_at BIGINT NOT NULL,
  ended_at BIGINT,
  CONSTRAINT entry_pkey PRIMARY KEY (business_id, entry_id)
);

CREATE UNIQUE INDEX entry_code ON public.entry USING btree (business_id, code);

CREATE TABLE public.erase_request (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  surface TEXT NOT NULL,
  CONSTRAINT erase_request_pkey PRIMARY KEY (business_id, contact_id)
);

CREATE TABLE public.erasure (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  erased_at BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  CONSTRAINT erasure_pkey PRIMARY KEY (business_id, contact_id)
);

CREATE TABLE public.event (
  business_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  event_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  occurred_at BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  source TEXT NOT NULL,
  surface TEXT NOT NULL,
  purposes TEXT NOT NULL,
  assurance SMALLINT NOT NULL,
  sender TEXT NOT NULL,
  prompt TEXT,
  absorbed TEXT,
  evidence_digest BYTEA NOT NULL,
  leaf_hash BYTEA NOT NULL,
  number_proof SMALLINT,
  choice TEXT,
  CONSTRAINT event_pkey PRIMARY KEY (business_id, "position")
);

CREATE INDEX event_contact ON public.event USING btree (contact_id, "position");

CREATE INDEX event_name ON public.event USING btree (business_id, event_id);

CREATE RULE event_is_never_deleted AS
    ON DELETE TO public.event DO INSTEAD  SELECT event_refuse_change('deleted'::text) AS event_refuse_change;

CREATE RULE event_is_never_updated AS
    ON UPDATE TO public.event DO INSTEAD  SELECT event_refuse_change('updated'::text) AS event_refuse_change;

CREATE TRIGGER event_is_never_truncated BEFORE TRUNCATE ON public.event FOR EACH STATEMENT EXECUTE FUNCTION event_refuse_truncate();

CREATE TABLE public.evidence (
  business_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  salt BYTEA NOT NULL,
  CONSTRAINT evidence_pkey PRIMARY KEY (business_id, "position")
);

CREATE TABLE public.export_schedule (
  business_id TEXT NOT NULL,
  schedule_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  format TEXT NOT NULL,
  with_numbers BOOLEAN NOT NULL,
  every_hours BIGINT NOT NULL,
  destination TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  last_at BIGINT,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  file TEXT NOT NULL,
  row_count BIGINT NOT NULL,
  after_line TEXT NOT NULL,
  revision BIGINT NOT NULL,
  is_paused BOOLEAN NOT NULL DEFAULT false,
  CONSTRAINT export_schedule_pkey PRIMARY KEY (business_id, schedule_id)
);

CREATE TABLE public.held_message (
  business_id TEXT NOT NULL,
  held_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  sender TEXT NOT NULL,
  purpose TEXT NOT NULL,
  campaign TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  held_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT,
  sealed BYTEA,
  CONSTRAINT held_message_pkey PRIMARY KEY (business_id, held_id)
);

CREATE INDEX held_message_contact ON public.held_message USING btree (business_id, contact_id);

CREATE INDEX held_message_ended ON public.held_message USING btree (business_id, ended_at) WHERE (ended_at IS NOT NULL);

CREATE TABLE public.import_job (
  business_id TEXT NOT NULL,
  import_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  done BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  CONSTRAINT import_job_pkey PRIMARY KEY (business_id, import_id)
);

CREATE TABLE public.import_part (
  business_id TEXT NOT NULL,
  import_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  part BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  CONSTRAINT import_part_pkey PRIMARY KEY (business_id, import_id, kind, part)
);

CREATE TABLE public.key_version (
  version INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  CONSTRAINT key_version_pkey PRIMARY KEY (version)
);

CREATE TABLE public.late_stop (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  contact_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  said_at BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  purposes TEXT NOT NULL,
  CONSTRAINT late_stop_pkey PRIMARY KEY (business_id, contact_id, build, "position")
);

CREATE INDEX late_stop_time ON public.late_stop USING btree (business_id, build, recorded_at, "position");

CREATE TABLE public.limit_use (
  business_id TEXT NOT NULL,
  policy TEXT NOT NULL,
  subject BYTEA NOT NULL,
  ends_at BIGINT NOT NULL,
  used BIGINT NOT NULL,
  most BIGINT NOT NULL,
  CONSTRAINT limit_use_pkey PRIMARY KEY (business_id, policy, subject)
);

CREATE TABLE public.marketing_send (
  business_id TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  sent_at BIGINT NOT NULL,
  subjects TEXT NOT NULL,
  marks INTEGER NOT NULL,
  message TEXT,
  CONSTRAINT marketing_send_pkey PRIMARY KEY (business_id, decision_id)
);

CREATE INDEX marketing_send_age ON public.marketing_send USING btree (business_id, sent_at);

CREATE INDEX marketing_send_contact ON public.marketing_send USING btree (business_id, contact_id, sent_at);

CREATE INDEX marketing_send_message ON public.marketing_send USING btree (business_id, message) WHERE (message IS NOT NULL);

CREATE TABLE public.media (
  business_id TEXT NOT NULL,
  media BYTEA NOT NULL,
  phone_number_id TEXT NOT NULL,
  seen_at BIGINT NOT NULL,
  CONSTRAINT media_pkey PRIMARY KEY (business_id, media)
);

CREATE INDEX media_age ON public.media USING btree (business_id, seen_at);

CREATE TABLE public.opening (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  phone_number_id TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  CONSTRAINT opening_pkey PRIMARY KEY (business_id, contact_id, phone_number_id)
);

CREATE TABLE public.operator (
  business_id TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  email BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  revision BIGINT NOT NULL DEFAULT 0,
  totp_step BIGINT NOT NULL DEFAULT 0,
  sealed BYTEA NOT NULL,
  CONSTRAINT operator_pkey PRIMARY KEY (business_id, operator_id)
);

CREATE UNIQUE INDEX operator_email ON public.operator USING btree (business_id, email);

CREATE TABLE public.operator_invitation (
  business_id TEXT NOT NULL,
  digest BYTEA NOT NULL,
  operator_id TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  CONSTRAINT operator_invitation_pkey PRIMARY KEY (business_id, digest)
);

CREATE TABLE public.operator_passkey (
  business_id TEXT NOT NULL,
  digest BYTEA NOT NULL,
  passkey_id TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT,
  sign_count BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  CONSTRAINT operator_passkey_pkey PRIMARY KEY (business_id, digest)
);

CREATE UNIQUE INDEX operator_passkey_id ON public.operator_passkey USING btree (business_id, passkey_id);

CREATE TABLE public.operator_session (
  business_id TEXT NOT NULL,
  digest BYTEA NOT NULL,
  session_id TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  ended_at BIGINT,
  sealed BYTEA NOT NULL,
  CONSTRAINT operator_session_pkey PRIMARY KEY (business_id, digest)
);

CREATE INDEX operator_session_of ON public.operator_session USING btree (business_id, operator_id, seen_at);

CREATE UNIQUE INDEX operator_session_id ON public.operator_session USING btree (business_id, session_id);

CREATE TABLE public.outcome (
  business_id TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  left_at BIGINT NOT NULL,
  status INTEGER NOT NULL,
  message BYTEA,
  CONSTRAINT outcome_pkey PRIMARY KEY (business_id, decision_id)
);

CREATE INDEX outcome_message ON public.outcome USING btree (business_id, message) WHERE (message IS NOT NULL);

CREATE TABLE public.own_prompt (
  business_id TEXT NOT NULL,
  prompt_key TEXT NOT NULL,
  revision INTEGER NOT NULL,
  content TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  CONSTRAINT own_prompt_pkey PRIMARY KEY (business_id, prompt_key, revision)
);

CREATE TABLE public.pace (
  business_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  began_at BIGINT NOT NULL,
  free_at BIGINT NOT NULL,
  CONSTRAINT pace_pkey PRIMARY KEY (business_id, subject)
);

CREATE INDEX pace_age ON public.pace USING btree (business_id, free_at);

CREATE TABLE public.passkey_challenge (
  business_id TEXT NOT NULL,
  digest BYTEA NOT NULL,
  expires_at BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  CONSTRAINT passkey_challenge_pkey PRIMARY KEY (business_id, digest)
);

CREATE TABLE public.people_hour (
  business_id TEXT NOT NULL,
  hour BIGINT NOT NULL,
  people BIGINT NOT NULL,
  CONSTRAINT people_hour_pkey PRIMARY KEY (business_id, hour)
);

CREATE TABLE public.personal_link (
  business_id TEXT NOT NULL,
  link_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT,
  CONSTRAINT personal_link_pkey PRIMARY KEY (business_id, link_id)
);

CREATE INDEX personal_link_contact ON public.personal_link USING btree (business_id, contact_id);

CREATE TABLE public.policy (
  business_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  content TEXT NOT NULL,
  CONSTRAINT policy_pkey PRIMARY KEY (business_id, fingerprint)
);

CREATE TABLE public.profile (
  business_id TEXT NOT NULL,
  content TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  logo BYTEA NOT NULL DEFAULT '\x'::bytea,
  CONSTRAINT profile_pkey PRIMARY KEY (business_id)
);

CREATE TABLE public.prompt (
  business_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  prompt_key TEXT NOT NULL,
  locale TEXT NOT NULL,
  surface TEXT NOT NULL,
  purposes TEXT NOT NULL,
  words TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'question'::text,
  CONSTRAINT prompt_pkey PRIMARY KEY (business_id, hash)
);

CREATE TABLE public.proof (
  business_id TEXT NOT NULL,
  proof_id TEXT NOT NULL,
  lookup BYTEA NOT NULL,
  kind TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  proven_at BIGINT,
  CONSTRAINT proof_pkey PRIMARY KEY (business_id, proof_id)
);

CREATE UNIQUE INDEX proof_lookup ON public.proof USING btree (business_id, lookup);

CREATE TABLE public.receipt_key (
  business_id TEXT NOT NULL,
  key_name TEXT NOT NULL,
  public_key BYTEA NOT NULL,
  sealed BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  retired_at BIGINT,
  CONSTRAINT receipt_key_pkey PRIMARY KEY (business_id, key_name)
);

CREATE TABLE public.receiver (
  business_id TEXT NOT NULL,
  receiver_id TEXT NOT NULL,
  url TEXT NOT NULL,
  fields TEXT NOT NULL,
  waba_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  state TEXT NOT NULL,
  position BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  failing_since BIGINT,
  reason TEXT NOT NULL DEFAULT ''::text,
  set_aside BIGINT NOT NULL DEFAULT 0,
  CONSTRAINT receiver_pkey PRIMARY KEY (business_id, receiver_id)
);

CREATE TABLE public.reservation (
  business_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  used BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  CONSTRAINT reservation_pkey PRIMARY KEY (business_id, kind, key)
);

CREATE TABLE public.review (
  business_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  contact_id TEXT NOT NULL,
  about TEXT NOT NULL,
  said_at BIGINT NOT NULL,
  outcome TEXT,
  closed_at BIGINT,
  reason TEXT NOT NULL,
  CONSTRAINT review_pkey PRIMARY KEY (business_id, "position")
);

CREATE INDEX review_open ON public.review USING btree (business_id, "position") WHERE (closed_at IS NULL);

CREATE TABLE public.schema_version (
  version INTEGER NOT NULL,
  CONSTRAINT schema_version_pkey PRIMARY KEY (version)
);

CREATE TABLE public.screen_job (
  business_id TEXT NOT NULL,
  screen_id TEXT NOT NULL,
  revision BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  CONSTRAINT screen_job_pkey PRIMARY KEY (business_id, screen_id)
);

CREATE TABLE public.screen_part (
  business_id TEXT NOT NULL,
  screen_id TEXT NOT NULL,
  attempt BIGINT NOT NULL,
  answer TEXT NOT NULL,
  part BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  CONSTRAINT screen_part_pkey PRIMARY KEY (business_id, screen_id, attempt, answer, part)
);

CREATE TABLE public.seen (
  business_id TEXT NOT NULL,
  source BYTEA NOT NULL,
  CONSTRAINT seen_pkey PRIMARY KEY (business_id, source)
);

CREATE TABLE public.sender (
  business_id TEXT NOT NULL,
  phone_number_id TEXT NOT NULL,
  waba_id TEXT NOT NULL,
  digits TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  token BYTEA,
  changed_at BIGINT NOT NULL,
  CONSTRAINT sender_pkey PRIMARY KEY (business_id, phone_number_id)
);

CREATE UNIQUE INDEX sender_owner ON public.sender USING btree (phone_number_id);

CREATE TABLE public.sender_health (
  business_id TEXT NOT NULL,
  phone_number_id TEXT NOT NULL,
  quality TEXT NOT NULL,
  messaging_limit BIGINT,
  seen_at BIGINT NOT NULL,
  CONSTRAINT sender_health_pkey PRIMARY KEY (business_id, phone_number_id)
);

CREATE TABLE public.sent_message (
  business_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  sent_at BIGINT NOT NULL,
  purpose TEXT NOT NULL,
  is_outside SMALLINT NOT NULL,
  content TEXT NOT NULL,
  CONSTRAINT sent_message_pkey PRIMARY KEY (business_id, contact_id, decision_id)
);

CREATE INDEX sent_message_age ON public.sent_message USING btree (business_id, sent_at);

CREATE TABLE public.sign_in_tries (
  business_id TEXT NOT NULL,
  subject BYTEA NOT NULL,
  count BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  opens_at BIGINT NOT NULL,
  CONSTRAINT sign_in_tries_pkey PRIMARY KEY (business_id, subject)
);

CREATE TABLE public.stats_build (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  position BIGINT NOT NULL,
  sends_through BIGINT NOT NULL,
  known_until BIGINT NOT NULL,
  zone TEXT NOT NULL,
  format INTEGER NOT NULL,
  is_live INTEGER NOT NULL,
  CONSTRAINT stats_build_pkey PRIMARY KEY (business_id, build)
);

CREATE TABLE public.stats_count (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  dimension TEXT NOT NULL,
  purpose TEXT NOT NULL,
  day INTEGER NOT NULL,
  value TEXT NOT NULL,
  opt_ins BIGINT NOT NULL,
  refusals BIGINT NOT NULL,
  stops BIGINT NOT NULL,
  complaints BIGINT NOT NULL,
  gained BIGINT NOT NULL,
  lost BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  agreed BIGINT NOT NULL,
  proven BIGINT NOT NULL,
  messaged BIGINT NOT NULL,
  left_early BIGINT NOT NULL,
  CONSTRAINT stats_count_pkey PRIMARY KEY (business_id, build, dimension, purpose, day, value)
);

CREATE TABLE public.stats_month (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  dimension TEXT NOT NULL,
  purpose TEXT NOT NULL,
  day INTEGER NOT NULL,
  value TEXT NOT NULL,
  opt_ins BIGINT NOT NULL,
  refusals BIGINT NOT NULL,
  stops BIGINT NOT NULL,
  complaints BIGINT NOT NULL,
  gained BIGINT NOT NULL,
  lost BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  agreed BIGINT NOT NULL,
  proven BIGINT NOT NULL,
  messaged BIGINT NOT NULL,
  left_early BIGINT NOT NULL,
  CONSTRAINT stats_month_pkey PRIMARY KEY (business_id, build, dimension, purpose, day, value)
);

CREATE TABLE public.stats_person (
  business_id TEXT NOT NULL,
  build INTEGER NOT NULL,
  contact_id TEXT NOT NULL,
  facts TEXT NOT NULL,
  is_awaited INTEGER NOT NULL,
  CONSTRAINT stats_person_pkey PRIMARY KEY (business_id, build, contact_id)
);

CREATE TABLE public.stats_shown (
  business_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  prompt TEXT NOT NULL,
  surface TEXT NOT NULL,
  locale TEXT NOT NULL,
  purposes TEXT NOT NULL,
  shown BIGINT NOT NULL,
  CONSTRAINT stats_shown_pkey PRIMARY KEY (business_id, day, prompt)
);

CREATE TABLE public.stop_confirmation (
  business_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  alias_kind TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  sender TEXT NOT NULL,
  purposes TEXT NOT NULL,
  languages TEXT NOT NULL,
  said_at BIGINT NOT NULL,
  is_doubt BOOLEAN NOT NULL DEFAULT false,
  CONSTRAINT stop_confirmation_pkey PRIMARY KEY (business_id, "position")
);

CREATE TABLE public.subscription (
  business_id TEXT NOT NULL,
  subscription_id TEXT NOT NULL,
  url TEXT NOT NULL,
  kinds TEXT NOT NULL,
  purposes TEXT NOT NULL,
  state TEXT NOT NULL,
  position BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  failing_since BIGINT,
  reason TEXT NOT NULL DEFAULT ''::text,
  secret BYTEA NOT NULL,
  previous_secret BYTEA,
  previous_until BIGINT,
  CONSTRAINT subscription_pkey PRIMARY KEY (business_id, subscription_id)
);

CREATE TABLE public.suppression (
  business_id TEXT NOT NULL,
  lookup BYTEA NOT NULL,
  erased_at BIGINT NOT NULL,
  CONSTRAINT suppression_pkey PRIMARY KEY (business_id, lookup)
);

CREATE TABLE public.task (
  business_id TEXT NOT NULL,
  queue TEXT NOT NULL,
  task_id TEXT NOT NULL,
  state TEXT NOT NULL,
  due_at BIGINT,
  lease BIGINT,
  again_at BIGINT,
  attempts INTEGER NOT NULL,
  reason TEXT NOT NULL,
  CONSTRAINT task_pkey PRIMARY KEY (business_id, queue, task_id)
);

CREATE INDEX task_due ON public.task USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX task_due_of_business ON public.task USING btree (business_id, queue, due_at) WHERE (due_at IS NOT NULL);

CREATE TABLE public.template (
  business_id TEXT NOT NULL,
  waba_id TEXT NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  category TEXT NOT NULL,
  state TEXT NOT NULL,
  seen_at BIGINT NOT NULL,
  previous_category TEXT,
  category_changed_at BIGINT,
  accepted_change BIGINT,
  state_changed_at BIGINT,
  quality TEXT NOT NULL DEFAULT 'unknown'::text,
  quality_changed_at BIGINT,
  content TEXT,
  content_changed_at BIGINT,
  has_stop SMALLINT,
  is_advertising SMALLINT,
  CONSTRAINT template_pkey PRIMARY KEY (business_id, waba_id, name, language)
);

CREATE TABLE public.template_notice (
  business_id TEXT NOT NULL,
  subscription_id TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  waba_id TEXT NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  previous_category TEXT NOT NULL,
  category TEXT NOT NULL,
  CONSTRAINT template_notice_pkey PRIMARY KEY (business_id, subscription_id, changed_at, waba_id, name, language)
);

CREATE TABLE public.waba (
  business_id TEXT NOT NULL,
  waba_id TEXT NOT NULL,
  claimed_at BIGINT NOT NULL,
  CONSTRAINT waba_pkey PRIMARY KEY (business_id, waba_id)
);

CREATE UNIQUE INDEX waba_owner ON public.waba USING btree (waba_id);

CREATE TABLE public.webhook (
  business_id TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  number BIGINT,
  places TEXT NOT NULL DEFAULT ''::text,
  signatures TEXT NOT NULL DEFAULT ''::text,
  told TEXT NOT NULL DEFAULT ''::text,
  CONSTRAINT webhook_pkey PRIMARY KEY (business_id, webhook_id)
);

CREATE UNIQUE INDEX webhook_number ON public.webhook USING btree (business_id, number) WHERE (number IS NOT NULL);

CREATE OR REPLACE FUNCTION public.audit_entry_refuse_change(what text)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
BEGIN RAISE EXCEPTION 'lines of the audit log are never %', what; END $function$;

CREATE OR REPLACE FUNCTION public.check_epoch()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
DECLARE
  held INTEGER := current_setting('askfirst.key_version');
  fingerprint_held TEXT := current_setting('askfirst.key_fingerprint');
BEGIN
  PERFORM pg_advisory_xact_lock_shared(1634952814);
  IF EXISTS (
    SELECT 1 FROM key_version
    WHERE version > held OR (version = held AND fingerprint <> fingerprint_held)
  ) THEN
    RAISE EXCEPTION 'keyring' USING ERRCODE = 'AF001';
  END IF;
  IF EXISTS (
    SELECT 1 FROM schema_version
    WHERE version > current_setting('askfirst.schema_version')::integer
  ) THEN
    RAISE EXCEPTION 'schema' USING ERRCODE = 'AF001';
  END IF;
END
$function$;

CREATE OR REPLACE FUNCTION public.event_refuse_change(what text)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
BEGIN RAISE EXCEPTION 'events are never %', what; END $function$;

CREATE OR REPLACE FUNCTION public.event_refuse_truncate()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN RAISE EXCEPTION 'events are never truncated'; END $function$;
