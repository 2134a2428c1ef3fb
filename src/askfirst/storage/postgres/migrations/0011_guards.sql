-- Newest events whose time stamps lie ahead of the clock, and that an operator took as they are.
CREATE TABLE clock_acceptance (
  business_id TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  accepted_at BIGINT NOT NULL,
  PRIMARY KEY (business_id, recorded_at)
);

-- Called at the beginning of each transaction that writes or lets a message leave: refuses a process
-- that is behind the database. A connection says as askfirst.key_version, askfirst.key_fingerprint and
-- askfirst.schema_version what its process has. The lock is shared by all who write; whoever
-- registers a key or changes the schema holds it alone, so nobody is in between then. What follows
-- the lock is a statement of its own, and so sees what was committed while it was waited for.
CREATE FUNCTION check_epoch() RETURNS void LANGUAGE plpgsql AS $$
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
$$;
