import { asc, desc } from "drizzle-orm";

import { study, studyArm } from "../../drizzle/schema";
import type { Database } from "../db/client";
import { readTogether } from "../db/transact";
import { groupBy } from "../group-by";
import { readStudyRuns } from "./read-runs";
import { toStudySummary } from "./summary";
import type { StudySummary } from "./views";

/** All studies, newest first. */
export function listStudies(db: Database): Promise<StudySummary[]> {
  return readTogether(db, async (tx) => {
    const studies = await tx.select().from(study).orderBy(desc(study.id));
    const arms = groupBy(await tx.select().from(studyArm).orderBy(asc(studyArm.position)), ({ studyId }) => studyId);
    const runs = groupBy(await readStudyRuns(tx), (row) => row.study);
    const summaries: StudySummary[] = [];
    for (const row of studies) summaries.push(await toStudySummary(tx, row, arms.get(row.id) ?? [], runs.get(row.id) ?? []));
    return summaries;
  });
}
