import type { RunConfig } from "../../server/contract/run-config";
import type { HistogramBin } from "../../server/contract/statistics";
import type { NoveltyTests } from "../../server/contract/words";
import type { CycleFigures } from "../../server/cycle/views";
import { noveltyTestsLabels } from "../run/labels";
import { formatJaccard } from "../ui/format";
import type { ChartText } from "./model";

export interface JaccardModel extends ChartText {
  bins: (HistogramBin & { below: boolean })[];
  /** Valid programs whose nearest neighbour is not known: a bin of their own, never dropped. */
  unknown: number;
  threshold: number;
  most: number;
}

/** Nearest-neighbour similarity of one cycle's valid programs, with the line at the threshold of the text. */
export function prepareJaccard(cycle: CycleFigures, { novelty, corpus_version: corpus }: RunConfig): JaccardModel {
  const { threshold, tests } = novelty;
  const measured = cycle.jaccard_histogram.reduce((sum, bin) => sum + bin.count, 0);
  return {
    bins: cycle.jaccard_histogram.map((bin) => ({ ...bin, below: bin.high <= threshold + 1e-9 })),
    unknown: cycle.jaccard_unknown,
    threshold,
    most: Math.max(1, cycle.jaccard_unknown, ...cycle.jaccard_histogram.map((bin) => bin.count)),
    title: `Cycle ${cycle.number}: ${toFinding(cycle, tests)}`,
    summary: `Jaccard similarity to the nearest earlier program (corpus ${corpus} and all programs before), n = ${measured}, ${cycle.jaccard_unknown} undecided; ${toRule(tests, threshold)}.`,
    table: {
      columns: ["Similarity", "Valid programs"],
      rows: [
        ...cycle.jaccard_histogram.map((bin) => [`${bin.low.toFixed(2)}–${bin.high.toFixed(2)}`, String(bin.count)]),
        ["not decided", String(cycle.jaccard_unknown)],
      ],
    },
  };
}

function toFinding({ novelty_rate: rate }: CycleFigures, tests: NoveltyTests): string {
  if (rate === null) return "novelty not decided yet";
  const copies = rate.n - rate.count;
  const by = `by ${noveltyTestsLabels[tests]}`;
  if (copies === 0) return `no copy ${by} among ${rate.n} valid programs`;
  return `${copies} of ${rate.n} valid programs ${copies === 1 ? "is a copy" : "are copies"} ${by}`;
}

function toRule(tests: NoveltyTests, threshold: number): string {
  switch (tests) {
    case "text":
      return `novel below ${formatJaccard(threshold)}`;
    case "structure":
      return "what is novel is decided by the traced structure alone, not by this";
    case "text_and_structure":
      return `novel below ${formatJaccard(threshold)} unless the traced structure is known`;
  }
}
