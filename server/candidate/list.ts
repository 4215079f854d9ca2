import type { Database } from "../db/client";
import type { CandidatePage } from "./views"; import type { ListCandidatesInput } from "./list-input";
export async function listCandidates(_db: Database, _i: ListCandidatesInput): Promise<CandidatePage> { throw new Error("not reached"); }
