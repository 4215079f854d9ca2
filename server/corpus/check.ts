import { sql } from "drizzle-orm";

import { type CorpusSource, parseFileId } from "../contract";
import { type Database, selectRows } from "../db/client";
import { transact } from "../db/transact";
import { getFile } from "../file/read";
import { listRecipes } from "../recipe/list";
import { getRunRow } from "../run/find";
import { ServiceError } from "../service-error";
import { openTask } from "../task/open";
import type { CheckCorpusInput } from "./check-input";
import { assertCorpusReady } from "./find";

/**
 * Queues the check of a source: nothing is imported by it. Throws `not_found` for the source, `invalid` for the recipe and
 * the base version, `conflict` for a run without winners.
 */
export function checkCorpus(db: Database, input: CheckCorpusInput): Promise<{ id: string }> {
  return transact(db, async (tx) => {
    const source = await findSource(tx, input.source);
    await assertRecipe(tx, input.recipe);
    const base = input.base_version ?? null;
    if (base !== null) await assertCorpusReady(tx, base, "base_version");
    return openTask(tx, "check_corpus", { source, recipe: input.recipe, base_version: base });
  });
}

async function findSource(tx: Database, source: CheckCorpusInput["source"]): Promise<CorpusSource> {
  switch (source.type) {
    case "file":
      await getFile(tx, source.file, "source.file");
      return { type: "file", file: parseFileId(source.file) };
    case "nn_dataset":
      return { type: "nn_dataset" };
    case "run": {
      const { id } = await getRunRow(tx, source.run, "source.run");
      const winners = await selectRows(tx, sql`SELECT FROM candidate WHERE run_id = ${id} AND selection_reason = 'winner' LIMIT 1`);
      if (winners.length === 0) throw new ServiceError("conflict", `${source.run} has no winners yet.`, "source.run");
      return { type: "run", run: id };
    }
  }
}

/** Before any worker has said what it knows, the one that takes the task decides. */
async function assertRecipe(tx: Database, name: string): Promise<void> {
  const known = (await listRecipes(tx)).map((recipe) => recipe.name);
  if (known.length === 0 || known.includes(name)) return;
  throw new ServiceError("invalid", `recipe: there is no recipe ${name} (there are: ${known.join(", ")}).`, "recipe");
}
