import { sql } from "drizzle-orm";

import { type Database, selectRows } from "../db/client";
import { readTogether } from "../db/transact";
import { ServiceError } from "../service-error";
import { toCurationReport } from "./curation-report";
import { getCorpusRow } from "./find";
import { readSummaries } from "./summary";
import type { CorpusDetail } from "./views";

const shownFamilies = 20;

/** Throws `not_found`. */
export function getCorpus(db: Database, version: string): Promise<CorpusDetail> {
  return readTogether(db, async (tx) => {
    const { report } = await getCorpusRow(tx, version);
    const [summary] = await readSummaries(tx, sql`corpus.version = ${version}`);
    if (summary === undefined) throw new ServiceError("not_found", `There is no corpus ${version}.`, "version");
    return { ...summary, report: toCurationReport(report), largest_families: await readLargestFamilies(tx, version) };
  });
}

const readLargestFamilies = (db: Database, version: string) =>
  selectRows<CorpusDetail["largest_families"][number]>(
    db,
    sql`SELECT family, count(*)::int AS entries, min(split) AS split FROM corpus_entry
      WHERE corpus_version = ${version} AND family IS NOT NULL GROUP BY family
      ORDER BY count(*) DESC, min(position) LIMIT ${shownFamilies}`,
  );
