import type { Database } from "../db/client";
import type { DesiredState, RunState } from "../contract";
export async function setDesired(_db: Database, _id: string, _d: DesiredState): Promise<{ id: string; state: RunState }> { throw new Error("not reached"); }
