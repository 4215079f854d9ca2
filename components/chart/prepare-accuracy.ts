import { type Mean, meanDifference, type Quantiles } from "../../server/contract/statistics";
import type { AccuracyPoint, CycleFigures } from "../../server/cycle/views";
import { formatInterval, formatPercent, notApplicable } from "../ui/format";
import { describeChange, describeDifference } from "./change";
import type { ChartText } from "./model";

/** A t interval of fewer values says more about t than about the programs. */
const smallestInterval = 5;

export interface AccuracyMark extends AccuracyPoint {
  /** Sideways place within the cycle's column, -1 to 1; fixed by the index, so that points never move. */
  offset: number;
}

export interface AccuracyColumn {
  cycle: number;
  marks: AccuracyMark[];
  box: Quantiles | null;
  mean: Mean | null;
  /** Whether the mean's interval is drawn. */
  showInterval: boolean;
  threshold: number | null;
  /** Share of the generated programs that have no accuracy and so are not in the box; null when none is generated. */
  notInBox: number | null;
}

export interface AccuracyModel extends ChartText {
  columns: AccuracyColumn[];
}

/** Low-discrepancy sequence: neighbours in index land far apart. */
const golden = 0.618_033_988_75;
const toOffset = (index: number): number => ((index * golden) % 1) * 2 - 1;

export function prepareAccuracy(cycles: CycleFigures[]): AccuracyModel {
  const columns = cycles.map(
    (cycle): AccuracyColumn => ({
      cycle: cycle.number,
      marks: cycle.accuracy_points.map((point) => ({ ...point, offset: toOffset(point.index) })),
      box: cycle.accuracy_quantiles,
      mean: cycle.accuracy_mean,
      showInterval: cycle.accuracy_mean !== null && cycle.accuracy_mean.low !== null && cycle.valid >= smallestInterval,
      threshold: cycle.selection_threshold,
      notInBox: cycle.generated === 0 ? null : 1 - cycle.valid / cycle.generated,
    }),
  );
  return { columns, ...tell(cycles), table: toTable(cycles) };
}

function tell(cycles: CycleFigures[]): Pick<ChartText, "title" | "summary"> {
  const known = cycles.flatMap((cycle) => (cycle.accuracy_mean === null ? [] : [{ ...cycle, mean: cycle.accuracy_mean }]));
  const settled = known.filter((cycle) => cycle.pending === 0);
  const usable = settled.length > 0 ? settled : known;
  const first = usable[0];
  const last = usable.at(-1);
  if (first === undefined || last === undefined) {
    return { title: "Accuracy: no valid program yet", summary: "A program gets an accuracy when its epoch has ended." };
  }
  const difference =
    first === last
      ? null
      : meanDifference(
          first.accuracy_points.map((point) => point.accuracy),
          last.accuracy_points.map((point) => point.accuracy),
        );
  const interval =
    last.mean.low !== null && last.mean.high !== null && last.valid >= smallestInterval
      ? `, 95 % interval ${formatInterval(last.mean.low, last.mean.high)}`
      : "";
  const best = last.best === null ? "" : ` Best ${formatPercent(last.best.accuracy)} (${last.best.id}).`;
  const unboxed = last.generated - last.valid;
  return {
    title: describeChange(
      "Mean accuracy",
      { cycle: first.number, value: first.mean.value },
      { cycle: last.number, value: last.mean.value },
      difference,
    ),
    summary: `Cycle ${last.number}: mean ${formatPercent(last.mean.value)} of n = ${last.mean.n} valid programs${interval}; ${unboxed} of ${last.generated} have no accuracy and are not in this box.${best}${difference === null ? "" : ` Against cycle ${first.number} (n = ${first.mean.n}): ${describeDifference(difference)}.`}`,
  };
}

const toTable = (cycles: CycleFigures[]): ChartText["table"] => ({
  columns: ["Cycle", "n", "Mean", "95 % interval", "p10", "p25", "Median", "p75", "p90", "Threshold", "Report-split mean"],
  rows: cycles.map((cycle) => {
    const mean = cycle.accuracy_mean;
    const box = cycle.accuracy_quantiles;
    return [
      String(cycle.number),
      String(mean?.n ?? 0),
      formatPercent(mean?.value),
      mean !== null && mean.low !== null && mean.high !== null && mean.n >= smallestInterval
        ? formatInterval(mean.low, mean.high)
        : notApplicable,
      formatPercent(box?.p10),
      formatPercent(box?.p25),
      formatPercent(box?.p50),
      formatPercent(box?.p75),
      formatPercent(box?.p90),
      formatPercent(cycle.selection_threshold),
      formatPercent(cycle.report_accuracy_mean?.value),
    ];
  }),
});
