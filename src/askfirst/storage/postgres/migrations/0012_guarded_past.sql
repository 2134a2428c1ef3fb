-- Which database this is: a copy has the same id, one that was made anew has another.
-- `head_kept` tells that the newest position was kept outside, so its file must be there.
CREATE TABLE database_id (
  database_id TEXT NOT NULL PRIMARY KEY,
  head_kept SMALLINT NOT NULL DEFAULT 0
);

INSERT INTO database_id (database_id) VALUES (replace(gen_random_uuid()::text, '-', ''));

-- Whoever tries to change an event is told so. Rules, not triggers, where they do: they work on a
-- distributed table, too.
CREATE FUNCTION event_refuse_change(what TEXT) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'events are never %', what; END $$;

CREATE FUNCTION event_refuse_truncate() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'events are never truncated'; END $$;

CREATE OR REPLACE RULE event_is_never_updated AS ON UPDATE TO event
DO INSTEAD SELECT event_refuse_change('updated');

CREATE OR REPLACE RULE event_is_never_deleted AS ON DELETE TO event
DO INSTEAD SELECT event_refuse_change('deleted');

CREATE TRIGGER event_is_never_truncated BEFORE TRUNCATE ON event
FOR EACH STATEMENT EXECUTE FUNCTION event_refuse_truncate();
