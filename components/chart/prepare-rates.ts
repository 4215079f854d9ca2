/** Rates per cycle with their Wilson intervals: valid rate, share above the report threshold, novelty rate. */
import { type Rate, rateDifference } from "../../server/contract/statistics";
import { type NoveltyTests, reportThreshold } from "../../server/contract/words";
import type { CycleFigures } from "../../server/cycle/views";
import { noveltyTestsLabels } from "../run/labels";
import { formatInterval, formatPercent, notApplicable } from "../ui/format";
import { describeChange, describeDifference } from "./change";
import type { ChartText } from "./model";

/** Below this n a dot would look like knowledge: only the interval is drawn. */
const smallestDot = 10;

export interface RatePoint {
  cycle: number;
  /** null = no case at all: a gap, never 0. */
  rate: Rate | null;
  showDot: boolean;
  /** The cycle is still being judged; the figure will move. */
  provisional: boolean;
}

export interface RateSeries {
  label: string;
  points: RatePoint[];
}

export interface RateModel extends ChartText {
  series: RateSeries[];
}

const toPoints = (cycles: CycleFigures[], pick: (cycle: CycleFigures) => Rate | null): RatePoint[] =>
  cycles.map((cycle) => {
    const rate = pick(cycle);
    return { cycle: cycle.number, rate, showDot: rate !== null && rate.n >= smallestDot, provisional: cycle.pending > 0 };
  });

const cell = (rate: Rate | null): string[] =>
  rate === null
    ? [notApplicable, notApplicable, "0"]
    : [formatPercent(rate.value), formatInterval(rate.low, rate.high), `${rate.count} of ${rate.n}`];

/** First and last settled points; a cycle that is still being judged does not decide the finding while others can. */
function ends(points: RatePoint[]): { first: { cycle: number; rate: Rate }; last: { cycle: number; rate: Rate } } | null {
  const known = points.flatMap((point) => (point.rate === null ? [] : [{ ...point, rate: point.rate }]));
  const settled = known.filter((point) => !point.provisional);
  const usable = settled.length > 0 ? settled : known;
  const first = usable[0];
  const last = usable.at(-1);
  return first === undefined || last === undefined ? null : { first, last };
}

interface Words {
  what: string;
  /** What the n of the rate is. */
  of: string;
  empty: string;
}

function tell(points: RatePoint[], words: Words): Pick<ChartText, "title" | "summary"> {
  const span = ends(points);
  if (span === null) return { title: words.empty, summary: `Nothing to show for ${points.length === 1 ? "this cycle" : "these cycles"} yet.` };
  const { first, last } = span;
  const difference = first.cycle === last.cycle ? null : rateDifference(first.rate, last.rate);
  const title = describeChange(
    words.what,
    { cycle: first.cycle, value: first.rate.value },
    { cycle: last.cycle, value: last.rate.value },
    difference,
  );
  const now = `Cycle ${last.cycle}: ${last.rate.count} of ${last.rate.n} ${words.of}, 95 % interval ${formatInterval(last.rate.low, last.rate.high)}.`;
  return {
    title,
    summary:
      difference === null ? now : `${now} Against cycle ${first.cycle} (n = ${first.rate.n}): ${describeDifference(difference)}.`,
  };
}

export function prepareValidRate(cycles: CycleFigures[]): RateModel {
  const points = toPoints(cycles, (cycle) => cycle.valid_rate);
  return {
    ...tell(points, { what: "Valid rate", of: "judged programs are valid", empty: "Valid rate: no program judged yet" }),
    series: [{ label: "valid of rated", points }],
    table: {
      columns: ["Cycle", "Valid rate", "95 % interval", "Valid of rated"],
      rows: cycles.map((cycle) => [String(cycle.number), ...cell(cycle.valid_rate)]),
    },
  };
}

export function prepareShare(cycles: CycleFigures[]): RateModel {
  const ofValid = toPoints(cycles, (cycle) => cycle.share_above_threshold);
  const threshold = formatPercent(reportThreshold, 0);
  return {
    ...tell(ofValid, {
      what: `Share above ${threshold}`,
      of: `valid programs reach ${threshold}`,
      empty: `Share above ${threshold}: none evaluated`,
    }),
    series: [
      { label: "of valid", points: ofValid },
      { label: "of rated", points: toPoints(cycles, (cycle) => cycle.share_above_threshold_of_rated) },
    ],
    table: {
      columns: ["Cycle", "Of valid", "95 % interval", "n", "Of rated", "95 % interval", "n"],
      rows: cycles.map((cycle) => [
        String(cycle.number),
        ...cell(cycle.share_above_threshold),
        ...cell(cycle.share_above_threshold_of_rated),
      ]),
    },
  };
}

export function prepareNoveltyRate(cycles: CycleFigures[], corpusVersion: string, tests: NoveltyTests): RateModel {
  const points = toPoints(cycles, (cycle) => cycle.novelty_rate);
  const by = noveltyTestsLabels[tests];
  return {
    ...tell(points, {
      what: `Novel among valid (${by})`,
      of: `valid programs are no copy by ${by} of the corpus ${corpusVersion} or an earlier program`,
      empty: "Novelty: not decided yet",
    }),
    series: [{ label: "novel of valid", points }],
    table: {
      columns: ["Cycle", "Novelty rate", "95 % interval", "Novel of valid", "Undecided"],
      rows: cycles.map((cycle) => [String(cycle.number), ...cell(cycle.novelty_rate), String(cycle.valid - (cycle.novelty_rate?.n ?? 0))]),
    },
  };
}
