import type { Database } from "../db/client";
import { readCycleFigures } from "../cycle/figures";
import { tallyCycles } from "../cycle/tally";
import { readTogether } from "../db/transact";
import { readArmNames } from "../study/arm-names";
import { getRunRow } from "./find";
import { readNotices } from "./notices";
import { readProgress } from "./progress";
import { toRunSummary } from "./summary";
import type { RunDetail } from "./views";

/** Everything about a run but its candidates, as of one moment. Throws `not_found`. */
export function getRun(db: Database, id: string): Promise<RunDetail> {
  return readTogether(db, (tx) => readRunDetail(tx, id));
}

/** The same within a transaction that already reads one moment. */
export async function readRunDetail(tx: Database, id: string): Promise<RunDetail> {
  const run = await getRunRow(tx, id);
  const now = new Date();
  const cycles = await readCycleFigures(tx, run, now);
  const tallies = await tallyCycles(tx, [run.id]);
  return {
    ...toRunSummary(run, cycles, tallies, now, await readArmNames(tx)),
    config: run.config,
    notices: await readNotices(tx, run.id),
    cycles,
    last_seq: run.lastSeq,
    progress: await readProgress(tx, run, cycles, tallies, now),
  };
}
