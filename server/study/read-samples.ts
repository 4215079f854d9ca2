import { sql } from "drizzle-orm";

import type { SeedSample } from "../contract/statistics";
import { tallyCycles } from "../cycle/tally";
import { type Database, selectRows } from "../db/client";
import { groupBy } from "../group-by";
import type { StudyRunRow } from "./read-runs";

/** A run of an arm with its judged cycles. */
export interface ArmRun extends SeedSample {
  row: StudyRunRow;
}

/** These runs, each with the cycles whose programs are all judged, novelty and winners included, in order. */
export async function readSamples(db: Database, rows: readonly StudyRunRow[]): Promise<ArmRun[]> {
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return [];
  const judged = await selectRows<{ run: number; cycle: number }>(
    db,
    sql`SELECT run_id::int AS run, number AS cycle FROM cycle
      WHERE stage IN ('finetuning', 'ended') AND run_id = ANY (${sql.param(`{${ids.join(",")}}`)}::bigint[])`,
  );
  const known = new Set(judged.map(({ run, cycle }) => `${run}.${cycle}`));
  const tallies = (await tallyCycles(db, ids)).filter((tally) => known.has(`${tally.run_id}.${tally.cycle}`));
  const tallyOf = groupBy(tallies, (tally) => tally.run_id);
  return rows.map((row) => ({
    row,
    seed: row.config.seed,
    cycles: (tallyOf.get(row.id) ?? []).map(({ cycle, rated, novel, winners, accuracies }) => ({ cycle, rated, novel, winners, accuracies })),
  }));
}
