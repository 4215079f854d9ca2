import { type CycleStage, toRunId, toStudyId } from "../contract";
import { mean, rate } from "../contract/statistics";
import { toBest } from "../cycle/figures";
import { addCounts, type CycleTally, noCounts, toCounts } from "../cycle/tally";
import { secondsBetween, toIso, toIsoOrNull } from "../db/time";
import type { ArmNames } from "../study/arm-names";
import type { Run } from "./find";
import type { RunSummary } from "./views";

export interface CycleStanding {
  number: number;
  stage: CycleStage;
}

/** Stages in which every candidate of a cycle has ended. */
const judgedStages: readonly CycleStage[] = ["selecting", "finetuning", "ended"];

/** One line about a run, from its row, its cycles in order and their tallies. */
export function toRunSummary(
  run: Run,
  cycles: readonly CycleStanding[],
  tallies: readonly CycleTally[],
  now: Date,
  armNames: ArmNames,
): RunSummary {
  const newest = cycles.at(-1) ?? { number: 0, stage: "generating" as const };
  const tallyOf = (number: number) => tallies.find((tally) => tally.cycle === number);
  const rated = tallies.filter((tally) => tally.rated > 0);
  const judged = new Set(cycles.filter(({ stage }) => judgedStages.includes(stage)).map(({ number }) => number));
  const reference = rated.findLast((tally) => judged.has(tally.cycle)) ?? rated.at(-1);
  const counts = addCounts(tallies);
  return {
    id: toRunId(run.id),
    name: run.name,
    preset: run.config.preset,
    model: run.config.model,
    recipe: run.config.recipe,
    seed: run.config.seed,
    fine_tuning: run.config.fine_tuning,
    state: run.state,
    desired: run.desired,
    error: run.error,
    stopped: run.stopReason === null ? null : { reason: run.stopReason, cycles_asked: Math.max(run.config.cycles, run.cycles) },
    source_run: run.sourceRunId === null ? null : toRunId(run.sourceRunId),
    study: run.studyId === null ? null : { id: toStudyId(run.studyId), arm: armNames.get(`${run.studyId}.${run.studyArm}`) ?? "" },
    cycles_planned: run.cycles,
    candidates_per_cycle: run.config.candidates_per_cycle,
    cycle: newest.number,
    stage: newest.stage,
    cycle_counts: toCounts(tallyOf(newest.number) ?? noCounts),
    counts,
    winners: counts.winners,
    last_rated_cycle: reference?.cycle ?? null,
    valid_rate: reference === undefined ? null : rate(reference.valid, reference.rated),
    accuracy_mean_last: mean(reference?.accuracies ?? []),
    accuracy_mean_first: mean(tallyOf(0)?.accuracies ?? []),
    best: findBest(run.id, tallies),
    seconds: run.startedAt === null ? 0 : Math.max(0, secondsBetween(run.startedAt, run.endedAt ?? now)),
    created_at: toIso(run.createdAt),
    started_at: toIsoOrNull(run.startedAt),
    ended_at: toIsoOrNull(run.endedAt),
  };
}

function findBest(run: number, tallies: readonly CycleTally[]): RunSummary["best"] {
  const bests = tallies.flatMap((tally) => toBest(run, tally) ?? []);
  return bests.reduce<RunSummary["best"]>((best, next) => (best === null || next.accuracy > best.accuracy ? next : best), null);
}
