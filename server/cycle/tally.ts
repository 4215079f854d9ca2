import { type SQL, sql } from "drizzle-orm";

import { type Database, selectRows } from "../db/client";
import type { Counts } from "./views";

/**
 * The count words, defined here and nowhere else (they are explained at `Counts`). A candidate's flags are those of its
 * first ended evaluation, so re-runs never change a count.
 */
const countColumns: SQL = sql`
  count(*)::int AS generated,
  count(*) FILTER (WHERE state <> 'ended')::int AS pending,
  count(*) FILTER (WHERE outcome = 'cancelled')::int AS cancelled,
  count(*) FILTER (WHERE outcome = 'worker_lost')::int AS worker_lost,
  count(*) FILTER (WHERE outcome NOT IN ('cancelled', 'worker_lost'))::int AS rated,
  count(*) FILTER (WHERE parsed AND outcome NOT IN ('cancelled', 'worker_lost'))::int AS parsed,
  count(*) FILTER (WHERE built AND outcome NOT IN ('cancelled', 'worker_lost'))::int AS built,
  count(*) FILTER (WHERE outcome = 'ok')::int AS valid,
  count(*) FILTER (WHERE outcome = 'ok' AND novel)::int AS novel,
  count(*) FILTER (WHERE selection_reason = 'winner')::int AS winners,
  count(*) FILTER (WHERE selection_reason IS NOT NULL)::int AS selected,
  count(*) FILTER (WHERE selection_reason = 'fallback')::int AS fallback`;

export interface CycleTally extends Counts {
  run_id: number;
  cycle: number;
  written: number;
  /** Of the valid candidates, in index order. */
  accuracies: number[];
  best_index: number | null;
}

/** Counts of every cycle of these runs that has candidates, in order. */
export async function tallyCycles(db: Database, runs: readonly number[]): Promise<CycleTally[]> {
  if (runs.length === 0) return [];
  return selectRows<CycleTally>(
    db,
    sql`SELECT run_id::int AS run_id, cycle, ${countColumns},
        count(*) FILTER (WHERE state <> 'writing')::int AS written,
        coalesce(array_agg(accuracy ORDER BY index) FILTER (WHERE outcome = 'ok'), '{}') AS accuracies,
        (array_agg(index ORDER BY accuracy DESC, index) FILTER (WHERE outcome = 'ok'))[1] AS best_index
      FROM candidate WHERE run_id = ANY (${sql.param(`{${runs.join(",")}}`)}::bigint[])
      GROUP BY run_id, cycle ORDER BY run_id, cycle`,
  );
}

export const noCounts: Counts = {
  generated: 0,
  pending: 0,
  cancelled: 0,
  worker_lost: 0,
  rated: 0,
  parsed: 0,
  built: 0,
  valid: 0,
  novel: 0,
  winners: 0,
  selected: 0,
  fallback: 0,
};

const countWords = Object.keys(noCounts) as (keyof Counts)[];

/** Counts alone, without what else a row holds. */
export function toCounts(row: Counts): Counts {
  return Object.fromEntries(countWords.map((word) => [word, row[word]])) as unknown as Counts;
}

export function addCounts(rows: readonly Counts[]): Counts {
  return Object.fromEntries(
    countWords.map((word) => [word, rows.reduce((sum, row) => sum + row[word], 0)]),
  ) as unknown as Counts;
}
