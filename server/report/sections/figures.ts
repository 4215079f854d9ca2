import { asPrinted, isPaperData, paper, reportThreshold } from "../../contract";
import type { Rate } from "../../contract/statistics";
import type { CycleFigures } from "../../cycle/views";
import { drawAccuracy } from "../charts/accuracy";
import type { LegendEntry } from "../charts/drawing";
import { drawLosses, findBinSize, type LossLine } from "../charts/loss";
import { drawRates, type Reference } from "../charts/rates";
import { drawWinners } from "../charts/winners";
import { count, duration, nothing, percent, plural, tellChange, tellEstimate } from "../format";
import type { ReportBlock, ReportColumn, ReportSection } from "../page";
import { isJudged } from "../results";
import type { FirstAndLast, Report } from "../views";

type Chart = Extract<ReportBlock, { kind: "chart" }>;

/** The paper's figures, drawn where they are of the same data. */
const references = {
  valid: toReferences(paper.valid_rate),
  accuracy: toReferences(paper.accuracy_mean),
  share: toReferences(paper.share_above_threshold),
};

function toReferences(values: Record<string, number>): Reference[] {
  return Object.entries(values).map(([label, value]) => ({ label, value }));
}

/** ` arXiv 2601.02997: first 44.0 %, peak 74.5 %.` */
const tellReferences = (shown: readonly Reference[]): string =>
  shown.length === 0 ? "" : ` ${paper.name}: ${shown.map(({ label, value }) => `${label} ${asPrinted(value)}`).join(", ")}.`;

export function toFigures(report: Report): ReportSection {
  const { cycles } = report;
  const charts = cycles.length === 0 ? [] : [toValidRate(report), toAccuracy(report), toShare(report), toNovelty(report), toWinners(report), ...toLosses(report)];
  const open = cycles.filter((cycle) => !isJudged(cycle)).map(({ number }) => number);
  const note: ReportBlock[] = open.length === 0 ? [] : [{ kind: "text", text: `Cycle ${open.join(", ")} is not judged to its end: its marks are faint or hollow, and no line leads to them.` }];
  return { id: "figures", title: "Figures", blocks: charts.length === 0 ? [{ kind: "text", text: "There is nothing to draw yet." }] : [...note, ...charts] };
}

const interval: LegendEntry = { look: "thin", label: "bar: 95 % Wilson interval; no dot below n = 10" };
const cycleColumn: ReportColumn = { title: "cycle", number: true };
const figureColumns = (...titles: string[]): ReportColumn[] => titles.map((title) => ({ title, number: true }));

interface RateChart {
  title: string;
  end: FirstAndLast<Rate>;
  series: { label: string; pick: (cycle: CycleFigures) => Rate | null }[];
  paper?: Reference[];
}

function toRates({ run, config, cycles, results }: Report, { title, end, series, paper: printed = [] }: RateChart): Chart {
  const shown = isPaperData(config.recipe) ? printed : [];
  const drawn = series.map(({ label, pick }) => ({ label, points: cycles.map((cycle) => ({ cycle: cycle.number, rate: pick(cycle), judged: isJudged(cycle) })) }));
  return {
    kind: "chart",
    title,
    summary: `${tellEnds(results, end)}${tellReferences(shown)}`,
    legend: [...series.map(({ label }, place): LegendEntry => ({ look: place === 0 ? "filled" : "hollow", label })), interval, ...legendOfPaper(shown)],
    drawing: drawRates(drawn, Math.max(run.cycles_planned, cycles.length), shown),
    table: {
      columns: [cycleColumn, ...figureColumns(...series.map(({ label }) => label))],
      rows: cycles.map((cycle) => [String(cycle.number), ...series.map(({ pick }) => tellEstimate(pick(cycle)))]),
    },
  };
}

const legendOfPaper = (shown: readonly Reference[]): LegendEntry[] => (shown.length === 0 ? [] : [{ look: "dashed", label: paper.name }]);

/** `Cycle 0: 88.8 % (..., n 48). Cycle 5: ... Change: ...`. */
function tellEnds({ first_cycle: first, last_cycle: last }: Report["results"], end: FirstAndLast<Rate> | Report["results"]["accuracy_mean"]): string {
  if (first === null || last === null) return "No cycle is judged to its end yet.";
  const start = `Cycle ${first}: ${tellEstimate(end.first)}.`;
  if (first === last) return start;
  return `${start} Cycle ${last}: ${tellEstimate(end.last)}.${end.change === null ? "" : ` Change: ${tellChange(end.change)}.`}`;
}

const toValidRate = (report: Report): Chart =>
  toRates(report, { title: "Valid rate", end: report.results.valid_rate, series: [{ label: "valid of rated", pick: (cycle) => cycle.valid_rate }], paper: references.valid });

const toShare = (report: Report): Chart =>
  toRates(report, {
    title: `Share above ${Math.round(100 * reportThreshold)} %`,
    end: report.results.share_above_threshold,
    series: [
      { label: "of valid", pick: (cycle) => cycle.share_above_threshold },
      { label: "of rated", pick: (cycle) => cycle.share_above_threshold_of_rated },
    ],
    paper: references.share,
  });

const toNovelty = (report: Report): Chart =>
  toRates(report, {
    title: `Novel among valid, against the corpus ${report.config.corpus_version} and every earlier program`,
    end: report.results.novelty_rate,
    series: [{ label: "novel of valid", pick: (cycle) => cycle.novelty_rate }],
  });

function toAccuracy({ run, config, cycles, results }: Report): Chart {
  const shown = isPaperData(config.recipe) ? references.accuracy : [];
  return {
    kind: "chart",
    title: "Accuracy of the valid programs",
    summary: `Mean: ${tellEnds(results, results.accuracy_mean)}${tellReferences(shown)}`,
    legend: [
      { look: "filled", label: "mean, bar: 95 % t interval from n = 5 on" },
      { look: "thin", label: "box 25–75 % with the median, whiskers 10–90 %" },
      { look: "dashed", label: `what a winner needed${shown.length === 0 ? "" : `; ${paper.name}`}` },
    ],
    drawing: drawAccuracy(cycles, Math.max(run.cycles_planned, cycles.length), shown),
    table: {
      columns: [cycleColumn, ...figureColumns("mean", "10 %", "25 %", "median", "75 %", "90 %", "a winner needed")],
      rows: cycles.map((cycle) => [
        String(cycle.number),
        tellEstimate(cycle.accuracy_mean),
        ...listQuantiles(cycle),
        cycle.selection_threshold === null ? nothing : percent(cycle.selection_threshold),
      ]),
    },
  };
}

const listQuantiles = ({ accuracy_quantiles: box }: CycleFigures): string[] =>
  box === null ? Array.from({ length: 5 }, () => nothing) : [box.p10, box.p25, box.p50, box.p75, box.p90].map(percent);

function toWinners({ run, config, cycles, results: { winners } }: Report): Chart {
  const shown = isPaperData(config.recipe) ? [{ label: `${paper.cycles} cycles`, value: paper.winners }] : [];
  const last = winners.at(-1);
  return {
    kind: "chart",
    title: "Unique novel winners so far",
    summary: `${last === undefined ? "None is decided yet." : `${count(last.total)} after cycle ${last.cycle}.`}${shown.length === 0 ? "" : ` ${paper.name}: ${paper.winners} after ${paper.cycles} cycles.`}`,
    legend: [{ look: "filled", label: "winners of all cycles up to this one" }, ...legendOfPaper(shown)],
    drawing: drawWinners(winners, Math.max(run.cycles_planned, cycles.length), shown),
    table: {
      columns: [cycleColumn, ...figureColumns("new", "in all")],
      rows: winners.map(({ cycle, winners: more, total }) => [String(cycle), count(more), count(total)]),
    },
  };
}

function toLosses({ cycles }: Report): Chart[] {
  const tuned = cycles.flatMap(({ number, fine_tuning: tuning }) => (tuning === null ? [] : [{ number, tuning }]));
  const lines: LossLine[] = tuned.map(({ number, tuning }) => ({ cycle: number, points: tuning.points.map(({ step, loss }) => ({ step, loss })) }));
  const [first, last] = [tuned[0], tuned.at(-1)];
  if (first === undefined || last === undefined) return [];
  const bin = findBinSize(lines);
  const drawn = bin === 1 ? "Every step is drawn, nothing is smoothed." : `Drawn are means of up to ${bin} neighbouring steps.`;
  return [
    {
      kind: "chart",
      title: "Fine-tuning loss",
      summary: `${plural(tuned.length, "fine-tuning")}. ${[first, ...(first === last ? [] : [last])].map(({ number, tuning }) => `After cycle ${number}: ${tellLoss(tuning.points)} in ${plural(tuning.steps, "step")} on ${plural(tuning.pairs, "pair")}.`).join(" ")} ${drawn}`,
      legend: [
        { look: "filled", label: `after cycle ${last.number}` },
        ...(first === last ? [] : [{ look: "dashed" as const, label: `after cycle ${first.number}` }]),
        ...(tuned.length > 2 ? [{ look: "thin" as const, label: "after the cycles between" }] : []),
      ],
      drawing: drawLosses(lines),
      table: {
        columns: [{ title: "after cycle", number: true }, ...figureColumns("pairs", "steps", "first loss", "last loss", "time")],
        rows: tuned.map(({ number, tuning }) => [
          String(number),
          count(tuning.pairs),
          `${count(tuning.steps)}${tuning.state === "training" ? " so far" : ""}`,
          tellOne(tuning.points[0]),
          tellOne(tuning.points.at(-1)),
          duration(tuning.seconds),
        ]),
      },
    },
  ];
}

const tellLoss = (points: LossLine["points"]): string => `${tellOne(points[0])} to ${tellOne(points.at(-1))}`;

function tellOne(point: { loss: number } | undefined): string {
  if (point === undefined) return nothing;
  return Number.isFinite(point.loss) ? point.loss.toFixed(3) : "not a number";
}
