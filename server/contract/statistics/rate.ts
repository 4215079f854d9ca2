import type { Difference, Rate } from "./figures";
import { z95 } from "./normal";

/**
 * Share of `n` cases that count, with Wilson's 95 % score interval; null for no cases.
 *
 * Formula without continuity correction: E. B. Wilson (1927), J. Am. Stat. Assoc. 22, 209-212; method 3 of
 * R. G. Newcombe (1998), Stat. Med. 17, 857-872. Throws RangeError unless 0 <= count <= n are integers.
 */
export function rate(count: number, n: number): Rate | null {
  if (!Number.isInteger(count) || !Number.isInteger(n) || count < 0 || count > n) {
    throw new RangeError(`${count} of ${n} is not a share`);
  }
  if (n === 0) return null;
  const value = count / n;
  const zz = z95 * z95;
  const middle = (count + zz / 2) / (n + zz);
  const half = (z95 * Math.sqrt(value * (1 - value) * n + zz / 4)) / (n + zz);
  // At the two ends the bound is exactly 0 or 1; rounding must not move it inside or outside.
  return {
    value,
    low: count === 0 ? 0 : middle - half,
    high: count === n ? 1 : middle + half,
    count,
    n,
  };
}

/**
 * `second - first` of two independent rates with Newcombe's hybrid score 95 % interval: method 10 of
 * R. G. Newcombe (1998), Stat. Med. 17, 873-890.
 */
export function rateDifference(first: Rate, second: Rate): Difference {
  const value = second.value - first.value;
  return {
    value,
    low: value - Math.hypot(second.value - second.low, first.high - first.value),
    high: value + Math.hypot(second.high - second.value, first.value - first.low),
  };
}
