/**
 * Outcomes as a reader groups them, each family with one colour for its life: at most eight colours tell apart, and the
 * exact outcome is always in the table and the tooltip.
 */
import type { Outcome } from "../../server/contract/words";

export const outcomeFamilies = ["ok", "parse", "build", "shape", "size", "runtime", "limit", "result", "unrated"] as const;
export type OutcomeFamily = (typeof outcomeFamilies)[number];

export const familyOfOutcome: Record<Outcome, OutcomeFamily> = {
  ok: "ok",
  parse_error: "parse",
  build_error: "build",
  shape_mismatch: "shape",
  too_large: "size",
  screen_rejected: "size",
  runtime_error: "runtime",
  time_limit: "limit",
  memory_limit: "limit",
  process_limit: "limit",
  disk_limit: "limit",
  output_limit: "limit",
  gpu_oom: "limit",
  crashed: "result",
  no_result: "result",
  invalid_metric: "result",
  worker_lost: "unrated",
  cancelled: "unrated",
};

export const familyLabels: Record<OutcomeFamily, string> = {
  ok: "valid",
  parse: "does not parse",
  build: "does not build",
  shape: "shape mismatch",
  size: "too large or rejected",
  runtime: "runtime error",
  limit: "over a limit",
  result: "crashed or no result",
  unrated: "not judged",
};
