import type { Difference, Mean } from "./figures";
import { t95 } from "./student-t";

/**
 * Mean with Student's t 95 % interval; null for no values, no interval for one value. The interval is not cut at 0 and 1:
 * what it says is about the mean of normal values, and a cut would hide how little a few values say.
 */
export function mean(values: readonly number[]): Mean | null {
  const n = values.length;
  if (n === 0) return null;
  const value = average(values);
  if (n === 1) return { value, low: null, high: null, n };
  const half = t95(n - 1) * Math.sqrt(variance(values) / n);
  return { value, low: value - half, high: value + half, n };
}

/**
 * `second - first` of two means with Welch's 95 % interval, which does not suppose equal variances; null unless each
 * has two values. B. L. Welch (1947), Biometrika 34, 28-35, with the Welch-Satterthwaite degrees of freedom.
 */
export function meanDifference(first: readonly number[], second: readonly number[]): Difference | null {
  if (first.length < 2 || second.length < 2) return null;
  const value = average(second) - average(first);
  const a = variance(first) / first.length;
  const b = variance(second) / second.length;
  if (a + b === 0) return { value, low: value, high: value };
  const degrees = (a + b) ** 2 / (a ** 2 / (first.length - 1) + b ** 2 / (second.length - 1));
  const half = t95(degrees) * Math.sqrt(a + b);
  return { value, low: value - half, high: value + half };
}

/** Arithmetic mean of at least one value. */
export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample variance (divisor n - 1) of at least two values. */
export function variance(values: readonly number[]): number {
  const middle = average(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}
