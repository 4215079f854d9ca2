import type { CycleStage, Outcome, AdapterState } from "../contract/words";
import type { HistogramBin, Mean, Quantiles, Rate } from "../contract/statistics/figures";

/** Counts of candidates, of a cycle or of a whole run. `generated = rated + pending + cancelled + worker_lost`. */
export interface Counts {
  /** Every row, garbage included. */
  generated: number;
  /** Not ended yet. */
  pending: number;
  cancelled: number;
  worker_lost: number;
  /** Judged: the denominator of every rate. */
  rated: number;
  parsed: number;
  built: number;
  /** Its epoch ended with a finite accuracy. */
  valid: number;
  /** Valid and novel. */
  novel: number;
  winners: number;
  /** Winners and fallback: what the adapter is trained on. */
  selected: number;
  fallback: number;
}

export interface AccuracyPoint {
  /** Candidate index within the cycle. */
  index: number;
  accuracy: number;
  report_accuracy: number | null;
  novel: boolean | null;
}

export interface FineTuning {
  state: AdapterState;
  /** All it is trained on; `replayed` of them come from the corpus. */
  pairs: number;
  replayed: number;
  steps: number;
  /** Of this fine-tuning; null until its first step. */
  total_steps: number | null;
  tokens: number | null;
  seconds: number | null;
  /** Learning rate and gradient norm are known once it has ended. */
  points: { step: number; loss: number; learning_rate: number | null; grad_norm: number | null }[];
}

/** Everything a chart, a table or an export says about one cycle. A rate or mean of nothing is null, never 0. */
export interface CycleFigures extends Counts {
  number: number;
  stage: CycleStage;
  /** Written by a fine-tuned model; false = the base model. */
  has_adapter: boolean;
  /** Programs the cycle will have. */
  planned: number;
  valid_rate: Rate | null;
  accuracy_mean: Mean | null;
  accuracy_quantiles: Quantiles | null;
  accuracy_points: AccuracyPoint[];
  best: { id: string; accuracy: number } | null;
  report_accuracy_mean: Mean | null;
  /** Of the valid candidates, those at or above the fixed report threshold (0.40). */
  share_above_threshold: Rate | null;
  /** The same of the rated candidates. */
  share_above_threshold_of_rated: Rate | null;
  /** Novel among the valid candidates whose novelty has been decided. */
  novelty_rate: Rate | null;
  /** Similarity of the valid candidates to their nearest earlier program, in bins of 0.05; the last bin includes 1. */
  jaccard_histogram: HistogramBin[];
  /** Valid candidates whose novelty has not been decided. */
  jaccard_unknown: number;
  outcomes: Record<Outcome, number>;
  /** Accuracy a winner needed; null until selection. */
  selection_threshold: number | null;
  /** `evaluate` adds up all slots and so may exceed `wall`; null = the stage has not ended. */
  seconds: {
    generate: number;
    evaluate: number;
    select: number | null;
    finetune: number | null;
    wall: number;
  };
  /** Tokens written. */
  tokens: number;
  /** Exact text every program of the cycle was prompted with; null until known. */
  prompt: string | null;
  fine_tuning: FineTuning | null;
  started_at: string;
  ended_at: string | null;
}
