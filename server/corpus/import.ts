import { sql } from "drizzle-orm";
import { z } from "zod";

import { corpusVersionSchema, parseTaskId, taskIdSchema, toTaskId } from "../contract";
import { storableText } from "../contract/text";
import { type Database, selectRows } from "../db/client";
import { transact } from "../db/transact";
import { ServiceError } from "../service-error";
import { openTask } from "../task/open";
import { getTask } from "../task/read";
import { assertCorpusReady, builtinCorpus } from "./find";
import { readCheckArgs } from "./get-check";

export const importCorpusSchema = z
  .object({
    check: taskIdSchema,
    version: corpusVersionSchema,
    description: storableText(500).optional(),
    /** Decides which families are held out. */
    seed: z.int().min(0).max(2_147_483_647).default(42),
  })
  .strict();
type ImportCorpusInput = z.infer<typeof importCorpusSchema>;

/**
 * Queues the import of what a check accepted, after the entries of the version it was checked against. Throws `conflict`
 * for a check that is not done or accepted nothing and for a version that exists or is being made, `not_found`.
 */
export function importCorpus(db: Database, { check, version, description, seed }: ImportCorpusInput): Promise<{ id: string }> {
  return transact(db, async (tx) => {
    const { base_version } = await readCheckArgs(tx, check);
    await assertAccepted(tx, check);
    // Two imports of one name at once: the second sees what the first has written.
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext('corpus ' || ${version}))`);
    await assertFree(tx, version);
    if (base_version !== null) await assertCorpusReady(tx, base_version, "base_version");
    return openTask(tx, "import_corpus", { check: parseTaskId(check), version, description: description?.trim() ?? "", base_version, seed });
  });
}

async function assertAccepted(tx: Database, check: string): Promise<void> {
  const task = await getTask(tx, check);
  if (task.kind !== "check_corpus" || task.result === null) {
    throw new ServiceError("conflict", `The check ${check} is ${task.state}: only what a finished check accepted can be imported.`, "check");
  }
  if (task.result.accepted === 0) {
    throw new ServiceError("conflict", `The check ${check} accepted none of its ${task.result.entries} entries, so there is nothing to import.`, "check");
  }
}

async function assertFree(tx: Database, version: string): Promise<void> {
  const taken = (why: string) => new ServiceError("conflict", `version: ${version} ${why}. Choose another name.`, "version");
  const existing = await selectRows(tx, sql`SELECT FROM corpus WHERE version = ${version}`);
  if (existing.length > 0 || version === builtinCorpus) throw taken("exists already");
  if (version === "import") throw taken("would be the address of the page for importing");
  const [making] = await selectRows<{ id: number }>(
    tx,
    sql`SELECT id::int AS id FROM task WHERE kind = 'import_corpus' AND state IN ('queued', 'running') AND args->>'version' = ${version} LIMIT 1`,
  );
  if (making !== undefined) throw taken(`is being imported by ${toTaskId(making.id)}`);
}
