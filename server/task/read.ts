import { type SQL, sql } from "drizzle-orm";

import { parseTaskId, type TaskKind, type TaskProgress, type TaskState, toTaskId } from "../contract";
import { type Database, selectRows } from "../db/client";
import { toIso, toIsoOrNull } from "../db/time";
import { ServiceError } from "../service-error";
import { hasWorkers } from "../worker/alive";
import { toPace } from "./seconds-left";
import type { TaskProgressView, TaskView } from "./views";

interface StoredTask {
  id: number;
  kind: TaskKind;
  state: TaskState;
  cancel_requested: boolean;
  progress: TaskProgress | null;
  /** Of the attempt that is under way, to now. */
  attempt_seconds: number | null;
  result: Record<string, unknown> | null;
  error: string | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
}

const newest = 20;

/** Throws `not_found`. */
export async function getTask(db: Database, id: string): Promise<TaskView> {
  const [row] = await readTasks(db, sql`task.id = ${parseTaskId(id)}`);
  if (row === undefined) throw new ServiceError("not_found", `There is no task ${id}.`, "id");
  return toView(row, await hasWorkers(db));
}

/** The newest tasks, of these kinds or of all. */
export async function listTasks(db: Database, kinds: readonly TaskKind[] = []): Promise<TaskView[]> {
  const words = sql.join(kinds.map((kind) => sql`${kind}`), sql`, `);
  const rows = await readTasks(db, kinds.length === 0 ? sql`true` : sql`task.kind IN (${words})`);
  const workers = await hasWorkers(db);
  return rows.map((row) => toView(row, workers));
}

const readTasks = (db: Database, condition: SQL) =>
  selectRows<StoredTask>(
    db,
    sql`SELECT id::int AS id, kind, state, cancel_requested, progress, result, error, created_at, started_at, ended_at,
        CASE state WHEN 'running' THEN (SELECT extract(epoch FROM clock_timestamp() - attempt.started_at)
          FROM attempt JOIN job ON job.id = attempt.job_id WHERE job.task_id = task.id ORDER BY attempt.id DESC LIMIT 1) END::float8 AS attempt_seconds
      FROM task WHERE ${condition} ORDER BY task.id DESC LIMIT ${newest}`,
  );

/** The stored result is the worker's, checked there against the contract that the type is of. */
function toView(row: StoredTask, workers: boolean): TaskView {
  const open = row.state === "queued" || row.state === "running";
  const view = {
    id: toTaskId(row.id),
    kind: row.kind,
    state: row.state,
    cancelling: open && row.cancel_requested,
    waiting_for_worker: open && !workers,
    progress: row.progress === null ? null : toProgress(row.progress, row.attempt_seconds),
    result: row.result,
    error: row.error,
    created_at: toIso(row.created_at),
    started_at: toIsoOrNull(row.started_at),
    ended_at: toIsoOrNull(row.ended_at),
  };
  return view as TaskView;
}

const toProgress = (progress: TaskProgress, seconds: number | null): TaskProgressView => ({
  ...progress,
  ...(seconds === null ? { per_second: null, seconds_left: null } : toPace(progress.done, progress.total, seconds)),
});
