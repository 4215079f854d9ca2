import { type SQL, sql } from "drizzle-orm";

import type { CorpusSplit } from "../contract";
import { type Database, selectRows } from "../db/client";
import { readTogether } from "../db/transact";
import { ServiceError } from "../service-error";
import type { ListEntriesInput } from "./entries-input";
import { getCorpusRow } from "./find";
import type { CorpusEntryDetail, CorpusEntryPage, CorpusEntryRow } from "./views";

const rowColumns: SQL = sql`position, name, family, split, accuracy, 1 + length(rtrim(code, E'\n')) - length(replace(rtrim(code, E'\n'), E'\n', '')) AS lines`;

/** One page of entries in the order of the corpus. Throws `not_found`. */
export function listEntries(db: Database, input: ListEntriesInput): Promise<CorpusEntryPage> {
  return readTogether(db, async (tx) => {
    await getCorpusRow(tx, input.version);
    const filter = sql.join(toConditions(input), sql` AND `);
    const rows = await selectRows<CorpusEntryRow>(
      tx,
      sql`SELECT ${rowColumns} FROM corpus_entry WHERE ${filter} AND position > ${input.cursor ?? -1} ORDER BY position LIMIT ${input.limit + 1}`,
    );
    const [count] = await selectRows<{ n: number }>(tx, sql`SELECT count(*)::int AS n FROM corpus_entry WHERE ${filter}`);
    const items = rows.slice(0, input.limit);
    return { items, total: count?.n ?? 0, next_cursor: rows.length > input.limit ? (items.at(-1)?.position ?? null) : null };
  });
}

function toConditions({ version, search = "", family, split }: ListEntriesInput): SQL[] {
  const conditions: SQL[] = [sql`corpus_version = ${version}`];
  if (search !== "") {
    const place = /^#(\d{1,9})$/.exec(search)?.[1];
    const pattern = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
    conditions.push(place === undefined ? sql`name ILIKE ${pattern}` : sql`position = ${Number(place)}`);
  }
  if (family !== undefined) conditions.push(sql`family = ${family}`);
  if (split !== undefined) conditions.push(sql`split = ${split satisfies CorpusSplit}`);
  return conditions;
}

/** One entry with its code. Throws `not_found`. */
export async function getEntry(db: Database, version: string, position: number): Promise<CorpusEntryDetail> {
  const [entry] = await selectRows<CorpusEntryDetail>(
    db,
    sql`SELECT corpus_version AS version, ${rowColumns}, code, messages, answer, statistics
      FROM corpus_entry WHERE corpus_version = ${version} AND position = ${position}`,
  );
  if (entry === undefined) throw new ServiceError("not_found", `There is no entry ${version} #${position}.`, "position");
  return entry;
}
