import type { HistogramBin } from "./figures";

/** Counts of values in [0, 1] in equal bins; a bin includes its lower edge, the last one also 1. */
export function unitHistogram(values: readonly number[], bins: number): HistogramBin[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) {
    // 0.85 * 20 is 17 exactly, 0.35 * 20 is 7 exactly, but 0.29 * 100 is below 29: an edge belongs to the bin it opens.
    const bin = Math.min(bins - 1, Math.floor(value * bins + 1e-9));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((count, bin) => ({ low: bin / bins, high: (bin + 1) / bins, count }));
}
