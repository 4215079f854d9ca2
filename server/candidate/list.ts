import { type SQL, sql } from "drizzle-orm";

import { parseRunId } from "../contract";
import { type Database, selectRows } from "../db/client";
import { readTogether } from "../db/transact";
import { type Cursor, parseCursor, toCursor } from "./cursor";
import type { CandidateSort, ListCandidatesInput } from "./list-input";
import { candidateColumns, candidateTables, type StoredCandidate, toCandidateRow } from "./rows";
import type { CandidatePage } from "./views";

/** Columns of the sorts by value; `id` sorts by run, cycle and index. */
const sortColumns: Record<Exclude<CandidateSort, "id">, SQL> = {
  accuracy: sql`c.accuracy`,
  report_accuracy: sql`c.report_accuracy`,
  jaccard: sql`c.jaccard`,
  parameters: sql`c.parameters::float8`,
  tokens: sql`c.tokens::float8`,
  train_seconds: sql`e.train_seconds`,
};

const place: SQL = sql`(c.run_id, c.cycle, c.index)`;

/**
 * One page of candidates. Pages follow each other by place in the order, not by number: one that appears or changes
 * while a person reads never makes another appear twice or not at all.
 */
export function listCandidates(db: Database, input: ListCandidatesInput): Promise<CandidatePage> {
  const cursor = parseCursor(input);
  const scope = input.run === undefined ? sql`true` : sql`c.run_id = ${parseRunId(input.run)}`;
  const filter = sql.join([scope, ...toConditions(input)], sql` AND `);
  return readTogether(db, async (tx) => {
    const rows = await selectRows<StoredCandidate & { sort_value: number | null }>(
      tx,
      sql`SELECT ${candidateColumns}, ${input.sort === "id" ? sql`NULL::float8` : sortColumns[input.sort]} AS sort_value
        FROM ${candidateTables} WHERE ${filter} AND ${cursor === null ? sql`true` : isAfter(input, cursor)}
        ORDER BY ${toOrder(input)} LIMIT ${input.limit + 1}`,
    );
    const page = rows.slice(0, input.limit);
    const last = rows.length > input.limit ? page.at(-1) : undefined;
    return {
      items: page.map(toCandidateRow),
      total: await countRows(tx, filter),
      unfiltered_total: await countRows(tx, scope),
      next_cursor:
        last === undefined
          ? null
          : toCursor(input, { value: last.sort_value, run: last.run_id, cycle: last.cycle, index: last.index }),
    };
  });
}

function toConditions(input: ListCandidatesInput): SQL[] {
  const conditions: SQL[] = [];
  if (input.cycle !== undefined) conditions.push(sql`c.cycle = ${input.cycle}`);
  if (input.outcome !== undefined && input.outcome.length > 0) {
    conditions.push(sql`c.outcome IN (${sql.join(input.outcome.map((outcome) => sql`${outcome}`), sql`, `)})`);
  }
  if (input.state !== undefined) conditions.push(sql`c.state = ${input.state}`);
  if (input.novel !== undefined) conditions.push(sql`c.novel = ${input.novel}`);
  if (input.selected !== undefined) conditions.push(sql`(c.selection_reason IS NOT NULL) = ${input.selected}`);
  if (input.min_accuracy !== undefined) conditions.push(sql`c.accuracy >= ${input.min_accuracy}::float8`);
  return conditions;
}

function toOrder({ sort, direction }: ListCandidatesInput): SQL {
  const way = direction === "ascending" ? sql`ASC` : sql`DESC`;
  if (sort === "id") return sql`c.run_id ${way}, c.cycle ${way}, c.index ${way}`;
  return sql`${sortColumns[sort]} ${way} NULLS LAST, c.run_id, c.cycle, c.index`;
}

/** The same order as a condition; candidates without the value follow all others, in the order of their places. */
function isAfter({ sort, direction }: ListCandidatesInput, { value, run, cycle, index }: Cursor): SQL {
  const cursorPlace = sql`(${run}::bigint, ${cycle}::int, ${index}::int)`;
  const further = direction === "ascending" ? sql`>` : sql`<`;
  if (sort === "id") return sql`${place} ${further} ${cursorPlace}`;
  const column = sortColumns[sort];
  if (value === null) return sql`(${column} IS NULL AND ${place} > ${cursorPlace})`;
  return sql`(${column} ${further} ${value}::float8 OR ${column} IS NULL
    OR (${column} = ${value}::float8 AND ${place} > ${cursorPlace}))`;
}

async function countRows(tx: Database, condition: SQL): Promise<number> {
  const [row] = await selectRows<{ n: number }>(tx, sql`SELECT count(*)::int AS n FROM candidate c WHERE ${condition}`);
  return row?.n ?? 0;
}
