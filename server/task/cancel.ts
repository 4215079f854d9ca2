import { sql } from "drizzle-orm";

import { parseTaskId } from "../contract";
import type { Database } from "../db/client";
import { transact } from "../db/transact";
import { getTask } from "./read";
import type { TaskView } from "./views";

/** Ends a queued task at once and asks a running one to end; one that has ended stays as it is. Throws `not_found`. */
export function cancelTask(db: Database, id: string): Promise<TaskView> {
  return transact(db, async (tx) => {
    await tx.execute(sql`SELECT task_cancel(${parseTaskId(id)})`);
    return getTask(tx, id);
  });
}
