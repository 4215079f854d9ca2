/**
 * The closed word lists of Archloom. The database checks them, Python's types are generated from them, and every
 * label on screen is a `Record` over them, so a new word is a compile error until it has a label.
 */

export const desiredStates = ["run", "pause", "cancel"] as const;
export type DesiredState = (typeof desiredStates)[number];

/** Observed state of a run; written by whoever sees the change, through the SQL function `run_settle`. */
export const runStates = [
  "waiting",
  "running",
  "pausing",
  "paused",
  "cancelling",
  "cancelled",
  "finished",
  "failed",
] as const;
export type RunState = (typeof runStates)[number];

/** States in which nothing of the run will happen any more unless a person asks for it. */
export const endedRunStates = ["cancelled", "finished", "failed"] as const satisfies readonly RunState[];

export const cycleStages = ["generating", "evaluating", "selecting", "finetuning", "ended"] as const;
export type CycleStage = (typeof cycleStages)[number];

export const candidateStates = ["writing", "complete", "evaluating", "ended"] as const;
export type CandidateState = (typeof candidateStates)[number];

export const evaluationStates = ["queued", "running", "ended"] as const;
export type EvaluationState = (typeof evaluationStates)[number];

/** How an evaluation ended. Everything a candidate can do to itself is in here; only the last two are not its fault. */
export const outcomes = [
  "ok",
  "parse_error",
  "build_error",
  "shape_mismatch",
  "too_large",
  "screen_rejected",
  "runtime_error",
  "time_limit",
  "memory_limit",
  "process_limit",
  "disk_limit",
  "output_limit",
  "crashed",
  "no_result",
  "invalid_metric",
  "gpu_oom",
  "worker_lost",
  "cancelled",
] as const;
export type Outcome = (typeof outcomes)[number];

export const jobKinds = ["generate", "evaluate", "select", "finetune"] as const;
export type JobKind = (typeof jobKinds)[number];

export const jobStates = ["queued", "leased", "done", "failed", "cancelled"] as const;
export type JobState = (typeof jobStates)[number];

/** How one attempt ended. `released` = given back unharmed (pause, shutdown) and not counted against the job. */
export const attemptEndings = ["done", "failed", "lost", "released", "cancelled"] as const;
export type AttemptEnding = (typeof attemptEndings)[number];

export const adapterStates = ["training", "ready"] as const;
export type AdapterState = (typeof adapterStates)[number];

export const noveltyBases = ["body", "whole_file"] as const;
export type NoveltyBasis = (typeof noveltyBases)[number];

export const selectionReasons = ["winner", "fallback"] as const;
export type SelectionReason = (typeof selectionReasons)[number];

export const requesters = ["loop", "person"] as const;
export type Requester = (typeof requesters)[number];

export const protectionLevels = ["full", "reduced", "none"] as const;
export type ProtectionLevel = (typeof protectionLevels)[number];

export const workerStates = ["running", "stopped", "lost"] as const;
export type WorkerState = (typeof workerStates)[number];

/** Share above this accuracy is reported everywhere, whatever the run selects on, so that runs stay comparable. */
export const reportThreshold = 0.4;

/** Priority of an evaluation a person asked for; the loop's own jobs have priority 0. */
export const personPriority = 100;
