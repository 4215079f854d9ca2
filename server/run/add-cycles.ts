import { eq, sql } from "drizzle-orm";

import { run } from "../../drizzle/schema";
import { runConfigSchema } from "../contract";
import { type Database, selectRows } from "../db/client";
import { transact } from "../db/transact";
import { ServiceError } from "../service-error";
import { lockRunRow } from "./find";

const maxCycles = runConfigSchema.shape.cycles.maxValue ?? Infinity;

/** Lets a finished run go on for more cycles. Throws `conflict` unless it is finished, `invalid` beyond the limit. */
export function addCycles(db: Database, id: string, cycles: number): Promise<{ id: string; cycles_planned: number }> {
  return transact(db, async (tx) => {
    const row = await lockRunRow(tx, id);
    if (row.state !== "finished") {
      throw new ServiceError("conflict", `${id} is ${row.state}: cycles can be added once it is finished.`, "id");
    }
    const planned = row.cycles + cycles;
    if (planned > maxCycles) {
      throw new ServiceError("invalid", `cycles: a run has at most ${maxCycles}, and ${id} has ${row.cycles}.`, "cycles");
    }
    await tx.update(run).set({ cycles: planned, state: "running", desired: "run", endedAt: null, stopReason: null }).where(eq(run.id, row.id));
    await selectRows(
      tx,
      sql`SELECT append_event(${row.id}, 'run_state', '{"state": "running", "desired": "run", "error": null}'),
        cycle_advance(${row.id}, (SELECT max(number) FROM cycle WHERE run_id = ${row.id}), true)`,
    );
    return { id, cycles_planned: planned };
  });
}
