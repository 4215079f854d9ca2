/** ISO 8601 in UTC of a time as drizzle (Date) or a hand-written query (PostgreSQL's text) gives it. */
export function toIso(time: Date | string): string {
  return new Date(time).toISOString();
}

export const toIsoOrNull = (time: Date | string | null): string | null => (time === null ? null : toIso(time));

export function secondsBetween(from: Date | string, to: Date | string): number {
  return (new Date(to).getTime() - new Date(from).getTime()) / 1_000;
}
