import { sql } from "drizzle-orm";

import { cancelEvaluations } from "../candidate/cancel-evaluation";
import { type Database, selectRows } from "../db/client";
import { transact } from "../db/transact";
import { getRunRow } from "../run/find";

/**
 * Cancels what is still waiting or running of a run's transfer to a recipe; what has ended stays. Throws `not_found` for the
 * run. Returns how many evaluations it stopped or is stopping.
 */
export function cancelTransfer(db: Database, { run: id, recipe }: { run: string; recipe: string }): Promise<{ run: string; cancelled: number }> {
  return transact(db, async (tx) => {
    const row = await getRunRow(tx, id);
    // Re-runs under the run's own recipe are no transfer.
    const waiting = row.config.recipe === recipe ? [] : await findWaiting(tx, row.id, recipe);
    return { run: id, cancelled: await cancelEvaluations(tx, waiting.map((one) => one.id)) };
  });
}

const findWaiting = (tx: Database, run: number, recipe: string) =>
  selectRows<{ id: number }>(
    tx,
    sql`SELECT e.id::int AS id FROM evaluation e JOIN candidate c ON c.id = e.candidate_id
      WHERE c.run_id = ${run} AND e.recipe = ${recipe} AND e.requested_by = 'person' AND e.state <> 'ended'`,
  );
