import { sql } from "drizzle-orm";

import { type Database, selectRows } from "../db/client";

/** A worker that has not answered for one lease is as good as none. */
export const silentAfterSeconds = 30;

/** Whether any worker is there to take work. */
export async function hasWorkers(db: Database): Promise<boolean> {
  const [row] = await selectRows<{ found: boolean }>(
    db,
    sql`SELECT EXISTS (SELECT FROM worker WHERE state = 'running'
      AND heartbeat_at > clock_timestamp() - make_interval(secs => ${silentAfterSeconds})) AS found`,
  );
  return row?.found ?? false;
}
