import { and, eq, sql } from "drizzle-orm";

import { promptTemplate } from "../../drizzle/schema";
import type { Database } from "../db/client";
import { transact } from "../db/transact";
import { ServiceError } from "../service-error";
import { getPrompt } from "./get";
import type { PromptDetail } from "./views";

/**
 * Takes every version of a template that a person saved off the offer, or puts it back. Runs that use one keep it, and
 * its versions stay readable. Throws `not_found`, `conflict` when all of it came with Archloom.
 */
export function setPromptArchived(db: Database, name: string, archived: boolean): Promise<PromptDetail> {
  return transact(db, async (tx) => {
    const changed = await tx
      .update(promptTemplate)
      .set({ archivedAt: archived ? sql`coalesce(archived_at, now())` : null })
      .where(and(eq(promptTemplate.name, name), eq(promptTemplate.builtin, false)))
      .returning({ version: promptTemplate.version });
    const detail = await getPrompt(tx, name);
    if (archived && changed.length === 0) {
      throw new ServiceError("conflict", `${name} came with Archloom and cannot be archived.`, "name");
    }
    return detail;
  });
}
