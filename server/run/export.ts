import { readCandidateDetails } from "../candidate/details";
import type { Database } from "../db/client";
import { readTogether } from "../db/transact";
import { getRunRow } from "./find";
import { readRunDetail } from "./get";
import type { RunExport } from "./views";

/** Configuration, cycles, and every candidate with code, outcome, evaluations and neighbour, as of one moment. */
export function exportRun(db: Database, id: string): Promise<RunExport> {
  return readTogether(db, async (tx) => {
    const { id: run } = await getRunRow(tx, id);
    return {
      format: "archloom-run-1",
      exported_at: new Date().toISOString(),
      run: await readRunDetail(tx, id),
      candidates: await readCandidateDetails(tx, { run }),
    };
  });
}
