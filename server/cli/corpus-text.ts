import type { CorpusCheckView, CorpusDetail, CorpusSummary, FindingRow } from "../trpc/types";
import { toTable, toFacts } from "./table";

export const toCorpusList = (corpora: readonly CorpusSummary[]): string =>
  corpora.length === 0
    ? "There is no corpus yet: starter-1 is made when a worker starts for the first time.\n"
    : toTable(corpora, [
        { title: "version", value: (one) => one.version },
        { title: "state", value: (one) => one.state },
        { title: "entries", value: (one) => one.entries, right: true },
        { title: "train", value: (one) => one.splits.train, right: true },
        { title: "validation", value: (one) => one.splits.validation, right: true },
        { title: "test", value: (one) => one.splits.test, right: true },
        { title: "families", value: (one) => one.families, right: true },
        { title: "with accuracy", value: (one) => one.with_accuracy, right: true },
        { title: "base", value: (one) => one.base_version },
        { title: "runs", value: (one) => one.runs.length, right: true },
        { title: "description", value: (one) => one.description },
      ]);

export function toCorpusText(corpus: CorpusDetail): string {
  const { splits, report, runs } = corpus;
  const facts = toFacts([
    ["corpus", corpus.version],
    ["description", corpus.description === "" ? null : corpus.description],
    ["state", corpus.state],
    ["entries", corpus.entries],
    ["base", corpus.base_version],
    ["splits", `train ${splits.train}, validation ${splits.validation}, test ${splits.test}`],
    ["families", corpus.families],
    ["with accuracy", `${corpus.with_accuracy} of ${corpus.entries}`],
    ["runs", runs.length === 0 ? null : runs.join(", ")],
    ["duplicates left out", report === null ? null : `${report.exact_duplicates} exact, ${report.near_duplicates} near (Jaccard of ${report.shingle_tokens}-token shingles >= ${report.near_jaccard})`],
  ]);
  const families = corpus.largest_families.filter(({ entries }) => entries > 1);
  if (families.length === 0) return facts;
  return `${facts}\n${toTable(families, [
    { title: "largest families", value: (one) => one.family },
    { title: "entries", value: (one) => one.entries, right: true },
    { title: "split", value: (one) => one.split },
  ])}`;
}

/** Counts, then the first of what was not accepted. */
export function toCheckText(check: CorpusCheckView, entries: number, shown: Record<"rejected" | "duplicate", readonly FindingRow[]>): string {
  const { accepted, duplicate, rejected } = check.counts;
  const facts = toFacts([
    ["check", check.task.id],
    ["source", check.source],
    ["recipe", check.recipe],
    ["base", check.base_version],
    ["entries", entries],
    ["accepted", accepted],
    ["duplicates", duplicate],
    ["rejected", rejected],
  ]);
  const tables = [toFindings("rejected", shown.rejected, rejected), toFindings("duplicate", shown.duplicate, duplicate)];
  return [facts, ...tables.filter((table) => table !== "")].join("\n");
}

function toFindings(title: string, rows: readonly FindingRow[], total: number): string {
  if (rows.length === 0) return "";
  const table = toTable(rows, [
    { title, value: (row) => row.locator },
    { title: "name", value: (row) => row.name },
    { title: "reason", value: (row) => row.reason },
  ]);
  return rows.length < total ? `${table}and ${total - rows.length} more: --json prints all\n` : table;
}
