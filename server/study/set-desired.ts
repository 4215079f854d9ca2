import { type DesiredState, toRunId } from "../contract";
import type { Database } from "../db/client";
import { isEnded } from "../run/ended";
import { setDesired } from "../run/set-desired";
import { ServiceError } from "../service-error";
import { getStudyRow } from "./find";
import { readStudyRuns } from "./read-runs";

export interface StudyWish {
  id: string;
  /** Runs that were told, and runs that had ended (or were being cancelled) and were left alone. */
  runs: number;
  left_alone: number;
}

/**
 * Says what is wanted of every run of a study that can still be told. Runs that would be served later come first, so that no
 * worker begins one of them when an earlier one is stopped; to go on, the other way round. Throws `not_found`, `conflict`
 * when there is none to tell.
 */
export async function setStudyDesired(db: Database, id: string, desired: DesiredState): Promise<StudyWish> {
  const study = await getStudyRow(db, id);
  const runs = await readStudyRuns(db, study.id);
  const order = desired === "run" ? runs : runs.toReversed();
  let told = 0;
  for (const run of order.filter(({ state }) => !isEnded(state))) {
    if (await tell(db, toRunId(run.id), desired)) told += 1;
  }
  if (told === 0) throw new ServiceError("conflict", `${id} has no run that goes on.`, "id");
  return { id, runs: told, left_alone: runs.length - told };
}

/** Whether the run could be told: it may have ended, or have been deleted, meanwhile. */
async function tell(db: Database, id: string, desired: DesiredState): Promise<boolean> {
  try {
    await setDesired(db, id, desired);
    return true;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
}
