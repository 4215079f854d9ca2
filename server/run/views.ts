import type { ConfigProblem } from "../contract/config-problems";
import type { PresetName } from "../contract/presets";
import type { RunConfig } from "../contract/run-config";
import type { Mean, Rate } from "../contract/statistics/figures";
import type { CycleStage, DesiredState, RunState, StopReason } from "../contract/words";
import type { Counts, CycleFigures } from "../cycle/views";
import type { CandidateDetail } from "../candidate/views";

export interface RunSummary {
  /** `R3`. */
  id: string;
  name: string;
  preset: string;
  model: string;
  recipe: string;
  seed: number;
  fine_tuning: boolean;
  state: RunState;
  desired: DesiredState;
  /** Why it failed, in one sentence. */
  error: string | null;
  /** Why it ended before its planned cycles; null = it did not. */
  stopped: { reason: StopReason; cycles_asked: number } | null;
  /** The run whose configuration it was started again from. */
  source_run: string | null;
  /** The study it belongs to (`S1`), and the name of its arm. */
  study: { id: string; arm: string } | null;
  cycles_planned: number;
  candidates_per_cycle: number;
  /** Number and stage of the newest cycle. */
  cycle: number;
  stage: CycleStage;
  /** Of the newest cycle: for the stage bar. */
  cycle_counts: Counts;
  /** Of the whole run. */
  counts: Counts;
  winners: number;
  /** Newest cycle whose candidates have all ended (else the newest with any rated one): the next two fields are of it. */
  last_rated_cycle: number | null;
  valid_rate: Rate | null;
  accuracy_mean_last: Mean | null;
  /** Of cycle 0. */
  accuracy_mean_first: Mean | null;
  best: { id: string; accuracy: number } | null;
  /** From first work to end, or to now. */
  seconds: number;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
}

export interface SecondsRange {
  seconds_low: number;
  seconds_high: number;
  /** Where the figures come from, in words. */
  basis: string;
}

export interface RunProgress {
  cycle: number;
  stage: CycleStage;
  /** Programs of the newest cycle: all, fully written, ended. */
  planned: number;
  written: number;
  evaluated: number;
  /** Fine-tuning under way; null = none. */
  finetune: { step: number; total_steps: number } | null;
  /** No worker is running: nothing will move until one is started. */
  waiting_for_worker: boolean;
  /** What is left of the whole run; null = ended, paused, or nothing to judge by yet. */
  eta: SecondsRange | null;
}

export interface RunNotice {
  message: string;
  at: string;
}

export interface RunDetail extends RunSummary {
  config: RunConfig;
  notices: RunNotice[];
  cycles: CycleFigures[];
  /** Number of the last event these figures include at least. */
  last_seq: number;
  progress: RunProgress;
}

/** One field of the start form, derived from the configuration's schema. */
export interface FieldDescriptor {
  /** `generation.temperature`. */
  path: string;
  type: "integer" | "number" | "boolean" | "choice" | "list" | "text";
  description: string;
  min: number | null;
  max: number | null;
  /** `min` or `max` itself is refused. */
  min_exclusive: boolean;
  max_exclusive: boolean;
  /** Of a choice. */
  options: string[] | null;
}

export interface RunPresets {
  presets: {
    name: PresetName;
    description: string;
    config: RunConfig;
    /** What is not here and would keep it from being started. */
    missing: ConfigProblem[];
  }[];
  fields: FieldDescriptor[];
}

export interface RunExport {
  format: "archloom-run-1";
  exported_at: string;
  run: RunDetail;
  candidates: CandidateDetail[];
}
