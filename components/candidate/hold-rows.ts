/**
 * The rows on screen with their newest values, and how many rows wait. A row that left the latest list (it no longer
 * matches, or was pushed to another page) stays as it was until the reader accepts the new list.
 */
export function holdRows<Row extends { id: string }>(held: readonly Row[], latest: readonly Row[]): { rows: Row[]; waiting: number } {
  const newest = new Map(latest.map((row) => [row.id, row]));
  const shown = new Set(held.map((row) => row.id));
  return {
    rows: held.map((row) => newest.get(row.id) ?? row),
    waiting: latest.filter((row) => !shown.has(row.id)).length,
  };
}
