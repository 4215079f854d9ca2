import { eq } from "drizzle-orm";

import { run } from "../../drizzle/schema";
import { parseRunId } from "../contract";
import type { Database } from "../db/client";
import { ServiceError } from "../service-error";

export type Run = typeof run.$inferSelect;

/** The run's row. Throws `not_found`, naming the input that held the id. */
export async function getRunRow(db: Database, id: string, field = "id"): Promise<Run> {
  const [row] = await db.select().from(run).where(eq(run.id, parseRunId(id)));
  if (row === undefined) throw new ServiceError("not_found", `There is no run ${id}.`, field);
  return row;
}

/** The run's row, locked until the transaction ends. Throws `not_found`. */
export async function lockRunRow(tx: Database, id: string): Promise<Run> {
  const [row] = await tx.select().from(run).where(eq(run.id, parseRunId(id))).for("no key update");
  if (row === undefined) throw new ServiceError("not_found", `There is no run ${id}.`, "id");
  return row;
}
