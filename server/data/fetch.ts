import { sql } from "drizzle-orm";

import type { Database } from "../db/client";
import { transact } from "../db/transact";
import { ServiceError } from "../service-error";
import { openTask } from "../task/open";
import { listData } from "./list";

/**
 * Opens a task that fetches a data set, checks and unpacks it; the one under way if there is one. Throws `not_found` for
 * one that no recipe needs.
 */
export function fetchData(db: Database, dataset: string): Promise<{ id: string }> {
  return transact(db, async (tx) => {
    // Two people who ask at once share one download.
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext('fetch_data'), hashtext(${dataset}))`);
    const known = await listData(tx);
    const found = known.find((one) => one.dataset === dataset);
    if (found === undefined) {
      const names = known.length === 0 ? "no worker has said what it needs yet" : `there are ${known.map((one) => one.dataset).join(", ")}`;
      throw new ServiceError("not_found", `dataset: no recipe needs ${JSON.stringify(dataset)} (${names}).`, "dataset");
    }
    return found.fetch_task === null ? openTask(tx, "fetch_data", { dataset }) : { id: found.fetch_task };
  });
}
