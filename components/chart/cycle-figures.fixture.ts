import { type Outcome, outcomes } from "../../server/contract/words";
import { mean, quantile, rate } from "../../server/contract/statistics";
import type { CycleFigures } from "../../server/cycle/views";

/** Figures of a cycle as the server would give them, from accuracies of valid programs and counts of failures. */
export function toCycleFigures(
  number: number,
  accuracies: number[],
  failures: Partial<Record<Outcome, number>> = {},
  change: Partial<CycleFigures> = {},
): CycleFigures {
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  const worker_lost = failures.worker_lost ?? 0;
  const cancelled = failures.cancelled ?? 0;
  const valid = accuracies.length;
  const generated = valid + failed;
  const rated = generated - worker_lost - cancelled;
  const at = (share: number): number => quantile(accuracies, share) ?? 0;
  return {
    number,
    stage: "ended",
    has_adapter: number > 0,
    planned: generated,
    generated,
    pending: 0,
    cancelled,
    worker_lost,
    rated,
    parsed: rated - (failures.parse_error ?? 0),
    built: valid,
    valid,
    novel: valid,
    winners: 0,
    selected: 0,
    fallback: 0,
    valid_rate: rate(valid, rated),
    accuracy_mean: mean(accuracies),
    accuracy_quantiles: valid === 0 ? null : { p10: at(0.1), p25: at(0.25), p50: at(0.5), p75: at(0.75), p90: at(0.9) },
    accuracy_points: accuracies.map((accuracy, index) => ({ index, accuracy, report_accuracy: null, novel: true })),
    best: valid === 0 ? null : { id: `R1.${number}.000`, accuracy: Math.max(...accuracies) },
    report_accuracy_mean: null,
    share_above_threshold: rate(accuracies.filter((accuracy) => accuracy >= 0.4).length, valid),
    share_above_threshold_of_rated: rate(accuracies.filter((accuracy) => accuracy >= 0.4).length, rated),
    novelty_rate: rate(valid, valid),
    jaccard_histogram: [],
    jaccard_unknown: 0,
    outcomes: Object.fromEntries(
      outcomes.map((outcome) => [outcome, outcome === "ok" ? valid : (failures[outcome] ?? 0)]),
    ) as Record<Outcome, number>,
    selection_threshold: null,
    seconds: { generate: 1, evaluate: 1, select: null, finetune: null, wall: 2 },
    tokens: 0,
    prompt: null,
    fine_tuning: null,
    started_at: "2026-11-24T12:00:00.000Z",
    ended_at: null,
    ...change,
  };
}

/** `count` accuracies spread evenly around `middle`. */
export const spread = (count: number, middle: number): number[] =>
  Array.from({ length: count }, (_, place) => middle + (place % 2 === 0 ? 0.05 : -0.05));
