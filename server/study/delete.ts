import { eq, sql } from "drizzle-orm";

import { run, study } from "../../drizzle/schema";
import { parseStudyId, toRunId } from "../contract";
import type { Database } from "../db/client";
import { transact } from "../db/transact";
import { deleteRun } from "../run/delete";
import { isEnded } from "../run/ended";
import { ServiceError } from "../service-error";

/**
 * Deletes an ended study for good; its runs with it, or they stay as runs of their own. Throws `not_found`, `conflict` while
 * a run, or a re-run of a candidate that would be deleted, goes on.
 */
export function deleteStudy(db: Database, id: string, runs: "keep" | "delete"): Promise<{ id: string; runs: number }> {
  return transact(db, async (tx) => {
    const number = parseStudyId(id);
    const [row] = await tx.select().from(study).where(eq(study.id, number)).for("update");
    if (row === undefined) throw new ServiceError("not_found", `There is no study ${id}.`, "id");
    const members = await tx.select({ id: run.id, state: run.state }).from(run).where(eq(run.studyId, number)).orderBy(sql`id`).for("no key update");
    const live = members.filter(({ state }) => !isEnded(state));
    const [first] = live;
    if (first !== undefined) {
      throw new ServiceError("conflict", `${toRunId(first.id)} of ${id} is ${first.state}: cancel the study before deleting it.`, "id");
    }
    if (runs === "delete") for (const member of members) await deleteRun(tx, toRunId(member.id));
    else await tx.update(run).set({ studyId: null, studyArm: null }).where(eq(run.studyId, number));
    await tx.delete(study).where(eq(study.id, number));
    return { id, runs: members.length };
  });
}
