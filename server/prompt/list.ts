import { sql } from "drizzle-orm";

import type { PromptKind } from "../contract";
import { type Database, selectRows } from "../db/client";
import { toIso } from "../db/time";
import type { PromptSummary } from "./views";

/** All templates by name, those that are offered first. */
export async function listPrompts(db: Database): Promise<PromptSummary[]> {
  const rows = await selectRows<PromptSummary & { kind: PromptKind }>(
    db,
    sql`SELECT name, (array_agg(kind ORDER BY version DESC))[1] AS kind, max(version) AS version,
        array_agg(version ORDER BY version DESC) AS versions,
        coalesce(array_agg(version ORDER BY version DESC) FILTER (WHERE archived_at IS NULL), '{}') AS offered, bool_or(builtin) AS builtin,
        bool_and(archived_at IS NOT NULL) AS archived,
        (SELECT count(*)::int FROM run WHERE split_part(config->'prompt'->>'template', '@', 1) = prompt_template.name) AS runs,
        max(created_at) AS created_at
      FROM prompt_template GROUP BY name ORDER BY archived, name`,
  );
  return rows.map((row) => ({ ...row, created_at: toIso(row.created_at) }));
}
