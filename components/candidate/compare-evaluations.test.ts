import { expect, it } from "vitest";

import type { Evaluation } from "../../server/candidate/views";
import { accuracyRate, compareEvaluations } from "./compare-evaluations";

const evaluation = (accuracy: number | null, total: number | null = 250): Evaluation => ({
  id: "R1.0.000e1",
  ordinal: 1,
  recipe: "digits",
  seed: 0,
  requested_by: "loop",
  state: "ended", cancel_requested: false,
  outcome: accuracy === null ? "crashed" : "ok",
  error: null,
  parsed: true,
  built: true,
  accuracy,
  selection_total: total,
  report_accuracy: null,
  report_total: null,
  accuracy_difference: null,
  parameters: null,
  multiply_adds: null,
  batches_delivered: null,
  train_seconds: null,
  train_cpu_seconds: null,
  wall_seconds: null,
  peak_memory_bytes: null,
  output: null,
  worker: null,
  protection_level: "full",
  created_at: "2026-11-24T12:00:00.000Z",
  started_at: null,
  ended_at: null,
});

it("calls a small difference noise and a large one a difference, with n", () => {
  const small = compareEvaluations(evaluation(0.5), evaluation(0.54));
  const large = compareEvaluations(evaluation(0.5), evaluation(0.7));
  expect(small).toMatchObject({ insideNoise: true });
  expect(large).toMatchObject({ insideNoise: false });
  expect(large?.sentence).toContain("+20.0\u00a0points: differs by more than the noise of n = 250 images");
});

it("says so when a repetition is exact", () => {
  expect(compareEvaluations(evaluation(0.5), evaluation(0.5))?.sentence).toBe("Exactly the same accuracy (n = 250 images).");
});

it("compares nothing without two accuracies", () => {
  expect(compareEvaluations(evaluation(0.5), evaluation(null))).toBeNull();
  expect(accuracyRate(0.5, null)).toBeNull();
});
