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

/** Work that belongs to no run: a person asked for it and waits for its progress and result. */
export const taskKinds = ["check_corpus", "import_corpus", "export_networks", "fetch_data", "preview_prompt", "check_model"] as const;
export type TaskKind = (typeof taskKinds)[number];

export const taskStates = ["queued", "running", "done", "failed", "cancelled"] as const;
export type TaskState = (typeof taskStates)[number];

/** Work of a run. */
export const loopKinds = ["generate", "evaluate", "select", "finetune"] as const;
export type LoopKind = (typeof loopKinds)[number];

export const jobKinds = [...loopKinds, ...taskKinds] as const;
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

/** Which comparisons make a candidate a copy: of text (Jaccard of shingles), of structure (traced graph), or either. */
export const noveltyTests = ["text", "structure", "text_and_structure"] as const;
export type NoveltyTests = (typeof noveltyTests)[number];

/** Who writes the programs: a model in this worker, a model behind an OpenAI-compatible server, or no model at all. */
export const backends = ["transformers", "server", "grammar"] as const;
export type Backend = (typeof backends)[number];

export const quantizations = ["auto", "none", "nf4"] as const;
export type Quantization = (typeof quantizations)[number];

export const adapterModes = ["fresh", "continued"] as const;
export type AdapterMode = (typeof adapterModes)[number];

/** `plain`: the model continues the text. `chat`: it answers a system and a user message. */
export const promptKinds = ["plain", "chat"] as const;
export type PromptKind = (typeof promptKinds)[number];

export const corpusStates = ["importing", "ready"] as const;
export type CorpusState = (typeof corpusStates)[number];

export const corpusSplits = ["train", "validation", "test"] as const;
export type CorpusSplit = (typeof corpusSplits)[number];

/** What became of one entry of a corpus that was checked. */
export const findingVerdicts = ["accepted", "duplicate", "rejected"] as const;
export type FindingVerdict = (typeof findingVerdicts)[number];

/** LEMUR network files with statistics folders, chat rows, or a Hugging Face data set folder; all but the rows zipped. */
export const exportFormats = ["lemur", "chat_jsonl", "hugging_face"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** One file that opens offline, text for a repository, or every figure. */
export const reportFormats = ["html", "markdown", "json"] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** Why a run ended before its planned cycles. */
export const stopReasons = ["collapse"] as const;
export type StopReason = (typeof stopReasons)[number];

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

/** Priority of many evaluations at once that a person asked for: behind the loop's. */
export const backgroundPriority = -1;
