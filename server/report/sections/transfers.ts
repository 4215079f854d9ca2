import { drawTransfer } from "../charts/transfer";
import { count, nothing, percent, plural, toPoints } from "../format";
import type { ReportBlock, ReportSection } from "../page";
import type { Transfer } from "../../transfer/views";
import type { Report } from "../views";

/** The winners under other recipes; no section where nobody has asked for it. */
export function toTransfers({ transfers }: Report): ReportSection[] {
  if (transfers.transfers.length === 0) return [];
  return [
    {
      id: "transfer",
      title: "Transfer",
      blocks: [
        { kind: "text", text: `Winners were found under ${transfers.recipe} and evaluated again under other recipes. Compared is the accuracy on the report split, which nothing was chosen on, of the networks that are valid under both.` },
        ...transfers.transfers.map((transfer) => toChart(transfer, transfers.recipe)),
      ],
    },
  ];
}

function toChart(transfer: Transfer, own: string): ReportBlock {
  const { recipe, candidates } = transfer;
  return {
    kind: "chart",
    title: `${own} to ${recipe}`,
    summary: tellTransfer(transfer),
    legend: [{ look: "filled", label: `one winner, upwards its report accuracy under ${recipe}` }, { look: "dashed", label: "unchanged" }],
    drawing: drawTransfer(candidates, own),
    table: {
      columns: [{ title: "winner" }, { title: own, number: true }, { title: recipe, number: true }, { title: "change, points", number: true }, { title: "outcome" }],
      rows: candidates.map(({ id, outcome, report_accuracy: before, transferred_report_accuracy: after }) => [
        id,
        before === null ? nothing : percent(before),
        after === null ? nothing : percent(after),
        before === null || after === null ? nothing : toPoints(after - before),
        outcome === null ? "waiting" : outcome === "ok" ? "valid" : outcome.replaceAll("_", " "),
      ]),
    },
  };
}

function tellTransfer({ candidates, valid, waiting, failed, shift, rank_correlation: rank }: Transfer): string {
  const counts = `${plural(candidates.length, "winner")}: ${count(valid)} valid under both, ${count(failed)} failed, ${count(waiting)} waiting.`;
  if (shift === null) return counts;
  const interval = shift.low === null || shift.high === null ? "" : `, 95 % interval ${toPoints(shift.low)} to ${toPoints(shift.high)}`;
  const order = rank === null ? "" : ` Rank correlation (Spearman) ${rank.toFixed(2)}.`;
  return `${counts} Shift ${toPoints(shift.value)} points${interval}, n ${shift.n}.${order}`;
}
