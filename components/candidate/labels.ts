import type { CandidateState, EvaluationState, NoveltyTests, Outcome, SelectionReason } from "../../server/contract/words";

export const outcomeLabels: Record<Outcome, string> = {
  ok: "valid",
  parse_error: "parse error",
  build_error: "build error",
  shape_mismatch: "shape mismatch",
  too_large: "too large",
  screen_rejected: "rejected by the screen",
  runtime_error: "runtime error",
  time_limit: "time limit",
  memory_limit: "memory limit",
  process_limit: "process limit",
  disk_limit: "disk limit",
  output_limit: "output limit",
  crashed: "crashed",
  no_result: "no result",
  invalid_metric: "invalid metric",
  gpu_oom: "GPU memory",
  worker_lost: "worker lost",
  cancelled: "cancelled",
};

/** What happened, as a sentence for a person who meets the outcome for the first time. */
export const outcomeSentences: Record<Outcome, string> = {
  ok: "Its epoch ended with a finite accuracy.",
  parse_error: "It is not Python: empty, cut off, or not a program.",
  build_error: "No class to build, the wrong one, or its constructor failed.",
  shape_mismatch: "It builds, but does not turn a batch into one score for each class.",
  too_large: "More parameters or operations than the recipe allows.",
  screen_rejected: "It uses something that no network needs, so it was not run.",
  runtime_error: "It failed while training. Anything the sandbox denies shows up here too.",
  time_limit: "Training took longer than the recipe allows.",
  memory_limit: "It asked for more memory than its jail has.",
  process_limit: "It started more processes than its jail allows.",
  disk_limit: "It wrote more to disk than its jail allows.",
  output_limit: "It printed more than its jail allows.",
  crashed: "Its process died.",
  no_result: "Its process ended without handing back predictions.",
  invalid_metric: "What it handed back is not a set of predictions.",
  gpu_oom: "The graphics card ran out of memory.",
  worker_lost: "The worker stopped answering, and the tries are used up. Not the program's fault, so not counted in any rate.",
  cancelled: "The run was cancelled before it was judged. Not counted in any rate.",
};

export const candidateStateLabels: Record<CandidateState, string> = {
  writing: "writing",
  complete: "waiting for evaluation",
  evaluating: "evaluating",
  ended: "ended",
};

export const evaluationStateLabels: Record<EvaluationState, string> = {
  queued: "queued",
  running: "running",
  ended: "ended",
};

export const selectionLabels: Record<SelectionReason, string> = {
  winner: "winner",
  fallback: "fallback",
};

/** Why a program is a copy. */
export const refusalLabels: Record<NoveltyTests, string> = {
  text: "copy by text",
  structure: "copy by structure",
  text_and_structure: "copy by text and structure",
};
