ALTER TABLE "evaluation" ADD COLUMN "cancel_requested" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- Ends evaluations a person asked for and wants no more: those waiting at once, those running when their worker hears of it
-- with its next heartbeat. The loop's own and ended ones stay as they are. Returns how many it stopped or is stopping. All
-- jobs are locked before the first run is: an effect locks one job and then its run.
CREATE FUNCTION evaluation_cancel(p_evaluations bigint[]) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE j job%ROWTYPE; n integer := 0;
BEGIN
  PERFORM 1 FROM job WHERE evaluation_id = ANY (p_evaluations) ORDER BY id FOR NO KEY UPDATE;
  FOR j IN UPDATE evaluation e SET cancel_requested = true FROM job
      WHERE job.evaluation_id = e.id AND e.id = ANY (p_evaluations) AND e.requested_by = 'person' AND e.state <> 'ended'
        AND job.state IN ('queued', 'leased') RETURNING job.*
  LOOP
    n := n + 1;
    IF j.state = 'queued' THEN
      UPDATE job SET state = 'cancelled', ended_at = now() WHERE id = j.id;
      PERFORM evaluation_end_cancelled(j.evaluation_id);
    END IF;
  END LOOP;
  IF n > 0 THEN PERFORM pg_notify('archloom_job', ''); END IF;
  RETURN n;
END $$;
--> statement-breakpoint
-- What a cancelled evaluation leaves: its row says so, and whoever watches its run hears it.
CREATE FUNCTION evaluation_end_cancelled(p_evaluation bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE c candidate%ROWTYPE; o integer;
BEGIN
  UPDATE evaluation SET state = 'ended', outcome = 'cancelled', ended_at = now() WHERE id = p_evaluation RETURNING ordinal INTO STRICT o;
  SELECT candidate.* INTO STRICT c FROM candidate JOIN evaluation e ON e.candidate_id = candidate.id WHERE e.id = p_evaluation;
  PERFORM append_event(c.run_id, 'evaluation_ended',
    jsonb_build_object('cycle', c.cycle, 'index', c.index, 'ordinal', o, 'outcome', 'cancelled', 'accuracy', NULL));
END $$;
--> statement-breakpoint
-- heartbeat: what is desired of a task, or of an evaluation a person asked for, is 'cancel' once that was requested, else 'run'.
CREATE OR REPLACE FUNCTION job_heartbeat(p_worker bigint, p_tokens bigint[], p_lease_seconds double precision)
RETURNS TABLE (lease_token bigint, desired text) LANGUAGE plpgsql AS $$
BEGIN
  UPDATE worker SET heartbeat_at = clock_timestamp(), state = 'running', ended_at = NULL, lock_free_since = NULL
    WHERE id = p_worker;
  RETURN QUERY
    UPDATE job SET lease_expires_at = clock_timestamp() + make_interval(secs => p_lease_seconds)
      FROM job mine LEFT JOIN run ON run.id = mine.run_id LEFT JOIN task ON task.id = mine.task_id
        LEFT JOIN evaluation ON evaluation.id = mine.evaluation_id
      WHERE mine.id = job.id AND job.owner_id = p_worker AND job.state = 'leased' AND job.lease_token = ANY (p_tokens)
      RETURNING job.lease_token, CASE
        WHEN task.cancel_requested OR evaluation.cancel_requested THEN 'cancel'
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
  -- What was asked to be cancelled is not tried again.
  IF j.state = 'queued' AND (EXISTS (SELECT FROM task WHERE id = j.task_id AND cancel_requested)
      OR EXISTS (SELECT FROM evaluation WHERE id = j.evaluation_id AND cancel_requested)) THEN
    UPDATE job SET state = 'cancelled', ended_at = now() WHERE id = p_job RETURNING * INTO STRICT j;
  END IF;
  IF j.task_id IS NOT NULL THEN
    -- A finished task's result is stored by its last effect.
    UPDATE task SET state = j.state, error = CASE j.state WHEN 'failed' THEN p_error END, ended_at = j.ended_at
      WHERE id = j.task_id AND j.state <> 'done';
    -- All or nothing: an import that ended early leaves no half of a corpus behind.
    IF j.state IN ('failed', 'cancelled') THEN DELETE FROM corpus WHERE task_id = j.task_id AND state = 'importing'; END IF;
  ELSIF j.requested_by = 'loop' THEN
    PERFORM 1 FROM cycle WHERE run_id = j.run_id AND number = j.cycle FOR NO KEY UPDATE;
    PERFORM run_settle(j.run_id);
    -- In a run that is over the job was swept meanwhile.
    SELECT * INTO STRICT j FROM job WHERE id = p_job;
  ELSIF j.state = 'cancelled' THEN
    PERFORM evaluation_end_cancelled(j.evaluation_id);
  END IF;
  RETURN j;
END $$;
