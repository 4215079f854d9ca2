import { asPrinted, isPaperData, paper, reportThreshold } from "../../contract";
import type { Mean, Rate } from "../../contract/statistics";
import { count, nothing, percent, plural, tellChange, tellEstimate } from "../format";
import type { ReportBlock, ReportColumn, ReportSection } from "../page";
import type { FirstAndLast, Report } from "../views";

const share = `share above ${Math.round(100 * reportThreshold)} %`;

/** The paper's table, of this run; beside the paper's own figures where both are of the same data. */
export function toResultsSection(report: Report): ReportSection {
  const comparable = isPaperData(report.config.recipe);
  return {
    id: "results",
    title: "Results",
    blocks: [toEnds(report, comparable), toWhole(report, comparable), { kind: "list", items: listNotes(report, comparable) }, ...toBest(report)],
  };
}

const figures = (...titles: string[]): ReportColumn[] => titles.map((title) => ({ title, number: true }));

interface EndsRow {
  figure: string;
  of: FirstAndLast<Rate | Mean>;
  /** What the paper prints. */
  printed?: { first: number; last?: number };
}

function toEnds({ results }: Report, comparable: boolean): ReportBlock {
  const { first_cycle: first, last_cycle: last } = results;
  const rows: EndsRow[] = [
    { figure: "valid rate", of: results.valid_rate, printed: { first: paper.valid_rate.first } },
    { figure: "mean accuracy", of: results.accuracy_mean, printed: paper.accuracy_mean },
    { figure: "mean accuracy, report split", of: results.report_accuracy_mean },
    { figure: `${share}, of valid`, of: results.share_above_threshold, printed: paper.share_above_threshold },
    { figure: `${share}, of rated`, of: results.share_above_threshold_of_rated },
    { figure: "novel, of valid", of: results.novelty_rate },
  ];
  return {
    kind: "table",
    caption: "First and last judged cycle, with 95 % intervals and n",
    table: {
      columns: [
        { title: "figure" },
        ...figures(`first${tellCycle(first)}`, `last${tellCycle(last)}`, "change"),
        ...(comparable ? figures(`${paper.name}, first`, "last") : []),
      ],
      rows: rows.map(({ figure, of, printed }) => [
        figure,
        tellEstimate(of.first),
        tellEstimate(of.last),
        tellChange(of.change),
        ...(comparable ? [tellPrinted(printed?.first), tellPrinted(printed?.last)] : []),
      ]),
    },
  };
}

const tellSpan = (first: number, last: number | null): string => (first === last ? ` (cycle ${first})` : ` (cycles ${first} to ${last})`);

const tellPrinted = (value: number | undefined): string => (value === undefined ? nothing : asPrinted(value));

const tellCycle = (cycle: number | null): string => (cycle === null ? "" : ` (cycle ${cycle})`);

function toWhole({ results, run, best: [top] }: Report, comparable: boolean): ReportBlock {
  const { valid_rate: valid, winners } = results;
  const total = winners.at(-1)?.total ?? 0;
  const copies = total === run.winners ? "" : `; ${plural(run.winners, "winner")} with copies`;
  const report = top?.report_accuracy == null ? "" : `, ${percent(top.report_accuracy)} on the report split`;
  const rows: [figure: string, here: string, printed: string][] = [
    [`valid rate, stable${valid.stable_from === null ? "" : tellSpan(valid.stable_from, results.last_cycle)}`, tellEstimate(valid.stable), asPrinted(paper.valid_rate.stable)],
    [`valid rate, peak${tellCycle(valid.peak?.cycle ?? null)}`, tellEstimate(valid.peak?.rate ?? null), asPrinted(paper.valid_rate.peak)],
    ["unique novel winners", winners.length === 0 ? nothing : `${count(total)} in ${plural(winners.length, "cycle")}${copies}`, `${paper.winners} in ${paper.cycles} cycles`],
    ["best network", top === undefined ? nothing : `${top.id}: ${percent(top.accuracy)}${report}`, nothing],
  ];
  return {
    kind: "table",
    caption: "The whole run",
    table: {
      columns: [{ title: "figure" }, ...figures("this run", ...(comparable ? [paper.name] : []))],
      rows: rows.map(([figure, here, printed]) => [figure, here, ...(comparable ? [printed] : [])]),
    },
  };
}

function listNotes({ results, config }: Report, comparable: boolean): string[] {
  const { stable_from: stable } = results.valid_rate;
  return [
    comparable
      ? `${paper.name} is of ${paper.cycles} cycles on CIFAR-10; what it does not print has a dash. What else differs is listed below.`
      : `The figures printed in ${paper.name} are of CIFAR-10. This run was evaluated under ${config.recipe}, so they would say nothing beside these and are not shown.`,
    "Valid: its epoch ended with a finite accuracy. Rated: everything written but programs that were cancelled or lost with a worker.",
    `Stable: all programs of the judged cycles after the first third${stable === null ? "" : `, here from cycle ${stable} on`}, taken together. Peak: the highest of ${plural(results.judged_cycles, "cycle")}, so it lies above what another run would show there.`,
    `A unique novel winner reached the accuracy that its cycle asked for and is no copy of the corpus ${config.corpus_version} or of any program before it.`,
    "Intervals are over the programs of a cycle (Wilson for rates, Student's t for means, Newcombe and Welch for changes). One run has one seed: they say nothing of what another seed would give.",
  ];
}

function toBest({ best }: Report): ReportBlock[] {
  const [top] = best;
  if (top === undefined) return [{ kind: "text", text: "No program of a judged cycle was valid." }];
  return [
    {
      kind: "table",
      caption: "The most accurate networks: the best of many on the selection split, so only the report split is without luck",
      table: {
        columns: [{ title: "network" }, ...figures("accuracy", "report split", "parameters", "nearest Jaccard"), { title: "novel" }, { title: "selected as" }],
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
