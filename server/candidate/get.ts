import { parseCandidateId } from "../contract";
import type { Database } from "../db/client";
import { readTogether } from "../db/transact";
import { ServiceError } from "../service-error";
import { readCandidateDetails } from "./details";
import type { CandidateDetail } from "./views";

/** Everything about one candidate. Throws `not_found`. */
export async function getCandidate(db: Database, id: string): Promise<CandidateDetail> {
  const only = parseCandidateId(id);
  const [detail] = await readTogether(db, (tx) => readCandidateDetails(tx, { run: only.run, only }));
  if (detail === undefined) throw new ServiceError("not_found", `There is no candidate ${id}.`, "id");
  return detail;
}
