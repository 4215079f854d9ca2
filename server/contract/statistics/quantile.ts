/**
 * Quantile of unsorted values, linear between order statistics: type 7 of R. J. Hyndman & Y. Fan (1996), Am. Stat. 50,
 * 361-365, the default of NumPy and R. Null for no values. Throws RangeError unless 0 <= share <= 1.
 */
export function quantile(values: readonly number[], share: number): number | null {
  return quantileOfSorted(values.toSorted((a, b) => a - b), share);
}

/** The same for values in ascending order. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number | null {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`${share} is not a share`);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) return null;
  return below + (above - below) * (position - Math.floor(position));
}
