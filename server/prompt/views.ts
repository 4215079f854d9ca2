import type { PromptKind } from "../contract/words";

/** One template of the list: a name with its newest version. */
export interface PromptSummary {
  name: string;
  kind: PromptKind;
  /** Newest version. */
  version: number;
  /** All versions, newest first. */
  versions: number[];
  /** Those that are not archived, newest first. */
  offered: number[];
  /** Its first version came with Archloom. */
  builtin: boolean;
  /** No longer offered: every version that a person saved is put away, and there is no other. */
  archived: boolean;
  /** Runs that use any of its versions. */
  runs: number;
  created_at: string;
}

export interface PromptVersion {
  /** `starter@1`, what a run's configuration says. */
  id: string;
  version: number;
  kind: PromptKind;
  /** The system message; empty for `plain`. */
  system: string;
  /** The user message, or the text that is continued. */
  text: string;
  builtin: boolean;
  archived: boolean;
  /** Runs that use it, newest first, at most twenty of them. */
  runs: string[];
  /** How many there are. */
  run_count: number;
  created_at: string;
}

export interface PromptDetail {
  name: string;
  kind: PromptKind;
  archived: boolean;
  /** Newest first. */
  versions: PromptVersion[];
}
