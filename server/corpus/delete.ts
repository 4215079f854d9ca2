import { eq, sql } from "drizzle-orm";

import { corpus } from "../../drizzle/schema";
import { toRunId, toTaskId } from "../contract";
import { type Database, selectRows } from "../db/client";
import { transact } from "../db/transact";
import { ServiceError } from "../service-error";
import { builtinCorpus, lockCorpusRow } from "./find";

const namedRuns = 5;

/**
 * Deletes a corpus with its entries for good. Throws `conflict` for the one that comes with Archloom, for one that a run
 * was started on, and while a task makes or reads it.
 */
export function deleteCorpus(db: Database, version: string): Promise<{ version: string }> {
  return transact(db, async (tx) => {
    if (version === builtinCorpus) throw new ServiceError("conflict", `${version} comes with Archloom and stays.`, "version");
    await lockCorpusRow(tx, version);
    await assertUnused(tx, version);
    await tx.delete(corpus).where(eq(corpus.version, version));
    return { version };
  });
}

async function assertUnused(tx: Database, version: string): Promise<void> {
  const runs = await selectRows<{ id: number }>(tx, sql`SELECT id::int AS id FROM run WHERE config->>'corpus_version' = ${version} ORDER BY id`);
  if (runs.length > 0) {
    const named = runs.slice(0, namedRuns).map(({ id }) => toRunId(id));
    const rest = runs.length - named.length;
    const list = `${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
    throw new ServiceError("conflict", `${version} is used by ${list}: their novelty was decided against it. Delete ${runs.length === 1 ? "that run" : "those runs"} first.`, "version");
  }
  const [task] = await selectRows<{ id: number }>(
    tx,
    sql`SELECT id::int AS id FROM task WHERE state IN ('queued', 'running')
      AND ${version} IN (args->>'version', args->>'base_version', args->'source'->>'version') LIMIT 1`,
  );
  if (task === undefined) return;
  throw new ServiceError("conflict", `${toTaskId(task.id)} works with ${version}: cancel it or wait for its end.`, "version");
}
