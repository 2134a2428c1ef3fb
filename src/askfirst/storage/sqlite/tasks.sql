-- The queue of tasks. `due_at` is from when on a task may be claimed: the end of the lease, while it is
-- leased. `lease` names the lease, by when it was to end first: whoever claims later sets another.

-- name: enqueue_task
-- What waits is moved forward to ?5; what waits after a failure keeps its time; what is dead begins
-- anew; what is leased is done once more after that.
INSERT INTO task (business_id, queue, task_id, state, due_at, attempts, reason)
VALUES (?1, ?2, ?3, 'ready', ?4, 0, '')
ON CONFLICT (business_id, queue, task_id) DO UPDATE SET
  state = CASE task.state WHEN 'dead' THEN 'ready' ELSE task.state END,
  attempts = CASE task.state WHEN 'dead' THEN 0 ELSE task.attempts END,
  reason = CASE task.state WHEN 'dead' THEN '' ELSE task.reason END,
  due_at = CASE WHEN task.state = 'dead' THEN ?4
    WHEN task.state = 'ready' AND task.attempts = 0 THEN min(task.due_at, ?5)
    ELSE task.due_at END,
  again_at = CASE WHEN task.state = 'leased' THEN min(coalesce(task.again_at, ?5), ?5) END
RETURNING task_id;

-- name: set_task
-- Due at ?4 and at no other time. The lease of whoever is working on it is over.
INSERT INTO task (business_id, queue, task_id, state, due_at, attempts, reason)
VALUES (?1, ?2, ?3, 'ready', ?4, 0, '')
ON CONFLICT (business_id, queue, task_id) DO UPDATE SET
  state = 'ready', due_at = ?4, lease = NULL, again_at = NULL, attempts = 0, reason = ''
RETURNING task_id;

-- name: cancel_task
DELETE FROM task WHERE business_id = ?1 AND queue = ?2 AND task_id = ?3 RETURNING task_id;

-- name: find_due_tasks
-- Whose tasks are due, of these queues and but for these businesses: the oldest, by their index.
SELECT business_id, queue, count(*) FROM (
  SELECT business_id, queue, due_at FROM task
  WHERE due_at <= ?1 AND instr(',' || ?2 || ',', ',' || queue || ',') > 0
    AND instr(',' || ?3 || ',', ',' || business_id || ',') = 0
  ORDER BY due_at LIMIT ?4) AS oldest
GROUP BY business_id, queue ORDER BY min(due_at), business_id;

-- name: claim_task
UPDATE task SET state = 'leased', due_at = ?4, lease = ?4, attempts = attempts + 1
WHERE business_id = ?1 AND queue = ?2 AND task_id = (
  SELECT t.task_id FROM task t
  WHERE t.business_id = ?1 AND t.queue = ?2 AND t.due_at <= ?3
  ORDER BY t.due_at LIMIT 1)
RETURNING task_id, attempts;

-- name: extend_task
UPDATE task SET due_at = ?5, attempts = 1
WHERE business_id = ?1 AND queue = ?2 AND task_id = ?3 AND lease = ?4
RETURNING task_id;

-- name: keep_task
-- The work goes on, however it may end: it is no success yet.
UPDATE task SET due_at = ?5
WHERE business_id = ?1 AND queue = ?2 AND task_id = ?3 AND lease = ?4
RETURNING task_id;

-- name: complete_task
DELETE FROM task
WHERE business_id = ?1 AND queue = ?2 AND task_id = ?3 AND lease = ?4
  AND again_at IS NULL
RETURNING task_id;

-- name: repeat_task
-- Ready again at ?5 or when it was asked for meanwhile, whichever is sooner.
UPDATE task SET state = 'ready', attempts = 0, reason = '', again_at = NULL, lease = NULL,
  due_at = min(coalesce(?5, again_at), coalesce(again_at, ?5))
WHERE business_id = ?1 AND queue = ?2 AND task_id = ?3 AND lease = ?4
  AND coalesce(?5, again_at) IS NOT NULL
RETURNING task_id;

-- name: retry_task
UPDATE task SET state = 'ready', due_at = ?5, reason = ?6, again_at = NULL, lease = NULL
WHERE business_id = ?1 AND queue = ?2 AND task_id = ?3 AND lease = ?4
RETURNING task_id;

-- name: bury_task
UPDATE task SET state = 'dead', due_at = NULL, reason = ?5, again_at = NULL, lease = NULL
WHERE business_id = ?1 AND queue = ?2 AND task_id = ?3 AND lease = ?4
RETURNING task_id;

-- name: troubled_tasks
SELECT queue, task_id, state, attempts, reason
FROM task
WHERE business_id = ?1 AND (state = 'dead' OR (state = 'leased' AND due_at <= ?2))
  AND (queue, task_id) > (?3, ?4)
ORDER BY queue, task_id LIMIT ?5;
