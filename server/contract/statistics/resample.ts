import { average } from "./mean";
import type { Random } from "./random";

/** A sample of ones and zeros, told by its counts: `count` of `n` cases. */
export interface Tally {
  count: number;
  n: number;
}

/** What a resample is drawn from: values, or counts where the values are ones and zeros. */
export type Sample = readonly number[] | Tally;

/** Draws the sum of as many values as the sample has, with replacement. */
export type Resampler = (random: Random) => number;

/** What a sum is divided by: the values of all samples (a mean or a rate), or the samples (a count for each run). */
export type Per = "value" | "sample";

export const sizeOf = (sample: Sample): number => ("n" in sample ? sample.n : sample.length);
const sumOf = (sample: Sample): number => ("n" in sample ? sample.count : sample.reduce((sum, value) => sum + value, 0));

export const countCases = (samples: readonly Sample[]): number => samples.reduce((total, sample) => total + sizeOf(sample), 0);

/** Mean of all values, or sum for each sample; null where there is no value. */
export function poolSamples(samples: readonly Sample[], per: Per): number | null {
  const n = countCases(samples);
  return n === 0 ? null : samples.reduce((total, sample) => total + sumOf(sample), 0) / (per === "sample" ? samples.length : n);
}

/** Up to this many values, the sums of all their pairs are few enough to be looked up. */
const maxPaired = 128;
/** Beyond this many values a sum is drawn from its limit: it is closer to it than 10,000 draws can show. */
const maxDrawn = 256;

export function createResampler(sample: Sample): Resampler {
  if ("n" in sample) return drawBinomial(sample);
  if (sample.length > maxDrawn) return drawLimit(sample);
  return sample.length > maxPaired ? drawEach(sample) : drawPairs(sample);
}

function drawEach(values: readonly number[]): Resampler {
  return (random) => {
    let sum = 0;
    for (let draw = 0; draw < values.length; draw += 1) sum += values[Math.floor(random() * values.length)] ?? 0;
    return sum;
  };
}

/** Two values at a time, which halves the random numbers. */
function drawPairs(values: readonly number[]): Resampler {
  const n = values.length;
  const pairs = Float64Array.from({ length: n * n }, (_, at) => (values[Math.floor(at / n)] ?? 0) + (values[at % n] ?? 0));
  const two = n >> 1;
  const odd = n % 2 === 1;
  return (random) => {
    let sum = 0;
    for (let draw = 0; draw < two; draw += 1) sum += pairs[Math.floor(random() * pairs.length)] ?? 0;
    return odd ? sum + (values[Math.floor(random() * n)] ?? 0) : sum;
  };
}

/** Of ones and zeros the sum is binomial, drawn by inverting its distribution. */
function drawBinomial({ count, n }: Tally): Resampler {
  if (count === 0 || count === n) return () => count;
  const cumulative = cumulateBinomial(n, count / n);
  return (random) => {
    const share = random();
    let low = 0;
    let high = n;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] ?? 1) > share) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** P(X <= k) for k from 0 to n, by the ratios of neighbouring terms from the mode outwards: no term overflows. */
function cumulateBinomial(n: number, share: number): Float64Array {
  const odds = share / (1 - share);
  const mode = Math.min(n, Math.floor((n + 1) * share));
  const terms = new Float64Array(n + 1);
  terms[mode] = 1;
  for (let k = mode; k < n; k += 1) terms[k + 1] = ((terms[k] ?? 0) * (n - k) * odds) / (k + 1);
  for (let k = mode; k > 0; k -= 1) terms[k - 1] = ((terms[k] ?? 0) * k) / ((n - k + 1) * odds);
  const total = terms.reduce((sum, term) => sum + term, 0);
  let below = 0;
  return terms.map((term) => (below += term / total));
}

/**
 * The sum of many values: normal, corrected for the skewness of the values (first term of the Cornish-Fisher expansion,
 * Abramowitz & Stegun 26.2.49).
 */
function drawLimit(values: readonly number[]): Resampler {
  const n = values.length;
  const middle = average(values);
  const sd = Math.sqrt(average(values.map((value) => (value - middle) ** 2)));
  if (sd === 0) return () => n * middle;
  const skewness = average(values.map((value) => ((value - middle) / sd) ** 3)) / Math.sqrt(n);
  return (random) => {
    const z = drawNormal(random);
    return n * middle + Math.sqrt(n) * sd * (z + (skewness * (z * z - 1)) / 6);
  };
}

/** G. E. P. Box & M. E. Muller (1958), Ann. Math. Stat. 29, 610-611. */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
