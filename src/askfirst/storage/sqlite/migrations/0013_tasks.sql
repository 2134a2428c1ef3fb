-- Work in the background, of all kinds. `due_at`: from when on a worker may claim it, or the end of its
-- lease; nothing, where it is dead. `lease` names the lease; `again_at`: it was
-- asked for meanwhile.
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

-- Deliveries that were kept before they were looked into wait for no registration.
INSERT INTO task (business_id, queue, task_id, state, due_at, attempts, reason)
SELECT DISTINCT business_id, 'dead_letters', 'account:*', 'ready', 0, 0, ''
FROM dead_letter_route WHERE waba_id = '*';

-- Servers of the business's that are told the events. `position`: up to there all was taken. The secrets
-- are sealed; `previous_secret` signs, too, until `previous_until`.
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
