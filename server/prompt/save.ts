import { desc, eq, sql } from "drizzle-orm";

import { promptTemplate } from "../../drizzle/schema";
import type { Database } from "../db/client";
import { transact } from "../db/transact";
import { ServiceError } from "../service-error";
import { assertPromptText } from "./assert-text";
import type { SavePromptInput } from "./save-input";

/**
 * Stores the next version of a template, or version 1 of a new one; earlier versions stay as they are. Throws `invalid`
 * for a text that cannot be filled in, `conflict` when nothing changed or somebody else saved meanwhile.
 */
export function savePrompt(db: Database, input: SavePromptInput): Promise<{ id: string; name: string; version: number }> {
  const { name, kind, system, text, base_version: base } = input;
  assertPromptText(input);
  return transact(db, async (tx) => {
    // One after the other: the next number is read before it is written.
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext('prompt_template'), hashtext(${name}))`);
    const [newest] = await tx.select().from(promptTemplate).where(eq(promptTemplate.name, name)).orderBy(desc(promptTemplate.version)).limit(1);
    if (newest !== undefined) {
      if (base === null) throw new ServiceError("conflict", `name: there is a template ${name} already: choose another name.`, "name");
      if (newest.kind !== kind) {
        throw new ServiceError("conflict", `kind: ${name} is a ${newest.kind} template and stays one: give the ${kind} one another name.`, "kind");
      }
      if (newest.system === system && newest.text === text) {
        throw new ServiceError("conflict", `Nothing changed: this is ${name}@${newest.version}.`);
      }
    }
    if (typeof base === "number" && newest?.version !== base) {
      const now = newest === undefined ? `there is no template ${name}` : `${name}@${newest.version} was saved meanwhile`;
      throw new ServiceError("conflict", `base_version: ${now}: compare with it before saving over it.`, "base_version");
    }
    const version = (newest?.version ?? 0) + 1;
    await tx.insert(promptTemplate).values({ name, version, kind, system, text });
    return { id: `${name}@${version}`, name, version };
  });
}
