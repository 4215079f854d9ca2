import { isDeepStrictEqual } from "node:util";

import { study, studyArm } from "../../drizzle/schema";
import { type Changes, parseRunId, type RunConfig, studyLimits, toStudyId } from "../contract";
import type { Database } from "../db/client";
import { transact } from "../db/transact";
import { configureRun } from "../run/configure";
import { assertMet, createRun, findBase } from "../run/start";
import { ServiceError } from "../service-error";
import type { StartStudyInput } from "./start-input";

/**
 * Stores a study and all its runs at once, seed by seed and within a seed arm by arm. Workers serve the oldest run first, so
 * whatever has ended at any time can be compared. Throws `invalid` naming the arm and field, `not_found` for the source run;
 * nothing is written then.
 */
export function startStudy(db: Database, input: StartStudyInput): Promise<{ id: string; runs: string[] }> {
  return transact(db, async (tx) => {
    const base = configureRun(await findBase(tx, input), {}, assertNoSeed(input.set ?? {}));
    const configs: RunConfig[] = [];
    for (const [at, arm] of input.arms.entries()) configs.push(await inArm(arm.name, at, () => configureArm(tx, base, arm.set)));
    assertSize(configs, input.seeds.length);

    const [stored] = await tx.insert(study).values({ name: input.name }).returning({ id: study.id });
    if (stored === undefined) throw new Error("the insert returned no row");
    const arms = input.arms.map(({ name, set }, position) => ({ studyId: stored.id, position, name, changes: toDifferences(base, set) }));
    await tx.insert(studyArm).values(arms);
    const sourceRunId = input.source_run === undefined ? null : parseRunId(input.source_run);
    const runs: string[] = [];
    for (const seed of input.seeds) {
      for (const [position, config] of configs.entries()) {
        const name = `${input.arms[position]?.name}, seed ${seed}`;
        runs.push(await createRun(tx, { ...config, seed }, { name, sourceRunId, studyId: stored.id, studyArm: position }));
      }
    }
    return { id: toStudyId(stored.id), runs };
  });
}

async function configureArm(tx: Database, base: RunConfig, changes: Changes): Promise<RunConfig> {
  const config = configureRun(base, {}, assertNoSeed(changes));
  await assertMet(tx, config);
  return config;
}

/** Changes that change something. */
function toDifferences(base: RunConfig, changes: Changes): Changes {
  const valueAt = (path: string) => path.split(".").reduce<unknown>((at, key) => (at instanceof Object ? Reflect.get(at, key) : undefined), base);
  return Object.fromEntries(Object.entries(changes).filter(([path, value]) => !isDeepStrictEqual(valueAt(path), value)));
}

function assertNoSeed(changes: Changes): Changes {
  if (!("seed" in changes)) return changes;
  throw new ServiceError("invalid", "seed: every arm is run with the seeds of the study, so it cannot be changed here.", "seed");
}

/** Says which arm a problem is in. */
async function inArm<Result>(name: string, at: number, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new ServiceError(error.code, `Arm ${name}: ${error.message}`, `arms.${at}.set.${error.field ?? ""}`);
  }
}

function assertSize(configs: readonly RunConfig[], seeds: number): void {
  const programs = seeds * configs.reduce((sum, config) => sum + config.cycles * config.candidates_per_cycle, 0);
  if (programs <= studyLimits.programs) return;
  const [most, asked] = [studyLimits.programs, programs].map((count) => count.toLocaleString("en"));
  throw new ServiceError("invalid", `seeds: a study has at most ${most} programs, and this one would have ${asked}.`, "seeds");
}
