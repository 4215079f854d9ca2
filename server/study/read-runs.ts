import { sql } from "drizzle-orm";

import type { DesiredState, RunConfig, RunState, StopReason } from "../contract";
import { type Database, selectRows } from "../db/client";

/** A run of a study, as far as the study is concerned. */
export interface StudyRunRow {
  id: number;
  study: number;
  arm: number;
  name: string;
  config: RunConfig;
  state: RunState;
  desired: DesiredState;
  error: string | null;
  stop_reason: StopReason | null;
  cycles: number;
  /** Number of its newest cycle. */
  cycle: number;
  /** Programs that its cycles will have: a cycle cut by its minutes counts as it is. */
  planned: number;
  judged: number;
}

/** Runs of one study, or of all, in the order in which they are served. */
export const readStudyRuns = (db: Database, study?: number): Promise<StudyRunRow[]> =>
  selectRows<StudyRunRow>(
    db,
    sql`SELECT run.id::int, run.study_id::int AS study, run.study_arm AS arm, run.name, run.config, run.state, run.desired, run.error,
        run.stop_reason, run.cycles, newest.number AS cycle, coalesce(ended.judged, 0)::int AS judged,
        (newest.planned + (run.cycles - newest.opened) * (run.config->>'candidates_per_cycle')::int)::int AS planned
      FROM run
        CROSS JOIN LATERAL (SELECT max(number) AS number, count(*) AS opened, sum(planned) AS planned FROM cycle WHERE run_id = run.id) newest
        LEFT JOIN (SELECT run_id, count(*) AS judged FROM candidate WHERE state = 'ended'
            AND run_id IN (SELECT id FROM run WHERE ${ofStudy(study)}) GROUP BY run_id) ended ON ended.run_id = run.id
      WHERE ${ofStudy(study)} ORDER BY run.id`,
  );

const ofStudy = (study: number | undefined) => (study === undefined ? sql`study_id IS NOT NULL` : sql`study_id = ${study}`);
