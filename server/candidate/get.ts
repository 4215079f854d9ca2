import type { Database } from "../db/client";
import type { CandidateDetail } from "./views";
export async function getCandidate(_db: Database, _i: string): Promise<CandidateDetail> { throw new Error("not reached"); }
