import type { Difference } from "./figures";
import { average } from "./mean";
import { quantileOfSorted } from "./quantile";
import { type Random, seededRandom } from "./random";

/** What one seed gave: values of the candidates of both arms (accuracies, or 1 and 0 for a rate). */
export interface SeedPair {
  control: readonly number[];
  treated: readonly number[];
}

export interface BootstrapOptions {
  draws?: number;
  /** Same seed, same interval. */
  seed?: number;
}

/**
 * `treated - control` of the pooled means with a 95 % percentile interval of a two-level bootstrap: each draw takes as
 * many seeds with replacement, keeping the two arms of a seed together, and within each as many candidates of each arm
 * with replacement. Levels as in A. C. Davison & D. V. Hinkley (1997), Bootstrap Methods, section 3.8.
 *
 * Null when an arm has no value. A draw in which an arm is empty (a seed without valid candidates) is drawn again.
 */
export function bootstrapDifference(pairs: readonly SeedPair[], options: BootstrapOptions = {}): Difference | null {
  const { draws = 10_000, seed = 0 } = options;
  const control = pairs.flatMap((pair) => pair.control);
  const treated = pairs.flatMap((pair) => pair.treated);
  if (control.length === 0 || treated.length === 0) return null;
  const random = seededRandom(seed);
  const differences: number[] = [];
  while (differences.length < draws) {
    const difference = drawDifference(pairs, random);
    if (difference !== null) differences.push(difference);
  }
  differences.sort((a, b) => a - b);
  const low = quantileOfSorted(differences, 0.025);
  const high = quantileOfSorted(differences, 0.975);
  if (low === null || high === null) throw new RangeError("a bootstrap needs at least one draw");
  return { value: average(treated) - average(control), low, high };
}

function drawDifference(pairs: readonly SeedPair[], random: Random): number | null {
  const control = { sum: 0, n: 0 };
  const treated = { sum: 0, n: 0 };
  for (let draw = 0; draw < pairs.length; draw += 1) {
    const pair = pairs[Math.floor(random() * pairs.length)];
    if (pair === undefined) continue;
    addResample(control, pair.control, random);
    addResample(treated, pair.treated, random);
  }
  return control.n === 0 || treated.n === 0 ? null : treated.sum / treated.n - control.sum / control.n;
}

function addResample(total: { sum: number; n: number }, values: readonly number[], random: Random): void {
  for (let draw = 0; draw < values.length; draw += 1) total.sum += values[Math.floor(random() * values.length)] ?? 0;
  total.n += values.length;
}
