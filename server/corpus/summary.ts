import { type SQL, sql } from "drizzle-orm";

import { type CorpusState, toRunId, toTaskId } from "../contract";
import { type Database, selectRows } from "../db/client";
import { toIso } from "../db/time";
import { builtinCorpus } from "./find";
import type { CorpusSummary } from "./views";

interface StoredSummary {
  version: string;
  description: string;
  state: CorpusState;
  entries: number;
  train: number;
  validation: number;
  test: number;
  families: number;
  with_accuracy: number;
  base_version: string | null;
  runs: string[];
  task: number | null;
  created_at: string;
}

/** Newest first. */
export async function readSummaries(db: Database, condition: SQL): Promise<CorpusSummary[]> {
  const rows = await selectRows<StoredSummary>(
    db,
    sql`SELECT corpus.version, description, state, entries, base_version, task_id::int AS task, created_at, counts.*,
        ARRAY (SELECT run.id::text FROM run WHERE config->>'corpus_version' = corpus.version ORDER BY run.id) AS runs
      FROM corpus CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE split = 'train')::int AS train, count(*) FILTER (WHERE split = 'validation')::int AS validation,
          count(*) FILTER (WHERE split = 'test')::int AS test, count(DISTINCT family)::int AS families, count(accuracy)::int AS with_accuracy
        FROM corpus_entry WHERE corpus_version = corpus.version) counts
      WHERE ${condition} ORDER BY created_at DESC, corpus.version`,
  );
  return rows.map(({ train, validation, test, task, runs, created_at, ...row }) => ({
    ...row,
    builtin: row.version === builtinCorpus,
    splits: { train, validation, test },
    runs: runs.map((run) => toRunId(Number(run))),
    task: task === null ? null : toTaskId(task),
    created_at: toIso(created_at),
  }));
}
