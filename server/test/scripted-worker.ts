/**
 * A worker that follows a script instead of a language model: it claims real jobs and gives each the effects that the
 * Python worker gives it, through the same SQL functions. For tests of what is built on those effects.
 */
import postgres, { type JSONValue, type Sql } from "postgres";
import { type LoopKind, loopKinds, type Outcome, type TaskKind, taskKinds } from "../contract";

export interface ScriptedResult {
  outcome: Outcome;
  accuracy?: number;
  errorType?: string;
  jaccard?: number;
}

export interface Script {
  /** What becomes of a candidate; asked again, with another seed, for a re-run. */
  judge?: (candidate: { cycle: number; index: number; seed: number }) => ScriptedResult;
  /** Number of characters in a chunk. */
  chunk?: number;
}

/** A task that was begun. It is ended by `finish` or `fail`; until then it is running. */
export interface ScriptedTask {
  id: number;
  kind: TaskKind;
  args: Record<string, JSONValue>;
  report: (done: number, total: number | null, unit: string, note?: string) => Promise<void>;
  /** Whether a person has asked for its end. */
  isCancelled: () => Promise<boolean>;
  finish: (result: Record<string, JSONValue>) => Promise<void>;
  /** Ends it with a sentence, or as cancelled with none. */
  fail: (error: string | null) => Promise<void>;
}

interface ClaimedJob {
  id: string;
  kind: LoopKind | TaskKind;
  run_id: string;
  task_id: string | null;
  cycle: number;
  evaluation_id: string | null;
  args: { batch: number; first_index: number; count: number };
  lease_token: string;
}

export interface ScriptedWorker {
  id: number;
  /** Claims and does one job of these kinds; false when there was none. */
  step: (kinds?: readonly LoopKind[]) => Promise<boolean>;
  /** Until there is nothing left to claim. */
  work: () => Promise<void>;
  /** Claims a generate job and writes only part of its programs; `finish` writes the rest. */
  beginBatch: () => Promise<{
    write: (suffixes: Record<string, string>) => Promise<number>;
    finish: () => Promise<void>;
  }>;
  /** Claims the next task of these kinds. */
  beginTask: (kinds?: readonly TaskKind[]) => Promise<ScriptedTask>;
  close: () => Promise<void>;
}

const leaseSeconds = 30;

export const toProgram = (cycle: number, index: number) =>
  `import torch\n\nclass Net:\n    name = "${cycle}-${index}"\n`;

export async function startScriptedWorker(url: string, script: Script = {}): Promise<ScriptedWorker> {
  const sql = postgres(url, { max: 4, onnotice: () => undefined });
  const [worker] = await sql<{ id: string }[]>`
    insert into worker (name, host, pid, device, slots, protection_level, versions)
    values ('scripted', 'test', 1, 'cpu', 2, 'full', ${sql.json({ torch: "0" })}) returning id`;
  if (!worker) throw new Error("the insert returned no row");

  const claim = async (kinds: readonly (LoopKind | TaskKind)[]) => {
    const [job] = await sql<
      ClaimedJob[]
    >`select * from job_claim(${worker.id}, ${sql.array([...kinds])}, ${leaseSeconds})`;
    return job;
  };

  const step = async (kinds: readonly LoopKind[] = loopKinds) => {
    const job = await claim(kinds);
    if (!job) return false;
    await effects[job.kind as LoopKind](sql, job, script);
    return true;
  };

  return {
    id: Number(worker.id),
    step,
    async work() {
      while (await step());
    },
    async beginBatch() {
      const job = await claim(["generate"]);
      if (!job) throw new Error("there is no batch to write");
      await openBatch(sql, job);
      return { write: (suffixes) => writeChunk(sql, job, suffixes), finish: () => storeBatch(sql, job) };
    },
    async beginTask(kinds = taskKinds) {
      const job = await claim(kinds);
      if (!job) throw new Error("there is no task to begin");
      return toTask(sql, worker.id, job);
    },
    close: () => sql.end(),
  };
}

async function toTask(sql: Sql, worker: string, job: ClaimedJob): Promise<ScriptedTask> {
  const [stored] = await sql<{ args: Record<string, JSONValue> }[]>`select args from task where id = ${job.task_id}`;
  return {
    id: Number(job.task_id),
    kind: job.kind as TaskKind,
    args: stored?.args ?? {},
    async report(done, total, unit, note = "") {
      await sql`update task set progress = ${sql.json({ done, total, unit, note })} where id = ${job.task_id}`;
    },
    async isCancelled() {
      const [beat] = await sql<{ desired: string }[]>`select desired from job_heartbeat(${worker}, ${sql.array([job.lease_token])}::bigint[], ${leaseSeconds})`;
      return beat?.desired === "cancel";
    },
    finish: (result) =>
      hold(sql, job, async (tx) => {
        await tx`update task set state = 'done', result = ${tx.json(result)}, ended_at = now() where id = ${job.task_id}`;
      }),
    async fail(error) {
      await sql.begin(async (tx) => {
        await tx`update job set attempts = max_attempts where id = ${job.id}`;
        await tx`select job_finish(${job.id}, ${job.lease_token}, ${error === null ? "cancelled" : "failed"}, ${error})`;
      });
    },
  };
}

const judgeFine = (): ScriptedResult => ({ outcome: "ok", accuracy: 0.5 });

const effects: Record<LoopKind, (sql: Sql, job: ClaimedJob, script: Script) => Promise<void>> = {
  async generate(sql, job, { chunk = 20 }) {
    const indexes = await openBatch(sql, job);
    for (let from = 0; from < toProgram(job.cycle, 0).length; from += chunk) {
      const suffixes = indexes.map((index) => [index, toProgram(job.cycle, index).slice(from, from + chunk)]);
      await writeChunk(sql, job, Object.fromEntries(suffixes));
    }
    await storeBatch(sql, job);
  },

  async evaluate(sql, job, { judge = judgeFine }) {
    const [found] = await sql<
      { id: string; candidate: string; ordinal: number; seed: number; cycle: number; index: number }[]
    >`
      update evaluation e set state = 'running', started_at = now() from candidate c
      where e.id = ${job.evaluation_id} and c.id = e.candidate_id
      returning e.id, c.id as candidate, e.ordinal, e.seed, c.cycle, c.index`;
    if (!found) throw new Error("the job has no evaluation");
    const { cycle, index, ordinal, seed } = found;
    await append(sql, job.run_id, ordinal === 1 ? "candidate_evaluating" : "evaluation_started", {
      cycle,
      index,
      ...(ordinal > 1 && { ordinal }),
    });
    const result = judge({ cycle, index, seed });
    const accuracy = result.accuracy ?? null;
    const built = !["parse_error", "build_error"].includes(result.outcome);
    const parsed = result.outcome !== "parse_error";
    await hold(sql, job, async (tx) => {
      await tx`update evaluation set state = 'ended', outcome = ${result.outcome}, accuracy = ${accuracy}, report_accuracy = ${accuracy},
        selection_total = 250, report_total = 250, parsed = ${parsed}, built = ${built}, error_type = ${result.errorType ?? null},
        error_message = ${result.errorType ? "it said so" : null}, error_line = ${result.errorType ? 3 : null}, wall_seconds = 0.25,
        train_seconds = 0.2, protection_level = 'full', worker_id = (select owner_id from job where id = ${job.id}), ended_at = now()
        where id = ${found.id}`;
      if (ordinal > 1) {
        await append(tx, job.run_id, "evaluation_ended", {
          cycle,
          index,
          ordinal,
          outcome: result.outcome,
          accuracy,
        });
        return;
      }
      await tx`update candidate set state = 'ended', outcome = ${result.outcome}, accuracy = ${accuracy}, report_accuracy = ${accuracy},
        parsed = ${parsed}, built = ${built}, parameters = ${built ? 1000 + index : null}, jaccard = ${result.jaccard ?? null}, ended_at = now()
        where id = ${found.candidate}`;
      await append(tx, job.run_id, "candidate_ended", { cycle, index, outcome: result.outcome, accuracy });
      await tx`select cycle_check_evaluated(${job.run_id}, ${cycle})`;
    });
  },

  select: (sql, job) =>
    hold(sql, job, async (tx) => {
      const of = tx`run_id = ${job.run_id} and cycle = ${job.cycle}`;
      await tx`update candidate set jaccard = coalesce(jaccard, 0.5), minhash_estimate = 0.5, novelty_basis = 'body',
        novel = coalesce(jaccard, 0.5) < 0.85, neighbour_candidate_id = (select id from candidate n where n.run_id = candidate.run_id
          and (n.cycle, n.index) < (candidate.cycle, candidate.index) order by n.cycle desc, n.index desc limit 1)
        where ${of} and outcome = 'ok'`;
      await tx`update cycle set selection_threshold = 0.4, select_seconds = 0.5 where run_id = ${job.run_id} and number = ${job.cycle}`;
      await tx`update candidate set selection_reason = case when accuracy >= 0.4 then 'winner' else 'fallback' end
        where ${of} and novel and accuracy >= 0.2`;
      await append(tx, job.run_id, "selection_ended", {
        cycle: job.cycle,
        novel: 1,
        winners: 1,
        selected: 1,
        threshold: 0.4,
      });
      await tx`select cycle_advance(${job.run_id}, ${job.cycle})`;
    }),

  async finetune(sql, job) {
    const [adapter] = await sql<
      { id: string }[]
    >`insert into adapter (run_id, cycle) values (${job.run_id}, ${job.cycle}) returning id`;
    if (!adapter) throw new Error("the insert returned no row");
    await sql`insert into training_pair (adapter_id, position, candidate_id)
      select ${adapter.id}, row_number() over (order by cycle, index) - 1, id from candidate
      where run_id = ${job.run_id} and selection_reason is not null`;
    const points = [1, 2].map((at) => ({ step: at, loss: 1 / at, learning_rate: 0.001, grad_norm: 1 }));
    for (const { step, loss } of points) {
      await append(sql, job.run_id, "finetune_step", {
        cycle: job.cycle,
        step,
        total_steps: points.length,
        loss,
      });
    }
    await hold(sql, job, async (tx) => {
      await tx`update adapter set state = 'ready', steps = 2, tokens = 100, seconds = 1.5, points = ${tx.json(points)}, ended_at = now()
        where id = ${adapter.id}`;
      await tx`select cycle_set_stage(${job.run_id}, ${job.cycle}, 'ended')`;
      await append(tx, job.run_id, "finetune_ended", { cycle: job.cycle, pairs: 1, seconds: 1.5 });
      await tx`select cycle_open(${job.run_id}, ${job.cycle + 1}, ${adapter.id})`;
    });
  },
};

const indexesOf = ({ args }: ClaimedJob) =>
  Array.from({ length: args.count }, (_, at) => args.first_index + at);

async function openBatch(sql: Sql, job: ClaimedJob): Promise<number[]> {
  const indexes = indexesOf(job);
  await sql`insert into candidate (run_id, cycle, index, batch)
    select ${job.run_id}, ${job.cycle}, index, ${job.args.batch} from unnest(${sql.array(indexes)}::int[]) as index
    on conflict do nothing`;
  await sql`update cycle set prompt = 'import torch' where run_id = ${job.run_id} and number = ${job.cycle}`;
  await append(sql, job.run_id, "batch_started", { cycle: job.cycle, batch: job.args.batch, indexes });
  return indexes;
}

async function writeChunk(sql: Sql, job: ClaimedJob, suffixes: Record<string, string>): Promise<number> {
  const [row] = await sql<{ seq: string }[]>`
    select append_chunk(${job.run_id}, ${job.cycle}, ${job.args.batch}, ${job.lease_token}, ${sql.json(suffixes)}) as seq`;
  return Number(row?.seq);
}

async function storeBatch(sql: Sql, job: ClaimedJob): Promise<void> {
  const indexes = indexesOf(job);
  await hold(sql, job, async (tx) => {
    for (const index of indexes) {
      const [candidate] = await tx<{ id: string }[]>`
        update candidate set code = ${toProgram(job.cycle, index)}, tokens = 10, finished = true, state = 'complete', completed_at = now()
        where run_id = ${job.run_id} and cycle = ${job.cycle} and index = ${index} returning id`;
      if (!candidate) throw new Error("the candidate is gone");
      const [evaluation] = await tx<{ id: string }[]>`
        insert into evaluation (candidate_id, ordinal, recipe, seed, requested_by)
        select ${candidate.id}, 1, config->>'recipe', (config->>'evaluation_seed')::int, 'loop' from run where id = ${job.run_id} returning id`;
      await tx`insert into job (kind, run_id, cycle, evaluation_id, dedupe_key)
        values ('evaluate', ${job.run_id}, ${job.cycle}, ${evaluation?.id ?? null}, ${`evaluate:${evaluation?.id}`})`;
    }
    await tx`delete from generation_chunk where run_id = ${job.run_id} and cycle = ${job.cycle} and batch = ${job.args.batch}`;
    await tx`update cycle set generated_tokens = generated_tokens + ${10 * indexes.length}, generate_seconds = generate_seconds + 0.1
      where run_id = ${job.run_id} and number = ${job.cycle}`;
    await append(tx, job.run_id, "batch_ended", {
      cycle: job.cycle,
      batch: job.args.batch,
      indexes,
      tokens: 10 * indexes.length,
    });
  });
}

/** An effect transaction: fails when the lease is lost, and ends the job with its effect. */
async function hold(
  sql: Sql,
  job: ClaimedJob,
  effect: (tx: postgres.TransactionSql) => Promise<void>,
): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select job_hold(${job.id}, ${job.lease_token})`;
    await effect(tx);
    await tx`select job_finish(${job.id}, ${job.lease_token}, 'done')`;
  });
}

async function append(
  sql: postgres.ISql,
  run: string,
  type: string,
  payload: Record<string, JSONValue>,
): Promise<void> {
  await sql`select append_event(${run}, ${type}, ${sql.json(payload)})`;
}
