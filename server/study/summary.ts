import { type RunState, toStudyId } from "../contract";
import type { Database } from "../db/client";
import { toIso } from "../db/time";
import { isEnded } from "../run/ended";
import { estimateRun } from "../run/estimate";
import type { SecondsRange } from "../run/views";
import { hasWorkers } from "../worker/alive";
import type { Arm, Study } from "./find";
import type { StudyRunRow } from "./read-runs";
import type { StudySummary } from "./views";

/** What a study is doing is what most concerns a person of what its runs do, in this order. */
const precedence: readonly RunState[] = ["running", "pausing", "cancelling", "waiting", "paused", "finished", "failed", "cancelled"];

/** One line about a study, from its row, its arms in order and its runs. */
export async function toStudySummary(db: Database, study: Study, arms: readonly Arm[], runs: readonly StudyRunRow[]): Promise<StudySummary> {
  const live = runs.filter(({ state }) => !isEnded(state));
  const waiting = live.length > 0 && !(await hasWorkers(db));
  const states: StudySummary["states"] = {};
  for (const { state } of runs) states[state] = (states[state] ?? 0) + 1;
  const moves = live.some(({ desired }) => desired === "run") && !waiting;
  return {
    id: toStudyId(study.id),
    name: study.name,
    arm_names: arms.map(({ name }) => name),
    seeds: [...new Set(runs.map(({ config }) => config.seed))].toSorted((a, b) => a - b),
    state: toState(states),
    desired: (["run", "pause", "cancel"] as const).find((wish) => live.some(({ desired }) => desired === wish)) ?? null,
    runs: runs.length,
    states,
    programs_planned: runs.reduce((sum, run) => sum + countPlanned(run), 0),
    programs_judged: runs.reduce((sum, run) => sum + run.judged, 0),
    eta: moves ? await estimateLeft(db, live.filter(({ desired }) => desired === "run")) : null,
    waiting_for_worker: waiting,
    created_at: toIso(study.createdAt),
  };
}

/** An ended run writes nothing more, however much it once planned. */
export const countPlanned = ({ state, planned, judged }: StudyRunRow): number => (isEnded(state) ? judged : planned);

/** Between the first end and the next start nothing is running for a moment, but the study is under way. */
function toState(states: StudySummary["states"]): RunState | null {
  const state = precedence.find((word) => states[word] !== undefined) ?? null;
  return state === "waiting" && states.finished !== undefined ? "running" : state;
}

/** Sum over the runs of what is left of each: they are served one after the other. Null where one has no estimate. */
async function estimateLeft(db: Database, runs: readonly StudyRunRow[]): Promise<SecondsRange | null> {
  const estimates = new Map<string, SecondsRange | null>();
  const total = { seconds_low: 0, seconds_high: 0, basis: "" };
  for (const run of runs) {
    const config = { ...run.config, seed: 0, cycles: run.cycles };
    const key = JSON.stringify(config);
    const known = estimates.get(key);
    const estimate = known === undefined ? await estimateRun(db, config) : known;
    if (estimate === null) return null;
    estimates.set(key, estimate);
    const share = run.planned === 0 ? 0 : 1 - run.judged / run.planned;
    total.seconds_low += share * estimate.seconds_low;
    total.seconds_high += share * estimate.seconds_high;
    total.basis = estimate.basis;
  }
  return total;
}
