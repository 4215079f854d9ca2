import { sql } from "drizzle-orm";

import { type Chunk, endedRunStates, type RunEvent, type RunState } from "../contract";
import { type Database, selectRows } from "../db/client";
import type { RunStreamItem, WritingBatch } from "./views";

type LogItem = Exclude<RunStreamItem, { kind: "snapshot" }>;

interface LogRow {
  seq: number;
  type: string | null;
  payload: object;
}

/**
 * Events and chunks of a run after a position, in commit order. Chunks of programs that are stored by now are gone; the
 * `batch_ended` event that took their place is not.
 */
export async function readLog(db: Database, run: number, after: number, limit: number): Promise<LogItem[]> {
  const rows = await selectRows<LogRow>(
    db,
    sql`SELECT seq::float8 AS seq, type, payload FROM run_event WHERE run_id = ${run} AND seq > ${after}
      UNION ALL
      SELECT seq::float8, NULL, jsonb_build_object('cycle', cycle, 'batch', batch, 'attempt', attempt, 'suffixes', suffixes)
        FROM generation_chunk WHERE run_id = ${run} AND seq > ${after}
      ORDER BY seq LIMIT ${limit}`,
  );
  // What is stored was written by the contract's own types on either side of the database.
  return rows.map(({ seq, type, payload }) =>
    type === null
      ? { kind: "chunk", seq, chunk: payload as Chunk }
      : { kind: "event", seq, event: { type, ...payload } as RunEvent },
  );
}

/** Programs being written, as far as they are, and the number of the last item that this includes. */
export async function readSnapshot(tx: Database, run: number): Promise<Extract<RunStreamItem, { kind: "snapshot" }>> {
  const [row] = await selectRows<{ seq: number }>(tx, sql`SELECT last_seq::float8 AS seq FROM run WHERE id = ${run}`);
  const batches = await selectRows<WritingBatch>(
    tx,
    sql`WITH newest AS (
        SELECT cycle, batch, max(attempt) AS attempt FROM generation_chunk WHERE run_id = ${run} GROUP BY cycle, batch),
      program AS (
        SELECT cycle, batch, attempt, suffix.key AS index, string_agg(suffix.value, '' ORDER BY seq) AS text
          FROM generation_chunk JOIN newest USING (cycle, batch, attempt), jsonb_each_text(suffixes) AS suffix
          WHERE run_id = ${run} GROUP BY cycle, batch, attempt, suffix.key)
      SELECT cycle, batch, attempt::float8 AS attempt, jsonb_object_agg(index, text) AS texts
        FROM program GROUP BY cycle, batch, attempt ORDER BY cycle, batch`,
  );
  return { kind: "snapshot", seq: row?.seq ?? 0, batches };
}

/** Nothing of the run is running, and nothing will run: it has ended (or is deleted) and no re-run waits. */
export async function isQuiet(db: Database, run: number): Promise<boolean> {
  const [row] = await selectRows<{ state: RunState; busy: boolean }>(
    db,
    sql`SELECT state, EXISTS (SELECT FROM job WHERE run_id = run.id
        AND (state = 'leased' OR (state = 'queued' AND requested_by = 'person'))) AS busy
      FROM run WHERE id = ${run}`,
  );
  return row === undefined || (!row.busy && endedRunStates.some((ended) => ended === row.state));
}
