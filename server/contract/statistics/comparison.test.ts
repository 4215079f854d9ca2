import { describe, expect, test } from "vitest";

import {
  adjustHolm,
  bootstrapDifference,
  bootstrapMean,
  compareArms,
  comparedFigures,
  type CycleSample,
  type FigureDifference,
  judgeDifferences,
  mean,
  minCases,
  poolCycle,
  seededRandom,
  selectSpan,
  type SeedSample,
} from ".";
import { createResampler, type Sample } from "./resample";

const cycle = (number: number, change: Partial<CycleSample> = {}): CycleSample => ({
  cycle: number,
  rated: 20,
  novel: 10,
  winners: 5,
  accuracies: Array.from({ length: 10 }, (_, at) => at / 10),
  ...change,
});

const run = (seed: number, cycles: CycleSample[]): SeedSample => ({ seed, cycles });

const numbers = (sample: SeedSample) => sample.cycles.map((one) => one.cycle);

const row = (p: number, change: Partial<FigureDifference> = {}): FigureDifference => ({
  figure: "valid_rate",
  reference: 0.5,
  value: 0.6,
  difference: { value: 0.1, low: p < 0.05 ? 0.01 : -0.01, high: 0.2, p },
  seeds: 3,
  reference_cases: 100,
  cases: 100,
  ...change,
});

describe("a resample", () => {
  const random = seededRandom(9);
  const values = (n: number) => Array.from({ length: n }, () => random() ** 4);
  const momentsOf = (sample: Sample, draws = 20_000) => {
    const draw = createResampler(sample);
    const sums = Array.from({ length: draws }, () => draw(random));
    const middle = sums.reduce((sum, value) => sum + value, 0) / draws;
    const variance = sums.reduce((sum, value) => sum + (value - middle) ** 2, 0) / draws;
    return { middle, variance, skewness: sums.reduce((sum, value) => sum + ((value - middle) / Math.sqrt(variance)) ** 3, 0) / draws };
  };

  // One of each way to draw: pairs (odd and even), one by one, the limit.
  test.each([7, 48, 200, 400])("of %i values has the moments of drawing them with replacement", (n) => {
    const sample = values(n);
    const at = sample.reduce((sum, value) => sum + value, 0) / n;
    const variance = sample.reduce((sum, value) => sum + (value - at) ** 2, 0) / n;
    const third = sample.reduce((sum, value) => sum + (value - at) ** 3, 0) / n;
    const drawn = momentsOf(sample);
    expect(Math.abs(drawn.middle - n * at)).toBeLessThan(4 * Math.sqrt((n * variance) / 20_000));
    expect(Math.abs(drawn.variance / (n * variance) - 1)).toBeLessThan(0.05);
    expect(Math.abs(drawn.skewness - third / variance ** 1.5 / Math.sqrt(n))).toBeLessThan(0.1);
  });

  test.each([
    [1, 3],
    [36, 48],
    [3, 5_000],
    [99_000, 100_000],
  ])("of %i ones among %i is binomial", (count, n) => {
    const share = count / n;
    const { middle, variance } = momentsOf({ count, n });
    expect(Math.abs(middle - count)).toBeLessThan(4 * Math.sqrt((count * (1 - share)) / 20_000));
    expect(Math.abs(variance / (count * (1 - share)) - 1)).toBeLessThan(0.05);
  });

  test("of one thing only never varies", () => {
    for (const sample of [{ count: 0, n: 5 }, { count: 5, n: 5 }, Array.from({ length: 300 }, () => 0.5)]) {
      const draw = createResampler(sample);
      expect(new Set(Array.from({ length: 50 }, () => draw(random))).size).toBe(1);
    }
  });
});

describe("bootstrapMean", () => {
  test("agrees with the t interval where seeds do not differ", () => {
    const random = seededRandom(4);
    const seeds = Array.from({ length: 8 }, () => Array.from({ length: 40 }, random));
    const figure = bootstrapMean(seeds);
    const normal = mean(seeds.flat());
    expect(figure?.value).toBeCloseTo(normal?.value ?? NaN, 12);
    expect(figure?.low).toBeCloseTo(normal?.low ?? NaN, 1);
    expect(figure?.high).toBeCloseTo(normal?.high ?? NaN, 1);
  });
  test("of nothing is nothing, of one value has no interval", () => {
    expect(bootstrapMean([[], []])).toBeNull();
    expect(bootstrapMean([[], [0.5]])).toEqual({ value: 0.5, low: null, high: null, n: 1 });
  });
});

describe("bootstrapDifference", () => {
  test("p is 1 for equal arms, never 0, and small where the interval excludes 0", () => {
    const one = { count: 1, n: 1 };
    const none = { count: 0, n: 1 };
    expect(bootstrapDifference([{ control: one, treated: one }])).toMatchObject({ value: 0, low: 0, high: 0, p: 1 });
    expect(bootstrapDifference([{ control: none, treated: one }])?.p).toBeCloseTo(2 / 10_001, 12);
    const random = seededRandom(6);
    for (let trial = 0; trial < 60; trial += 1) {
      const shift = 0.25 * random();
      const arm = (by: number) => Array.from({ length: 30 }, () => random() + by);
      const figure = bootstrapDifference([{ control: arm(0), treated: arm(shift) }], { draws: 999 });
      if (figure === null || Math.abs(figure.p - 0.05) < 0.004) continue;
      expect(figure.p < 0.05).toBe(figure.low > 0 || figure.high < 0);
    }
  });
  test("compares sums for each seed where that is asked for", () => {
    const pairs = [0, 1].map(() => ({ control: { count: 3, n: 48 }, treated: { count: 9, n: 24 } }));
    expect(bootstrapDifference(pairs, { per: "sample" })?.value).toBe(6);
  });
});

describe("adjustHolm", () => {
  // p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") in R.
  test("agrees with R, in the order given", () => {
    expect(adjustHolm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(12)))).toEqual([0.03, 0.06, 0.06, 0.02]);
  });
  test("never passes 1, and one test stays as it is", () => {
    expect(adjustHolm([0.5, 0.9])).toEqual([1, 1]);
    expect(adjustHolm([0.02])).toEqual([0.02]);
    expect(adjustHolm([])).toEqual([]);
  });
});

describe("a cycle of an arm", () => {
  test("pools its seeds; what has no case is null, not zero", () => {
    const pooled = poolCycle(3, [cycle(3), cycle(3, { rated: 12, novel: 1, winners: 0, accuracies: [0.4, 0.39] })]);
    expect(pooled).toMatchObject({
      cycle: 3,
      seeds: 2,
      valid_rate: { count: 12, n: 32 },
      accuracy_mean: { n: 12 },
      share_above_threshold: { count: 7, n: 12 },
      share_above_threshold_of_rated: { count: 7, n: 32 },
      novelty_rate: { count: 11, n: 12 },
      winners: 5,
    });
    expect(poolCycle(0, [cycle(0, { novel: 0, accuracies: [] })])).toMatchObject({
      valid_rate: { count: 0, n: 20 },
      accuracy_mean: null,
      share_above_threshold: null,
      novelty_rate: null,
    });
    expect(poolCycle(0, [])).toMatchObject({ seeds: 0, valid_rate: null, accuracy_mean: null });
  });
});

describe("a comparison", () => {
  test("takes the last common cycle, or all after the first; a run that ended early stands with its own last", () => {
    const whole = run(0, [0, 1, 2, 3].map((number) => cycle(number)));
    const short = run(1, [0, 1].map((number) => cycle(number)));
    expect(numbers(selectSpan(whole, "last_cycle", 2))).toEqual([2]);
    expect(numbers(selectSpan(short, "last_cycle", 2))).toEqual([1]);
    expect(numbers(selectSpan(whole, "after_first", 2))).toEqual([1, 2]);
    expect(numbers(selectSpan(run(0, [cycle(0)]), "after_first", 0))).toEqual([]);
  });

  test("pairs seeds, leaves out those that one arm lacks, and differs by what it shows", () => {
    const reference = [run(0, [cycle(5)]), run(1, [cycle(5)]), run(2, [cycle(5, { rated: 1_000 })])];
    const arm = [run(1, [cycle(5, { rated: 10, winners: 9 })]), run(0, [cycle(5, { rated: 10, winners: 8 })]), run(9, [cycle(5)])];
    const rows = compareArms(reference, arm, { draws: 200 });
    expect(rows.map(({ figure }) => figure)).toEqual([...comparedFigures]);
    expect(rows[0]).toMatchObject({ seeds: 2, reference: 0.5, value: 1, reference_cases: 40, cases: 20, difference: { value: 0.5 } });
    expect(rows[4]).toMatchObject({ figure: "winners", reference: 5, value: 8.5, difference: { value: 3.5 } });
    for (const { reference: from, value, difference } of rows) expect(difference?.value).toBeCloseTo((value ?? NaN) - (from ?? NaN), 12);
  });

  test("without a common seed has no figure and too few cases", () => {
    const rows = judgeDifferences(compareArms([run(0, [cycle(1)])], [run(1, [cycle(1)])]));
    expect(rows[0]).toMatchObject({ seeds: 0, reference: null, value: null, difference: null, verdict: "too_few", p_adjusted: null });
  });

  test("differs where the interval excludes 0; of more than ten, only what Holm's method leaves", () => {
    const ten = Array.from({ length: 10 }, (_, at) => row(at === 0 ? 0.02 : 0.5));
    expect(judgeDifferences(ten).map(({ verdict }) => verdict)).toEqual(["differs", ...Array.from({ length: 9 }, () => "inside_noise")]);
    const judged = judgeDifferences([...ten, row(0.001)]);
    expect(judged[0]).toMatchObject({ verdict: "inside_noise", p_adjusted: 0.2 });
    expect(judged[10]).toMatchObject({ verdict: "differs", p_adjusted: 0.011 });
  });

  test("says nothing of fewer cases than an interval needs, and does not count them as comparisons", () => {
    const few = { cases: minCases - 1 };
    const judged = judgeDifferences([row(0.02), ...Array.from({ length: 12 }, () => row(0.0002, few))]);
    expect(judged[0]?.verdict).toBe("differs");
    expect(judged[1]).toMatchObject({ verdict: "too_few", p_adjusted: null });
  });
});

/**
 * Studies in which every arm is the same. `luck` is how much a run of its own moves its mean (standard deviation): what a
 * bootstrap over few seeds cannot see well. What the seeds of two arms have in common cancels and is always there.
 */
function countFalseAlarms(seeds: number, luck: number, studies: number) {
  const random = seededRandom(12);
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const draw = (seed: number, shift: number): SeedSample => {
    const accuracies = Array.from({ length: 48 }, () => (random() < 0.45 ? 0.1 + 0.15 * random() : 0.35 + 0.55 * random()))
      .filter(() => random() < 0.75 + shift)
      .map((accuracy) => accuracy + shift);
    const novel = accuracies.filter(() => random() < 0.9).length;
    return run(seed, [cycle(5, { rated: 48, accuracies, novel, winners: Math.round(novel / 2) })]);
  };
  const alarms = { accuracy_mean: 0, valid_rate: 0 };
  for (let study = 0; study < studies; study += 1) {
    const common = Array.from({ length: seeds }, () => 0.05 * gauss());
    const [reference = [], arm = []] = [0, 1].map(() => common.map((shift, seed) => draw(seed, shift + luck * gauss())));
    for (const { figure, verdict } of judgeDifferences(compareArms(reference, arm, { draws: 400 }))) {
      if (verdict === "differs" && (figure === "accuracy_mean" || figure === "valid_rate")) alarms[figure] += 1;
    }
  }
  return { accuracy_mean: alarms.accuracy_mean / studies, valid_rate: alarms.valid_rate / studies };
}

describe("equal arms are called different", () => {
  // 400 studies: a share of 0.05 is known to 0.011. Larger simulations are in the docstring of judgeDifferences.
  test("in less than 5 of 100 comparisons of 3 seeds when candidates alone make the noise", () => {
    const rate = countFalseAlarms(3, 0, 400);
    expect(rate.accuracy_mean).toBeLessThan(0.06);
    expect(rate.valid_rate).toBeLessThan(0.06);
  });
  test("in about 10 of 100 when each run's luck moves its mean by 6 points, which 3 seeds hardly show", () => {
    const rate = countFalseAlarms(3, 0.06, 400).accuracy_mean;
    expect(rate).toBeGreaterThan(0.04);
    expect(rate).toBeLessThan(0.14);
  });
  test("in a quarter with one seed, whose interval is over candidates only", () => {
    expect(countFalseAlarms(1, 0.06, 200).accuracy_mean).toBeGreaterThan(0.15);
  });
});
