/**
 * Arms of a study beside each other: figures of one arm pooled over seeds, and the differences between two arms with what may
 * be said of them. Pure: what it is given are counts and accuracies of cycles whose candidates are all judged.
 */
import { reportThreshold } from "../words";
import { bootstrapDifference, bootstrapMean, type BootstrapOptions, type TestedDifference } from "./bootstrap";
import type { Mean, Rate } from "./figures";
import { adjustHolm } from "./holm";
import { rate } from "./rate";
import { countCases, poolSamples, type Sample } from "./resample";

/** What arms are compared by. */
export const comparedFigures = ["valid_rate", "accuracy_mean", "share_above_threshold", "novelty_rate", "winners"] as const;
export type ComparedFigure = (typeof comparedFigures)[number];

/** Which cycles are compared: the last that all have, or all that a fine-tuned model may have written. */
export const comparisonSpans = ["last_cycle", "after_first"] as const;
export type ComparisonSpan = (typeof comparisonSpans)[number];

/** `too_few`: an arm has fewer cases than anything can be said of. */
export const verdicts = ["differs", "inside_noise", "too_few"] as const;
export type Verdict = (typeof verdicts)[number];

/** What one run gave in one cycle. `accuracies` are those of the valid candidates; `novel` counts among them. */
export interface CycleSample {
  cycle: number;
  rated: number;
  novel: number;
  winners: number;
  accuracies: readonly number[];
}

/** Cycles of the run with this seed, in order. */
export interface SeedSample {
  seed: number;
  cycles: readonly CycleSample[];
}

/** One cycle of one arm, all its seeds together. */
export interface PooledCycle {
  cycle: number;
  /** Runs that are in these figures. */
  seeds: number;
  valid_rate: Rate | null;
  /** With a bootstrap interval over seeds, then candidates; over candidates only where there is one seed. */
  accuracy_mean: Mean | null;
  /** Of the valid candidates, those at or above the report threshold. */
  share_above_threshold: Rate | null;
  share_above_threshold_of_rated: Rate | null;
  novelty_rate: Rate | null;
  winners: number;
}

/** One figure of an arm against the reference, over the seeds that both have. */
export interface FigureDifference {
  figure: ComparedFigure;
  reference: number | null;
  value: number | null;
  difference: TestedDifference | null;
  seeds: number;
  reference_cases: number;
  cases: number;
}

export interface JudgedDifference extends FigureDifference {
  /** `difference.p`, adjusted by Holm where there are more than `maxUncorrected` comparisons. */
  p_adjusted: number | null;
  verdict: Verdict;
}

/** With more comparisons than this, some would differ by chance alone. */
export const maxUncorrected = 10;
/** A resample of fewer cases repeats itself too often to be an interval. */
export const minCases = 10;
const significance = 0.05;

export function poolCycle(cycle: number, samples: readonly CycleSample[]): PooledCycle {
  const total = (count: (sample: CycleSample) => number) => samples.reduce((sum, sample) => sum + count(sample), 0);
  const valid = total((sample) => sample.accuracies.length);
  const rated = total((sample) => sample.rated);
  const above = total(countAbove);
  return {
    cycle,
    seeds: samples.length,
    valid_rate: rate(valid, rated),
    accuracy_mean: bootstrapMean(samples.map((sample) => sample.accuracies)),
    share_above_threshold: rate(above, valid),
    share_above_threshold_of_rated: rate(above, rated),
    novelty_rate: rate(total((sample) => sample.novel), valid),
    winners: total((sample) => sample.winners),
  };
}

/**
 * The cycles of a span. Runs may be of different length: `last` is the last cycle of the comparison, and a run that ended
 * before it stands with its own last one.
 */
export function selectSpan({ seed, cycles }: SeedSample, span: ComparisonSpan, last: number): SeedSample {
  const within = cycles.filter((sample) => sample.cycle <= last);
  return { seed, cycles: span === "last_cycle" ? within.slice(-1) : within.filter((sample) => sample.cycle > 0) };
}

/** `arm - reference` in every figure. Runs of one seed are a pair; a seed that only one of the two has is left out. */
export function compareArms(
  reference: readonly SeedSample[],
  arm: readonly SeedSample[],
  options: Pick<BootstrapOptions, "draws"> = {},
): FigureDifference[] {
  const pairs = arm.flatMap((treated) => {
    const control = reference.find(({ seed }) => seed === treated.seed);
    return control === undefined ? [] : [{ control, treated }];
  });
  return comparedFigures.map((figure) => {
    const samples = pairs.map((pair) => ({ control: toSample(figure, pair.control), treated: toSample(figure, pair.treated) }));
    const control = samples.map((pair) => pair.control);
    const treated = samples.map((pair) => pair.treated);
    const per = figure === "winners" ? "sample" : "value";
    return {
      figure,
      reference: poolSamples(control, per),
      value: poolSamples(treated, per),
      difference: bootstrapDifference(samples, { ...options, per }),
      seeds: pairs.length,
      reference_cases: countCases(control),
      cases: countCases(treated),
    };
  });
}

/**
 * Says which of a family of differences are more than noise: the 95 % interval excludes 0, and so does the test, which is
 * adjusted by Holm's method once there are more than ten. The interval itself stays that of a single comparison.
 *
 * How often equal arms differ in mean accuracy, of 400 simulated studies (48 candidates a run; "luck": standard deviation of
 * what a run of its own adds to its mean):
 *
 *     seeds              1       2       3       5      10
 *     luck 0         6.0 %   2.8 %   2.8 %   1.5 %   1.0 %
 *     luck 3 points  10 %    5.5 %   4.5 %   2.3 %   1.5 %
 *     luck 6 points  26 %    13 %    9.0 %   6.0 %   4.8 %
 *
 * Any of the 15 comparisons of four arms, with Holm's method and luck 3 points: 7.3, 3.5, 1.5, 0.5, 0.5 %.
 */
export function judgeDifferences<Row extends FigureDifference>(family: readonly Row[]): (Row & JudgedDifference)[] {
  const tests = family.map(findTest);
  const known = tests.filter((test) => test !== null);
  const single = known.map(({ p }) => p);
  const adjusted = isCorrected(family) ? adjustHolm(single) : single;
  return family.map((row, at) => {
    const test = tests[at];
    if (test == null) return { ...row, p_adjusted: null, verdict: "too_few" };
    const p = adjusted[known.indexOf(test)] ?? 1;
    const excludes = test.low > 0 || test.high < 0;
    return { ...row, p_adjusted: p, verdict: excludes && p <= significance ? "differs" : "inside_noise" };
  });
}

/** Whether a family of comparisons is so large that Holm's method applies to it. */
export const isCorrected = (family: readonly FigureDifference[]): boolean =>
  family.filter((row) => findTest(row) !== null).length > maxUncorrected;

const findTest = ({ difference, cases, reference_cases: others }: FigureDifference): TestedDifference | null =>
  Math.min(cases, others) < minCases ? null : difference;

function toSample(figure: ComparedFigure, { cycles }: SeedSample): Sample {
  const total = (count: (sample: CycleSample) => number) => cycles.reduce((sum, sample) => sum + count(sample), 0);
  const accuracies = cycles.flatMap((sample) => sample.accuracies);
  const rated = total((sample) => sample.rated);
  switch (figure) {
    case "valid_rate":
      return { count: accuracies.length, n: rated };
    case "accuracy_mean":
      return accuracies;
    case "share_above_threshold":
      return { count: total(countAbove), n: accuracies.length };
    case "novelty_rate":
      return { count: total((sample) => sample.novel), n: accuracies.length };
    case "winners":
      return { count: total((sample) => sample.winners), n: rated };
  }
}

const countAbove = ({ accuracies }: CycleSample): number => accuracies.filter((accuracy) => accuracy >= reportThreshold).length;
