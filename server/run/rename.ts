import type { Database } from "../db/client";

export async function renameRun(_db: Database, _id: string, _n: string): Promise<{ id: string; name: string }> { throw new Error("not reached"); }
