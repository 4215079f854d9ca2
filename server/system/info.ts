import type { Database } from "../db/client";
import type { SystemInfo } from "./views";
export async function getSystemInfo(_db: Database): Promise<SystemInfo> { throw new Error("not reached"); }
