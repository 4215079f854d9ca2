import { sql } from "drizzle-orm";

import { parseEvaluationId } from "../contract";
import { type Database, selectRows } from "../db/client";
import { transact } from "../db/transact";
import { ServiceError } from "../service-error";

/**
 * Ends an evaluation that a person asked for: a waiting one at once, a running one as soon as its worker hears of it. One that
 * has ended stays as it is. Throws `not_found`, and `conflict` for the loop's own, which ends only with its run.
 */
export function cancelEvaluation(db: Database, id: string): Promise<{ evaluation_id: string; cancelling: boolean }> {
  const { candidate, ordinal } = parseEvaluationId(id);
  return transact(db, async (tx) => {
    const [row] = await selectRows<{ id: number; requested_by: string }>(
      tx,
      sql`SELECT e.id::int AS id, e.requested_by FROM evaluation e JOIN candidate c ON c.id = e.candidate_id
        WHERE c.run_id = ${candidate.run} AND c.cycle = ${candidate.cycle} AND c.index = ${candidate.index} AND e.ordinal = ${ordinal}`,
    );
    if (row === undefined) throw new ServiceError("not_found", `There is no evaluation ${id}.`, "id");
    if (row.requested_by === "loop") {
      throw new ServiceError("conflict", `${id} is the run's own evaluation: cancel the run to end it.`, "id");
    }
    return { evaluation_id: id, cancelling: (await cancelEvaluations(tx, [row.id])) > 0 };
  });
}

/** Cancels the evaluations with these row ids; returns how many had not ended. */
export async function cancelEvaluations(tx: Database, ids: readonly number[]): Promise<number> {
  const [row] = await selectRows<{ n: number }>(tx, sql`SELECT evaluation_cancel(${`{${ids.join(",")}}`}::bigint[]) AS n`);
  return row?.n ?? 0;
}
