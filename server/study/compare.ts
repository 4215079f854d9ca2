import { setImmediate as turn } from "node:timers/promises";

import { compareArms, type ComparisonSpan, isCorrected, judgeDifferences, poolCycle, type SeedSample, selectSpan } from "../contract/statistics";
import type { Database } from "../db/client";
import { readTogether } from "../db/transact";
import { conclude } from "./conclude";
import { type Arm, getStudyRow, readArms } from "./find";
import { remember } from "./memory";
import { correctionNote, noteSeeds, toNotes } from "./notes";
import { readStudyRuns } from "./read-runs";
import { type ArmRun, readSamples } from "./read-samples";
import type { ComparedArm, StudyComparison, StudyDifference } from "./views";

/** Ten studies of 12 runs and 22 cycles fit in. */
const pool = remember(({ cycle, samples }: PoolInput) => poolCycle(cycle, samples), 1_000);
const differ = remember(({ reference, arm }: DifferInput) => compareArms(reference, arm), 100);

interface PoolInput {
  cycle: number;
  samples: Parameters<typeof poolCycle>[1];
}

interface DifferInput {
  reference: readonly SeedSample[];
  arm: readonly SeedSample[];
}

/**
 * The arms of a study beside each other: every judged cycle pooled over seeds, and what the finished runs differ in from the
 * first arm. Of failed and cancelled runs nothing is used. Throws `not_found`.
 */
export async function compareStudy(db: Database, id: string, span: ComparisonSpan): Promise<StudyComparison> {
  const { arms, runsOf } = await readTogether(db, async (tx) => {
    const study = await getStudyRow(tx, id);
    const rows = await readStudyRuns(tx, study.id);
    const runs = await readSamples(tx, rows);
    return { arms: await readArms(tx, study), runsOf: (arm: Arm) => runs.filter(({ row }) => row.arm === arm.position) };
  });

  const compared: ComparedArm[] = [];
  for (const arm of arms) compared.push(await toComparedArm(arm, runsOf(arm)));
  const last = findLastCycle(arms.flatMap(runsOf));
  const differences = await readDifferences(arms, runsOf, span, last);
  const known = differences.some(({ difference }) => difference !== null);
  return {
    span,
    compared: known ? { first: span === "last_cycle" ? last : 1, last } : null,
    arms: compared,
    differences,
    corrected: isCorrected(differences),
    conclusion: conclude(compared.map(({ name }) => name), differences, span, last),
    notes: [
      ...toNotes(arms.map((arm) => ({ name: arm.name, runs: runsOf(arm) })), last),
      ...noteSeeds(arms, differences),
      ...(isCorrected(differences) ? [correctionNote(differences.length)] : []),
    ],
  };
}

async function toComparedArm({ name }: Arm, runs: readonly ArmRun[]): Promise<ComparedArm> {
  const usable = runs.filter(({ row }) => row.state !== "failed" && row.state !== "cancelled");
  const numbers = [...new Set(usable.flatMap(({ cycles }) => cycles.map(({ cycle }) => cycle)))].toSorted((a, b) => a - b);
  const cycles = [];
  for (const cycle of numbers) {
    // Thousands of draws each: whoever else asks something gets a turn in between.
    await turn();
    cycles.push(pool({ cycle, samples: usable.flatMap((run) => run.cycles.filter((sample) => sample.cycle === cycle)) }));
  }
  return { name, runs: runs.length, finished: runs.filter(isFinished).length, cycles };
}

const isFinished = ({ row }: ArmRun): boolean => row.state === "finished";

/**
 * The last cycle that every finished run has. One that ended because it collapsed does not shorten the others: it stands with
 * its own last cycle, else a study would hide what it was made to show.
 */
function findLastCycle(runs: readonly ArmRun[]): number {
  const finished = runs.filter(isFinished);
  const whole = finished.filter(({ row }) => row.stop_reason === null);
  const lasts = (whole.length > 0 ? whole : finished).map(({ cycles }) => cycles.at(-1)?.cycle ?? 0);
  return lasts.length === 0 ? 0 : whole.length > 0 ? Math.min(...lasts) : Math.max(...lasts);
}

async function readDifferences(
  arms: readonly Arm[],
  runsOf: (arm: Arm) => ArmRun[],
  span: ComparisonSpan,
  last: number,
): Promise<StudyDifference[]> {
  const sampleOf = (arm: Arm) => runsOf(arm).filter(isFinished).map(({ seed, cycles }) => selectSpan({ seed, cycles }, span, last));
  const [first, ...others] = arms;
  if (first === undefined) return [];
  const reference = sampleOf(first);
  const family = [];
  for (const arm of others) {
    await turn();
    family.push(...differ({ reference, arm: sampleOf(arm) }).map((row) => ({ ...row, arm: arm.position })));
  }
  return judgeDifferences(family);
}
