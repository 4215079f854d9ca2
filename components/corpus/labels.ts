import type { CorpusSplit, CorpusState, ExportFormat, FindingVerdict } from "../../server/contract/words";

export const corpusStateLabels: Record<CorpusState, string> = {
  importing: "importing",
  ready: "ready",
};

export const splitLabels: Record<CorpusSplit, string> = {
  train: "training",
  validation: "validation",
  test: "test",
};

export const verdictLabels: Record<FindingVerdict, string> = {
  accepted: "Accepted",
  duplicate: "Duplicates",
  rejected: "Rejected",
};

export const verdictSentences: Record<FindingVerdict, string> = {
  accepted: "They build for the recipe's images and can be imported.",
  duplicate: "The same program as an earlier entry or one of the base version. They are left out; near-duplicates are found by the import.",
  rejected: "They are no usable networks. They are left out, and the rest is kept.",
};

export const exportFormatLabels: Record<ExportFormat, string> = {
  lemur: "LEMUR files with statistics",
  chat_jsonl: "Chat rows (JSONL)",
  hugging_face: "Hugging Face data set folder",
};
