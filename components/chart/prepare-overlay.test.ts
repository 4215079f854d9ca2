import { describe, expect, it } from "vitest";

import { poolCycle } from "../../server/contract/statistics";
import type { ComparedArm, StudyComparison, StudyDifference } from "../../server/study/views";
import { prepareOverlay } from "./prepare-overlay";

const cycle = (number: number, seeds: number, accuracies: number[]) =>
  poolCycle(number, Array.from({ length: seeds }, () => ({ cycle: number, rated: 20, novel: accuracies.length, winners: 0, accuracies })));

const arm = (name: string, cycles: ComparedArm["cycles"]): ComparedArm => ({ name, runs: 2, finished: 2, cycles });

const difference = (position: number, verdict: StudyDifference["verdict"]): StudyDifference => ({
  arm: position,
  figure: "valid_rate",
  reference: 0.5,
  value: 0.3,
  difference: { value: -0.2, low: -0.3, high: -0.1, p: 0.01 },
  seeds: 2,
  reference_cases: 40,
  cases: 40,
  p_adjusted: 0.01,
  verdict,
});

const comparison = (arms: ComparedArm[], differences: StudyDifference[] = []): StudyComparison => ({
  span: "last_cycle",
  compared: null,
  arms,
  differences,
  corrected: false,
  conclusion: [],
  notes: [],
});

const ten = Array.from({ length: 10 }, () => 0.5);
const none = new Set<number>();

describe("arms over cycles", () => {
  it("leaves a gap, never 0, where an arm has no case", () => {
    const model = prepareOverlay(comparison([arm("a", [cycle(0, 2, []), cycle(1, 2, ten)])]), "accuracy_mean", none);
    expect(model.arms[0]?.points.map((point) => point.figure?.value ?? null)).toEqual([null, 0.5]);
    expect(model.table.rows[0]).toEqual(["a", "0", "–", "–", "0", "2"]);
  });

  it("says of which seeds a point is while not all are in", () => {
    const model = prepareOverlay(comparison([arm("a", [cycle(0, 2, ten), cycle(1, 1, ten)])]), "valid_rate", none);
    expect(model.arms[0]?.points.map((point) => point.provisional)).toEqual([false, true]);
    expect(model.table.rows[1]?.at(-1)).toBe("1 of 2");
    expect(model.summary).toMatch(/^a 50\.0.%.*, n 20, 1 seed in cycle 1\.$/);
  });

  it("has the finding of the table of differences as its title", () => {
    const arms = ["a", "b", "c", "d", "e"].map((name) => arm(name, [cycle(0, 2, ten)]));
    const titled = (...differences: StudyDifference[]) => prepareOverlay(comparison(arms, differences), "valid_rate", none).title;
    expect(titled()).toBe("Valid rate: nothing to compare yet");
    expect(titled(difference(1, "inside_noise"))).toBe("Valid rate: inside noise");
    expect(titled(difference(1, "too_few"))).toBe("Valid rate: too few programs to say");
    expect(titled(difference(1, "differs"), difference(2, "inside_noise"))).toBe("Valid rate: b −20.0 points against a");
    expect(titled(...[1, 2, 3, 4].map((position) => difference(position, "differs")))).toBe("Valid rate: 4 arms differ from a");
  });

  it("keeps an arm's look when another is hidden, and names only the ends of many", () => {
    const arms = Array.from({ length: 8 }, (_, at) => arm(`arm ${at}`, [cycle(0, 2, ten.map((value) => value - at / 20))]));
    const model = prepareOverlay(comparison(arms), "accuracy_mean", new Set([1]));
    expect(model.arms.map((series) => series.arm)).toEqual([0, 2, 3, 4, 5, 6, 7]);
    expect(model.summary).toMatch(/^arm 0 50\.0.*; highest arm 0 .*; lowest arm 7 15\.0.*; all in the table\.$/);
  });
});
