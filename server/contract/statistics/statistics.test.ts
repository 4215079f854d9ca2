import { describe, expect, test } from "vitest";

import { bootstrapDifference, mean, meanDifference, quantile, rate, rateDifference, seededRandom, unitHistogram } from ".";
import type { Rate } from "./figures";
import { t95 } from "./student-t";

function rateOf(count: number, n: number): Rate {
  const figure = rate(count, n);
  if (figure === null) throw new Error("no cases");
  return figure;
}

describe("rate", () => {
  // Newcombe (1998), Stat. Med. 17, 857-872, table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("%i of %i has the published Wilson interval", (count, n, low, high) => {
    const figure = rateOf(count, n);
    expect(figure.low).toBeCloseTo(low, 4);
    expect(figure.high).toBeCloseTo(high, 4);
    expect(figure.value).toBe(count / n);
  });

  test("agrees with SciPy 1.17", () => {
    expect(rateOf(36, 48).low).toBeCloseTo(0.6121562719049204, 12);
    expect(rateOf(36, 48).high).toBeCloseTo(0.8507936632620209, 12);
  });

  test("of nothing is nothing", () => expect(rate(0, 0)).toBeNull());
  test.each([[3, 2], [-1, 2], [1.5, 2]])("%d of %d is refused", (count, n) => expect(() => rate(count, n)).toThrow(RangeError));

  test("holds its value, stays a share, mirrors, and narrows with more cases", () => {
    for (let n = 1; n <= 60; n += 1) {
      for (let count = 0; count <= n; count += 1) {
        const { value, low, high } = rateOf(count, n);
        const mirror = rateOf(n - count, n);
        const tenfold = rateOf(count * 10, n * 10);
        expect(0 <= low && low <= value && value <= high && high <= 1).toBe(true);
        expect(low).toBeCloseTo(1 - mirror.high, 12);
        expect(tenfold.high - tenfold.low).toBeLessThan(high - low);
      }
    }
  });
});

describe("rateDifference", () => {
  // Newcombe (1998), Stat. Med. 17, 873-890, table II, method 10; the paper subtracts second from first.
  test.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [10, 10, 0, 10, 0.6075, 1],
  ])("%i/%i - %i/%i has the published interval", (a, m, b, n, low, high) => {
    const figure = rateDifference(rateOf(b, n), rateOf(a, m));
    expect(figure.value).toBeCloseTo(a / m - b / n, 12);
    expect(figure.low).toBeCloseTo(low, 4);
    expect(figure.high).toBeCloseTo(high, 4);
  });
});

describe("t95", () => {
  // scipy.stats.t.ppf(0.975, degrees), SciPy 1.17.
  test.each([
    [0.3, 6582.0356994007525],
    [1, 12.706204736174694],
    [1.5, 6.016663104427929],
    [2, 4.302652729749462],
    [4.7, 2.62072607535317],
    [5, 2.5705818356363146],
    [27, 2.0518305164802846],
    [100, 1.9839715185235518],
    [1000.5, 1.962337892459348],
    [1e6, 1.959966356814107],
  ])("with %d degrees of freedom agrees with SciPy", (degrees, expected) => {
    expect(Math.abs(t95(degrees) / expected - 1)).toBeLessThan(1e-10);
  });

  test("falls towards the normal distribution's point", () => {
    let last = Infinity;
    for (let degrees = 0.5; degrees < 500; degrees *= 1.1) {
      expect(t95(degrees)).toBeLessThan(last);
      last = t95(degrees);
      expect(last).toBeGreaterThan(1.959963984540054);
    }
  });
});

const few = [0.1, 0.2, 0.25, 0.7, 0.33];
const more = [0.5, 0.61, 0.9, 0.42, 0.77, 0.81, 0.35];

describe("mean", () => {
  test("agrees with SciPy", () => {
    const figure = mean(few);
    expect(figure?.value).toBeCloseTo(0.316, 12);
    expect(figure?.low).toBeCloseTo(0.030066590690057737, 12);
    expect(figure?.high).toBeCloseTo(0.6019334093099422, 12);
    expect(figure?.n).toBe(5);
  });
  test("of one value has no interval", () => expect(mean([0.4])).toEqual({ value: 0.4, low: null, high: null, n: 1 }));
  test("of nothing is nothing", () => expect(mean([])).toBeNull());
  test("covers the true mean of normal-ish samples 95 times in 100", () => {
    const random = seededRandom(5);
    const draw = () => Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, 0) / 12;
    let covered = 0;
    for (let trial = 0; trial < 2_000; trial += 1) {
      const figure = mean(Array.from({ length: 8 }, draw));
      if (figure?.low && figure.high && figure.low < 0.5 && 0.5 < figure.high) covered += 1;
    }
    // Three standard errors of a share of 2,000 around 0.95.
    expect(Math.abs(covered / 2_000 - 0.95)).toBeLessThan(0.015);
  });
});

describe("meanDifference", () => {
  test("agrees with SciPy's Welch interval", () => {
    const figure = meanDifference(few, more);
    expect(figure?.value).toBeCloseTo(0.3068571428571428, 12);
    expect(figure?.low).toBeCloseTo(0.008499374456007569, 10);
    expect(figure?.high).toBeCloseTo(0.605214911258278, 10);
  });
  test("needs two values on each side", () => expect(meanDifference([0.1], more)).toBeNull());
  test("of constants is exact", () => expect(meanDifference([1, 1], [3, 3])).toEqual({ value: 2, low: 2, high: 2 }));
});

describe("quantile", () => {
  test.each([[0.1, 0.392], [0.25, 0.46], [0.5, 0.61], [0.65, 0.754], [0.9, 0.846], [0, 0.35], [1, 0.9]])(
    "%d agrees with NumPy",
    (share, expected) => expect(quantile(more, share)).toBeCloseTo(expected, 12),
  );
  test("of nothing is nothing", () => expect(quantile([], 0.5)).toBeNull());
  test("leaves the values in their order", () => {
    const values = [3, 1, 2];
    quantile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe("bootstrapDifference", () => {
  const random = seededRandom(11);
  const arm = (n: number, shift: number) => Array.from({ length: n }, () => random() + shift);
  const pairs = Array.from({ length: 5 }, () => ({ control: arm(100, 0), treated: arm(40, 0.3) }));

  test("same seed, same interval; another seed, another one", () => {
    const options = { draws: 500, seed: 3 };
    expect(bootstrapDifference(pairs, options)).toEqual(bootstrapDifference(pairs, options));
    expect(bootstrapDifference(pairs, options)).not.toEqual(bootstrapDifference(pairs, { draws: 500, seed: 4 }));
  });

  test("agrees with the normal interval where seeds do not differ", () => {
    const figure = bootstrapDifference(pairs, { seed: 1 });
    const normal = meanDifference(pairs.flatMap((pair) => pair.control), pairs.flatMap((pair) => pair.treated));
    expect(figure?.value).toBeCloseTo(normal?.value ?? NaN, 12);
    expect(figure?.low).toBeCloseTo(normal?.low ?? NaN, 1);
    expect(figure?.high).toBeCloseTo(normal?.high ?? NaN, 1);
  });

  test("is wider when seeds differ than candidates alone would say", () => {
    const uneven = [0, 0.4, 0.8].map((shift) => ({ control: arm(50, 0), treated: arm(50, shift) }));
    const figure = bootstrapDifference(uneven, { draws: 2_000, seed: 1 });
    const candidatesOnly = meanDifference(uneven.flatMap((pair) => pair.control), uneven.flatMap((pair) => pair.treated));
    expect((figure?.high ?? 0) - (figure?.low ?? 0)).toBeGreaterThan(1.5 * ((candidatesOnly?.high ?? 0) - (candidatesOnly?.low ?? 0)));
  });

  test("of an empty arm is nothing", () => {
    expect(bootstrapDifference([{ control: [], treated: [1] }])).toBeNull();
    expect(bootstrapDifference([])).toBeNull();
  });
});

describe("unitHistogram", () => {
  test("an edge belongs to the bin it opens, and 1 to the last", () => {
    const bins = unitHistogram([0, 0.85, 0.8499, 0.35, 1], 20);
    const counted = bins.filter((bin) => bin.count > 0).map((bin) => [bin.low, bin.count]);
    expect(counted).toEqual([[0, 1], [0.35, 1], [0.8, 1], [0.85, 1], [0.95, 1]]);
  });

  test("loses no value", () => {
    const random = seededRandom(2);
    const values = Array.from({ length: 999 }, random);
    expect(unitHistogram(values, 7).reduce((sum, bin) => sum + bin.count, 0)).toBe(999);
  });
});

describe("seededRandom", () => {
  test("is uniform and differs by seed", () => {
    const values = Array.from({ length: 20_000 }, seededRandom(1));
    for (const bin of unitHistogram(values, 10)) expect(Math.abs(bin.count - 2_000)).toBeLessThan(200);
    expect(seededRandom(1)()).not.toBe(seededRandom(2)());
    expect(seededRandom(0)()).not.toBe(seededRandom(2 ** 32)());
  });
});
