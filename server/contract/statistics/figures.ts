/** Shapes that the statistics return, the same in memory, on the wire and in exports. */

/** A share of `n` cases with its 95 % interval. Never made of zero cases: that is null. */
export interface Rate {
  value: number;
  low: number;
  high: number;
  /** Cases that count. */
  count: number;
  /** Cases there are. */
  n: number;
}

/** A mean of `n` values with its 95 % interval; one value alone has no interval. Never made of zero values: that is null. */
export interface Mean {
  value: number;
  low: number | null;
  high: number | null;
  n: number;
}

/** A difference (second minus first) with its 95 % interval. */
export interface Difference {
  value: number;
  low: number;
  high: number;
}

export interface Quantiles {
  p10: number;
  p25: number;
  p50: number;
  p75: number;
  p90: number;
}

export interface HistogramBin {
  low: number;
  high: number;
  count: number;
}
