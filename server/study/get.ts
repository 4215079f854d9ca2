import { toRunId } from "../contract";
import type { Database } from "../db/client";
import { readTogether } from "../db/transact";
import { getStudyRow, readArms } from "./find";
import { readStudyRuns, type StudyRunRow } from "./read-runs";
import { countPlanned, toStudySummary } from "./summary";
import type { StudyDetail, StudyRun } from "./views";

/** A study with the standing of every run; what they show is `compareStudy`. Throws `not_found`. */
export function getStudy(db: Database, id: string): Promise<StudyDetail> {
  return readTogether(db, async (tx) => {
    const study = await getStudyRow(tx, id);
    const arms = await readArms(tx, study);
    const runs = await readStudyRuns(tx, study.id);
    return {
      ...(await toStudySummary(tx, study, arms, runs)),
      base: toBase(runs.find(({ arm }) => arm === 0)),
      arms: arms.map(({ name, changes, position }) => ({
        name,
        changes,
        runs: runs.filter(({ arm }) => arm === position).map(toStudyRun).toSorted((a, b) => a.seed - b.seed),
      })),
    };
  });
}

function toBase(run: StudyRunRow | undefined): StudyDetail["base"] {
  if (run === undefined) return null;
  const { preset, model, recipe, corpus_version, cycles, candidates_per_cycle } = run.config;
  return { preset, model, recipe, corpus_version, cycles, candidates_per_cycle };
}

function toStudyRun(row: StudyRunRow): StudyRun {
  return {
    id: toRunId(row.id),
    name: row.name,
    seed: row.config.seed,
    state: row.state,
    error: row.error,
    stop_reason: row.stop_reason,
    cycle: row.cycle,
    cycles_planned: row.cycles,
    programs_planned: countPlanned(row),
    programs_judged: row.judged,
  };
}
