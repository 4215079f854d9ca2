import { type SQL, sql } from "drizzle-orm";

import { type EvaluationState, type Outcome, type ProtectionLevel, type Requester, toEvaluationId } from "../contract";
import { average, variance } from "../contract/statistics";
import { type Database, selectRows } from "../db/client";
import { toIso, toIsoOrNull } from "../db/time";
import { groupBy } from "../group-by";
import type { CandidateDetail, Evaluation } from "./views";

interface StoredEvaluation {
  candidate_id: number;
  run: number;
  cycle: number;
  index: number;
  ordinal: number;
  recipe: string;
  seed: number;
  requested_by: Requester;
  state: EvaluationState;
  cancel_requested: boolean;
  outcome: Outcome | null;
  error_type: string | null;
  error_message: string | null;
  error_line: number | null;
  parsed: boolean | null;
  built: boolean | null;
  accuracy: number | null;
  selection_total: number | null;
  report_accuracy: number | null;
  report_total: number | null;
  parameters: number | null;
  multiply_adds: number | null;
  batches_delivered: number | null;
  train_seconds: number | null;
  train_cpu_seconds: number | null;
  wall_seconds: number | null;
  peak_memory_bytes: number | null;
  output: string | null;
  worker: string | null;
  protection_level: ProtectionLevel | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
}

/** Evaluations of the candidates `c` that meet the condition, by the candidate's row id, in order. */
export async function readEvaluations(db: Database, chosen: SQL): Promise<Map<number, Evaluation[]>> {
  const rows = await selectRows<StoredEvaluation>(
    db,
    sql`SELECT c.id::int AS candidate_id, c.run_id::int AS run, c.cycle, c.index, e.ordinal, e.recipe, e.seed,
        e.requested_by, e.state, e.cancel_requested, e.outcome, e.error_type, e.error_message, e.error_line, e.parsed, e.built, e.accuracy,
        e.selection_total, e.report_accuracy, e.report_total, e.parameters::float8 AS parameters,
        e.multiply_adds::float8 AS multiply_adds, e.batches_delivered, e.train_seconds, e.train_cpu_seconds,
        e.wall_seconds, e.peak_memory_bytes::float8 AS peak_memory_bytes, e.output, worker.name AS worker,
        e.protection_level, e.created_at, e.started_at, e.ended_at
      FROM evaluation e JOIN candidate c ON c.id = e.candidate_id LEFT JOIN worker ON worker.id = e.worker_id
      WHERE ${chosen} ORDER BY c.id, e.ordinal`,
  );
  const byCandidate = groupBy(rows, (row) => row.candidate_id);
  return new Map([...byCandidate].map(([id, stored]) => [id, stored.map((row) => toEvaluation(row, stored[0]))]));
}

function toEvaluation(row: StoredEvaluation, first: StoredEvaluation | undefined): Evaluation {
  const { candidate_id: _, run, cycle, index, error_type: type, error_message: message, error_line: line, ...rest } = row;
  const failed = type !== null || message !== null || line !== null;
  return {
    id: toEvaluationId({ run, cycle, index }, row.ordinal),
    ...rest,
    error: failed ? { type, message, line } : null,
    accuracy_difference: toDifference(row, first),
    created_at: toIso(row.created_at),
    started_at: toIsoOrNull(row.started_at),
    ended_at: toIsoOrNull(row.ended_at),
  };
}

function toDifference(row: StoredEvaluation, first: StoredEvaluation | undefined): number | null {
  // Under another recipe it is another question.
  if (first === undefined || row.ordinal === first.ordinal || row.recipe !== first.recipe) return null;
  return row.accuracy === null || first.accuracy === null ? null : row.accuracy - first.accuracy;
}

/** How far a candidate's accuracy under its own recipe moves with the seed. */
export function toRepeatability(evaluations: readonly Evaluation[]): CandidateDetail["repeatability"] {
  const bySeed = groupBy(
    evaluations.filter(({ accuracy, recipe }) => accuracy !== null && recipe === evaluations[0]?.recipe),
    ({ seed }) => seed,
  );
  const accuracies = [...bySeed.values()].flatMap(([first]) => first?.accuracy ?? []);
  if (accuracies.length < 2) return null;
  return {
    n: accuracies.length,
    mean: average(accuracies),
    sd: Math.sqrt(variance(accuracies)),
    min: Math.min(...accuracies),
    max: Math.max(...accuracies),
  };
}
