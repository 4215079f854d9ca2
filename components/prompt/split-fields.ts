import { promptFields } from "../../server/contract/prompts";

export interface TextPart {
  text: string;
  /** A field that is filled in, something in its form that is none, or the text between them. */
  kind: "text" | "field" | "unknown";
}

/** A template's text in parts, in order; together they are the text. */
export function splitFields(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index), kind: "text" });
    parts.push({ text: match[0], kind: Object.hasOwn(promptFields, match[1] ?? "") ? "field" : "unknown" });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), kind: "text" });
  return parts;
}

/** Offset of a 1-based line and column. */
export function toOffset(text: string, line: number, column: number): number {
  const before = text.split("\n").slice(0, line - 1);
  return before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
}
