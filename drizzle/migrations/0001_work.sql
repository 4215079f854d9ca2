-- Leased work. Execution is at-least-once; effects are exactly-once.
--
-- Guaranteed: a job is leased to one attempt at a time; every claim gets a new lease token; an effect transaction that
-- begins with job_hold(job, token) either is that attempt's or fails; a job is requeued when its lease has run out or its
-- worker's advisory lock has been free for 3 s, never within one lease after the database's start (an outage must not
-- steal live work); events and chunks of a run are numbered without gaps in commit order.
-- Not guaranteed: that an attempt which lost its lease stops working. It only cannot write.
--
-- Lock order, everywhere: leased job, then cycle, then run. Only a claim takes a queued job after its run, and it skips
-- what is locked instead of waiting. Rows are locked FOR NO KEY UPDATE, which does not wait for foreign keys.

-- A worker holds pg_advisory_lock(worker_lock_space(), worker id) on one connection for as long as it lives.
CREATE FUNCTION worker_lock_space() RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 4201001 $$;
--> statement-breakpoint
-- Appends one event to a run; returns its number. Listeners on channel archloom_run get 'run:seq'.
CREATE FUNCTION append_event(p_run bigint, p_type text, p_payload jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
  UPDATE run SET last_seq = last_seq + 1 WHERE id = p_run RETURNING last_seq INTO STRICT n;
  INSERT INTO run_event (run_id, seq, type, payload) VALUES (p_run, n, p_type, p_payload);
  PERFORM pg_notify('archloom_run', p_run || ':' || n);
  RETURN n;
END $$;
--> statement-breakpoint
-- Appends text of programs being written; same numbering and channel as append_event.
CREATE FUNCTION append_chunk(p_run bigint, p_cycle integer, p_batch integer, p_attempt bigint, p_suffixes jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
  UPDATE run SET last_seq = last_seq + 1 WHERE id = p_run RETURNING last_seq INTO STRICT n;
  INSERT INTO generation_chunk (run_id, seq, cycle, batch, attempt, suffixes)
  VALUES (p_run, n, p_cycle, p_batch, p_attempt, p_suffixes);
  PERFORM pg_notify('archloom_run', p_run || ':' || n);
  RETURN n;
END $$;
--> statement-breakpoint
CREATE FUNCTION notify_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('archloom_job', '');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER job_queued AFTER INSERT OR UPDATE OF state ON job FOR EACH ROW
  WHEN (NEW.state = 'queued') EXECUTE FUNCTION notify_job();
--> statement-breakpoint
CREATE FUNCTION notify_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('archloom_job', '');
  RETURN NULL;
END $$;
--> statement-breakpoint
-- Wakes workers when what is desired of a run changes.
CREATE TRIGGER run_desired AFTER UPDATE OF desired ON run FOR EACH ROW
  WHEN (NEW.desired IS DISTINCT FROM OLD.desired) EXECUTE FUNCTION notify_run();
--> statement-breakpoint
-- Ends whatever of the loop is neither leased nor ended in a run that is over. What is still leased is swept when its
-- attempt ends.
CREATE FUNCTION run_sweep(p_run bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE job SET state = 'cancelled', ended_at = now()
    WHERE run_id = p_run AND state = 'queued' AND requested_by = 'loop';
  UPDATE evaluation e SET state = 'ended', outcome = 'cancelled', ended_at = now()
    FROM candidate c WHERE c.id = e.candidate_id AND c.run_id = p_run AND e.state <> 'ended' AND e.requested_by = 'loop'
      AND NOT EXISTS (SELECT FROM job WHERE job.evaluation_id = e.id AND job.state = 'leased');
  UPDATE candidate c SET state = 'ended', outcome = 'cancelled', ended_at = now()
    WHERE c.run_id = p_run AND c.state <> 'ended'
      AND NOT EXISTS (SELECT FROM evaluation e WHERE e.candidate_id = c.id AND e.ordinal = 1 AND e.state <> 'ended');
  DELETE FROM adapter WHERE run_id = p_run AND state = 'training';
  DELETE FROM generation_chunk WHERE run_id = p_run;
END $$;
--> statement-breakpoint
-- Sets a run's observed state from what is desired and what is still leased, and carries a cancellation out once
-- nothing of the loop is running. A person's re-runs neither hold a run open nor are they cancelled with it.
CREATE FUNCTION run_settle(p_run bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r run%ROWTYPE; leased integer; next_state text;
BEGIN
  SELECT * INTO STRICT r FROM run WHERE id = p_run FOR NO KEY UPDATE;
  IF r.state IN ('failed', 'cancelled') THEN PERFORM run_sweep(p_run); END IF;
  IF r.state IN ('finished', 'failed', 'cancelled') THEN RETURN r.state; END IF;
  SELECT count(*) INTO leased FROM job WHERE run_id = p_run AND state = 'leased' AND requested_by = 'loop';
  next_state := CASE r.desired
    WHEN 'run' THEN CASE WHEN r.started_at IS NULL THEN 'waiting' ELSE 'running' END
    WHEN 'pause' THEN CASE WHEN leased = 0 THEN 'paused' ELSE 'pausing' END
    ELSE CASE WHEN leased = 0 THEN 'cancelled' ELSE 'cancelling' END
  END;
  IF next_state = 'cancelled' THEN
    PERFORM run_sweep(p_run);
    UPDATE cycle SET stage = 'ended', ended_at = now() WHERE run_id = p_run AND stage <> 'ended';
  END IF;
  IF next_state <> r.state THEN
    UPDATE run SET state = next_state, ended_at = CASE WHEN next_state = 'cancelled' THEN now() END WHERE id = p_run;
    PERFORM append_event(p_run, 'run_state',
      jsonb_build_object('state', next_state, 'desired', r.desired, 'error', r.error));
  END IF;
  RETURN next_state;
END $$;
--> statement-breakpoint
-- Ends a run that cannot go on. What it has stays; its queued work is cancelled, its running work when it ends.
CREATE FUNCTION run_fail(p_run bigint, p_error text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE run SET state = 'failed', error = p_error, ended_at = now()
    WHERE id = p_run AND state NOT IN ('finished', 'failed', 'cancelled');
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM run_sweep(p_run);
  PERFORM append_event(p_run, 'run_state', jsonb_build_object(
    'state', 'failed', 'desired', (SELECT desired FROM run WHERE id = p_run), 'error', p_error));
END $$;
--> statement-breakpoint
-- claim: leases the most urgent queued job of the given kinds to a worker, the oldest run's first, or returns no row. A loop job is claimed only
-- while its run is desired to run; a job a person asked for is claimed whatever its run does. The run is locked before
-- the job, so a claim and a cancellation of the same run come one after the other. A worker that was given up for lost
-- claims nothing until its next heartbeat.
CREATE FUNCTION job_claim(p_worker bigint, p_kinds text[], p_lease_seconds double precision)
RETURNS SETOF job LANGUAGE plpgsql AS $$
DECLARE wanted record; r run%ROWTYPE; j job%ROWTYPE;
BEGIN
  PERFORM 1 FROM worker WHERE id = p_worker AND state = 'running';
  IF NOT FOUND THEN RETURN; END IF;
  FOR _ IN 1..100 LOOP -- each turn lost a race; a hundred in a row are left to the next poll
    SELECT job.id, job.run_id, job.requested_by INTO wanted FROM job JOIN run ON run.id = job.run_id
      WHERE job.state = 'queued' AND job.kind = ANY (p_kinds) AND job.available_at <= clock_timestamp()
        AND (job.requested_by = 'person'
             OR (run.desired = 'run' AND run.state NOT IN ('finished', 'failed', 'cancelled')))
      ORDER BY job.priority DESC, job.run_id, job.id LIMIT 1;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT * INTO r FROM run WHERE id = wanted.run_id FOR NO KEY UPDATE;
    CONTINUE WHEN NOT FOUND;
    CONTINUE WHEN wanted.requested_by = 'loop'
      AND (r.desired <> 'run' OR r.state IN ('finished', 'failed', 'cancelled'));
    SELECT * INTO j FROM job WHERE id = wanted.id AND state = 'queued' FOR NO KEY UPDATE SKIP LOCKED;
    EXIT WHEN FOUND;
  END LOOP;
  IF j.id IS NULL THEN RETURN; END IF;
  UPDATE job SET state = 'leased', owner_id = p_worker, lease_token = nextval('lease_token'),
      lease_expires_at = clock_timestamp() + make_interval(secs => p_lease_seconds), attempts = attempts + 1, error = NULL
    WHERE id = j.id RETURNING * INTO j;
  INSERT INTO attempt (job_id, worker_id, lease_token) VALUES (j.id, p_worker, j.lease_token);
  IF j.requested_by = 'loop' THEN
    UPDATE run SET started_at = now() WHERE id = j.run_id AND started_at IS NULL;
    PERFORM run_settle(j.run_id);
  END IF;
  RETURN NEXT j;
END $$;
--> statement-breakpoint
-- heartbeat: extends the worker's leases that are still its own and says what is desired of each job's run
-- ('run' for a person's job). A token that is not returned is lost. A worker that was given up for lost is back with this.
CREATE FUNCTION job_heartbeat(p_worker bigint, p_tokens bigint[], p_lease_seconds double precision)
RETURNS TABLE (lease_token bigint, desired text) LANGUAGE plpgsql AS $$
BEGIN
  UPDATE worker SET heartbeat_at = clock_timestamp(), state = 'running', ended_at = NULL, lock_free_since = NULL
    WHERE id = p_worker;
  RETURN QUERY
    UPDATE job SET lease_expires_at = clock_timestamp() + make_interval(secs => p_lease_seconds)
      FROM run WHERE run.id = job.run_id AND job.owner_id = p_worker AND job.state = 'leased'
        AND job.lease_token = ANY (p_tokens)
      RETURNING job.lease_token, CASE
        WHEN job.requested_by = 'person' THEN 'run'
        WHEN run.state IN ('failed', 'cancelled') THEN 'cancel'
        ELSE run.desired END;
END $$;
--> statement-breakpoint
-- hold: first statement of every effect transaction. Locks the job's row and fails with SQLSTATE AL001 when the lease is
-- no longer this attempt's. A lease that has run out but was not yet taken away still counts.
CREATE FUNCTION job_hold(p_job bigint, p_token bigint) RETURNS job LANGUAGE plpgsql AS $$
DECLARE j job%ROWTYPE;
BEGIN
  SELECT * INTO j FROM job WHERE id = p_job FOR NO KEY UPDATE;
  IF NOT FOUND OR j.state <> 'leased' OR j.lease_token <> p_token THEN
    RAISE EXCEPTION 'lease % of job % is lost', p_token, p_job USING ERRCODE = 'AL001';
  END IF;
  RETURN j;
END $$;
--> statement-breakpoint
-- Takes a lease away; shared by finish and reap. 'released' gives the try back; 'failed' waits before the next try;
-- 'failed' and 'lost' leave the job failed after max_attempts. Returns the job's new row.
CREATE FUNCTION job_end_attempt(p_job bigint, p_token bigint, p_ending text, p_error text) RETURNS job
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
  IF j.requested_by = 'loop' THEN
    PERFORM 1 FROM cycle WHERE run_id = j.run_id AND number = j.cycle FOR NO KEY UPDATE;
    PERFORM run_settle(j.run_id);
    -- In a run that is over the job was swept meanwhile.
    SELECT * INTO STRICT j FROM job WHERE id = p_job;
  END IF;
  RETURN j;
END $$;
--> statement-breakpoint
-- finish: last statement of an attempt, in the same transaction as its effects. Fails like job_hold when the lease is lost.
CREATE FUNCTION job_finish(p_job bigint, p_token bigint, p_ending text, p_error text DEFAULT NULL) RETURNS job
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM job_hold(p_job, p_token);
  RETURN job_end_attempt(p_job, p_token, p_ending, p_error);
END $$;
--> statement-breakpoint
-- reap: takes back leases that ran out and leases of workers whose advisory lock has been free for p_lock_grace_seconds;
-- marks such workers lost. Nothing is reaped within one lease after the database's start. Returns the jobs as they are
-- afterwards; the caller gives those left 'failed' their effect in the same transaction. One reaper works at a time.
CREATE FUNCTION job_reap(p_lease_seconds double precision, p_lock_grace_seconds double precision DEFAULT 3)
RETURNS SETOF job LANGUAGE plpgsql AS $$
DECLARE w record; j job%ROWTYPE;
BEGIN
  IF clock_timestamp() < pg_postmaster_start_time() + make_interval(secs => p_lease_seconds) THEN RETURN; END IF;
  IF NOT pg_try_advisory_xact_lock(worker_lock_space(), 0) THEN RETURN; END IF;
  FOR w IN SELECT worker.id, worker.lock_free_since, EXISTS (
        SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND l.classid = worker_lock_space()::oid AND l.objid = (worker.id & 4294967295)::oid) AS held
      FROM worker WHERE worker.state = 'running' ORDER BY worker.id FOR NO KEY UPDATE SKIP LOCKED
  LOOP
    IF w.held THEN
      UPDATE worker SET lock_free_since = NULL WHERE id = w.id AND lock_free_since IS NOT NULL;
    ELSIF w.lock_free_since IS NULL THEN
      UPDATE worker SET lock_free_since = clock_timestamp() WHERE id = w.id;
    ELSIF w.lock_free_since < clock_timestamp() - make_interval(secs => p_lock_grace_seconds) THEN
      UPDATE worker SET state = 'lost', ended_at = now() WHERE id = w.id;
    END IF;
  END LOOP;
  FOR j IN SELECT job.* FROM job LEFT JOIN worker ON worker.id = job.owner_id
      WHERE job.state = 'leased' AND (job.lease_expires_at < clock_timestamp() OR worker.state <> 'running')
      ORDER BY job.id FOR NO KEY UPDATE OF job SKIP LOCKED
  LOOP
    RETURN NEXT job_end_attempt(j.id, j.lease_token, 'lost', 'the worker stopped answering');
  END LOOP;
END $$;
--> statement-breakpoint
-- Opens a cycle and queues its batches.
CREATE FUNCTION cycle_open(p_run bigint, p_number integer, p_adapter bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE config jsonb; total integer; size integer;
BEGIN
  SELECT run.config INTO STRICT config FROM run WHERE id = p_run;
  total := (config->>'candidates_per_cycle')::integer;
  size := (config->'generation'->>'batch_size')::integer;
  INSERT INTO cycle (run_id, number, adapter_id) VALUES (p_run, p_number, p_adapter);
  INSERT INTO job (kind, run_id, cycle, args, dedupe_key)
    SELECT 'generate', p_run, p_number,
      jsonb_build_object('batch', b, 'first_index', b * size, 'count', least(size, total - b * size)),
      format('generate:%s:%s:%s', p_run, p_number, b)
    FROM generate_series(0, (total - 1) / size) AS b ORDER BY b;
  PERFORM append_event(p_run, 'cycle_opened', jsonb_build_object('cycle', p_number, 'has_adapter', p_adapter IS NOT NULL));
END $$;
--> statement-breakpoint
CREATE FUNCTION cycle_set_stage(p_run bigint, p_number integer, p_stage text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE cycle SET stage = p_stage, ended_at = CASE WHEN p_stage = 'ended' THEN now() END
    WHERE run_id = p_run AND number = p_number AND stage <> p_stage;
  IF FOUND THEN
    PERFORM append_event(p_run, 'cycle_stage', jsonb_build_object('cycle', p_number, 'stage', p_stage));
  END IF;
END $$;
--> statement-breakpoint
-- Called after anything in a cycle ended: queues its select job once every candidate has ended. The cycle's row lock makes
-- two slots that end the last two candidates at the same time agree.
CREATE FUNCTION cycle_check_evaluated(p_run bigint, p_number integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE total integer; ended integer; complete integer;
BEGIN
  PERFORM 1 FROM cycle WHERE run_id = p_run AND number = p_number FOR NO KEY UPDATE;
  SELECT (config->>'candidates_per_cycle')::integer INTO STRICT total FROM run WHERE id = p_run;
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
-- What comes after a cycle whose selection is stored: fine-tuning when there is anything to train on, else the next cycle
-- with the current model, else the end of the run. Also called when a person adds cycles to a finished run.
CREATE FUNCTION cycle_advance(p_run bigint, p_number integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r run%ROWTYPE; current_adapter bigint; pool integer;
BEGIN
  SELECT * INTO STRICT r FROM run WHERE id = p_run FOR NO KEY UPDATE;
  IF p_number + 1 >= r.cycles THEN
    PERFORM cycle_set_stage(p_run, p_number, 'ended');
    IF r.state NOT IN ('finished', 'failed', 'cancelled') THEN
      UPDATE run SET state = 'finished', desired = 'run', ended_at = now() WHERE id = p_run;
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
