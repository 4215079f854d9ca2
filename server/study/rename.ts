import { eq } from "drizzle-orm";

import { study } from "../../drizzle/schema";
import { parseStudyId } from "../contract";
import type { Database } from "../db/client";
import { ServiceError } from "../service-error";

/** Gives a study another name; its id stays. Throws `not_found`. */
export async function renameStudy(db: Database, id: string, name: string): Promise<{ id: string; name: string }> {
  const renamed = await db.update(study).set({ name }).where(eq(study.id, parseStudyId(id))).returning({ id: study.id });
  if (renamed.length === 0) throw new ServiceError("not_found", `There is no study ${id}.`, "id");
  return { id, name };
}
