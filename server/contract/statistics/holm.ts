/**
 * P-values of several tests, each as if it were the only one, adjusted so that calling those at or below 0.05 raises a false
 * alarm in at most 5 of 100 such families: S. Holm (1979), Scand. J. Stat. 6, 65-70. In the order given; any dependence.
 */
export function adjustHolm(values: readonly number[]): number[] {
  const order = values.map((_, at) => at).toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const adjusted = values.map(() => 1);
  let least = 0;
  for (const [rank, at] of order.entries()) {
    least = Math.max(least, Math.min(1, (values.length - rank) * (values[at] ?? 1)));
    adjusted[at] = least;
  }
  return adjusted;
}
