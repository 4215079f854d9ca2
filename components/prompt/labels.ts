import type { PromptKind } from "../../server/contract/words";

export const promptKindLabels: Record<PromptKind, string> = {
  plain: "text to continue",
  chat: "chat",
};

export const promptKindSentences: Record<PromptKind, string> = {
  plain: "The model goes on writing after the text. For base models such as the starter.",
  chat: "The model answers a system and a user message, put into its own chat format. For instruct models.",
};
