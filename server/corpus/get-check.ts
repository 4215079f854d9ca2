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
      ...(await toWords(tx, source, task)),
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

/** As the worker calls it once it is done, which for a file is its name, a colon, and what it was taken for. */
async function toWords(tx: Database, source: CorpusSource, task: TaskView): Promise<Pick<CorpusCheckView, "source" | "read_as">> {
  const said = task.kind === "check_corpus" ? (task.result?.source ?? null) : null;
  if (source.type === "nn_dataset") return { source: said ?? "nn-dataset", read_as: null };
  if (source.type === "run") return { source: said ?? `winners of ${toRunId(source.run)}`, read_as: null };
  const [file] = await selectRows<{ name: string }>(tx, sql`SELECT name FROM stored_file WHERE id = ${source.file}`);
  // The file is kept for a week only.
  const name = file?.name ?? said?.split(": ")[0] ?? toFileId(source.file);
  return { source: name, read_as: said?.startsWith(`${name}: `) === true ? said.slice(name.length + 2) : null };
}

async function findImport(tx: Database, check: string): Promise<CorpusCheckView["import"]> {
  const [row] = await selectRows<{ id: number; version: string }>(
    tx,
    sql`SELECT id::int AS id, args->>'version' AS version FROM task
      WHERE kind = 'import_corpus' AND args->>'check' = ${String(parseTaskId(check))} ORDER BY id DESC LIMIT 1`,
  );
  return row === undefined ? null : { task: toTaskId(row.id), version: row.version };
}
