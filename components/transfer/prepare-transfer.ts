import type { Transfer, TransferredCandidate } from "../../server/transfer/views";
import { outcomeLabels } from "../candidate/labels";
import type { ChartText } from "../chart/model";
import { formatCount, formatPercent, formatPoints, formatSigned, notApplicable, plural } from "../ui/format";

/** A winner that is valid under both recipes, with its accuracies on the report splits. */
export interface TransferMark {
  id: string;
  before: number;
  after: number;
}

export interface TransferModel extends ChartText {
  /** In the order of the own accuracy, then of the other: the way of the keyboard. */
  marks: TransferMark[];
  own: string;
  other: string;
}

export function prepareTransfer(transfer: Transfer, own: string): TransferModel {
  const { recipe, candidates } = transfer;
  const marks = candidates.flatMap(({ id, report_accuracy: before, transferred_report_accuracy: after }) =>
    before === null || after === null ? [] : [{ id, before, after }],
  );
  return {
    marks: marks.toSorted((a, b) => a.before - b.before || a.after - b.after),
    own,
    other: recipe,
    title: toFinding(transfer),
    summary: `${countEnds(transfer)}${tellOrder(transfer)} Accuracy on the report split, which nothing was chosen on.`,
    table: {
      columns: ["Winner", own, recipe, "Change, points", "Outcome"],
      rows: candidates.map(toRow),
    },
  };
}

/** What a mark says under the pointer and to a screen reader. */
export const describeMark = ({ id, before, after }: TransferMark, { own, other }: Pick<TransferModel, "own" | "other">): string =>
  `${id}: ${formatPercent(before)} under ${own}, ${formatPercent(after)} under ${other}, ${formatPoints(after - before)}`;

function toFinding({ recipe, shift, valid, waiting }: Transfer): string {
  if (shift === null) return `Under ${recipe}: ${waiting > 0 ? "nothing evaluated yet" : "none valid under both recipes"}`;
  const { value, low, high } = shift;
  if (low === null || high === null) return `Under ${recipe}: ${formatPoints(value)}, n = ${valid}`;
  const noise = low <= 0 && high >= 0 ? ", inside the noise" : "";
  return `Under ${recipe}: ${formatPoints(value)} (95 % interval ${formatSigned(low)} to ${formatPoints(high)}, n = ${valid})${noise}`;
}

/** `60 winners: 44 valid under both, 10 waiting, 6 failed (4 time limit, 2 build error).` */
function countEnds({ candidates, valid, waiting, failed }: Transfer): string {
  const reasons = new Map<string, number>();
  for (const { outcome } of candidates) {
    if (outcome === null || outcome === "ok") continue;
    reasons.set(outcomeLabels[outcome], (reasons.get(outcomeLabels[outcome]) ?? 0) + 1);
  }
  const listed = [...reasons].toSorted(([, a], [, b]) => b - a).map(([label, count]) => `${formatCount(count)} ${label}`);
  const why = listed.length === 0 ? "" : ` (${listed.join(", ")})`;
  return `${plural(candidates.length, "winner")}: ${formatCount(valid)} valid under both, ${formatCount(waiting)} waiting, ${formatCount(failed)} failed${why}.`;
}

function tellOrder({ rank_correlation: rank, valid }: Transfer): string {
  if (rank !== null) return ` Rank correlation ${rank.toFixed(2)} (Spearman; 1 = the same order under both).`;
  return valid < 3 ? "" : " No rank correlation: one side does not vary.";
}

function toRow({ id, outcome, report_accuracy: before, transferred_report_accuracy: after }: TransferredCandidate): string[] {
  const change = before === null || after === null ? notApplicable : formatSigned(after - before);
  return [id, formatPercent(before), formatPercent(after), change, outcome === null ? "waiting" : outcomeLabels[outcome]];
}

/**
 * How many of the best `wanted` winners are still to be evaluated, as far as can be said from outside: those that have been
 * were the best ones too. Lost and cancelled evaluations are asked for again.
 */
export function countLeft(transfer: Transfer | undefined, wanted: number): number {
  const done = transfer?.candidates.filter(({ outcome }) => outcome !== "worker_lost" && outcome !== "cancelled").length ?? 0;
  return Math.max(0, wanted - done);
}
