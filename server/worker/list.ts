import { sql } from "drizzle-orm";

import {
  type AttemptEnding,
  type JobKind,
  jobKinds,
  type ProtectionLevel,
  toCycleId,
  toEvaluationId,
  toTaskId,
  type WorkerState,
} from "../contract";
import { type Database, selectRows } from "../db/client";
import { toIso, toIsoOrNull } from "../db/time";
import { readTogether } from "../db/transact";
import { silentAfterSeconds } from "./alive";
import type { AttemptView, QueueView, WorkersView, WorkerView } from "./views";

const shownWorkers = 20;
const shownAttempts = 50;

/** Workers, what waits for them, and what went wrong lately. */
export function listWorkers(db: Database): Promise<WorkersView> {
  return readTogether(db, async (tx) => ({
    workers: (await readWorkers(tx)).map(toWorker),
    queue: toQueue(await readQueue(tx)),
    troubled_attempts: (await readAttempts(tx)).map(toAttempt),
  }));
}

interface StoredWorker extends Omit<WorkerView, "silent"> {
  state: WorkerState;
  protection_level: ProtectionLevel | null;
}

function toWorker(row: StoredWorker): WorkerView {
  return {
    ...row,
    silent: row.state === "running" && row.heartbeat_age_seconds > silentAfterSeconds,
    started_at: toIso(row.started_at),
    ended_at: toIsoOrNull(row.ended_at),
  };
}

const readWorkers = (db: Database) =>
  selectRows<StoredWorker>(
    db,
    sql`SELECT id::int AS id, name, host, pid, state, device, slots, activity, protection_level, protection_checks,
        versions, memory_bytes::float8 AS memory_bytes, cpu_share,
        greatest(0, extract(epoch FROM clock_timestamp() - heartbeat_at))::float8 AS heartbeat_age_seconds,
        (SELECT count(*) FROM job WHERE owner_id = worker.id)::int AS leased, started_at, ended_at
      FROM worker ORDER BY state = 'running' DESC, coalesce(ended_at, started_at) DESC, id DESC LIMIT ${shownWorkers}`,
  );

function toQueue(rows: readonly QueueView[]): QueueView[] {
  return jobKinds.map((kind) => rows.find((row) => row.kind === kind) ?? { kind, queued: 0, leased: 0, oldest_seconds: null });
}

const readQueue = (db: Database) =>
  selectRows<QueueView>(
    db,
    sql`SELECT kind, count(*) FILTER (WHERE state = 'queued')::int AS queued,
        count(*) FILTER (WHERE state = 'leased')::int AS leased,
        extract(epoch FROM clock_timestamp() - min(created_at) FILTER (WHERE state = 'queued'))::float8 AS oldest_seconds
      FROM job WHERE state IN ('queued', 'leased') GROUP BY kind`,
  );

interface StoredAttempt {
  job: number;
  kind: JobKind;
  run: number | null;
  cycle: number | null;
  task: number | null;
  index: number | null;
  ordinal: number | null;
  worker: string;
  ending: Exclude<AttemptEnding, "done">;
  error: string | null;
  started_at: string;
  ended_at: string | null;
}

function toAttempt({ run, cycle, task, index, ordinal, ...row }: StoredAttempt): AttemptView {
  return {
    ...row,
    subject: toSubject({ run, cycle, task, index, ordinal }),
    started_at: toIso(row.started_at),
    ended_at: toIsoOrNull(row.ended_at),
  };
}

function toSubject({ run, cycle, task, index, ordinal }: Pick<StoredAttempt, "run" | "cycle" | "task" | "index" | "ordinal">): string {
  if (run === null || cycle === null) return toTaskId(task ?? 0);
  return index === null || ordinal === null ? toCycleId(run, cycle) : toEvaluationId({ run, cycle, index }, ordinal);
}

const readAttempts = (db: Database) =>
  selectRows<StoredAttempt>(
    db,
    sql`SELECT job.id::int AS job, job.kind, job.run_id::int AS run, job.cycle, job.task_id::int AS task, candidate.index, evaluation.ordinal,
        worker.name AS worker, attempt.ending, attempt.error, attempt.started_at, attempt.ended_at
      FROM attempt JOIN job ON job.id = attempt.job_id JOIN worker ON worker.id = attempt.worker_id
        LEFT JOIN evaluation ON evaluation.id = job.evaluation_id LEFT JOIN candidate ON candidate.id = evaluation.candidate_id
      WHERE attempt.ending <> 'done' ORDER BY attempt.id DESC LIMIT ${shownAttempts}`,
  );
