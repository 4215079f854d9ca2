import type { Outcome } from "../contract";
import type { Mean } from "../contract/statistics";

/** One winner under its own recipe and under another one. */
export interface TransferredCandidate {
  id: string;
  evaluation_id: string;
  /** On the selection split, under the run's own recipe; it was chosen for this. */
  accuracy: number;
  /** On the report split, which nothing was chosen on. */
  report_accuracy: number | null;
  /** Null while it waits or runs. */
  outcome: Outcome | null;
  /** Under the other recipe, on its selection and its report split; null unless the outcome is ok. */
  transferred_accuracy: number | null;
  transferred_report_accuracy: number | null;
}

/** A run's winners under one other recipe. */
export interface Transfer {
  recipe: string;
  candidates: TransferredCandidate[];
  waiting: number;
  /** Of those waiting, how many are to be cancelled as soon as their workers hear of it. */
  cancelling: number;
  /** Slots' work divided among the slots, by the mean wall time so far; null before anything has ended. Other work comes first. */
  seconds_left: number | null;
  valid: number;
  /** Ended without an accuracy: what the new recipe does not suit. */
  failed: number;
  /** Report accuracy under the other recipe minus that under the run's own, over those valid under both. */
  shift: Mean | null;
  /** Spearman's, of the same pairs: whether the better ones stay the better ones. */
  rank_correlation: number | null;
}

export interface TransferView {
  run: string;
  /** The recipe that the winners were found under. */
  recipe: string;
  winners: number;
  /** Slots of the workers that run now: so many are evaluated side by side. */
  slots: number;
  transfers: Transfer[];
}
