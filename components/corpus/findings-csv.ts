import type { FindingRow } from "../../server/corpus/views";

/** A check's findings as RFC 4180 has them, for a spreadsheet. */
export function toFindingsCsv(rows: readonly FindingRow[]): string {
  const lines = [
    ["position", "where", "name", "verdict", "reason"],
    ...rows.map(({ position, locator, name, verdict, reason }) => [String(position), locator, name ?? "", verdict, reason ?? ""]),
  ];
  return lines.map((cells) => `${cells.map(toCell).join(",")}\r\n`).join("");
}

/** Names come from strangers' files: a spreadsheet must not take one for a formula. */
function toCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
