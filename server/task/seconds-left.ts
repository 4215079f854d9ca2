/** Fewer units than this say nothing about the rest. */
const minUnits = 10;

/** Two-sided 95 % of the normal distribution. */
const z = 1.96;

/** Even many units of equal size do not promise that the machine stays as fast as it was. */
const smallestSpread = 0.1;

export interface Pace {
  per_second: number | null;
  seconds_left: { low: number; high: number } | null;
}

/**
 * How fast a task is and how long the rest of it takes, from `done` units in `seconds`. Times of single units are taken
 * as independent and exponential, so the mean of n of them is known to 1.96 / sqrt(n) of itself.
 */
export function toPace(done: number, total: number | null, seconds: number): Pace {
  if (done < minUnits || seconds <= 0) return { per_second: null, seconds_left: null };
  const perSecond = done / seconds;
  if (total === null || total <= done) return { per_second: perSecond, seconds_left: null };
  const spread = Math.max(smallestSpread, z / Math.sqrt(done));
  const expected = (total - done) / perSecond;
  return { per_second: perSecond, seconds_left: { low: expected * (1 - spread), high: expected * (1 + spread) } };
}
