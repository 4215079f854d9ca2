import { toRunId } from "../contract";
import { ServiceError } from "../service-error";

/**
 * Number of the last item a client has, from `R3:41`; null = none of this run as it is now (a page that stayed open over
 * a new database may know a later one). Throws `invalid` for anything else.
 */
export function findPosition(id: string | null | undefined, run: { id: number; lastSeq: number }): number | null {
  if (id === null || id === undefined || id === "") return null;
  const [of, seq = ""] = id.split(":");
  if (of !== toRunId(run.id) || !/^\d{1,15}$/.test(seq)) {
    throw new ServiceError("invalid", `lastEventId: it looks like ${toRunId(run.id)}:41.`, "lastEventId");
  }
  return Number(seq) > run.lastSeq ? null : Number(seq);
}
