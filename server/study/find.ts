import { asc, eq } from "drizzle-orm";

import { study, studyArm } from "../../drizzle/schema";
import { parseStudyId } from "../contract";
import type { Database } from "../db/client";
import { ServiceError } from "../service-error";

export type Study = typeof study.$inferSelect;
export type Arm = typeof studyArm.$inferSelect;

/** The study's row. Throws `not_found`. */
export async function getStudyRow(db: Database, id: string): Promise<Study> {
  const [row] = await db.select().from(study).where(eq(study.id, parseStudyId(id)));
  if (row === undefined) throw new ServiceError("not_found", `There is no study ${id}.`, "id");
  return row;
}

/** Its arms in order. */
export const readArms = (db: Database, { id }: Study): Promise<Arm[]> =>
  db.select().from(studyArm).where(eq(studyArm.studyId, id)).orderBy(asc(studyArm.position));
