import type { TaskKind, TaskState } from "../../server/contract/words";

/** What a task does, as the title of its progress. */
export const taskKindLabels: Record<TaskKind, string> = {
  check_corpus: "Checking networks",
  import_corpus: "Importing networks",
  export_networks: "Packing networks",
  fetch_data: "Fetching data",
  preview_prompt: "Counting tokens",
  check_model: "Looking at the model",
};

export const taskStateLabels: Record<TaskState, string> = {
  queued: "waiting for its turn",
  running: "running",
  done: "done",
  failed: "failed",
  cancelled: "cancelled",
};
