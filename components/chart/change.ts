/** Whether a figure moved between two cycles, said in words that never claim more than the interval allows. */
import type { Difference } from "../../server/contract/statistics";
import { formatPercent, formatPoints, formatSigned } from "../ui/format";

interface Named {
  cycle: number;
  value: number;
}

/**
 * `first` and `last` as fractions. Without a second cycle there is nothing to compare; with an interval that holds 0 the
 * change is inside the noise.
 */
export function describeChange(what: string, first: Named, last: Named, difference: Difference | null): string {
  if (first.cycle === last.cycle) return `${what} ${formatPercent(last.value)} in cycle ${last.cycle}`;
  const span = `${formatPercent(first.value)} → ${formatPercent(last.value)}`;
  if (difference === null) return `${what} ${span}`;
  if (difference.low > 0) return `${what} rose: ${span}`;
  if (difference.high < 0) return `${what} fell: ${span}`;
  return `${what} ${span}: inside the noise`;
}

/** The difference and its interval as a sentence part. */
export function describeDifference(difference: Difference): string {
  return `${formatPoints(difference.value)} (95 % interval ${formatSigned(difference.low)} to ${formatPoints(difference.high)})`;
}
