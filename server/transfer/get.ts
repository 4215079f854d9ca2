import { sql } from "drizzle-orm";

import { type Outcome, toCandidateId, toEvaluationId } from "../contract";
import { average, pairedShift, rankCorrelation } from "../contract/statistics";
import { type Database, selectRows } from "../db/client";
import { readTogether } from "../db/transact";
import { groupBy } from "../group-by";
import { getRunRow } from "../run/find";
import { silentAfterSeconds } from "../worker/alive";
import type { Transfer, TransferredCandidate, TransferView } from "./views";

/** A run's winners under every other recipe they were evaluated under. Throws `not_found`. */
export function getTransfers(db: Database, id: string): Promise<TransferView> {
  return readTogether(db, (tx) => readTransfers(tx, id));
}

/** The same within a transaction that already reads one moment. */
export async function readTransfers(tx: Database, id: string): Promise<TransferView> {
  const row = await getRunRow(tx, id);
  const rows = await readEvaluations(tx, row.id, row.config.recipe);
  const [count] = await selectRows<{ winners: number; slots: number }>(
    tx,
    sql`SELECT (SELECT count(*) FROM candidate WHERE run_id = ${row.id} AND selection_reason = 'winner')::int AS winners,
        (SELECT coalesce(sum(slots), 0) FROM worker WHERE state = 'running'
          AND heartbeat_at > clock_timestamp() - make_interval(secs => ${silentAfterSeconds}))::int AS slots`,
  );
  return {
    run: id,
    recipe: row.config.recipe,
    winners: count?.winners ?? 0,
    slots: count?.slots ?? 0,
    transfers: [...groupBy(rows, (one) => one.recipe)].map(([recipe, stored]) => toTransfer(recipe, stored, count?.slots ?? 0)),
  };
}

interface StoredTransfer {
  recipe: string;
  run: number;
  cycle: number;
  index: number;
  ordinal: number;
  accuracy: number;
  report_accuracy: number | null;
  outcome: Outcome | null;
  transferred_accuracy: number | null;
  transferred_report_accuracy: number | null;
  cancel_requested: boolean;
  wall_seconds: number | null;
}

/** Each winner's newest evaluation under each other recipe, as if cancelled ones had never been asked for. */
const readEvaluations = (db: Database, run: number, recipe: string) =>
  selectRows<StoredTransfer>(
    db,
    sql`SELECT DISTINCT ON (e.recipe, c.cycle, c.index) e.recipe, c.run_id::int AS run, c.cycle, c.index, e.ordinal, c.accuracy,
        c.report_accuracy, e.cancel_requested, e.wall_seconds, e.outcome, e.accuracy AS transferred_accuracy, e.report_accuracy AS transferred_report_accuracy
      FROM evaluation e JOIN candidate c ON c.id = e.candidate_id
      WHERE c.run_id = ${run} AND c.selection_reason = 'winner' AND e.recipe <> ${recipe}
        AND e.outcome IS DISTINCT FROM 'cancelled'
      ORDER BY e.recipe, c.cycle, c.index, e.ordinal DESC`,
  );

function toTransfer(recipe: string, rows: readonly StoredTransfer[], slots: number): Transfer {
  const candidates = rows.map(toCandidate);
  const pairs = candidates.flatMap(({ report_accuracy: before, transferred_report_accuracy: after }) =>
    before === null || after === null ? [] : [{ before, after }],
  );
  const waiting = candidates.filter((one) => one.outcome === null).length;
  return {
    recipe,
    candidates,
    waiting,
    cancelling: rows.filter((one) => one.outcome === null && one.cancel_requested).length,
    seconds_left: toSecondsLeft(waiting, rows.flatMap((one) => one.wall_seconds ?? []), slots),
    valid: pairs.length,
    failed: candidates.length - waiting - pairs.length,
    shift: pairedShift(pairs),
    rank_correlation: rankCorrelation(pairs),
  };
}

function toSecondsLeft(waiting: number, times: readonly number[], slots: number): number | null {
  if (waiting === 0 || times.length === 0) return null;
  return (waiting * average(times)) / Math.max(1, Math.min(waiting, slots));
}

const toCandidate = ({ run, cycle, index, ordinal, ...row }: StoredTransfer): TransferredCandidate => ({
  id: toCandidateId({ run, cycle, index }),
  evaluation_id: toEvaluationId({ run, cycle, index }, ordinal),
  accuracy: row.accuracy,
  report_accuracy: row.report_accuracy,
  outcome: row.outcome,
  transferred_accuracy: row.transferred_accuracy,
  transferred_report_accuracy: row.transferred_report_accuracy,
});
