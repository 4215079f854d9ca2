import type { Database } from "../db/client";
import type { RunExport } from "./views";
export async function exportRun(_db: Database, _id: string): Promise<RunExport> { throw new Error("not reached"); }
