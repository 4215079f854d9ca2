import type { Rate } from "./figures";
import { rate } from "./rate";

/** All cases of several rates together, each case counting once, with Wilson's interval; null where there is no case. */
export function poolRates(rates: readonly (Rate | null)[]): Rate | null {
  const known = rates.filter((one) => one !== null);
  const total = (pick: (one: Rate) => number) => known.reduce((sum, one) => sum + pick(one), 0);
  return rate(total((one) => one.count), total((one) => one.n));
}

/**
 * From which cycle on a rate counts as stable: the first third of the cycles, in which the loop has learned little, is left
 * out. Null for a single cycle.
 */
export const findStableStart = (cycles: number): number | null => (cycles < 2 ? null : Math.ceil(cycles / 3));
