/** Control characters but tab and line feed, and those that turn the direction of the text around them. */
const hidden = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Everything in a report that a model or a person wrote may hold characters that are not seen but change how the rest is
 * read, or are no text at all in a file: they are written as `\u{202e}`.
 */
export function makeVisible<Value>(value: Value): Value {
  return visit(value) as Value;
}

function visit(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("\r\n", "\n").replace(hidden, (one) => (one === "\n" || one === "\t" ? one : `\\u{${one.charCodeAt(0).toString(16)}}`));
  if (Array.isArray(value)) return value.map(visit);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, visit(part)]));
}
