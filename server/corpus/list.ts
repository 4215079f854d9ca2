import { sql } from "drizzle-orm";

import type { Database } from "../db/client";
import { readSummaries } from "./summary";
import type { CorpusSummary } from "./views";

export const listCorpora = (db: Database): Promise<CorpusSummary[]> => readSummaries(db, sql`true`);
