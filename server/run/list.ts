import { asc, desc } from "drizzle-orm";

import { cycle, run } from "../../drizzle/schema";
import { tallyCycles } from "../cycle/tally";
import type { Database } from "../db/client";
import { readTogether } from "../db/transact";
import { groupBy } from "../group-by";
import { readArmNames } from "../study/arm-names";
import { toRunSummary } from "./summary";
import type { RunSummary } from "./views";

/** All runs, newest first. */
export function listRuns(db: Database): Promise<RunSummary[]> {
  return readTogether(db, async (tx) => {
    const runs = await tx.select().from(run).orderBy(desc(run.id));
    const cycles = await tx
      .select({ run: cycle.runId, number: cycle.number, stage: cycle.stage })
      .from(cycle)
      .orderBy(asc(cycle.runId), asc(cycle.number));
    const cyclesOf = groupBy(cycles, (row) => row.run);
    const talliesOf = groupBy(await tallyCycles(tx, runs.map(({ id }) => id)), (tally) => tally.run_id);
    const armNames = await readArmNames(tx);
    const now = new Date();
    return runs.map((row) => toRunSummary(row, cyclesOf.get(row.id) ?? [], talliesOf.get(row.id) ?? [], now, armNames));
  });
}
