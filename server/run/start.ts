import { sql } from "drizzle-orm";

import { run } from "../../drizzle/schema";
import { isPresetName, parseRunId, presets, type RunConfig, toRunId } from "../contract";
import type { Database } from "../db/client";
import { transact } from "../db/transact";
import { ServiceError } from "../service-error";
import { configureRun } from "./configure";
import { getRunRow } from "./find";
import { findUnmet } from "./find-unmet";
import type { StartRunInput } from "./start-input";

/**
 * Stores a run and opens its cycle 0; a worker takes it from there. Throws `invalid` naming the field (and everything else
 * that is missing), `not_found` for the source run; nothing is written then.
 */
export function startRun(db: Database, input: StartRunInput): Promise<{ id: string }> {
  return transact(db, async (tx) => {
    const config = configureRun(await findBase(tx, input), input.config, input.set);
    await assertMet(tx, config);
    const sourceRunId = input.source_run === undefined ? null : parseRunId(input.source_run);
    return { id: await createRun(tx, config, { name: input.name ?? toName(config), sourceRunId }) };
  });
}

type About = Pick<typeof run.$inferInsert, "name" | "sourceRunId" | "studyId" | "studyArm">;

/** Stores a run of a checked configuration within a transaction of the caller's, and opens its cycle 0. */
export async function createRun(tx: Database, config: RunConfig, about: About): Promise<string> {
  const [stored] = await tx.insert(run).values({ ...about, config, cycles: config.cycles }).returning({ id: run.id });
  if (stored === undefined) throw new Error("the insert returned no row");
  await tx.execute(sql`SELECT cycle_open(${stored.id}, 0, NULL), run_settle(${stored.id})`);
  return toRunId(stored.id);
}

/** Throws `invalid` naming everything that a run of this configuration would fail for. */
export async function assertMet(tx: Database, config: RunConfig): Promise<void> {
  const problems = await findUnmet(tx, config);
  const [first] = problems;
  if (first === undefined) return;
  throw new ServiceError("invalid", problems.map(({ field, message }) => `${field}: ${message}`).join(" "), first.field);
}

/** What a configuration starts from. Throws `invalid` for a preset that does not exist, `not_found` for the run. */
export async function findBase(tx: Database, { preset, source_run: source }: Pick<StartRunInput, "preset" | "source_run">): Promise<RunConfig> {
  if (preset !== undefined && source !== undefined) {
    throw new ServiceError("invalid", "preset: give a preset or a source run, not both.", "preset");
  }
  if (source !== undefined) return (await getRunRow(tx, source, "source_run")).config;
  const name = preset ?? "starter";
  if (!isPresetName(name)) {
    const known = Object.keys(presets).join(", ");
    throw new ServiceError("invalid", `preset: there is no preset ${JSON.stringify(name)} (there are: ${known}).`, "preset");
  }
  return presets[name];
}

function toName({ preset, seed, fine_tuning }: RunConfig): string {
  return `${preset}, seed ${seed}${fine_tuning ? "" : ", frozen"}`;
}
