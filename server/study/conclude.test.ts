import { expect, test } from "vitest";

import { comparedFigures, type Verdict } from "../contract/statistics";
import { conclude } from "./conclude";
import type { StudyDifference } from "./views";

/** One difference for each figure, in their order. */
const rows = (arm: number, verdicts: readonly Verdict[], change: Partial<StudyDifference> = {}): StudyDifference[] =>
  verdicts.map((verdict, at) => ({
    arm,
    figure: comparedFigures[at] ?? "winners",
    reference: 0.5,
    value: 0.3,
    difference: verdict === "differs" ? { value: -0.2, low: -0.3, high: -0.1, p: 0.001 } : { value: 0.01, low: -0.1, high: 0.1, p: 0.8 },
    seeds: 3,
    reference_cases: 100,
    cases: 100,
    p_adjusted: 0.5,
    verdict,
    ...change,
  }));

const say = (arms: string[], differences: StudyDifference[]) => conclude(arms, differences, "after_first", 5).map(({ sentence }) => sentence);

test("a difference is named with its size, what is noise is named as noise", () => {
  expect(say(["reference", "frozen"], rows(1, ["differs", "inside_noise", "differs", "too_few"]))).toEqual([
    "In cycles 1 to 5, frozen differs from reference in valid rate (−20.0 points) and share above 40 % (−20.0 points), over 3 seeds; inside noise: mean accuracy; too few programs to say: novelty.",
  ]);
});

test("a figure that only the many comparisons keep from differing is said to be so", () => {
  const corrected = { difference: { value: 0.1, low: 0.01, high: 0.2, p: 0.02 } };
  expect(say(["reference", "b"], [...rows(1, ["inside_noise"], corrected), ...rows(1, ["inside_noise"]).slice(0, 1)])).toEqual([
    "In cycles 1 to 5, b differs from reference in nothing that is more than noise, over 3 seeds; alone, valid rate (+10.0 points) would differ, but among 2 comparisons that may be chance.",
  ]);
});

test("every arm has its sentence, one without a common seed too", () => {
  const none = rows(1, ["too_few"], { difference: null, seeds: 0 });
  expect(say(["a", "b", "c", "d"], [...none, ...rows(2, ["inside_noise"], { seeds: 1 }), ...rows(3, ["too_few"])])).toEqual([
    "b and a have no seed in common that has finished.",
    "In cycles 1 to 5, c is inside noise in every figure, over 1 seed.",
    "In cycles 1 to 5, d has too few programs to say anything.",
  ]);
  expect(say(["a", "b"], none)).toEqual(["No seed has finished in both a and another arm yet."]);
  expect(say(["a"], [])).toEqual(["There is one arm only, so there is nothing to compare it with."]);
});
