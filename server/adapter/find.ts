import { and, eq, sql } from "drizzle-orm";

import { adapter } from "../../drizzle/schema";
import { parseRunId } from "../contract";
import { type Database, selectRows } from "../db/client";
import { getRunRow } from "../run/find";
import { ServiceError } from "../service-error";

export interface AdapterFile {
  name: string;
  bytes: number;
  parts: number;
}

export interface StoredAdapter {
  id: number;
  /** `R3.2-adapter`: the adapter that was trained after cycle 2 of R3. */
  name: string;
  trainedAt: Date;
  files: AdapterFile[];
}

/** The finished adapter trained after a cycle, with the list of its files. Throws `not_found`, saying why there is none. */
export async function getAdapter(db: Database, run: string, cycle: number): Promise<StoredAdapter> {
  await getRunRow(db, run, "run");
  const [row] = await db
    .select({ id: adapter.id, state: adapter.state, endedAt: adapter.endedAt })
    .from(adapter)
    .where(and(eq(adapter.runId, parseRunId(run)), eq(adapter.cycle, cycle)));
  if (row === undefined || row.state !== "ready" || row.endedAt === null) {
    const why = row === undefined ? "no adapter was trained after" : "the adapter is still being trained after";
    throw new ServiceError("not_found", `There is nothing to download: ${why} cycle ${cycle} of ${run}.`, "cycle");
  }
  const files = await selectRows<AdapterFile>(
    db,
    sql`SELECT name, sum(length(data))::float8 AS bytes, count(*)::int AS parts FROM adapter_file
      WHERE adapter_id = ${row.id} GROUP BY name ORDER BY name`,
  );
  if (files.length === 0) throw new ServiceError("not_found", `The adapter of cycle ${cycle} of ${run} has no files.`, "cycle");
  return { id: row.id, name: `${run}.${cycle}-adapter`, trainedAt: row.endedAt, files };
}
