import type { Database } from "../db/client";
import type { WorkersView } from "./views";
export async function listWorkers(_db: Database): Promise<WorkersView> { throw new Error("not reached"); }
