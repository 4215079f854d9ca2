import type {
  Backend,
  CandidateState,
  EvaluationState,
  NoveltyBasis,
  NoveltyTests,
  Outcome,
  ProtectionLevel,
  Requester,
  RunState,
  SelectionReason,
} from "../contract/words";

export interface CandidateRow {
  /** `R3.2.017`. */
  id: string;
  run: string;
  run_name: string;
  cycle: number;
  index: number;
  state: CandidateState;
  outcome: Outcome | null;
  parsed: boolean | null;
  built: boolean | null;
  accuracy: number | null;
  report_accuracy: number | null;
  parameters: number | null;
  tokens: number | null;
  /** Of its first evaluation. */
  train_seconds: number | null;
  jaccard: number | null;
  minhash_estimate: number | null;
  novelty_basis: NoveltyBasis | null;
  novel: boolean | null;
  selection_reason: SelectionReason | null;
  /** Of its first evaluation. */
  error_type: string | null;
  error_message: string | null;
  created_at: string;
  ended_at: string | null;
}

export interface CandidatePage {
  items: CandidateRow[];
  /** Candidates that match the filter. */
  total: number;
  /** Candidates there are in the run (or in all runs), whatever the filter. */
  unfiltered_total: number;
  /** Give it back to get the next page; null = this is the last. */
  next_cursor: string | null;
}

export interface Evaluation {
  /** `R3.2.017e2`. */
  id: string;
  ordinal: number;
  recipe: string;
  seed: number;
  requested_by: Requester;
  state: EvaluationState;
  /** Whoever asked for it wants it no more; it ends when its worker hears of that. */
  cancel_requested: boolean;
  outcome: Outcome | null;
  error: CandidateError | null;
  parsed: boolean | null;
  built: boolean | null;
  accuracy: number | null;
  selection_total: number | null;
  report_accuracy: number | null;
  report_total: number | null;
  /** Accuracy minus that of the first evaluation; null when either has none, under another recipe, and for the first itself. */
  accuracy_difference: number | null;
  parameters: number | null;
  multiply_adds: number | null;
  batches_delivered: number | null;
  train_seconds: number | null;
  train_cpu_seconds: number | null;
  wall_seconds: number | null;
  peak_memory_bytes: number | null;
  output: string | null;
  worker: string | null;
  protection_level: ProtectionLevel | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
}

export interface CandidateError {
  type: string | null;
  message: string | null;
  /** 1-based line in the candidate's code. */
  line: number | null;
}

/** The most similar earlier program. */
export interface Neighbour {
  kind: "candidate" | "corpus";
  /** `R3.1.004`, or `starter-1 #812` for an entry of the corpus. */
  id: string;
  /** As the source of the corpus calls it; null = it has no name. */
  name: string | null;
  jaccard: number;
  minhash_estimate: number | null;
  basis: NoveltyBasis;
  code: string;
  accuracy: number | null;
}

/** The earliest known program whose traced graph is the same. */
export interface Twin {
  kind: "candidate" | "corpus";
  /** Both as a neighbour's. */
  id: string;
  name: string | null;
}

export interface CandidateDetail extends CandidateRow {
  code: string | null;
  /** What the model wrote around its code; null = it wrote the code alone. */
  answer: string | null;
  /** The model stopped by itself; false = cut off at the token limit. */
  finished: boolean | null;
  batch: number;
  prompt: string | null;
  /** Whether a fine-tuned model wrote it. */
  has_adapter: boolean;
  /** Why its first evaluation failed. */
  error: CandidateError | null;
  /** Protection its first evaluation ran under. */
  protection_level: ProtectionLevel | null;
  run_state: RunState;
  recipe: string;
  evaluation_seed: number;
  backend: Backend;
  model: string;
  /** `starter@1`; null = nothing was asked for. */
  prompt_template: string | null;
  selection_threshold: number | null;
  evaluations: Evaluation[];
  neighbour: Neighbour | null;
  twin: Twin | null;
  /** What makes a copy in its run. */
  novelty_tests: NoveltyTests;
  /** Of a program that is not novel: the comparison that found the copy, or both. */
  refused_by: NoveltyTests | null;
  /** Other candidates of the run with the same outcome and error type. */
  failure_peers: number;
  /**
   * Over evaluations under its own recipe that ended ok, the first of each seed, since a seed repeats itself; null with fewer
   * than two seeds.
   */
  repeatability: { n: number; mean: number; sd: number; min: number; max: number } | null;
  /** Neighbours in the run's order of cycle and index. */
  previous_id: string | null;
  next_id: string | null;
}
