/**
 * How figures are written, once: percentages with one decimal, Jaccard with three, a dash for "not applicable".
 * A rate is never written without its n by the components that use these.
 */
export const notApplicable = "–";

/** A figure and its unit are never torn apart at the end of a line. */
const gap = "\u00a0";

const integers = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export const formatCount = (value: number): string => integers.format(value);

/** A fraction 0-1 as percent, e.g. `0.4213` -> `42.1 %`. */
export function formatPercent(fraction: number | null | undefined, decimals = 1): string {
  return fraction === null || fraction === undefined ? notApplicable : `${(fraction * 100).toFixed(decimals)}${gap}%`;
}

/** The two ends of an interval of fractions, e.g. `31.0–54.2 %`. */
export const formatInterval = (low: number, high: number): string =>
  `${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)}${gap}%`;

/** A difference of fractions times 100, always signed: `+12.4`. */
export const formatSigned = (difference: number): string => `${difference < 0 ? "−" : "+"}${Math.abs(difference * 100).toFixed(1)}`;

/** The same with its unit: `+12.4 points`. */
export const formatPoints = (difference: number): string => `${formatSigned(difference)}${gap}points`;

export const formatJaccard = (value: number | null | undefined): string =>
  value === null || value === undefined ? notApplicable : value.toFixed(3);

/** `n` things in words: `1 candidate`, `12 candidates`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** Seconds as a person says them: `0.34 s`, `48 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatSeconds(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return notApplicable;
  if (seconds < 10) return `${seconds.toFixed(seconds < 1 ? 2 : 1)}${gap}s`;
  // Rounded first: 59.7 s are a minute, not 60 s.
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}${gap}s`;
  if (whole < 600) return join(Math.floor(whole / 60), "min", whole % 60, "s");
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes}${gap}min` : join(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

/** The same in whole seconds: for clocks and estimates, where tenths would only flicker. */
export function formatDuration(seconds: number | null | undefined): string {
  return seconds !== null && seconds !== undefined && seconds < 10 ? `${Math.round(seconds)}${gap}s` : formatSeconds(seconds);
}

const join = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large}${gap}${largeUnit}` : `${large}${gap}${largeUnit} ${small}${gap}${smallUnit}`;

/** Bytes in binary units. */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return notApplicable;
  const units = ["B", "KiB", "MiB", "GiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)}${gap}${units[unit]}`;
}
