import { type RunState, toRunId } from "../contract";
import { maxUncorrected } from "../contract/statistics";
import { groupBy } from "../group-by";
import type { ArmRun } from "./read-samples";

interface NotedArm {
  name: string;
  runs: readonly ArmRun[];
}

/** What must be known to read the figures of a study: whatever is left out of them, and what a seed more would add. */
export function toNotes(arms: readonly NotedArm[], last: number): string[] {
  return [...arms.flatMap(noteLeftOut), ...arms.flatMap((arm) => noteLengths(arm, last)), ...noteSeeds(arms)];
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

function noteSeeds(arms: readonly NotedArm[]): string[] {
  const finished = new Set(arms.flatMap(({ runs }) => runs.filter(({ row }) => row.state === "finished").map(({ seed }) => seed)));
  if (finished.size !== 1) return [];
  return ["One seed only: the intervals are over candidates and say nothing of what another seed would give."];
}

/** Why some intervals exclude 0 although the word is "inside noise". */
export const correctionNote = (comparisons: number): string =>
  `${comparisons} comparisons, more than ${maxUncorrected}: some intervals would exclude 0 by chance, so Holm's method decides which differ.`;
