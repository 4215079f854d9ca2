import type { AttemptEnding, JobKind, ProtectionLevel, WorkerState } from "../../server/contract/words";

export const jobKindLabels: Record<JobKind, string> = {
  generate: "writing a batch",
  evaluate: "evaluating a program",
  select: "novelty and selection",
  finetune: "fine-tuning",
  check_corpus: "checking a corpus",
  import_corpus: "importing a corpus",
  export_networks: "exporting networks",
  fetch_data: "fetching data",
  preview_prompt: "previewing a prompt",
  check_model: "checking a model",
};

export const protectionLabels: Record<ProtectionLevel, string> = {
  full: "full protection",
  reduced: "reduced protection",
  none: "no protection",
};

export const protectionSentences: Record<ProtectionLevel, string> = {
  full: "Programs run in a jail without network, other files or other processes; every canary program was stopped.",
  reduced: "Some canary programs were not stopped. Results say so; run only models that you trust.",
  none: "Programs run without a jail. Run only models that you trust.",
};

export const workerStateLabels: Record<WorkerState, string> = {
  running: "running",
  stopped: "stopped",
  lost: "lost",
};

export const endingLabels: Record<AttemptEnding, string> = {
  done: "done",
  failed: "failed",
  lost: "worker lost",
  released: "given back",
  cancelled: "cancelled",
};
