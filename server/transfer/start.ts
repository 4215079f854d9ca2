import { sql } from "drizzle-orm";

import { backgroundPriority } from "../contract";
import { type Database, selectRows } from "../db/client";
import { transact } from "../db/transact";
import { findRecipeProblem } from "../recipe/find-problem";
import { getRunRow } from "../run/find";
import { ServiceError } from "../service-error";

interface TransferInput {
  run: string;
  recipe: string;
  /** The best so many winners; all when omitted. */
  limit?: number | undefined;
}

/**
 * Queues an evaluation of each of a run's winners under another recipe, the best first. Winners that have one waiting,
 * running or ended under it already are left out, so that asking twice adds nothing. Throws `not_found`, `invalid` for a
 * recipe that is the run's own, unknown or without data, and `conflict` for a run without winners.
 */
export function startTransfer(db: Database, { run: id, recipe, limit }: TransferInput): Promise<{ run: string; queued: number }> {
  return transact(db, async (tx) => {
    const row = await getRunRow(tx, id);
    if (row.config.recipe === recipe) {
      throw new ServiceError("invalid", `recipe: ${id} was evaluated under ${recipe} itself; choose another one.`, "recipe");
    }
    const problem = await findRecipeProblem(tx, { recipe });
    if (problem !== null) throw new ServiceError("invalid", `recipe: ${problem.message}`, "recipe");
    const winners = await lockWinners(tx, row.id);
    if (winners.length === 0) throw new ServiceError("conflict", `${id} has no winners to transfer yet.`, "run");
    const chosen = winners.slice(0, limit);
    const queued = await queueEvaluations(tx, chosen.map((winner) => winner.id), recipe, row.config.evaluation_seed);
    return { run: id, queued };
  });
}

/** Best first. The locks make two people's evaluations take different ordinals. */
const lockWinners = (tx: Database, run: number) =>
  selectRows<{ id: number }>(
    tx,
    sql`SELECT id::int AS id FROM (
          SELECT id, accuracy, cycle, index FROM candidate WHERE run_id = ${run} AND selection_reason = 'winner'
          ORDER BY id FOR NO KEY UPDATE) winner
        ORDER BY accuracy DESC, cycle, index`,
  );

/** Behind everything else: there may be hundreds, and neither a run nor a single re-run should wait for them. */
async function queueEvaluations(tx: Database, candidates: readonly number[], recipe: string, seed: number): Promise<number> {
  const rows = await selectRows<{ job: number }>(
    tx,
    sql`WITH wanted AS (
          SELECT c.id, c.run_id, c.cycle, c.index, place FROM unnest(${`{${candidates.join(",")}}`}::bigint[]) WITH ORDINALITY AS chosen(id, place)
            JOIN candidate c ON c.id = chosen.id
          WHERE NOT EXISTS (SELECT FROM evaluation e WHERE e.candidate_id = c.id AND e.recipe = ${recipe} AND NOT e.cancel_requested
            AND (e.outcome IS NULL OR e.outcome NOT IN ('worker_lost', 'cancelled')))),
        stored AS (
          INSERT INTO evaluation (candidate_id, ordinal, recipe, seed, requested_by)
          SELECT wanted.id, (SELECT max(ordinal) + 1 FROM evaluation e WHERE e.candidate_id = wanted.id), ${recipe}, ${seed}, 'person'
          FROM wanted ORDER BY place RETURNING id, candidate_id, ordinal),
        queued AS (
          INSERT INTO job (kind, run_id, cycle, evaluation_id, dedupe_key, requested_by, priority)
          SELECT 'evaluate', wanted.run_id, wanted.cycle, stored.id, 'evaluate:' || stored.id, 'person', ${backgroundPriority}
          FROM stored JOIN wanted ON wanted.id = stored.candidate_id ORDER BY place RETURNING id)
        SELECT queued.id::int AS job FROM queued`,
  );
  return rows.length;
}
