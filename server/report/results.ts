import { findStableStart, type Mean, meanDifference, poolRates, type Rate, rateDifference } from "../contract/statistics";
import type { CycleFigures } from "../cycle/views";
import type { CumulativeWinners, FirstAndLast, ReportResults } from "./views";

/** Novel winners of each cycle that has any. */
export type NovelWinners = ReadonlyMap<number, number>;

/** Cycles whose programs are all judged, novelty and winners included: the others would still move. */
export const isJudged = ({ stage }: CycleFigures) => stage === "finetuning" || stage === "ended";

export function toResults(cycles: readonly CycleFigures[], novelWinners: NovelWinners): ReportResults {
  const judged = cycles.filter(isJudged);
  const first = judged[0];
  const last = judged.at(-1);
  const rates = (pick: (cycle: CycleFigures) => Rate | null) => toEnds(first, last, pick, rateDifference);
  const stableFrom = findStableStart(judged.length);
  return {
    first_cycle: first?.number ?? null,
    last_cycle: last?.number ?? null,
    judged_cycles: judged.length,
    valid_rate: {
      ...rates((cycle) => cycle.valid_rate),
      stable: stableFrom === null ? null : poolRates(judged.slice(stableFrom).map((cycle) => cycle.valid_rate)),
      stable_from: stableFrom,
      peak: findPeak(judged),
    },
    accuracy_mean: toMeans(first, last, (cycle) => cycle.accuracy_mean, ({ accuracy_points: points }) => points.map((point) => point.accuracy)),
    report_accuracy_mean: toMeans(first, last, (cycle) => cycle.report_accuracy_mean, ({ accuracy_points: points }) => points.flatMap((point) => point.report_accuracy ?? [])),
    share_above_threshold: rates((cycle) => cycle.share_above_threshold),
    share_above_threshold_of_rated: rates((cycle) => cycle.share_above_threshold_of_rated),
    novelty_rate: rates((cycle) => cycle.novelty_rate),
    winners: accumulate(judged, novelWinners),
  };
}

function toEnds<Figure>(
  first: CycleFigures | undefined,
  last: CycleFigures | undefined,
  pick: (cycle: CycleFigures) => Figure | null,
  differ: (first: Figure, last: Figure) => FirstAndLast<Figure>["change"],
): FirstAndLast<Figure> {
  const [one, other] = [first, last].map((cycle) => (cycle === undefined ? null : pick(cycle)));
  const comparable = first !== last && one != null && other != null;
  return { first: one ?? null, last: other ?? null, change: comparable ? differ(one, other) : null };
}

function toMeans(
  first: CycleFigures | undefined,
  last: CycleFigures | undefined,
  pick: (cycle: CycleFigures) => Mean | null,
  values: (cycle: CycleFigures) => number[],
): FirstAndLast<Mean> {
  const change = first === undefined || last === undefined || first === last ? null : meanDifference(values(first), values(last));
  return toEnds(first, last, pick, () => change);
}

/** The earlier one of equals. */
function findPeak(cycles: readonly CycleFigures[]): ReportResults["valid_rate"]["peak"] {
  return cycles.reduce<ReportResults["valid_rate"]["peak"]>(
    (peak, { number, valid_rate: rate }) => (rate !== null && (peak === null || rate.value > peak.rate.value) ? { cycle: number, rate } : peak),
    null,
  );
}

function accumulate(cycles: readonly CycleFigures[], novelWinners: NovelWinners): CumulativeWinners[] {
  let total = 0;
  return cycles.map(({ number }) => {
    const winners = novelWinners.get(number) ?? 0;
    total += winners;
    return { cycle: number, winners, total };
  });
}
