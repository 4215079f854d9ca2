export interface Column<Row> {
  title: string;
  /** Null is shown as `-`. */
  value: (row: Row) => string | number | null;
  /** Numbers stand right. */
  right?: boolean;
}

/** Rows under their titles, every column as wide as it needs, two spaces apart. */
export function toTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map((column) => String(column.value(row) ?? "-"))),
  ];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  const align = (text: string, at: number) =>
    columns[at]?.right === true ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0);
  return cells.map((line) => `${line.map(align).join("  ").trimEnd()}\n`).join("");
}

/** `label  value` lines; a null value leaves its line out. */
export function toFacts(facts: readonly (readonly [label: string, value: string | number | null])[]): string {
  const shown = facts.filter(([, value]) => value !== null);
  const width = Math.max(0, ...shown.map(([label]) => label.length));
  return shown.map(([label, value]) => `${label.padEnd(width)}  ${value}\n`).join("");
}
