import type { Backend, CycleStage, NoveltyTests, RunState, StopReason } from "../../server/contract/words";

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

/** Why a run ended before its planned cycles. */
export const stopLabels: Record<StopReason, string> = {
  collapse: "collapse",
};

/** What makes a copy. */
export const noveltyTestsLabels: Record<NoveltyTests, string> = {
  text: "text",
  structure: "structure",
  text_and_structure: "text or structure",
};

export const noveltyTestsSentences: Record<NoveltyTests, string> = {
  text: "A copy is told by its text: Jaccard similarity at or above the threshold.",
  structure: "A copy is told by its structure: the same traced graph, whatever the names. The similarity of the text is measured and decides nothing.",
  text_and_structure: "A copy is told by its text (Jaccard similarity at or above the threshold) or by its structure (the same traced graph, whatever the names).",
};

export const backendLabels: Record<Backend, string> = {
  transformers: "model in the worker",
  server: "model server",
  grammar: "random grammar",
};
