import { and, eq, sql } from "drizzle-orm";

import { corpus as corpusTable, promptTemplate } from "../../drizzle/schema";
import { parsePromptTemplateId, toCandidateId } from "../contract";
import { type Database, selectRows } from "../db/client";
import { listRecipes } from "../recipe/list";
import type { NovelWinners } from "./results";
import type { BestNetwork, Report, ReportEvaluations, ReportWorker } from "./views";

const shownBest = 5;

/** The version of the template that a run names; null = it is gone. */
export async function readPrompt(db: Database, id: string): Promise<Report["prompt"]> {
  const { name, version } = parsePromptTemplateId(id);
  const { kind, system, text } = promptTemplate;
  const [row] = await db.select({ kind, system, text }).from(promptTemplate).where(and(eq(promptTemplate.name, name), eq(promptTemplate.version, version)));
  return row === undefined ? null : { id, ...row };
}

export async function readCorpus(db: Database, version: string): Promise<Report["corpus"]> {
  const { description, entries, sha256 } = corpusTable;
  const [row] = await db.select({ description, entries, sha256 }).from(corpusTable).where(eq(corpusTable.version, version));
  return row === undefined ? null : { version, ...row };
}

export async function readRecipe(db: Database, wanted: string): Promise<Report["recipe"]> {
  const recipe = (await listRecipes(db)).find(({ name }) => name === wanted);
  if (recipe === undefined) return null;
  const { name, description, in_shape, classes, batch_size, dataset } = recipe;
  return { name, description, in_shape, classes, batch_size, dataset };
}

/** Who did the work, in order of first appearance. A worker that was restarted is the same one as long as nothing about it changed. */
export const readWorkers = (db: Database, run: number): Promise<ReportWorker[]> =>
  selectRows<ReportWorker>(
    db,
    sql`SELECT worker.name, device, slots, protection_level, versions,
        count(*) FILTER (WHERE job.kind = 'generate')::int AS batches,
        count(*) FILTER (WHERE job.kind = 'evaluate')::int AS evaluations,
        count(*) FILTER (WHERE job.kind = 'finetune')::int AS fine_tunings
      FROM attempt JOIN job ON job.id = attempt.job_id JOIN worker ON worker.id = attempt.worker_id
      WHERE job.run_id = ${run} AND attempt.ending = 'done'
      GROUP BY worker.name, host, device, slots, protection_level, versions ORDER BY min(attempt.id)`,
  );

/** Of the evaluations that decide the candidates' figures. */
export const readEvaluations = (db: Database, run: number): Promise<ReportEvaluations[]> =>
  selectRows<ReportEvaluations>(
    db,
    sql`SELECT device, protection_level, count(*)::int AS count FROM evaluation JOIN candidate ON candidate.id = candidate_id
      WHERE run_id = ${run} AND ordinal = 1 AND evaluation.outcome NOT IN ('worker_lost', 'cancelled')
      GROUP BY device, protection_level ORDER BY count DESC, device, protection_level`,
  );

export async function readNovelWinners(db: Database, run: number): Promise<NovelWinners> {
  const rows = await selectRows<{ cycle: number; winners: number }>(
    db,
    sql`SELECT cycle, count(*)::int AS winners FROM candidate
      WHERE run_id = ${run} AND selection_reason = 'winner' AND novel GROUP BY cycle`,
  );
  return new Map(rows.map(({ cycle, winners }) => [cycle, winners]));
}

/** The most accurate valid programs of the judged cycles; the earlier of equals first, as everywhere. */
export async function readBest(db: Database, run: number): Promise<BestNetwork[]> {
  const rows = await selectRows<Omit<BestNetwork, "id"> & { cycle: number; index: number }>(
    db,
    sql`SELECT cycle, index, accuracy, report_accuracy, parameters::float8 AS parameters, jaccard, novel, selection_reason, code
      FROM candidate JOIN cycle ON cycle.run_id = candidate.run_id AND cycle.number = candidate.cycle
      WHERE candidate.run_id = ${run} AND outcome = 'ok' AND stage IN ('finetuning', 'ended') ORDER BY accuracy DESC, cycle, index LIMIT ${shownBest}`,
  );
  return rows.map(({ cycle, index, ...row }) => ({ id: toCandidateId({ run, cycle, index }), ...row }));
}
