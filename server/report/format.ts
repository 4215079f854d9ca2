/** How a report writes figures: percentages with one decimal, their 95 % interval and n in brackets, a dash for nothing. */
import type { Difference, Mean, Rate } from "../contract/statistics";

export const nothing = "–";

const integers = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export const count = (value: number): string => integers.format(value);

/** `1 cycle`, `12 cycles`. */
export const plural = (value: number, one: string, many = `${one}s`): string => `${count(value)} ${value === 1 ? one : many}`;

/** `42.1 %`. */
export const percent = (share: number): string => `${toPercent(share)} %`;
const toPercent = (share: number): string => (100 * share).toFixed(1).replace("-", "−");

/** `88.8 % (84.1–92.2, n 240)`; a mean of one value has no interval. That of few values may begin below 0. */
export function tellEstimate(figure: Rate | Mean | null): string {
  if (figure === null) return nothing;
  const { value, low, high, n } = figure;
  const interval = low === null || high === null ? "" : `${toPercent(low)}${low < 0 ? " to " : "–"}${toPercent(high)}, `;
  return `${percent(value)} (${interval}n ${count(n)})`;
}

/** `+4.5 points (−2.0 to +11.0): inside the noise`. */
export function tellChange(difference: Difference | null): string {
  if (difference === null) return nothing;
  const { value, low, high } = difference;
  const word = low > 0 ? "rose" : high < 0 ? "fell" : "inside the noise";
  return `${toPoints(value)} points (${toPoints(low)} to ${toPoints(high)}): ${word}`;
}

/** A difference of shares times 100, always signed. */
export const toPoints = (difference: number): string => `${difference < 0 ? "−" : "+"}${toPercent(Math.abs(difference))}`;

/** `0.34 s`, `48 s`, `3 min 20 s`, `2 h 5 min`; a dash for nothing and for what is not finite. */
export function duration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return nothing;
  if (seconds < 10) return `${seconds.toFixed(seconds < 1 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 600) return join(Math.floor(whole / 60), "min", whole % 60, "s");
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : join(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

const join = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;

/** `2026-11-24 12:03 UTC`. */
export const moment = (iso: string | null): string => (iso === null ? nothing : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`);

/** A value of a configuration: text as it is, a list with commas, everything else as JSON. */
export function tellValue(value: unknown): string {
  if (typeof value === "string") return value === "" ? "(empty)" : value;
  return Array.isArray(value) ? value.map(tellValue).join(", ") : JSON.stringify(value);
}
