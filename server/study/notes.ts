import { type RunState, toRunId } from "../contract";
import { maxUncorrected } from "../contract/statistics";
import { groupBy } from "../group-by";
import type { Arm } from "./find";
import type { ArmRun } from "./read-samples";
import type { StudyDifference } from "./views";

interface NotedArm {
  name: string;
  runs: readonly ArmRun[];
}

/** What must be known to read the figures of a study: whatever is left out of them. */
export function toNotes(arms: readonly NotedArm[], last: number): string[] {
  return [...arms.flatMap(noteLeftOut), ...arms.flatMap((arm) => noteLengths(arm, last))];
}

const reasons: Record<RunState, string> = {
  waiting: "not begun",
  running: "under way",
  pausing: "pausing",
  paused: "paused",
  cancelling: "being cancelled",
  cancelled: "cancelled",
  finished: "finished",
  failed: "failed",
};

function noteLeftOut({ name, runs }: NotedArm): string[] {
  const left = runs.filter(({ row }) => row.state !== "finished");
  if (runs.length === 0) return [`${name}: its runs have been deleted.`];
  if (left.length === 0) return [];
  const byState = [...groupBy(left, ({ row }) => row.state)].map(([state, some]) => `${nameRuns(some)} ${reasons[state]}`);
  return [`${name}: ${runs.length - left.length} of ${runs.length} ${runs.length === 1 ? "seed" : "seeds"} finished; ${byState.join(", ")}.`];
}

function noteLengths({ name, runs }: NotedArm, last: number): string[] {
  const other = runs.filter(({ row, cycles }) => row.state === "finished" && lastOf(cycles) !== last);
  return [...groupBy(other, ({ row, cycles }) => `${lastOf(cycles)} ${row.stop_reason}`).values()].map((some) => {
    const own = lastOf(some[0]?.cycles ?? []);
    const who = `${name}: ${nameRuns(some)}`;
    if (own > last) return `${who} went on to cycle ${own}; compared is up to cycle ${last}, the last that all have.`;
    return `${who} ended after cycle ${own}${some[0]?.row.stop_reason === "collapse" ? " because of a collapse" : ""}; that cycle stands for its last.`;
  });
}

const lastOf = (cycles: ArmRun["cycles"]): number => cycles.at(-1)?.cycle ?? 0;

/** `R4 (seed 1)`, or how many where that would be a long list. */
const nameRuns = (runs: readonly ArmRun[]): string =>
  runs.length > 3 ? `each of ${runs.length} runs` : runs.map(({ row, seed }) => `${toRunId(row.id)} (seed ${seed})`).join(" and ");

/** A bootstrap over one seed is one over candidates. */
export function noteSeeds(arms: readonly Arm[], differences: readonly StudyDifference[]): string[] {
  const single = arms.filter(({ position }) => differences.some((row) => row.arm === position && row.seeds === 1));
  if (single.length === 0) return [];
  const who = single.length === arms.length - 1 ? "Compared is" : `${single.map(({ name }) => name).join(", ")}: compared is`;
  return [`${who} one seed only. The intervals are over candidates and say nothing of what another seed would give.`];
}

/** Why some intervals exclude 0 although the word is "inside noise". */
export const correctionNote = (comparisons: number): string =>
  `${comparisons} comparisons, more than ${maxUncorrected}: some intervals would exclude 0 by chance, so Holm's method decides which differ.`;
