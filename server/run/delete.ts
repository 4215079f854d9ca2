import type { Database } from "../db/client";

export async function deleteRun(_db: Database, _id: string): Promise<{ id: string }> { throw new Error("not reached"); }
