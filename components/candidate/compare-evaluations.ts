import { type Difference, rate, type Rate, rateDifference } from "../../server/contract/statistics";
import type { Evaluation } from "../../server/candidate/views";
import { formatPoints, formatSigned } from "../ui/format";

/** Accuracy as the share of a split's images, with its Wilson interval; null without accuracy or n. */
export function accuracyRate(accuracy: number | null, total: number | null): Rate | null {
  return accuracy === null || total === null || total < 1 ? null : rate(Math.round(accuracy * total), total);
}

export interface Comparison {
  difference: Difference;
  insideNoise: boolean;
  sentence: string;
}

/**
 * A re-run against the first evaluation on the selection split. Both saw the same images, so an interval for independent
 * rates is wider than needed: "differs" is never said too early. Null under another recipe.
 */
export function compareEvaluations(first: Evaluation, second: Evaluation): Comparison | null {
  if (first.recipe !== second.recipe) return null;
  const before = accuracyRate(first.accuracy, first.selection_total);
  const after = accuracyRate(second.accuracy, second.selection_total);
  if (before === null || after === null) return null;
  const difference = rateDifference(before, after);
  const insideNoise = difference.low <= 0 && difference.high >= 0;
  const n = before.n === after.n ? `n = ${before.n} images` : `n = ${before.n} and ${after.n} images`;
  return {
    difference,
    insideNoise,
    sentence:
      difference.value === 0
        ? `Exactly the same accuracy (${n}).`
        : `${formatPoints(difference.value)}: ${insideNoise ? "inside the noise" : "differs by more than the noise"} of ${n} (95 % interval ${formatSigned(difference.low)} to ${formatPoints(difference.high)}).`,
  };
}
