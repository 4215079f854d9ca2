import { asc, eq, sql } from "drizzle-orm";

import { cycle as cycleTable, type run as runTable } from "../../drizzle/schema";
import { type Outcome, outcomes, reportThreshold, toCandidateId } from "../contract";
import { mean, quantile, type Quantiles, rate, unitHistogram } from "../contract/statistics";
import { type Database, selectRows } from "../db/client";
import { secondsBetween, toIso, toIsoOrNull } from "../db/time";
import { groupBy } from "../group-by";
import { readFineTunings } from "./fine-tuning";
import { type CycleTally, noCounts, tallyCycles, toCounts } from "./tally";
import type { AccuracyPoint, CycleFigures } from "./views";

const jaccardBins = 20;

interface ValidCandidate {
  cycle: number;
  index: number;
  accuracy: number;
  report_accuracy: number | null;
  novel: boolean | null;
  jaccard: number | null;
}

type Run = typeof runTable.$inferSelect;
type Cycle = typeof cycleTable.$inferSelect;

/** Figures of every cycle of a run, in order. Read inside `readTogether`, else the parts may disagree. */
export async function readCycleFigures(db: Database, run: Run, now: Date): Promise<CycleFigures[]> {
  const cycles = await db.select().from(cycleTable).where(eq(cycleTable.runId, run.id)).orderBy(asc(cycleTable.number));
  const tallies = new Map((await tallyCycles(db, [run.id])).map((tally) => [tally.cycle, tally]));
  const valid = groupBy(await readValid(db, run.id), (candidate) => candidate.cycle);
  const ended = groupBy(await readOutcomes(db, run.id), (count) => count.cycle);
  const evaluateSeconds = new Map((await readEvaluateSeconds(db, run.id)).map((row) => [row.cycle, row.seconds]));
  const fineTunings = await readFineTunings(db, run.id);
  return cycles.map((cycle) => ({
    number: cycle.number,
    stage: cycle.stage,
    has_adapter: cycle.adapterId !== null,
    planned: cycle.planned,
    ...toJudgement(run.id, tallies.get(cycle.number), valid.get(cycle.number) ?? []),
    outcomes: toOutcomeCounts(ended.get(cycle.number) ?? []),
    selection_threshold: cycle.selectionThreshold,
    seconds: {
      generate: cycle.generateSeconds,
      evaluate: evaluateSeconds.get(cycle.number) ?? 0,
      select: cycle.selectSeconds,
      finetune: fineTunings.get(cycle.number)?.seconds ?? null,
      wall: toWallSeconds(cycle, run, now),
    },
    tokens: cycle.generatedTokens,
    prompt: cycle.prompt,
    fine_tuning: fineTunings.get(cycle.number) ?? null,
    started_at: toIso(cycle.createdAt),
    ended_at: toIsoOrNull(cycle.endedAt),
  }));
}

/** Cycle 0 is opened with the run, maybe long before a worker takes it: it starts with the run's first work. */
function toWallSeconds(cycle: Cycle, run: Run, now: Date): number {
  const start = cycle.number === 0 ? run.startedAt : cycle.createdAt;
  return start === null ? 0 : Math.max(0, secondsBetween(start, cycle.endedAt ?? run.endedAt ?? now));
}

/** Counts, rates and means of one cycle, from its tally and its valid candidates. */
function toJudgement(run: number, tally: CycleTally | undefined, valid: readonly ValidCandidate[]) {
  const counts = tally === undefined ? noCounts : toCounts(tally);
  const accuracies = valid.map((candidate) => candidate.accuracy);
  const decided = valid.filter((candidate) => candidate.novel !== null);
  const similarities = valid.flatMap((candidate) => candidate.jaccard ?? []);
  const above = accuracies.filter((accuracy) => accuracy >= reportThreshold).length;
  return {
    ...counts,
    valid_rate: rate(counts.valid, counts.rated),
    accuracy_mean: mean(accuracies),
    accuracy_quantiles: toQuantiles(accuracies),
    accuracy_points: valid.map(toPoint),
    best: tally === undefined ? null : toBest(run, tally),
    report_accuracy_mean: mean(valid.flatMap((candidate) => candidate.report_accuracy ?? [])),
    share_above_threshold: rate(above, counts.valid),
    share_above_threshold_of_rated: rate(above, counts.rated),
    novelty_rate: rate(decided.filter((candidate) => candidate.novel === true).length, decided.length),
    jaccard_histogram: unitHistogram(similarities, jaccardBins),
    jaccard_unknown: valid.length - similarities.length,
  };
}

/** The most accurate candidate of a cycle; the earlier one of equals. */
export function toBest(run: number, tally: CycleTally): { id: string; accuracy: number } | null {
  if (tally.best_index === null) return null;
  return {
    id: toCandidateId({ run, cycle: tally.cycle, index: tally.best_index }),
    accuracy: tally.accuracies.reduce((best, accuracy) => Math.max(best, accuracy)),
  };
}

function toPoint({ index, accuracy, report_accuracy, novel }: ValidCandidate): AccuracyPoint {
  return { index, accuracy, report_accuracy, novel };
}

function toQuantiles(values: readonly number[]): Quantiles | null {
  const [p10, p25, p50, p75, p90] = [0.1, 0.25, 0.5, 0.75, 0.9].map((share) => quantile(values, share));
  if (p10 == null || p25 == null || p50 == null || p75 == null || p90 == null) return null;
  return { p10, p25, p50, p75, p90 };
}

function toOutcomeCounts(rows: readonly { outcome: Outcome; count: number }[]): Record<Outcome, number> {
  const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  for (const { outcome, count } of rows) counts[outcome] = count;
  return counts;
}

const readValid = (db: Database, run: number) =>
  selectRows<ValidCandidate>(
    db,
    sql`SELECT cycle, index, accuracy, report_accuracy, novel, jaccard FROM candidate
      WHERE run_id = ${run} AND outcome = 'ok' ORDER BY cycle, index`,
  );

const readOutcomes = (db: Database, run: number) =>
  selectRows<{ cycle: number; outcome: Outcome; count: number }>(
    db,
    sql`SELECT cycle, outcome, count(*)::int AS count FROM candidate
      WHERE run_id = ${run} AND outcome IS NOT NULL GROUP BY cycle, outcome`,
  );

const readEvaluateSeconds = (db: Database, run: number) =>
  selectRows<{ cycle: number; seconds: number }>(
    db,
    sql`SELECT cycle, sum(wall_seconds) AS seconds FROM candidate JOIN evaluation ON candidate_id = candidate.id
      WHERE run_id = ${run} AND ordinal = 1 AND wall_seconds IS NOT NULL GROUP BY cycle`,
  );
