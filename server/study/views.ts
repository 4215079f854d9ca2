import type { ComparisonSpan, JudgedDifference, PooledCycle } from "../contract/statistics";
import type { Changes } from "../contract/study";
import type { RunState, StopReason } from "../contract/words";
import type { SecondsRange } from "../run/views";

export interface StudySummary {
  /** `S1`. */
  id: string;
  name: string;
  /** Names of the arms in order; the first is the reference. */
  arm_names: string[];
  /** Of the runs that exist, in ascending order. */
  seeds: number[];
  /** What most concerns a person: something moves, waits, stands, or all is over. Null = it has no runs any more. */
  state: RunState | null;
  /** Something is wanted of at least one run that has not ended; then they can be paused. */
  desired: "run" | "pause" | "cancel" | null;
  runs: number;
  /** Runs by state; states that no run has are left out. */
  states: Partial<Record<RunState, number>>;
  programs_planned: number;
  /** Programs that have ended. */
  programs_judged: number;
  /** What is left of all runs when nothing else runs; null = ended, paused, or nothing like it was measured. */
  eta: SecondsRange | null;
  /** No worker is running: nothing will move until one is started. */
  waiting_for_worker: boolean;
  created_at: string;
}

export interface StudyRun {
  id: string;
  name: string;
  seed: number;
  state: RunState;
  error: string | null;
  stop_reason: StopReason | null;
  /** Number of its newest cycle. */
  cycle: number;
  cycles_planned: number;
  programs_planned: number;
  programs_judged: number;
}

export interface StudyArm {
  name: string;
  /** Paths and values in which it differs from the study's base. */
  changes: Changes;
  /** By seed. */
  runs: StudyRun[];
}

export interface StudyDetail extends StudySummary {
  /** What all arms start from, as far as it concerns every reader; null = no run of the reference is left. */
  base: { preset: string; model: string; recipe: string; corpus_version: string; cycles: number; candidates_per_cycle: number } | null;
  arms: StudyArm[];
}

/** One arm's cycles, all its seeds together. Of failed and cancelled runs nothing is in here. */
export interface ComparedArm {
  name: string;
  /** Runs it has, and those that have finished: only they are in the differences. */
  runs: number;
  finished: number;
  /** Cycles whose programs are all judged in at least one run. */
  cycles: PooledCycle[];
}

/** One figure of one arm against the reference. */
export interface StudyDifference extends JudgedDifference {
  /** Position of the arm. */
  arm: number;
}

export interface StudyConclusion {
  /** Position of the arm; null = of the whole study. */
  arm: number | null;
  sentence: string;
}

export interface StudyComparison {
  span: ComparisonSpan;
  /** First and last cycle that the differences are of; null = no run of the reference and another arm has finished. */
  compared: { first: number; last: number } | null;
  arms: ComparedArm[];
  differences: StudyDifference[];
  /** More than ten comparisons: Holm's method has been applied to the words. */
  corrected: boolean;
  /** What the differences say: a sentence for each arm, or one of the study as a whole. */
  conclusion: StudyConclusion[];
  /** What must be known to read the figures: runs left out, runs that ended early, one seed only. */
  notes: string[];
}

export interface StudyExport {
  file: string;
  /** Media type. */
  type: string;
  text: string;
}
