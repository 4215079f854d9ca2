import { eq, sql } from "drizzle-orm";

import { run } from "../../drizzle/schema";
import { type DesiredState, type RunState, toRunId } from "../contract";
import { type Database, selectRows } from "../db/client";
import { transact } from "../db/transact";
import { ServiceError } from "../service-error";
import { lockRunRow } from "./find";
import { isEnded } from "./ended";

const participles = { run: "resumed", pause: "paused", cancel: "cancelled" } as const satisfies Record<DesiredState, string>;

/**
 * Says what is wanted of a run: `pause` stops at the next safe point and keeps everything, `run` goes on, `cancel` ends
 * it for good. Asking twice is the same as once. Throws `conflict` when the run has ended or is being cancelled.
 */
export function setDesired(db: Database, id: string, desired: DesiredState): Promise<{ id: string; state: RunState }> {
  return transact(db, async (tx) => {
    const row = await lockRunRow(tx, id);
    if (isEnded(row.state)) {
      throw new ServiceError("conflict", `${id} is ${row.state} and cannot be ${participles[desired]}.`, "id");
    }
    if (row.desired === "cancel" && desired !== "cancel") {
      throw new ServiceError("conflict", `${id} is being cancelled and cannot be ${participles[desired]}.`, "id");
    }
    await tx.update(run).set({ desired }).where(eq(run.id, row.id));
    const [settled] = await selectRows<{ state: RunState }>(tx, sql`SELECT run_settle(${row.id}) AS state`);
    return { id: toRunId(row.id), state: settled?.state ?? row.state };
  });
}
