import { sql } from "drizzle-orm";

import { type CorpusSource, type FindingVerdict, findingVerdicts, parseTaskId, toFileId, toRunId, toTaskId } from "../contract";
import { type Database, selectRows } from "../db/client";
import { readTogether } from "../db/transact";
import { ServiceError } from "../service-error";
import { getTask } from "../task/read";
import type { TaskArgs } from "../task/open";
import type { TaskView } from "../task/views";
import type { CorpusCheckView, FindingCounts } from "./views";

type CheckArgs = TaskArgs["check_corpus"];

/** A check by its task. Throws `not_found`, also for a task of another kind. */
export function getCheck(db: Database, id: string): Promise<CorpusCheckView> {
  return readTogether(db, async (tx) => {
    const task = await getTask(tx, id);
    const { source, recipe, base_version } = await readCheckArgs(tx, id);
    return {
      task,
      source: await toWords(tx, source, task),
      recipe,
      base_version,
      counts: await readFindingCounts(tx, id),
      import: await findImport(tx, id),
    };
  });
}

/** Throws `not_found` for a task that is no check. */
export async function readCheckArgs(db: Database, id: string): Promise<CheckArgs> {
  const [row] = await selectRows<{ args: CheckArgs }>(db, sql`SELECT args FROM task WHERE id = ${parseTaskId(id)} AND kind = 'check_corpus'`);
  if (row === undefined) throw new ServiceError("not_found", `${id} is no check of a corpus.`, "check");
  return row.args;
}

export async function readFindingCounts(db: Database, id: string): Promise<FindingCounts> {
  const rows = await selectRows<{ verdict: FindingVerdict; n: number }>(
    db,
    sql`SELECT verdict, count(*)::int AS n FROM corpus_finding WHERE task_id = ${parseTaskId(id)} GROUP BY verdict`,
  );
  const counts: FindingCounts = { accepted: 0, duplicate: 0, rejected: 0 };
  for (const verdict of findingVerdicts) counts[verdict] = rows.find((row) => row.verdict === verdict)?.n ?? 0;
  return counts;
}

/** As the worker calls it once it is done; the file itself may be gone by then. */
async function toWords(tx: Database, source: CorpusSource, task: TaskView): Promise<string> {
  if (task.kind === "check_corpus" && task.result !== null) return task.result.source;
  if (source.type === "nn_dataset") return "nn-dataset";
  const [named] = await selectRows<{ name: string }>(
    tx,
    source.type === "run" ? sql`SELECT name FROM run WHERE id = ${source.run}` : sql`SELECT name FROM stored_file WHERE id = ${source.file}`,
  );
  if (source.type === "file") return named?.name ?? toFileId(source.file);
  return named === undefined ? toRunId(source.run) : `${toRunId(source.run)}, ${named.name}`;
}

async function findImport(tx: Database, check: string): Promise<CorpusCheckView["import"]> {
  const [row] = await selectRows<{ id: number; version: string }>(
    tx,
    sql`SELECT id::int AS id, args->>'version' AS version FROM task
      WHERE kind = 'import_corpus' AND args->>'check' = ${String(parseTaskId(check))} ORDER BY id DESC LIMIT 1`,
  );
  return row === undefined ? null : { task: toTaskId(row.id), version: row.version };
}
