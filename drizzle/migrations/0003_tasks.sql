-- Tasks (work that belongs to no run) under the same leases as everything else; cycles that end when their minutes are
-- used up; runs that end when they collapse. What 0001_work.sql guarantees still holds: see its header.

-- Queues a task with its one job. Tasks are what a person waits for, so they come first.
CREATE FUNCTION task_open(p_kind text, p_args jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE t bigint;
BEGIN
  INSERT INTO task (kind, args) VALUES (p_kind, p_args) RETURNING id INTO t;
  INSERT INTO job (kind, task_id, dedupe_key, requested_by, priority) VALUES (p_kind, t, format('task:%s', t), 'person', 100);
  RETURN t;
END $$;
--> statement-breakpoint
-- Ends a task that no worker has begun; a running one is told with its next heartbeat. Returns its state.
CREATE FUNCTION task_cancel(p_task bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE j job%ROWTYPE; s text;
BEGIN
  SELECT * INTO j FROM job WHERE task_id = p_task FOR NO KEY UPDATE;
  UPDATE task SET cancel_requested = true WHERE id = p_task AND state IN ('queued', 'running');
  IF j.state = 'queued' THEN
    UPDATE job SET state = 'cancelled', ended_at = now() WHERE id = j.id;
    UPDATE task SET state = 'cancelled', ended_at = now() WHERE id = p_task;
  ELSIF j.state = 'leased' THEN
    PERFORM pg_notify('archloom_job', '');
  END IF;
  SELECT state INTO s FROM task WHERE id = p_task;
  RETURN s;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION job_claim(p_worker bigint, p_kinds text[], p_lease_seconds double precision)
RETURNS SETOF job LANGUAGE plpgsql AS $$
DECLARE wanted record; r run%ROWTYPE; j job%ROWTYPE;
BEGIN
  PERFORM 1 FROM worker WHERE id = p_worker AND state = 'running';
  IF NOT FOUND THEN RETURN; END IF;
  FOR _ IN 1..100 LOOP -- each turn lost a race; a hundred in a row are left to the next poll
    SELECT job.id, job.run_id, job.requested_by INTO wanted FROM job LEFT JOIN run ON run.id = job.run_id
      WHERE job.state = 'queued' AND job.kind = ANY (p_kinds) AND job.available_at <= clock_timestamp()
        AND (job.requested_by = 'person'
             OR (run.desired = 'run' AND run.state NOT IN ('finished', 'failed', 'cancelled')))
      ORDER BY job.priority DESC, job.run_id, job.id LIMIT 1;
    IF NOT FOUND THEN RETURN; END IF;
    IF wanted.run_id IS NOT NULL THEN
      SELECT * INTO r FROM run WHERE id = wanted.run_id FOR NO KEY UPDATE;
      CONTINUE WHEN NOT FOUND;
      CONTINUE WHEN wanted.requested_by = 'loop'
        AND (r.desired <> 'run' OR r.state IN ('finished', 'failed', 'cancelled'));
    END IF;
    SELECT * INTO j FROM job WHERE id = wanted.id AND state = 'queued' FOR NO KEY UPDATE SKIP LOCKED;
    EXIT WHEN FOUND;
  END LOOP;
  IF j.id IS NULL THEN RETURN; END IF;
  UPDATE job SET state = 'leased', owner_id = p_worker, lease_token = nextval('lease_token'),
      lease_expires_at = clock_timestamp() + make_interval(secs => p_lease_seconds), attempts = attempts + 1, error = NULL
    WHERE id = j.id RETURNING * INTO j;
  INSERT INTO attempt (job_id, worker_id, lease_token) VALUES (j.id, p_worker, j.lease_token);
  IF j.task_id IS NOT NULL THEN
    UPDATE task SET state = 'running', started_at = coalesce(started_at, now()) WHERE id = j.task_id;
  ELSIF j.requested_by = 'loop' THEN
    UPDATE run SET started_at = now() WHERE id = j.run_id AND started_at IS NULL;
    PERFORM run_settle(j.run_id);
  END IF;
  RETURN NEXT j;
END $$;
--> statement-breakpoint
-- heartbeat: what is desired of a task is 'cancel' once that was requested, else 'run'.
CREATE OR REPLACE FUNCTION job_heartbeat(p_worker bigint, p_tokens bigint[], p_lease_seconds double precision)
RETURNS TABLE (lease_token bigint, desired text) LANGUAGE plpgsql AS $$
BEGIN
  UPDATE worker SET heartbeat_at = clock_timestamp(), state = 'running', ended_at = NULL, lock_free_since = NULL
    WHERE id = p_worker;
  RETURN QUERY
    UPDATE job SET lease_expires_at = clock_timestamp() + make_interval(secs => p_lease_seconds)
      FROM job mine LEFT JOIN run ON run.id = mine.run_id LEFT JOIN task ON task.id = mine.task_id
      WHERE mine.id = job.id AND job.owner_id = p_worker AND job.state = 'leased' AND job.lease_token = ANY (p_tokens)
      RETURNING job.lease_token, CASE
        WHEN task.cancel_requested THEN 'cancel'
        WHEN job.requested_by = 'person' THEN 'run'
        WHEN run.state IN ('failed', 'cancelled') THEN 'cancel'
        ELSE run.desired END;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION job_end_attempt(p_job bigint, p_token bigint, p_ending text, p_error text) RETURNS job
LANGUAGE plpgsql AS $$
DECLARE j job%ROWTYPE;
BEGIN
  UPDATE attempt SET ending = p_ending, error = p_error, ended_at = now() WHERE lease_token = p_token;
  UPDATE job SET
      state = CASE p_ending WHEN 'done' THEN 'done' WHEN 'cancelled' THEN 'cancelled' WHEN 'released' THEN 'queued'
        ELSE CASE WHEN attempts >= max_attempts THEN 'failed' ELSE 'queued' END END,
      attempts = attempts - CASE p_ending WHEN 'released' THEN 1 ELSE 0 END,
      available_at = CASE WHEN p_ending = 'failed' THEN now() + make_interval(secs => least(30, power(2, attempts)))
        ELSE available_at END,
      error = p_error, owner_id = NULL, lease_token = NULL, lease_expires_at = NULL,
      ended_at = CASE WHEN p_ending IN ('done', 'cancelled') OR (p_ending IN ('failed', 'lost') AND attempts >= max_attempts)
        THEN now() END
    WHERE id = p_job RETURNING * INTO STRICT j;
  IF j.task_id IS NOT NULL THEN
    -- A finished task's result is stored by its last effect. One whose cancellation was requested is not tried again.
    IF j.state = 'queued' AND (SELECT cancel_requested FROM task WHERE id = j.task_id) THEN
      UPDATE job SET state = 'cancelled', ended_at = now() WHERE id = p_job RETURNING * INTO STRICT j;
    END IF;
    UPDATE task SET state = CASE j.state WHEN 'queued' THEN 'queued' ELSE j.state END, error = CASE j.state WHEN 'failed' THEN p_error END,
        ended_at = j.ended_at
      WHERE id = j.task_id AND j.state <> 'done';
    -- All or nothing: an import that ended early leaves no half of a corpus behind.
    IF j.state IN ('failed', 'cancelled') THEN DELETE FROM corpus WHERE task_id = j.task_id AND state = 'importing'; END IF;
  ELSIF j.requested_by = 'loop' THEN
    PERFORM 1 FROM cycle WHERE run_id = j.run_id AND number = j.cycle FOR NO KEY UPDATE;
    PERFORM run_settle(j.run_id);
    -- In a run that is over the job was swept meanwhile.
    SELECT * INTO STRICT j FROM job WHERE id = p_job;
  END IF;
  RETURN j;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION cycle_open(p_run bigint, p_number integer, p_adapter bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE config jsonb; total integer; size integer;
BEGIN
  SELECT run.config INTO STRICT config FROM run WHERE id = p_run;
  total := (config->>'candidates_per_cycle')::integer;
  size := (config->'generation'->>'batch_size')::integer;
  INSERT INTO cycle (run_id, number, adapter_id, planned) VALUES (p_run, p_number, p_adapter, total);
  INSERT INTO job (kind, run_id, cycle, args, dedupe_key)
    SELECT 'generate', p_run, p_number,
      jsonb_build_object('batch', b, 'first_index', b * size, 'count', least(size, total - b * size)),
      format('generate:%s:%s:%s', p_run, p_number, b)
    FROM generate_series(0, (total - 1) / size) AS b ORDER BY b;
  PERFORM append_event(p_run, 'cycle_opened', jsonb_build_object('cycle', p_number, 'has_adapter', p_adapter IS NOT NULL));
END $$;
--> statement-breakpoint
-- Called with a leased `generate` job before it writes. When the cycle's minutes were used up before this attempt began,
-- nothing of this or a later batch exists and no later batch is being written, the cycle ends with what it has: it plans no
-- more candidates and its queued batches are cancelled. The first batch is always written; one that was claimed before the
-- cut of an earlier one is cut with it. Returns whether this batch is not to be written.
-- Minutes count from the opening of the cycle, pauses included.
CREATE FUNCTION cycle_cut(p_job bigint, p_token bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE j job%ROWTYPE; c cycle%ROWTYPE; minutes double precision; began timestamptz; first integer;
BEGIN
  j := job_hold(p_job, p_token);
  SELECT * INTO STRICT c FROM cycle WHERE run_id = j.run_id AND number = j.cycle FOR NO KEY UPDATE;
  SELECT (config->'loop'->>'cycle_minutes')::double precision INTO STRICT minutes FROM run WHERE id = j.run_id;
  SELECT started_at INTO STRICT began FROM attempt WHERE lease_token = p_token;
  first := (j.args->>'first_index')::integer;
  IF c.planned > first THEN
    IF minutes = 0 OR first = 0 OR began < c.created_at + make_interval(secs => minutes * 60)
        OR EXISTS (SELECT FROM candidate WHERE run_id = j.run_id AND cycle = j.cycle AND index >= first)
        OR EXISTS (SELECT FROM job later WHERE later.run_id = j.run_id AND later.cycle = j.cycle AND later.kind = 'generate'
          AND later.state = 'leased' AND (later.args->>'first_index')::integer > first) THEN
      RETURN false;
    END IF;
    UPDATE job SET state = 'cancelled', ended_at = now()
      WHERE run_id = j.run_id AND cycle = j.cycle AND kind = 'generate' AND state = 'queued';
    UPDATE cycle SET planned = first WHERE run_id = j.run_id AND number = j.cycle;
    PERFORM append_event(j.run_id, 'notice', jsonb_build_object('message',
      format('Cycle %s wrote %s candidates in its %s minutes; no further batch is begun.', j.cycle, first, minutes)));
  END IF;
  PERFORM cycle_check_evaluated(j.run_id, j.cycle);
  -- Last: in a run that is being cancelled it sweeps what was queued here.
  PERFORM job_end_attempt(p_job, p_token, 'done', NULL);
  RETURN true;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION cycle_check_evaluated(p_run bigint, p_number integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE total integer; ended integer; complete integer;
BEGIN
  SELECT planned INTO STRICT total FROM cycle WHERE run_id = p_run AND number = p_number FOR NO KEY UPDATE;
  SELECT count(*) FILTER (WHERE state = 'ended'), count(*) FILTER (WHERE state <> 'writing')
    INTO ended, complete FROM candidate WHERE run_id = p_run AND cycle = p_number;
  IF complete = total AND ended < total THEN PERFORM cycle_set_stage(p_run, p_number, 'evaluating'); END IF;
  IF ended < total THEN RETURN false; END IF;
  INSERT INTO job (kind, run_id, cycle, dedupe_key) VALUES ('select', p_run, p_number, format('select:%s:%s', p_run, p_number))
    ON CONFLICT (dedupe_key) DO NOTHING;
  IF FOUND THEN PERFORM cycle_set_stage(p_run, p_number, 'selecting'); END IF;
  RETURN true;
END $$;
--> statement-breakpoint
-- Upper end of Newcombe's 95 % interval (method 10) for the difference of two rates, a / m minus b / n. NULL without both
-- samples. The same formula as in server/contract/statistics, needed here because a run must stop without a web process;
-- a test compares the two.
CREATE FUNCTION newcombe_upper(a bigint, m bigint, b bigint, n bigint) RETURNS double precision LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE z constant double precision := 1.959963984540054; p double precision; q double precision; u double precision; l double precision;
BEGIN
  IF m = 0 OR n = 0 THEN RETURN NULL; END IF;
  p := a::double precision / m;
  q := b::double precision / n;
  u := (p + z * z / (2 * m) + z * sqrt((p * (1 - p) + z * z / (4 * m)) / m)) / (1 + z * z / m);
  l := (q + z * z / (2 * n) - z * sqrt((q * (1 - q) + z * z / (4 * n)) / n)) / (1 + z * z / n);
  RETURN p - q + sqrt((u - p) * (u - p) + (q - l) * (q - l));
END $$;
--> statement-breakpoint
-- Which of 'valid rate' and 'novelty' of a cycle lies below cycle 0's beyond chance: the 95 % interval of the difference
-- is wholly negative.
CREATE FUNCTION cycle_fallen(p_run bigint, p_number integer) RETURNS text[] LANGUAGE sql STABLE AS $$
  WITH counts AS (
    SELECT c.cycle,
      count(*) FILTER (WHERE c.outcome NOT IN ('cancelled', 'worker_lost')) AS rated,
      count(*) FILTER (WHERE c.outcome = 'ok') AS valid,
      count(*) FILTER (WHERE c.outcome = 'ok' AND c.novel) AS novel
    FROM candidate c WHERE c.run_id = p_run AND c.cycle IN (0, p_number) GROUP BY c.cycle)
  SELECT array_remove(ARRAY[
      CASE WHEN newcombe_upper(now_.valid, now_.rated, then_.valid, then_.rated) < 0 THEN 'valid rate' END,
      CASE WHEN newcombe_upper(now_.novel, now_.valid, then_.novel, then_.valid) < 0 THEN 'novelty' END], NULL)
  FROM counts now_, counts then_ WHERE now_.cycle = p_number AND then_.cycle = 0 AND p_number > 0
$$;
--> statement-breakpoint
DROP FUNCTION cycle_advance(bigint, integer);
--> statement-breakpoint
-- As before, and: a rate that lies below cycle 0's beyond chance in this cycle and the one before is said, and ends the
-- run where its configuration wants that. `p_asked`: a person wants the run to go on, so nothing ends it here.
CREATE FUNCTION cycle_advance(p_run bigint, p_number integer, p_asked boolean DEFAULT false) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r run%ROWTYPE; current_adapter bigint; pool integer; fallen text;
BEGIN
  SELECT * INTO STRICT r FROM run WHERE id = p_run FOR NO KEY UPDATE;
  IF NOT p_asked AND p_number > 1 THEN
    SELECT string_agg(rate, ' and ' ORDER BY rate DESC) INTO fallen
      FROM unnest(cycle_fallen(p_run, p_number)) AS rate WHERE rate = ANY (cycle_fallen(p_run, p_number - 1));
  END IF;
  IF fallen IS NOT NULL THEN
    PERFORM append_event(p_run, 'notice', jsonb_build_object('message', format(
      'Collapse: %s below cycle 0 beyond chance in cycles %s and %s.%s', fallen, p_number - 1, p_number,
      CASE WHEN (r.config->'loop'->>'stop_on_collapse')::boolean AND p_number + 1 < r.cycles THEN ' The run ends here, as configured.' ELSE '' END)));
  END IF;
  IF p_number + 1 >= r.cycles OR (fallen IS NOT NULL AND (r.config->'loop'->>'stop_on_collapse')::boolean) THEN
    PERFORM cycle_set_stage(p_run, p_number, 'ended');
    IF r.state NOT IN ('finished', 'failed', 'cancelled') THEN
      UPDATE run SET state = 'finished', desired = 'run', ended_at = now(), cycles = p_number + 1,
        stop_reason = CASE WHEN p_number + 1 < r.cycles THEN 'collapse' END WHERE id = p_run;
      PERFORM append_event(p_run, 'run_state', jsonb_build_object('state', 'finished', 'desired', 'run', 'error', NULL));
    END IF;
    RETURN 'finished';
  END IF;
  SELECT count(*) INTO pool FROM candidate
    WHERE run_id = p_run AND candidate.cycle <= p_number AND selection_reason IS NOT NULL;
  IF (r.config->>'fine_tuning')::boolean AND pool > 0 THEN
    INSERT INTO job (kind, run_id, cycle, dedupe_key)
      VALUES ('finetune', p_run, p_number, format('finetune:%s:%s', p_run, p_number)) ON CONFLICT (dedupe_key) DO NOTHING;
    PERFORM cycle_set_stage(p_run, p_number, 'finetuning');
    RETURN 'finetuning';
  END IF;
  SELECT adapter_id INTO current_adapter FROM cycle WHERE run_id = p_run AND number = p_number;
  PERFORM cycle_set_stage(p_run, p_number, 'ended');
  IF (r.config->>'fine_tuning')::boolean THEN
    PERFORM append_event(p_run, 'notice', jsonb_build_object('message',
      format('Cycle %s selected nothing, so cycle %s is written by the same model.', p_number, p_number + 1)));
  END IF;
  PERFORM cycle_open(p_run, p_number + 1, current_adapter);
  RETURN 'opened';
END $$;
--> statement-breakpoint
INSERT INTO prompt_template (name, version, kind, system, text, builtin) VALUES
('starter', 1, 'plain', '', E'import torch\nimport torch.nn as nn\n', true),
('instruct', 1, 'chat',
 E'You design convolutional and attention networks in PyTorch. You answer with exactly one Python code block and nothing else.',
 E'Write a new image classifier for {{recipe}}: images of {{channels}} x {{height}} x {{width}}, {{classes}} classes.\n\nIt is trained for a single epoch and judged by its accuracy after it, so it should learn fast from the start.\n\nLimits: at most {{max_parameters}} parameters and {{max_multiply_adds}} multiply-adds for one image. Layers of torch only, nothing pretrained, no downloads.\n\nNovelty: {{novelty_wishes}}\n\nUse exactly this interface:\n\nclass Net(nn.Module):\n    def __init__(self, in_shape, out_shape, prm, device): ...   # in_shape = (batch, channels, height, width), out_shape = (classes,)\n    def forward(self, x): ...                                   # returns scores of shape (batch, classes)\n    def train_setup(self, prm): ...                             # loss and optimiser; prm has lr and momentum\n    def learn(self, train_data): ...                            # one pass over (images, labels) batches\n\ndef supported_hyperparameters(): return {''lr'', ''momentum''}\n\nTake the number of channels and classes from in_shape and out_shape. Check that the shapes of all layers fit together.',
 true);
