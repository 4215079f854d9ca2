import { eq } from "drizzle-orm";

import { run } from "../../drizzle/schema";
import { parseRunId } from "../contract";
import type { Database } from "../db/client";
import { ServiceError } from "../service-error";

/** Gives a run another name; its id stays. Throws `not_found`. */
export async function renameRun(db: Database, id: string, name: string): Promise<{ id: string; name: string }> {
  const renamed = await db.update(run).set({ name }).where(eq(run.id, parseRunId(id))).returning({ id: run.id });
  if (renamed.length === 0) throw new ServiceError("not_found", `There is no run ${id}.`, "id");
  return { id, name };
}
