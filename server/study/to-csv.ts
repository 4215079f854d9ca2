import type { Mean, Rate } from "../contract/statistics";
import type { StudyComparison, StudyDetail } from "./views";

const figures = ["valid_rate", "accuracy_mean", "share_above_threshold", "share_above_threshold_of_rated", "novelty_rate"] as const;

/** One line for each cycle of each arm, its seeds pooled; fractions, not percentages. What has no case is left empty. */
export function toCsv(study: StudyDetail, { arms }: StudyComparison): string {
  const titles = ["study", "arm", "cycle", "seeds", ...figures.flatMap(toTitles), "winners"];
  const lines = arms.flatMap(({ name, cycles }) =>
    cycles.map((cycle) => [study.id, name, cycle.cycle, cycle.seeds, ...figures.flatMap((figure) => toCells(cycle[figure])), cycle.winners]),
  );
  return [titles, ...lines].map((cells) => `${cells.map(escapeCell).join(",")}\r\n`).join("");
}

const toTitles = (figure: string) => [figure, `${figure}_low`, `${figure}_high`, `${figure}_n`];

const toCells = (figure: Rate | Mean | null) => [figure?.value, figure?.low, figure?.high, figure?.n ?? 0];

/** RFC 4180. A name that a spreadsheet would take for a formula is told that it is text. */
function escapeCell(value: string | number | null | undefined): string {
  if (typeof value !== "string") return String(value ?? "");
  const text = /^[=+\-@\t]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
