import { studyArm } from "../../drizzle/schema";
import type { Database } from "../db/client";

/** Names of all arms by study and position: `1.0`. */
export type ArmNames = ReadonlyMap<string, string>;

export async function readArmNames(db: Database): Promise<ArmNames> {
  const arms = await db.select({ study: studyArm.studyId, position: studyArm.position, name: studyArm.name }).from(studyArm);
  return new Map(arms.map(({ study, position, name }) => [`${study}.${position}`, name]));
}
