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
    return {
      ...summary,
      report: toCurationReport(report),
      families_across_splits: await countFamiliesAcrossSplits(tx, version),
      largest_families: await readLargestFamilies(tx, version),
    };
  });
}

async function countFamiliesAcrossSplits(db: Database, version: string): Promise<number> {
  const [row] = await selectRows<{ n: number }>(
    db,
    sql`SELECT count(*)::int AS n FROM (SELECT FROM corpus_entry WHERE corpus_version = ${version} AND family IS NOT NULL
      GROUP BY family HAVING count(DISTINCT split) > 1) families`,
  );
  return row?.n ?? 0;
}

const readLargestFamilies = (db: Database, version: string) =>
  selectRows<CorpusDetail["largest_families"][number]>(
    db,
    sql`SELECT family, count(*)::int AS entries, min(split) AS split FROM corpus_entry
      WHERE corpus_version = ${version} AND family IS NOT NULL GROUP BY family
      ORDER BY count(*) DESC, min(position) LIMIT ${shownFamilies}`,
  );
