import type { RunConfig } from "../contract/run-config";
import type { Difference, Mean, Rate } from "../contract/statistics/figures";
import type { Outcome, PromptKind, ProtectionLevel, SelectionReason } from "../contract/words";
import type { CycleFigures } from "../cycle/views";
import type { RunNotice, RunSummary } from "../run/views";
import type { TransferView } from "../transfer/views";

/** One field of the configuration, in the form's order. */
export interface ReportField {
  /** `generation.temperature`. */
  path: string;
  value: unknown;
  /** What the preset has there; null = the same, or there is no such preset any more. */
  preset: { value: unknown } | null;
}

/** A kind of worker that did work of the run: restarts of the same one count together. */
export interface ReportWorker {
  name: string;
  device: string;
  slots: number;
  protection_level: ProtectionLevel | null;
  /** Of its packages. */
  versions: Record<string, string>;
  /** Jobs it has ended. */
  batches: number;
  evaluations: number;
  fine_tunings: number;
}

/** What the evaluations that decide the candidates' figures ran on. */
export interface ReportEvaluations {
  device: string | null;
  protection_level: ProtectionLevel | null;
  count: number;
}

export interface ReportCost {
  /** From first work to end, or to now. */
  wall_seconds: number;
  generate_seconds: number;
  /** Of all slots together, so it may exceed the wall. */
  evaluate_seconds: number;
  select_seconds: number;
  finetune_seconds: number;
  /** The four stages together. */
  work_seconds: number;
  tokens_written: number;
  tokens_trained: number;
  /** Work divided by what it gave; null where there is none, never infinity. */
  seconds_per_valid: number | null;
  seconds_per_winner: number | null;
  tokens_per_valid: number | null;
  tokens_per_winner: number | null;
}

/** One figure in the first and in the last judged cycle. */
export interface FirstAndLast<Figure> {
  first: Figure | null;
  last: Figure | null;
  /** Last minus first; null unless there are two cycles with a figure. */
  change: Difference | null;
}

export interface CumulativeWinners {
  cycle: number;
  /** Winners of this cycle that are novel. */
  winners: number;
  /** Of all cycles up to it. */
  total: number;
}

/** What the paper's table holds, of this run. Only cycles whose programs are all judged and selected are in here. */
export interface ReportResults {
  first_cycle: number | null;
  last_cycle: number | null;
  judged_cycles: number;
  valid_rate: FirstAndLast<Rate> & {
    /** All cycles from `stable_from` on together. */
    stable: Rate | null;
    stable_from: number | null;
    peak: { cycle: number; rate: Rate } | null;
  };
  accuracy_mean: FirstAndLast<Mean>;
  report_accuracy_mean: FirstAndLast<Mean>;
  share_above_threshold: FirstAndLast<Rate>;
  share_above_threshold_of_rated: FirstAndLast<Rate>;
  novelty_rate: FirstAndLast<Rate>;
  winners: CumulativeWinners[];
}

export interface BestNetwork {
  id: string;
  accuracy: number;
  report_accuracy: number | null;
  parameters: number | null;
  jaccard: number | null;
  novel: boolean | null;
  selection_reason: SelectionReason | null;
  code: string;
}

/** How the run stands to the paper: in one thing, in both words. */
export interface PaperDifference {
  aspect: string;
  paper: string;
  here: string;
}

/** Everything that a report of a run says, as figures: the page, the file and the Markdown are made of it. */
export interface Report {
  format: "archloom-report-1";
  made_at: string;
  archloom_version: string;
  run: RunSummary;
  /** Why this is not the report of a finished run, or what else must be known first; null = nothing. */
  standing: string | null;
  config: RunConfig;
  fields: ReportField[];
  /** The template as stored; null = it is gone. */
  prompt: { id: string; kind: PromptKind; system: string; text: string } | null;
  /** Exactly what the programs of cycle 0 were prompted with; null = not known yet. */
  prompt_sent: string | null;
  corpus: { version: string; description: string; entries: number; sha256: string } | null;
  /** As workers registered it; null = none of the workers that run now offers it. */
  recipe: { name: string; description: string; in_shape: [number, number, number]; classes: number; batch_size: number; dataset: string | null } | null;
  workers: ReportWorker[];
  evaluations: ReportEvaluations[];
  cost: ReportCost;
  results: ReportResults;
  cycles: CycleFigures[];
  outcomes: { outcome: Outcome; count: number }[];
  /** The most accurate valid programs of the judged cycles, best first. */
  best: BestNetwork[];
  transfers: TransferView;
  notices: RunNotice[];
  differences: PaperDifference[];
  /** Starts the same run again. */
  command: string;
}
