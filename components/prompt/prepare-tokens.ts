import type { PromptPreview } from "../../server/contract/tasks";
import { formatCount, formatPercent, plural } from "../ui/format";

export type Token = PromptPreview["tokens"][number];

/** Characters of a token that are nothing on screen, as something that can be seen. */
const visible: Record<string, string> = { "\n": "⏎", "\t": "⇥", "\r": "␍", " ": "·", "\u00a0": "⍽" };

/** A token's text as it is shown: blanks that stand alone are made visible, others stay blanks. */
export function toShown(text: string): string {
  if (text === "") return "∅";
  if (/^\s+$/.test(text)) return [...text].map((character) => visible[character] ?? character).join("");
  return text.replaceAll("\n", "⏎").replaceAll("\t", "⇥");
}

/** How a token ends the line it stands in. */
export const breaksLine = (token: Token): boolean => token.text.endsWith("\n");

/** One token in words, with its number, text and id. */
export function describeToken(token: Token, place: number, count: number): string {
  const special = token.special ? ", written by the template or the tokenizer" : "";
  return `Token ${formatCount(place + 1)} of ${formatCount(count)}: ${JSON.stringify(token.text)}, id ${token.id}${special}`;
}

/** How much of the model's context the prompt takes. */
export function describeSize({ tokens, context_tokens: context }: PromptPreview): string {
  if (tokens.length === 0) return "A server does not show tokens: it fills the model's own chat format in itself.";
  const count = plural(tokens.length, "token");
  if (context === null) return `${count}. How long the model's context is, is not known.`;
  const left = context - tokens.length;
  if (left <= 0) return `${count}, and the model's context holds ${formatCount(context)}: nothing is left for a program.`;
  return `${count} of a context of ${formatCount(context)} (${formatPercent(tokens.length / context)}): ${formatCount(left)} are left for the program.`;
}
