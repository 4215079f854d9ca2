/** One figure of several arms over cycles: a line for each arm, pooled over its seeds, with intervals. */
import type { Mean, Rate } from "../../server/contract/statistics";
import { describeChange, figureNames } from "../../server/contract/study-words";
import type { ComparedArm, StudyComparison } from "../../server/study/views";
import { formatInterval, formatPercent, notApplicable, plural } from "../ui/format";
import type { ChartText } from "./model";

export type OverlaidFigure = "valid_rate" | "accuracy_mean" | "share_above_threshold" | "novelty_rate";

export interface OverlayPoint {
  cycle: number;
  /** null = no case at all: a gap, never 0. */
  figure: Rate | Mean | null;
  seeds: number;
  /** Fewer seeds than the arm has: the figure will move when the others get there. */
  provisional: boolean;
}

export interface OverlayArm {
  /** Position in the study; decides how it looks. */
  arm: number;
  name: string;
  runs: number;
  points: OverlayPoint[];
}

export interface OverlayModel extends ChartText {
  arms: OverlayArm[];
}

export function prepareOverlay(comparison: StudyComparison, figure: OverlaidFigure, hidden: ReadonlySet<number>): OverlayModel {
  const arms = comparison.arms.map((arm, position) => toArm(arm, position, figure)).filter(({ arm }) => !hidden.has(arm));
  return { arms, title: tellFinding(comparison, figure), summary: summarise(arms), table: toTable(arms) };
}

function toArm({ name, runs, cycles }: ComparedArm, arm: number, figure: OverlaidFigure): OverlayArm {
  const points = cycles.map((cycle) => ({ cycle: cycle.cycle, figure: cycle[figure], seeds: cycle.seeds, provisional: cycle.seeds < runs }));
  return { arm, name, runs, points };
}

/** What the words of the table of differences say of this figure. */
function tellFinding({ arms, differences }: StudyComparison, figure: OverlaidFigure): string {
  const rows = differences.filter((row) => row.figure === figure && row.difference !== null);
  const heading = toHeading(figureNames[figure]);
  const reference = arms[0]?.name ?? "the reference";
  if (rows.length === 0) return arms.length < 2 ? heading : `${heading}: nothing to compare yet`;
  const differing = rows.filter(({ verdict }) => verdict === "differs");
  if (differing.length === 0) return `${heading}: ${rows.every(({ verdict }) => verdict === "too_few") ? "too few programs to say" : "inside noise"}`;
  const named = differing.map(({ arm, difference }) => `${arms[arm]?.name} ${describeChange(figure, difference?.value ?? 0)}`);
  const said = named.length > 3 ? `${named.length} arms differ from ${reference}` : `${named.join(", ")} against ${reference}`;
  return `${heading}: ${said}`;
}

const toHeading = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** More arms than this are a table, not a sentence. */
export const maxSummarised = 5;

function summarise(arms: readonly OverlayArm[]): string {
  const known = arms.flatMap(({ arm, name, points }) => {
    const last = points.findLast((point) => point.figure !== null);
    return last?.figure == null ? [] : [{ arm, value: last.figure.value, text: `${name} ${describePoint(last)} in cycle ${last.cycle}` }];
  });
  if (known.length === 0) return "No cycle has been judged yet.";
  if (known.length <= maxSummarised) return `${known.map(({ text }) => text).join("; ")}.`;
  const sorted = known.toSorted((a, b) => a.value - b.value);
  const reference = known.filter(({ arm }) => arm === 0).map(({ text }) => text);
  return `${[...reference, `highest ${sorted.at(-1)?.text}`, `lowest ${sorted[0]?.text}`].join("; ")}; all in the table.`;
}

/** `60.4 % (55.0–65.8 %), n 102, 3 seeds`; short: without interval and seeds. */
export function describePoint({ figure, seeds }: OverlayPoint, short = false): string {
  if (figure === null) return "no case";
  if (short) return `${formatPercent(figure.value)}, n ${figure.n}`;
  const interval = figure.low === null || figure.high === null ? "" : ` (${formatInterval(figure.low, figure.high)})`;
  return `${formatPercent(figure.value)}${interval}, n ${figure.n}, ${plural(seeds, "seed")}`;
}

const toTable = (arms: readonly OverlayArm[]): ChartText["table"] => ({
  columns: ["Arm", "Cycle", "Value", "95 % interval", "n", "Seeds"],
  rows: arms.flatMap(({ name, runs, points }) =>
    points.map(({ cycle, figure, seeds }) => [
      name,
      String(cycle),
      formatPercent(figure?.value),
      figure === null || figure.low === null || figure.high === null ? notApplicable : formatInterval(figure.low, figure.high),
      String(figure?.n ?? 0),
      seeds === runs ? String(seeds) : `${seeds} of ${runs}`,
    ]),
  ),
});
