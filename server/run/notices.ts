import { and, asc, eq, sql } from "drizzle-orm";

import { runEvent } from "../../drizzle/schema";
import type { Database } from "../db/client";
import { toIso } from "../db/time";
import type { RunNotice } from "./views";

/** What a run had to say besides its figures, in order: nothing selected, minutes used up, pairs cut, a collapse. */
export async function readNotices(db: Database, run: number): Promise<RunNotice[]> {
  const events = await db
    .select({ message: sql<string>`${runEvent.payload}->>'message'`, at: runEvent.createdAt })
    .from(runEvent)
    .where(and(eq(runEvent.runId, run), eq(runEvent.type, "notice")))
    .orderBy(asc(runEvent.seq));
  return events.map(({ message, at }) => ({ message, at: toIso(at) }));
}
