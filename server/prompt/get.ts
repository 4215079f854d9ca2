import { sql } from "drizzle-orm";

import { toRunId } from "../contract";
import { type Database, selectRows } from "../db/client";
import { toIso } from "../db/time";
import { ServiceError } from "../service-error";
import type { PromptDetail, PromptVersion } from "./views";

const shownRuns = 20;

type StoredVersion = Omit<PromptVersion, "id" | "runs"> & { runs: number[] | null };

/** A template with all its versions. Throws `not_found`. */
export async function getPrompt(db: Database, name: string): Promise<PromptDetail> {
  const rows = await selectRows<StoredVersion>(
    db,
    sql`SELECT version, kind, system, text, builtin, archived_at IS NOT NULL AS archived, used.ids[1:${shownRuns}] AS runs,
        coalesce(cardinality(used.ids), 0) AS run_count, prompt_template.created_at
      FROM prompt_template, LATERAL (SELECT array_agg(id::int ORDER BY id DESC) AS ids FROM run
        WHERE config->'prompt'->>'template' = format('%s@%s', prompt_template.name, version)) used
      WHERE prompt_template.name = ${name} ORDER BY version DESC`,
  );
  const [newest] = rows;
  if (newest === undefined) throw new ServiceError("not_found", `There is no prompt template ${name}.`, "name");
  return {
    name,
    kind: newest.kind,
    archived: rows.every((row) => row.archived),
    versions: rows.map((row) => ({
      ...row,
      id: `${name}@${row.version}`,
      runs: (row.runs ?? []).map(toRunId),
      created_at: toIso(row.created_at),
    })),
  };
}
