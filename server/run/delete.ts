import { eq, sql } from "drizzle-orm";

import { run } from "../../drizzle/schema";
import { type Database, selectRows } from "../db/client";
import { transact } from "../db/transact";
import { ServiceError } from "../service-error";
import { isEnded } from "./ended";
import { lockRunRow } from "./find";

/** Deletes an ended run and everything of it, for good. Throws `conflict` while it, or a re-run of it, goes on. */
export function deleteRun(db: Database, id: string): Promise<{ id: string }> {
  return transact(db, async (tx) => {
    const row = await lockRunRow(tx, id);
    if (!isEnded(row.state)) {
      throw new ServiceError("conflict", `${id} is ${row.state}: cancel it before deleting it.`, "id");
    }
    const leased = await selectRows(tx, sql`SELECT FROM job WHERE run_id = ${row.id} AND state = 'leased' LIMIT 1`);
    if (leased.length > 0) {
      throw new ServiceError("conflict", `A candidate of ${id} is being evaluated: delete it once that has ended.`, "id");
    }
    await tx.delete(run).where(eq(run.id, row.id));
    await tx.execute(sql`SELECT pg_notify('archloom_run', ${`${row.id}:${row.lastSeq}`})`);
    return { id };
  });
}
