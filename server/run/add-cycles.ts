import type { Database } from "../db/client";

export async function addCycles(_db: Database, _id: string, _n: number): Promise<{ id: string; cycles_planned: number }> { throw new Error("not reached"); }
