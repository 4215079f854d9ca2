import type { Database } from "../db/client";
import { openTask, type TaskArgs } from "../task/open";
import { assertPromptText } from "./assert-text";

/** Opens a task that fills a text in for a recipe and splits it into the tokens of a model. Throws `invalid`. */
export function previewPrompt(db: Database, args: TaskArgs["preview_prompt"]): Promise<{ id: string }> {
  assertPromptText(args);
  return openTask(db, "preview_prompt", args);
}
