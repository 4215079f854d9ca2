import { sql } from "drizzle-orm";
import { z } from "zod";

import { findingVerdicts, parseTaskId, taskIdSchema } from "../contract";
import { type Database, selectRows } from "../db/client";
import { readTogether } from "../db/transact";
import { readCheckArgs, readFindingCounts } from "./get-check";
import type { FindingPage, FindingRow } from "./views";

export const listFindingsSchema = z
  .object({
    check: taskIdSchema,
    /** Without it, all. */
    verdict: z.enum(findingVerdicts).optional(),
    limit: z.int().min(1).max(1000).default(100),
    /** Position of the last finding of the page before. */
    cursor: z.int32().min(0).nullish(),
  })
  .strict();
type ListFindingsInput = z.infer<typeof listFindingsSchema>;

/** One page of what became of a source's entries, in its order. Throws `not_found`. */
export function listFindings(db: Database, { check, verdict, limit, cursor }: ListFindingsInput): Promise<FindingPage> {
  return readTogether(db, async (tx) => {
    await readCheckArgs(tx, check);
    const rows = await selectRows<FindingRow>(
      tx,
      sql`SELECT position, locator, name, verdict, reason FROM corpus_finding
        WHERE task_id = ${parseTaskId(check)} AND position > ${cursor ?? -1} AND ${verdict === undefined ? sql`true` : sql`verdict = ${verdict}`}
        ORDER BY position LIMIT ${limit + 1}`,
    );
    const items = rows.slice(0, limit);
    return {
      items,
      counts: await readFindingCounts(tx, check),
      next_cursor: rows.length > limit ? (items.at(-1)?.position ?? null) : null,
    };
  });
}
