import { sql } from "drizzle-orm";
import type { z } from "zod";

import {
  checkCorpusArgsSchema,
  checkModelArgsSchema,
  exportNetworksArgsSchema,
  fetchDataArgsSchema,
  importCorpusArgsSchema,
  previewPromptArgsSchema,
  type TaskKind,
  toTaskId,
} from "../contract";
import { type Database, selectRows } from "../db/client";

const argsSchemas = {
  check_corpus: checkCorpusArgsSchema,
  import_corpus: importCorpusArgsSchema,
  export_networks: exportNetworksArgsSchema,
  fetch_data: fetchDataArgsSchema,
  preview_prompt: previewPromptArgsSchema,
  check_model: checkModelArgsSchema,
} as const satisfies Record<TaskKind, z.ZodType>;

export type TaskArgs = { [Kind in TaskKind]: z.infer<(typeof argsSchemas)[Kind]> };

/** Queues a task for a worker, which is told when the transaction commits. Returns its id, `T5`. */
export async function openTask<Kind extends TaskKind>(db: Database, kind: Kind, args: TaskArgs[Kind]): Promise<{ id: string }> {
  const checked = JSON.stringify(argsSchemas[kind].parse(args));
  const [row] = await selectRows<{ id: number }>(db, sql`SELECT task_open(${kind}, ${checked}::jsonb)::int AS id`);
  if (row === undefined) throw new Error("task_open returned no row");
  return { id: toTaskId(row.id) };
}
