import type { CycleStage, RunState } from "../../server/contract/words";

export const runStateLabels: Record<RunState, string> = {
  waiting: "waiting for a worker",
  running: "running",
  pausing: "pausing",
  paused: "paused",
  cancelling: "cancelling",
  cancelled: "cancelled",
  finished: "finished",
  failed: "failed",
};

export const stageLabels: Record<CycleStage, string> = {
  generating: "writing",
  evaluating: "evaluating",
  selecting: "selecting",
  finetuning: "fine-tuning",
  ended: "ended",
};

export const stageSentences: Record<CycleStage, string> = {
  generating: "The model writes programs; finished ones are already being evaluated.",
  evaluating: "Every program is written; the rest is being trained for one epoch.",
  selecting: "Near-duplicates are found and the programs to learn from are chosen.",
  finetuning: "A new adapter is trained on everything selected so far.",
  ended: "The cycle is complete.",
};
