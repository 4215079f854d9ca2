import { describe, expect, it } from "vitest";

import { presets } from "../../server/contract/presets";
import { rate } from "../../server/contract/statistics";
import { type NoveltyTests, outcomes } from "../../server/contract/words";
import { spread, toCycleFigures } from "./cycle-figures.fixture";
import { outcomeFamilies } from "./outcome-families";
import { prepareAccuracy } from "./prepare-accuracy";
import { prepareFunnel } from "./prepare-funnel";
import { prepareJaccard } from "./prepare-jaccard";
import { prepareLoss } from "./prepare-loss";
import { prepareOutcomes } from "./prepare-outcomes";
import { prepareNoveltyRate, prepareShare, prepareValidRate } from "./prepare-rates";

describe("rates per cycle", () => {
  it("leaves a gap, never 0, where no program was judged", () => {
    const model = prepareShare([toCycleFigures(0, [], { parse_error: 8 })]);
    expect(model.series[0]?.points[0]?.rate).toBeNull();
    expect(model.title).toBe("Share above 40\u00a0%: none evaluated");
    expect(model.table.rows[0]?.[1]).toBe("–");
  });

  it("draws a dot from n = 10 on and the interval alone below", () => {
    const points = prepareValidRate([toCycleFigures(0, spread(9, 0.5)), toCycleFigures(1, spread(10, 0.5))]).series[0]?.points;
    expect(points?.map((point) => point.showDot)).toEqual([false, true]);
    expect(points?.every((point) => point.rate !== null)).toBe(true);
  });

  it("says rose only when the interval of the difference lies above 0", () => {
    const clear = prepareValidRate([toCycleFigures(0, spread(20, 0.5), { parse_error: 28 }), toCycleFigures(1, spread(46, 0.5), { parse_error: 2 })]);
    const small = prepareValidRate([toCycleFigures(0, spread(30, 0.5), { parse_error: 18 }), toCycleFigures(1, spread(32, 0.5), { parse_error: 16 })]);
    expect(clear.title).toMatch(/^Valid rate rose/);
    expect(small.title).toMatch(/inside the noise$/);
  });

  it("does not let a cycle that is still judged decide the finding", () => {
    const model = prepareValidRate([
      toCycleFigures(0, spread(40, 0.5), { parse_error: 8 }),
      toCycleFigures(1, [0.5], {}, { pending: 47 }),
    ]);
    expect(model.title).toContain("in cycle 0");
    expect(model.series[0]?.points[1]?.provisional).toBe(true);
  });

  it("names n beside every share in the sentence", () => {
    expect(prepareValidRate([toCycleFigures(0, spread(12, 0.5), { crashed: 4 })]).summary).toContain("12 of 16");
  });
});

describe("accuracy per cycle", () => {
  it("gives no interval to the mean of fewer than 5 programs", () => {
    const columns = prepareAccuracy([toCycleFigures(0, spread(4, 0.5)), toCycleFigures(1, spread(5, 0.5))]).columns;
    expect(columns.map((column) => column.showInterval)).toEqual([false, true]);
  });

  it("keeps every valid program as a point, in a place fixed by its index", () => {
    const few = prepareAccuracy([toCycleFigures(0, spread(3, 0.5))]).columns[0]?.marks ?? [];
    const more = prepareAccuracy([toCycleFigures(0, spread(30, 0.5))]).columns[0]?.marks ?? [];
    expect(more).toHaveLength(30);
    expect(more.slice(0, 3).map((mark) => mark.offset)).toEqual(few.map((mark) => mark.offset));
    expect(more.every((mark) => Math.abs(mark.offset) <= 1)).toBe(true);
  });

  it("says how many programs are not in the box", () => {
    const model = prepareAccuracy([toCycleFigures(0, spread(6, 0.5), { build_error: 2 })]);
    expect(model.columns[0]?.notInBox).toBeCloseTo(0.25);
    expect(model.summary).toContain("2 of 8 have no accuracy");
  });

  it("is a gap for a cycle without valid programs", () => {
    const column = prepareAccuracy([toCycleFigures(0, [], { parse_error: 8 })]).columns[0];
    expect(column).toMatchObject({ mean: null, box: null, marks: [], showInterval: false });
  });
});

describe("funnel", () => {
  it("gives shares of the step before and of everything generated", () => {
    const { steps } = prepareFunnel(toCycleFigures(0, spread(6, 0.5), { parse_error: 4 }), true);
    expect(steps.map((step) => step.count)).toEqual([10, 6, 6, 6, 6, 0]);
    expect(steps[1]).toMatchObject({ ofPrevious: 0.6, ofGenerated: 0.6 });
    expect(steps[0]?.ofPrevious).toBeNull();
  });

  it("has no share of an empty step", () => {
    const { steps } = prepareFunnel(toCycleFigures(0, [], { parse_error: 4 }), true);
    expect(steps.find((step) => step.key === "selected")?.ofPrevious).toBeNull();
  });

  it("leaves novelty and selection open until they are decided", () => {
    const { steps } = prepareFunnel(toCycleFigures(0, spread(6, 0.5)), false);
    expect(steps.filter((step) => step.count === null).map((step) => step.key)).toEqual(["novel", "selected"]);
  });

  it("prints what was never judged", () => {
    expect(prepareFunnel(toCycleFigures(0, [0.5], { worker_lost: 2, cancelled: 1 }), true).summary).toContain("1 cancelled, 2 lost with a worker");
  });
});

describe("outcomes", () => {
  it("counts every outcome exactly once", () => {
    const failures = Object.fromEntries(outcomes.filter((outcome) => outcome !== "ok").map((outcome, place) => [outcome, place + 1]));
    const cycle = toCycleFigures(0, spread(3, 0.5), failures);
    const column = prepareOutcomes([cycle]).columns[0];
    const stacked = column?.segments.reduce((sum, segment) => sum + segment.count, 0);
    expect(stacked).toBe(cycle.generated);
    expect(column?.segments.map((segment) => segment.family)).toEqual([...outcomeFamilies]);
    expect(column?.segments.flatMap((segment) => segment.outcomes.map(({ outcome }) => outcome)).toSorted()).toEqual(outcomes.toSorted());
  });

  it("stacks without gaps", () => {
    const segments = prepareOutcomes([toCycleFigures(0, spread(3, 0.5), { parse_error: 2, crashed: 1 })]).columns[0]?.segments ?? [];
    expect(segments.map(({ start, count }) => [start, count])).toEqual([
      [0, 3],
      [3, 2],
      [5, 1],
    ]);
  });

  it("names the most frequent failure with its n", () => {
    expect(prepareOutcomes([toCycleFigures(0, [0.5], { parse_error: 1, shape_mismatch: 3 })]).title).toBe(
      "Most frequent failure: shape mismatch, 3 of 5 judged",
    );
  });
});

const config = (tests: NoveltyTests) => ({ ...presets.starter, novelty: { filter: true, threshold: 0.85, tests } });

describe("similarity", () => {
  const cycle = toCycleFigures(2, spread(10, 0.5), {}, {
    jaccard_histogram: [
      { low: 0.8, high: 0.85, count: 6 },
      { low: 0.85, high: 0.9, count: 1 },
    ],
    jaccard_unknown: 3,
    novelty_rate: rate(5, 7),
  });
  it("keeps undecided programs as a count of their own", () => {
    const model = prepareJaccard(cycle, config("text"));
    expect(model).toMatchObject({ unknown: 3, title: "Cycle 2: 2 of 7 valid programs are copies by text" });
    expect(model.bins.map((bin) => bin.below)).toEqual([true, false]);
  });

  it("says which tests decide", () => {
    expect(prepareJaccard(cycle, config("text_and_structure")).title).toBe("Cycle 2: 2 of 7 valid programs are copies by text or structure");
    expect(prepareJaccard(cycle, config("structure")).summary).toContain("decided by the traced structure alone");
    expect(prepareNoveltyRate([cycle], "lemur", "structure").title).toMatch(/^Novel among valid \(structure\) 71\.4/);
  });
});

const tuning = { state: "ready" as const, pairs: 12, replayed: 0, steps: 3, total_steps: 3, tokens: 1, seconds: 2 };
const point = (step: number, loss: number) => ({ step, loss, learning_rate: null, grad_norm: null });

describe("fine-tuning loss", () => {
  it("breaks the line where a loss is not a number, and marks the step", () => {
    const points = [point(1, 2), point(2, Number.NaN), point(3, 1)];
    const model = prepareLoss(toCycleFigures(0, [0.5], {}, { fine_tuning: { ...tuning, points } }), false, true);
    expect(model.lines.map((line) => line.map(({ step }) => step))).toEqual([[1], [3]]);
    expect(model.broken).toEqual([2]);
  });

  it("says how many pairs came from the corpus", () => {
    const fine_tuning = { ...tuning, pairs: 1012, replayed: 1000, points: [point(1, 2)] };
    expect(prepareLoss(toCycleFigures(0, [0.5], {}, { fine_tuning }), false, true).summary).toMatch(/^1,012 training pairs \(1,000 of the corpus\), 3 steps/);
  });

  it("says why there is none", () => {
    const cycle = toCycleFigures(0, [0.5]);
    expect(prepareLoss(cycle, true, true).summary).toContain("last cycle");
    expect(prepareLoss(cycle, false, true).summary).toContain("Nothing was selected");
    expect(prepareLoss(cycle, false, false).summary).toContain("frozen control");
  });
});
