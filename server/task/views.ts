import type { z } from "zod";

import type {
  CorpusCheck,
  corpusImportSchema,
  ExportedNetworks,
  fetchedDataSchema,
  ModelCheck,
  PromptPreview,
  TaskKind,
  TaskProgress,
  TaskState,
} from "../contract";

/** What a task of each kind has found or made once it is done. */
export interface TaskResults extends Record<TaskKind, unknown> {
  check_corpus: CorpusCheck;
  import_corpus: z.infer<typeof corpusImportSchema>;
  export_networks: ExportedNetworks;
  fetch_data: z.infer<typeof fetchedDataSchema>;
  preview_prompt: PromptPreview;
  check_model: ModelCheck;
}

export interface TaskProgressView extends TaskProgress {
  /** Of this attempt; null before ten units are done. */
  per_second: number | null;
  /** Null before ten units are done, when the total is unknown, and once nothing is left. */
  seconds_left: { low: number; high: number } | null;
}

interface TaskViewOf<Kind extends TaskKind> {
  /** `T5`. */
  id: string;
  kind: Kind;
  state: TaskState;
  /** It was asked to end and has not yet. */
  cancelling: boolean;
  /** It has not ended, and no worker is there to go on with it. */
  waiting_for_worker: boolean;
  progress: TaskProgressView | null;
  /** Of a done one. */
  result: TaskResults[Kind] | null;
  /** Of a failed one: a sentence. */
  error: string | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
}

/** Narrowed by its kind, which decides the result. */
export type TaskView = { [Kind in TaskKind]: TaskViewOf<Kind> }[TaskKind];
