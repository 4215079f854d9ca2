import type { HistogramBin } from "../../server/contract/statistics";
import type { CycleFigures } from "../../server/cycle/views";
import { formatJaccard } from "../ui/format";
import type { ChartText } from "./model";

export interface JaccardModel extends ChartText {
  bins: (HistogramBin & { novel: boolean })[];
  /** Valid programs whose nearest neighbour is not known: a bin of their own, never dropped. */
  unknown: number;
  threshold: number;
  most: number;
}

/** Nearest-neighbour similarity of one cycle's valid programs, with the line that separates novel from near-duplicate. */
export function prepareJaccard(cycle: CycleFigures, threshold: number, corpusVersion: string): JaccardModel {
  const decided = cycle.jaccard_histogram.reduce((sum, bin) => sum + bin.count, 0);
  const above = cycle.valid - cycle.jaccard_unknown - cycle.novel;
  return {
    bins: cycle.jaccard_histogram.map((bin) => ({ ...bin, novel: bin.high <= threshold + 1e-9 })),
    unknown: cycle.jaccard_unknown,
    threshold,
    most: Math.max(1, cycle.jaccard_unknown, ...cycle.jaccard_histogram.map((bin) => bin.count)),
    title:
      decided === 0
        ? `Cycle ${cycle.number}: similarity not decided yet`
        : above === 0
          ? `Cycle ${cycle.number}: no near-duplicate among ${decided} valid programs`
          : `Cycle ${cycle.number}: ${above} of ${decided} valid programs ${above === 1 ? "is a near-duplicate" : "are near-duplicates"}`,
    summary: `Jaccard similarity to the nearest earlier program (corpus ${corpusVersion} and all programs before), n = ${decided}, ${cycle.jaccard_unknown} undecided; novel below ${formatJaccard(threshold)}.`,
    table: {
      columns: ["Similarity", "Valid programs"],
      rows: [
        ...cycle.jaccard_histogram.map((bin) => [`${bin.low.toFixed(2)}–${bin.high.toFixed(2)}`, String(bin.count)]),
        ["not decided", String(cycle.jaccard_unknown)],
      ],
    },
  };
}
