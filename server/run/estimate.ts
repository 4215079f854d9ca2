import type { Database } from "../db/client";
import type { SecondsRange } from "./views"; import type { RunConfig } from "../contract";
export async function estimateRun(_db: Database, _c: RunConfig): Promise<SecondsRange> { throw new Error("not reached"); }
