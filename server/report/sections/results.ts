import { isPaperData, paper, reportThreshold } from "../../contract";
import type { Mean, Rate } from "../../contract/statistics";
import { asPrinted, count, nothing, percent, plural, tellChange, tellEstimate } from "../format";
import type { ReportBlock, ReportSection } from "../page";
import type { FirstAndLast, Report } from "../views";

const share = `share above ${Math.round(100 * reportThreshold)} %`;

interface Row {
  figure: string;
  here: string;
  /** What the paper prints. */
  paper?: string;
}

/** The paper's table, of this run; beside the paper's own figures where both are of the same data. */
export function toResultsSection(report: Report): ReportSection {
  const comparable = isPaperData(report.config.recipe);
  const rows = listRows(report);
  return {
    id: "results",
    title: "Results",
    blocks: [
      {
        kind: "table",
        caption: "First and last judged cycle, with 95 % intervals and n",
        table: {
          columns: [{ title: "figure" }, { title: "this run", number: true }, ...(comparable ? [{ title: paper.name, number: true }] : [])],
          rows: rows.map((row) => [row.figure, row.here, ...(comparable ? [row.paper ?? nothing] : [])]),
        },
      },
      toChanges(report),
      { kind: "list", items: listNotes(report, comparable) },
      ...toBest(report),
    ],
  };
}

function listRows({ results, run, best }: Report): Row[] {
  const { valid_rate: valid, accuracy_mean: accuracy, share_above_threshold: above, winners } = results;
  const [first, last] = [tellCycle(results.first_cycle), tellCycle(results.last_cycle)];
  const ends = (figure: string, of: FirstAndLast<Rate | Mean>, printedEnds?: { first: number; last: number }): Row[] => [
    { figure: `${figure}, first${first}`, here: tellEstimate(of.first), ...(printedEnds && { paper: asPrinted(printedEnds.first) }) },
    { figure: `${figure}, last${last}`, here: tellEstimate(of.last), ...(printedEnds && { paper: asPrinted(printedEnds.last) }) },
  ];
  const [top] = best;
  const total = winners.at(-1)?.total ?? 0;
  const report = top?.report_accuracy == null ? "" : `, ${percent(top.report_accuracy)} on the report split`;
  return [
    { figure: `valid rate, first${first}`, here: tellEstimate(valid.first), paper: asPrinted(paper.valid_rate.first) },
    { figure: `valid rate, stable${valid.stable_from === null ? "" : ` (cycles ${valid.stable_from} to ${results.last_cycle})`}`, here: tellEstimate(valid.stable), paper: asPrinted(paper.valid_rate.stable) },
    { figure: `valid rate, peak${valid.peak === null ? "" : ` (cycle ${valid.peak.cycle})`}`, here: tellEstimate(valid.peak?.rate ?? null), paper: asPrinted(paper.valid_rate.peak) },
    ...ends("mean accuracy", accuracy, paper.accuracy_mean),
    ...ends("mean accuracy on the report split", results.report_accuracy_mean),
    ...ends(`${share}, of valid`, above, paper.share_above_threshold),
    ...ends(`${share}, of rated`, results.share_above_threshold_of_rated),
    ...ends("novel, of valid", results.novelty_rate),
    {
      figure: "unique novel winners",
      here: winners.length === 0 ? nothing : `${count(total)} in ${plural(winners.length, "cycle")}${total === run.winners ? "" : `; ${plural(run.winners, "winner")} with copies`}`,
      paper: `${paper.winners} in ${paper.cycles} cycles`,
    },
    { figure: "best network", here: top === undefined ? nothing : `${top.id}: ${percent(top.accuracy)}${report}` },
  ];
}

const tellCycle = (cycle: number | null): string => (cycle === null ? "" : ` (cycle ${cycle})`);

function toChanges({ results }: Report): ReportBlock {
  const rows: [string, FirstAndLast<unknown>][] = [
    ["valid rate", results.valid_rate],
    ["mean accuracy", results.accuracy_mean],
    ["mean accuracy on the report split", results.report_accuracy_mean],
    [`${share}, of valid`, results.share_above_threshold],
    [`${share}, of rated`, results.share_above_threshold_of_rated],
    ["novel, of valid", results.novelty_rate],
  ];
  if (results.judged_cycles < 2) return { kind: "text", text: "With fewer than two judged cycles there is no change to report." };
  return {
    kind: "table",
    caption: `Change from cycle ${results.first_cycle} to cycle ${results.last_cycle}, with 95 % intervals`,
    table: { columns: [{ title: "figure" }, { title: "change", number: true }], rows: rows.map(([figure, { change }]) => [figure, tellChange(change)]) },
  };
}

function listNotes({ results, config }: Report, comparable: boolean): string[] {
  const { stable_from: stable } = results.valid_rate;
  return [
    comparable
      ? `${paper.name} is of ${paper.cycles} cycles on CIFAR-10; what it does not print has a dash. What else differs is listed below.`
      : `The figures printed in ${paper.name} are of CIFAR-10. This run was evaluated under ${config.recipe}, so they would say nothing beside these and are not shown.`,
    `Valid: its epoch ended with a finite accuracy. Rated: everything written but programs that were cancelled or lost with a worker.`,
    `Stable: all programs of the judged cycles after the first third${stable === null ? "" : `, here from cycle ${stable} on`}, taken together. Peak: the highest of ${plural(results.judged_cycles, "cycle")}, so it lies above what another run would show there.`,
    `A unique novel winner reached the accuracy that its cycle asked for and is no copy of the corpus ${config.corpus_version} or of any program before it.`,
    "Intervals are over the programs of a cycle (Wilson for rates, Student's t for means, Newcombe and Welch for changes). One run has one seed: they say nothing of what another seed would give.",
  ];
}

function toBest({ best }: Report): ReportBlock[] {
  const [top] = best;
  if (top === undefined) return [{ kind: "text", text: "No program was valid." }];
  return [
    {
      kind: "table",
      caption: "The most accurate networks. They are the best of many on the selection split, so the report split is the honest figure",
      table: {
        columns: [{ title: "network" }, ...["accuracy", "report split", "parameters", "nearest Jaccard"].map((title) => ({ title, number: true })), { title: "novel" }, { title: "selected as" }],
        rows: best.map((one) => [
          one.id,
          percent(one.accuracy),
          one.report_accuracy === null ? nothing : percent(one.report_accuracy),
          one.parameters === null ? nothing : count(one.parameters),
          one.jaccard === null ? nothing : one.jaccard.toFixed(3),
          one.novel === null ? "not decided" : one.novel ? "yes" : "no",
          one.selection_reason ?? nothing,
        ]),
      },
    },
    { kind: "code", caption: `The code of ${top.id}`, text: top.code, language: "python", folded: true },
  ];
}
