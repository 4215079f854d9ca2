import type { Database } from "../db/client";
interface RerunInput { id: string; seed?: number; confirm?: boolean }
export async function rerunCandidate(_db: Database, _i: RerunInput): Promise<{ evaluation_id: string; seed: number; queued_already: boolean }> { throw new Error("not reached"); }
