import packageJson from "../../package.json" with { type: "json" };
import { outcomes } from "../contract";
import type { Database } from "../db/client";
import { readTogether } from "../db/transact";
import { getRunRow } from "../run/find";
import { readRunDetail } from "../run/get";
import { readTransfers } from "../transfer/get";
import { listFields, toCommand } from "./command";
import { toCost } from "./cost";
import { findDifferences } from "./differences";
import { readBest, readCorpus, readEvaluations, readNovelWinners, readPrompt, readRecipe, readWorkers } from "./read-facts";
import { toResults } from "./results";
import { toStanding } from "./standing";
import type { Report } from "./views";

/** All that a report of a run says, as of one moment; of a run that has not finished, what there is. Throws `not_found`. */
export function getReport(db: Database, id: string): Promise<Report> {
  return readTogether(db, async (tx) => {
    const row = await getRunRow(tx, id);
    const { config, cycles, notices, last_seq: _seq, progress: _progress, ...run } = await readRunDetail(tx, id);
    const recipe = await readRecipe(tx, config.recipe);
    const results = toResults(cycles, await readNovelWinners(tx, row.id));
    return {
      format: "archloom-report-1",
      made_at: new Date().toISOString(),
      archloom_version: packageJson.version,
      run,
      standing: toStanding(run, results.judged_cycles),
      config,
      fields: listFields(config),
      prompt: await readPrompt(tx, config.prompt.template),
      prompt_sent: cycles[0]?.prompt ?? null,
      corpus: await readCorpus(tx, config.corpus_version),
      recipe,
      workers: await readWorkers(tx, row.id),
      evaluations: await readEvaluations(tx, row.id),
      cost: toCost(run, cycles),
      results,
      cycles,
      outcomes: outcomes
        .map((outcome) => ({ outcome, count: cycles.reduce((sum, cycle) => sum + cycle.outcomes[outcome], 0) }))
        .filter(({ count }) => count > 0),
      best: await readBest(tx, row.id),
      transfers: await readTransfers(tx, id),
      notices,
      differences: findDifferences(config, recipe),
      command: toCommand(config, run.stopped?.cycles_asked ?? run.cycles_planned),
    };
  });
}
