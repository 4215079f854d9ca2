import type { Mean } from "./figures";
import { average, mean } from "./mean";

/** Two values of the same thing: before and after. */
export interface Pair {
  before: number;
  after: number;
}

/** Mean of the differences after - before, with Student's t 95 % interval of the paired differences; null for no pairs. */
export const pairedShift = (pairs: readonly Pair[]): Mean | null => mean(pairs.map(({ before, after }) => after - before));

/**
 * Spearman's rank correlation: Pearson's correlation of the ranks, equal values sharing their mean rank. Null for fewer
 * than three pairs or where one side does not vary. C. Spearman (1904), Am. J. Psychol. 15, 72-101.
 */
export function rankCorrelation(pairs: readonly Pair[]): number | null {
  if (pairs.length < 3) return null;
  const before = toRanks(pairs.map((pair) => pair.before));
  const after = toRanks(pairs.map((pair) => pair.after));
  const middle = average(before);
  let [product, first, second] = [0, 0, 0];
  for (const [place, rank] of before.entries()) {
    const other = (after[place] ?? 0) - middle;
    product += (rank - middle) * other;
    first += (rank - middle) ** 2;
    second += other ** 2;
  }
  return first === 0 || second === 0 ? null : product / Math.sqrt(first * second);
}

/** Ranks from 1; equal values get the mean of the ranks they take up. */
function toRanks(values: readonly number[]): number[] {
  const order = [...values.keys()].toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = Array.from<number>({ length: values.length });
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1] ?? 0] === values[order[from] ?? 0]) to += 1;
    for (let place = from; place <= to; place += 1) ranks[order[place] ?? 0] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return ranks;
}
