import { and, asc, eq, sql } from "drizzle-orm";

import { runEvent } from "../../drizzle/schema";
import type { RunState } from "../contract";
import type { CycleTally } from "../cycle/tally";
import type { CycleFigures } from "../cycle/views";
import type { Database } from "../db/client";
import { secondsBetween } from "../db/time";
import { hasWorkers } from "../worker/alive";
import { isEnded } from "./ended";
import { estimateRun } from "./estimate";
import type { Run } from "./find";
import type { RunProgress, SecondsRange } from "./views";

/** Cycles that say how long the next one takes: recent ones, since winners get smaller and pools larger. */
const recentCycles = 5;

interface Pause {
  from: Date;
  to: Date;
}

/** Where a run stands and how long what is left will take. */
export async function readProgress(
  db: Database,
  run: Run,
  cycles: readonly CycleFigures[],
  tallies: readonly CycleTally[],
  now: Date,
): Promise<RunProgress> {
  const newest = cycles.at(-1);
  const stage = newest?.stage ?? "generating";
  const fineTuning = newest?.fine_tuning;
  const waiting = !isEnded(run.state) && !(await hasWorkers(db));
  const moving = run.state === "running" && !waiting;
  return {
    cycle: newest?.number ?? 0,
    stage,
    planned: newest?.planned ?? run.config.candidates_per_cycle,
    written: tallies.find((tally) => tally.cycle === newest?.number)?.written ?? 0,
    evaluated: newest === undefined ? 0 : newest.generated - newest.pending,
    finetune:
      stage === "finetuning" && fineTuning?.total_steps
        ? { step: fineTuning.steps, total_steps: fineTuning.total_steps }
        : null,
    waiting_for_worker: waiting,
    eta: moving ? await predict(db, run, cycles, now) : null,
  };
}

/** Left = cycles to come at the pace of this run's own (before it has one: of an estimate), less what has passed. */
async function predict(db: Database, run: Run, cycles: readonly CycleFigures[], now: Date): Promise<SecondsRange | null> {
  const pauses = await readPauses(db, run, now);
  const active = (cycle: CycleFigures) => toActiveSeconds(cycle, run, pauses, now);
  const ended = cycles.filter((cycle) => cycle.stage === "ended").slice(-recentCycles).map(active);
  const under = cycles.filter((cycle) => cycle.stage !== "ended").reduce((sum, cycle) => sum + active(cycle), 0);
  const left = run.cycles - cycles.filter((cycle) => cycle.stage === "ended").length;
  if (ended.length === 0) {
    const whole = await estimateRun(db, { ...run.config, cycles: run.cycles });
    if (whole === null) return null;
    return { ...whole, seconds_low: less(whole.seconds_low, under), seconds_high: less(whole.seconds_high, under) };
  }
  return {
    seconds_low: less(left * Math.min(...ended), under),
    seconds_high: less(left * Math.max(...ended), under),
    basis: `measured in this run, ${ended.length} ${ended.length === 1 ? "cycle" : "cycles"}`,
  };
}

const less = (seconds: number, passed: number): number => Math.max(0, seconds - passed);

/** Seconds a cycle has been worked on: without the time the run stood paused. */
function toActiveSeconds(cycle: CycleFigures, run: Run, pauses: readonly Pause[], now: Date): number {
  const start = new Date(cycle.number === 0 && run.startedAt !== null ? run.startedAt : cycle.started_at);
  const end = cycle.ended_at === null ? now : new Date(cycle.ended_at);
  const paused = pauses.reduce((sum, { from, to }) => {
    const overlap = secondsBetween(from < start ? start : from, to > end ? end : to);
    return sum + Math.max(0, overlap);
  }, 0);
  return Math.max(0, secondsBetween(start, end) - paused);
}

/** Times in which nothing was wanted of the run: paused, or finished until cycles were added. */
async function readPauses(db: Database, run: Run, now: Date): Promise<Pause[]> {
  const states = await db
    .select({ state: sql<RunState>`${runEvent.payload}->>'state'`, at: runEvent.createdAt })
    .from(runEvent)
    .where(and(eq(runEvent.runId, run.id), eq(runEvent.type, "run_state")))
    .orderBy(asc(runEvent.seq));
  return states.flatMap(({ state, at }, position) =>
    state === "paused" || state === "finished" ? [{ from: at, to: states[position + 1]?.at ?? now }] : [],
  );
}
