import type { Mean, Rate } from "../contract/statistics/figures";

const percent = (share: number) => (100 * share).toFixed(1);

/** `73.2`, in percent; null for nothing. */
export const toPercent = (share: number | null | undefined): string | null => (share == null ? null : percent(share));

/** `75.0 [62.1, 84.5] n=48`: in percent with the 95 % interval and what it is of. */
export function toEstimate(figure: Rate | Mean | null): string | null {
  if (figure === null) return null;
  const interval = figure.low === null || figure.high === null ? "" : ` [${percent(figure.low)}, ${percent(figure.high)}]`;
  return `${percent(figure.value)}${interval} n=${figure.n}`;
}

export function toDuration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `12.1 MiB`. */
export function toBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  const unit = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${(bytes / 1024 ** unit).toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`;
}

export const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
