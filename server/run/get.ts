import type { Database } from "../db/client";
import type { RunDetail } from "./views";
export async function getRun(_db: Database, _id: string): Promise<RunDetail> { throw new Error("not reached"); }
