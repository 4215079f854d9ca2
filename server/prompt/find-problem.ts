import { and, eq } from "drizzle-orm";

import { promptTemplate } from "../../drizzle/schema";
import { type ConfigProblem, parsePromptTemplateId, type RunConfig } from "../contract";
import type { Database } from "../db/client";

const field = "prompt.template";

/** Why a run cannot be asked for with its template; null = it can. The backend grammar is asked nothing. */
export async function findPromptProblem(db: Database, { backend, model, prompt }: RunConfig): Promise<ConfigProblem | null> {
  if (backend === "grammar") return null;
  const { name, version } = parsePromptTemplateId(prompt.template);
  const [template] = await db
    .select({ kind: promptTemplate.kind, archivedAt: promptTemplate.archivedAt })
    .from(promptTemplate)
    .where(and(eq(promptTemplate.name, name), eq(promptTemplate.version, version)));
  if (template === undefined) return { field, message: `There is no prompt template ${prompt.template}.` };
  if (template.archivedAt !== null) {
    return { field, message: `The prompt template ${prompt.template} is archived: restore it, or choose another one.` };
  }
  if (template.kind === "chat" && backend === "transformers" && model === "starter") {
    return { field, message: `${prompt.template} is a chat template, and the model starter only continues text: choose a plain one.` };
  }
  return null;
}
