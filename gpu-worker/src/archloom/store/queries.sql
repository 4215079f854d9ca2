-- Every query of the worker, by name. Each one is prepared against the migrated schema by a test.
-- Functions whose names begin with job_, run_, cycle_ and append_ are in drizzle/migrations.

-- name: job_claim
-- A task's job has no run and no cycle; the worker sees 0 there and goes by task_id.
SELECT id, kind, coalesce(run_id, 0) AS run_id, coalesce(cycle, 0) AS cycle, task_id, evaluation_id, args, requested_by, state,
  lease_token
FROM job_claim(%(worker)s, %(kinds)s::text[], %(lease_seconds)s);

-- name: job_heartbeat
SELECT lease_token, desired FROM job_heartbeat(%(worker)s, %(tokens)s::bigint[], %(lease_seconds)s);

-- name: job_hold
SELECT 1 FROM job_hold(%(job)s, %(token)s);

-- name: job_finish
SELECT state FROM job_finish(%(job)s, %(token)s, %(ending)s, %(error)s);

-- name: job_reap
SELECT id, kind, coalesce(run_id, 0) AS run_id, coalesce(cycle, 0) AS cycle, task_id, evaluation_id, args, requested_by, state,
  lease_token
FROM job_reap(%(lease_seconds)s, %(lock_grace_seconds)s);

-- name: run_fail
SELECT run_fail(%(run)s, %(error)s);

-- name: append_event
SELECT append_event(%(run)s, %(type)s, %(payload)s);

-- name: lock_cycle
SELECT 1 FROM cycle WHERE run_id = %(run)s AND number = %(cycle)s FOR NO KEY UPDATE;

-- name: cycle_plan
SELECT run.config, cycle.adapter_id, adapter.sha256 AS adapter_sha256,
  template.kind AS prompt_kind, template.system AS prompt_system, template.text AS prompt_text
FROM cycle JOIN run ON run.id = cycle.run_id LEFT JOIN adapter ON adapter.id = cycle.adapter_id
  LEFT JOIN prompt_template template ON template.name || '@' || template.version = run.config->'prompt'->>'template'
WHERE cycle.run_id = %(run)s AND cycle.number = %(cycle)s;

-- name: cycle_cut
SELECT cycle_cut(%(job)s, %(token)s);

-- name: task_args
SELECT args FROM task WHERE id = %(task)s;

-- name: task_progress
UPDATE task SET progress = %(progress)s WHERE id = %(task)s;

-- name: task_end
UPDATE task SET state = 'done', result = %(result)s, ended_at = now() WHERE id = %(task)s;

-- name: job_last_try
UPDATE job SET attempts = max_attempts WHERE id = %(job)s;

-- name: batch_open_candidates
INSERT INTO candidate (run_id, cycle, index, batch)
SELECT %(run)s, %(cycle)s, place, %(batch)s
FROM generate_series(%(first_index)s::integer, %(first_index)s::integer + %(count)s::integer - 1) AS place
ON CONFLICT (run_id, cycle, index) DO NOTHING;

-- name: batch_set_prompt
UPDATE cycle SET prompt = %(prompt)s WHERE run_id = %(run)s AND number = %(cycle)s;

-- name: batch_append_chunk
-- `already` is how many chunks this attempt has stored: a repetition after a lost commit finds one more and adds nothing.
SELECT append_chunk(%(run)s, %(cycle)s, %(batch)s, %(attempt)s, %(suffixes)s)
WHERE %(already)s = (
  SELECT count(*) FROM generation_chunk
  WHERE run_id = %(run)s AND cycle = %(cycle)s AND batch = %(batch)s AND attempt = %(attempt)s
);

-- name: batch_store_programs
UPDATE candidate SET
  code = program.code, answer = program.answer, tokens = program.tokens, finished = program.finished, state = 'complete',
  completed_at = now()
FROM unnest(%(indexes)s::integer[], %(codes)s::text[], %(answers)s::text[], %(tokens)s::integer[], %(finished)s::boolean[])
  AS program(index, code, answer, tokens, finished)
WHERE candidate.run_id = %(run)s AND candidate.cycle = %(cycle)s AND candidate.index = program.index
  AND candidate.state = 'writing';

-- name: batch_queue_evaluations
INSERT INTO evaluation (candidate_id, ordinal, recipe, seed, requested_by)
SELECT id, 1, %(recipe)s, %(seed)s, 'loop' FROM candidate
WHERE run_id = %(run)s AND cycle = %(cycle)s AND batch = %(batch)s AND state = 'complete' ORDER BY index
ON CONFLICT (candidate_id, ordinal) DO NOTHING;

-- name: batch_queue_jobs
INSERT INTO job (kind, run_id, cycle, evaluation_id, dedupe_key)
SELECT 'evaluate', candidate.run_id, candidate.cycle, evaluation.id, 'evaluate:' || evaluation.id
FROM candidate JOIN evaluation ON evaluation.candidate_id = candidate.id AND evaluation.ordinal = 1
WHERE candidate.run_id = %(run)s AND candidate.cycle = %(cycle)s AND candidate.batch = %(batch)s
  AND candidate.state = 'complete'
ORDER BY candidate.index ON CONFLICT (dedupe_key) DO NOTHING;

-- name: batch_delete_chunks
DELETE FROM generation_chunk WHERE run_id = %(run)s AND cycle = %(cycle)s AND batch = %(batch)s;

-- name: batch_count_work
UPDATE cycle SET generated_tokens = generated_tokens + %(tokens)s, generate_seconds = generate_seconds + %(seconds)s
WHERE run_id = %(run)s AND number = %(cycle)s;

-- name: cycle_check_evaluated
SELECT cycle_check_evaluated(%(run)s, %(cycle)s);

-- name: evaluation_task
SELECT evaluation.id, evaluation.ordinal, evaluation.recipe, evaluation.seed, candidate.id AS candidate_id,
  candidate.run_id, candidate.cycle, candidate.index, candidate.code
FROM evaluation JOIN candidate ON candidate.id = evaluation.candidate_id WHERE evaluation.id = %(evaluation)s;

-- name: evaluation_start
UPDATE evaluation SET
  state = 'running', started_at = now(), worker_id = %(worker)s, protection_level = %(protection_level)s
WHERE id = %(evaluation)s AND state <> 'ended';

-- name: evaluation_start_candidate
UPDATE candidate SET state = 'evaluating' WHERE id = %(candidate)s AND state = 'complete';

-- name: evaluation_end
UPDATE evaluation SET
  state = 'ended', ended_at = now(), outcome = %(outcome)s,
  error_type = %(error_type)s, error_message = %(error_message)s, error_line = %(error_line)s,
  parsed = %(parsed)s, built = %(built)s,
  accuracy = %(accuracy)s, selection_total = %(selection_total)s,
  report_accuracy = %(report_accuracy)s, report_total = %(report_total)s,
  parameters = %(parameters)s, multiply_adds = %(multiply_adds)s, batches_delivered = %(batches_delivered)s,
  train_seconds = %(train_seconds)s, train_cpu_seconds = %(train_cpu_seconds)s, wall_seconds = %(wall_seconds)s,
  peak_memory_bytes = %(peak_memory_bytes)s, output = %(output)s, fingerprint = %(fingerprint)s, device = %(device)s
WHERE id = %(evaluation)s AND state <> 'ended';

-- name: evaluation_end_unjudged
UPDATE evaluation SET state = 'ended', ended_at = now(), outcome = %(outcome)s, error_message = %(error)s
WHERE id = %(evaluation)s AND state <> 'ended';

-- name: evaluation_end_candidate
-- A candidate's figures are those of its first evaluation.
UPDATE candidate SET
  state = 'ended', ended_at = now(), outcome = evaluation.outcome, parsed = evaluation.parsed, built = evaluation.built,
  accuracy = evaluation.accuracy, report_accuracy = evaluation.report_accuracy, parameters = evaluation.parameters,
  fingerprint = evaluation.fingerprint
FROM evaluation
WHERE evaluation.id = %(evaluation)s AND evaluation.ordinal = 1 AND evaluation.state = 'ended'
  AND candidate.id = evaluation.candidate_id AND candidate.state <> 'ended';

-- name: evaluation_requeue
UPDATE evaluation SET state = 'queued', started_at = NULL, worker_id = NULL, protection_level = NULL
WHERE id = %(evaluation)s AND state = 'running';

-- name: evaluation_requeue_candidate
UPDATE candidate SET state = 'complete'
FROM evaluation
WHERE evaluation.id = %(evaluation)s AND evaluation.ordinal = 1 AND candidate.id = evaluation.candidate_id
  AND candidate.state = 'evaluating';

-- name: selection_candidates
SELECT id, index, code, coalesce(parsed, false) AS parsed, outcome = 'ok' AS valid, accuracy, fingerprint FROM candidate
WHERE run_id = %(run)s AND cycle = %(cycle)s AND state = 'ended' ORDER BY index;

-- name: selection_earlier_programs
SELECT id, cycle, code, fingerprint FROM candidate
WHERE run_id = %(run)s AND cycle >= %(from_cycle)s AND cycle < %(before_cycle)s AND code IS NOT NULL
ORDER BY cycle, index;

-- name: selection_store_verdicts
UPDATE candidate SET
  jaccard = verdict.jaccard, minhash_estimate = verdict.minhash_estimate, novelty_basis = verdict.basis,
  neighbour_candidate_id = verdict.neighbour_candidate, neighbour_corpus_entry_id = verdict.neighbour_corpus_entry,
  twin_candidate_id = verdict.twin_candidate, twin_corpus_entry_id = verdict.twin_corpus_entry,
  novel = verdict.novel, selection_reason = verdict.reason
FROM unnest(
  %(ids)s::bigint[], %(jaccards)s::double precision[], %(estimates)s::double precision[], %(bases)s::text[],
  %(neighbour_candidates)s::bigint[], %(neighbour_corpus_entries)s::bigint[],
  %(twin_candidates)s::bigint[], %(twin_corpus_entries)s::bigint[], %(novel)s::boolean[], %(reasons)s::text[]
) AS verdict(
  id, jaccard, minhash_estimate, basis, neighbour_candidate, neighbour_corpus_entry, twin_candidate, twin_corpus_entry,
  novel, reason
)
WHERE candidate.id = verdict.id;

-- name: selection_end_cycle
UPDATE cycle SET selection_threshold = %(threshold)s, select_seconds = %(seconds)s
WHERE run_id = %(run)s AND number = %(cycle)s;

-- name: cycle_advance
SELECT cycle_advance(%(run)s, %(cycle)s);

-- name: adapter_open
INSERT INTO adapter (run_id, cycle) VALUES (%(run)s, %(cycle)s)
ON CONFLICT (run_id, cycle) DO UPDATE SET state = 'training', created_at = now() RETURNING id;

-- name: adapter_forget_pairs
DELETE FROM training_pair WHERE adapter_id = %(adapter)s;

-- name: adapter_choose_pairs
INSERT INTO training_pair (adapter_id, position, candidate_id)
SELECT %(adapter)s, row_number() OVER (ORDER BY cycle, index) - 1, id FROM candidate
WHERE run_id = %(run)s AND cycle <= %(cycle)s AND selection_reason IS NOT NULL;

-- name: adapter_choose_replay
-- After the selected ones, so many of the corpus that they make up `share` of the whole; a share of 1 takes all. Which
-- ones follows from the seed and their positions, which mean the same in every database.
INSERT INTO training_pair (adapter_id, position, corpus_entry_id)
SELECT %(adapter)s, chosen.place + selected.pairs - 1, chosen.id
FROM (SELECT count(*) AS pairs FROM training_pair WHERE adapter_id = %(adapter)s) selected
CROSS JOIN LATERAL (
  SELECT id, row_number() OVER (ORDER BY md5(%(seed)s::text || ':' || position)) AS place FROM corpus_entry
  WHERE corpus_version = %(corpus_version)s AND split = 'train'
) chosen
WHERE %(share)s::double precision >= 1
  OR chosen.place <= round(selected.pairs * %(share)s::double precision / nullif(1 - %(share)s::double precision, 0));

-- name: adapter_pairs
SELECT candidate.cycle, candidate.index, candidate.code, cycle.prompt
FROM training_pair
JOIN candidate ON candidate.id = training_pair.candidate_id
JOIN cycle ON cycle.run_id = candidate.run_id AND cycle.number = candidate.cycle
WHERE training_pair.adapter_id = %(adapter)s ORDER BY training_pair.position;

-- name: adapter_replay_pairs
SELECT entry.position, entry.code, entry.messages, entry.answer
FROM training_pair JOIN corpus_entry entry ON entry.id = training_pair.corpus_entry_id
WHERE training_pair.adapter_id = %(adapter)s ORDER BY training_pair.position;

-- name: adapter_store_part
INSERT INTO adapter_file (adapter_id, name, part, data) VALUES (%(adapter)s, %(name)s, %(part)s, %(data)s);

-- name: adapter_end
UPDATE adapter SET
  state = 'ready', ended_at = now(), base_sha256 = %(base_sha256)s, sha256 = %(sha256)s, steps = %(steps)s,
  tokens = %(tokens)s, seconds = %(seconds)s, points = %(points)s
WHERE id = %(adapter)s;

-- name: adapter_forget_files
DELETE FROM adapter_file WHERE adapter_id = %(adapter)s;

-- name: adapter_files
SELECT name, data FROM adapter_file WHERE adapter_id = %(adapter)s ORDER BY name, part;

-- name: cycle_end
SELECT cycle_set_stage(%(run)s, %(cycle)s, 'ended');

-- name: cycle_open
SELECT cycle_open(%(run)s, %(cycle)s, %(adapter)s);

-- name: corpus_find
SELECT sha256 FROM corpus WHERE version = %(version)s;

-- name: corpus_identity
-- Another text when a deleted corpus was made again under the same name.
SELECT sha256 || ' ' || created_at FROM corpus WHERE version = %(version)s;

-- name: corpus_insert
INSERT INTO corpus (version, description, entries, sha256)
VALUES (%(version)s, %(description)s, %(entries)s, %(sha256)s) ON CONFLICT (version) DO NOTHING RETURNING version;

-- name: corpus_programs
SELECT id, code FROM corpus_entry WHERE corpus_version = %(version)s ORDER BY position;

-- name: file_name
SELECT name FROM stored_file WHERE id = %(file)s AND complete;

-- name: file_part
SELECT data FROM stored_file_part WHERE file_id = %(file)s AND part = %(part)s;

-- name: file_open
INSERT INTO stored_file (name) VALUES (%(name)s) RETURNING id;

-- name: file_add_part
INSERT INTO stored_file_part (file_id, part, data) VALUES (%(file)s, %(part)s, %(data)s) ON CONFLICT DO NOTHING;

-- name: file_complete
UPDATE stored_file SET complete = true, bytes = %(bytes)s WHERE id = %(file)s;

-- name: finding_forget
DELETE FROM corpus_finding WHERE task_id = %(task)s;

-- name: finding_add
INSERT INTO corpus_finding (task_id, position, locator, name, verdict, reason, entry, fingerprint)
VALUES (%(task)s, %(position)s, %(locator)s, %(name)s, %(verdict)s, %(reason)s, %(entry)s, %(fingerprint)s)
ON CONFLICT (task_id, position) DO NOTHING;

-- name: finding_entries
-- Duplicates too: of equal networks curation keeps the better one.
SELECT locator, entry, fingerprint FROM corpus_finding
WHERE task_id = %(task)s AND verdict IN ('accepted', 'duplicate') AND entry IS NOT NULL ORDER BY position;

-- name: check_args
SELECT args FROM task WHERE id = %(task)s AND kind = 'check_corpus' AND state = 'done';

-- name: corpus_forget
-- What a try before this one has left.
DELETE FROM corpus WHERE task_id = %(task)s AND state = 'importing';

-- name: corpus_open
INSERT INTO corpus (version, description, entries, sha256, state, base_version, task_id)
VALUES (%(version)s, %(description)s, 0, '', 'importing', %(base_version)s, %(task)s)
ON CONFLICT (version) DO NOTHING RETURNING version;

-- name: corpus_add_base
INSERT INTO corpus_entry (corpus_version, position, code, name, messages, answer, accuracy, statistics, family, split)
SELECT %(version)s, position, code, name, messages, answer, accuracy, statistics, family, split FROM corpus_entry
WHERE corpus_version = %(base_version)s ON CONFLICT (corpus_version, position) DO NOTHING;

-- name: corpus_curate_base
UPDATE corpus_entry SET family = curated.family, split = curated.split
FROM unnest(%(positions)s::integer[], %(families)s::text[], %(splits)s::text[]) AS curated(position, family, split)
WHERE corpus_version = %(version)s AND corpus_entry.position = curated.position;

-- name: corpus_add_entry
INSERT INTO corpus_entry (corpus_version, position, code, name, messages, answer, accuracy, statistics, family, split)
VALUES (%(version)s, %(position)s, %(code)s, %(name)s, %(messages)s, %(answer)s, %(accuracy)s, %(statistics)s, %(family)s, %(split)s)
ON CONFLICT (corpus_version, position) DO NOTHING;

-- name: corpus_finish
UPDATE corpus SET state = 'ready', sha256 = %(sha256)s, report = %(report)s,
  entries = (SELECT count(*) FROM corpus_entry WHERE corpus_version = %(version)s)
WHERE version = %(version)s;

-- name: corpus_entries
SELECT position, code, name, messages, answer, accuracy, statistics, family, split FROM corpus_entry
WHERE corpus_version = %(version)s ORDER BY position;

-- name: run_networks
SELECT candidate.cycle, candidate.index, candidate.code, candidate.accuracy, candidate.report_accuracy, candidate.parameters,
  run.config->>'recipe' AS recipe, (run.config->>'evaluation_seed')::integer AS evaluation_seed, evaluation.train_seconds
FROM candidate JOIN run ON run.id = candidate.run_id
  LEFT JOIN evaluation ON evaluation.candidate_id = candidate.id AND evaluation.ordinal = 1
WHERE candidate.run_id = %(run)s AND candidate.outcome = 'ok' AND (candidate.selection_reason = 'winner' OR NOT %(winners)s)
ORDER BY candidate.cycle, candidate.index;

-- name: corpus_fingerprints_find
SELECT data FROM corpus_fingerprints
WHERE corpus_version = %(corpus_version)s AND shape = %(shape)s AND version = %(version)s;

-- name: corpus_fingerprints_store
INSERT INTO corpus_fingerprints (corpus_version, shape, version, data)
VALUES (%(corpus_version)s, %(shape)s, %(version)s, %(data)s)
ON CONFLICT (corpus_version, shape) DO UPDATE SET version = excluded.version, data = excluded.data;

-- name: worker_register
INSERT INTO worker (name, host, pid, device, slots, versions, recipes)
VALUES (%(name)s, %(host)s, %(pid)s, %(device)s, %(slots)s, %(versions)s, %(recipes)s) RETURNING id;

-- name: worker_recipes
UPDATE worker SET recipes = %(recipes)s WHERE id = %(worker)s AND recipes <> %(recipes)s;

-- name: worker_protection
UPDATE worker SET protection_level = %(level)s, protection_checks = %(checks)s WHERE id = %(worker)s;

-- name: worker_lock
SELECT pg_try_advisory_lock(worker_lock_space(), %(worker)s::integer);

-- name: worker_report
UPDATE worker SET activity = %(activity)s, memory_bytes = %(memory_bytes)s, cpu_share = %(cpu_share)s
WHERE id = %(worker)s;

-- name: worker_stop
UPDATE worker SET state = 'stopped', ended_at = now(), activity = '{}' WHERE id = %(worker)s AND state = 'running';
