import type { Difference, Mean } from "./figures";
import { quantileOfSorted } from "./quantile";
import { type Random, seededRandom } from "./random";
import { countCases, createResampler, type Per, poolSamples, type Resampler, type Sample, sizeOf } from "./resample";

/** What one seed gave: values of the candidates of both arms (accuracies), or counts for a rate. */
export interface SeedPair {
  control: Sample;
  treated: Sample;
}

export interface BootstrapOptions {
  draws?: number;
  /** Same seed, same interval. */
  seed?: number;
  /** `sample`: sums for each seed are compared instead of means. */
  per?: Per;
}

/** A difference with what a test of "no difference" says. */
export interface TestedDifference extends Difference {
  /**
   * Twice the share of draws on the far side of 0, the draw at hand counted too, so never 0. Below 0.05 exactly where the
   * 95 % interval excludes 0 (but for rounding).
   */
  p: number;
}

/** One seed of one arm: how to draw from it, and how many values that gives. */
interface Source {
  draw: Resampler;
  n: number;
}

const defaultDraws = 10_000;

/**
 * `treated - control` of the pooled means with a 95 % percentile interval of a two-level bootstrap: each draw takes as
 * many seeds with replacement, keeping the two arms of a seed together, and within each as many candidates of each arm
 * with replacement. Levels as in A. C. Davison & D. V. Hinkley (1997), Bootstrap Methods, section 3.8.
 *
 * With one seed it is a bootstrap over candidates only. How often equal arms are called different is in the tests.
 *
 * Null when an arm has no value. A draw in which an arm is empty (a seed without valid candidates) is drawn again.
 */
export function bootstrapDifference(pairs: readonly SeedPair[], options: BootstrapOptions = {}): TestedDifference | null {
  const { draws = defaultDraws, seed = 0, per = "value" } = options;
  const control = poolSamples(pairs.map((pair) => pair.control), per);
  const treated = poolSamples(pairs.map((pair) => pair.treated), per);
  if (control === null || treated === null) return null;
  const sources = pairs.map((pair) => ({ control: toSource(pair.control), treated: toSource(pair.treated) }));
  const random = seededRandom(seed);
  const differences = collect(draws, () => drawDifference(sources, per, random));
  const atMost = differences.reduce((count, difference) => count + (difference <= 0 ? 1 : 0), 0);
  const atLeast = differences.reduce((count, difference) => count + (difference >= 0 ? 1 : 0), 0);
  return {
    value: treated - control,
    ...toInterval(differences),
    p: Math.min(1, (2 * (1 + Math.min(atMost, atLeast))) / (draws + 1)),
  };
}

/**
 * Mean of the values of all seeds with a 95 % percentile interval of the same bootstrap over seeds, then values. Null for no
 * values, no interval for one.
 */
export function bootstrapMean(seeds: readonly Sample[], options: Omit<BootstrapOptions, "per"> = {}): Mean | null {
  const { draws = defaultDraws, seed = 0 } = options;
  const n = countCases(seeds);
  const value = poolSamples(seeds, "value");
  if (value === null) return null;
  if (n === 1) return { value, low: null, high: null, n };
  const sources = seeds.map(toSource);
  const random = seededRandom(seed);
  return { value, ...toInterval(collect(draws, () => drawMean(sources, random))), n };
}

const toSource = (sample: Sample): Source => ({ draw: createResampler(sample), n: sizeOf(sample) });

/** As many draws as asked for, in ascending order; null is drawn again. */
function collect(draws: number, draw: () => number | null): Float64Array {
  const drawn = new Float64Array(draws);
  for (let done = 0; done < draws; ) {
    const value = draw();
    if (value !== null) drawn[done++] = value;
  }
  return drawn.toSorted();
}

function drawDifference(sources: readonly { control: Source; treated: Source }[], per: Per, random: Random): number | null {
  const control = { sum: 0, n: 0 };
  const treated = { sum: 0, n: 0 };
  for (let draw = 0; draw < sources.length; draw += 1) {
    const source = sources[Math.floor(random() * sources.length)];
    if (source === undefined) continue;
    add(control, source.control, random);
    add(treated, source.treated, random);
  }
  if (control.n === 0 || treated.n === 0) return null;
  if (per === "sample") return (treated.sum - control.sum) / sources.length;
  return treated.sum / treated.n - control.sum / control.n;
}

function drawMean(sources: readonly Source[], random: Random): number | null {
  const total = { sum: 0, n: 0 };
  for (let draw = 0; draw < sources.length; draw += 1) {
    const source = sources[Math.floor(random() * sources.length)];
    if (source !== undefined) add(total, source, random);
  }
  return total.n === 0 ? null : total.sum / total.n;
}

function add(total: { sum: number; n: number }, { draw, n }: Source, random: Random): void {
  total.sum += draw(random);
  total.n += n;
}

function toInterval(sorted: Float64Array): { low: number; high: number } {
  const low = quantileOfSorted(sorted, 0.025);
  const high = quantileOfSorted(sorted, 0.975);
  if (low === null || high === null) throw new RangeError("a bootstrap needs at least one draw");
  return { low, high };
}
