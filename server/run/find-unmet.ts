import { sql } from "drizzle-orm";

import { type ConfigProblem, findConfigProblems, type RunConfig } from "../contract";
import { findCorpusProblem } from "../corpus/find";
import { type Database, selectRows } from "../db/client";
import { findPromptProblem } from "../prompt/find-problem";
import { findRecipeProblem } from "../recipe/find-problem";

/**
 * Everything a run of this configuration would fail for before it writes its first program: fields that contradict each
 * other, and what is not there (template, recipe and its data, corpus, graphics card). What only the model's own files can
 * say is found by `model.check`.
 */
export async function findUnmet(db: Database, config: RunConfig): Promise<ConfigProblem[]> {
  const found = [await findPromptProblem(db, config), await findRecipeProblem(db, config), await findUnreadyCorpus(db, config), await findCardProblem(db, config)];
  return [...findConfigProblems(config), ...found.filter((problem) => problem !== null)];
}

async function findUnreadyCorpus(db: Database, { corpus_version: version }: RunConfig): Promise<ConfigProblem | null> {
  const message = await findCorpusProblem(db, version);
  return message === null ? null : { field: "corpus_version", message };
}

async function findCardProblem(db: Database, { backend, generation }: RunConfig): Promise<ConfigProblem | null> {
  if (backend !== "transformers" || generation.quantization !== "nf4") return null;
  const [workers] = await selectRows<{ any: boolean; card: boolean }>(
    db,
    sql`SELECT count(*) > 0 AS any, bool_or(device <> 'cpu') AS card FROM worker WHERE state = 'running'`,
  );
  if (workers === undefined || !workers.any || workers.card) return null;
  return { field: "generation.quantization", message: "4-bit weights need a CUDA card, and no worker has one: choose auto or none." };
}
