import type { CorpusSplit, CorpusState, FindingVerdict } from "../contract/words";
import type { TaskView } from "../task/views";
import type { CurationReport } from "./curation-report";

/** Numbers of entries in each split. */
export type SplitCounts = Record<CorpusSplit, number>;

export interface CorpusSummary {
  version: string;
  description: string;
  state: CorpusState;
  /** It came with Archloom and cannot be deleted. */
  builtin: boolean;
  entries: number;
  splits: SplitCounts;
  families: number;
  /** Entries whose source states an accuracy. */
  with_accuracy: number;
  /** The version whose entries come first. */
  base_version: string | null;
  /** Runs that were started on it, oldest first: `R3`. */
  runs: string[];
  /** The import that made it or is making it: `T9`. */
  task: string | null;
  created_at: string;
}

export interface CorpusDetail extends CorpusSummary {
  /** What curation found and decided; null for a corpus that was not imported. */
  report: CurationReport | null;
  /** Families with entries in more than one split: they would let a network be tested on what it descends from. */
  families_across_splits: number;
  /** The largest first. */
  largest_families: { family: string; entries: number; split: CorpusSplit }[];
}

export interface CorpusEntryRow {
  position: number;
  /** Null: its source gave it none. */
  name: string | null;
  family: string | null;
  split: CorpusSplit;
  accuracy: number | null;
  lines: number;
}

export interface CorpusEntryPage {
  items: CorpusEntryRow[];
  /** Entries that match. */
  total: number;
  next_cursor: number | null;
}

export interface CorpusEntryDetail extends CorpusEntryRow {
  version: string;
  code: string;
  messages: { role: string; content: string }[] | null;
  answer: string | null;
  statistics: Record<string, unknown>[] | null;
}

export type FindingCounts = Record<FindingVerdict, number>;

/** A check of a source: what it is of, how far it is, what came of it. */
export interface CorpusCheckView {
  task: TaskView;
  /** In words: a file's name, `nn-dataset 2.2.11`, `winners of R3`. */
  source: string;
  /** What the worker took it for, in a sentence; null before it is done, and where there was nothing to find out. */
  read_as: string | null;
  recipe: string;
  base_version: string | null;
  /** Of the entries decided so far. */
  counts: FindingCounts;
  /** The newest import of what it accepted: its task and the version it makes. */
  import: { task: string; version: string } | null;
}

export interface FindingRow {
  /** Counted from 0, in the order of the source. */
  position: number;
  /** Where in the source: `pairs.jsonl line 17`. */
  locator: string;
  name: string | null;
  verdict: FindingVerdict;
  reason: string | null;
}

export interface FindingPage {
  items: FindingRow[];
  counts: FindingCounts;
  next_cursor: number | null;
}
