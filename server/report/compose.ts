import { paper } from "../contract";
import { moment, plural } from "./format";
import type { ReportPage } from "./page";
import { toDifferences, toNotices, toReproduction } from "./sections/closing";
import { toCostSection } from "./sections/cost";
import { toCycles } from "./sections/cycles";
import { toFigures } from "./sections/figures";
import { toResultsSection } from "./sections/results";
import { toSetup } from "./sections/setup";
import { toTransfers } from "./sections/transfers";
import type { Report } from "./views";
import { makeVisible } from "./visible";

/** The report as a reader meets it: what came out first, then what was run, at what cost, and how it stands to the paper. */
export function composeReport(report: Report): ReportPage {
  const { run, config } = report;
  return makeVisible({
    run: run.id,
    title: `${run.id}: ${run.name}`,
    lead: `${plural(run.cycles_planned, "cycle")} of ${plural(config.candidates_per_cycle, "program")} by ${config.backend === "grammar" ? "a random grammar" : config.model}, evaluated under ${config.recipe}, seed ${config.seed}${config.fine_tuning ? "" : ", without fine-tuning"}.`,
    standing: report.standing,
    sections: [
      toResultsSection(report),
      toFigures(report),
      toCycles(report),
      ...toTransfers(report),
      ...toNotices(report),
      toSetup(report),
      toCostSection(report),
      toDifferences(report),
      toReproduction(report),
    ],
    colophon: `Made ${moment(report.made_at)} by Archloom ${report.archloom_version}, which implements "${paper.title}" (${paper.name}).`,
  });
}
